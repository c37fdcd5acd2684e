"""The board of a period as data, from what the store knows at this moment; and the ones that were frozen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.cycle import check_whole
from domain.measure import Measure
from domain.moment import to_ms
from domain.period import Period, month_of, parse_period
from domain.snapshot import (
    Adjustment,
    AdoptedItem,
    ClassBoard,
    Figures,
    JournalName,
    Month,
    Snapshot,
    UnitRow,
    from_bytes,
    hash_of,
    to_bytes,
)
from services.board import Row, boards
from services.items import unit_label
from services.measures import in_force
from services.office import Office
from storage import ledger
from storage import snapshot as store
from storage.engine import Tx
from storage.snapshot import Kept, Monthly

CATEGORIES = ("报送分", "采用分", "上报分", "批示分", "约稿分", "任务分", "加减分")
"""The order of the categories every office has; an office's own come after them."""

TREND = 12
"""So many months are drawn."""


def build(tx: Tx, office: Office, period: Period, now: datetime) -> Snapshot:
    """Everything a document about a period says, as it stands now. Raises BadInput for what is not whole months of a
    year."""
    check_whole(period)
    new_year = date(period.last.year, 1, 1)
    own, year = store.figures(tx, period.first, period.last), store.figures(tx, new_year, period.last)
    measures = in_force(tx, office)
    standings = boards(tx, period, measures)
    trend = _trend(tx, period)
    by_month = _months_of_year(trend, period)
    classes = tuple(
        ClassBoard(name, tuple(_row(row, own, year, by_month) for row in rows)) for name, rows in standings.items()
    )
    shown = [row for board in classes for row in board.rows]
    return Snapshot(
        code=period.code,
        label=period.label,
        first=period.first,
        last=period.last,
        as_of_ms=to_ms(now),
        office=office.name,
        measures=tuple(_title(one) for one in _between(measures, new_year, period.last)),
        journals=tuple(JournalName(one.code, one.name, one.level) for one in office.journals),
        categories=_categories(year),
        classes=classes,
        whole=_whole(tx, period, shown),
        adopted=tuple(_adopted(tx, period)),
        adjustments=tuple(
            Adjustment(unit_label(tx, one.unit_id, period.last.year), one.points, one.reason, one.article, one.day)
            for one in store.adjusted(tx, period.first, period.last)
        ),
        trend=trend.drawn({row.unit_id for row in shown}),
        trend_units={row.unit_id: trend.points_of(row.unit_id) for row in shown},
    )


def freeze(tx: Tx, office: Office, period: Period, now: datetime) -> Kept:
    """Store the board of a period as it stands now, for good."""
    content = to_bytes(build(tx, office, period, now))
    kept = Kept(period.code, to_ms(now), ledger.last_seq(tx), hash_of(content), content)
    store.keep(tx, kept)
    return kept


def frozen(tx: Tx, code: str) -> Snapshot | None:
    """The frozen board of a period's code; None if it was not frozen. Raises ValueError if its bytes were changed."""
    kept = store.find(tx, code)
    if kept is None:
        return None
    if hash_of(kept.content) != kept.hash:
        raise ValueError(f"the frozen board of {code} is not the one that was frozen")
    return from_bytes(kept.content)


def board_for(tx: Tx, office: Office, period: Period, now: datetime) -> tuple[Snapshot, str]:
    """The board to draw of a period, and its hash: the frozen one, else as it stands now (hash '')."""
    kept = store.find(tx, period.code)
    found = frozen(tx, period.code)
    return (found, kept.hash) if found and kept else (build(tx, office, period, now), "")


def _row(row: Row, own: store.Counts, year: store.Counts, by_month: Mapping[int, dict[str, int]]) -> UnitRow:
    unit = row.unit
    return UnitRow(
        unit.id, unit.name, unit.label, row.rank, row.tied, dict(own.get(unit.id, {})),
        dict(year.get(unit.id, {})) | by_month.get(unit.id, {}), row.note,
    )  # fmt: skip


def _between(measures: Iterable[Measure], first: date, last: date) -> list[Measure]:
    return [one for one in measures if one.effective_from <= last and (one.effective_to or last) >= first]


def _title(measure: Measure) -> str:
    return f"{measure.title}（{measure.number}）" if measure.number else measure.title


