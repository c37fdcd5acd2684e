"""What the door must know without asking the database: the groups, who is bound, who is filling in a form.

A snapshot in memory, renewed after each commit that changes one of these. It only decides what to look at; rights
are decided again, in the message's own transaction, from the tables.
"""

from __future__ import annotations

from datetime import date

from domain.roster import Group
from domain.speech import Incoming
from storage import dialogue, roster
from storage.engine import Store, Topic, Tx


class Directory:
    """The snapshot; `groups` by (platform, number)."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, str], Group] = {}
        self.accounts: frozenset[tuple[str, str]] = frozenset()
        self._forms: set[tuple[str, str, str]] = set()

    def group_of(self, incoming: Incoming) -> Group | None:
        return self.groups.get((incoming.platform, incoming.group))

    def knows(self, incoming: Incoming) -> bool:
        return (incoming.platform, incoming.account) in self.accounts

    def in_form(self, incoming: Incoming) -> bool:
        return (incoming.platform, incoming.group, incoming.account) in self._forms

    def fill(self, tx: Tx, day: date) -> None:
        """Read everything anew."""
        self.groups = {(group.platform, group.group_no): group for group in roster.groups(tx, day)}
        self.accounts = frozenset(roster.all_accounts(tx))
        self._forms = set(dialogue.open_keys(tx))

    def follow(self, store: Store) -> None:
        """Keep up with forms as they open and close."""
        store.listen("dialogue", self._form_changed)

    def _form_changed(self, topic: Topic) -> None:
        _, platform, chat, account, is_open = topic
        key = (str(platform), str(chat), str(account))
        if is_open:
            self._forms.add(key)
        else:
            self._forms.discard(key)
