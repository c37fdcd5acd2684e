"""Every type of rule found in real measures is shown by a published measure or by an example of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.measure import Measure, parse_measure
from domain.measure.rules import (
    AdoptionRule,
    BaseRule,
    CommissionRule,
    DiscretionRule,
    EventRule,
    ExternalRule,
    ForfeitRule,
    InstructionRule,
    LimitRule,
    MultiplierRule,
    OverQuotaRule,
    ProportionalRule,
    Quota,
    QuotaMetRule,
    QuotaMissedRule,
    Rule,
    SubmissionRule,
    UpwardRule,
    ZeroOutRule,
)
from tests.measures.examples import examples, framed
from tests.measures.test_files import read

Shows = Callable[[Measure], bool]


def a(kind: type[Rule], *also: Callable[..., bool]) -> Shows:
    """A measure with a rule of a kind of which all this is true."""
    return lambda measure: any(isinstance(rule, kind) and all(is_so(rule) for is_so in also) for rule in measure.rules)


def about(*events: str) -> Callable[[EventRule], bool]:
    return lambda rule: set(events) <= set(rule.events)


def asking(*also: Callable[[Quota], bool]) -> Shows:
    return lambda measure: any(all(is_so(quota) for is_so in also) for quota in measure.quotas.values())


def of(what: str) -> Callable[[Quota], bool]:
    return lambda quota: quota.what == what


def every(*events: str) -> Shows:
    """A measure that has a rule for each of these events."""
    return lambda measure: all(a(EventRule, about(event))(measure) for event in events)


def on(what: str, per: str = "") -> Callable[[Measure], set[str]]:
    return lambda measure: {
        quota.id for quota in measure.quotas.values() if quota.what == what and per in ("", quota.per)
    }


def meeting(kind: type[QuotaMetRule | QuotaMissedRule], what: str, per: str = "") -> Shows:
    """A measure with such a rule about such a quota."""
    return lambda measure: a(kind, lambda rule: rule.quota in on(what, per)(measure))(measure)


EARN: dict[str, tuple[str, Shows]] = {
    "adopt.fixed": ("lianyungang", a(AdoptionRule, lambda rule: not rule.grant.axis)),
    "adopt.by_form": ("lianyungang", a(AdoptionRule, lambda rule: rule.grant.axis == "form")),
    "adopt.by_level": ("shijiazhuang", a(AdoptionRule, lambda rule: bool(rule.where.levels))),
    "adopt.external_points": ("quzhou", a(ExternalRule)),
    "adopt.factor": ("quzhou", a(ExternalRule, lambda rule: rule.factor > 100)),
    "adopt.route": ("quzhou", a(ExternalRule, lambda rule: bool(rule.where.routes))),
    "upward.sent": ("lianyungang", a(UpwardRule)),
    "submit.each": ("报送分（submission）", a(SubmissionRule, lambda rule: not rule.acceptable_unused)),
    "submit.acceptable_unused": ("可用未采用（acceptable）", a(SubmissionRule, lambda rule: rule.acceptable_unused)),
    "submit.threshold": ("county-bureau-template", meeting(QuotaMetRule, "submitted", "year")),
    "submit.period_base": ("changshan-2014", meeting(QuotaMetRule, "submitted", "month")),
    "submit.over_quota": ("超额加分（over_quota）", a(OverQuotaRule)),
    "commission.adopted": ("guangyuan-2008", a(CommissionRule, lambda rule: rule.outcome == "adopted")),
    "instruction.fixed": ("guangyuan-2008", a(InstructionRule)),
    "instruction.by_channel": ("lianyungang", a(InstructionRule, lambda rule: bool(rule.where.journals))),
    "instruction.multiplier": ("shijiazhuang", a(MultiplierRule)),
    "instruction.deputy_factor": ("批示分（instruction）", a(InstructionRule, lambda rule: rule.deputy == 5000)),
    "organisation.fixed": ("district-template", every("机构健全")),
    "activity.points": ("固定的加分和扣分（event）", every("培训")),
    "discretionary": ("district-template", a(DiscretionRule)),
}

COST: dict[str, tuple[str, Shows]] = {
    "penalty.late": (
        "emergency-sheet-template",
        every("urgent.late", "urgent.missed", "urgent.concealed", "urgent.false"),
    ),
    "penalty.conditional": ("district-template", a(EventRule, lambda rule: rule.only_if == "criticised")),
    "penalty.commission": ("guangyuan-2008", every("commission.missed", "commission.late")),
    "penalty.feedback": ("guangyuan-2008", every("feedback.missed", "feedback.late")),
    "penalty.quota_missing": ("tiantai-market-2019", meeting(QuotaMissedRule, "submitted")),
    "penalty.rate_below": ("没完成任务扣分（quota_missed）", meeting(QuotaMissedRule, "rate")),
    "penalty.quality": ("固定的加分和扣分（event）", every("quality.error", "quality.untrue")),
    "forfeit": ("取消得分（forfeit）", a(ForfeitRule)),
    "zero_out": ("commission-zero-template", a(ZeroOutRule)),
    "veto": ("chizhou", lambda measure: bool(measure.vetoes)),
}

COMBINE: dict[str, tuple[str, Shows]] = {
    "combine.cumulative": ("lianyungang", lambda measure: measure.combine.across_levels == "cumulative"),
    "combine.delta": ("几种刊物都用了（combine）", lambda measure: measure.combine.across_levels == "delta"),
    "instruction.same_rank_once": ("huzhou-2018", a(InstructionRule, lambda rule: rule.same_rank_once)),
    "joint.split_equal": ("quzhou", lambda measure: measure.joint.mode == "split_equal"),
    "joint.edit_share": ("tiantai-market-2019", lambda measure: measure.joint.edit_share == 50),
    "rollup": ("huzhou-2018", lambda measure: bool(measure.rollups)),
    "base": ("tiantai-market-2019", a(BaseRule)),
    "fail_line": ("排名（result）", lambda measure: measure.result.fail_line is not None),
}

QUOTAS: dict[str, tuple[str, Shows]] = {
    "quota.count": ("enshi-2012", asking(of("submitted"))),
    "quota.adopted": ("tongchuan-2017", asking(of("adopted"))),
    "quota.points": ("dazhou-2009", asking(of("points"))),
    "quota.by_type": ("changshan-2014", asking(lambda quota: bool(quota.kinds or quota.where.forms))),
    "quota.proportional": ("按比例得分（proportional）", a(ProportionalRule)),
    "quota.encouraged": ("changshan-2014", asking(lambda quota: quota.encouraged)),
    "eligibility": ("section-quota-2020", asking(lambda quota: quota.for_awards)),
}

RESULTS: dict[str, tuple[str, Shows]] = {
    "convert": ("折算（convert）", lambda measure: measure.convert is not None),
    "rank.classified": ("quzhou", lambda measure: len(measure.classes) > 1 and measure.result.article == 1),
    "tiebreak": ("排名（result）", lambda measure: measure.result.tiebreak[0] == "province"),
    "award.places": ("评先（award）", lambda measure: any(award.whom == "unit" for award in measure.awards)),
    "person.points": ("评先（award）", lambda measure: any(award.whom == "person" for award in measure.awards)),
    "report_only": ("只登记不计分", lambda measure: measure.report_only.instruction),
    "effective_dates": ("一年用两个办法", lambda measure: measure.effective_to is not None),
    "exempt": ("免考评（exempt）", lambda measure: bool(measure.exempt)),
}

TYPES = EARN | COST | COMBINE | QUOTAS | RESULTS

VARIANTS: list[tuple[str, str, Shows]] = [
    ("commission.done", "约稿分（commission）", a(CommissionRule, lambda rule: rule.outcome == "done")),
    ("combine.highest", "quzhou", lambda measure: measure.combine.within_level == "highest"),
    ("combine.once", "几种刊物都用了（combine）", lambda measure: measure.combine.within_level == "once"),
    ("combine by level", "几种刊物都用了（combine）", lambda measure: len(_modes(measure)) == 2),
    ("upward replaced", "几种刊物都用了（combine）", lambda measure: measure.combine.upward == "replaced"),
    ("joint.full_each", "tiantai-market-2019", lambda measure: measure.joint.mode == "full_each"),
    ("joint.fixed_each", "几家联合报（joint）", lambda measure: measure.joint.mode == "fixed_each"),
    ("joint.weighted", "几家联合报（joint）", lambda measure: measure.joint.mode == "weighted"),
    ("floor", "emergency-sheet-template", a(LimitRule, lambda rule: rule.floor == 0)),
    ("cap", "changshan-2014", a(LimitRule, lambda rule: rule.cap == 12000)),
    ("ties by local habit", "排名（result）", lambda measure: measure.result.tiebreak_ranks),
    ("convert by the best of the class", "折算（convert）", lambda measure: _converts(measure, "class_best")),
    ("convert by a target", "折算（convert）", lambda measure: _converts(measure, "target")),
]
"""Types that come in several ways: each way is shown too."""


def _modes(measure: Measure) -> set[str]:
    return {measure.combine.within_level, measure.combine.across_levels}


def _converts(measure: Measure, mode: str) -> bool:
    return measure.convert is not None and measure.convert.mode == mode


def shown(place: str) -> list[Measure]:
    """The published measure of this name, or the measures of the examples below this heading of the page."""
    found = [parse_measure(framed(block)) for each in examples() if each.heading == place for block in each.blocks]
    return found or [read(place)]


def test_there_are_53_types() -> None:
    assert len(TYPES) == 53


@pytest.mark.parametrize(("place", "shows"), TYPES.values(), ids=TYPES)
def test_a_type_of_rule_is_shown(place: str, shows: Shows) -> None:
    assert any(shows(measure) for measure in shown(place))


@pytest.mark.parametrize(("place", "shows"), [row[1:] for row in VARIANTS], ids=[row[0] for row in VARIANTS])
def test_every_way_of_a_type_is_shown(place: str, shows: Shows) -> None:
    assert any(shows(measure) for measure in shown(place))
