"""Bringing a commission to its units: the groups that serve them, and each unit's reporter in private.

Everything is read for all units at once and queued in one go; what then happens to each message is the outbox's
business, and is read back from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from domain.commission import Assignment, Commission, State
from domain.errors import BadInput
from domain.moment import to_ms
from domain.roster import DESK, HEAD, Person, Unit
from domain.speech import Outgoing, has_private_chat
from services import cards
from services.calendar import with_calendar
from services.cards import has_cards
from services.commissions import texts
from services.dispatch import target_name
from services.mail import next_allowed_ms, tell
from services.office import Office
from services.people import platform_label
from storage import audit, push, reach, roster
from storage import commission as commissions
from storage.engine import Tx
from storage.push import NewPush, Pushed
from storage.reach import UnitReporter

LOOKED_AFTER = timedelta(days=3)
"""How long after it was queued a push is still tried elsewhere or held back."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A group or a person that is told; `unit_ids` are those of the commission it is told about. `serves_all` is a
    group for every unit."""

    platform: str
    target: str
    name: str
    person_id: int
    unit_ids: tuple[int, ...]
    serves_all: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a commission reaches, and the units where something is missing."""

    groups: tuple[Chat, ...]
    people: tuple[Chat, ...]
    no_reporter: tuple[int, ...]
    no_account: tuple[int, ...]
    no_group: tuple[int, ...]

    @property
    def out_of_reach(self) -> list[int]:
        """Units that no message reaches at all."""
        return [unit_id for unit_id in (*self.no_reporter, *self.no_account) if unit_id in set(self.no_group)]


@dataclass(frozen=True, slots=True)
class Queued:
    """What was queued: so many groups and people, from when on (UTC ms)."""

    groups: int
    people: int
    start_ms: int


def find_reach(tx: Tx, commission_id: int, unit_ids: Sequence[int], day: date) -> Reach:
    """Whom a commission to these units reaches on a day: its assignments must be there."""
    groups = []
    place = {unit_id: number for number, unit_id in enumerate(unit_ids)}
    for group in reach.groups(tx, day):
        ours = sorted(group.unit_ids & place.keys(), key=place.__getitem__)
        served = tuple(ours) if group.unit_ids else tuple(unit_ids)
        if served:
            groups.append(Chat(group.platform, group.target, group.name, 0, served, not group.unit_ids))
    reporters = reach.reporters(tx, commission_id, day)
    people: dict[tuple[str, str], tuple[UnitReporter, list[int]]] = {}
    no_account = []
    for unit_id in unit_ids:
        found = next(((one, account) for one in reporters.get(unit_id, ()) if (account := _private(one))), None)
        if found is not None:
            people.setdefault(found[1], (found[0], []))[1].append(unit_id)
        elif unit_id in reporters:
            no_account.append(unit_id)
    in_groups = {id for group in groups for id in group.unit_ids}
    return Reach(
        tuple(groups),
        tuple(
            Chat(platform, f"p:{account}", one.name, one.person_id, tuple(units))
            for (platform, account), (one, units) in people.items()
        ),
        tuple(id for id in unit_ids if id not in reporters),
        tuple(no_account),
        tuple(id for id in unit_ids if id not in in_groups),
    )


def _private(one: UnitReporter) -> tuple[str, str] | None:
    """Where a person is told things: the account bound first that has a private chat, as `services.mail.tell` does."""
    return next((found for found in one.accounts if has_private_chat(found[1])), None)


def push_out(tx: Tx, office: Office, commission: Commission, now: datetime) -> Queued:
    """Queue a commission that was just issued to everybody it reaches."""
    assigned = commissions.assignments(tx, commission.id)
    found = find_reach(tx, commission.id, list(dict.fromkeys(one.unit_id for one in assigned)), now.date())
    letters = _Letters(commission, assigned, roster.units(tx, now.date()))
    start_ms = start_of(tx, office, commission, now)
    chats = [*found.groups, *found.people]
    wave = push.last_wave(tx, commission.id) + 1
    _add(tx, commission.id, wave, [letters.to(chat) for chat in chats], to_ms(now), start_ms)
    return Queued(len(found.groups), len(found.people), start_ms)


def start_of(tx: Tx, office: Office, commission: Commission, now: datetime) -> int:
    """When its messages may go out, UTC ms: at once if it is urgent, else when one may speak."""
    return to_ms(now) if commission.urgent else next_allowed_ms(with_calendar(tx, office), now)


