"""A month as an office assesses it, from outside: the measure is loaded, points are registered and explained, the units
check their figures, one objects, the head signs, everybody gets the bulletin, and what comes late goes to the next."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.outbox import Sending
from tests.peers.onebot import ANSWER_LOST, Script
from tests.peers.process import CliResult

from .assessment_evidence import (
    check_list,
    check_picture,
    frozen_hash,
    list_of,
    parts_seen,
    rows_of_board,
    rows_of_docx,
)
from .assessment_measures import MEASURE, MILDER, WRONG, Wrong
from .assessment_office import AFTER_CHECKING, FIRST_WORKING_DAY, Assessment, town_of
from .evidence import until
from .roster import OFFICE_GROUP, SUBMIT_GROUP, account
from .town import Town

pytestmark = pytest.mark.blackbox

NUMBER = "云政办通报〔2026〕1号"
FULL_NAMES = {
    "云山县": "云山县人民政府",
    "清河区": "清河区人民政府",
    "市发改委": "市发展和改革委员会",
    "市文旅局": "市文化和旅游局",
}
CHATS = {
    "全市政务信息群": f"g:{SUBMIT_GROUP}",
    "云山县 李副": f"p:{account('李副')}",
    "市府办 郑保密": f"p:{account('郑保密')}",
    "市府办 周科长": f"p:{account('周科长')}",
    "市府办 吴科员": f"p:{account('吴科员')}",
}
REFUSED = Script(carried_out=False, retcode=1404)


async def test_a_measure_that_cannot_work_is_refused_with_its_line_and_the_mend(
    tmp_path: Path, november_city: Path
) -> None:
    town = town_of(tmp_path, november_city)
    _put_each_above_the_other(town, "云山县人民政府", "清河区人民政府")
    async with town.bot:
        office = Assessment(town, town.peer())
        assert (await office.measure("measure", "load", text=MEASURE)).status == 0
        found = await asyncio.gather(
            *(office.measure("measure", "load", text=one.text, name=one.name) for one in WRONG)
        )
    for wrong, result in zip(WRONG, found, strict=True):
        check_refusal(wrong, result)
    assert town.evidence().one("SELECT COUNT(*) FROM measure_version") == 1


def _put_each_above_the_other(town: Town, *names: str) -> None:
    """What a roster's import never does; a hand in the database may."""
    with closing(sqlite3.connect(town.database)) as db, db:
        for own, other in (names, names[::-1]):
            db.execute("UPDATE unit SET parent_id = (SELECT id FROM unit WHERE name = ?) WHERE name = ?", (other, own))


def check_refusal(wrong: Wrong, found: CliResult) -> None:
    assert found.status == 1, found
    [line] = [line for line in found.err.splitlines() if "改法：" in line]
    assert f"第{wrong.line}行" in line
    assert wrong.said in line
    assert wrong.mend in line.partition("改法：")[2]


async def test_a_month_from_its_measure_to_its_bulletin_and_what_comes_late(
    tmp_path: Path, november_city: Path
) -> None:
    town = town_of(tmp_path, november_city)
    async with town.open() as peer:
        office = Assessment(town, peer)
        await the_measure_holds_without_a_restart(office)
        await reporters_send_and_the_desk_registers(office)
        await every_point_is_explained(office)
        await a_draft_of_a_measure_is_tried(office)
        await office.goes_on_at(FIRST_WORKING_DAY)
        await every_unit_reads_its_own_figures_alone(office)
        await nothing_is_signed_before_all_is_settled(office)
        await a_unit_objects_and_a_correction_is_approved(office)
        await office.goes_on_at(AFTER_CHECKING)
        await the_head_signs_while_the_wire_has_faults(office)
        await the_list_tells_who_got_what(office)
        await the_documents_say_what_the_board_says(office)
        await documents_drawn_again_are_the_same_bytes(office)
        await a_late_adoption_goes_to_the_next_month(office)
        assert await town.bot.terminate() == 0
    town.evidence().check_laws()
    assert "Traceback" not in town.bot.log_text()


async def the_measure_holds_without_a_restart(office: Assessment) -> None:
    wrong = await office.measure("measure", "load", text=MEASURE.replace("MRYQ", "MRYX"))
    assert (wrong.status, "没有加载。" in wrong.err) == (1, True)
    loaded = await office.measure("measure", "load", text=MEASURE)
    assert (loaded.status, "已加载，不用重新启动。" in loaded.out) == (0, True)
    assert "没有报送的扣2分" in await office.says("张三", "/规则 第三条")


