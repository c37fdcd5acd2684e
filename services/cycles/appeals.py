"""申诉: a unit objects to its figures, the office examines and answers, and what was done about it stays linked.

Who registered the item does not judge the objection, unless it is the head of the section (facts: domain §2.3). An
objection is granted when something was done about it: the decision names the entries that moved, or a correction set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.cycle import State, Step, Verdict, appeals_until, check_whole
from domain.errors import BadInput, BaosongError, NotFound, WrongState
from domain.moment import day_of, show_time, to_ms
from domain.period import Period, month_of
from domain.roster import DESK, HEAD, REPORTERS, UNIT_SIDE, Person
from domain.speech import Button, Card
from services import cards
from services.calendar import effective
from services.cycles import snapshot, texts
from services.desk import Clerk
from services.items import unit_label, visible_item
from services.mail import tell
from services.office import Office
from services.score import reporting_unit
from storage import appeal as store
from storage import audit, ledger, roster
from storage import correction as corrections
from storage import cycle as cycles
from storage import item as items
from storage.appeal import Appeal, Result
from storage.correction import Stage
from storage.engine import Tx

LONGEST = 500
OWN = 10
"""So many of a unit's objections are listed."""

MATTER = "appeal:{id}"


@dataclass(frozen=True, slots=True)
class Case:
    """An objection with what people call its parts, and the points that moved because of it."""

    appeal: Appeal
    period: Period
    unit: str
    number: str
    raised_by: str
    decided_by: str
    results: tuple[Result, ...]


def raise_one(
    tx: Tx, office: Office, person: Person, period: Period | None, number: str, words: str, now: datetime
) -> Case:
    """Keep a unit's objection and tell the office. Raises NotFound, BadInput, and BaosongError when it is too late."""
    unit_id = reporting_unit(person)
    if unit_id is None:
        raise BadInput(reason="您不是哪个单位的信息员或分管领导，不能代单位申诉。")
    words = " ".join(words.split())
    if not words:
        raise BadInput(reason="没有写理由。请这样写：/申诉 11月 137 省专报45期采用了，没有计分。")
    if len(words) > LONGEST:
        raise BadInput(reason=f"理由有 {len(words)} 个字，太长了（不超过 {LONGEST} 字）。请写要点，材料另送信息科。")
    item = visible_item(tx, person, number, now) if number else None
    meant = period or default_period(tx, now.date())
    check_whole(meant)
    _check_in_time(tx, office, meant, now.date())
    for one in store.of_unit(tx, unit_id, OWN):
        if one.is_open and (one.period, one.item_id) == (meant.code, item.id if item else None):
            raise BadInput(
                reason=f"这件事已经申诉过（申诉{one.id}），等候答复，不必再申诉。要补充请先发“/申诉 {one.id} 撤回”。"
            )
    id = store.add(
        tx, meant.code, unit_id, item.id if item else None, words, person.id, to_ms(now), ledger.last_seq(tx)
    )
    audit.write(tx, to_ms(now), f"person:{person.id}", "appeal", f"appeal:{id}", meant.code)
    case = find(tx, id, now)
    _tell_office(tx, case, person, now)
    return case


def default_period(tx: Tx, today: date) -> Period:
    """What an objection without a period is about: what was shown last, else what was frozen last, else this month."""
    known = cycles.cycles(tx)
    for states in ((State.SHOWN,), (State.FROZEN, State.SIGNED, State.PUBLISHED)):
        for one in reversed(known):
            if one.state in states:
                return snapshot.period_of(one.period)
    return month_of(today)


def _check_in_time(tx: Tx, office: Office, period: Period, today: date) -> None:
    frozen = cycles.last_step(tx, period.code, Step.FREEZE)
    if frozen is None:
        return
    last = appeals_until(day_of(frozen.at_ms), effective(tx, office))
    if today > last:
        raise BaosongError(reason=f"{period.label}已经冻结，申诉到{last:%m-%d}为止，现在过了。请直接联系信息科。")


