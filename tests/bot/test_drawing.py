"""The courier's artist: each file is drawn once however many are sent it, beside the loop, and says what went wrong."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import drawing
from bot.drawing import File, Studio, render
from bot.office import build_office
from bot.settings import Bulletin, Settings
from domain.errors import BaosongError, NotFound
from domain.moment import to_ms
from domain.period import month_of
from domain.snapshot import hash_of, to_bytes
from reports.bulletin_docx import builtin_template
from services.bulletins import drafting, wishes
from services.office import Office
from storage import bulletin
from storage.bulletin import Filed, Material
from storage.engine import Store, Tx
from storage.sqlite import SQLiteStore
from tests.reports.snapshots import city
from tests.support.fresh import opened
from tests.support.office import book, moment, outgoing, sample_office
from tests.support.stage import HandClock

PARTS = ("docx", "pdf", "xlsx", "proof", "board.png:0", "trend.png")
NOW = moment("12-01", "09:10")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    store = await opened(tmp_path / "office.db")
    yield store
    await store.close()


async def drafted(store: Store, office: Office | None = None) -> int:
    """A draft of November, with points in it; its id."""

    def draft(tx: Tx) -> int:
        book(tx, 2, "11-12", points=4300, submitted=8, adopted=4)
        return drafting.draft(tx, office or sample_office(), month_of(NOW.date().replace(month=11)), NOW).filed.id

    return await store.run(draft)


def studio(store: Store) -> Studio:
    return Studio(store, HandClock(NOW), sample_office())


def material(snapshot: Any = None, *, ranks: bool = True, template: bytes = b"") -> Material:
    """What a bulletin of a made-up city is drawn from."""
    board = snapshot or city()
    office = replace(sample_office(), bulletins=replace(sample_office().bulletins, ranks=ranks))
    meant = wishes.wishes_of(office, (), month_of(board.first), ("县区",), "云政办通报〔2026〕1号", NOW.date())
    content = to_bytes(board)
    text = wishes.to_text(meant)
    filed = Filed(7, board.code, "云政办通报〔2026〕1号", 2026, 1, hash_of(content), text, 1, 0, to_ms(NOW), 1)
    return Material(filed, content, template)


@pytest.mark.parametrize("part", PARTS)
def test_a_file_drawn_twice_is_the_same_byte_for_byte(part: str) -> None:
    first, second = render(material(), part), render(material(), part)
    assert first.content == second.content
    assert first.content.startswith({"pdf": b"%PDF", "boa": b"\x89PNG", "tre": b"\x89PNG"}.get(part[:3], b"PK"))
    assert first.picture is part.split(":")[0].endswith("png")


def test_files_bear_the_period_and_a_draft_says_so() -> None:
    signed = material()
    draft = replace(signed, filed=replace(signed.filed, signed_ms=0))
    label = city().label
    assert render(signed, "docx").name == f"{label}政务信息通报.docx"
    assert render(draft, "docx").name == f"{label}政务信息通报（草稿）.docx"
    assert "/" not in render(signed, "board.png:0").name


def test_a_board_whose_bytes_were_changed_is_not_drawn() -> None:
    one = material()
    with pytest.raises(ValueError, match="not the one it was drawn from"):
        render(replace(one, content=one.content.replace(b"2026", b"2025", 1)), "docx")


def test_a_picture_without_ranks_is_another_one() -> None:
    assert render(material(ranks=False), "board.png:0").content != render(material(), "board.png:0").content


async def test_two_hundred_chats_cost_one_drawing(store: SQLiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def slowly(material: Material, part: str, fonts: Path | None) -> File:
        drawn.append(part)
        return File("通报.docx", b"content")

    monkeypatch.setattr(drawing, "render", slowly)
    id, artist = await drafted(store), studio(store)
    messages = await asyncio.gather(*(artist.draw(f"bulletin:{id}:docx") for _ in range(200)))
    messages.append(await artist.draw(f"bulletin:{id}:docx"))
    assert drawn == ["docx"]
    assert {base64.b64decode(message.file_base64) for message in messages} == {b"content"}
    await drafted(store)
    await artist.draw(f"bulletin:{id}:docx")
    assert drawn == ["docx", "docx"], "a draft made anew is drawn anew"


async def test_what_is_not_asked_for_any_more_is_forgotten(store: SQLiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def quickly(material: Material, part: str, fonts: Path | None) -> File:
        drawn.append(part)
        return File("图.png", part.encode(), picture=True)

    monkeypatch.setattr(drawing, "render", quickly)
    id, artist = await drafted(store), studio(store)
    for number in (*range(drawing.KEPT + 1), 0, drawing.KEPT):
        await artist.draw(f"bulletin:{id}:board.png:{number}")
    assert len(drawn) == drawing.KEPT + 2


async def test_a_fault_is_told_with_a_reference_logged_with_it_and_tried_again_next_time(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(material: Material, part: str, fonts: Path | None) -> File:
        raise ZeroDivisionError

    id, artist = await drafted(store), studio(store)
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(drawing, "render", broken)
        with pytest.raises(BaosongError, match=r"文件没有画成，编号 [0-9A-F]{8}；原因在日志里") as told:
            await artist.draw(f"bulletin:{id}:docx")
    reference = str(told.value).partition("编号 ")[2][:8]
    assert f"fault {reference} in drawing bulletin {id}, docx" in caplog.text
    assert (await artist.draw(f"bulletin:{id}:docx")).file_name.endswith(".docx")


@pytest.mark.parametrize("name", ["bulletin:x:docx", "bulletin:1:nonsense", "slip:1:docx", "bulletin"])
async def test_a_name_that_means_nothing_is_refused(store: SQLiteStore, name: str) -> None:
    with pytest.raises(BaosongError, match=f"不会画“{name}”"):
        await studio(store).draw(name)


async def test_a_bulletin_that_is_not_there_is_refused(store: SQLiteStore) -> None:
    with pytest.raises(NotFound, match="没有找到通报9"):
        await studio(store).draw("bulletin:9:docx")


async def test_the_office_is_told_once_of_characters_no_typeface_has(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(material: Material, part: str, fonts: Path | None) -> File:
        return File("图.png", b"png", True, frozenset("䲜"))

    monkeypatch.setattr(drawing, "render", lacking)
    id, artist = await drafted(store), studio(store)
    for part in ("board.png:0", "trend.png"):
        await artist.draw(f"bulletin:{id}:{part}")
    told = [message for message in await store.read(outgoing) if "字体没有的字：䲜" in message.text]
    assert [message.to for message in told] == ["周科长", "吴科员"]


async def test_the_office_s_own_template_is_kept_with_what_was_signed(store: SQLiteStore) -> None:
    one = material(template=builtin_template())
    assert render(one, "docx").content == render(material(), "docx").content
    assert await store.read(bulletin.latest) is None


def test_settings_reach_the_brief() -> None:
    said = Bulletin(contact="联系人：周 12345", requirements=["按时报送"], praise=1, zeros="count", items=False)
    policy = build_office(Settings(bulletin=said)).bulletins
    assert (policy.contact, policy.requirements, policy.praise, policy.zeros, policy.items) == (
        "联系人：周 12345", ("按时报送",), 1, "count", False,
    )  # fmt: skip
