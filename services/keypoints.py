"""Key points (报送要点): drafting, issuing to the groups, tagging items, and who has touched which point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.errors import BadInput, NotFound, WrongState
from domain.item import Item
from domain.keypoint import Coverage, Point, PointList, cover, in_use, read_points, read_span
from domain.moment import show_time, to_ms
from domain.period import Period, parse_period
from domain.roster import Group, Person, Unit
from services.calendar import with_calendar
from services.items import item_for_desk, unit_label
from services.mail import next_allowed_ms, tell_group
from services.office import Office
from storage import audit, keypoint, roster
from storage import item as items
from storage.engine import Tx

TOLD_GROUPS = ("报送", "通知")
OFFICE_KIND = "办公室"
JUST_NOW = timedelta(minutes=30)
"""Somebody who confirms twice within this time is told that it is done, not that there is nothing to confirm."""

ITEMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """A drafted list, whom it would reach, and the list it would replace."""

    list: PointList
    groups: tuple[Group, ...]
    replaces: PointList | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A list that was issued: to which groups, and from when on they are told (UTC ms)."""

    list: PointList
    groups: tuple[Group, ...]
    start_ms: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of tags: the list they were read in (None: no list is in use), points tagged, numbers not in it."""

    list: PointList | None
    points: tuple[Point, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """A list with its coverage by `units`; `others` are the further lists in use."""

    list: PointList
    units: tuple[Unit, ...]
    coverage: Coverage
    others: tuple[PointList, ...]


def draft(tx: Tx, person: Person, words: str, body: str, now: datetime) -> Preview:
    """Keep a list as the person's draft. Raises BadInput for a period or lines that make no list."""
    span, points = read_span(words, now.date()), read_points(body)
    drafted = keypoint.draft(tx, span, points, person.id, to_ms(now))
    return Preview(drafted, _groups(tx, now.date()), _standing_for(tx, span, now.date()))


def _standing_for(tx: Tx, span: Period, today: date) -> PointList | None:
    same = (one for one in keypoint.live(tx, today) if (one.span.first, one.span.last) == (span.first, span.last))
    return next(same, None)


def _groups(tx: Tx, day: date) -> tuple[Group, ...]:
    return tuple(group for group in roster.groups(tx, day) if group.purpose in TOLD_GROUPS)


def issue(tx: Tx, person: Person, now: datetime) -> PointList:
    """Issue the person's draft. Raises NotFound without one, WrongState if they confirmed it just before."""
    drafted = keypoint.draft_of(tx, person.id)
    if drafted is None:
        raise _nothing_to_confirm(tx, person, now)
    if drafted.span.last < now.date():
        keypoint.drop_draft(tx, person.id)
        raise BadInput(reason=f"{drafted.span.label}已经过去，这份要点没有下达，已放弃。")
    replaced = keypoint.issue(tx, drafted, person.id, to_ms(now))
    detail = f"{drafted.span.code}, {len(drafted.points)} points, replaced {replaced}"
    audit.write(tx, to_ms(now), f"person:{person.id}", "points issue", f"points:{drafted.id}", detail)
    return drafted


def push(tx: Tx, office: Office, issued: PointList, text: str, now: datetime) -> Issued:
    """Tell the groups of an issued list, in speaking hours; nothing goes to anybody in private."""
    groups, start_ms = _groups(tx, now.date()), next_allowed_ms(with_calendar(tx, office), now)
    for group in groups:
        tell_group(
            tx, group.platform, group.group_no, text, dedup=f"points:{issued.id}:{group.platform}", kind="points",
            now=now, not_before_ms=start_ms,
        )  # fmt: skip
    return Issued(issued, groups, start_ms)


def _nothing_to_confirm(tx: Tx, person: Person, now: datetime) -> NotFound | WrongState:
    last = keypoint.issued_by(tx, person.id, to_ms(now - JUST_NOW))
    if last is None:
        return NotFound(what="待确认的要点", hint="请先发“/要点 下达 期间”，下面一行一条。")
    at = f"{show_time(last.issued_ms)} 已下达"
    return WrongState(what=f"{last.span.label}报送要点", state=at, action="再下达一次", possible="发“/要点”查看。")


def drop_draft(tx: Tx, person: Person) -> None:
    """Give the person's draft up. Raises NotFound without one."""
    if not keypoint.drop_draft(tx, person.id):
        raise NotFound(what="待确认的要点")


def tag_submitted(tx: Tx, item: Item, numbers: Sequence[int], person: Person, now: datetime) -> Tagged:
    """Tag an item its reporter has just sent; a number that is in no list never stops the item."""
    lists = in_use(keypoint.live(tx, now.date()), now.date())
    return _tag(tx, item, lists[0] if lists else None, numbers, person, now)


