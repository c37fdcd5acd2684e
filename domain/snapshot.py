"""A board as it was frozen: every figure a bulletin, a picture or a workbook needs, and nothing else.

A snapshot is data: documents are drawn from it alone, so what is drawn again later is the same. `to_bytes` is canonical
(sorted keys, no blanks, UTF-8), and its SHA-256 is the hash printed on the documents.

Figures are counts or points (hundredths) under keys:
`submitted`, `adopted`, `points`;
`adopted.journal.MRYQ`, `adopted.level.city`, `adopted.form.单条`, `adopted.journal.MRYQ.form.简讯`;
`points.category.采用分`, `points.level.city`, `points.journal.MRYQ`, `points.instruction.city`;
`instruction.level.city`, `upward.level.province`, `commissioned` (adopted ones), `commission.missed`;
of a year also `submitted.month.11`, `adopted.month.11`, `points.month.11`;
of the whole city also `items.submitted`, `items.adopted` (a joint item once, not once per unit).
A key that is absent is 0. `adopted` counts an item once, its parts count every adoption: two journals are two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

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


FORMAT = 1
"""The shape of the bytes. Whatever changes it keeps reading the old ones: a frozen board is never written anew."""


def to_bytes(snapshot: Snapshot) -> bytes:
    """The canonical bytes of a snapshot: the same for the same content, in whatever order its mappings were filled."""
    plain = {"format": FORMAT, **_plain(snapshot)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(content: bytes) -> str:
    """SHA-256 of a snapshot's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def from_bytes(content: bytes) -> Snapshot:
    """The snapshot of these bytes. Raises ValueError for a format this program does not know."""
    told = json.loads(content)
    if told.pop("format", None) != FORMAT:
        raise ValueError("the snapshot is of an unknown format")
    told |= {key: date.fromisoformat(told[key]) for key in ("first", "last")}
    told |= {key: tuple(told[key]) for key in ("measures", "categories")}
    told["journals"] = tuple(JournalName(**one) for one in told["journals"])
    told["classes"] = tuple(_class(one) for one in told["classes"])
    told["adopted"] = tuple(_adopted(one) for one in told["adopted"])
    told["adjustments"] = tuple(
        Adjustment(**one | {"day": date.fromisoformat(one["day"])}) for one in told["adjustments"]
    )
    told["trend"] = tuple(Month(**one) for one in told["trend"])
    told["trend_units"] = {int(unit): tuple(points) for unit, points in told["trend_units"].items()}
    return Snapshot(**told)


def _class(told: dict[str, Any]) -> ClassBoard:
    return ClassBoard(told["name"], tuple(UnitRow(**row) for row in told["rows"]))


def _adopted(told: dict[str, Any]) -> AdoptedItem:
    return AdoptedItem(**_dated(told) | {key: tuple(told[key]) for key in ("units", "instructed")})


def _dated(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"day": date.fromisoformat(told["day"])}


def _plain(value: Any) -> Any:
    """A value in what JSON has: records as objects, days as words."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