def unit_labels(tx: Tx, day: date) -> dict[int, str]:
    """What people call every unit of a day."""
    return {unit.id: unit.label for unit in roster.units(tx, day)}


class _Letters:
    """The text for each chat; chats of the same units get the same one."""

    def __init__(self, commission: Commission, assigned: Sequence[Assignment], units: Sequence[Unit]) -> None:
        self._commission, self._roll, self._parts = commission, texts.call_the_roll(units), texts.by_part(assigned)
        self._by_unit: dict[int, list[Assignment]] = {}
        for one in assigned:
            self._by_unit.setdefault(one.unit_id, []).append(one)
        self._written: dict[tuple[tuple[int, ...], bool], str] = {}

    def to(self, chat: Chat, instead_of: int | None = None) -> NewPush:
        own = [one for unit_id in chat.unit_ids for one in self._by_unit[unit_id]]
        # In private it is plain who is meant; a person of several units, and a group, want to be told.
        named = not chat.person_id or len(chat.unit_ids) > 1
        if (chat.unit_ids, named) not in self._written:
            text = texts.push(self._commission, own, self._parts, self._roll, named=named)
            self._written[chat.unit_ids, named] = text
        card = texts.card(self._commission, own) if _has_card(chat) else None
        message = Outgoing(self._written[chat.unit_ids, named], card=card)
        ids = () if chat.serves_all else tuple(one.id for one in own)
        return NewPush(chat.platform, chat.target, message, chat.person_id, ids, instead_of)


def _has_card(chat: Chat) -> bool:
    """Whoever reports for one unit may tap; for several one tap would say too much."""
    return len(chat.unit_ids) == 1 and has_cards(chat.platform, chat.target)


def _add(tx: Tx, commission_id: int, wave: int, pushes: Sequence[NewPush], now_ms: int, start_ms: int) -> None:
    """Queue pushes of a wave, each card with a name of its own."""
    named = [replace(one, message=cards.named(one.message, push.dedup_of(commission_id, wave, one))) for one in pushes]
    push.add(tx, commission_id, wave, named, now_ms, start_ms)
    for one in named:
        cards.keep(tx, one.platform, one.target, one.message, now_ms)


def detours_wait(tx: Tx, now: datetime) -> bool:
    """Whether a push to a person failed and was not tried elsewhere."""
    return bool(push.to_detour(tx, to_ms(now - LOOKED_AFTER)))


def detour(tx: Tx, office: Office, now: datetime) -> int:
    """Try pushes to people that failed at another account of theirs, or at another reporter of the unit, once.

    Returns how many were queued; of the others it is noted that there is no other way.
    """
    queued = 0
    failed = push.to_detour(tx, to_ms(now - LOOKED_AFTER))
    for commission_id, of_one in groupby(failed, key=lambda one: one.commission_id):
        pushes = list(of_one)
        turned = _send_elsewhere(tx, office, _of(tx, commission_id), pushes, now)
        for one in pushes:
            if one.id not in turned:
                push.give_up(tx, one, to_ms(now))
        queued += len(turned)
    return queued


def _of(tx: Tx, commission_id: int) -> Commission:
    commission = commissions.by_id(tx, commission_id)
    assert commission is not None, "a push has its commission"
    return commission


def _send_elsewhere(
    tx: Tx, office: Office, commission: Commission, pushes: Sequence[Pushed], now: datetime, *, avoid: str = ""
) -> set[int]:
    """Queue another push instead of each of these to people, where there is a way that was not tried, over another
    platform than the one to `avoid`. Returns the ids of those for which there is."""
    if commission.state is not State.ISSUED:
        return set()
    assigned = commissions.assignments(tx, commission.id)
    unit_of = {one.id: one.unit_id for one in assigned}
    letters = _Letters(commission, assigned, roster.units(tx, now.date()))
    reporters = reach.reporters(tx, commission.id, now.date())
    tried = {(one.platform, one.target) for one in push.of_commission(tx, commission.id)}
    by_wave: dict[int, list[NewPush]] = {}
    for one in pushes:
        units = tuple(dict.fromkeys(unit_of[id] for id in one.assignment_ids))
        others = [(who, where) for unit_id in units for who in reporters.get(unit_id, ()) for where in who.accounts]
        others.sort(key=lambda other: other[0].person_id != one.person_id)
        fitting = (o for o in others if o[1][0] != avoid and has_private_chat(o[1][1]) and _chat_of(o[1]) not in tried)
        other = next(fitting, None)
        if other is None:
            continue
        who, where = other
        tried.add(_chat_of(where))
        chat = Chat(*_chat_of(where), who.name, who.person_id, units)
        by_wave.setdefault(one.wave, []).append(letters.to(chat, one.id))
        audit.write(tx, to_ms(now), "clock", "commission detour", f"commission:{commission.id}", f"push {one.id}")
    for wave, instead in by_wave.items():
        _add(tx, commission.id, wave, instead, to_ms(now), start_of(tx, office, commission, now))
    return {one.instead_of for instead in by_wave.values() for one in instead if one.instead_of is not None}


