"""What the office registers about an item beside its adoption: a leader's instruction, that it was sent up, that it was
fit though unused, the points the superior gave."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.errors import BadInput, NotFound
from domain.instruction import DEPUTY, Instruction
from domain.item import Item, Step, check_step
from domain.measure import measure_on
from domain.measure.model import SubmissionRule, UpwardRule
from domain.scoring import Fact
from domain.upward import PLACE_NAMES, Upward
from services import points
from services.desk import Clerk, Done, carry_out, check_own, standing
from services.items import journal_name
from services.registered import leader
from storage import entry_line
from storage.engine import Tx
from storage.entry_line import Line
from storage.item import Happening
from storage.ledger import NewFact


def instruct(clerk: Clerk, item: Item, read: Instruction) -> Done:
    """Register that a leader wrote an instruction on an item; only the leader's rank and the day are kept."""
    check_step(item, Step.INSTRUCT)
    detail = DEPUTY if read.deputy else ""
    if any((one.rank, one.day, one.detail) == (read.rank, read.day, detail) for one in _instructions(clerk, item)):
        who = leader(read.rank, read.deputy, clerk.office, read.day)
        raise BadInput(reason=f"{item.name}已经登记过{read.day:%m-%d}的{who}批示，没有重复登记。")
    fact = NewFact("instruction", item.id, read.day, clerk.person.id, rank=read.rank, detail=detail)
    return _register(clerk, item, Step.INSTRUCT, fact, f"{read.rank} {detail} {read.day}")


def _instructions(clerk: Clerk, item: Item) -> list[Happening]:
    return standing(clerk.tx, item, "instruction")


def send_up(clerk: Clerk, item: Item, read: Upward) -> Done:
    """Register that an item was chosen and sent up, before the superior decides; once for each level and day."""
    check_step(item, Step.SEND_UP)
    if any((one.level, one.day) == (read.level, read.day) for one in standing(clerk.tx, item, "upward")):
        raise BadInput(
            reason=f"{item.name}已经登记过{read.day:%m-%d}报{PLACE_NAMES[read.level]}，没有重复登记。"
        )  # fmt: skip
    fact = NewFact("upward", item.id, read.day, clerk.person.id, level=read.level, form=read.form)
    return _register(clerk, item, Step.SEND_UP, fact, f"{read.level} {read.form} {read.day}")


def upward_forms(clerk: Clerk) -> tuple[str, ...]:
    """Further forms the measure in force names for sending up."""
    measure = measure_on(clerk.today, clerk.office.measures)
    rules = measure.rules if measure else ()
    return tuple(form for rule in rules if isinstance(rule, UpwardRule) for form in rule.where.forms)


def accept_unused(clerk: Clerk, item: Item) -> Done:
    """Register that an item was fit though it was not used; the measure must know of such items."""
    measure = measure_on(clerk.today, clerk.office.measures)
    rules = measure.rules if measure else ()
    if not any(isinstance(rule, SubmissionRule) and rule.acceptable_unused for rule in rules):
        raise BadInput(reason="现行考评办法没有“符合要求但未采用”的计分规定，不用登记。")
    check_step(item, Step.ACCEPT)
    if standing(clerk.tx, item, "acceptable"):
        raise BadInput(reason=f"{item.name}已经登记过符合要求未用，没有重复登记。")
    fact = NewFact("acceptable", item.id, clerk.today, clerk.person.id, form=item.form)
    return _register(clerk, item, Step.ACCEPT, fact, f"{fact.day}")


def _register(clerk: Clerk, item: Item, step: Step, fact: NewFact, detail: str) -> Done:
    def change(item: Item) -> None:
        points.record(clerk.tx, clerk.office, item, fact, clerk.now)

    return carry_out(clerk, item, step, change, detail=" ".join(detail.split()))


@dataclass(frozen=True, slots=True)
class Supplied:
    """An adoption whose points the superior has told: as it was registered, and what followed."""

    done: Done
    what: Happening


def supply_points(clerk: Clerk, item: Item, journal: str, given: int) -> Supplied:
    """Note the superior's own points (hundredths) of an adoption: the fact is taken back and registered anew with them,
    so that both stand in the history.

    Raises NotFound without such an adoption, BadInput if several could be meant or nothing would change.
    """
    check_step(item, Step.REVOKE)
    what = _adoption_meant(clerk, item, journal)
    if what.points == given:
        raise BadInput(reason=f"{item.name}的这次采用已经登记了同样的上级分值。")
    if what.points is not None:
        check_own(clerk, what)
    old = next(one for one in points.facts_of(clerk.tx, item) if one.id == what.id)

    def change(item: Item) -> None:
        points.revoke(clerk.tx, clerk.office, item, old, clerk.person.id, "补登上级分值", clerk.now)
        points.record(clerk.tx, clerk.office, item, _again(old, item, given, clerk), clerk.now)

    done = carry_out(clerk, item, Step.REVOKE, change, detail=f"points {what.journal} {what.issue} {given}")
    return Supplied(done, replace(what, points=given))


def _again(old: Fact, item: Item, given: int, clerk: Clerk) -> NewFact:
    return NewFact(
        "adoption", item.id, old.day, clerk.person.id, journal=old.journal or "", level=old.level or "",
        form=old.form or "", issue=old.issue, commissioned=old.commissioned, route=old.route, points=given,
        share=old.share,
    )  # fmt: skip


def _adoption_meant(clerk: Clerk, item: Item, journal: str) -> Happening:
    fitting = [one for one in standing(clerk.tx, item, "adoption") if journal in ("", one.journal)]
    waiting = {line.entry.fact_id for line in entry_line.pending(clerk.tx)}
    narrowed = [one for one in fitting if one.id in waiting] or fitting
    if not narrowed:
        raise NotFound(what=f"{item.name}的采用登记", hint=f"发“/查看 {item.number}”看现有的登记。")
    if len({one.journal for one in narrowed}) > 1:
        names = "、".join(f"《{journal_name(one.journal, clerk.office.journals)}》" for one in narrowed)
        raise BadInput(reason=f"{item.name}被{names}采用，请写明是哪个刊物：/外部分 {item.number} 刊物 8分")
    return narrowed[-1]


def waiting_for_points(tx: Tx) -> list[Line]:
    """The lines that wait for the superior's points, one for each adoption, oldest first."""
    return list({line.entry.fact_id: line for line in reversed(entry_line.pending(tx))}.values())[::-1]


__all__ = [
    "Supplied",
    "accept_unused",
    "instruct",
    "send_up",
    "supply_points",
    "upward_forms",
    "waiting_for_points",
]
