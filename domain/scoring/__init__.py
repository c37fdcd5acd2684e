"""From what happened to an item to the entries of its units (计分流水).

`score_item` is the whole interface: all live facts of one item in, all its entries out, always the same
for the same facts. The caller compares them with what is booked and appends the difference; nothing here
knows what was booked. A fact is scored under the measure in force on its day, and a new measure never
takes back old points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.journal import LEVEL_NAMES
from domain.measure import AdoptionRule, Award, Measure, article_name, measure_on
from domain.scoring.fact import Entry, Fact

__all__ = ["ClassOf", "Entry", "Fact", "score_item", "split_equally"]

ClassOf = Callable[[int, date], str]

_LEADERS = {"county": "县级领导", "city": "市级领导", "province": "省级领导", "state": "国家级领导"}


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry, and the contest in which only the best, and of equals the earliest, earns points.

    A line without a contest stands as it is. `lost` is the article and the words for one that did not win.
    """

    entry: Entry
    contest: tuple[object, ...] | None = None
    lost: tuple[int, str] = (0, "")


def score_item(facts: Sequence[Fact], measures: Sequence[Measure], class_of: ClassOf) -> list[Entry]:
    """All entries of one item, by day, fact and unit; the order of the facts does not matter.

    `class_of` gives the class of a unit on a day. Raises ValueError for facts of several items, for a
    fact that comes twice, and for an unknown kind.
    """
    ordered = sorted(facts, key=lambda fact: (fact.day, fact.id))
    if len({fact.item_id for fact in ordered}) > 1 or len({fact.id for fact in ordered}) < len(ordered):
        raise ValueError("the facts of one item, each once, are needed")
    commissioned = any(fact.commissioned for fact in ordered)
    rewarded: set[int] = set()
    lines: list[_Line] = []
    for fact in ordered:
        case = _Case(fact, measure_on(fact.day, measures), class_of)
        lines += case.lines()
        if commissioned:
            lines += case.commission_lines(rewarded)
    return _settled(lines)


def split_equally(points: int, parts: int) -> tuple[int, ...]:
    """Equal parts whose sum is exactly the whole; the hundredths left over go to the first parts.

    1000 in 3 gives 334, 333, 333. Raises ValueError for fewer than one part.
    """
    if parts < 1:
        raise ValueError(f"cannot be split into {parts} parts")
    share, rest = divmod(points, parts)
    return tuple(share + 1 if at < rest else share for at in range(parts))


def _settled(lines: Sequence[_Line]) -> list[Entry]:
    best: dict[tuple[object, ...], Entry] = {}
    for line in lines:
        if line.contest is not None:
            rival = best.setdefault(line.contest, line.entry)
            if line.entry.points > rival.points:
                best[line.contest] = line.entry
    return [
        line.entry if line.contest is None or best[line.contest] is line.entry else _withheld(line) for line in lines
    ]


def _withheld(line: _Line) -> Entry:
    article, words = line.lost
    reason = f"{line.entry.reason}，{words}"
    return replace(line.entry, points=0, article=article_name(article), reason=reason)


def _wording(measure: Measure) -> tuple[str, date]:
    """What tells one wording of a measure from the next, should an office keep the id."""
    return measure.id, measure.effective_from


