"""The ledger of commissions (台账): which part of it somebody asks for, what is counted, what is printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.assignment_ledger import Counts, Figures, Ledger, Line, Missed, Progress, Record, for_chat, total
from domain.commission import Commission, Way
from domain.errors import BadInput, NotFound
from domain.moment import ZONE, day_of, to_ms
from domain.period import Period, is_period_word, parse_period
from domain.roster import DESK, UNIT_SIDE, Person, Unit
from domain.words import tidy_line
from services.commissions.finding import HOW, find_commission
from services.office import Office
from services.units import find_unit
from storage import assignment_ledger as ledger
from storage import roster
from storage.assignment_ledger import By, Selection
from storage.engine import Tx

SHEET = {"表格", "excel", "xlsx", "导出", "电子表格"}
OVERDUE = {"超期", "逾期", "过期", "超期未报", "overdue"}
OPEN = {"未销号", "未办结", "在办", "open"}

NO_THEME = "（未定主题）"
CARRIED = "（含往年未销号的）"

_NUMBER = re.compile(
    r"#?\s*约\s*(?:20\d\d\s*[-—–年]\s*)?\d{1,6}号?(?=\s|$)|(?<!\S)#?(?:20\d\d-\d{3}|\d{1,3})号?(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the ledger. `units` are the units one may see, None is all; nothing said is this year with what
    is still open from before."""

    units: tuple[int, ...] | None = None
    commission: Commission | None = None
    unit: Unit | None = None
    period: Period | None = None
    overdue: bool = False
    open: bool = False
    sheet: bool = False

    def selection(self, now: datetime) -> Selection:
        """The part as the store understands it."""
        units = self.units if self.unit is None else (self.unit.id,)
        since, before = _span(self.period or parse_period("今年", now.date()))
        whole = self.commission is not None
        return Selection(
            commission_id=self.commission.id if self.commission else 0,
            unit_ids=units,
            issued_from_ms=0 if whole else since,
            issued_before_ms=0 if whole else before,
            carried=self.period is None,
            open_only=self.open,
            missing_at_ms=to_ms(now) if self.overdue else 0,
        )

    def title(self, now: datetime) -> str:
        """What it is called: `云山县 约稿台账 2026年（含往年未销号的）`, without a topic."""
        parts = [self.unit.label] if self.unit else []
        parts.append("约稿台账")
        if self.commission:
            parts.append(self.commission.number)
        else:
            period = self.period.label if self.period else f"{now.year}年{CARRIED}"
            parts.append(period)
        parts += ["超期未报"] if self.overdue else ["未销号"] if self.open else []
        return " ".join(parts)


def units_seen(person: Person) -> tuple[int, ...] | None:
    """The units whose lines a person may see: the office all (None), a unit's people their own."""
    if person.has(DESK):
        return None
    return tuple(dict.fromkeys(post.unit_id for post in person.posts if post.role in UNIT_SIDE))


def read_asked(tx: Tx, words: str, person: Person, now: datetime) -> Asked:
    """What is asked for by `约18`, a unit, a period, 超期, 表格, in any order. Raises BadInput, NotFound."""
    line = tidy_line(words)
    number = _NUMBER.search(line)
    rest = (line[: number.start()] + " " + line[number.end() :] if number else line).split()
    flags = {word for word in rest if word.casefold() in SHEET | OVERDUE | OPEN}
    periods = [word for word in rest if word not in flags and is_period_word(word)]
    unit_words = " ".join(word for word in rest if word not in flags and word not in periods)
    asked = _asked(tx, number[0] if number else "", "".join(periods), unit_words, units_seen(person), now)
    said = {word.casefold() for word in flags}
    return Asked(
        asked.units, asked.commission, asked.unit, asked.period,
        overdue=bool(said & OVERDUE), open=bool(said & OPEN), sheet=bool(said & SHEET),
    )  # fmt: skip


def select(tx: Tx, number: str, unit: str, period: str, now: datetime, *, open_only: bool) -> Asked:
    """What the command line asks for; '' is not said. Raises BadInput, NotFound."""
    asked = _asked(tx, number, period, unit, None, now)
    return Asked(None, asked.commission, asked.unit, asked.period, open=open_only)


def _asked(tx: Tx, number: str, period: str, unit: str, seen: tuple[int, ...] | None, now: datetime) -> Asked:
    commission = find_commission(tx, number, now.year) if number else None
    found = find_unit(tx, unit, now.date()) if unit else None
    if seen is not None:
        if found is not None and found.id not in seen:
            raise BadInput(reason=f"您只能看本单位的台账，不能看{found.label}的。")
        if commission is not None and not ledger.lines(tx, Selection(commission.id, seen)):
            raise NotFound(what=f"约稿 {commission.number}", hint=HOW)
        if found is None and len(seen) == 1:
            found = roster.unit(tx, seen[0], now.year)
    return Asked(seen, commission, found, parse_period(period, now.date()) if period else None)


@dataclass(frozen=True, slots=True)
class Overview:
    """Many commissions at a glance: what was counted, how many came in each way, and those with something open,
    nearest due time first."""

    counts: Counts
    ways: dict[Way, int]
    waiting: list[Progress]


