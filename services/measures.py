"""The measures of the store: every text that was ever loaded, which of them hold, and what one more would change.

A text is never overwritten. Of one wording (id and first day) the newest text holds; a measure without a last day ends
where the next one begins. As long as nothing was loaded, those of the settings hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import overload

from domain.errors import BadInput, BaosongError
from domain.measure import Measure, measure_on, parse_measure, read_measure
from domain.measure.fit import check_dates
from domain.moment import to_ms
from domain.tables import TableFault
from services.office import Office
from storage import audit
from storage import measure as store
from storage.engine import Tx
from storage.measure import NewVersion, Version

_DAY = timedelta(days=1)

HOW_CORRECTED = "已经计过的分要改，请用更正：baosong measure correct 文件，再由科长发“/更正”看差额、批准。"


class Shelf(Sequence[Measure]):
    """The measures that hold, as this process last read them; `number` is the newest version it knows."""

    def __init__(self, of_the_settings: Sequence[Measure]) -> None:
        self._of_the_settings = self._held = tuple(of_the_settings)
        self.number = 0

    @overload
    def __getitem__(self, at: int) -> Measure: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Measure]: ...
    def __getitem__(self, at: int | slice) -> Measure | Sequence[Measure]:
        return self._held[at]

    def __len__(self) -> int:
        return len(self._held)

    def read(self, tx: Tx) -> tuple[int, tuple[Measure, ...]]:
        """What the store holds: its newest version and the measures, those of the settings if there is none."""
        held = tuple(parsed(version.text) for version in store.in_force(store.versions(tx)))
        return store.newest(tx), held or self._of_the_settings

    @staticmethod
    def of_settings(office: Office) -> Sequence[Measure]:
        """The measures that hold while the store has none."""
        return office.measures._of_the_settings if isinstance(office.measures, Shelf) else office.measures

    def put(self, number: int, held: Sequence[Measure]) -> None:
        """Have these from now on."""
        self.number, self._held = number, tuple(held)


def in_force(tx: Tx, office: Office) -> Sequence[Measure]:
    """The measures a transaction goes by: also those that were loaded a moment ago, by whatever process."""
    shelf = office.measures
    if not isinstance(shelf, Shelf) or shelf.number == store.newest(tx):
        return shelf
    key = ("measures", store.newest(tx))
    if key not in tx.memo:
        tx.memo[key] = shelf.read(tx)[1]
    found: Sequence[Measure] = tx.memo[key]
    return found


@lru_cache(maxsize=64)
def parsed(text: str) -> Measure:
    """`parse_measure`, once for each text. Raises MeasureFault."""
    return parse_measure(text)


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading a text means. `spans` are the days for which another rule would hold than now; `booked` entries are
    about them. `known`: this very text holds already. `ends` are the titles of open measures it puts an end to."""

    measure: Measure
    known: bool
    first: date
    last: date | None
    spans: tuple[tuple[date, date], ...]
    booked: int
    ends: tuple[str, ...]


def weigh(tx: Tx, office: Office, text: str) -> Loading:
    """What loading a text would do. Raises MeasureFault, also if its days overlap another measure's."""
    written = read_measure(text)
    measure = written.measure
    others = others_than(tx, measure)
    for fault in check_dates(written, others):
        raise fault
    known = any(version.hash == hash_of(text) for version in store.in_force(store.versions(tx)))
    spans = _changed(in_force(tx, office), [*others, measure])
    booked = sum(store.booked_between(tx, first, last) for first, last in spans)
    later = [other.effective_from - _DAY for other in others if other.effective_from > measure.effective_from]
    last = min([*later, *([measure.effective_to] if measure.effective_to else [])], default=None)
    ended = measure_on(measure.effective_from - _DAY, [one for one in others if one.effective_to is None])
    ends = (ended.title,) if ended is not None and not known else ()
    return Loading(measure, known, measure.effective_from, last, spans, booked, ends)


def others_than(tx: Tx, measure: Measure) -> list[Measure]:
    """The measures of the store beside one: all but its own earlier texts."""
    own = (measure.id, measure.effective_from)
    return [parsed(version.text) for version in store.in_force(store.versions(tx)) if version.wording != own]


