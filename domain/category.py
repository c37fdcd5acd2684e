"""The categories of topics an office surveys (十大类信息要点; facts: domain §1.2), as they come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.tables import TableFault, read_toml

LONGEST_NAME = 12
LONGEST_CANDIDATE = 120

_SAMPLE = Path(__file__).parent / "data" / "categories-sample.toml"


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of topic; `place` is its number for people."""

    id: int
    place: int
    name: str
    hint: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic somebody might write about, and the units it is for (none: nobody in particular)."""

    id: int
    category_id: int
    text: str
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SampleCategory:
    """A category to start with: what it is called, and what belongs to it."""

    name: str
    hint: str


def parse_categories(text: str) -> tuple[SampleCategory, ...]:
    """The categories of a TOML text like `domain/data/categories-sample.toml`. Raises TableFault."""
    top = read_toml(text, TableFault)
    found = []
    for table in top.tables("category"):
        found.append(SampleCategory(table.text("name"), table.text("hint")))
        table.close()
    top.close()
    names = [category.name for category in found]
    if len(set(names)) != len(names):
        raise top.refuse("category", "、".join(names), "不重名的类别")
    return tuple(found)


def sample() -> tuple[SampleCategory, ...]:
    """The list an office starts with."""
    return parse_categories(_SAMPLE.read_text("utf-8"))
