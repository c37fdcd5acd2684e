"""What happened to a unit, as the office says it: `迟报 11-20 扣20分 说明`, understood by the measure in force.

People say 迟报, the measure may say `urgent.late`, another one 紧急信息迟报: whichever of these names the measure knows
is the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.adoption import not_ahead
from domain.desk_words import is_day, read_points
from domain.errors import BadInput, NotFound
from domain.measure import Measure, article_name
from domain.measure.model import DiscretionRule, EventRule, ForfeitRule, ZeroOutRule
from domain.period import parse_day
from domain.ranking import format_points
from domain.scoring.happenings import EVENT_NAMES, event_name
from domain.words import tidy_line

SYNONYMS: dict[str, tuple[str, ...]] = {
    "commission.missed": ("约稿未完成", "未完成约稿", "缺报约稿"),
    "commission.late": ("约稿迟报", "约稿超期"),
    "feedback.missed": ("反馈未报", "未反馈", "批示未反馈"),
    "feedback.late": ("反馈逾期", "反馈迟报", "反馈超期"),
    "urgent.late": ("迟报", "紧急迟报"),
    "urgent.missed": ("漏报", "紧急漏报"),
    "urgent.concealed": ("瞒报", "紧急瞒报"),
    "urgent.false": ("谎报", "误报", "紧急谎报", "紧急信息误报"),
    "quality.error": ("差错", "错情", "质量差错"),
    "quality.untrue": ("失实", "不实", "信息不实"),
    "criticised": ("通报批评", "被通报", "上级通报批评", "批评"),
}
"""What else people call the events the product knows; `EVENT_NAMES` has their full names."""

HOW_TO_RECORD = "请这样写：/记事 单位 事项 [日期] [分值] [说明]，例如：/记事 云山县 {event} 11-20{points} 情况说明。"
NOTE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """What was read. `points` (hundredths) are the value a person gives, where the measure leaves it to one."""

    event: str
    day: date
    points: int | None
    note: str

    @property
    def name(self) -> str:
        return event_name(self.event)


def events_of(measure: Measure) -> dict[str, tuple[int, ...]]:
    """The events a measure says something about, with the articles that do, in the order of its rules."""
    named: dict[str, dict[int, None]] = {}

    def note(events: Iterable[str], article: int) -> None:
        for event in events:
            named.setdefault(event, {})[article] = None

    for rule in measure.rules:
        if isinstance(rule, EventRule | DiscretionRule | ForfeitRule | ZeroOutRule):
            note(rule.events, rule.head.article)
        if isinstance(rule, EventRule) and rule.only_if:
            note((rule.only_if,), rule.head.article)
    for veto in measure.vetoes:
        note(veto.events, veto.article)
    return {event: tuple(articles) for event, articles in named.items()}


def read_unit_event(words: str, measure: Measure, today: date) -> UnitEvent:
    """Read the words behind the unit. The first is the event, then day and points in any order, the rest is the note.

    Raises NotFound listing the events of the measure; BadInput for points the measure does not leave to anybody, that
    are missing, or out of its range.
    """
    name, *behind = re.split(r"[\s,、:]+", tidy_line(words).strip(" ,、:"), maxsplit=1)
    if not name:
        raise BadInput(reason=f"没有写是什么事。{how_to_record(measure)}")
    event, rest = find_event(name, measure), " ".join(behind).split()
    day: date | None = None
    points: int | None = None
    while rest and (is_day(rest[0]) or read_points(rest[0]) is not None):
        word = rest.pop(0)
        if is_day(word):
            day = parse_day(word, today)
        else:
            points = read_points(word)
    note = " ".join(rest)
    if len(note) > NOTE_LIMIT:
        raise BadInput(reason=f"说明有 {len(note)} 个字，太长了（不超过 {NOTE_LIMIT} 字）。")
    found = UnitEvent(event, not_ahead(day, today), points, note)
    check_points(found, measure)
    return found


def find_event(word: str, measure: Measure) -> str:
    """The event of the measure somebody means. Raises NotFound listing those there are, BadInput if several fit."""
    known = events_of(measure)
    exact = [event for event in known if word in spoken(event)]
    near = exact or [event for event in known if any(word in name for name in spoken(event))]
    if not near:
        raise NotFound(what=f"事项“{word[:12]}”", hint=known_events(measure))
    if len(near) > 1:
        names = "、".join(event_name(event) for event in near)
        raise BadInput(reason=f"“{word}”可以是：{names}。请写得再全一些。")
    return near[0]


def spoken(event: str) -> tuple[str, ...]:
    """Every name under which an event can be said."""
    return (event, EVENT_NAMES.get(event, event), *SYNONYMS.get(event, ()))


def known_events(measure: Measure) -> str:
    """The events a measure knows, as a sentence."""
    names = "、".join(event_name(event) for event in events_of(measure))
    return f"《{measure.title}》里有：{names}。" if names else f"《{measure.title}》没有规定加减分事项。"


def how_to_record(measure: Measure) -> str:
    """The events a measure knows, and how the first of them is written."""
    events = events_of(measure)
    return known_events(measure) + (_example(next(iter(events)), measure) if events else "")


def _example(event: str, measure: Measure) -> str:
    rule = discretion(event, measure)
    points = f" {format_points(rule.highest)}分" if rule else ""
    return HOW_TO_RECORD.format(event=event_name(event), points=points)


def discretion(event: str, measure: Measure) -> DiscretionRule | None:
    """The rule that leaves the value of an event to a person."""
    return next((rule for rule in measure.rules if isinstance(rule, DiscretionRule) and event in rule.events), None)


def check_points(one: UnitEvent, measure: Measure) -> None:
    """Refuse a value where the measure sets it, a missing one where it does not, one out of range. Raises BadInput."""
    rule = discretion(one.event, measure)
    if rule is None:
        if one.points is not None:
            raise BadInput(reason=f"“{one.name}”的分值由办法规定，不用写分值。")
        return
    span = f"{format_points(rule.lowest)} 至 {format_points(rule.highest)} 分（{article_name(rule.head.article)}）"
    if one.points is None:
        raise BadInput(reason=f"“{one.name}”的分值由人酌定，请写分值：{span}，并写明理由。")
    if not rule.lowest <= one.points <= rule.highest:
        raise BadInput(reason=f"“{one.name}”写了 {format_points(one.points)} 分，办法规定 {span}。")
    if not one.note:
        raise BadInput(reason=f"“{one.name}”的分值由人酌定，请写明理由。{_example(one.event, measure)}")


def grounds(event: str, measure: Measure) -> Sequence[tuple[str, str]]:
    """The articles that speak of an event, as (`第八条`, text)."""
    articles = events_of(measure).get(event, ())
    return [(article_name(number), measure.articles[number]) for number in articles]