def _tell_office(tx: Tx, case: Case, person: Person, now: datetime) -> None:
    """Everybody at the desk reads it, with what to do."""
    one = case.appeal
    head = texts.RAISED_TO_OFFICE.format(
        id=one.id, unit=case.unit, who=person.name, period=case.period.label, about=texts.about(case.number),
        words=one.words,
    )  # fmt: skip
    for clerk in roster.people(tx, DESK, now.date()):
        tell(tx, clerk.id, head, dedup=f"appeal:{one.id}", kind="appeal", now=now, card=card(case))


def card(case: Case) -> Card | None:
    """The buttons below an objection that is not answered yet; a refusal needs a reason and is typed."""
    one = case.appeal
    if not one.is_open:
        return None
    buttons = (Button("成立", f"/申诉 {one.id} 成立"), Button("看进展", f"/申诉 {one.id}"))
    typed = texts.HOW_TO_DECIDE.format(id=one.id)
    return Card(MATTER.format(id=one.id), f"申诉{one.id} {case.unit}", one.words, buttons, typed)


def open_in(tx: Tx, period: Period) -> list[Appeal]:
    """The objections nobody has answered yet to a period, or to one that lies in it."""
    return [one for one in store.open_ones(tx) if _lies_in(one, period)]


def _lies_in(one: Appeal, period: Period) -> bool:
    meant = snapshot.period_of(one.period)
    return period.first <= meant.last <= period.last


def find(tx: Tx, id: int, now: datetime) -> Case:
    """An objection by its number. Raises NotFound."""
    one = store.by_id(tx, id)
    if one is None:
        raise NotFound(what=f"申诉{id}", hint="发“/申诉”看有哪些。")
    return case_of(tx, one, now.year)


def visible(tx: Tx, person: Person, id: int, now: datetime) -> Case:
    """An objection the person may read: the office all, a unit its own. Raises NotFound."""
    case = find(tx, id, now)
    if not (person.has(DESK) or is_own(person, case.appeal)):
        raise NotFound(what=f"您单位的申诉{id}", hint="发“/申诉”看您单位的申诉。")
    return case


def case_of(tx: Tx, one: Appeal, year: int) -> Case:
    """What people call the parts of an objection."""
    item = items.by_id(tx, one.item_id) if one.item_id is not None else None
    period = snapshot.period_of(one.period)
    found = _results(tx, one, period)
    return Case(
        one, period, unit_of(tx, one, year), item.number if item else "", roster.name_of(tx, one.person_id),
        roster.name_of(tx, one.decided_by), tuple(found),
    )  # fmt: skip


def _results(tx: Tx, one: Appeal, period: Period) -> list[Result]:
    """What was done about an objection: by the set it names, else whatever was booked since it was raised."""
    if one.correction_id is not None:
        applied = corrections.by_id(tx, one.correction_id)
        return corrections.booked_for(tx, applied, one.unit_id) if applied else []
    upto = ledger.last_seq(tx) if one.is_open else one.upto_seq
    return store.results(tx, one, upto, period.first, period.last)


def unit_of(tx: Tx, one: Appeal, year: int) -> str:
    return unit_label(tx, one.unit_id, year)


def waiting(tx: Tx, now: datetime) -> list[Case]:
    """What the office has not answered yet, oldest first."""
    return [case_of(tx, one, now.year) for one in store.open_ones(tx)]


def own(tx: Tx, person: Person, now: datetime) -> list[Case]:
    """The latest objections of a person's unit."""
    unit_id = reporting_unit(person)
    found: Iterable[Appeal] = store.of_unit(tx, unit_id, OWN) if unit_id is not None else ()
    return [case_of(tx, one, now.year) for one in found]


