"""Rules of one file that get in each other's way: two for the same thing, or one that never has its turn.

Rules compete in pools (all rules on adoptions, all on notes of leaders). What could happen is cut into cells by the
words the rules name: every cell has to have one most special rule, and every rule has to have a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from domain.journal import LEVEL_NAMES, LEVELS
from domain.measure.choose import Special, specialness, where_of
from domain.measure.events import EVENTS
from domain.measure.fault import MeasureFault
from domain.measure.rules import (
    AdoptionRule,
    CommissionRule,
    DiscretionRule,
    EventRule,
    ExternalRule,
    InstructionRule,
    MultiplierRule,
    Rule,
    SubmissionRule,
    UpwardRule,
)
from domain.measure.written import RuleAt, Written

OTHER = ""
"""A form, route or place no rule names."""

PLACE, ROUTE, FORM, TOPIC, CONDITION, CLASS = range(6)
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A rule and the words it names in each direction; None is any word."""

    at: RuleAt
    special: Special
    words: tuple[frozenset[str] | None, ...]

    def has(self, cell: Cell) -> bool:
        return all(words is None or word in words for words, word in zip(self.words, cell, strict=True))


def check_contests(written: Written) -> None:
    """Raises MeasureFault for the first rule that overlaps another or can never have its turn."""
    pools: dict[str, list[_Claim]] = {}
    for at in written.rules:
        for pool in _pool(at.rule):
            pools.setdefault(pool, []).append(_claim(at, written))
    for pool, claims in pools.items():
        _contest(written, claims, is_note=pool == "instruction")


def _pool(rule: Rule) -> Iterator[str]:
    """The pool a rule competes in; what looks at a span of time competes with nobody."""
    if isinstance(rule, AdoptionRule | ExternalRule):
        yield "adoption"
    elif isinstance(rule, UpwardRule):
        yield "upward"
    elif isinstance(rule, SubmissionRule):
        yield "acceptable" if rule.acceptable_unused else "submission"
    elif isinstance(rule, InstructionRule):
        yield "instruction"
    elif isinstance(rule, MultiplierRule):
        yield "multiplier"
    elif isinstance(rule, EventRule | DiscretionRule):
        yield "event"
    elif isinstance(rule, CommissionRule):
        yield "commission" if rule.outcome == "adopted" else "event"


def _claim(at: RuleAt, written: Written) -> _Claim:
    rule, where = at.rule, where_of(at.rule)
    condition = rule.only_if if isinstance(rule, EventRule) else None
    places: Iterable[str] = where.journals
    if where.levels:
        journals = written.measure.journals.values()
        places = [one.code for one in journals if one.level in where.levels] + [_other(level) for level in where.levels]
    named = (places, where.routes, where.forms, _topic(rule), [condition] if condition else [], rule.head.classes)
    return _Claim(at, specialness(rule.head, where, condition), tuple(frozenset(words) or None for words in named))


def _topic(rule: Rule) -> tuple[str, ...]:
    if isinstance(rule, InstructionRule | MultiplierRule):
        return rule.ranks
    if isinstance(rule, EventRule | DiscretionRule):
        return rule.events
    return ("commission.done",) if isinstance(rule, CommissionRule) else ()


def _other(level: str) -> str:
    """Another journal of a level, one the file does not name."""
    return f"其他{LEVEL_NAMES[level]}刊物"


def _contest(written: Written, claims: Sequence[_Claim], is_note: bool) -> None:
    winners: set[str] = set()
    for cell in _cells(written, claims, is_note):
        taking = [claim for claim in claims if claim.has(cell)]
        best = max((claim.special for claim in taking), default=None)
        first = [claim for claim in taking if claim.special == best]
        if len(first) > 1:
            raise _overlap(written, first[0], first[1], cell)
        winners.update(claim.at.path for claim in first)
    for claim in claims:
        if claim.at.path not in winners:
            allowed = "轮得到的规则（它管的事，别的规则更具体，都已经管了；或者根本不会发生）"
            mend = "删去这条规则，或者放宽它的刊物、形式、类别"
            raise written.fault(claim.at.path, claim.at.rule.head.code, allowed, mend)


def _overlap(written: Written, first: _Claim, second: _Claim, cell: Cell) -> MeasureFault:
    names = {code: one.name for code, one in written.measure.journals.items()} | EVENTS | dict(written.measure.ranks)
    named = zip(cell, first.words, second.words, strict=True)
    words = [names.get(word, word) for word, mine, other in named if word and (mine or other)] or ["所有情况"]
    line = written.lines.get(first.at.path, 1)
    allowed = f"不和第{line}行的 {first.at.rule.head.code} 重复的规则（都管：{'、'.join(words)}）"
    mend = "删去其中一条，或者把刊物、级别、形式、类别写得不一样"
    return written.fault(second.at.path, second.at.rule.head.code, allowed, mend)


def _cells(written: Written, claims: Sequence[_Claim], is_note: bool) -> Iterator[Cell]:
    """Everything that can happen, as far as these rules tell it apart."""
    measure, forms = written.measure, _named(claims, FORM)
    places = [*measure.journals, *map(_other, LEVELS), *([OTHER] if is_note else [])]
    directions = [
        places if forms else _told_apart(claims, PLACE, places),
        _told_apart(claims, ROUTE, [*_named(claims, ROUTE), OTHER]),
        [*forms, OTHER],
        _named(claims, TOPIC) or [OTHER],
        [*_named(claims, CONDITION), OTHER],
        _told_apart(claims, CLASS, measure.classes),
    ]
    printed = {code: {form if form in forms else OTHER for form in one.forms} for code, one in measure.journals.items()}
    for cell in product(*directions):
        if not forms or not printed.get(cell[PLACE]) or cell[FORM] in printed[cell[PLACE]]:
            yield cell


def _named(claims: Iterable[_Claim], direction: int) -> list[str]:
    return sorted({word for claim in claims for word in claim.words[direction] or ()})


def _told_apart(claims: Sequence[_Claim], direction: int, words: Iterable[str]) -> list[str]:
    """One word of each group no rule tells apart: fewer cells, the same answer."""
    groups: dict[tuple[bool, ...], str] = {}
    for word in words:
        groups.setdefault(tuple(word in (claim.words[direction] or (word,)) for claim in claims), word)
    return list(groups.values())
