"""The measure (考评办法) as data: its rules and what joins them, nothing about how they are read or applied.

A rule is small (`domain/measure/rules.py`). Everything that joins rules is a table of its own: how journals combine,
how joint items are shared, what rolls up, which quotas there are, how the year is turned into a result. Points are
hundredths. Every rule names its article, and that article is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.measure.rules import (
    AdoptionRule,
    BaseRule,
    CommissionRule,
    DiscretionRule,
    EventRule,
    ExternalRule,
    FactRule,
    ForfeitRule,
    Grant,
    Head,
    InstructionRule,
    JointMode,
    LimitRule,
    Mode,
    MultiplierRule,
    OverQuotaRule,
    Per,
    ProportionalRule,
    Quota,
    QuotaMetRule,
    QuotaMissedRule,
    Rule,
    SpanRule,
    SubmissionRule,
    UpwardRule,
    What,
    Where,
    ZeroOutRule,
)
from domain.ranking import adoption_rate

__all__ = [
    "AdoptionRule",
    "Award",
    "BaseRule",
    "Combine",
    "CommissionRule",
    "Convert",
    "DiscretionRule",
    "EventRule",
    "Exempt",
    "ExternalRule",
    "FactRule",
    "ForfeitRule",
    "Grant",
    "Head",
    "InstructionRule",
    "Joint",
    "JointMode",
    "JournalEntry",
    "LimitRule",
    "Measure",
    "Mode",
    "MonthlyTask",
    "MultiplierRule",
    "OverQuotaRule",
    "Per",
    "ProportionalRule",
    "Quota",
    "QuotaMetRule",
    "QuotaMissedRule",
    "ReportOnly",
    "Result",
    "Rollup",
    "Rule",
    "SpanRule",
    "SubmissionRule",
    "UpwardRule",
    "Veto",
    "What",
    "Where",
    "ZeroOutRule",
]


@dataclass(frozen=True, slots=True)
class Combine:
    """One item in several journals: within one level, and across levels. `once`: the first counts; `delta`: a better
    one adds the difference (补差). `upward`: whether points for sending up stand beside those for being used there."""

    article: int
    within_level: Mode = "cumulative"
    across_levels: Mode = "cumulative"
    upward: Literal["cumulative", "replaced"] = "cumulative"


@dataclass(frozen=True, slots=True)
class Joint:
    """One item of several units. `weights` are percents by place; what is left is shared equally by the others.
    From `edit_share` percent rewritten by the office on, the units share only `units_keep` percent of the points."""

    article: int
    mode: JointMode
    each: Grant | None = None
    weights: tuple[int, ...] = ()
    edit_share: int | None = None
    units_keep: int = 100


@dataclass(frozen=True, slots=True)
class Rollup:
    """Points of units of some classes count for their parent too, by `share` percent; without `keep` only there."""

    article: int
    classes: tuple[str, ...]
    categories: tuple[str, ...]
    share: int = 100
    keep: bool = True


@dataclass(frozen=True, slots=True)
class ReportOnly:
    """What is shown but not scored: instructions, adoptions at some levels (只登记不计分)."""

    article: int | None
    instruction: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How a board is read. `ties`: `skip` is 1, 2, 2, 4; `order` gives every row its own number (local habit).
    `tiebreak` are criteria in order (adopted, submitted, state, province, city: adoptions there); with
    `tiebreak_ranks` they decide the rank itself. `fail_line`: below it, not up to standard."""

    ties: Literal["skip", "order"] = "skip"
    tiebreak: tuple[str, ...] = ("adopted", "submitted")
    tiebreak_ranks: bool = False
    fail_line: Grant | None = None
    article: int | None = None


@dataclass(frozen=True, slots=True)
class Convert:
    """The year's points as points of the annual target: `full` × points ÷ target, ÷ the best of the class, or a fixed
    weight in percent; never above `full` when `capped`."""

    article: int
    mode: Literal["target", "class_best", "weight"]
    full: int
    target: Grant | None = None
    weight: int = 100
    capped: bool = True


@dataclass(frozen=True, slots=True)
class Veto:
    """Such an event rules out every award of the year, whatever the points."""

    article: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Award:
    """Places per class for units or persons; `quotas` (ids) must have been met."""

    article: int
    name: str
    whom: Literal["unit", "person"]
    classes: tuple[str, ...]
    places: int
    quotas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exempt:
    """Units (by name) left out of the boards from day to day, with the reason in the article."""

    article: int
    units: tuple[str, ...]
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A journal the rules name."""

    code: str
    name: str
    level: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthlyTask:
    """What a class has to do each month, whatever the journal or kind; the floor is in hundredths of a percent. None is
    no demand."""

    submit_min: int | None
    adopt_min: int | None
    adoption_rate_floor: int | None
    nothing_sent: Literal["exempt", "below"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in one wording. `effective_to` is its last day, None while it is open. `readings`: of words that can
    be read in two ways, the reading chosen; rules of the other reading are not in `rules`."""

    id: str
    title: str
    number: str
    issuer: str
    effective_from: date
    effective_to: date | None
    classes: tuple[str, ...]
    articles: Mapping[int, str]
    journals: Mapping[str, JournalEntry]
    ranks: Mapping[str, str]
    readings: Mapping[str, str]
    rules: tuple[Rule, ...]
    quotas: Mapping[str, Quota]
    combine: Combine
    joint: Joint
    rollups: tuple[Rollup, ...]
    report_only: ReportOnly
    result: Result
    convert: Convert | None
    vetoes: tuple[Veto, ...]
    awards: tuple[Award, ...]
    exempt: tuple[Exempt, ...]

    def __hash__(self) -> int:
        return hash((self.id, self.effective_from))

    def quota_for(self, unit_class: str) -> MonthlyTask | None:
        """The monthly task of a class; None when the measure sets it none. What is only encouraged is no task."""
        asked: dict[str, int] = {}
        nothing_sent: Literal["exempt", "below"] = "exempt"
        for quota in self.quotas.values():
            least = quota.asked_of(unit_class)
            if least is None or quota.per != "month" or quota.encouraged or not quota.is_plain:
                continue
            if asked.setdefault(quota.what, least) == least and quota.what == "rate":
                nothing_sent = quota.nothing_sent
        if not asked.keys() & {"submitted", "adopted", "rate"}:
            return None
        return MonthlyTask(asked.get("submitted"), asked.get("adopted"), asked.get("rate"), nothing_sent)

    def below_rate_floor(self, unit_class: str, submitted: int, adopted: int) -> bool:
        """Whether the adoption rate of a unit is under the monthly floor of its class."""
        task = self.quota_for(unit_class)
        if task is None or task.adoption_rate_floor is None:
            return False
        rate = adoption_rate(submitted, adopted)
        return task.nothing_sent == "below" if rate is None else rate < task.adoption_rate_floor