def _chat_of(account: tuple[str, str]) -> tuple[str, str]:
    return account[0], f"p:{account[1]}"


def refused_waves(tx: Tx, office: Office, now: datetime) -> list[tuple[int, int, str]]:
    """(commission, wave, platform) that are to be stopped: the platform takes nothing any more."""
    limit = office.commissions.stop_after + 1
    waiting = push.waves_with_pending(tx, to_ms(now - LOOKED_AFTER))
    return [one for one in waiting if push.failed_in_a_row(tx, *one, limit)]


def stop_refused(tx: Tx, office: Office, now: datetime) -> int:
    """Hold back what still waits on a platform that keeps refusing, send it to people over another one where they have
    one, and tell the chiefs whom it did not reach."""
    stopped = refused_waves(tx, office, now)
    for commission_id, wave, platform in stopped:
        commission = _of(tx, commission_id)
        held = push.hold(tx, commission_id, wave, platform)
        turned = _turn(tx, office, commission, wave, platform, now)
        pushes = [one for one in push.of_commission(tx, commission_id) if (one.wave, one.platform) == (wave, platform)]
        failed = [one for one in pushes if one.state in push.NOT_REACHED]
        text = texts.HELD.format(
            number=commission.number, platform=platform_label(platform), failed=office.commissions.stop_after + 1,
            held=held - turned, turned=texts.TURNED.format(count=turned) if turned else "",
            names=texts.names([target_name(tx, platform, one.target, now.date()) for one in failed]),
            short=texts.short_number(commission),
        )  # fmt: skip
        _tell_chiefs(tx, text, f"held:{commission_id}:{wave}:{platform}", platform, now)
        object = f"commission:{commission_id}"
        audit.write(tx, to_ms(now), "clock", "commission held", object, f"{platform} {held}")
    return len(stopped)


def _turn(tx: Tx, office: Office, commission: Commission, wave: int, platform: str, now: datetime) -> int:
    """Send what is held back for people over another platform; returns how many. Groups have no other."""
    held = [
        one
        for one in push.of_commission(tx, commission.id)
        if one.held and (one.wave, one.platform) == (wave, platform) and one.person_id and one.instead_of is None
    ]
    turned = _send_elsewhere(tx, office, commission, held, now, avoid=platform)
    push.turn(tx, [one for one in held if one.id in turned])
    return len(turned)


def _tell_chiefs(tx: Tx, text: str, dedup: str, failing: str, now: datetime) -> None:
    """Over another platform than the one that fails, if there is one; the whole desk if no chief can be reached."""
    for roles in (HEAD, DESK):
        told = [
            tell(tx, one.id, text, dedup=dedup, kind="push held", now=now, prefer=_other(tx, one, failing))
            for one in roster.people(tx, roles, now.date())
        ]
        if any(told):
            return


def _other(tx: Tx, person: Person, failing: str) -> str:
    return next((platform for platform, _ in roster.accounts_of(tx, person.id) if platform != failing), "")


def go_on(tx: Tx, office: Office, commission: Commission, person: Person, now: datetime) -> int:
    """Send what was held back after all; returns how many. Raises BadInput if nothing was."""
    count = push.let_go_on(tx, commission.id, start_of(tx, office, commission, now))
    if not count:
        raise BadInput(
            reason=f"{commission.number} 没有暂停的推送。发“/约稿 {texts.short_number(commission)}”看推送情况。"
        )
    object = f"commission:{commission.id}"
    audit.write(tx, to_ms(now), f"person:{person.id}", "commission go on", object, str(count))
    return count


def put_off_wait(tx: Tx, office: Office, now: datetime) -> bool:
    """Whether a push that is not urgent is due outside the hours in which one may speak."""
    return push.is_calm_due(tx, to_ms(now)) and next_allowed_ms(with_calendar(tx, office), now) > to_ms(now)


def put_off(tx: Tx, office: Office, now: datetime) -> int:
    """Let those wait until one may speak again; returns how many."""
    return push.put_off_calm(tx, to_ms(now), next_allowed_ms(office, now))
