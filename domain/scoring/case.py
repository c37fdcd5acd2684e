"""One fact under the measure of its day, and the lines that come of it before the item is seen as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from domain.journal import LEVEL_NAMES
from domain.measure.law import article_name, measure_on
from domain.measure.model import Measure
from domain.measure.ranks import RANK_NAMES
from domain.measure.rules import Grant, Head
from domain.scoring.fact import Entry, Fact
from domain.scoring.happenings import event_name
from domain.scoring.share import Part, after_edit, fixed_part, part_of

ClassOf = Callable[[int, date], str]

NOT_LISTED = "考评办法没有规定分值，不计分"
NO_MEASURE = "当日没有施行的考评办法，不计分"


class Once(NamedTuple):
    """A contest in which only the best line, and of equals the earliest, earns points; the others say why not."""

    key: tuple[object, ...]
    article: int
    words: str


class Line(NamedTuple):
    """An entry on its way. `pool` and `level` say where it combines with others of the item: points for adoptions
    (adoption) and for sending up (upward); a line without a pool stands as it is."""

    entry: Entry
    measure: Measure | None = None
    pool: str = ""
    level: str = ""
    once: Once | None = None

    @property
    def counts(self) -> bool:
        """Whether it earns something, or may once its points are known."""
        return self.entry.points != 0 or self.entry.pending

    def without_points(self, article: int, words: str) -> Line:
        """The line that lost its points: the article that takes them is named instead of the one that gave them."""
        name = article_name(article) if article else self.entry.article
        reason = f"{self.entry.reason}，{words}"
        return Line(replace(self.entry, points=0, pending=False, article=name, reason=reason), self.measure)


class Offer(NamedTuple):
    """What a rule gives one unit before it is shared. `each`: all of it, whoever else is credited."""

    head: Head
    points: int
    reason: str
    each: bool = False
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A fact and the measure in force on its day; without one, nothing but that can be said."""

    fact: Fact
    measure: Measure | None
    class_of: ClassOf
    units: tuple[int, ...]
    """Those of the fact, each once."""

    def unit_class(self, unit: int) -> str:
        return self.class_of(unit, self.fact.day)

    def worth(self, grant: Grant, unit_class: str) -> int:
        """The points of a grant for this fact."""
        match grant.axis:
            case "class":
                return grant.of(unit_class)
            case "form":
                return grant.of(self.fact.form)
            case "level":
                return grant.of(self.fact.level)
            case "rank":
                return grant.of(self.fact.rank)
            case _:
                return grant.points

    def entry(
        self, unit: int, code: str, reason: str, *, article: int = 0, category: str = "", points: int = 0,
        pending: bool = False,
    ) -> Entry:  # fmt: skip
        fact = self.fact
        name = article_name(article) if article else ""
        return Entry(
            fact.id, fact.item_id, unit, fact.author_id, fact.day, code, name, reason, points, category, pending
        )

    def gap(self, unit: int, code: str = "unlisted", words: str = NOT_LISTED) -> Line:
        """What no rule covers is shown all the same."""
        return Line(self.entry(unit, code, f"{self.happening()}，{words}"))

    def gaps(self, code: str, words: str) -> list[Line]:
        return [self.gap(unit, code, words) for unit in self.units]

    def register(self, code: str, article: int) -> list[Line]:
        """Shown, worth nothing (只登记不计分)."""
        reason = f"{self.happening()}，只登记不计分"
        return [Line(self.entry(unit, code, reason, article=article)) for unit in self.units]

    def credit(self, offer: Offer, unit: int, pool: str = "", once: Once | None = None) -> Line:
        """The unit's line: its part of the offer, as the measure shares joint items."""
        fact, head = self.fact, offer.head
        if head.report_only:
            reason = f"{offer.reason}，只登记不计分"
            return Line(self.entry(unit, head.code, reason, article=head.article, category=head.category))
        part = self._part(offer, unit, pool)
        entry = self.entry(
            unit, head.code, offer.reason + part.note, article=part.article or head.article, category=head.category,
            points=part.points, pending=offer.pending and not part.article,
        )  # fmt: skip
        return Line(entry, self.measure, pool, (fact.level or "") if pool else "", once)

    def _part(self, offer: Offer, unit: int, pool: str) -> Part:
        """What the unit gets of an offer: a fixed number, or its part of what the office's editing left."""
        count, share = len(self.units), self.fact.share if pool == "adoption" else 0
        if count == 1 and not share:
            return Part(offer.points)
        assert self.measure is not None, "an offer comes from a measure"
        joint, shared = self.measure.joint, 1 if offer.each else count
        fixed = fixed_part(joint, self.unit_class(unit), shared) if pool == "adoption" else None
        points, edited = after_edit(joint, fixed.points if fixed else offer.points, share)
        part = fixed or part_of(joint, points, self.units.index(unit), shared)
        return Part(points if fixed else part.points, part.article, edited + part.note)

    def once(self, unit: int, article: int, words: str, *about: object) -> Once:
        """A contest among what a unit gets for this item under this wording of the measure."""
        assert self.measure is not None, "a contest is set by a measure"
        return Once((wording(self.measure), unit, *about), article, words)

    def happening(self) -> str:
        """What happened, in words: 《每日要情》第128期单条采用."""
        fact = self.fact
        match fact.kind:
            case "submission":
                return "报送信息"
            case "acceptable":
                return "信息达标未采用"
            case "upward":
                return f"选报{LEVEL_NAMES.get(fact.level or '', '上级')}"
            case "instruction":
                names = self.measure.ranks if self.measure else RANK_NAMES
                return f"{names.get(fact.rank or '', '领导')}批示"
            case "event":
                return event_name(fact.detail) + (f"（{fact.issue}）" if fact.issue else "")
            case _:
                issue = f"第{fact.issue}期" if fact.issue.isdigit() else fact.issue
                return f"{self._journal()}{issue}{fact.form or ''}采用"

    def _journal(self) -> str:
        known = self.measure.journals.get(self.fact.journal or "") if self.measure else None
        return f"《{known.name}》" if known else f"{LEVEL_NAMES.get(self.fact.level or '', '')}刊物"


def case_of(fact: Fact, measures: Sequence[Measure], class_of: ClassOf) -> Case:
    """The case of a fact under the measure in force on its day."""
    units = fact.units if len(fact.units) == 1 else tuple(dict.fromkeys(fact.units))
    return Case(fact, measure_on(fact.day, measures), class_of, units)


def wording(measure: Measure) -> tuple[str, date]:
    """What tells one wording of a measure from the next, should an office keep the id."""
    return measure.id, measure.effective_from
