"""The ledger of commissions (台账): one line per assignment, and what is counted over lines (facts: domain §1.2).

Not to be confused with 计分流水 (`storage.ledger`), the ledger of points. Everything here is computed from facts and a
moment; nothing is a state of its own. `storage.assignment_ledger` counts by the same rules in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

from domain.commission import Outcome, Source, Stage, Way
from domain.ranking import adoption_rate

HIDDEN = "（不在群内，请到 OA 查看）"
"""What stands for the topic of a commission that may not be in a chat."""

TWICE = 2
"""So often not done on time within a year, and some measures take the year's points away (facts: §2.3 [R28])."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines of one commission share. Times are UTC ms; `issuer` is whoever of the office issued it."""

    id: int
    number: str
    topic: str
    requirement: str
    class_name: str
    source: Source
    way: Way
    theme: str
    off_chat: bool
    due_ms: int
    issued_ms: int
    issuer: str

    def spoken(self, year: int) -> str:
        """`约18`, as people write it in that year; `约2025-18` of another one."""
        before, _, number = self.number.rpartition("-")
        return f"约{int(number)}" if before.endswith(str(year)) else f"约{before[-4:]}-{int(number)}"


class Line(NamedTuple):
    """One assignment. `item_adopted` is 1 if something sent in answer was adopted, itself or in a digest.

    A NamedTuple, not a dataclass: ten thousand of them are made while somebody waits.
    """

    head: Head
    id: int
    unit_id: int
    due_ms: int
    stage: Stage
    received_ms: int
    answered_ms: int
    closed_ms: int
    outcome: Outcome | None
    item_adopted: int

    @property
    def is_open(self) -> bool:
        return self.stage is not Stage.CLOSED

    @property
    def is_excused(self) -> bool:
        """Nothing was owed in the end: exempted, or merged with another assignment before anything came."""
        return self.outcome is Outcome.EXEMPT or (self.outcome is Outcome.MERGED and not self.answered_ms)

    @property
    def is_delivered(self) -> bool:
        """Something was sent: by the bot's own record, or by the word of the office that closed it as sent."""
        sent = bool(self.answered_ms) or self.outcome in (Outcome.ADOPTED, Outcome.SENT)
        return sent and not self.is_excused

    @property
    def is_late(self) -> bool:
        """It came after the due time. What came another way has no time on record, and is not called late."""
        return self.answered_ms > self.due_ms and not self.is_excused

    @property
    def is_adopted(self) -> bool:
        return self.is_delivered and (self.outcome is Outcome.ADOPTED or self.item_adopted == 1)

    @property
    def is_missed(self) -> bool:
        """Not done on time, for good (facts: §2.3 [R28]): closed as 未完成, or it came too late."""
        return self.outcome is Outcome.UNDONE or self.is_late

    def is_missing(self, now_ms: int) -> bool:
        """Open, due by now, and nothing is here."""
        return self.is_open and not self.answered_ms and self.due_ms < now_ms

    def is_overdue(self, now_ms: int) -> bool:
        """The flag 是否超期."""
        return self.is_missed or self.is_missing(now_ms)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted over some lines. `delivered`, `on_time` and `adopted` are among the `owed`, `missing` is open
    and overdue, `outcomes` has the reasons of closing that occurred."""

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    commissions: int = 0
    issued: int = 0
    excused: int = 0
    received: int = 0
    delivered: int = 0
    on_time: int = 0
    adopted: int = 0
    open: int = 0
    missing: int = 0

    @property
    def owed(self) -> int:
        """应报: what was issued without what was excused."""
        return self.issued - self.excused

    @property
    def closed(self) -> int:
        return self.issued - self.open

    @property
    def completion(self) -> int | None:
        """完成率, 报送 ÷ 应报, in hundredths of a percent; None if nothing was owed."""
        return adoption_rate(self.owed, self.delivered)

    @property
    def punctuality(self) -> int | None:
        """按时率, 按时 ÷ 应报, in hundredths of a percent; None if nothing was owed."""
        return adoption_rate(self.owed, self.on_time)

    @property
    def hits(self) -> int | None:
        """采用率, 采用 ÷ 报送, in hundredths of a percent; None if nothing was sent."""
        return adoption_rate(self.delivered, self.adopted)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts over lines that have no commission in common."""
    added: dict[str, int] = {}
    outcomes: dict[Outcome, int] = {}
    for one in counts:
        for name in _NUMBERS:
            added[name] = added.get(name, 0) + getattr(one, name)
        for outcome, number in one.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + number
    return Counts(outcomes, **added)


_NUMBERS = tuple(each.name for each in fields(Counts) if each.name != "outcomes")


class Progress(NamedTuple):
    """How far a commission is: the nearest due time of what is open (UTC ms, 0 if nothing is), and its counts."""

    head: Head
    due_ms: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Missed:
    """What a unit did not do on time among the commissions due in one year, in words for the ledger."""

    unit: str
    year: int
    numbers: tuple[str, ...]

    @property
    def is_grave(self) -> bool:
        """Whether it was so often that a measure may take the year's points away."""
        return len(self.numbers) >= TWICE


@dataclass(frozen=True, slots=True)
class Record:
    """A line as it is printed: with the names behind it. `unit` is what people call the unit, `person` who signed for
    it or else its reporter, `numbers` those of the items sent, `adoption` where one was adopted, `note` what was said
    when it was closed."""

    line: Line
    unit: str
    person: str = ""
    angle: str = ""
    numbers: tuple[str, ...] = ()
    adoption: str = ""
    note: str = ""
    closer: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by one thing: `heading` names it (责任单位), each row is its word with what was counted."""

    heading: str
    rows: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A whole ledger, ready to be printed, as of a moment (UTC ms). `title` says which part of it this is."""

    title: str
    as_of_ms: int
    records: tuple[Record, ...]
    figures: tuple[Figures, ...]
    missed: tuple[Missed, ...]


def for_chat(records: Iterable[Record]) -> list[Record]:
    """The records without a word of what may not be in a chat."""
    heads: dict[int, Head] = {}
    shown = []
    for record in records:
        head = record.line.head
        if head.off_chat:
            line = record.line._replace(head=heads.setdefault(head.id, _hidden(head)))
            record = replace(record, line=line, angle="", note="")
        shown.append(record)
    return shown


def _hidden(head: Head) -> Head:
    return replace(head, topic=HIDDEN, requirement="", class_name="", theme="")
