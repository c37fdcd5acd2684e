"""Cards where a tap beats typing: offered with a message, settled for all together.

A card is a convenience of some platforms, never the only way: the message says everything, and whoever sees no buttons
reads what to type. A tap is a message like any other (`Incoming.tap`), so rights, redelivery and answers are those of
the command it stands for. Whatever changes a matter calls `settle`, wherever it was said; then every copy shows the
verdict, and whoever taps one that still shows its buttons learns who was first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2s

from domain.moment import show_time, to_ms
from domain.roster import Person
from domain.speech import CARD_PLATFORMS, Card, Outgoing, Tap
from storage import card as copies
from storage import outbox, roster
from storage.card import Copy
from storage.engine import Tx

KIND = "card"
"""The kind of an outbox row that only changes a card: nobody misses it if it cannot be sent."""

TOO_OLD = "这张卡片已经失效，没有办理。请直接发命令。"
SETTLED = "{title}已经有结果了：{verdict}（{who} {at}）。您这次点击没有改变什么。"
YOU = "您"


def item_matter(item_id: int) -> str:
    """An item that waits for the desk."""
    return f"item:{item_id}"


def assignment_matter(assignment_id: int) -> str:
    """An assignment its unit has not confirmed yet."""
    return f"assignment:{assignment_id}"


def draft_matter(commission_id: int) -> str:
    """A commission that is not issued: before whoever drafted it, then before the chief."""
    return f"draft:{commission_id}"


def put(
    tx: Tx,
    platform: str,
    target: str,
    message: Outgoing,
    card: Card | None,
    *,
    dedup: str,
    kind: str,
    now_ms: int,
    not_before_ms: int = 0,
    expires_ms: int = 0,
) -> bool:
    """As `outbox.put`, with a card below the message, or with the line to type where no card can be."""
    if card is not None and has_cards(platform, target):
        message = named(replace(message, card=card), dedup)
    elif card is not None and card.typed:
        message = replace(message, text=f"{message.text}\n{card.typed}")
    queued = outbox.put(
        tx, platform, target, message, dedup=dedup, kind=kind, now_ms=now_ms, not_before_ms=not_before_ms,
        expires_ms=expires_ms,
    )  # fmt: skip
    if queued:
        keep(tx, platform, target, message, now_ms)
    return queued


def has_cards(platform: str, target: str) -> bool:
    """Whether a card can be shown there: in private chats of some platforms."""
    return platform in CARD_PLATFORMS and target.startswith("p:")


def named(message: Outgoing, dedup: str) -> Outgoing:
    """A message to queue under this key, its card with the copy's name; for what is queued in other ways than `put`."""
    return message if message.card is None else replace(message, card=replace(message.card, key=_key(dedup)))


def keep(tx: Tx, platform: str, target: str, message: Outgoing, now_ms: int) -> None:
    """Remember the copy that goes out with a message, if there is one."""
    if message.card is not None:
        copies.add(tx, message.card, platform, target, now_ms)


def _key(dedup: str) -> str:
    """The copy's name: as unique as the message it comes with, and of letters every platform takes."""
    return f"card-{blake2s(dedup.encode(), digest_size=10).hexdigest()}"


def sent(tx: Tx, key: str, handle: str, until_ms: int, now_ms: int) -> None:
    """A copy arrived and can be changed with `handle`; if its matter was settled meanwhile it is changed now."""
    copies.keep_handle(tx, key, handle, until_ms)
    copy = copies.find(tx, key)
    if copy is not None and copy.settled_ms:
        _show_verdict(tx, copy, now_ms)


def tapped(tx: Tx, tap: Tap, person: Person, now: datetime) -> str:
    """Take a tap: '' if it may go on, else what the person is told instead."""
    copies.keep_handle(tx, tap.card, tap.handle, tap.until_ms)
    copy = copies.find(tx, tap.card)
    if copy is None:
        return TOO_OLD
    if not copy.settled_ms:
        return ""
    _show_verdict(tx, copy, to_ms(now))
    who = YOU if copy.settled_by == person.id else roster.name_of(tx, copy.settled_by)
    return SETTLED.format(title=copy.card.title, who=who, at=show_time(copy.settled_ms), verdict=copy.verdict)


def settle(tx: Tx, matter: str, verdict: str, by: int, now: datetime) -> None:
    """A matter was settled by somebody (a person's id): its open copies lose their buttons and show the verdict."""
    for copy in copies.settle(tx, matter, verdict, by, to_ms(now)):
        _show_verdict(tx, copy, to_ms(now))


def _show_verdict(tx: Tx, copy: Copy, now_ms: int) -> None:
    """Queue the change of one copy, if the platform lets it be changed; a handle works once."""
    if not copy.handle or copy.until_ms <= now_ms:
        return
    note = f"{roster.name_of(tx, copy.settled_by)} {show_time(copy.settled_ms)}"
    card = replace(copy.card, handle=copy.handle, verdict=copy.verdict, note=note)
    outbox.put(
        tx, copy.platform, copy.target, Outgoing(f"{card.title}：{card.verdict}", card=card),
        dedup=f"{copy.key}:{_key(copy.handle)}", kind=KIND, now_ms=now_ms, expires_ms=copy.until_ms,
    )  # fmt: skip
    copies.keep_handle(tx, copy.key, "", 0)