@dataclass(frozen=True, slots=True)
class _Case:
    """One fact under the measure of its day."""

    fact: Fact
    measure: Measure | None
    class_of: ClassOf

    def lines(self) -> list[_Line]:
        kinds = {"submission": self._submission, "adoption": self._adoption, "instruction": self._instruction}
        if self.fact.kind not in kinds:
            raise ValueError(f"unknown kind of fact: {self.fact.kind}")
        if self.measure is None:
            return self._gap("no_measure", "当日没有施行的考评办法，不计分")
        return kinds[self.fact.kind](self.measure)

    def commission_lines(self, rewarded: set[int]) -> list[_Line]:
        """The bonus for an adopted commission: once per unit, with its first adoption the measure scores."""
        fact, measure = self.fact, self.measure
        if fact.kind != "adoption" or measure is None or fact.level in measure.report_only.levels:
            return []
        if measure.adoption_rule(fact.journal, fact.level, fact.form) is None:
            return []
        new = [unit for unit in self._units() if unit not in rewarded]
        rewarded.update(new)
        if measure.commission is None:
            return []
        entries = self._granted(measure, "commission", "约稿信息被采用", measure.commission)
        return [_Line(entry) for entry in entries if entry.unit_id in new]

    def _submission(self, measure: Measure) -> list[_Line]:
        if measure.submission is None:
            return []
        lost = (measure.submission.article, "本条信息已计报送分，不重复计分")
        entries = self._granted(measure, "submission", "报送信息", measure.submission)
        return [_Line(entry, (*_wording(measure), entry.unit_id, "submission"), lost) for entry in entries]

    def _adoption(self, measure: Measure) -> list[_Line]:
        fact, only = self.fact, measure.report_only
        if only.article is not None and fact.level in only.levels:
            return self._report_only(f"adoption:{fact.level}", only.article)
        rule = measure.adoption_rule(fact.journal, fact.level, fact.form)
        if rule is None:
            return self._gap("unlisted", "考评办法没有规定分值，不计分")
        entries = self._granted(measure, rule.code, self._happening(), rule.award, rule)
        if measure.combine.mode == "cumulative":
            return [_Line(entry) for entry in entries]
        lost = (measure.combine.article, "同一信息就高计分，此项不重复计分")
        return [_Line(entry, (*_wording(measure), entry.unit_id, "adoption"), lost) for entry in entries]

    def _instruction(self, measure: Measure) -> list[_Line]:
        rank, only, rule = self.fact.rank, measure.report_only, measure.instruction
        if only.article is not None and only.instruction:
            return self._report_only(f"instruction:{rank}", only.article)
        if rule is None or rank is None or rank not in rule.by_rank:
            return self._gap("unlisted", "考评办法没有规定分值，不计分")
        award = rule.by_rank[rank]
        entries = self._granted(measure, f"instruction:{rank}", self._happening(), award)
        if not rule.same_rank_once:
            return [_Line(entry) for entry in entries]
        lost = (award.article, "同级领导再次批示，不重复计分")
        return [_Line(entry, (*_wording(measure), entry.unit_id, "instruction", rank), lost) for entry in entries]

    def _granted(
        self, measure: Measure, code: str, reason: str, award: Award, rule: AdoptionRule | None = None
    ) -> list[Entry]:
        """One entry per unit, shared as the measure says for joint items; each unit by its own class."""
        units, mode = self._units(), measure.joint.mode
        shared = len(units) > 1 and not (rule and rule.digest)
        fixed = measure.joint.each if shared and rule else None
        grant = fixed or award
        entries = []
        for at, unit in enumerate(units):
            points = grant.for_class(self.class_of(unit, self.fact.day))
            if shared and mode == "split_equal":
                points = split_equally(points, len(units))[at]
            entries.append(self._entry(unit, code, article_name(grant.article), reason, points))
        if not shared:
            return entries
        how = "均分" if mode == "split_equal" else ("各计定额分" if fixed else "各计满分")
        note = f"（{len(units)}家联合报送，按{article_name(measure.joint.article)}{how}）"
        return [replace(entry, reason=reason + note) for entry in entries]

    def _report_only(self, code: str, article: int) -> list[_Line]:
        reason = f"{self._happening()}，只登记不计分"
        return [_Line(self._entry(unit, code, article_name(article), reason, 0)) for unit in self._units()]

    def _gap(self, code: str, words: str) -> list[_Line]:
        reason = f"{self._happening()}，{words}"
        return [_Line(self._entry(unit, code, "", reason, 0)) for unit in self._units()]

    def _entry(self, unit: int, code: str, article: str, reason: str, points: int) -> Entry:
        fact = self.fact
        return Entry(fact.id, fact.item_id, unit, fact.author_id, fact.day, code, article, reason, points)

    def _units(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.fact.units))

    def _happening(self) -> str:
        """What happened, in words: 《每日要情》第128期单条采用."""
        fact = self.fact
        if fact.kind == "submission":
            return "报送信息"
        if fact.kind == "instruction":
            return f"{_LEADERS.get(fact.rank or '', '领导')}批示"
        names = self.measure.journals if self.measure else {}
        place = LEVEL_NAMES.get(fact.level or "", "")
        name = names.get(fact.journal or "")
        journal = f"《{name}》" if name else f"{place}刊物"
        issue = f"第{fact.issue}期" if fact.issue.isdigit() else fact.issue
        return f"{journal}{issue}{fact.form or ''}采用"
