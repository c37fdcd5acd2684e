"""Where a receipt (收到) is still waited for: pushes whose units have not said that they read them."""

from __future__ import annotations

from collections.abc import Collection

from storage.engine import Tx

_STANDS = "o.state IN (3, 4)"
"""The message arrived, as far as anybody knows."""

# The second condition says it all; the other two are what the index on open assignments wants to hear.
_UNREAD = "a.stage <> 'closed' AND a.stage = 'issued' AND a.due_ms > 0"


def chats(tx: Tx) -> frozenset[tuple[str, str]]:
    """(platform, target) of every chat that was pushed something a unit has not received yet."""
    rows = tx.all(
        "SELECT p.platform, p.target FROM assignment a JOIN push_unit u ON u.assignment_id = a.id"
        f" JOIN push p ON p.id = u.push_id WHERE {_UNREAD} UNION"
        " SELECT p.platform, p.target FROM push p WHERE p.commission_id IN"
        f" (SELECT a.commission_id FROM assignment a WHERE {_UNREAD})"
        " AND NOT EXISTS (SELECT 1 FROM push_unit u WHERE u.push_id = p.id)"
    )
    return frozenset((platform, target) for platform, target in rows)


def awaited(tx: Tx, platform: str, target: str, unit_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """(commission, assignment, UTC ms of the push) that these units have not received, of what stands in a chat."""
    if not unit_ids:
        return []
    marks = ", ".join("?" * len(unit_ids))
    rows = tx.all(
        "SELECT a.commission_id, a.id, MAX(o.created_ms) FROM assignment a"
        " JOIN push p ON p.commission_id = a.commission_id JOIN outbox o ON o.dedup = p.dedup"
        f" WHERE a.unit_id IN ({marks}) AND a.stage = 'issued' AND p.platform = ? AND p.target = ? AND {_STANDS}"
        " AND (EXISTS (SELECT 1 FROM push_unit u WHERE u.push_id = p.id AND u.assignment_id = a.id)"
        " OR NOT EXISTS (SELECT 1 FROM push_unit u WHERE u.push_id = p.id))"
        " GROUP BY a.commission_id, a.id ORDER BY a.id",
        *sorted(unit_ids), platform, target,
    )  # fmt: skip
    return [(commission_id, assignment_id, at_ms) for commission_id, assignment_id, at_ms in rows]
