"""Awards are given and taken back by people: recorded with who, when, and what the measure had computed."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import BadInput, BaosongError, NotFound
from domain.measure import measure_on
from domain.measure.model import Award
from domain.roster import HEAD
from services import tallies
from services.desk import Clerk
from services.measures import in_force
from services.units import find_unit
from services.yearend import OUTCOMES, YearEnd, grounds_of, subject_of, year_end
from storage import audit, award, roster
from storage.award import Decision, NewDecision
from storage.engine import Tx

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """An award that was given (or taken back), and what had been computed about it."""

    year: int
    award: str
    whom: str
    outcome: str
    grounds: str
    places: int
    given: int


def decisions(tx: Tx, year: int) -> list[Decision]:
    """What was decided for a year, what was taken back included, in order."""
    return award.of_year(tx, year)


def decide(clerk: Clerk, year: int, whom: str, award_word: str, reason: str) -> Decided:
    """Give an award. Whoever is not proposed, or comes beyond the places, needs a reason."""
    _only_the_head(clerk)
    seen = year_end(clerk.tx, clerk.office, year, clerk.today)
    rule = _award_meant(clerk, seen, award_word)
    found = _candidate(clerk, seen, rule, whom)
    given = [
        one for one in seen.decisions if one.stands and (one.award, one.class_name) == (rule.name, found.unit_class)
    ]
    if any((one.unit_id, one.person_id) == (found.unit_id, found.person_id) for one in given):
        raise BadInput(reason=f"{found.name}已经定为{year}年{rule.name}，没有重复登记。")
    reason = _checked(reason)
    if not reason and (found.outcome != "proposed" or len(given) >= rule.places):
        why = found.grounds or OUTCOMES[found.outcome]
        why = f"{rule.name}名额{rule.places}个，已定{len(given)}个" if found.outcome == "proposed" else why
        raise BadInput(reason=f"{found.name}：{why}。仍要定的，请写明理由：/评先 {whom} {rule.name} 理由")
    new = NewDecision(
        year, rule.name, found.unit_class, found.unit_id, found.person_id, found.outcome, found.grounds, reason,
        clerk.person.id,
    )  # fmt: skip
    award.decide(clerk.tx, new, clerk.now_ms)
    _note(clerk, "award", f"{year} {rule.name} {found.name} {found.outcome} {reason}".strip())
    return Decided(year, rule.name, found.name, found.outcome, found.grounds, rule.places, len(given) + 1)


def take_back(clerk: Clerk, year: int, whom: str, award_word: str, reason: str) -> Decided:
    """Take an award back, with a reason."""
    _only_the_head(clerk)
    reason = _checked(reason)
    if not reason:
        raise BadInput(reason="没有写原因。请这样写：/评先 取消 单位或姓名 奖项 原因")
    seen = year_end(clerk.tx, clerk.office, year, clerk.today)
    rule = _award_meant(clerk, seen, award_word)
    standing = [one for one in seen.decisions if one.stands and one.award == rule.name]
    fitting = [one for one in standing if whom in _called(clerk.tx, one)]
    if len(fitting) != 1:
        raise NotFound(what=f"“{whom}”的{year}年{rule.name}", hint="发“/评先”看已经定的。")
    award.revoke(clerk.tx, fitting[0], reason, clerk.person.id, clerk.now_ms)
    name = subject_of(clerk.tx, fitting[0])
    _note(clerk, "award revoked", f"{year} {rule.name} {name} {reason}")
    return Decided(year, rule.name, name, fitting[0].outcome, "", rule.places, len(standing) - 1)


def _called(tx: Tx, one: Decision) -> set[str]:
    unit = roster.unit(tx, one.unit_id, one.year)
    names = {unit.label, unit.name} if unit else set()
    return {one.person, subject_of(tx, one)} if one.person_id else names


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate as somebody meant it, with what was computed about it."""

    name: str
    unit_class: str
    unit_id: int
    person_id: int | None
    outcome: str
    grounds: str


def _candidate(clerk: Clerk, seen: YearEnd, rule: Award, whom: str) -> _Found:
    if rule.whom == "unit":
        unit = find_unit(clerk.tx, whom, seen.upto)
        unit_class = roster.class_of(clerk.tx, unit.id, seen.upto)
        return _Found(unit.label, unit_class, unit.id, None, *_computed(seen, rule, unit.id))
    people = tallies.persons(clerk.tx, seen.period, seen.upto)
    fitting = {row.person_id: row for row in reversed(people) if whom in (row.name, f"{row.unit}{row.name}")}
    if not fitting:
        raise NotFound(
            what=f"{seen.period.label}有得分的信息员“{whom}”", hint="请核对姓名，发“/统计 个人 今年”可看名单。"
        )
    if len(fitting) > 1:
        names = "、".join(f"{row.unit}{row.name}" for row in fitting.values())
        raise BadInput(reason=f"“{whom}”可能是：{names}。请连单位一起写。")
    row = next(iter(fitting.values()))
    unit_class = roster.class_of(clerk.tx, row.unit_id, seen.upto)
    return _Found(
        f"{row.unit} {row.name}", unit_class, row.unit_id, row.person_id, *_computed(seen, rule, row.person_id)
    )  # fmt: skip


def _computed(seen: YearEnd, rule: Award, id: int) -> tuple[str, str]:
    """(outcome, grounds in words) of a candidate."""
    for proposal in seen.proposals:
        for candidate in proposal.candidates:
            if (proposal.award, candidate.id) == (rule.name, id) and proposal.whom == rule.whom:
                return candidate.outcome, grounds_of(candidate)
    return "absent", ""


def _award_meant(clerk: Clerk, seen: YearEnd, word: str) -> Award:
    measure = measure_on(seen.upto, in_force(clerk.tx, clerk.office))
    awards = measure.awards if measure else ()
    fitting = [one for one in awards if word == one.name] or [one for one in awards if word and word in one.name]
    names = {one.name for one in fitting}
    if len(names) != 1:
        known = "、".join(dict.fromkeys(one.name for one in awards)) or "没有规定奖项"
        raise NotFound(what=f"奖项“{word[:12]}”", hint=f"考评办法里有：{known}。")
    return fitting[0]


def _only_the_head(clerk: Clerk) -> None:
    if not clerk.person.has(HEAD):
        raise BaosongError(reason="评先评优由信息科长决定。")


def _checked(words: str) -> str:
    reason = " ".join(words.split())
    if len(reason) > REASON_LIMIT:
        raise BadInput(reason=f"理由有 {len(reason)} 个字，太长了（不超过 {REASON_LIMIT} 字）。")
    return reason


def _note(clerk: Clerk, action: str, detail: str) -> None:
    audit.write(clerk.tx, clerk.now_ms, f"person:{clerk.person.id}", action, "award", detail)


__all__ = ["Decided", "Decision", "decide", "decisions", "take_back"]