async def reporters_send_and_the_desk_registers(office: Assessment) -> None:
    for who, title in (
        ("张三", "云山县秋粮收购进度过半"),
        ("张三", "云山县冬修水利全面开工"),
        ("王五", "清河区完成供暖检修"),
        ("赵六", "重点项目开工率达九成"),
    ):
        assert f"《{title}》" in await office.says(who, f"/报送 {title}\n{title}的正文。", SUBMIT_GROUP)
    assert "云山县 +3 分（第四条）" in await office.says("周科长", "/采用 1 每日要情 128 单条")
    assert "云山县 +10 分（第六条）" in await office.says("周科长", "/批示 1 市级")
    assert "清河区 +2 分（第五条）" in await office.says("吴科员", "/上报 3 省", OFFICE_GROUP)
    adopted = await office.says("吴科员", "/采用 3 省政府每日要情 30 11-20", OFFICE_GROUP)
    assert "上级计分尚未登记" in adopted
    assert "清河区 +2 分（第七条）" in await office.says("吴科员", "/记事 清河区 培训 11-20")
    assert "登记了清河区 培训（11-20）" in await office.told("王五", "培训")


async def every_point_is_explained(office: Assessment) -> None:
    said = await office.says("张三", "/得分明细")
    assert said.startswith("云山县 2026年11月得分14分，县（市、区）第1名\n报送分 1分（2笔）\n采用分 3分（1笔）")
    line = "《每日要情》第128期单条采用 +3分（第四条，周科长）"
    assert line in await office.says("吴科员", "/得分明细 云山县 采用分")
    assert "等上级分值1笔，暂计0分" in await office.says("王五", "/得分明细")
    assert "没有“查看其他单位得分明细”的权限" in await office.says("张三", "/得分明细 清河区")


async def a_draft_of_a_measure_is_tried(office: Assessment) -> None:
    tried = await office.measure("whatif", "--period", "2026-11", text=MILDER, name="草案")
    assert tried.status == 0, tried.err
    [line] = [line for line in tried.out.splitlines() if "云山县" in line]
    assert line.split() == ["1", "1", "—", "云山县", "5", "14", "-9"]
    assert "得分14分" in await office.says("张三", "/得分明细"), "a trial changes nothing"


async def every_unit_reads_its_own_figures_alone(office: Assessment) -> None:
    for who, own in (
        ("张三", "云山县：14分，县（市、区）第1名，共2个单位"),
        ("王五", "清河区：4.5分，县（市、区）第2名，共2个单位"),
        ("赵六", "市发改委：0.5分，重点部门第1名"),
        ("孙七", "市文旅局：-2分"),
    ):
        shown = await office.told(who, "【得分核对】2026年11月")
        assert own in shown
        assert "12月3日(周四) 17:30前" in shown
        assert not [name for name in FULL_NAMES if name in shown and name not in own], "others are not named"
    assert "11月报送0条，任务1条，扣2分" in await office.says("孙七", "/得分明细 11月 任务分")


async def nothing_is_signed_before_all_is_settled(office: Assessment) -> None:
    drafted = await office.told("周科长", "【通报草稿】2026年11月")
    assert "未报送1个：市文旅局" in drafted
    assert "上级分值未定1笔" in drafted
    await until(lambda: len(office.received("周科长")) == 2)
    refused = await office.says("周科长", "/通报 签发 11月")
    assert "2026-0003《清河区完成供暖检修》清河区《省政府每日要情》第30期" in refused
    assert "清河区 +8 分（第四条）" in await office.says("吴科员", "/外部分 3 省政府每日要情 8分")
    assert "核对期到12月3日(周四) 17:30为止" in await office.says("周科长", "/通报 签发 11月")
    assert "没有“/通报 签发”的权限" in await office.says("吴科员", "/通报 签发 11月")


async def a_unit_objects_and_a_correction_is_approved(office: Assessment) -> None:
    raised = await office.says("张三", "/申诉 2 每日要情129期简讯采用了，没有计分")
    assert raised.startswith("申诉1已收到（2026年11月 2026-0002）")
    assert "没有计分" in await office.told("周科长", "【申诉1】云山县 张三")
    assert "云山县的得分还没有改" in await office.says("吴科员", "/申诉 1 成立")
    assert "第1项 补登" in await office.says("吴科员", "/更正 补登 2 每日要情 129 简讯 11-20")
    assert "云山县 14→15分（+1），第1名，采1→2条" in await office.says("吴科员", "/更正 预览")
    assert "吴科员拟的" in await office.told("周科长", "【更正待批准】")
    assert "得分14分" in await office.says("张三", "/得分明细 11月"), "a preview changes nothing"
    assert "更正1已批准，入账1笔" in await office.says("周科长", "/更正 批准")
    assert "云山县：成立" in await office.says("吴科员", "/申诉 1 成立 更正1 已补登")
    answered = await office.told("张三", "申诉1（2026年11月 2026-0002）的答复：成立。")
    assert "+1分（第四条）《每日要情》第129期简讯采用" in answered


