"""What must be true after a run, read from the tables and from what the postman carried, not from the bot's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from domain.commission import standing
from domain.ladder import obstacle, step_of
from domain.moment import day_of, from_ms
from services.office import Office
from services.reminders import KIND, URGENT_KIND
from storage import commission as commissions
from storage.engine import Tx
from storage.outbox import LABELS, Sending

EXAMPLES = 5


@dataclass(frozen=True, slots=True, order=True)
class Promise:
    """An assignment that was open with this due time (UTC ms) while the bot was up: its ladder has to end."""

    assignment_id: int
    due_ms: int


@dataclass(slots=True)
class Rule:
    """Something that must never happen, how often it did, and a few cases."""

    name: str
    looked_at: int = 0
    broken: int = 0
    examples: list[str] = field(default_factory=list)

    def hold(self, fine: bool, case: str) -> None:
        self.looked_at += 1
        if not fine:
            self.broken += 1
            self.examples = [*self.examples, case][:EXAMPLES]


@dataclass(slots=True)
class Verdicts:
    """Every rule, and how the steps, digests and messages ended."""

    rules: list[Rule]
    steps: Counter[tuple[str, str]]
    digests: Counter[tuple[str, str]]
    messages: Counter[tuple[str, str]]

    @property
    def ok(self) -> bool:
        return not any(rule.broken for rule in self.rules)


def check(tx: Tx, office: Office, promises: Iterable[Promise]) -> Verdicts:
    """Look at everything."""
    rules = [
        _nothing_lost(tx, office, promises), _nothing_waits(tx), _no_step_twice(tx), _no_text_twice(tx),
        _in_hours(tx, office), _under_the_cap(tx, office), _in_private(tx), _only_what_is_open(tx),
        _every_one_queued(tx), _digests_carried(tx),
    ]  # fmt: skip
    return Verdicts(
        rules,
        _counted(tx, "SELECT state, reason, COUNT(*) FROM reminder GROUP BY state, reason"),
        _counted(tx, "SELECT state, reason, COUNT(*) FROM digest GROUP BY state, reason"),
        _messages(tx),
    )


def _counted(tx: Tx, sql: str) -> Counter[tuple[str, str]]:
    return Counter({(state, reason): number for state, reason, number in tx.all(sql)})


def _messages(tx: Tx) -> Counter[tuple[str, str]]:
    rows = tx.all("SELECT kind, state, COUNT(*) FROM outbox WHERE kind LIKE 'reminder%' GROUP BY kind, state")
    return Counter({(kind, LABELS[Sending(state)]): number for kind, state, number in rows})


def _nothing_lost(tx: Tx, office: Office, promises: Iterable[Promise]) -> Rule:
    rule = Rule("每一步都有下落（发出、并入或写明原因）")
    ended: set[tuple[int, int, str]] = set()
    for assignment_id, due_ms, step, state, reason in tx.all(
        "SELECT assignment_id, due_ms, step, state, reason FROM reminder"
    ):
        if state == "sent" or (state in ("merged", "skipped") and reason):
            ended.add((assignment_id, due_ms, step))
    for promise in sorted(promises):
        for step in office.reminders.ladder:
            key = (promise.assignment_id, promise.due_ms, step.code)
            rule.hold(key in ended, f"assignment {key[0]}, due {from_ms(key[1])}, {key[2]}")
    return rule


def _nothing_waits(tx: Tx) -> Rule:
    rule = Rule("没有一步一直等着")
    for id, state in tx.all("SELECT id, state FROM reminder"):
        rule.hold(state != "planned", f"reminder {id}")
    return rule


def _no_step_twice(tx: Tx) -> Rule:
    rule = Rule("同一步对同一个人只提醒一次")
    rows = tx.all(
        "SELECT assignment_id, due_ms, step, person_id, COUNT(*) FROM reminder WHERE state IN ('sent', 'merged')"
        " GROUP BY assignment_id, due_ms, step, person_id"
    )
    for assignment_id, due_ms, step, person_id, number in rows:
        rule.hold(number == 1, f"assignment {assignment_id}, due {from_ms(due_ms)}, {step}, person {person_id}")
    return rule


def _delivered(tx: Tx) -> list[tuple[str, str, str, int, int, int]]:
    """(target, text, kind, sent, person, free) of every reminder that was carried."""
    rows = tx.all(
        "SELECT o.target, o.payload, o.kind, o.sent_ms, m.person_id, m.free FROM outbox o JOIN reminder_message m"
        " ON o.dedup = 'reminder:' || m.id || ':' || m.person_id WHERE o.state = ? ORDER BY o.id",
        int(Sending.SENT),
    )  # fmt: skip
    return [(target, text, kind, sent_ms, person, free) for target, text, kind, sent_ms, person, free in rows]


def _no_text_twice(tx: Tx) -> Rule:
    rule = Rule("没有人收到两条一样的提醒")
    seen: Counter[tuple[str, str, date]] = Counter()
    for target, text, _, sent_ms, _, _ in _delivered(tx):
        seen[target, text, day_of(sent_ms)] += 1
    for (target, text, day), number in seen.items():
        rule.hold(number == 1, f"{target} {day} {text[:60]}")
    return rule


def _in_hours(tx: Tx, office: Office) -> Rule:
    """Urgent messages may go at any time, but only for urgent commissions."""
    rule = Rule("工作时间以外没有提醒（急件除外）")
    for target, _, kind, sent_ms, _, _ in _delivered(tx):
        moment = from_ms(sent_ms)
        fine = kind == URGENT_KIND or office.hours.next_allowed(moment, office.calendar) == moment
        rule.hold(fine, f"{target} {moment}")
    rows = tx.all(
        "SELECT m.id, MAX(c.urgent) FROM outbox o JOIN reminder_message m"
        " ON o.dedup = 'reminder:' || m.id || ':' || m.person_id JOIN reminder r ON r.message_id = m.id"
        " JOIN assignment a ON a.id = r.assignment_id JOIN commission c ON c.id = a.commission_id"
        " WHERE o.kind = ? GROUP BY m.id",
        URGENT_KIND,
    )  # fmt: skip
    for id, urgent in rows:
        rule.hold(bool(urgent), f"message {id} went as urgent")
    return rule


def _under_the_cap(tx: Tx, office: Office) -> Rule:
    rule = Rule("每人每天不超过上限")
    days: Counter[tuple[int, date]] = Counter()
    for _, _, _, sent_ms, person_id, free in _delivered(tx):
        if not free:
            days[person_id, day_of(sent_ms)] += 1
    for (person_id, day), number in days.items():
        rule.hold(number <= office.reminders.per_person_per_day, f"person {person_id} {day}: {number}")
    return rule


def _in_private(tx: Tx) -> Rule:
    rule = Rule("提醒只发私聊")
    for (target,) in tx.all("SELECT target FROM outbox WHERE kind IN (?, ?)", KIND, URGENT_KIND):
        rule.hold(target.startswith("p:"), target)
    return rule


def _only_what_is_open(tx: Tx) -> Rule:
    """Nobody was reminded of what had been answered, closed, declined, extended at that very moment."""
    rule = Rule("已报送、已销号、已延期的不再提醒")
    for assignment_id, due_ms, step, settled_ms in tx.all(
        "SELECT assignment_id, due_ms, step, settled_ms FROM reminder WHERE state IN ('sent', 'merged')"
    ):
        one = commissions.assignment(tx, assignment_id)
        assert one is not None, "assignments stay"
        events = [event for event in commissions.events(tx, assignment_id) if event.at_ms <= settled_ms]
        then = standing(one.first_due_ms, events)
        why = obstacle(then, due_ms, step_of(step))
        rule.hold(why is None, f"assignment {assignment_id} {step} at {from_ms(settled_ms)}: {why}")
    return rule


def _every_one_queued(tx: Tx) -> Rule:
    rule = Rule("记为已提醒的，发件箱里都有下文")
    rows = tx.all(
        "SELECT m.id, o.state, o.error FROM reminder_message m LEFT JOIN outbox o"
        " ON o.dedup = 'reminder:' || m.id || ':' || m.person_id"
    )
    for id, state, error in rows:
        fine = state == int(Sending.SENT) or (state == int(Sending.DROPPED) and bool(error))
        rule.hold(fine, f"message {id}: {state}")
    return rule


def _digests_carried(tx: Tx) -> Rule:
    rule = Rule("每份每日提醒都有下落")
    for person_id, day, state, reason, message_id in tx.all(
        "SELECT person_id, day, state, reason, message_id FROM digest"
    ):
        fine = message_id is not None if state == "sent" else state == "skipped" and bool(reason)
        rule.hold(fine, f"person {person_id} {day}: {state}")
    return rule
