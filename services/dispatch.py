"""What became of messages that did not end well, and what a person can do about them.

An unknown message is settled by evidence (the platform's history shows it) or by a person, never by sending again
blindly. A message that is refused or dead alarms the head of the office, once per chat and day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.errors import NotFound, WrongState
from domain.moment import to_ms
from domain.roster import HEAD
from services import cards
from services.mail import tell
from storage import audit, outbox, roster
from storage.engine import Tx
from storage.outbox import LABELS, Parcel, Sending

ALARM = "alarm"
ALARM_TEXT = "发给{to}的消息没有送达（{state}：{error}）。\n发“/发件箱”查看和处理；今天同一去处不再提醒。"
FOUND = "平台记录里有这条消息"
SAID_SENT = "人工确认已送达"
SAID_DROPPED = "人工取消"

STATES = {"pending": Sending.PENDING, "unknown": Sending.UNKNOWN, "refused": Sending.REFUSED, "dead": Sending.DEAD}
"""The open states, by the word the command and the command line share."""

OPEN = tuple(STATES.values())
"""What the office may want to look at."""

TROUBLED = frozenset({Sending.UNKNOWN, Sending.REFUSED, Sending.DEAD})


@dataclass(frozen=True, slots=True)
class Listed:
    """A message with the name of where it goes."""

    parcel: Parcel
    to: str

    @property
    def state(self) -> str:
        return LABELS[self.parcel.state]


@dataclass(frozen=True, slots=True)
class Overview:
    """How many messages are in each open state (by what people call it), and the newest of those asked for."""

    counts: Mapping[str, int]
    listed: Sequence[Listed]


def overview(tx: Tx, states: Sequence[Sending], limit: int, day: date) -> Overview:
    """The messages in these states, newest first."""
    counts = outbox.counts(tx)
    parcels = outbox.in_states(tx, states, limit)
    return Overview(
        {LABELS[state]: counts.get(state, 0) for state in OPEN},
        [Listed(parcel, target_name(tx, parcel.platform, parcel.target, day)) for parcel in parcels],
    )


def target_name(tx: Tx, platform: str, target: str, day: date) -> str:
    """What people call a chat: the group's name, the person's name; else the platform's number."""
    kind, _, number = target.partition(":")
    if kind == "p":
        person = roster.person_of_account(tx, platform, number, day)
        return person.name if person else f"账号 {number}"
    named = (g.name for g in roster.groups(tx, day) if (g.platform, g.group_no) == (platform, number))
    return next(named, f"群 {number}")


def resend(tx: Tx, number: int, actor: str, now: datetime) -> Parcel:
    """Send a message once more, on a person's word that it did not arrive (or may arrive twice)."""
    return _change(tx, number, TROUBLED, Sending.PENDING, "", actor, now)


def mark_sent(tx: Tx, number: int, actor: str, now: datetime) -> Parcel:
    """Settle a message as sent, on a person's word that it arrived or was passed on in another way."""
    return _change(tx, number, TROUBLED, Sending.SENT, SAID_SENT, actor, now)


def drop(tx: Tx, number: int, actor: str, now: datetime) -> Parcel:
    """Give a message up; one that waits is never sent."""
    return _change(tx, number, TROUBLED | {Sending.PENDING}, Sending.DROPPED, SAID_DROPPED, actor, now)


ACTIONS = {"resend": resend, "done": mark_sent, "drop": drop}
"""What can be done with a message, by the word the command and the command line share."""


def _change(
    tx: Tx, number: int, possible: frozenset[Sending], state: Sending, why: str, actor: str, now: datetime
) -> Parcel:
    """Raises NotFound, or WrongState if the message is not in a state in which this makes sense."""
    parcel = outbox.find(tx, number)
    if parcel is None:
        raise NotFound(what=f"发件箱 {number} 号消息", hint="发“/发件箱”看编号。")
    if parcel.state not in possible or not outbox.change(tx, parcel, state, to_ms(now), why):
        raise WrongState(what=f"{number} 号消息", state=LABELS[parcel.state], action="这样处理")
    audit.write(tx, to_ms(now), actor, f"outbox {state.name.lower()}", f"outbox:{number}", f"was {parcel.state.name}")
    return parcel


def settle_found(tx: Tx, parcel: Parcel, platform_id: str, now: datetime) -> bool:
    """The platform shows the message: it was sent. False if somebody settled it meanwhile."""
    found = outbox.change(tx, parcel, Sending.SENT, to_ms(now), FOUND)
    if found:
        outbox.identify(tx, parcel.id, platform_id)
        audit.write(tx, to_ms(now), "courier", "outbox sent", f"outbox:{parcel.id}", "found in the history")
    return found


def alarm(tx: Tx, parcel: Parcel, state: Sending, error: str, now: datetime) -> None:
    """Tell the head of the office that a message did not arrive, if possible over another platform.

    The text names the chat and the platform's reason, never what the message said. An alarm that fails alarms nobody,
    and so does a card that keeps its old face.
    """
    if parcel.kind in (ALARM, cards.KIND):
        return
    to = target_name(tx, parcel.platform, parcel.target, now.date())
    text = ALARM_TEXT.format(to=to, state=LABELS[state], error=error[:100])
    for head in roster.people(tx, HEAD, now.date()):
        others = [platform for platform, _ in roster.accounts_of(tx, head.id) if platform != parcel.platform]
        tell(
            tx, head.id, text, dedup=f"{ALARM}:{parcel.platform}:{parcel.target}:{now.date()}", kind=ALARM, now=now,
            prefer=others[0] if others else "",
        )  # fmt: skip