async def the_head_signs_while_the_wire_has_faults(office: Assessment) -> None:
    await office.told("周科长", "【通报】2026年11月核对期已过，可以签发了")
    office.peer.faults.next("send_group_msg", ANSWER_LOST)
    office.peer.faults.next("upload_private_file", REFUSED)
    signed = await office.says("周科长", "/通报 签发 11月")
    assert f"2026年11月通报已签发：{NUMBER}" in signed
    assert "请另送：何市长" in signed
    assert "周科长已签发" in await office.says("周科长", "/通报 签发 11月")


async def the_list_tells_who_got_what(office: Assessment) -> None:
    await until(lambda: not _waiting(office), seconds=30)
    lines = list_of(await _list(office))
    ended = check_list(lines, CHATS, parts_seen(office.peer.heard))
    assert ended["没有送达"] == 2, "何市长, and the file the platform refused"
    assert len(lines) == ended.total() == 18
    [refused] = [line for line in lines if line.state == "没有送达" and line.name in CHATS]
    assert refused.name.partition(" ")[2] in await office.says("吴科员", "/通报 送达")
    for png in office.pictures():
        check_picture(png)
    assert len(office.pictures()) == 4
    await _is_sent_again(office, refused.name)


async def _is_sent_again(office: Assessment, name: str) -> None:
    """Whoever did not get a part is sent it once more, and nobody else."""
    since = office.peer.mark()
    await office.says("吴科员", f"/通报 重发 {name.partition(' ')[2]}")
    await until(lambda: not _waiting(office), seconds=20)
    again = parts_seen(office.peer.heard[since:])
    assert {chat for chat, _ in again} == {CHATS[name]}
    assert {line.state for line in list_of(await _list(office)) if line.name == name} == {"已送达"}


def _waiting(office: Assessment) -> bool:
    return bool(office.town.evidence().outbox().keys() & {Sending.PENDING, Sending.SENDING})


async def _list(office: Assessment) -> bytes:
    since = office.peer.mark()
    await office.says("吴科员", "/通报 送达 11月 表格")
    heard = await office.peer.wait_for(lambda one: "2026年11月通报送达情况.xlsx" in one.files, since=since)
    return heard.files["2026年11月通报送达情况.xlsx"]


async def the_documents_say_what_the_board_says(office: Assessment) -> None:
    board = rows_of_board(await office.says("吴科员", "/排名 11月"))
    assert board == {
        ("云山县", "2", "2", "15"), ("清河区", "1", "1", "12.5"), ("市发改委", "1", "0", "0.5"),
        ("市文旅局", "0", "0", "-2"),
    }  # fmt: skip
    word = office.received("吴科员")["2026年11月政务信息通报.docx"]
    assert rows_of_docx(word) == {(FULL_NAMES[name], *figures) for name, *figures in board}
    [told] = [heard.text for heard in office.peer.heard if heard.chat == "group" and NUMBER in heard.text]
    assert "共收到各单位报送信息4条，采用3条，采用率75.0%" in told
    assert office.received("李副")["2026年11月政务信息通报.pdf"].startswith(b"%PDF-")


async def documents_drawn_again_are_the_same_bytes(office: Assessment) -> None:
    endings, folder = ("docx", "pdf", "xlsx"), office.town.folder
    options = [word for one in endings for word in (f"--{one}", str(folder / f"again.{one}"))]
    options += ["--png", str(folder / "again.png"), "--board", "重点部门", "--trend", str(folder / "trend.png")]
    drawn = await office.town.cli("bulletin", "draw", "--period", "2026-11", *options)
    assert drawn.status == 0, drawn.err
    got = office.received("吴科员")
    for one in endings:
        assert (folder / f"again.{one}").read_bytes() == got[f"2026年11月政务信息通报.{one}"]
    _, second, _, trend = office.pictures()
    assert (folder / "again.png").read_bytes() == second
    assert (folder / "trend.png").read_bytes() == trend


async def a_late_adoption_goes_to_the_next_month(office: Assessment) -> None:
    kept, board = frozen_hash(office.town.evidence()), rows_of_board(await office.says("吴科员", "/排名 11月"))
    assert "市发改委 +3 分" in await office.says("吴科员", "/采用 4 每日要情 131 单条 11-28")
    assert "补计11月：《每日要情》第131期单条采用 +3分" in await office.says("赵六", "/得分明细 12月 采用分")
    assert rows_of_board(await office.says("吴科员", "/排名 11月")) == board
    assert frozen_hash(office.town.evidence()) == kept
