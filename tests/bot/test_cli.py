"""The command line, with the bot stopped and with the bot running."""

from __future__ import annotations

import asyncio
import json
import re
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot import control
from bot.cli import main
from bot.cli.kit import Kit
from bot.cli.tools import make_parser, perform, tools
from bot.control import Control, ControlFault, Request, Response, ask, socket_path
from bot.office import build_office
from bot.settings import load
from services.roster_sheet import COLUMNS, Table, read_sheets, write_workbook
from storage import roster
from storage.engine import Tx
from storage.sqlite import SQLiteStore
from tests.support import city
from tests.support.stage import HandClock

ROOT = Path(__file__).resolve().parent.parent.parent

ROSTER = [
    Table("单位", COLUMNS["单位"], [["云山县", "", "县区", "县（市、区）", "", ""]]),
    Table("人员", COLUMNS["人员"], [["张三", "云山县", "信息员", 13800000001, "办公室"]]),
    Table("账号", COLUMNS["账号"], [["张三", "云山县", "QQ", 20001]]),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office's folder: its settings, its roster."""
    (tmp_path / "config.toml").write_text('[storage]\nurl = "sqlite:data/office.db"\n', "utf-8")
    (tmp_path / "名册.xlsx").write_bytes(write_workbook(ROSTER))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@asynccontextmanager
async def running_bot(folder: Path) -> AsyncIterator[Kit]:
    """What matters of a running bot here: it owns the database and listens on the control socket."""
    settings = load(folder / "config.toml", {})
    store = SQLiteStore(settings.path("data/office.db"))
    await store.open()
    kit = Kit(settings, store, HandClock(), build_office(settings))
    listening = Control(socket_path(settings), partial(perform, kit))
    await listening.start()
    try:
        yield kit
    finally:
        await listening.close()
        await store.close()


async def cli(*argv: str) -> tuple[int, str, str]:
    """Run the real program beside this one."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *argv, env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = await program.communicate()
    return program.returncode or 0, out.decode(), err.decode()


def test_an_import_is_a_trial_until_it_is_applied(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "名册.xlsx"]) == 0
    said = capsys.readouterr().out
    assert "第 2 行 新增 张三（云山县）：信息员" in said
    assert "什么都没有写入" in said
    assert main(["import", "名册.xlsx", "--apply"]) == 0
    assert "已写入" in capsys.readouterr().out
    assert main(["import", "名册.xlsx"]) == 0
    assert "人员：新增 0，修改 0，停用 0，不变 1\n" in (said := capsys.readouterr().out)
    assert "没有要改的" in said


def test_what_is_exported_has_the_shape_of_what_is_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "名册.xlsx", "--apply"])
    assert main(["export", "roster", "备份.xlsx", "--config", str(folder / "config.toml")]) == 0
    sheets = read_sheets({"备份.xlsx": Path("备份.xlsx").read_bytes()})
    assert sheets.of("人员")[0]["姓名"] == "张三"
    assert sheets.of("人员")[0]["科室"] == "办公室"
    assert main(["import", "备份.xlsx", "--full"]) == 0
    assert "没有要改的" in capsys.readouterr().out


def test_the_first_person_of_an_office_gets_a_code_from_the_operator(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "名册.xlsx", "--apply"])
    capsys.readouterr()
    assert main(["code", "张三"]) == 0
    assert re.search(r"张三的绑定码：[0-9A-Z]{4}-[0-9A-Z]{4}（7天内有效", capsys.readouterr().out)
    assert main(["code", "李四"]) == 1
    assert "没有找到" in capsys.readouterr().err


def test_without_a_configuration_the_tools_work_on_the_practice_city(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["jobs"]) == 0
    assert (tmp_path / "data" / "practice.db").exists()
    assert "scoreboard" in capsys.readouterr().out


def test_a_folder_of_csv_can_be_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "名册").mkdir()
    (folder / "名册" / "单位.csv").write_bytes("名称,类型\n云山县,县区\n".encode("gb18030"))
    assert main(["import", "名册"]) == 0
    assert "新增 云山县" in capsys.readouterr().out


def test_a_file_with_faults_is_refused_with_their_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "坏.xlsx").write_bytes(
        write_workbook([Table("单位", COLUMNS["单位"], [["云山县", "", "县城", "", "", ""]])])
    )
    for apply in ([], ["--apply"]):
        assert main(["import", "坏.xlsx", *apply]) == 1
        assert "单位!C2：类型“县城”不认识" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["import", "没有.xlsx"], "没有.xlsx: No such file"),
        (["import"], "FILE.xlsx|FOLDER"),
        (["frobnicate"], "invalid choice"),
        (["export", "items", "a.xlsx", "--config", "nowhere.toml"], "nowhere.toml"),
        (["import", "data"], "data: no .csv files"),
    ],
)
def test_a_command_that_cannot_be_understood_ends_with_two_and_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    (folder / "data").mkdir()
    assert main(argv) == 2
    assert words in capsys.readouterr().err


def test_a_period_that_does_not_exist_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "ledger", "a.xlsx", "--period", "十三月"]) == 1
    assert "可以写：本月" in capsys.readouterr().err
    assert not Path("a.xlsx").exists()


async def test_a_command_works_while_the_bot_runs_and_the_bot_sees_the_change(folder: Path) -> None:
    async with running_bot(folder) as bot:
        seen: list[object] = []
        bot.store.listen("roster", seen.append)
        code, out, err = await cli("import", "名册.xlsx", "--apply")
        assert (code, err) == (0, "")
        assert "已写入" in out
        assert seen == [("roster",)]
        today = bot.clock.now().date()
        zhang = await bot.store.read(roster.person_of_account, "onebot", "20001", today)
        assert zhang is not None
        code, out, _ = await cli("export", "roster", "出.xlsx")
        assert code == 0
        assert read_sheets({"出.xlsx": (folder / "出.xlsx").read_bytes()}).of("账号")[0]["账号"] == "20001"


async def test_items_and_points_are_exported_in_the_offices_columns(folder: Path) -> None:
    async with running_bot(folder) as bot:
        await bot.store.run(city.settle)
        await bot.store.run(_one_item)
        for what in ("items", "ledger"):
            response = await perform(bot, Request(["export", what, f"{what}.xlsx", "--period", "本月"]))
            assert response.code == 0
            assert " 1 行" in response.text
            assert response.files[f"{what}.xlsx"].startswith(b"PK")


def _one_item(tx: Tx) -> None:
    tx.run(
        "INSERT INTO item (number, year, title, kind, form, state, author_id, unit_id, platform, chat, submitted_ms,"
        " updated_ms, version) VALUES ('2026-0001', 2026, '=标题', '动态', '单条', 'adopted', 5, 2, 'onebot', '',"
        " 1795000000000, 0, 1)"
    )
    tx.run("INSERT INTO item_unit (item_id, place, unit_id) VALUES (1, 0, 2)")
    tx.run(
        "INSERT INTO fact (kind, item_id, day, journal, issue, at_ms, person_id)"
        " VALUES ('adoption', 1, '2026-11-20', 'kx', '第3期', 0, 1)"
    )
    tx.run(
        "INSERT INTO entry (fact_id, item_id, unit_id, author_id, ym, day, code, article, reason, points, recorded_ms)"
        " VALUES (1, 1, 2, 5, 202611, '2026-11-20', 'adoption', '第七条', '采用', 550, 0)"
    )


async def test_only_the_bots_own_user_can_open_the_socket_and_it_goes_with_the_bot(folder: Path) -> None:
    async with running_bot(folder) as bot:
        path = socket_path(bot.settings)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()
    assert await ask(path, Request(["jobs"])) is None


async def test_a_socket_left_behind_by_a_killed_bot_is_no_obstacle(folder: Path) -> None:
    (folder / "data").mkdir()
    path = socket_path(load(folder / "config.toml", {}))
    async with listening(path):
        path.rename(path.with_name("kept"))
    path.with_name("kept").rename(path)
    assert await ask(path, Request(["jobs"])) is None
    async with running_bot(folder):
        response = await ask(path, Request(["export", "roster", "a.xlsx"]))
        assert response is not None
        assert response.code == 0


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[list[Request]]:
    """A control socket that answers everything with its argv."""
    asked: list[Request] = []

    async def echo(request: Request) -> Response:
        asked.append(request)
        return Response(0, " ".join(request.argv))

    listener = Control(path, echo)
    await listener.start()
    try:
        yield asked
    finally:
        await listener.close()


BAD = [
    b"\n",
    b"not json\n",
    b"[]\n",
    b"null\n",
    b'{"argv": "import", "files": {}}\n',
    b'{"argv": [1], "files": {}}\n',
    b'{"argv": [], "files": {"a": {"b": "%%%"}}}\n',
    b'{"argv": [], "files": []}\n',
    b"[" * 100_000 + b"\n",
    b"\xff\xfe\n",
    b"",
]


@pytest.mark.parametrize("line", BAD)
async def test_a_bad_request_is_answered_and_the_next_one_works(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "bot.sock"
    async with listening(path) as asked:
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(line)
        writer.write_eof()
        answer = json.loads(await reader.read())
        writer.close()
        assert answer["code"] == 2
        assert asked == []
        assert await ask(path, Request(["jobs"])) == Response(0, "jobs")


async def test_whoever_hangs_up_in_the_middle_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bot.sock"
    async with listening(path):
        for _ in range(3):
            _, writer = await asyncio.open_unix_connection(str(path))
            writer.write(b'{"argv": [')
            writer.close()
        assert await ask(path, Request(["jobs"])) == Response(0, "jobs")


async def test_whoever_never_finishes_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "READ_SECONDS", 0.01)
    path = tmp_path / "bot.sock"
    async with listening(path):
        reader, writer = await asyncio.open_unix_connection(str(path))
        assert b"did not come to its end" in await reader.read()
        writer.close()


async def test_a_request_that_is_too_large_is_refused_on_both_sides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "LIMIT", 1000)
    path = tmp_path / "bot.sock"
    async with listening(path):
        with pytest.raises(ControlFault, match="too large"):
            await ask(path, Request(["import"], {"a": {"b": bytes(1000)}}))
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b"x" * 5000 + b"\n")
        writer.write_eof()
        assert b"larger than" in await reader.read()
        writer.close()


async def test_the_socket_may_lie_as_deep_as_it_likes(tmp_path: Path) -> None:
    deep = tmp_path / ("很深的目录" * 10) / ("更深的目录" * 10)
    deep.mkdir(parents=True)
    async with listening(deep / "bot.sock"):
        assert await ask(deep / "bot.sock", Request(["jobs"])) == Response(0, "jobs")


async def test_a_fault_of_ours_in_a_tool_is_answered_with_a_number(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_bot(folder) as bot:
        await bot.store.run(lambda tx: tx.run("DROP TABLE chat_group"))
        response = await perform(bot, Request(["export", "roster", "a.xlsx"]))
        assert response.code == 1
        assert "编号" in response.text


async def test_the_bot_cannot_be_told_to_run_a_second_bot(folder: Path) -> None:
    async with running_bot(folder) as bot:
        assert (await perform(bot, Request(["run"]))).code == 2
        assert (await perform(bot, Request(["import", "--help"]))).code == 0


def test_every_tool_takes_its_settings_after_its_name() -> None:
    assert {"import", "export", "jobs", "outbox"} <= tools().keys()
    arguments = make_parser(tools()).parse_args(["export", "roster", "a.xlsx", "--config", "x.toml"])
    assert arguments.config == Path("x.toml")


async def test_a_table_of_workdays_is_read_where_the_command_is_typed(folder: Path) -> None:
    (folder / "2027.toml").write_bytes(b"\xff")
    async with running_bot(folder):
        code, _, err = await cli("calendar", "import", "2027.toml")
        assert code == 1
        assert "不是 UTF-8" in err
        assert (await cli("calendar", "import", "没有.toml"))[0] == 2
