"""The measure (考评办法): the office's own rules of assessment, as data with articles and effective dates.

Every rule names the article it comes from, and that article must be in the file: what a unit is told
about its points can always be read up. Points are hundredths throughout.
`domain/data/measure-sample.toml` shows the format.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.errors import NotFound
from domain.journal import LEVELS
from domain.ranking import adoption_rate
from domain.tables import Table, TableFault, read_toml

Combine = Literal["cumulative", "highest"]
Joint = Literal["full_each", "split_equal", "fixed_each"]
NothingSent = Literal["exempt", "below"]

_COMBINE: tuple[Combine, ...] = ("cumulative", "highest")
_JOINT: tuple[Joint, ...] = ("full_each", "split_equal", "fixed_each")
_NOTHING_SENT: tuple[NothingSent, ...] = ("exempt", "below")
_ARTICLE_NUMBERS = frozenset(str(number) for number in range(1, 100))
_DIGITS = "零一二三四五六七八九"


class MeasureFault(TableFault):
    """The file of a measure is wrong at `path`."""


@dataclass(frozen=True, slots=True)
class Award:
    """Points granted by an article; a class may have its own."""

    article: int
    points: int
    by_class: Mapping[str, int]

    def for_class(self, unit_class: str) -> int:
        return self.by_class.get(unit_class, self.points)


@dataclass(frozen=True, slots=True)
class AdoptionRule:
    """Points for an adoption in the named journals, or in any journal of a level; no forms means any form.

    In a `digest` (综合采用) every contributing unit gets the points, whatever the rule on joint items says.
    """

    journals: tuple[str, ...]
    level: str | None
    forms: tuple[str, ...]
    award: Award
    digest: bool

    @property
    def code(self) -> str:
        parts = ("+".join(self.journals), self.level or "", "+".join(self.forms))
        return ":".join(("adoption", *(part for part in parts if part)))


@dataclass(frozen=True, slots=True)
class InstructionRule:
    """Points by the leader's rank; `same_rank_once`: a second note of one rank on the item adds nothing."""

    by_rank: Mapping[str, Award]
    same_rank_once: bool


@dataclass(frozen=True, slots=True)
class CombineRule:
    """One item in several journals: all count, or only the best (就高)."""

    mode: Combine
    article: int


@dataclass(frozen=True, slots=True)
class JointRule:
    """One item of several units: each gets all, an equal part, or for adoptions the points of `each`."""

    mode: Joint
    article: int
    each: Award | None


@dataclass(frozen=True, slots=True)
class ReportOnly:
    """What is shown but not scored (只登记不计分): instructions, journals of some levels."""

    article: int | None
    instruction: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """What a class has to do each month; the floor is in hundredths of a percent. None is no demand."""

    article: int
    submit_min: int | None
    adopt_min: int | None
    adoption_rate_floor: int | None


