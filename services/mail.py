"""Messages to people and groups, written into the outbox of the change that causes them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, datetime

from domain.moment import to_ms
from domain.speech import Card, Incoming, Mention, Outgoing, has_private_chat
from services import cards
from services.office import Office
from storage import outbox, roster
from storage.engine import Tx


def tell(
    tx: Tx,
    person_id: int,
    text: str,
    *,
    dedup: str,
    kind: str,
    now: datetime,
    prefer: str = "",
    not_before_ms: int = 0,
    expires_ms: int = 0,
    card: Card | None = None,
) -> bool:
    """Queue a private message to a person, on the platform preferred or else the one bound first.

    False if the person has no account (nobody can be reached) or was sent the same thing before (`dedup`).
    What could not be sent before `expires_ms` (UTC; 0 means never) is dropped with that as the reason. A `card` goes
    below the text where there are cards.
    """
    accounts = [found for found in roster.accounts_of(tx, person_id) if has_private_chat(found[1])]
    if not accounts:
        return False
    platform, account = next((a for a in accounts if a[0] == prefer), accounts[0])
    return cards.put(
        tx, platform, f"p:{account}", Outgoing(text), card, dedup=f"{dedup}:{person_id}", kind=kind, now_ms=to_ms(now),
        not_before_ms=not_before_ms, expires_ms=expires_ms,
    )  # fmt: skip


def private_target(tx: Tx, incoming: Incoming, day: date) -> str:
    """Where the sender of a message is answered in private; '' if the platform gives no way.

    Somebody who is known by an account of a group alone is reached at the private one of the same person.
    """
    if has_private_chat(incoming.account):
        return f"p:{incoming.account}"
    person = roster.person_of_account(tx, incoming.platform, incoming.account, day)
    accounts = roster.accounts_of(tx, person.id) if person is not None else []
    private = (a for platform, a in accounts if platform == incoming.platform and has_private_chat(a))
    return next((f"p:{account}" for account in private), "")


def tell_group(
    tx: Tx,
    platform: str,
    group_no: str,
    text: str,
    *,
    dedup: str,
    kind: str,
    now: datetime,
    not_before_ms: int = 0,
    mention: Sequence[int] = (),
) -> bool:
    """Queue a message to a group. The people of `mention` (ids) are called in it: by a real @ where the platform has
    one and they have an account, else by name."""
    mentions = tuple(found for one in mention if (found := _mention(tx, platform, one, now.date())) is not None)
    return outbox.put(
        tx, platform, f"g:{group_no}", Outgoing(text, mentions=mentions), dedup=f"{dedup}:g{group_no}", kind=kind,
        now_ms=to_ms(now), not_before_ms=not_before_ms,
    )  # fmt: skip


def _mention(tx: Tx, platform: str, person_id: int, day: date) -> Mention | None:
    """How somebody is called on a platform; None for whoever is not there any more."""
    person = roster.person(tx, person_id, day)
    if person is None:
        return None
    accounts = (a for p, a in roster.accounts_of(tx, person_id) if p == platform and has_private_chat(a))
    return Mention(next(accounts, ""), person.name)


def next_allowed_ms(office: Office, now: datetime) -> int:
    """When a message nobody waits for may go out: now, or the next speaking hour of a working day."""
    return to_ms(office.hours.next_allowed(now, office.calendar))


WITHOUT_FILES = frozenset({"qq"})
"""Platforms on which a bot cannot send a file."""


def send_file(
    tx: Tx, platform: str, target: str, name: str, data: bytes, *, dedup: str, kind: str, now: datetime
) -> bool:
    """Queue a file to a chat; False if the platform takes none from a bot, or if it was queued before (`dedup`)."""
    if platform in WITHOUT_FILES:
        return False
    message = Outgoing("", file_name=name, file_base64=base64.b64encode(data).decode("ascii"))
    return outbox.put(tx, platform, target, message, dedup=dedup, kind=kind, now_ms=to_ms(now))
