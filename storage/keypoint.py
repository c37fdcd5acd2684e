"""Key-point lists as rows: drafts, what was issued and what replaced it, and the items tagged with a point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.item import State
from domain.keypoint import Point, PointList, Touch
from domain.period import Period
from storage.engine import Row, Tx

_LIST = "id, first_day, last_day, label, issued_ms, replaced_ms"


def draft(tx: Tx, span: Period, points: Sequence[str], person_id: int, now_ms: int) -> PointList:
    """Keep a list that is not issued yet; a person has one draft, the last."""
    drop_draft(tx, person_id)
    row = tx.one(
        "INSERT INTO point_list (first_day, last_day, label, drafted_by, drafted_ms) VALUES (?, ?, ?, ?, ?)"
        f" RETURNING {_LIST}",
        span.first.isoformat(), span.last.isoformat(), span.label, person_id, now_ms,
    )  # fmt: skip
    assert row is not None
    rows = [(row[0], place, text) for place, text in enumerate(points, 1)]
    tx.many("INSERT INTO key_point (list_id, place, text) VALUES (?, ?, ?)", rows)
    return _list(tx, row)


def draft_of(tx: Tx, person_id: int) -> PointList | None:
    """The list a person has drafted and not issued."""
    row = tx.one(f"SELECT {_LIST} FROM point_list WHERE drafted_by = ? AND issued_ms = 0", person_id)
    return _list(tx, row) if row else None


def drop_draft(tx: Tx, person_id: int) -> bool:
    """Give a person's draft up; False if there was none."""
    mine = "SELECT id FROM point_list WHERE drafted_by = ? AND issued_ms = 0"
    tx.run(f"DELETE FROM key_point WHERE list_id IN ({mine})", person_id)
    return bool(tx.run("DELETE FROM point_list WHERE drafted_by = ? AND issued_ms = 0", person_id))


def issue(tx: Tx, drafted: PointList, person_id: int, now_ms: int) -> int:
    """Issue a draft; it takes the place of what stands for the very same days. Returns how many lists it replaced."""
    first, last = drafted.span.first.isoformat(), drafted.span.last.isoformat()
    replaced = tx.run(
        "UPDATE point_list SET replaced_ms = ? WHERE first_day = ? AND last_day = ? AND issued_ms > 0"
        " AND replaced_ms = 0",
        now_ms, first, last,
    )  # fmt: skip
    tx.run("UPDATE point_list SET issued_ms = ?, issued_by = ? WHERE id = ?", now_ms, person_id, drafted.id)
    return replaced


def live(tx: Tx, day: date) -> list[PointList]:
    """Issued lists that nothing has replaced and whose period is not over on a day."""
    rows = tx.all(
        f"SELECT {_LIST} FROM point_list WHERE issued_ms > 0 AND replaced_ms = 0 AND last_day >= ? ORDER BY id",
        day.isoformat(),
    )
    return [_list(tx, row) for row in rows]


def of_span(tx: Tx, span: Period) -> PointList | None:
    """The list last issued for exactly these days, whatever became of it."""
    row = tx.one(
        f"SELECT {_LIST} FROM point_list WHERE first_day = ? AND last_day = ? AND issued_ms > 0"
        " ORDER BY issued_ms DESC, id DESC LIMIT 1",
        span.first.isoformat(), span.last.isoformat(),
    )  # fmt: skip
    return _list(tx, row) if row else None


def issued_by(tx: Tx, person_id: int, since_ms: int) -> PointList | None:
    """The list a person issued last, if since then."""
    row = tx.one(
        f"SELECT {_LIST} FROM point_list WHERE issued_by = ? AND issued_ms >= ? AND issued_ms > 0"
        " ORDER BY issued_ms DESC, id DESC LIMIT 1",
        person_id, since_ms,
    )  # fmt: skip
    return _list(tx, row) if row else None


def tag(tx: Tx, item_id: int, point_id: int, person_id: int, now_ms: int) -> bool:
    """Tag an item with a point; False if it had this tag."""
    written = tx.run(
        "INSERT INTO item_point (item_id, point_id, at_ms, person_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (item_id, point_id) DO NOTHING",
        item_id, point_id, now_ms, person_id,
    )  # fmt: skip
    return bool(written)


def untag(tx: Tx, item_id: int, point_id: int) -> bool:
    """Take a tag off an item; False if it had none."""
    return bool(tx.run("DELETE FROM item_point WHERE item_id = ? AND point_id = ?", item_id, point_id))


def touches(tx: Tx, list_id: int) -> list[Touch]:
    """Every unit of every item tagged with a point of a list; what was withdrawn does not count."""
    rows = tx.all(
        "SELECT t.point_id, u.unit_id, t.item_id FROM key_point p JOIN item_point t ON t.point_id = p.id"
        " JOIN item i ON i.id = t.item_id JOIN item_unit u ON u.item_id = t.item_id"
        " WHERE p.list_id = ? AND i.state <> ? ORDER BY t.point_id, t.item_id, u.place",
        list_id, State.WITHDRAWN.value,
    )  # fmt: skip
    return [Touch(*row) for row in rows]


def of_item(tx: Tx, item_id: int) -> list[tuple[str, Point]]:
    """The points an item is tagged with, each with the label of its list's period, also of lists long expired."""
    rows = tx.all(
        "SELECT l.label, p.id, p.place, p.text FROM item_point t JOIN key_point p ON p.id = t.point_id"
        " JOIN point_list l ON l.id = p.list_id WHERE t.item_id = ? ORDER BY l.id, p.place",
        item_id,
    )
    return [(label, Point(id, place, text)) for label, id, place, text in rows]


def _list(tx: Tx, row: Row) -> PointList:
    id, first, last, label, issued_ms, replaced_ms = row
    points = tx.all("SELECT id, place, text FROM key_point WHERE list_id = ? ORDER BY place", id)
    span = Period(date.fromisoformat(first), date.fromisoformat(last), label)
    return PointList(id, span, issued_ms, replaced_ms, tuple(Point(*point) for point in points))