def grant(clerk: Clerk, id: int, words: str, *, correction: int | None = None, unscored: bool = False) -> Case:
    """Grant an objection: points have moved since, or a correction set did it, or (`unscored`) no points are meant.

    Raises WrongState, BaosongError, NotFound.
    """
    case = _to_decide(clerk, id)
    if correction is not None:
        found = corrections.by_id(clerk.tx, correction)
        if found is None or found.stage is not Stage.APPLIED:
            raise NotFound(what=f"已经批准的更正{correction}", hint="发“/更正”看最近的一份。")
        if not corrections.booked_for(clerk.tx, found, case.appeal.unit_id):
            raise BaosongError(reason=f"更正{correction}没有改动{case.unit}的得分，请核对编号。")
    elif not case.results and not unscored:
        raise BaosongError(
            reason=f"{case.unit}的得分还没有改。请先用“/采用”“/撤销采用”“/更正”登记，再发“/申诉 {id} 成立”；"
            f"由更正单改的请写“/申诉 {id} 成立 更正2”，不涉及得分的请写“/申诉 {id} 成立 不改分”。"
        )
    return _decide(clerk, case, Verdict.GRANTED, words, correction)


def refuse(clerk: Clerk, id: int, reason: str) -> Case:
    """Refuse an objection, with a reason. Raises WrongState, BadInput, BaosongError."""
    case = _to_decide(clerk, id)
    if not reason.strip():
        raise BadInput(reason=f"没有写原因，单位要看。请这样写：/申诉 {id} 不成立 该期没有采用这条")
    return _decide(clerk, case, Verdict.REFUSED, reason, None)


def withdraw(tx: Tx, person: Person, id: int, now: datetime) -> Case:
    """The unit takes its objection back. Raises NotFound for one that is not theirs, WrongState."""
    case = find(tx, id, now)
    if not is_own(person, case.appeal):
        raise NotFound(what=f"您单位的申诉{id}", hint="发“/申诉”看您单位的申诉。")
    _check_open(case)
    store.decide(tx, id, Verdict.WITHDRAWN, person.id, to_ms(now), "", ledger.last_seq(tx))
    _close(tx, case, Verdict.WITHDRAWN, person, now)
    return find(tx, id, now)


def is_own(person: Person, one: Appeal) -> bool:
    """Whether an objection is one of the person's unit."""
    return any(post.unit_id == one.unit_id and post.role in UNIT_SIDE for post in person.posts)


def _to_decide(clerk: Clerk, id: int) -> Case:
    case = find(clerk.tx, id, clerk.now)
    _check_open(case)
    item_id = case.appeal.item_id
    involved = item_id is not None and clerk.person.id in store.registered_by(clerk.tx, item_id)
    if involved and not clerk.person.has(HEAD):
        raise BaosongError(reason=f"{case.number}是您登记的，这件申诉请科里另一位同志或信息科长答复。")
    return case


def _check_open(case: Case) -> None:
    one = case.appeal
    if not one.is_open:
        possible = f"{case.decided_by} {show_time(one.decided_ms)} 已经答复。"
        raise WrongState(what=f"申诉{one.id}", state=texts.DECIDED[one.verdict], action="再答复", possible=possible)


def _decide(clerk: Clerk, case: Case, verdict: Verdict, words: str, correction: int | None) -> Case:
    tx, id = clerk.tx, case.appeal.id
    reason = " ".join(words.split())[:LONGEST]
    store.decide(tx, id, verdict, clerk.person.id, clerk.now_ms, reason, ledger.last_seq(tx), correction)
    _close(tx, case, verdict, clerk.person, clerk.now)
    return find(tx, id, clerk.now)


def _close(tx: Tx, case: Case, verdict: Verdict, by: Person, now: datetime) -> None:
    id = case.appeal.id
    audit.write(tx, to_ms(now), f"person:{by.id}", f"appeal {verdict.value}", f"appeal:{id}", case.appeal.period)
    cards.settle(tx, MATTER.format(id=id), texts.DECIDED[verdict], by.id, now)


def to_tell(tx: Tx, one: Appeal, day: date) -> list[Person]:
    """Who hears of the answer: whoever raised it, or the unit's reporters if they have left."""
    raised = roster.person(tx, one.person_id, day)
    if raised is not None and is_own(raised, one):
        return [raised]
    return roster.people_in(tx, one.unit_id, REPORTERS, day)
