"""Forms half filled in: a row each, not a waiting coroutine, so that a restart loses none.

One form per person and chat. `answers` is JSON of what was said so far.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Dialogue:
    form: str
    step: str
    answers: dict[str, str]
    updated_ms: int


def find(tx: Tx, platform: str, chat: str, account: str) -> Dialogue | None:
    row = tx.one(
        "SELECT form, step, answers, updated_ms FROM dialogue WHERE platform = ? AND chat = ? AND account = ?",
        platform, chat, account,
    )  # fmt: skip
    return Dialogue(row[0], row[1], json.loads(row[2]), row[3]) if row else None


def keep(
    tx: Tx, platform: str, chat: str, account: str, person_id: int, form: str, step: str, answers: dict[str, str],
    now_ms: int,
) -> None:  # fmt: skip
    """Open a form or move it on."""
    tx.run(
        "INSERT INTO dialogue (platform, chat, account, person_id, form, step, answers, updated_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (platform, chat, account) DO UPDATE SET"
        " person_id = excluded.person_id, form = excluded.form, step = excluded.step, answers = excluded.answers,"
        " updated_ms = excluded.updated_ms",
        platform, chat, account, person_id, form, step, json.dumps(answers, ensure_ascii=False), now_ms,
    )  # fmt: skip
    tx.touch("dialogue", platform, chat, account, True)


def end(tx: Tx, platform: str, chat: str, account: str) -> bool:
    """Close a form; False if there was none."""
    closed = tx.run("DELETE FROM dialogue WHERE platform = ? AND chat = ? AND account = ?", platform, chat, account)
    tx.touch("dialogue", platform, chat, account, False)
    return bool(closed)


def open_keys(tx: Tx) -> list[tuple[str, str, str]]:
    """(platform, chat, account) of every open form."""
    return [(p, c, a) for p, c, a in tx.all("SELECT platform, chat, account FROM dialogue")]


def forget_before(tx: Tx, before_ms: int) -> int:
    """Drop forms nobody went on with; returns how many."""
    stale = tx.all("SELECT platform, chat, account FROM dialogue WHERE updated_ms < ?", before_ms)
    for platform, chat, account in stale:
        end(tx, platform, chat, account)
    return len(stale)
