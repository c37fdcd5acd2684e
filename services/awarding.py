"""Awards are given and taken back by people: recorded with who, when, and what the measure had computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.errors import BadInput, BaosongError, NotFound
from domain.measure import measure_on
from domain.measure.model import Award
from domain.roster import HEAD
from services import tallies
from services.desk import Clerk
from services.measures import in_force
from services.units import find_unit
from services.yearend import OUTCOMES, YearEnd, grounds_of, last_day, subject_of, year_end, year_period
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
    tx, upto = clerk.tx, last_day(year, clerk.today)
    rule = _award_meant(clerk, upto, award_word)
    subject = _subject(clerk, rule, whom, upto)
    seen = year_end(tx, clerk.office, year, clerk.today, (subject.unit_class,))
    outcome, grounds = _computed(seen, rule, subject.id)
    standing = [one for one in seen.decisions if one.stands and one.award == rule.name]
    if any((one.unit_id, one.person_id) == (subject.unit_id, subject.person_id) for one in standing):
        raise BadInput(reason=f"{subject.name}已经定为{year}年{rule.name}，没有重复登记。")
    given = sum(one.class_name == subject.unit_class for one in standing)
    reason = _checked(reason)
    if not reason and (outcome != "proposed" or given >= rule.places):
        full = f"{rule.name}名额{rule.places}个，已定{given}个"
        why = full if outcome == "proposed" else grounds or OUTCOMES[outcome]
        raise BadInput(reason=f"{subject.name}：{why}。仍要定的，请写明理由：/评先 {whom} {rule.name} 理由")
    new = NewDecision(
        year, rule.name, subject.unit_class, subject.unit_id, subject.person_id, outcome, grounds, reason,
        clerk.person.id,
    )  # fmt: skip
    award.decide(tx, new, clerk.now_ms)
    _note(clerk, "award", f"{year} {rule.name} {subject.name} {outcome} {reason}".strip())
    return Decided(year, rule.name, subject.name, outcome, grounds, rule.places, given + 1)


def take_back(clerk: Clerk, year: int, whom: str, award_word: str, reason: str) -> Decided:
    """Take an award back, with a reason."""
    _only_the_head(clerk)
    reason = _checked(reason)
    if not reason:
        raise BadInput(reason="没有写原因。请这样写：/评先 取消 单位或姓名 奖项 原因")
    rule = _award_meant(clerk, last_day(year, clerk.today), award_word)
    standing = [one for one in award.of_year(clerk.tx, year) if one.stands and one.award == rule.name]
    fitting = [one for one in standing if whom in _called(clerk.tx, one)]
    if len(fitting) != 1:
        raise NotFound(what=f"“{whom}”的{year}年{rule.name}", hint="发“/评先”看已经定的。")
    one, name = fitting[0], subject_of(clerk.tx, fitting[0])
    award.revoke(clerk.tx, one, reason, clerk.person.id, clerk.now_ms)
    _note(clerk, "award revoked", f"{year} {rule.name} {name} {reason}")
    given = sum(other.class_name == one.class_name for other in standing) - 1
    return Decided(year, rule.name, name, one.outcome, "", rule.places, given)


def _called(tx: Tx, one: Decision) -> set[str]:
    unit = roster.unit(tx, one.unit_id, one.year)
    names = {unit.label, unit.name} if unit else set()
    return {one.person, subject_of(tx, one)} if one.person_id else names


@dataclass(frozen=True, slots=True)
class _Subject:
    """The unit or the person somebody meant."""

    name: str
    unit_class: str
    unit_id: int
    person_id: int | None

    @property
    def id(self) -> int:
        return self.unit_id if self.person_id is None else self.person_id


def _subject(clerk: Clerk, rule: Award, whom: str, upto: date) -> _Subject:
    if rule.whom == "unit":
        unit = find_unit(clerk.tx, whom, upto)
        return _Subject(unit.label, roster.class_of(clerk.tx, unit.id, upto), unit.id, None)
    people = tallies.persons(clerk.tx, year_period(upto.year), upto)
    fitting = {row.person_id: row for row in reversed(people) if whom in (row.name, f"{row.unit}{row.name}")}
    if not fitting:
        hint = "请核对姓名，发“/统计 个人 今年”可看名单。"
        raise NotFound(what=f"{upto.year}年有得分的信息员“{whom}”", hint=hint)
    if len(fitting) > 1:
        names = "、".join(f"{row.unit}{row.name}" for row in fitting.values())
        raise BadInput(reason=f"“{whom}”可能是：{names}。请连单位一起写。")
    row = next(iter(fitting.values()))
    unit_class = roster.class_of(clerk.tx, row.unit_id, upto)
    return _Subject(f"{row.unit} {row.name}", unit_class, row.unit_id, row.person_id)


def _computed(seen: YearEnd, rule: Award, id: int) -> tuple[str, str]:
    """(outcome, grounds in words) of a candidate."""
    for proposal in seen.proposals:
        for candidate in proposal.candidates:
            if (proposal.award, candidate.id) == (rule.name, id) and proposal.whom == rule.whom:
                return candidate.outcome, grounds_of(candidate)
    return "absent", ""


def _award_meant(clerk: Clerk, upto: date, word: str) -> Award:
    measure = measure_on(upto, in_force(clerk.tx, clerk.office))
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
