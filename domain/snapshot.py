"""A board as it was frozen: every figure a bulletin, a picture or a workbook needs, and nothing else.

A snapshot is data: documents are drawn from it alone, so what is drawn again later is the same. `to_bytes` is canonical
(sorted keys, no blanks, UTF-8), and its SHA-256 is the hash printed on the documents.

Figures are counts or points (hundredths) under keys:
`submitted`, `adopted`, `points`;
`adopted.journal.MRYQ`, `adopted.level.city`, `adopted.form.单条`, `adopted.journal.MRYQ.form.简讯`;
`points.category.采用分`, `points.level.city`, `points.journal.MRYQ`;
`instruction.level.city`, `upward.level.province`, `commissioned` (adopted ones), `commission.missed`.
A key that is absent is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Figures = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit on a board. `rank` None: not ranked (exempt); `note` says why (免考评, 未达标). `period` are the figures
    of the period, `year` those from 1 January to the period's last day."""

    unit_id: int
    name: str
    short: str
    rank: int | None
    tied: bool
    period: Figures
    year: Figures
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClassBoard:
    """A class of units in the order shown."""

    name: str
    rows: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class AdoptedItem:
    """An item used in the period. `instructed` are the ranks of leaders that wrote a note on it."""

    number: str
    title: str
    units: tuple[str, ...]
    day: date
    journal: str
    level: str
    form: str
    issue: str
    instructed: tuple[str, ...] = ()
    commissioned: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points of the period that come from an earlier one (补计) or from a person's decision. Points in hundredths."""

    unit: str
    points: int
    reason: str
    article: str
    day: date


@dataclass(frozen=True, slots=True)
class Month:
    """One point of the trend."""

    label: str
    submitted: int
    adopted: int
    points: int


@dataclass(frozen=True, slots=True)
class JournalName:
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A board of all classes for one period. `as_of_ms` (UTC) is printed on every document. `whole` has the figures of
    all units together for `period`, `previous` (the period before of the same length) and `last_year` (the same period
    a year ago); a span without data is absent. `trend` are up to twelve months, the last one the period's last."""

    code: str
    label: str
    first: date
    last: date
    as_of_ms: int
    office: str
    measures: tuple[str, ...]
    journals: tuple[JournalName, ...]
    categories: tuple[str, ...]
    classes: tuple[ClassBoard, ...]
    whole: Mapping[str, Figures]
    adopted: tuple[AdoptedItem, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    trend: tuple[Month, ...] = ()
    trend_units: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """unit → its points in each month of `trend`."""
