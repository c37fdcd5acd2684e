"""What people read when they ask why a number is what it is: sums first, then line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from domain.journal import Journal
from domain.moment import show_time, to_ms
from domain.period import Period, month_of
from domain.ranking import format_points
from domain.words import shorten
from services.cycles.texts import late_counts
from services.why import EVERYTHING, Account, Counted, Group, Line, in_words

LINES_SHOWN, LINES_AT_MOST = 10, 60
TITLE_SHOWN = 16

TITLE = "得分明细"
COUNTS = "条数"
WHICH_UNIT = "看哪个单位？请写上单位名，如“/得分明细 云山县 10月”。"
NOTHING = "没有计分记录。"


def signed(points: int) -> str:
    """`+3分`, `-20分`, `0分`."""
    return f"{'+' if points > 0 else ''}{format_points(points)}分"


def again(found: Account, period: Period, today: date) -> str:
    """How to ask about the same unit and period."""
    named = "" if period == month_of(today) else period.label
    return " ".join(word for word in (f"/{TITLE}", found.unit.label, named) if word)


def overview(found: Account, again: str, now: datetime) -> str:
    """The number, its parts by category, and what else is in it; the parts sum up to the number."""
    head = [f"{found.unit.label} {found.period.label}得分{format_points(found.place.points)}分{_place(found)}"]
    if not found.lines:
        return "\n".join([*head, NOTHING, _as_of(now)])
    parts = [_group(group) for group in found.groups]
    counts = f"报送{found.place.submitted}条，采用{found.place.adopted}条"
    total = f"合计{format_points(found.points)}分；{counts}"
    late = late_counts(found.since_frozen)
    return "\n".join([*head, *parts, total, *late, *_marked(found), *_how(found, again, now)])


def _place(found: Account) -> str:
    place = found.place
    return f"，{place.class_name}第{place.rank}名" if place.rank else ""


def _group(group: Group) -> str:
    back = sum(line.reverses is not None for line in group.lines)
    count = f"{len(group.lines)}笔" + (f"，含扣回{back}笔" if back else "")
    return f"{group.category} {format_points(group.points)}分（{count}）"


def _marked(found: Account) -> list[str]:
    """What would surprise whoever only sees sums: adjustments, what waits, what is worth nothing."""
    said = []
    if found.adjusted:
        points = signed(sum(one.entry.points for one in found.adjusted))
        said.append(f"其中补计、更正{len(found.adjusted)}笔，{points}。")
    if found.waiting:
        said.append(f"等上级分值{len(found.waiting)}笔，暂计0分。")
    if found.unscored:
        said.append(f"另有{len(found.unscored)}笔登记了不计分（只登记、不重复计等），明细里写明原因。")
    return said


def _how(found: Account, again: str, now: datetime) -> list[str]:
    first = found.groups[0].category
    return [f"逐笔看：“{again} {first}”或加“全部”；是哪些信息加“{COUNTS}”；要表格加“导出”。", _as_of(now)]


def lines(found: Account, journals: Sequence[Journal], again: str, everything: bool, now: datetime) -> str:
    """Line by line, newest first."""
    named = found.narrowed.label
    said = f"{again} {named}".strip()
    head = f"{found.unit.label} {found.period.label}{named or '全部'}：{format_points(found.points)}分"
    if not found.lines:
        return "\n".join([head, NOTHING, _as_of(now)])
    most = LINES_AT_MOST if everything else LINES_SHOWN
    shown = [line(one, journals) for one in list(reversed(found.lines))[:most]]
    rest = len(found.lines) - len(shown)
    if rest:
        more = "" if everything else f"发“{said} 全部”，或"
        shown.append(f"还有{rest}笔，{more}发“{said} 导出”。")
    elif found.narrowed is not EVERYTHING:
        shown.append(f"共{len(found.lines)}笔，合计{format_points(found.points)}分。")
    return "\n".join([head, *shown, _as_of(now)])


def counted(
    found: Account, items: Sequence[Counted], journals: Sequence[Journal], again: str, everything: bool, now: datetime
) -> str:
    """Which items were counted as submitted and as adopted, newest first."""
    names = {journal.code: journal.name for journal in journals}
    used = sum(one.adopted for one in items)
    head = f"{found.unit.label} {found.period.label}：报送{len(items) - used}条，采用{used}条"
    shown = [_item(one, names) for one in list(reversed(items))[: LINES_AT_MOST if everything else LINES_SHOWN]]
    if len(items) > len(shown):
        more = "请缩短期间" if everything else f"发“{again} {COUNTS} 全部”"
        shown.append(f"还有{len(items) - len(shown)}条，{more}。")
    return "\n".join([head, *shown, _as_of(now)])


def _item(one: Counted, names: Mapping[str, str]) -> str:
    """`11-20 采用 2026-0137《…》（《每日要情》第128期，吴科员）`."""
    where = f"《{names.get(one.journal, one.journal)}》第{one.issue}期，" if one.adopted else ""
    item = f"{one.number}《{shorten(one.title, TITLE_SHOWN)}》"
    return f"{one.day:%m-%d} {'采用' if one.adopted else '报送'} {item}（{where}{one.by}）"


def line(one: Line, journals: Sequence[Journal]) -> str:
    """`11-20 2026-0137《…》《每日要情》第128期单条采用 +3分（第六条，吴科员）`."""
    item = f"{one.number}《{shorten(one.title, TITLE_SHOWN)}》" if one.number else ""
    grounds = "，".join(filter(None, (one.entry.article, one.by)))
    behind = f"（{grounds}）" if grounds else ""
    return f"{one.entry.day:%m-%d} {item}{in_words(one, journals)} {signed(one.entry.points)}{behind}"


def _as_of(now: datetime) -> str:
    return f"截至 {show_time(to_ms(now))}"
