"""What people saw of a bulletin, against the list of who got it; pictures and documents opened as people open them."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import docx
from PIL import Image
from python_calamine import CalamineWorkbook

from tests.peers.onebot import Heard

from .evidence import Evidence

TITLE = "云山市人民政府办公室关于2026年11月份政务信息报送及采用情况的通报"
NARROWEST = 800
"""Pixels a picture must have to be read on a phone."""

Part = tuple[str, str]
"""(chat as OneBot names it, what it was sent: 文字, 图, or a file's ending)."""

_ENDINGS = {"Word": "docx", "PDF": "pdf", "Excel": "xlsx"}
MOST_SEEN = {"已送达": (1,), "不明": (0, 1), "没有送达": (0,)}
"""How often people may have seen a part that ended so."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of who got it."""

    name: str
    part: str
    state: str
    reason: str

    def where(self, chats: Mapping[str, str]) -> Part:
        """As the peer saw it; all pictures for a chat are one word."""
        part = "图" if "图" in self.part else _ENDINGS.get(self.part, self.part)
        return chats.get(self.name, ""), part


def list_of(workbook: bytes) -> list[Line]:
    """The workbook `/通报 送达 表格` gives, read back."""
    [_, header, *rows] = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    places = [header.index(word) for word in ("名称", "内容", "状态", "原因")]
    return [Line(*(str(row[place]) for place in places)) for row in rows]


def parts_seen(heard: Iterable[Heard]) -> Counter[Part]:
    """How often each part of the signed bulletin was seen where."""
    return Counter(part for one in heard for part in _parts(one))


def _parts(one: Heard) -> Iterator[Part]:
    chat = f"{one.chat[:1]}:{one.target}"
    if one.text.startswith(TITLE):
        yield chat, "文字"
    for _ in one.images:
        yield chat, "图"
    for name in one.files:
        if name.startswith("2026年11月政务信息通报."):
            yield chat, name.rpartition(".")[2]


def check_list(lines: Iterable[Line], chats: Mapping[str, str], seen: Counter[Part]) -> Counter[str]:
    """The list tells of each part what was seen of it, and nobody saw what it does not tell; returns the states.

    `chats` has the chat of each name, as OneBot names it.
    """
    told: dict[Part, Counter[str]] = {}
    for line in lines:
        told.setdefault(line.where(chats), Counter())[line.state] += 1
    assert seen.keys() <= told.keys(), "somebody saw what the list does not know of"
    for part, states in told.items():
        least = sum(MOST_SEEN[state][0] * count for state, count in states.items())
        most = sum(MOST_SEEN[state][-1] * count for state, count in states.items())
        assert least <= seen[part] <= most, (part, states, seen[part])
    return Counter(state for states in told.values() for state in states.elements())


def check_picture(png: bytes) -> None:
    """It opens, whole, and is wide enough for a phone."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert picture.width >= NARROWEST
        assert picture.height > picture.width // 8


def rows_of_docx(content: bytes) -> set[tuple[str, str, str, str]]:
    """(full name, submitted, adopted, points) of every unit in the annexes, as Word shows them."""
    found = set()
    for table in docx.Document(io.BytesIO(content)).tables:
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        if cells[0][0] == "排名":
            columns = [cells[1].index(word) for word in ("单位", "报送", "采用", "合计")]
            rows = [[row[column] for column in columns] for row in cells[2:] if row[0]]
            found |= {(name, submitted, adopted, points) for name, submitted, adopted, points in rows}
    return found


_RANKED = re.compile(r"^\d+\. (\S+) (\S+)分（报(\d+) 采(\d+)）", re.MULTILINE)


def rows_of_board(said: str) -> set[tuple[str, str, str, str]]:
    """(short name, submitted, adopted, points) of every unit that `/排名` lists."""
    return {(name, submitted, adopted, points) for name, points, submitted, adopted in _RANKED.findall(said)}


def frozen_hash(evidence: Evidence) -> str:
    """The hash kept with November's board, after it was compared with the bytes."""
    [(kept, content)] = evidence.rows("SELECT hash, content FROM snapshot WHERE period = '2026-11'")
    assert hashlib.sha256(content).hexdigest() == kept
    return str(kept)
