"""What people read of a bulletin in the chat; every figure comes from the board the documents are drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.bulletin import Bulletin
from domain.bulletin_parts import text_of
from domain.bulletin_words import opening_of
from domain.moment import from_ms
from domain.period import Period
from domain.ranking import adoption_rate, format_points, format_rate
from domain.snapshot import ClassBoard, Figures, Snapshot, UnitRow
from services.cycles.texts import short_label, show_until

LONGEST = 1_200
"""Characters of one message: a part that is longer is several."""

NAMED = 6

DRAFTED = "【通报草稿】{label}政务信息"
READY = "【通报】{label}核对期已过，可以签发了。"
READY_BUT = "【通报】{label}核对期已过，办完下面的就可以签发。\n{left}"
FILES_FOLLOW = "Word 草稿和核对单随后发来。"
CARD_TITLE = "{label}通报"
SIGN, LOOK = "签发并印发", "看草稿"
TYPED_HEAD = "签发并印发请发“/通报 签发 {short}”；改了数据，重出草稿请发“/通报 草稿 {short}”。"
TYPED_CLERK = "改了数据，重出草稿请发“/通报 草稿 {short}”；签发由信息科长办理。"
OWN_HEAD = "【通报】{label}政务信息"
OWN_TAIL = "逐笔明细请发“/我的得分 {short}”；有疑问请发“/申诉 {short} 理由”。"
DETAILS = "本单位明细请私聊发送“/我的得分 {short}”。"
ENCLOSED = "全文见文件。"
NO_GLYPHS = (
    "【通报】{label}的图片、PDF 里有字体没有的字：{characters}，显示为空框。"
    "Word 文档不受影响；请把有这些字的字体放进 bulletin.fonts_dir 指的文件夹。"
)


@dataclass(frozen=True, slots=True)
class Open:
    """What is not settled before a board can be frozen: entries without the superior's points, objections without an
    answer, until when the units may object (None: they were not asked, or the time is over)."""

    pending: int = 0
    objections: int = 0
    until: datetime | None = None


def drafted(period: Period, snapshot: Snapshot, faults: int, left: Open) -> str:
    """The office's word on a new draft: the figures, what is odd, what comes next."""
    lines = [DRAFTED.format(label=period.label), _figures(snapshot)]
    if silent := [row.short for board in snapshot.classes for row in board.rows if not row.period.get("submitted")]:
        lines.append(f"未报送{len(silent)}个：{_some(silent)}")
    lines.append(f"有{faults}处数字对不上，见核对单。" if faults else "文中数字与附表一致。")
    return "\n".join([*lines, *_left(left), FILES_FOLLOW])


def _left(left: Open) -> Iterator[str]:
    if left.pending:
        yield f"上级分值未定{left.pending}笔，登记后才能签发：/外部分"
    if left.objections:
        yield f"申诉未答复{left.objections}件，答复后才能签发：/申诉"
    if left.until is not None:
        yield f"各单位核对到{show_until(left.until)}，过后签发。"


def _figures(snapshot: Snapshot) -> str:
    whole = snapshot.whole.get("period", {})
    sent, used = whole.get("submitted", 0), whole.get("adopted", 0)
    rate = adoption_rate(sent, used)
    said = "" if rate is None else f"，采用率{format_rate(rate)}"
    return f"报送{sent}条，采用{used}条{said}"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def announcement(snapshot: Snapshot, bulletin: Bulletin, below: str) -> str:
    """The bulletin in a few paragraphs; `below` says where the rest is."""
    head = "".join(bulletin.title) + (f"\n{bulletin.number}" if bulletin.number else "")
    told = [
        "".join(map(text_of, section.paragraphs)) for section in bulletin.sections if section.key in ("表扬", "零报送")
    ]
    opening = "".join(map(text_of, opening_of(snapshot, going_on=False)))
    return "\n\n".join([head, opening, *told, below])


def details(period: Period) -> str:
    """Where a unit finds its own entries."""
    return DETAILS.format(short=short_label(period))


def in_words(snapshot: Snapshot, bulletin: Bulletin, period: Period, *, ranks: bool) -> list[str]:
    """The bulletin and the boards of all classes where no file can be sent, in parts short enough for a phone."""
    parts = [announcement(snapshot, bulletin, details(period))]
    for line in _board_lines(snapshot, ranks=ranks):
        if len(parts) == 1 or len(parts[-1]) + len(line) > LONGEST:
            parts.append(line.strip("\n"))
        else:
            parts[-1] += f"\n{line}"
    return parts


def _board_lines(snapshot: Snapshot, *, ranks: bool) -> Iterator[str]:
    for board in snapshot.classes:
        if board.rows:
            yield f"\n【{board.name}】"
            yield from (f"{_place(row) if ranks else ''}{_of_unit(row)}" for row in in_order(board, ranks=ranks))


def in_order(board: ClassBoard, *, ranks: bool) -> Iterable[UnitRow]:
    """The rows as ranked; without ranks as the roster has them, so that no order is a verdict."""
    return board.rows if ranks else sorted(board.rows, key=lambda row: row.unit_id)


def _place(row: UnitRow) -> str:
    return "－ " if row.rank is None else f"{row.rank}. "


def _of_unit(row: UnitRow) -> str:
    own = row.period
    figures = f"{format_points(own.get('points', 0))}分，报{own.get('submitted', 0)}采{own.get('adopted', 0)}"
    return f"{row.short} {figures}{f'（{row.note}）' if row.note else ''}"


def own_line(snapshot: Snapshot, unit_id: int, period: Period, *, ranks: bool) -> str:
    """A unit's own figures alone; '' for a unit that is on no board."""
    for board in snapshot.classes:
        for row in board.rows:
            if row.unit_id == unit_id:
                return "\n".join(_own(row, board, period, ranks=ranks))
    return ""


def _own(row: UnitRow, board: ClassBoard, period: Period, *, ranks: bool) -> Iterator[str]:
    yield OWN_HEAD.format(label=period.label)
    yield f"{row.short}：{_counts(row.period)}"
    if ranks and row.rank is not None:
        tied = "（并列）" if row.tied else ""
        size = sum(one.rank is not None for one in board.rows)
        yield f"{board.name}第{row.rank}名{tied}，共{size}个单位"
    if row.note:
        yield row.note
    yield f"全年累计：{_counts(row.year)}"
    yield OWN_TAIL.format(short=short_label(period))


def _counts(figures: Figures) -> str:
    points = format_points(figures.get("points", 0))
    return f"报送{figures.get('submitted', 0)}条，采用{figures.get('adopted', 0)}条，{points}分"


def until_of(until_ms: int, now: datetime) -> datetime | None:
    """A moment that is still to come."""
    until = from_ms(until_ms)
    return until if until > now else None