def tag_by_desk(
    tx: Tx, person: Person, word: str, numbers: Sequence[int], period: str, now: datetime
) -> tuple[Item, Tagged]:
    """The office tags an item, in the list in use or that of `period`. Raises NotFound."""
    item = item_for_desk(tx, word, now)
    meant = find_list(tx, period, now)
    tagged = _tag(tx, item, meant, numbers, person, now)
    if tagged.missing:
        raise _no_such_point(meant, tagged.missing[0])
    return item, tagged


def untag_by_desk(
    tx: Tx, person: Person, word: str, number: int, period: str, now: datetime
) -> tuple[Item, PointList, Point]:
    """The office takes a tag off an item. Raises NotFound."""
    item = item_for_desk(tx, word, now)
    meant = find_list(tx, period, now)
    point = find_point(meant, number)
    if not keypoint.untag(tx, item.id, point.id):
        raise NotFound(what=f"{item.name}的要点{number}标记")
    audit.write(tx, to_ms(now), f"person:{person.id}", "untag", item.number, f"points:{meant.id} {number}")
    return item, meant, point


def _tag(tx: Tx, item: Item, meant: PointList | None, numbers: Sequence[int], person: Person, now: datetime) -> Tagged:
    found = [(number, meant.numbered(number) if meant else None) for number in dict.fromkeys(numbers)]
    points = tuple(point for _, point in found if point is not None)
    for point in points:
        if meant is not None and keypoint.tag(tx, item.id, point.id, person.id, to_ms(now)):
            detail = f"points:{meant.id} {point.place}"
            audit.write(tx, to_ms(now), f"person:{person.id}", "tag", item.number, detail)
    return Tagged(meant, points, tuple(number for number, point in found if point is None))


def find_list(tx: Tx, words: str, now: datetime) -> PointList:
    """The list in use, or the one of the period named, also if it has expired. Raises NotFound, BadPeriod."""
    live = in_use(keypoint.live(tx, now.date()), now.date())
    if not words:
        if not live:
            raise NotFound(what="有效的报送要点", hint="信息科下达后会发到群里；看以前的请写期间，例如：/要点 上月。")
        return live[0]
    named = next((one for one in live if words in (one.span.label, one.span.label[5:])), None)
    if named is not None:
        return named
    period = parse_period(words, now.date())
    found = keypoint.of_span(tx, period)
    if found is None:
        raise NotFound(what=f"{period.label}的报送要点")
    return found


def find_point(meant: PointList, number: int) -> Point:
    """The point of a number. Raises NotFound."""
    point = meant.numbered(number)
    if point is None:
        raise _no_such_point(meant, number)
    return point


def _no_such_point(meant: PointList, number: int) -> NotFound:
    return NotFound(what=f"要点{number}", hint=f"{meant.span.label}报送要点共 {len(meant.points)} 条，发“/要点”查看。")


def covered(tx: Tx, words: str, now: datetime) -> Covered:
    """A list and its coverage by every unit that is assessed. Raises NotFound."""
    meant = find_list(tx, words, now)
    units = tuple(unit for unit in roster.units(tx, now.date()) if unit.class_name and unit.kind != OFFICE_KIND)
    return _covered(tx, meant, units, now)


def covered_by(tx: Tx, unit_id: int, words: str, now: datetime) -> Covered:
    """A list and what one unit has touched of it. Raises NotFound."""
    unit = roster.unit(tx, unit_id, now.year)
    return _covered(tx, find_list(tx, words, now), (unit,) if unit else (), now)


def _covered(tx: Tx, meant: PointList, units: tuple[Unit, ...], now: datetime) -> Covered:
    coverage = cover(meant.points, [unit.id for unit in units], keypoint.touches(tx, meant.id))
    others = (one for one in in_use(keypoint.live(tx, now.date()), now.date()) if one.id != meant.id)
    return Covered(meant, units, coverage, tuple(others))


@dataclass(frozen=True, slots=True)
class TaggedItem:
    """An item tagged with a point, with the units that signed it."""

    item: Item
    units: str


def items_of_point(tx: Tx, meant: PointList, point: Point, unit_id: int | None, now: datetime) -> list[TaggedItem]:
    """The items tagged with a point, of one unit or of all, oldest first."""
    found: dict[int, list[int]] = {}
    for touch in keypoint.touches(tx, meant.id):
        if touch.point_id == point.id:
            found.setdefault(touch.item_id, []).append(touch.unit_id)
    return [
        TaggedItem(item, "、".join(unit_label(tx, id, now.year) for id in units))
        for item_id, units in found.items()
        if (unit_id is None or unit_id in units) and (item := items.by_id(tx, item_id)) is not None
    ]
