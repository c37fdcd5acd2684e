"""`baosong bulletin`: the template to edit, and the documents of a period."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.cli.kit import Kit
from bot.cli.tools import perform
from bot.control import Request, Response
from bot.office import build_office
from bot.settings import Settings
from reports.bulletin_docx import builtin_template
from storage import bulletin
from tests.support.fresh import opened
from tests.support.office import book, moment
from tests.support.stage import HandClock


@pytest.fixture
async def kit(tmp_path: Path) -> Kit:
    store = await opened(tmp_path / "office.db")
    await store.run(lambda tx: book(tx, 2, "10-12", points=4300, submitted=8, adopted=4))
    return Kit(Settings(), store, HandClock(moment("11-23", "09:41")), build_office(Settings()))


async def typed(kit: Kit, *words: str, files: dict[str, dict[str, bytes]] | None = None) -> Response:
    response = await perform(kit, Request(list(words), files or {}))
    await kit.store.close()
    return response


async def test_the_built_in_template_is_written_to_be_edited(kit: Kit) -> None:
    response = await typed(kit, "bulletin", "template", "模板.docx")
    assert response.code == 0
    assert response.text == "模板.docx：自带的模板。改好后写进 bulletin.template，重新启动。"
    assert response.files == {"模板.docx": builtin_template()}


async def test_every_document_of_a_month_is_drawn_as_a_draft(kit: Kit) -> None:
    options = [word for kind in ("docx", "pdf", "xlsx", "proof", "trend", "png") for word in (f"--{kind}", f"a.{kind}")]
    response = await perform(kit, Request(["bulletin", "draw", "--period", "2026-10", *options]))
    assert response.code == 0, response.text
    assert response.text.splitlines() == [
        "a.docx：2026年10月政务信息通报（草稿）.docx",
        "a.pdf：2026年10月政务信息通报（草稿）.pdf",
        "a.xlsx：2026年10月政务信息通报（草稿）.xlsx",
        "a.proof：2026年10月通报核对单（草稿）.docx",
        "a.trend：2026年10月走势（草稿）.png",
        "a.png：2026年10月县（市、区）（草稿）.png",
    ]
    with zipfile.ZipFile(io.BytesIO(response.files["a.docx"])) as package:
        assert "（草稿）" in package.read("word/document.xml").decode()
    assert await kit.store.read(bulletin.find, "2026-10") is None, "drawing keeps nothing"
    await kit.store.close()


async def test_the_picture_of_a_class_is_asked_for_by_its_name(kit: Kit) -> None:
    response = await typed(kit, "bulletin", "draw", "--png", "a.png", "--board", "重点部门")
    assert response.text == "a.png：2026年10月重点部门（草稿）.png"


async def test_a_class_that_is_not_there_is_answered_with_those_that_are(kit: Kit) -> None:
    response = await typed(kit, "bulletin", "draw", "--png", "a.png", "--board", "乡镇")
    assert (response.code, response.text) == (1, "没有找到类别“乡镇”。有：县（市、区）、重点部门、一般部门。")


async def test_another_template_is_tried_before_it_is_set(kit: Kit) -> None:
    words = ("bulletin", "draw", "--docx", "a.docx", "--template", "own.docx")
    response = await typed(kit, *words, files={"own.docx": {"own.docx": b"no document"}})
    assert (response.code, response.files) == (1, {})
    assert response.text.startswith("模板不是 Word 文档（.docx）。")


@pytest.mark.parametrize("words", [[], ["draw"], ["template"], ["nonsense"]])
async def test_what_is_asked_wrongly_is_answered_with_the_usage(kit: Kit, words: list[str]) -> None:
    response = await typed(kit, "bulletin", *words)
    assert response.code == 2
    assert response.text.startswith("用法：baosong bulletin template")


async def test_a_year_without_units_has_no_bulletin(kit: Kit) -> None:
    response = await typed(kit, "bulletin", "draw", "--period", "2025-10", "--docx", "a.docx")
    assert (response.code, response.text) == (1, "2025年10月没有参加考评的单位，没有通报。")
