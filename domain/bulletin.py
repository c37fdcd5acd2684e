"""The monthly bulletin (通报): its words and its tables, derived from a frozen board.

No figure is typed: a sentence is made of words and `Figure`s, and each figure knows what it counts and how it came
about, so the proof sheet can hold the text against the tables. What is 0 is not said. The documents (.docx, PDF) only
lay out what stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.board_layout import Layout
from domain.board_table import Table, tables_of
from domain.bulletin_marks import Listing, listing_of
from domain.bulletin_parts import Brief, Figure, Section, Sentence
from domain.bulletin_words import opening_of, sections_of
from domain.moment import from_ms
from domain.snapshot import ClassBoard, Snapshot, hash_of, to_bytes


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin ready to be laid out. `title` is broken into lines; `annexes` are the tables, then the list of items
    used. `remark` stands under every table; `stamp` is the SHA-256 of the snapshot."""

    head: str
    number: str
    title: tuple[str, ...]
    addressees: str
    opening: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    contact: str
    signer: str
    day: date
    tables: tuple[Table, ...]
    listing: Listing | None
    copies: str
    printer: str
    remark: str
    stamp: str
    as_of_ms: int

    @property
    def annexes(self) -> tuple[str, ...]:
        """The names of the annexes in their order."""
        return (*(table.title for table in self.tables), *([self.listing.title] if self.listing else []))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the text in the order it is read."""
        sentences = (*self.opening, *(one for section in self.sections for one in section.paragraphs))
        return tuple(part for sentence in sentences for part in sentence if isinstance(part, Figure))


def write_bulletin(snapshot: Snapshot, brief: Brief, layout: Layout) -> Bulletin:
    """The bulletin of a board; its tables are printed by `layout`, one per class."""
    shown = snapshot if brief.ranks else _by_roster(snapshot)
    sections = sections_of(shown, brief)
    content, issuer = to_bytes(snapshot), brief.signer or snapshot.office
    return Bulletin(
        head=brief.head or f"{issuer}文件",
        number=brief.number,
        title=tuple(brief.title.split("\n")) if brief.title else balanced(_title_pieces(snapshot, issuer)),
        addressees=f"{brief.addressees.rstrip('：:')}：" if brief.addressees else "",
        opening=opening_of(shown, going_on=bool(sections)),
        sections=sections,
        contact=brief.contact,
        signer=issuer,
        day=brief.day,
        tables=tables_of(shown, layout if brief.ranks else without_ranks(layout)),
        listing=listing_of(shown, brief.marks) if brief.items and snapshot.adopted else None,
        copies=brief.copies,
        printer=brief.printer,
        remark=_remark(snapshot, hash_of(content)),
        stamp=hash_of(content),
        as_of_ms=snapshot.as_of_ms,
    )


def day_in_words(day: date) -> str:
    """`2026年11月2日`, as it stands under a document."""
    return f"{day.year}年{day.month}月{day.day}日"


TITLE_WIDTH = 20.0
"""Characters of size two in a line of the type area."""


def balanced(pieces: Sequence[str], width: float = TITLE_WIDTH) -> tuple[str, ...]:
    """Pieces that must not be torn, in as few lines as the width allows, these as even as can be.

    A piece that is wider than a line stands alone in its line and is broken by whatever prints it.
    """
    least = max(1, -int(-sum(map(em, pieces)) // width))
    for count in range(least, len(pieces) + 1):
        ways = [lines for lines in _splits(pieces, count) if max(map(em, lines)) <= width]
        if ways:
            return min(ways, key=lambda lines: max(map(em, lines)) - min(map(em, lines)))
    return tuple(pieces)


def em(text: str) -> float:
    """How wide a text is in characters; a digit or a Latin letter is half of one."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _splits(pieces: Sequence[str], count: int) -> list[tuple[str, ...]]:
    if count == 1:
        return [("".join(pieces),)]
    return [
        ("".join(pieces[:at]), *rest)
        for at in range(1, len(pieces) - count + 2)
        for rest in _splits(pieces[at:], count - 1)
    ]


def _title_pieces(snapshot: Snapshot, issuer: str) -> tuple[str, ...]:
    label = snapshot.label + ("份" if snapshot.label.endswith("月") else "")
    return (issuer, f"关于{label}", "政务信息", "报送及采用", "情况的通报")


def _by_roster(snapshot: Snapshot) -> Snapshot:
    """The same board with the units as the roster has them, so that no order is a verdict."""
    classes = tuple(
        ClassBoard(board.name, tuple(sorted(board.rows, key=lambda row: row.unit_id))) for board in snapshot.classes
    )
    return replace(snapshot, classes=classes)


def without_ranks(layout: Layout) -> Layout:
    """The same table with no rank in it and no order that tells one."""
    columns = tuple(column for column in layout.columns if column.kind != "rank")
    return replace(layout, columns=columns, order=(), by_roster=True)


def _remark(snapshot: Snapshot, stamp: str) -> str:
    return f"注：数据截至{from_ms(snapshot.as_of_ms):%Y年%-m月%-d日%H:%M}，校验码{stamp[:12]}。"
