"""Who reads what of a bulletin: the settings choose the audience, and whether anybody is ranked."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.office import SAMPLES, build_office, fonts_folder
from bot.settings import Bulletin, OfficeSection, Settings, SettingsFault, load
from domain.speech import Outgoing
from storage.engine import Tx
from tests.plugins.bulletin_stories import NUMBERED, at, december, files_of, november, of_november, queued, texts_of
from tests.support.stage import GROUP, Heard, Stage, staged

RANKED = re.compile(r"第\d+名|排名|\d+[.．] ?(云山县|清河区)")


async def signed(stage: Stage) -> list[Heard]:
    """Everything everybody heard from the first working day to the signature."""
    heard = await at(stage, december(1))
    heard += await at(stage, december(4))
    return heard + await stage.say("周科长", "/通报 签发")


def with_settings(**said: object) -> Bulletin:
    return NUMBERED.model_copy(update=said)


async def test_in_private_every_unit_reads_its_own_line_and_no_other(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(audience="unit")) as stage:
        await at(stage, december(1))
        await at(stage, december(4))
        heard = await stage.say("周科长", "/通报 签发")
        assert texts_of(heard, "张三") == [
            "【通报】2026年11月政务信息\n"
            "云山县：报送1条，采用1条，30.5分\n"
            "县（市、区）第1名，共2个单位\n"
            "全年累计：报送1条，采用1条，30.5分\n"
            "逐笔明细请发“/我的得分 11月”；有疑问请发“/申诉 11月 理由”。"
        ]
        assert texts_of(heard, "李副") == texts_of(heard, "钱八") == texts_of(heard, "张三")
        assert "清河区" not in texts_of(heard, "张三")[0]
        assert texts_of(heard, "王五")[0].startswith("【通报】2026年11月政务信息\n清河区：报送1条，采用0条，0.5分")
        assert files_of(stage, "李副") == []
        assert not [one for one in heard if one.to == GROUP]
        assert "发给：单位6人、信息科2人" in texts_of(heard, "周科长")[-1]


async def test_as_a_document_it_goes_to_leaders_and_the_office_alone(tmp_path: Path) -> None:
    wishes = with_settings(audience="document", unit_leaders=False, leaders=["郑保密", "钱市长"])
    async with november(tmp_path, wishes) as stage:
        await at(stage, december(1))
        await at(stage, december(4))
        heard = await stage.say("周科长", "/通报 签发")
        assert {one.to for one in heard} == {"周科长", "吴科员", "郑保密"}
        assert files_of(stage, "郑保密") == ["2026年11月政务信息通报.pdf"]
        assert "没有账号、请另送：钱市长（名册里没有）" in texts_of(heard, "周科长")[-1]


async def test_who_is_on_the_leaders_list_and_told_anyway_is_told_and_counted_once(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(leaders=["李副", "周科长", "郑保密", "钱市长"])) as stage:
        await at(stage, december(1))
        await at(stage, december(4))
        heard = await stage.say("周科长", "/通报 签发")
        assert "发给：工作群1个、分管领导1人、领导名单1人、信息科2人\n" in texts_of(heard, "周科长")[-1]
        assert len([one for one in texts_of(heard, "周科长") if "现予通报" in one]) == 1
        assert files_of(stage, "李副") == ["2026年11月政务信息通报.pdf"]
        found = texts_of(await stage.say("吴科员", "/通报 送达"), "吴科员")[-1]
        assert "领导名单2人：已送达1，没有送达1\n" in found
        assert "没有送达：钱市长（名册里没有）\n" in found


async def test_where_ranks_are_hidden_nobody_reads_one_anywhere(tmp_path: Path) -> None:
    for audience in ("group", "unit"):
        (tmp_path / audience).mkdir()
        async with november(tmp_path / audience, with_settings(hide_ranks=True, audience=audience)) as stage:
            heard = await signed(stage)
            assert [one.text for one in heard if RANKED.search(one.text)] == []
            assert not any("表扬" in one.text for one in heard)
            for to, message in stage.channel.sent:
                if to == "周科长" and message.file_name.endswith((".docx", ".xlsx")):
                    assert "排名" not in words_of(message), message.file_name


def words_of(message: Outgoing) -> str:
    """All text of a .docx or the cells of an .xlsx."""
    content = io.BytesIO(base64.b64decode(message.file_base64))
    if message.file_name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(content)
        rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
        return "\n".join(str(cell) for row in rows for cell in row if "试算" not in str(cell))
    with zipfile.ZipFile(content) as package:
        return re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())


async def test_where_ranks_are_hidden_a_unit_asks_for_its_points_alone(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(hide_ranks=True)) as stage:
        assert texts_of(await stage.say("张三", "/排名"), "张三") == ["不公布名次。看本单位的得分请发“/我的得分”。"]
        (said,) = texts_of(await stage.say("张三", "/我的得分"), "张三")
        assert "得分30.5分（县（市、区））" in said
        (why,) = texts_of(await stage.say("张三", "/得分明细"), "张三")
        assert not RANKED.search(said + why)
        assert "云山县" in texts_of(await stage.say("周科长", "/排名"), "周科长")[0]


async def test_the_quick_look_is_left_out_where_ranks_may_not_be_read(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(audience="unit")) as stage:
        assert not [one for one in await at(stage, december(1)) if one.to == GROUP]


async def test_without_a_time_to_check_it_can_be_signed_at_once(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(objection_days=0)) as stage:
        heard = await at(stage, december(1))
        assert not any("【得分核对】" in one.text for one in heard)
        heard = await stage.say("周科长", "/通报 签发")
        assert "已签发：云政办通报〔2026〕1号" in texts_of(heard, "周科长")[-1]


def on_official_qq(tx: Tx) -> None:
    """There is a second group and a leader on the platform that takes no files from a bot."""
    tx.run(
        "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from)"
        " VALUES ('qq', 'G1', '官方机器人群', '报送', '2026-01-01')"
    )
    tx.run("UPDATE account SET platform = 'qq' WHERE account = '20002'")
    tx.touch("roster")


async def test_where_no_file_can_be_sent_the_board_comes_in_words(tmp_path: Path) -> None:
    async with november(tmp_path) as stage:
        await stage.store.run(on_official_qq)
        heard = await signed(stage)
        assert "发给：工作群2个、分管领导1人、信息科2人" in texts_of(heard, "周科长")[-1]
        sent = [(to, m) for to, m in await stage.store.read(queued, "qq") if to in ("g:G1", "p:20002")]
        assert not any(message.drawn for _, message in sent)
        words = [message.text for to, message in sent if to == "g:G1" and "云山县" in message.text]
        assert words[-1] == (
            "【县（市、区）】\n1. 云山县 30.5分，报1采1\n2. 清河区 0.5分，报1采0\n\n"
            "【重点部门】\n1. 市发改委 0分，报0采0\n\n【一般部门】\n1. 市文旅局 0分，报0采0"
        )
        assert [m.text for to, m in sent if to == "p:20002"][-1] == words[-1]


async def test_instructions_and_journals_may_only_be_counted(tmp_path: Path) -> None:
    """`[report_only]` is of the measure; the bulletin then shows the counts and no points for them."""
    sample = (SAMPLES / "measure-sample.toml").read_text("utf-8")
    text = sample.replace("instruction = false\nlevels = []", 'instruction = true\nlevels = ["province"]')
    assert text != sample
    (tmp_path / "measure.toml").write_text(text, "utf-8")
    office = OfficeSection(measures=["measure.toml"])
    settings = Settings(bulletin=with_settings(audience="unit"), office=office, folder=tmp_path)
    async with staged(tmp_path, settings=settings) as stage:
        await of_november(stage)
        heard = await signed(stage)
        assert "云山县：报送1条，采用1条，0.5分" in texts_of(heard, "张三")[-1]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"number": "通报1号"}, "bulletin.number"),
        ({"groups": ["200001"]}, "bulletin.groups"),
        ({"layout": "nonsense"}, "bulletin.layout: found nonsense; 没有找到表格式样“nonsense”。现有："),
        ({"template": "none.docx"}, "bulletin.template: found none.docx; No such file"),
        ({"fonts_dir": "none"}, "bulletin.fonts_dir: found none; allowed: a folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(said: dict[str, object], found: str, tmp_path: Path) -> None:
    written = "\n".join(f"{key} = {value!r}" for key, value in said.items())
    (tmp_path / "config.toml").write_text(f"[bulletin]\n{written}\n", "utf-8")

    def start() -> None:
        settings = load(tmp_path / "config.toml", {})
        build_office(settings)
        fonts_folder(settings)

    with pytest.raises(SettingsFault) as fault:
        start()
    assert found in str(fault.value)


async def test_a_draft_that_is_signed_before_anybody_was_sent_it_is_not_sent_any_more(tmp_path: Path) -> None:
    async with november(tmp_path, with_settings(objection_days=0)) as stage:
        assert texts_of(await at(stage, december(1, "12:10")), "周科长") == []
        await stage.say("周科长", "/通报 签发 11月")
        heard = await at(stage, december(1, "14:30"))
        assert not any("草稿" in one.text for one in heard)
        assert files_of(stage, "周科长") == [f"2026年11月政务信息通报.{ending}" for ending in ("docx", "pdf", "xlsx")]