def overview(tx: Tx, chosen: Selection, now: datetime) -> Overview:
    """What was counted over a selection, and what is open in it."""
    found = ledger.by_commission(tx, chosen, to_ms(now))
    waiting = sorted((one for one in found if one.counts.open), key=lambda one: one.due_ms)
    return Overview(total(one.counts for one in found), Counter(one.head.way for one in found), waiting)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the ledger small enough to be read line by line. `units` are what people call the units."""

    counts: Counts
    lines: list[Line]
    units: dict[int, str]


def part(tx: Tx, chosen: Selection, now: datetime) -> Part:
    """The lines of a selection with what was counted over them."""
    counts = total(ledger.count(tx, chosen, By.WAY, to_ms(now)).values())
    return Part(counts, ledger.lines(tx, chosen), ledger.unit_labels(tx))


def missed(tx: Tx, unit_id: int, year: int) -> list[Line]:
    """What a unit did not do on time among the commissions due in a year: closed as 未完成, or answered too late.

    Pure facts for the measure's "two or more not done on time" (facts: domain §2.3 [R28]); nothing is scored here.
    """
    return ledger.lines(tx, _missed_in(year, (unit_id,)))


def _missed_in(year: int, units: tuple[int, ...] | None) -> Selection:
    first, last = _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
    return Selection(unit_ids=units, missed_from_ms=first, missed_before_ms=last)


def whole_ledger(tx: Tx, office: Office, asked: Asked, now: datetime, *, chat: bool) -> Ledger:
    """Everything that is printed of a part of the ledger. With `chat`, nothing that may not be in a chat."""
    chosen = asked.selection(now)
    records = _records(tx, office, chosen, now)
    units = ledger.unit_labels(tx)
    return Ledger(
        title=asked.title(now),
        as_of_ms=to_ms(now),
        records=tuple(for_chat(records) if chat else records),
        figures=_figures(tx, chosen, units, now, chat=chat),
        missed=_missed(tx, chosen, [record.line for record in records], units),
    )


def count_lines(tx: Tx, asked: Asked, now: datetime) -> int:
    """How many lines a part of the ledger has."""
    return overview(tx, asked.selection(now), now).counts.issued


def _records(tx: Tx, office: Office, chosen: Selection, now: datetime) -> list[Record]:
    units, angles = ledger.unit_labels(tx), ledger.angles(tx, chosen)
    signers, reporters = ledger.signers(tx, chosen), ledger.reporters(tx, now.date())
    numbers, adoptions = ledger.numbers(tx, chosen), ledger.adoptions(tx, chosen)
    closers = ledger.closers(tx, chosen)
    journals = {journal.code: journal.name for journal in office.journals}
    records = []
    for line in ledger.lines(tx, chosen):
        closer, note = closers.get(line.id, ("", "")) if not line.is_open else ("", "")
        where = (f"《{journals.get(code, code)}》第{issue}期" for code, issue in adoptions.get(line.id, ()))
        records.append(
            Record(
                line=line,
                unit=units[line.unit_id],
                person=signers.get(line.id) or reporters.get(line.unit_id, ""),
                angle=angles.get(line.id, ""),
                numbers=numbers.get(line.id, ()),
                adoption="；".join(dict.fromkeys(where)),
                note=note,
                closer=closer,
            )
        )
    return records


def _figures(tx: Tx, chosen: Selection, units: dict[int, str], now: datetime, *, chat: bool) -> tuple[Figures, ...]:
    def by(heading: str, what: By, words: dict[int, str] | None = None) -> Figures:
        counted = ledger.count(tx, chosen, what, to_ms(now))
        keys: Iterable[str | int] = counted
        if words is not None:
            keys = (id for id in words if id in counted)
        return Figures(heading, tuple((words[int(k)] if words else str(k) or NO_THEME, counted[k]) for k in keys))

    return (
        by("责任单位", By.UNIT, units),
        by("来源", By.SOURCE),
        by("主题", By.CHAT_THEME if chat else By.THEME),
        by("下达方式", By.WAY),
    )


def _missed(tx: Tx, chosen: Selection, lines: Sequence[Line], units: dict[int, str]) -> tuple[Missed, ...]:
    """Every unit of these lines with what it missed in the years these lines were due in: a month alone would hide
    that it was the second time."""
    years = sorted({day_of(line.due_ms).year for line in lines})
    concerned = {line.unit_id for line in lines}
    found = []
    for year in years:
        by_unit: dict[int, list[str]] = {}
        for line in ledger.lines(tx, _missed_in(year, chosen.unit_ids)):
            by_unit.setdefault(line.unit_id, []).append(line.head.number)
        found += [Missed(units[id], year, tuple(by_unit[id])) for id in units if id in by_unit and id in concerned]
    return tuple(found)


def _span(period: Period) -> tuple[int, int]:
    return _midnight(period.first), _midnight(period.last + timedelta(days=1))


def _midnight(day: date) -> int:
    return to_ms(datetime.combine(day, time(), ZONE))
