"""What happened (Fact) and what it is worth (Entry, 计分流水): the two shapes scoring reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to an item or to a unit; revoked facts are left out by the caller.

    `kind` is submission, acceptable (fit but not used), upward (`level` is where it was sent), adoption, instruction or
    event (`detail` is its name). `day` books the points: the day of the issue for an adoption. `units` are credited in
    this order, so that an indivisible hundredth of a joint item has its place.

    `route` is direct or forwarded. `points` (hundredths) are what somebody else gave: the superior's own points of an
    adoption, or the value of a discretionary event; None while nobody knows them. `share` is the percent of the text
    the office rewrote. `detail` of an instruction is `deputy` when the leader is not the chief.

    A fact about a unit, not an item, is an event with `item_id` 0, one unit, and an `id` below zero.
    """

    id: int
    kind: str
    item_id: int
    day: date
    units: tuple[int, ...]
    author_id: int | None
    journal: str | None = None
    level: str | None = None
    form: str | None = None
    rank: str | None = None
    commissioned: bool = False
    issue: str = ""
    route: str = ""
    points: int | None = None
    share: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of points of one unit: `points` in hundredths; 0 is shown, not scored.

    `code` is the rule, `article` the article of the measure that grants the points or withholds them, `category` the
    column they stand in (采用分). When no rule covers the fact, the code is `unlisted` or `no_measure` and the article
    is empty. A `pending` entry waits for points somebody else gives; until then it has 0.

    Entries of a unit's own fact have item 0 and the fact's id below zero; entries of a settlement have 0 for both.
    """

    fact_id: int
    item_id: int
    unit_id: int
    author_id: int | None
    day: date
    code: str
    article: str
    reason: str
    points: int
    category: str = ""
    pending: bool = False
