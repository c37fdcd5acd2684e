"""What people read about key points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.item import Item
from domain.keypoint import Point, PointList, Standing, bar, standing
from domain.moment import show_time, to_ms
from domain.roster import Group
from domain.words import shorten
from services.keypoints import ITEMS_SHOWN, Covered, Issued, Preview, Tagged, TaggedItem

UNITS_SHOWN = 20
POINT_WIDTH = 24

DROPPED = "已放弃，没有下达。"
HOW_TO_TAG = "请写信息编号和要点号，例如：/要点 标记 137 3；不在现行要点里的再写期间：/要点 标记 137 3 上月。"
ONE_AT_A_TIME = "一次请写一个要点号，例如：/要点 3。"
SHEET_SENT = "{label}报送要点覆盖表已发：{name}。"
SHEET_NOT_HERE = "这里不能发文件。请在信息科工作群里或换一个平台私聊发“/要点 表格”。"
HOW_TO_REPORT = "报的时候在标题前写 #要点{number}，或在正文末尾另起一行写“要点：{number}”。"


def _head(one: PointList) -> str:
    return f"{one.span.label}报送要点（{one.span.first:%m-%d} 至 {one.span.last:%m-%d}）"


def _lines(one: PointList) -> list[str]:
    return [f"{point.place}. {point.text}" for point in one.points]


def preview(drafted: Preview, now: datetime) -> str:
    """What would be issued, to whom; to be confirmed."""
    one = drafted.list
    lines = [f"请核对{_head(one)}，共 {len(one.points)} 条：", *_lines(one)]
    if now.date() < one.span.first:
        lines.append(f"现在下达，{one.span.first:%m-%d} 起有效。")
    if drafted.replaces is not None:
        at = show_time(drafted.replaces.issued_ms)
        lines.append(f"这个期间 {at} 已下达过 {len(drafted.replaces.points)} 条，确认后由这份代替，已标记的信息不变。")
    lines.append(_reach(drafted.groups))
    lines.append("没有问题请发“/要点 确认”；不发了请发“/要点 取消”；要改请重发“/要点 下达”。")
    return "\n".join(lines)


def _reach(groups: Sequence[Group]) -> str:
    if not groups:
        return "没有登记用途为“报送”或“通知”的群，确认后不会发到任何群里。"
    return f"确认后发到 {len(groups)} 个群：{_some([group.name for group in groups], 5)}。"


def _some(names: Sequence[str], most: int) -> str:
    more = f"等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + more


def push(one: PointList) -> str:
    """The list as it goes to the groups."""
    how = HOW_TO_REPORT.format(number=1)
    return "\n".join((f"【报送要点】{_head(one)}", *_lines(one), f"{how}发“/要点”看本单位报到了哪几条。"))


def issued(done: Issued, now_ms: int) -> str:
    if not done.groups:
        return f"已下达{_head(done.list)}。没有可以发的群，请自行转发。"
    when = "马上" if done.start_ms <= now_ms else f"{show_time(done.start_ms)} 起"
    return f"已下达{_head(done.list)}，{when}发到 {len(done.groups)} 个群。发“/要点 覆盖”看报送情况。"


def _standing_note(one: PointList, now: datetime) -> str:
    stands = standing(one, now.date())
    if stands is Standing.IN_FORCE:
        left = (one.span.last - now.date()).days
        return f"还有 {left} 天" if left else "今天到期"
    if stands is Standing.UPCOMING:
        return f"{one.span.first:%m-%d} 起有效"
    return str(stands.value)


def unit_list(covered: Covered, now: datetime) -> str:
    """The list with what one's own unit has sent of it."""
    one, own = covered.list, next(iter(covered.coverage.points.values()), frozenset[int]())
    name = covered.units[0].label if covered.units else "本单位"
    lines = [
        f"{_head(one)}，{_standing_note(one, now)}",
        f"{name}已报 {len(own)}/{len(one.points)} 条 {bar(len(own), len(one.points))}",
    ]
    lines += [f"{point.place}. {point.text}{' ✓' if point.id in own else ''}" for point in one.points]
    untouched = next((point.place for point in one.points if point.id not in own), None)
    if untouched is not None and standing(one, now.date()) in (Standing.IN_FORCE, Standing.UPCOMING):
        lines.append(HOW_TO_REPORT.format(number=untouched))
    return "\n".join([*lines, *_others(covered)])


def desk_list(covered: Covered, now: datetime) -> str:
    """The list with how many units have touched each point."""
    lines = [f"{_head(covered.list)}，{_standing_note(covered.list, now)}", *_by_point(covered)]
    return "\n".join([*lines, "发“/要点 覆盖”看各单位，“/要点 1”看一条要点的信息。", *_others(covered)])


def _by_point(covered: Covered) -> list[str]:
    total, found = len(covered.units), covered.coverage
    return [
        f"{point.place}. {shorten(point.text, POINT_WIDTH)} {bar(len(found.units[point.id]), total)}"
        f" {len(found.units[point.id])}/{total}家{found.items[point.id]}条"
        for point in covered.list.points
    ]


def _others(covered: Covered) -> list[str]:
    if not covered.others:
        return []
    labels = "、".join(other.span.label for other in covered.others)
    return [f"另有：{labels}。发“/要点 {covered.others[0].span.label}”查看。"]


def coverage(covered: Covered, now: datetime) -> str:
    """By point and by unit: which points nobody has touched, and who has touched none."""
    one, found = covered.list, covered.coverage
    untouched = [str(point.place) for point in one.points if not found.items[point.id]]
    lines = [f"{one.span.label}报送要点覆盖情况，截至 {show_time(to_ms(now))}", *_by_point(covered)]
    lines.append(f"没有人报的要点：{'、'.join(untouched)}" if untouched else "每条要点都有人报。")
    lines.append(f"按单位（共 {len(covered.units)} 个）：")
    by_count: dict[int, list[str]] = {}
    for unit in covered.units:
        by_count.setdefault(len(found.points[unit.id]), []).append(unit.label)
    for count in sorted(by_count, reverse=True):
        name = f"{count} 条" if count else "一条也没有"
        units = by_count[count]
        lines.append(f"{bar(count, len(one.points))} {name}（{len(units)} 个）：{_some(units, UNITS_SHOWN)}")
    return "\n".join(lines)


def sheet_name(one: PointList) -> str:
    return f"{one.span.label}报送要点覆盖表.xlsx"


def point(meant: PointList, one: Point, items: Sequence[TaggedItem]) -> str:
    """One point with the items tagged with it."""
    head = f"{meant.span.label}要点{one.place} {one.text}"
    if not items:
        return f"{head}\n还没有信息。{HOW_TO_REPORT.format(number=one.place)}"
    lines = [
        f"{tagged.item.number}《{shorten(tagged.item.title, POINT_WIDTH)}》{tagged.units} {tagged.item.state.label}"
        for tagged in items[:ITEMS_SHOWN]
    ]
    more = [f"还有 {len(items) - ITEMS_SHOWN} 条没有列出。"] if len(items) > ITEMS_SHOWN else []
    return "\n".join((f"{head}\n共 {len(items)} 条信息：", *lines, *more))


def tagged_by_desk(item: Item, tagged: Tagged) -> str:
    points = "、".join(f"{point.place}（{shorten(point.text, POINT_WIDTH)}）" for point in tagged.points)
    label = tagged.list.span.label if tagged.list else ""
    return f"{item.name}：已标记{label}要点{points}。"


def untagged(item: Item, meant: PointList, one: Point) -> str:
    return f"{item.name}：已去掉{meant.span.label}要点{one.place}的标记。"
