"""What the door must know without asking the database: the groups, who is bound, who is filling in a form, where a
receipt is waited for.

A snapshot in memory, renewed after each commit that changes one of these. It only decides what to look at; rights
are decided again, in the message's own transaction, from the tables.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date

from domain.roster import Group
from domain.speech import Incoming
from storage import dialogue, receipt, roster
from storage.engine import Store, StoreFault, Topic, Tx

logger = logging.getLogger("baosong.door")


class Directory:
    """The snapshot; `groups` by (platform, number)."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, str], Group] = {}
        self.accounts: frozenset[tuple[str, str]] = frozenset()
        self.receipts: frozenset[tuple[str, str]] = frozenset()
        """(platform, target) of the chats where a unit has not received what was pushed there."""
        self._forms: set[tuple[str, str, str]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._stale = False

    def group_of(self, incoming: Incoming) -> Group | None:
        return self.groups.get((incoming.platform, incoming.group))

    def knows(self, incoming: Incoming) -> bool:
        return (incoming.platform, incoming.account) in self.accounts

    def in_form(self, incoming: Incoming) -> bool:
        return (incoming.platform, incoming.group, incoming.account) in self._forms

    def awaits_receipt(self, incoming: Incoming) -> bool:
        return (incoming.platform, incoming.target) in self.receipts and self.knows(incoming)

    def awaits_any(self, incoming: Incoming) -> bool:
        """Whether a receipt is waited for anywhere, and the sender is somebody who may give one."""
        return bool(self.receipts) and self.knows(incoming)

    def fill(self, tx: Tx, day: date) -> None:
        """Read everything anew."""
        self.groups = {(group.platform, group.group_no): group for group in roster.groups(tx, day)}
        self.accounts = frozenset(roster.all_accounts(tx))
        self._forms = set(dialogue.open_keys(tx))
        self.receipts = receipt.chats(tx)

    def follow(self, store: Store) -> None:
        """Keep up with forms as they open and close, and with receipts as they come in."""
        store.listen("dialogue", self._form_changed)
        store.listen("commission", lambda _: self._receipts_changed(store))

    def _receipts_changed(self, store: Store) -> None:
        """Read them anew, once for however many commits come meanwhile: everybody says 收到 at the same time."""
        self._stale = True
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read_receipts(store))

    async def _read_receipts(self, store: Store) -> None:
        try:
            while self._stale:
                self._stale = False
                self.receipts = await store.read(receipt.chats)
        except StoreFault:
            logger.warning("the chats that wait for a receipt could not be read", exc_info=True)
        finally:
            self._reading = None

    def _form_changed(self, topic: Topic) -> None:
        _, platform, chat, account, is_open = topic
        key = (str(platform), str(chat), str(account))
        if is_open:
            self._forms.add(key)
        else:
            self._forms.discard(key)