def _categories(year: store.Counts) -> tuple[str, ...]:
    head = "points.category."
    found = {key.removeprefix(head) for own in year.values() for key in own if key.startswith(head)}
    known = [one for one in CATEGORIES if one in found]
    return (*known, *sorted(found - set(known)))


def _whole(tx: Tx, period: Period, shown: Sequence[UnitRow]) -> dict[str, Figures]:
    """All units together: the sums of the tables, so that text and tables cannot disagree."""
    found: dict[str, Figures] = {"year": _sum(row.year for row in shown)}
    spans = {"period": period, "previous": previous(period), "last_year": a_year_before(period)}
    for name, span in spans.items():
        figures = _sum(row.period for row in shown) if name == "period" else _of_all(tx, span)
        if figures:
            submitted, adopted = store.items_counted(tx, span.first, span.last)
            items = {"items.submitted": submitted, "items.adopted": adopted}
            found[name] = figures | {key: count for key, count in items.items() if count}
    return {name: figures for name, figures in found.items() if figures}


def _of_all(tx: Tx, period: Period) -> dict[str, int]:
    """The sums of another span, of the units that were assessed in its year."""
    assessed = {id for name in ledger.class_names(tx, period.last.year) for id in _members(tx, name, period)}
    own = store.figures(tx, period.first, period.last)
    return _sum(figures for unit, figures in own.items() if unit in assessed)


def _members(tx: Tx, class_name: str, period: Period) -> set[int]:
    return ledger.unit_ids_in_class(tx, class_name, period.first, period.last)


def _sum(figures: Iterable[Figures]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in figures:
        total.update(one)
    return {key: count for key, count in total.items() if count}


def previous(period: Period) -> Period:
    """The span of the same length before it: October before November, the third quarter before the fourth."""
    return _moved(period, len(period.months))


def a_year_before(period: Period) -> Period:
    """The same months of the year before."""
    return _moved(period, 12)


def _moved(period: Period, months: int) -> Period:
    first, last = (_month_back(day, months) for day in (period.first, period.last))
    return Period(month_of(first).first, month_of(last).last, "")


def _month_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _adopted(tx: Tx, period: Period) -> Iterable[AdoptedItem]:
    for one in store.adoptions(tx, period.first, period.last):
        units = tuple(unit_label(tx, unit, period.last.year) for unit in one.units)
        issue = f"第{one.issue}期" if one.issue.isdigit() else one.issue
        yield AdoptedItem(
            one.number, one.title, units, one.day, one.journal, one.level, one.form, issue, one.instructed,
            one.commissioned,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Trend:
    """What is kept month by month, up to a period's last month; months before the first with anything are left out."""

    codes: tuple[str, ...]
    kept: Mapping[tuple[str, int], Monthly]

    def drawn(self, units: set[int]) -> tuple[Month, ...]:
        sums: dict[str, list[int]] = {code: [0, 0, 0] for code in self.codes}
        for (code, unit), month in self.kept.items():
            if unit in units and code in sums:
                for at, number in enumerate((month.submitted, month.adopted, month.points)):
                    sums[code][at] += number
        return tuple(Month(f"{int(code[5:])}月", *three) for code, three in sums.items())

    def points_of(self, unit: int) -> tuple[int, ...]:
        months = (self.kept.get((code, unit)) for code in self.codes)
        return tuple(month.points if month else 0 for month in months)


def _trend(tx: Tx, period: Period) -> _Trend:
    last = period.last
    codes = [month_of(_month_back(last, back)).code for back in reversed(range(TREND))]
    kept = store.months(tx, codes)
    begun = min((code for code, _ in kept), default=codes[-1])
    return _Trend(tuple(code for code in codes if code >= begun), kept)


def _months_of_year(trend: _Trend, period: Period) -> dict[int, dict[str, int]]:
    """unit → `submitted.month.11`, `adopted.month.11`, `points.month.11` of the months of the year."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for (code, unit), month in trend.kept.items():
        if code[:4] == str(period.last.year):
            for what in ("submitted", "adopted", "points"):
                if number := getattr(month, what):
                    found[unit][f"{what}.month.{int(code[5:])}"] = number
    return found


def period_of(code: str) -> Period:
    """The period of a stored code."""
    return parse_period(code, date(int(code[:4]), 12, 31))
