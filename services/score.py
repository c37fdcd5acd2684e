"""What `/my-score`, `/unit-score` and `/rank` tell: totals, place, what is missing, and every line behind it.

The lines of a sheet are the entries themselves, so their sum is the total of the unit and a person's own part is a
sum of the same lines: no figure has a source of its own that could disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.errors import NotFound
from domain.measure import measure_on
from domain.period import PERIOD_EXAMPLES, Period
from domain.roster import REPORTERS, UNIT_SIDE, Person, Unit
from domain.unit_names import in_order
from domain.words import tidy_line
from services.board import Place, own_place
from services.cycles.standings import since_frozen
from services.office import Office
from services.units import find_unit
from storage import entry_line, ledger, roster
from storage.engine import Tx
from storage.entry_line import Line


@dataclass(frozen=True, slots=True)
class Task:
    """What the measure asks of a unit in one month (每月任务); None is no demand. `floor` is set, in hundredths of a
    percent, only if the adoption rate lies under it."""

    submit_min: int | None
    adopt_min: int | None
    floor: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """A reporter's own part of the unit's figures. Points in hundredths."""

    person_id: int
    points: int
    submitted: int
    adopted: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score of one unit in one period, points in hundredths.

    `lines` are newest first; `share` is there only for a reporter who asks. `since_frozen` is how much the counts
    (submitted, adopted) have moved since the period's board was frozen.
    """

    unit: Unit
    period: Period
    place: Place
    task: Task | None
    share: Share | None
    lines: tuple[Line, ...]
    since_frozen: tuple[int, int] = (0, 0)


def reporting_unit(person: Person) -> int | None:
    """The unit whose score is a person's business; None for people of the office."""
    if person.has(REPORTERS):
        return person.unit_id
    return next((post.unit_id for post in person.posts if post.role in UNIT_SIDE), None)


def score_sheet(
    tx: Tx, office: Office, unit_id: int, period: Period, today: date, reporter: Person | None = None
) -> Sheet:
    """Everything about a unit's score; with the own share of `reporter`, if given."""
    unit = roster.unit(tx, unit_id, period.last.year)
    assert unit is not None, "units are asked for by the roster's ids"
    place = own_place(tx, period, unit_id, office.measures)
    lines = tuple(reversed(entry_line.lines(tx, unit_id, period.first, period.last)))
    share = _share(tx, reporter, period, lines) if reporter and reporter.has(REPORTERS) else None
    shown = place if office.bulletins.ranks else place.without_rank
    late = since_frozen(tx, period, unit_id, place.submitted, place.adopted)
    return Sheet(unit, period, shown, _task(office, period, today, place), share, lines, late)


def _task(office: Office, period: Period, today: date, place: Place) -> Task | None:
    """The quota of the class, for a single month only: the measure sets it by the month."""
    measure = measure_on(min(period.last, today), office.measures)
    quota = measure.quota_for(place.class_name) if measure else None
    if measure is None or quota is None or len(period.months) > 1:
        return None
    below = measure.below_rate_floor(place.class_name, place.submitted, place.adopted)
    return Task(quota.submit_min, quota.adopt_min, quota.adoption_rate_floor if below else None)


def _share(tx: Tx, reporter: Person, period: Period, lines: tuple[Line, ...]) -> Share:
    points = sum(line.entry.points for line in lines if line.entry.author_id == reporter.id)
    return Share(reporter.id, points, *ledger.person_counts(tx, reporter.id, period.first, period.last))


def unit_meant(tx: Tx, words: str, own: int | None, today: date) -> Unit | None:
    """The unit named, or without words the person's own."""
    if words:
        return find_unit(tx, words, today)
    return roster.unit(tx, own, today.year) if own else None


def class_of(tx: Tx, unit_id: int | None, period: Period) -> str:
    """The class on whose board a unit stands in a period; '' if on none."""
    return roster.class_of(tx, unit_id, period.last) if unit_id else ""


def assessed_classes(tx: Tx, period: Period) -> list[str]:
    """The classes of the period's year, in the office's order."""
    return ledger.class_names(tx, period.last.year)


def classes_meant(tx: Tx, words: str, period: Period) -> list[str]:
    """The classes somebody means by a part of the name: 县区 is 县（市、区）, 部门 all classes of departments.

    Raises NotFound, naming the classes there are.
    """
    names = assessed_classes(tx, period)
    wanted = "".join(tidy_line(words).split())
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == wanted,
        lambda name: in_order(wanted, name),
        lambda name: set(wanted) <= set(name),
    )
    for fits in ways:
        hits = [name for name in names if fits(tidy_line(name))]
        if hits:
            return hits
    hint = f"{period.last.year}年的类别有：{'、'.join(names)}。期间{PERIOD_EXAMPLES}"
    raise NotFound(what=f"考评类别“{wanted[:20]}”", hint=hint)


__all__ = [
    "Line",
    "Share",
    "Sheet",
    "Task",
    "assessed_classes",
    "class_of",
    "classes_meant",
    "reporting_unit",
    "score_sheet",
    "unit_meant",
]
