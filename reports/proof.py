"""The proof sheet (核对单) beside a bulletin: what the one who signs has to know before, on a few pages of Word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.bulletin import Bulletin
from domain.bulletin_proof import Checked, ColumnSum, Proof, prove, shown
from domain.moment import from_ms
from domain.ranking import format_points, format_rate
from domain.snapshot import Snapshot
from reports.bulletin_docx import blank_page, saved
from reports.bulletin_xml import LABEL, TITLE, paragraph, plain_table, put_before

NAME = "通报核对单"


def write_proof(snapshot: Snapshot, bulletin: Bulletin, pending: Sequence[str] = ()) -> bytes:
    """The .docx: figures of the text against the tables, sums of columns, ties, adjustments, and what is `pending`
    (points of the superior not known yet, in words). The same in, the same bytes out."""
    proof, title = prove(snapshot, bulletin), f"{snapshot.label}{NAME}"
    parts = (
        paragraph(title, TITLE, 18, align="center"),
        _section("", (), _summary(snapshot, bulletin, proof), (32, 124)),
        _section("文中数字", _FIGURES, map(_figure, proof.figures), (18, 46, 56, 20, 16)),
        _section("各列合计", _COLUMNS, map(_column, proof.columns), (24, 64, 26, 26, 16)),
        _section("并列", _TIES, _ties(proof), (40, 16, 20, 80)),
        _section("补计和人工调整", _ADJUSTED, _adjustments(snapshot), (30, 16, 70, 18, 22)),
        _section("待定的外部分", ("事项",), ([words] for words in pending), (156,)),
    )
    document = blank_page()
    end = document.element.body[-1]
    put_before(end, "".join(parts))
    return saved(document, title, bulletin)


def verdict(proof: Proof) -> str:
    """One line for the chat: whether text and tables agree."""
    if proof.faults:
        return f"有 {proof.faults} 处数字对不上，见核对单。"
    return f"文中 {len(proof.figures)} 个数字与附表全部一致，{len(proof.columns)} 列合计无误。"


_FIGURES = ("文中", "是什么", "由来", "重算", "核对")
_COLUMNS = ("附表", "列", "各行相加", "表中合计", "核对")
_TIES = ("类别", "名次", "得分", "单位")
_ADJUSTED = ("单位", "分值", "原因", "依据", "日期")


def _section(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> str:
    """A heading and a table; nothing when there are no rows."""
    found = list(rows)
    if not found:
        return ""
    heads = headings or ("事项", "内容")
    above = paragraph(name, LABEL, 12, line=500, keep=True) if name else ""
    return above + plain_table(heads, found, widths)


def _summary(snapshot: Snapshot, bulletin: Bulletin, proof: Proof) -> list[tuple[str, str]]:
    units = sum(len(board.rows) for board in snapshot.classes)
    return [
        ("结论", verdict(proof)),
        ("通报标题", "".join(bulletin.title)),
        ("起止日期", f"{snapshot.first} 至 {snapshot.last}，共 {units} 个单位"),
        ("数据截至", f"{from_ms(snapshot.as_of_ms):%Y-%m-%d %H:%M}"),
        ("快照校验码", bulletin.stamp),
        ("依据", "；".join(snapshot.measures)),
        *_joint(snapshot),
    ]


def _joint(snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    """Joint items count for each of their units, so the sums of the tables are more than the items."""
    whole = snapshot.whole.get("period", {})
    for key, word in (("submitted", "报送"), ("adopted", "采用")):
        sums, items = whole.get(key, 0), whole.get(f"items.{key}", whole.get(key, 0))
        if sums != items:
            yield "联合报送", f"{word}：表中合计 {sums} 条，联合报送的只算一次为 {items} 条"


def _figure(one: Checked) -> tuple[str, ...]:
    rate = one.figure.shown.endswith("%")
    again = "无" if one.again is None else format_rate(one.again) if rate else str(one.again)
    return one.figure.shown, one.figure.what, one.source, again, _agreement(one.agrees)


def _column(one: ColumnSum) -> tuple[str, ...]:
    printed = "无合计行" if one.printed is None else shown(one.printed, points=one.points)
    return one.table, one.column, shown(one.added, points=one.points), printed, _agreement(one.agrees)


def _agreement(agrees: bool) -> str:
    return "一致" if agrees else "不一致"


def _ties(proof: Proof) -> Iterable[tuple[str, ...]]:
    return (
        (tie.class_name, f"第{tie.rank}名", f"{format_points(tie.points)}分", "、".join(tie.units))
        for tie in proof.ties
    )


def _adjustments(snapshot: Snapshot) -> Iterable[tuple[str, ...]]:
    return (
        (one.unit, format_points(one.points), one.reason, one.article, one.day.isoformat())
        for one in snapshot.adjustments
    )