@dataclass(frozen=True, slots=True)
class RateRule:
    """How 0/0 is judged: a unit that sent nothing is `exempt` from the floor, or counts as `below` it."""

    article: int
    nothing_sent: NothingSent


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in one wording. `effective_to` is its last day, None while it is open."""

    id: str
    title: str
    effective_from: date
    effective_to: date | None
    classes: tuple[str, ...]
    articles: Mapping[int, str]
    journals: Mapping[str, str]
    submission: Award | None
    adoptions: tuple[AdoptionRule, ...]
    instruction: InstructionRule | None
    commission: Award | None
    combine: CombineRule
    joint: JointRule
    report_only: ReportOnly
    quotas: Mapping[str, Quota]
    rate: RateRule

    def adoption_rule(self, journal: str | None, level: str | None, form: str | None) -> AdoptionRule | None:
        """The rule for an adoption: a named journal goes before its level, a named form before any form."""
        for by_journal in (True, False):
            for by_form in (True, False):
                for rule in self.adoptions:
                    by_level = level is not None and level == rule.level
                    here = journal in rule.journals if by_journal else by_level
                    if here and (form in rule.forms if by_form else not rule.forms):
                        return rule
        return None

    def quota_for(self, unit_class: str) -> Quota | None:
        """The monthly quota of a class; None when the measure sets it none."""
        return self.quotas.get(unit_class)

    def below_rate_floor(self, unit_class: str, submitted: int, adopted: int) -> bool:
        """Whether the adoption rate of a unit is under the floor of its class."""
        quota = self.quota_for(unit_class)
        if quota is None or quota.adoption_rate_floor is None:
            return False
        rate = adoption_rate(submitted, adopted)
        return self.rate.nothing_sent == "below" if rate is None else rate < quota.adoption_rate_floor


def article_name(number: int) -> str:
    """`第八条`; for 1 to 99, which is as far as such measures go."""
    if not 1 <= number <= 99:
        raise ValueError(f"no article of this number: {number}")
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return f"第{ten}{_DIGITS[ones] if ones else ''}条"


def measure_on(day: date, measures: Iterable[Measure]) -> Measure | None:
    """The measure in force on a day; of several, the one that took effect last replaces the others."""
    in_force = [
        measure
        for measure in measures
        if measure.effective_from <= day and (measure.effective_to is None or day <= measure.effective_to)
    ]
    return max(in_force, key=lambda measure: (measure.effective_from, measure.id), default=None)


def explain(measure: Measure) -> list[tuple[str, str]]:
    """All articles in order, as (`第八条`, text)."""
    return [(article_name(number), text) for number, text in sorted(measure.articles.items())]


def find_article(measure: Measure, words: str) -> list[tuple[str, str]]:
    """The articles somebody asks for by number (第八条, 8, 八) or by words that all stand in the text.

    Raises NotFound, saying how many articles there are and how to ask.
    """
    asked = unicodedata.normalize("NFKC", words).split()
    articles = explain(measure)
    if len(asked) == 1:
        number = asked[0].removeprefix("第").removesuffix("条")
        for known, (name, text) in zip(sorted(measure.articles), articles, strict=True):
            if number in (str(known), name[1:-1]):
                return [(name, text)]
    hits = [article for article in articles if asked and all(word in article[1] for word in asked)]
    if not hits:
        hint = f"《{measure.title}》共{len(articles)}条，可以按条号（第八条）或词语（联合报送）查。"
        raise NotFound(what=f"含“{words.strip()}”的条文", hint=hint)
    return hits


def parse_measure(text: str) -> Measure:
    """Read one measure from TOML.

    Raises MeasureFault with the key path, what was found and what is allowed: unknown keys, wrong types, a
    rule whose article, class or journal is not in the file, two rules for the same adoption.
    """
    top = read_toml(text, MeasureFault)
    identity, title = top.text("id"), top.text("title")
    effective_from, effective_to = _effective(top)
    classes = top.words("classes")
    if not classes:
        raise top.refuse("classes", None, "至少一个考评类别")
    articles = _articles(top.table("articles"))
    if not articles:
        raise top.refuse("articles", None, "至少一条条文")
    reader = _Rules(articles, classes, _journals(top.table("journals")))
    measure = Measure(
        id=identity,
        title=title,
        effective_from=effective_from,
        effective_to=effective_to,
        classes=classes,
        articles=articles,
        journals=reader.journals,
        submission=reader.award_if_any(top, "submission"),
        adoptions=reader.adoptions(top),
        instruction=reader.instruction(top),
        commission=reader.award_if_any(top, "commission"),
        combine=reader.combine(top.table("combine")),
        joint=reader.joint(top.table("joint")),
        report_only=reader.report_only(top),
        quotas=reader.quotas(top.tables("quota")),
        rate=reader.rate(top.table("adoption_rate")),
    )
    top.close()
    return measure


def _effective(top: Table) -> tuple[date, date | None]:
    first = top.day("effective_from")
    last = top.day("effective_to") if top.has("effective_to") else None
    if last is not None and last < first:
        raise top.refuse("effective_to", last, f"不早于 {first} 的日期")
    return first, last


def _articles(table: Table) -> dict[int, str]:
    texts: dict[int, str] = {}
    for key in table.names():
        if key not in _ARTICLE_NUMBERS:
            raise table.refuse(key, key, "条号 1 至 99")
        texts[int(key)] = table.text(key)
    return texts


def _journals(table: Table) -> dict[str, str]:
    return {key: table.text(key) for key in table.names()}


@dataclass(frozen=True, slots=True)
class _Rules:
    """Reads the rules of one measure against its articles, classes and journals."""

    articles: Mapping[int, str]
    classes: Sequence[str]
    journals: Mapping[str, str]

    def article(self, table: Table) -> int:
        number = table.whole("article", lowest=1)
        if number not in self.articles:
            raise table.refuse("article", number, "[articles] 里有的条号")
        return number

    def award(self, table: Table) -> Award:
        article, points, per_class = self.article(table), table.hundredths("points"), table.table("by_class")
        by_class = {key: per_class.hundredths(key) for key in self.classes if per_class.has(key)}
        per_class.close()
        return Award(article, points, by_class)

    def award_if_any(self, top: Table, key: str) -> Award | None:
        if not top.has(key):
            return None
        table = top.table(key)
        award = self.award(table)
        table.close()
        return award

    def adoptions(self, top: Table) -> tuple[AdoptionRule, ...]:
        taken: set[tuple[str, str]] = set()
        return tuple(self._adoption(table, taken) for table in top.tables("adoption"))

    def _adoption(self, table: Table, taken: set[tuple[str, str]]) -> AdoptionRule:
        journals, forms = table.words("journals"), table.words("forms")
        level = table.choice("level", LEVELS) if table.has("level") else None
        if bool(journals) == (level is not None):
            both = f"{'、'.join(journals)} 和 {level}" if journals else None
            raise table.refuse("journals", both, "刊物 journals 或级别 level，写且只写一样")
        for journal in journals:
            if journal not in self.journals:
                raise table.refuse("journals", journal, f"[journals] 里有的代码：{'、'.join(self.journals)}")
        for place in journals or (f"level {level}",):
            for form in forms or ("",):
                if (place, form) in taken:
                    raise table.refuse("forms", form or None, "前面的规则没有写过的刊物（级别）和形式")
                taken.add((place, form))
        rule = AdoptionRule(journals, level, forms, self.award(table), table.flag("digest", default=False))
        table.close()
        return rule

    def instruction(self, top: Table) -> InstructionRule | None:
        if not top.has("instruction"):
            return None
        table = top.table("instruction")
        article, once = self.article(table), table.flag("same_rank_once", default=False)
        points = table.table("points")
        ranks = {rank: Award(article, points.hundredths(rank), {}) for rank in LEVELS if points.has(rank)}
        points.close()
        table.close()
        return InstructionRule(ranks, once)

    def combine(self, table: Table) -> CombineRule:
        rule = CombineRule(table.choice("mode", _COMBINE), self.article(table))
        table.close()
        return rule

    def joint(self, table: Table) -> JointRule:
        mode = table.choice("mode", _JOINT)
        each = self.award(table) if mode == "fixed_each" else None
        rule = JointRule(mode, self.article(table), each)
        table.close()
        return rule

    def report_only(self, top: Table) -> ReportOnly:
        if not top.has("report_only"):
            return ReportOnly(None, False, ())
        table = top.table("report_only")
        levels = table.words("levels")
        for level in levels:
            if level not in LEVELS:
                raise table.refuse("levels", level, f"下列之一：{'、'.join(LEVELS)}")
        rule = ReportOnly(self.article(table), table.flag("instruction", default=False), levels)
        table.close()
        return rule

    def quotas(self, tables: Sequence[Table]) -> dict[str, Quota]:
        quotas: dict[str, Quota] = {}
        for table in tables:
            unit_class = table.choice("class", self.classes)
            if unit_class in quotas:
                raise table.refuse("class", unit_class, "前面没有写过的类别")
            submit = table.whole("submit_min") if table.has("submit_min") else None
            adopt = table.whole("adopt_min") if table.has("adopt_min") else None
            floor = table.hundredths("adoption_rate_floor") if table.has("adoption_rate_floor") else None
            quotas[unit_class] = Quota(self.article(table), submit, adopt, floor)
            table.close()
        return quotas

    def rate(self, table: Table) -> RateRule:
        rule = RateRule(self.article(table), table.choice("nothing_sent", _NOTHING_SENT))
        table.close()
        return rule
