"""The rules of a measure as data: whom and what a rule is about (`Head`, `Where`), and what it grants (`Grant`).

Points are hundredths, percents and factors are hundredths too (150 % is 15000, ×2 is 200).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["cumulative", "highest", "once", "delta"]
JointMode = Literal["split_equal", "full_each", "fixed_each", "weighted"]
Per = Literal["week", "month", "quarter", "half", "year"]
What = Literal["submitted", "adopted", "points", "rate"]
Axis = Literal["class", "form", "level", "rank", "unit"]


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
    axis: Axis | Literal[""] = ""
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

    def takes(self, journal: str | None, level: str | None, form: str | None, route: str = "") -> bool:
        """Whether it is about an item in this journal of this level, in this form, by this route."""
        return (
            (not self.journals or journal in self.journals)
            and (not self.levels or level in self.levels)
            and (not self.forms or form in self.forms)
            and (not self.routes or route in self.routes)
        )


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
    `only_if`: counts only if the unit also has this event on the same matter (penalty.conditional); such a rule then
    goes before one without a condition."""

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

    Less than 0 in `least` is no demand: see `asked_of`. `encouraged`: nothing follows from missing it. `for_awards`: an
    award needs it met. `nothing_sent` says how a rate of 0/0 is judged.
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

    @property
    def is_plain(self) -> bool:
        """Whether it asks for items of any kind and anywhere."""
        return self.where == Where() and not self.kinds and not self.categories

    def asked_of(self, unit_class: str, unit: str = "") -> int | None:
        """What is asked of a unit (its name matters where quotas are set unit by unit); None for nothing."""
        if self.classes and unit_class not in self.classes:
            return None
        least = self.least.of(unit if self.least.axis == "unit" else unit_class)
        return None if least < 0 else least


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
