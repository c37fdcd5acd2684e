"""Items and facts of the small city as rows, for tests of what is counted from them."""

from __future__ import annotations

from datetime import date

from domain.item import Item
from domain.scoring import Entry
from storage import item as items
from storage import ledger
from storage.engine import Tx
from storage.ledger import NewFact

CLERK = 2


def an_item(tx: Tx, units: tuple[int, ...] = (2,), *, kind: str = "动态", form: str = "单条") -> Item:
    """An item of some units, written by 张三."""
    new = items.NewItem("标题", "正文", kind, form, 5, units, "onebot", "", False, "", "", "")
    return items.add(tx, new, items.next_number(tx, 2026), 0, "")


def happened(
    tx: Tx, item: Item, kind: str, day: str, *, journal: str = "", level: str = "", form: str = "", at_ms: int = 0
) -> int:
    """A fact without its booking; the day is in 2026 unless it names a year."""
    on = date.fromisoformat(day if len(day) > len("11-03") else f"2026-{day}")
    fact = NewFact(kind, item.id, on, CLERK, journal=journal, level=level, form=form)
    return ledger.append_fact(tx, fact, at_ms)


def taken_back(tx: Tx, item: Item, fact_id: int, at_ms: int = 0) -> None:
    """The fact is revoked."""
    ledger.append_fact(tx, NewFact("revocation", item.id, date(2026, 12, 31), CLERK, revokes=fact_id), at_ms)


def an_entry(day: str, points: int, *, unit_id: int = 2, fact_id: int = 1, item_id: int = 1, code: str = "c") -> Entry:
    """An entry of 云山县; the day is in 2026 unless it names a year."""
    on = date.fromisoformat(day if len(day) > len("11-03") else f"2026-{day}")
    return Entry(fact_id, item_id, unit_id, None, on, code, "第五条", "报送信息", points, "报送分")
