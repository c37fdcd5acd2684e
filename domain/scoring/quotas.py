"""Whether a unit did what a quota asks in a span, and by how much it missed it. Exact: integers and fractions of them.

Sent items are selected by kind and form, used ones by journal and level too. The rate divides the used ones selected by
what was sent of the same kinds, whatever its form: a form is known only when an item is used. Points are those of items
and events in the named categories, without settlements, so that no quota feeds another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.journal import LEVEL_NAMES
from domain.measure.law import measure_on
from domain.measure.model import Measure, Quota
from domain.ranking import adoption_rate, format_points, format_rate
from domain.scoring.record import Counted, Record, is_exempt
from domain.scoring.spans import Span, span_of, spans_of

_UNIT = {"submitted": 1, "adopted": 1, "points": 100, "rate": 100}
"""What one is: an item, a whole point, a whole percentage point. A part of one is not counted."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A quota in one span: `asked` as in the quota; done is the fraction `top` / `bottom` in the same measure.

    `subject` says in words what was counted. For rates `submitted` and `adopted` are what it was made of.
    """

    quota: Quota
    span: Span
    asked: int
    top: int
    bottom: int
    subject: str
    submitted: int = 0
    adopted: int = 0

    @property
    def met(self) -> bool:
        return self.top >= self.asked * self.bottom

    @property
    def missing(self) -> int:
        """Whole items, points or percentage points that are missing, parts of one left out."""
        return max(0, self.asked * self.bottom - self.top) // (self.bottom * _UNIT[self.quota.what])

    @property
    def over(self) -> int:
        """Whole items, points or percentage points above what was asked."""
        return max(0, self.top - self.asked * self.bottom) // (self.bottom * _UNIT[self.quota.what])

    @property
    def measure_word(self) -> str:
        return {"points": "分", "rate": "个百分点"}.get(self.quota.what, "条")

    @property
    def words(self) -> str:
        """`11月报送3条，任务5条`."""
        if self.quota.what == "rate":
            return self._rate_words()
        if self.quota.what == "points":
            done, asked = format_points(self.top), format_points(self.asked)
        else:
            done, asked = str(self.top), str(self.asked)
        return f"{self.span.label}{self.subject}{done}{self.measure_word}，任务{asked}{self.measure_word}"

    def _rate_words(self) -> str:
        floor = format_rate(self.asked)
        if not self.submitted:
            return f"{self.span.label}没有报送，采用率按低于{floor}处理"
        rate = format_rate(adoption_rate(self.submitted, self.adopted))
        made = f"报送{self.submitted}条、采用{self.adopted}条"
        return f"{self.span.label}{self.subject}{rate}（{made}），要求不低于{floor}"


class Counts:
    """What a record holds for one quota, by span: read once, however many spans are asked for."""

    def __init__(self, record: Record, quota: Quota) -> None:
        self._sums: Counter[tuple[str, str]] = Counter()
        if quota.what == "points":
            for entry in record.entries:
                if not quota.categories or entry.category in quota.categories:
                    self._sums[span_of(entry.day, quota.per).code, "points"] += entry.points
        else:
            for item in record.items:
                if _counts(item, quota):
                    self._sums[span_of(item.day, quota.per).code, item.what] += 1

    def of(self, span: Span, what: str) -> int:
        return self._sums[span.code, what]


def judge(measure: Measure, quota: Quota, record: Record, span: Span, counts: Counts) -> Judged | None:
    """The quota in one span; None when nothing is asked, the unit is exempt, or there is no rate to judge (0/0)."""
    asked = record.asked(quota)
    if asked is None or is_exempt(measure, record.unit_names, span.last):
        return None
    subject = _subject(quota, measure)
    if quota.what != "rate":
        return Judged(quota, span, asked, counts.of(span, quota.what), 1, subject)
    submitted, adopted = counts.of(span, "submitted"), counts.of(span, "adopted")
    if submitted:
        return Judged(quota, span, asked, adopted * 10000, submitted, subject, submitted, adopted)
    return Judged(quota, span, asked, 0, 1, subject) if quota.nothing_sent == "below" else None


def judged(record: Record, measures: Sequence[Measure], upto: date) -> Iterator[tuple[Measure, Judged]]:
    """Every quota of every span of the year that is over on `upto`, under the measure in force on its last day."""
    for measure in measures:
        for quota in measure.quotas.values():
            counts = Counts(record, quota)
            for span in spans_of(record.year, quota.per):
                if span.last <= upto and measure_on(span.last, measures) is measure:
                    found = judge(measure, quota, record, span, counts)
                    if found is not None:
                        yield measure, found


def _counts(item: Counted, quota: Quota) -> bool:
    where = quota.where
    if quota.kinds and item.kind not in quota.kinds:
        return False
    if quota.what == "rate" and item.what == "submitted":
        return True
    if where.forms and item.form not in where.forms:
        return False
    if item.what == "submitted":
        return quota.what == "submitted"
    in_journal = not where.journals or not set(where.journals).isdisjoint(item.journals)
    at_level = not where.levels or not set(where.levels).isdisjoint(item.levels)
    return quota.what in ("adopted", "rate") and in_journal and at_level


def _subject(quota: Quota, measure: Measure) -> str:
    if quota.what == "points":
        return f"{'、'.join(quota.categories)}得" if quota.categories else "得"
    chosen = "、".join((*quota.kinds, *quota.where.forms))
    if quota.what == "submitted":
        return f"报送{chosen}"
    names = [f"《{measure.journals[code].name}》" for code in quota.where.journals]
    names += [LEVEL_NAMES.get(level, level) for level in quota.where.levels]
    place = "、".join(names)
    return f"{place}采用{chosen}" if quota.what == "adopted" else f"{place}{chosen}采用率"
