"""What a bulletin is drawn with besides the board, kept as canonical JSON so that it can be drawn again as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from domain.board_layout import Layout, parse_layout
from domain.bulletin import Bulletin, write_bulletin
from domain.bulletin_parts import Brief
from domain.measure import Measure, measure_on
from domain.period import Period
from domain.snapshot import Snapshot
from services.office import Office

DRAFT = "（草稿）"
"""Stands where a signed bulletin has its number."""

_LISTS = ("demands",)
_LEFT_OUT = frozenset({"day", "marks"})
"""Fields of a brief that are not as JSON has them; the marks are those of the program."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The office's brief, the text of its layout, and for a draft what is still pending, in words."""

    brief: Brief
    layout: str
    pending: tuple[str, ...] = ()

    @property
    def tables(self) -> Layout:
        """The layout of the annexes."""
        return parse_layout(self.layout)

    def written(self, snapshot: Snapshot) -> Bulletin:
        """The bulletin of a board."""
        return write_bulletin(snapshot, self.brief, self.tables)


def wishes_of(
    office: Office, measures: Sequence[Measure], period: Period, classes: Sequence[str], number: str, day: date
) -> Wishes:
    """What the office's settings say today, with the tasks of these classes in the period."""
    policy = office.bulletins
    brief = Brief(
        day=day,
        number=number,
        addressees=policy.addressees,
        head=policy.head,
        signer=policy.signer,
        contact=policy.contact,
        demands=policy.requirements,
        praise=policy.praise,
        zeros=policy.zeros,
        tasks=_tasks(measure_on(period.last, measures), classes, len(period.months)),
        ranks=policy.ranks,
        items=policy.items,
        copies=policy.copies_to,
    )
    return Wishes(brief, policy.layout)


def _tasks(measure: Measure | None, classes: Sequence[str], months: int) -> dict[str, int]:
    """The least items a unit of each class has to send in so many months."""
    found = ((name, measure.quota_for(name)) for name in classes) if measure is not None else ()
    return {name: quota.submit_min * months for name, quota in found if quota is not None and quota.submit_min}


def to_text(wishes: Wishes) -> str:
    """Canonical JSON: the same wishes are the same text."""
    brief = {one.name: getattr(wishes.brief, one.name) for one in fields(Brief) if one.name not in _LEFT_OUT}
    told = {
        "brief": brief | {"day": wishes.brief.day.isoformat(), "tasks": dict(wishes.brief.tasks)},
        "layout": wishes.layout,
        "pending": wishes.pending,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Wishes:
    """The wishes of a stored text."""
    told = json.loads(text)
    brief = told["brief"]
    brief |= {"day": date.fromisoformat(brief["day"])} | {name: tuple(brief[name]) for name in _LISTS}
    return Wishes(Brief(**brief), told["layout"], tuple(told["pending"]))
