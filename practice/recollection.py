"""The last things said in the groups before the page was opened, told again from the database.

The page's memory begins with the process; without this a newcomer would look into empty groups.
"""

from __future__ import annotations

from datetime import date

from domain.moment import show_time
from practice.chats import Chats
from practice.city import BOT_ACCOUNT, CITY_GROUP, COUNTY_GROUP, PLATFORM
from storage import item as items
from storage import roster
from storage.engine import Tx

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
