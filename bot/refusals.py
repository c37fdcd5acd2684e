"""What the house says without a handler: the message was refused at the door, is too long, or met a fault of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from bot import texts
from domain.moment import to_ms
from domain.roster import DESK, Role
from domain.speech import Incoming, Outgoing
from services import secrecy
from services.mail import private_target
from storage import inbox, outbox, roster
from storage.engine import Tx

REGISTRARS = DESK | {Role.ADMIN}
"""Who may register a group."""


def storable(incoming: Incoming) -> Incoming:
    """The message without what no database takes: half of a surrogate pair, which JSON can smuggle in, and NUL."""
    parts = incoming.text, incoming.name, incoming.file.name if incoming.file else ""
    joined = "".join(parts)
    if joined.encode("utf-8", "ignore").decode() == joined and "\0" not in joined:
        return incoming
    text, name, file_name = (part.encode("utf-8", "replace").decode().replace("\0", "") for part in parts)
    file = replace(incoming.file, name=file_name) if incoming.file else None
    return replace(incoming, text=text, name=name, file=file)


def say_fault(tx: Tx, incoming: Incoming, reference: str, now: datetime) -> bool:
    """A fault before any handler: the number to tell the office."""
    text = texts.FAULT.format(reference=reference)
    return _say(tx, incoming, incoming.target, Outgoing(text, incoming.message_id), "answer", f"fault:{reference}", now)


def say_too_long(tx: Tx, incoming: Incoming, now: datetime) -> None:
    """A message so long that it was not even looked at."""
    message = Outgoing(texts.TOO_LONG_MESSAGE, incoming.message_id)
    _say(tx, incoming, incoming.target, message, "answer", f"too long:{_origin(incoming)}", now)


def say_not_here(tx: Tx, incoming: Incoming, now: datetime) -> None:
    """Said to the bot in a group where it only speaks; the person is told in private where to say it."""
    target = private_target(tx, incoming, now.date())
    if target:
        _say(tx, incoming, target, Outgoing(texts.NOT_HERE), "answer", f"not here:{_origin(incoming)}", now)


def say_to_register(tx: Tx, incoming: Incoming, now: datetime) -> None:
    """The bot is called in a group that is not registered: once a day the group reads what to do about it."""
    person = roster.person_of_account(tx, incoming.platform, incoming.account, now.date())
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    if person is None or roster.told_before(
        tx, incoming.platform, incoming.target, "to register", to_ms(now), since_ms=to_ms(midnight)
    ):
        return
    message = Outgoing(texts.REGISTER if person.has(REGISTRARS) else texts.LET_REGISTER, incoming.message_id)
    _say(tx, incoming, incoming.target, message, "answer", f"to register:{_origin(incoming)}", now)


def say_refused(tx: Tx, incoming: Incoming, rule: str, refused_to: str, now: datetime) -> None:
    """Refuse what the screen stopped: time, group and rule are kept, the sender is told in private where to go.

    In the group only if the platform gives no other way; the message itself is never quoted.
    """
    place, action = ("QQ、微信", "") if incoming.private else ("群", texts.RECALL)
    text = texts.REFUSED.format(rule=rule, place=place, action=action, refused_to=refused_to)
    target = private_target(tx, incoming, now.date()) or incoming.target
    source = incoming.message_id if target == incoming.target else ""
    dedup = f"refused:{_origin(incoming)}"
    if _say(tx, incoming, target, Outgoing(text, source=source), "refused", dedup, now):
        secrecy.record(tx, incoming.platform, incoming.group, rule, now, _origin(incoming))


def refuse_secret_file(tx: Tx, incoming: Incoming, inbox_id: int, rule: str, refused_to: str, now: datetime) -> None:
    """`say_refused` for a file that was fetched; its row is settled."""
    if inbox.is_open(tx, inbox_id):
        say_refused(tx, incoming, rule, refused_to, now)
        inbox.note_result(tx, inbox_id, "refused")


def _say(tx: Tx, incoming: Incoming, target: str, message: Outgoing, kind: str, dedup: str, now: datetime) -> bool:
    if target == incoming.target:
        message = replace(message, way_back=incoming.way_back)
    return outbox.put(tx, incoming.platform, target, message, dedup=dedup, kind=kind, now_ms=to_ms(now))


def _origin(incoming: Incoming) -> str:
    return f"{incoming.platform}:{incoming.bot_id}:{incoming.key}"
