"""The measure (考评办法) as data: what its rules are, nothing about how they are read or applied.

A rule is small: whom and what it is about (`Head`, `Where`), and what it grants (`Grant`). Everything that joins rules
is a table of its own: how journals combine, how joint items are shared, what rolls up, which quotas there are, how the
year is turned into a result. Points are hundredths, percents and factors are hundredths too (150 % is 15000, ×2 is
200). Every rule names its article, and that article is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Mode = Literal["cumulative", "highest", "once", "delta"]
JointMode = Literal["split_equal", "full_each", "fixed_each", "weighted"]
Per = Literal["week", "month", "quarter", "half", "year"]
What = Literal["submitted", "adopted", "points", "rate"]


@dataclass(frozen=True, slots=True)
class Head:
    """What every rule has.

    `code` names it on the entries and never changes (`adoption:MRYQ`); `category` (采用分) groups its lines for limits
    and columns; no `classes` means every class. A `report_only` rule is shown with 0 points (只登记不计分).
    """

    code: str
    article: int
    category: str
    classes: tuple[str, ...] = ()
    report_only: bool = False

    def covers(self, unit_class: str) -> bool:
        return not self.classes or unit_class in self.classes


@dataclass(frozen=True, slots=True)
class Grant:
    """Points; `by` may give other ones by `axis` (class, form, level, rank, unit)."""

    points: int
    axis: Literal["", "class", "form", "level", "rank", "unit"] = ""
    by: Mapping[str, int] = field(default_factory=dict)

    def of(self, word: str | None) -> int:
        return self.by.get(word or "", self.points)


@dataclass(frozen=True, slots=True)
class Where:
    """Which happenings a rule is about; an empty list means any. `journals` and `levels` exclude each other."""

    journals: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


# --- rules that look at one fact -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdoptionRule:
    """Points for an adoption (adopt.fixed, .by_form, .by_level, .route). The most special rule counts: a named journal
    before a level, a named route before any, a named form before any, a named class before all.

    `each`: in a digest every contributing unit gets all of it, whatever the rule on joint items says. `on_top_of`: the
    points of that journal are granted too, unless the item was adopted there anyway (再加).
    """

    head: Head
    where: Where
    grant: Grant
    each: bool = False
    on_top_of: str | None = None


@dataclass(frozen=True, slots=True)
class ExternalRule:
    """Points the superior office gives by its own sheet, times `factor` in hundredths (adopt.external_points, .factor).
    As long as they are not known the entry is pending, and a period with pending entries is not frozen."""

    head: Head
    where: Where
    factor: int


@dataclass(frozen=True, slots=True)
class UpwardRule:
    """Points for an item chosen and sent up, before the superior decides (upward.sent)."""

    head: Head
    where: Where
    grant: Grant


@dataclass(frozen=True, slots=True)
class SubmissionRule:
    """Points for each item sent (submit.each), or with `acceptable_unused` for each that is fit but was not used."""

    head: Head
    where: Where
    grant: Grant
    acceptable_unused: bool = False


@dataclass(frozen=True, slots=True)
class CommissionRule:
    """The bonus for a commission: `adopted` once per item and unit with its first scored adoption, `done` when it was
    answered at all (a unit fact `commission.done`)."""

    head: Head
    grant: Grant
    outcome: Literal["adopted", "done"]


@dataclass(frozen=True, slots=True)
class InstructionRule:
    """Points for a leader's note by rank; `where` limits it to items adopted in some journals or levels
    (instruction.by_channel). `deputy` is the share in hundredths of a percent for a leader who is not the chief
    (10000 all, 5000 half). `same_rank_once`: a second note of one rank on the item adds nothing."""

    head: Head
    ranks: tuple[str, ...]
    where: Where
    grant: Grant
    deputy: int = 10000
    same_rank_once: bool = False


@dataclass(frozen=True, slots=True)
class MultiplierRule:
    """A leader's note that multiplies what the item has earned by adoption up to then: `add_n_times` adds n times it,
    `times_n` makes it n times as much. `times` in hundredths."""

    head: Head
    ranks: tuple[str, ...]
    times: int
    mode: Literal["add_n_times", "times_n"]
    same_rank_once: bool = True


@dataclass(frozen=True, slots=True)
class EventRule:
    """Fixed points, above or below zero, for something that happened to a unit: penalties, organisation, activities,
    missed commissions and feedback, errors. `events` are names such as `urgent.late` or the office's own (`培训`).
    `only_if`: counts only if the unit also has this event on the same matter (penalty.conditional)."""

    head: Head
    events: tuple[str, ...]
    grant: Grant
    only_if: str | None = None


@dataclass(frozen=True, slots=True)
class DiscretionRule:
    """A person gives the value, within a range, with a reason (discretionary)."""

    head: Head
    events: tuple[str, ...]
    lowest: int
    highest: int


# --- quotas, and rules that look at a span of time -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quota:
    """What is asked of a unit in each span: `what` counts submitted or adopted items or points (in hundredths) or the
    adoption rate (hundredths of a percent), of the items `where` is about and of `kinds`, of points in `categories`.

    None in `least` for a class (`least.axis == "class"`, absent from `by`, points < 0) is no demand: see `asked_of`.
    `encouraged`: nothing follows from missing it. `for_awards`: an award needs it met. `nothing_sent` says how a rate
    of 0/0 is judged.
    """

    id: str
    article: int
    what: What
    per: Per
    least: Grant
    where: Where = Where()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    encouraged: bool = False
    for_awards: bool = False
    nothing_sent: Literal["exempt", "below"] = "exempt"
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotaMetRule:
    """Points for every span in which the quota is met (submit.threshold, submit.period_base)."""

    head: Head
    quota: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class OverQuotaRule:
    """Points for each one above the quota (submit.over_quota)."""

    head: Head
    quota: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class QuotaMissedRule:
    """Points, below zero, for each one missing, or once per span (`lump`): penalty.quota_missing, .rate_below."""

    head: Head
    quota: str
    grant: Grant
    lump: bool = False


@dataclass(frozen=True, slots=True)
class ProportionalRule:
    """base × done ÷ quota, at most the base (quota.proportional)."""

    head: Head
    quota: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class ForfeitRule:
    """With one of `events` in a span, the points of `categories` in that span are lost (forfeit)."""

    head: Head
    events: tuple[str, ...]
    categories: tuple[str, ...]
    per: Per


@dataclass(frozen=True, slots=True)
class BaseRule:
    """What a unit starts a span with (base)."""

    head: Head
    grant: Grant
    per: Per


@dataclass(frozen=True, slots=True)
class LimitRule:
    """No more than `cap`, no less than `floor` per span, in some categories or (none named) in all together."""

    head: Head
    categories: tuple[str, ...]
    per: Per
    floor: int | None
    cap: int | None


@dataclass(frozen=True, slots=True)
class ZeroOutRule:
    """`at_least` such events in a year set the year to zero (zero_out: two missed commissions)."""

    head: Head
    events: tuple[str, ...]
    at_least: int


FactRule = (
    AdoptionRule | ExternalRule | UpwardRule | SubmissionRule | CommissionRule | InstructionRule | MultiplierRule
    | EventRule | DiscretionRule
)  # fmt: skip
SpanRule = (
    QuotaMetRule | OverQuotaRule | QuotaMissedRule | ProportionalRule | ForfeitRule | BaseRule | LimitRule | ZeroOutRule
)
Rule = FactRule | SpanRule


# --- what joins them -------------------------------------------------------------------------------------------


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