def load(tx: Tx, office: Office, text: str, by: str, now: datetime, *, correcting: bool = False) -> Loading:
    """Keep a text as the newest version of its wording. Raises MeasureFault, BaosongError.

    What would decide otherwise about days that have points already is refused, unless a correction set is doing it
    (`correcting`), which books the difference itself.
    """
    loading = weigh(tx, office, text)
    if loading.known:
        return loading
    if loading.booked and not correcting:
        raise BaosongError(
            reason=f"《{loading.measure.title}》会改变{spoken_spans(loading.spans)}的计分，"
            f"那里已有 {loading.booked} 条计分流水。没有加载。{HOW_CORRECTED}"
        )
    measure = loading.measure
    new = NewVersion(
        measure.id, hash_of(text), measure.title, measure.effective_from, measure.effective_to, text, by
    )  # fmt: skip
    number = store.add(tx, new, to_ms(now))
    audit.write(tx, to_ms(now), by, "measure load", measure.id, f"version {number} from {measure.effective_from}")
    return loading


def withdraw(tx: Tx, office: Office, word: str, by: str, now: datetime) -> Version:
    """Have a measure not hold after all: one that was loaded with a wrong first day, say. Its texts stay.

    Raises BadInput for one that does not hold, BaosongError if points were booked under it.
    """
    gone = version_of(tx, word)
    held = store.in_force(store.versions(tx))
    if gone.number not in {version.number for version in held}:
        raise BadInput(reason=f"第 {gone.number} 版不是现行文本，不用撤回。")
    rest = [parsed(version.text) for version in held if version.wording != gone.wording]
    spans = _changed(in_force(tx, office), rest or Shelf.of_settings(office))
    booked = sum(store.booked_between(tx, first, last) for first, last in spans)
    if booked:
        raise BaosongError(reason=f"《{gone.title}》施行的日子里已有 {booked} 条计分流水，没有撤回。{HOW_CORRECTED}")
    store.add(
        tx, NewVersion(gone.measure_id, "", gone.title, gone.effective_from, gone.effective_to, "", by), to_ms(now)
    )
    audit.write(tx, to_ms(now), by, "measure withdraw", gone.measure_id, f"version {gone.number}")
    return gone


def take_settings(tx: Tx, office: Office, texts: Sequence[str], now: datetime) -> list[str]:
    """Load what the settings name and the store does not have yet; returns in words what could not be taken."""
    faults = []
    for text in texts:
        try:
            load(tx, office, text, "settings", now)
        except (BaosongError, TableFault) as error:
            faults.append(str(error))
    return faults


def version_of(tx: Tx, word: str) -> Version:
    """The version of a number, or the newest of a measure's id. Raises BadInput."""
    versions = [one for one in store.versions(tx) if not one.is_withdrawal]
    found = [one for one in versions if word in (str(one.number), one.measure_id)]
    if not found:
        known = "、".join(dict.fromkeys(one.measure_id for one in versions)) or "还没有加载过"
        raise BadInput(reason=f"没有编号或版本号是“{word}”的考评办法。已有：{known}。")
    return found[-1]


def hash_of(text: str) -> str:
    """What names a text: the SHA-256 of its bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def spoken_spans(spans: Sequence[tuple[date, date]]) -> str:
    """`2026-07-01起`, `2026-01-01至2026-06-30`."""
    return "、".join(f"{first}起" if last == date.max else f"{first}至{last}" for first, last in spans)


def _changed(before: Sequence[Measure], after: Sequence[Measure]) -> tuple[tuple[date, date], ...]:
    """The spans of days for which another measure, or another text, holds after than before."""
    both = [*before, *after]
    ends = {one.effective_to + _DAY for one in both if one.effective_to is not None}
    starts = sorted({one.effective_from for one in both} | ends)
    found: list[tuple[date, date]] = []
    for first, following in zip(starts, [*starts[1:], None], strict=True):
        last = following - _DAY if following else date.max
        if _rules_on(first, before) == _rules_on(first, after):
            continue
        if found and found[-1][1] + _DAY == first:
            first = found.pop()[0]
        found.append((first, last))
    return tuple(found)


def _rules_on(day: date, measures: Sequence[Measure]) -> Measure | None:
    """The measure of a day apart from when it began and ends."""
    measure = measure_on(day, measures)
    return replace(measure, effective_from=date.min, effective_to=None) if measure else None
