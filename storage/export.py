"""Whole tables for the office's own sheets: items and entries of a span of days."""

from __future__ import annotations

from datetime import date

from storage.engine import Row, Tx

_UNIT_NAMES = "SELECT u.name FROM item_unit iu JOIN unit u ON u.id = iu.unit_id WHERE iu.item_id = ? ORDER BY iu.place"
_ADOPTIONS = (
    "SELECT f.journal, f.issue FROM fact f WHERE f.item_id = ? AND f.kind = 'adoption'"
    " AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id) ORDER BY f.day, f.id"
)


def items(tx: Tx, since_ms: int, before_ms: int) -> list[Row]:
    """(id, number, submitted_ms, reporter, title, kind, form, state, commissioned, writer, signer, note), oldest
    first."""
    return tx.all(
        "SELECT i.id, i.number, i.submitted_ms, p.name, i.title, i.kind, i.form, i.state, i.commissioned, i.writer,"
        " i.signer, i.note FROM item i JOIN person p ON p.id = i.author_id"
        " WHERE i.submitted_ms >= ? AND i.submitted_ms < ? ORDER BY i.submitted_ms, i.id",
        since_ms, before_ms,
    )  # fmt: skip


def unit_names(tx: Tx, item_id: int) -> list[str]:
    """The units an item is credited to, in order of signing."""
    return [name for (name,) in tx.all(_UNIT_NAMES, item_id)]


def adoptions(tx: Tx, item_id: int) -> list[tuple[str, str]]:
    """(journal's key, issue) of the adoptions of an item that hold."""
    return [(journal, issue) for journal, issue in tx.all(_ADOPTIONS, item_id)]


def entries(tx: Tx, first: date, last: date) -> list[Row]:
    """(seq, day, unit, class, number, title, journal's key, issue, form, article, reason, points, reverses,
    recorded_ms), oldest first."""
    return tx.all(
        "SELECT e.seq, e.day, u.name, COALESCE(c.class, ''), COALESCE(i.number, ''), COALESCE(i.title, ''),"
        " COALESCE(f.journal, ''), COALESCE(f.issue, ''), COALESCE(f.form, ''), e.article, e.reason, e.points,"
        " e.reverses, e.recorded_ms FROM entry e JOIN unit u ON u.id = e.unit_id"
        " LEFT JOIN item i ON i.id = e.item_id LEFT JOIN fact f ON f.id = e.fact_id"
        " LEFT JOIN unit_class c ON c.unit_id = e.unit_id AND c.year = e.ym / 100"
        " WHERE e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ? ORDER BY e.day, e.seq",
        first.year * 100 + first.month, last.year * 100 + last.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
