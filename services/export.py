"""Items and points as the tables an office keeps by hand (facts: domain §7.3)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.item import State
from domain.moment import ZONE, from_ms, to_ms
from domain.period import Period
from services.office import Office
from services.roster_sheet import Table
from storage import export
from storage.engine import Tx

ITEM_COLUMNS = (
    "编号", "报送时间", "报送单位", "报送人", "标题", "类别", "形式", "约稿", "撰稿人", "签发人", "状态", "采用刊物",
    "备注",
)  # fmt: skip
LEDGER_COLUMNS = (
    "流水号", "日期", "单位", "考评类别", "编号", "标题", "刊物", "期号", "形式", "条款", "事由", "分值", "冲销流水号",
    "登记时间",
)  # fmt: skip


def items_table(tx: Tx, office: Office, period: Period) -> Table:
    """What was sent in a period, one line per item; several units and journals stand in one cell."""
    names = {journal.code: journal.name for journal in office.journals}
    since, before = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    rows: list[tuple[str, ...]] = []
    for row in export.items(tx, since, before):
        id, number, at_ms, author, title, kind, form, state, commissioned, writer, signer, note = row
        adopted = "；".join(f"{names.get(code, code)}{issue}" for code, issue in export.adoptions(tx, id))
        rows.append(
            (number, _time(at_ms), "、".join(export.unit_names(tx, id)), author, title, kind, form,
             "是" if commissioned else "", writer, signer, State(state).label, adopted, note)
        )  # fmt: skip
    return Table("信息", ITEM_COLUMNS, rows)


def ledger_table(tx: Tx, office: Office, period: Period) -> Table:
    """计分流水 of a period, one line per entry, reversals included: the sum of 分值 is the sum of all points."""
    names = {journal.code: journal.name for journal in office.journals}
    rows: list[tuple[str | int | float, ...]] = []
    for row in export.entries(tx, period.first, period.last):
        seq, day, unit, class_name, number, title, code, issue, form, article, reason, points, reverses, at_ms = row
        told = (seq, day, unit, class_name, number, title, names.get(code, str(code)), issue, form, article, reason)
        rows.append((*told, points / 100, "" if reverses is None else reverses, _time(at_ms)))
    return Table("计分流水", LEDGER_COLUMNS, rows)


def _midnight(day: date) -> int:
    return to_ms(datetime.combine(day, time(), ZONE))


def _time(ms: int) -> str:
    return from_ms(ms).strftime("%Y-%m-%d %H:%M")
