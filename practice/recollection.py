"""The last things said in the groups before the page was opened, told again from the database.

The page's memory begins with the process; without this a newcomer would look into empty groups.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import date
from typing import Protocol

from domain.errors import BaosongError
from domain.moment import show_time
from domain.speech import Outgoing
from practice.cabinet import Cabinet
from practice.chats import Chats
from practice.city import BOT_ACCOUNT, CITY_GROUP, COUNTY_GROUP, NOTICE_GROUP, PLATFORM
from services.bulletins.recipients import KIND
from storage import item as items
from storage import outbox, roster
from storage.engine import Store, Tx
from storage.outbox import Parcel, Sending

TOLD = 5
"""Items per group."""


def recollect(tx: Tx, chats: Chats, today: date) -> None:
    """Put the latest submissions of each group, and their receipts, into its log."""
    for group in (CITY_GROUP, COUNTY_GROUP):
        rows = tx.all(
            "SELECT id FROM item WHERE platform = ? AND chat = ? AND version = 1 AND state <> 'withdrawn'"
            " ORDER BY submitted_ms DESC, id DESC LIMIT ?",
            PLATFORM, group, TOLD,
        )  # fmt: skip
        for (item_id,) in reversed(rows):
            _tell(tx, chats, f"g:{group}", item_id, today)


def _tell(tx: Tx, chats: Chats, chat: str, item_id: int, today: date) -> None:
    item = items.by_id(tx, item_id)
    assert item is not None, "its id was just read"
    unit = roster.unit(tx, item.unit_id, today.year)
    accounts = [account for platform, account in roster.accounts_of(tx, item.author_id) if platform == PLATFORM]
    if unit is None or not accounts:
        return
    body = items.latest_version(tx, item).body
    said = chats.add(chat, int(accounts[0]), f"/报送 {item.title}\n{body}", item.submitted_ms)
    receipt = f"收到 {item.name} {unit.label} {show_time(item.submitted_ms)}"
    chats.add(chat, BOT_ACCOUNT, receipt, item.submitted_ms + 1_000, quote=said.message_id)


class Studio(Protocol):
    """Draws what a message names instead of carrying it."""

    async def draw(self, name: str) -> Outgoing:
        """The file a name stands for. Raises BaosongError if it cannot be drawn."""


async def recollect_bulletin(store: Store, studio: Studio, chats: Chats, files: Cabinet) -> None:
    """Put the newest bulletin that was published, with its pictures, into the log of the notice group."""
    chat = f"g:{NOTICE_GROUP}"
    for parcel in await store.read(_bulletin_in, chat):
        if not parcel.message.drawn:
            chats.add(chat, BOT_ACCOUNT, parcel.message.text, parcel.created_ms)
            continue
        with suppress(BaosongError):  # a picture that cannot be drawn is missing; the log of the bot says why
            drawn = await studio.draw(parcel.message.drawn)
            picture = files.keep_picture(base64.b64decode(drawn.file_base64))
            chats.add(chat, BOT_ACCOUNT, "", parcel.created_ms, file=picture)


def _bulletin_in(tx: Tx, chat: str) -> list[Parcel]:
    """The messages of the last bulletin a chat was sent."""
    which = "kind = ? AND platform = ? AND target = ? AND state = ?"
    values = (KIND, PLATFORM, chat, Sending.SENT.value)
    rows = tx.all(
        f"SELECT id FROM outbox WHERE {which}"
        f" AND created_ms = (SELECT MAX(created_ms) FROM outbox WHERE {which}) ORDER BY id",
        *values, *values,
    )  # fmt: skip
    return [parcel for (id,) in rows if (parcel := outbox.find(tx, id)) is not None]
