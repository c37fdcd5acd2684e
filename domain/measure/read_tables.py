"""The tables of a measure's file beside its rules: quotas, what joins rules, how the year becomes a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from domain.journal import LEVELS
from domain.measure.fault import MeasureFault
from domain.measure.known import Known, read_grant, read_split
from domain.measure.model import Award, Combine, Convert, Exempt, Joint, ReportOnly, Result, Rollup, Veto
from domain.measure.read_spans import PERS
from domain.measure.rules import Grant, JointMode, Mode, Quota, What
from domain.tables import Table

_MODES: tuple[Mode, ...] = ("cumulative", "highest", "once", "delta")
_JOINT_MODES: tuple[JointMode, ...] = ("split_equal", "full_each", "fixed_each", "weighted")
_CONVERSIONS: tuple[Literal["target", "class_best", "weight"], ...] = ("target", "class_best", "weight")
_WHOM: tuple[Literal["unit", "person"], ...] = ("unit", "person")
_WHAT: tuple[What, ...] = ("submitted", "adopted", "points", "rate")
TIEBREAKS = ("adopted", "submitted", *LEVELS)
NO_ARTICLE = 0
"""The article of a table nobody wrote."""


def read_quotas(top: Table, known: Known) -> dict[str, Quota]:
    """The quotas, by their ids."""
    found: dict[str, Quota] = {}
    quotas = known.readings.all_of(top, "quota", lambda table: _quota(table, known))
    for place, quota in zip(known.readings.places["quota"], quotas, strict=True):
        if found.setdefault(quota.id, quota) is not quota:
            raise MeasureFault(f"{place}.id", quota.id, "别的任务没有用过的编号")
    return found


_SELECTORS: Mapping[What, tuple[str, ...]] = {
    "submitted": ("forms", "kinds"),
    "adopted": ("journals", "levels", "forms", "kinds"),
    "rate": ("journals", "levels", "forms", "kinds"),
    "points": ("categories",),
}
"""What of its items or points a quota can choose: an item that was only sent is in no journal yet."""


def _quota(table: Table, known: Known) -> Quota:
    what = table.choice("what", _WHAT)
    classes, selectors = table.choices("classes", known.classes), _SELECTORS[what]
    return Quota(
        id=table.text("id"),
        article=known.article(table),
        what=what,
        per=table.choice("per", PERS),
        least=_least(table, what, classes or known.classes),
        where=known.where(table, *selectors),
        kinds=table.words("kinds") if "kinds" in selectors else (),
        categories=table.words("categories") if "categories" in selectors else (),
        encouraged=table.flag("encouraged", default=False),
        for_awards=table.flag("for_awards", default=False),
        nothing_sent=table.choice("nothing_sent", ("exempt", "below")) if table.has("nothing_sent") else "exempt",
        classes=classes,
    )


def _least(table: Table, what: What, classes: Sequence[str]) -> Grant:
    """What is asked: items as they are, points and percents in hundredths; of a class that is not named, nothing."""

    def read(rows: Table, word: str) -> int:
        return rows.whole(word) if what in ("submitted", "adopted") else rows.hundredths(word)

    if table.has("by_unit"):
        by_unit = read_split(table, "unit", (), read)
        return Grant(read(table, "least") if table.has("least") else -1, "unit", by_unit)
    if table.has("by_class"):
        by_class = read_split(table, "class", classes, read)
        return Grant(read(table, "least") if table.has("least") else -1, "class", by_class)
    return Grant(read(table, "least"))


def read_combine(top: Table, known: Known) -> Combine:
    return known.readings.one_of(top, "combine", lambda table: _combine(table, known), Combine(NO_ARTICLE))


def _combine(table: Table, known: Known) -> Combine:
    article = known.article(table)
    if table.has("mode"):
        mode = table.choice("mode", _MODES)
        for key in ("within_level", "across_levels"):
            if table.has(key):
                raise table.refuse(key, "mode", "写 mode 就不再写 within_level、across_levels")
        within, across = mode, mode
    else:
        within = table.choice("within_level", _MODES) if table.has("within_level") else "cumulative"
        across = table.choice("across_levels", _MODES) if table.has("across_levels") else "cumulative"
    upward = table.choice("upward", ("cumulative", "replaced")) if table.has("upward") else "cumulative"
    return Combine(article, within, across, "replaced" if upward == "replaced" else "cumulative")


def read_joint(top: Table, known: Known) -> Joint:
    return known.readings.one_of(top, "joint", lambda table: _joint(table, known), Joint(NO_ARTICLE, "full_each"))


def _joint(table: Table, known: Known) -> Joint:
    article, mode = known.article(table), table.choice("mode", _JOINT_MODES)
    each = read_grant(table, {"class": known.classes})[0] if mode == "fixed_each" else None
    weights = table.wholes("weights", 1, 100) if mode == "weighted" else ()
    if mode == "weighted" and not 0 < sum(weights) <= 100:
        raise table.refuse("weights", list(weights) or None, "百分比的列表，加起来不超过 100，如 [60, 40]")
    edited = table.has("edit_share")
    return Joint(
        article, mode, each, weights, _percent(table, "edit_share", 100) if edited else None,
        _percent(table, "units_keep", 100) if edited else 100,
    )  # fmt: skip


def _percent(table: Table, key: str, default: int) -> int:
    value = table.whole(key) if table.has(key) else default
    if value > 100:
        raise table.refuse(key, value, " 0 至 100 的百分比")
    return value


def read_rollups(top: Table, known: Known) -> tuple[Rollup, ...]:
    """The roll-ups; no class counts for its parent by two of them."""
    rollups = known.readings.all_of(top, "rollup", lambda table: _rollup(table, known))
    for at, rollup in enumerate(rollups):
        for other in rollups[:at]:
            both = [one for one in rollup.classes if one in other.classes]
            if both and (not (rollup.categories and other.categories) or {*rollup.categories} & {*other.categories}):
                place = known.readings.places["rollup"][at]
                raise MeasureFault(f"{place}.classes", both[0], "别的 [[rollup]] 没有并过的类别或分类")
    return rollups


def _rollup(table: Table, known: Known) -> Rollup:
    classes = table.choices("classes", known.classes)
    if not classes:
        raise table.refuse("classes", None, f"下列之一或几个：{'、'.join(known.classes)}")
    return Rollup(
        known.article(table), classes, table.words("categories"), _percent(table, "share", 100),
        table.flag("keep", default=True),
    )  # fmt: skip


def read_report_only(top: Table, known: Known) -> ReportOnly:
    return known.readings.one_of(
        top, "report_only", lambda table: _report_only(table, known), ReportOnly(None, False, ())
    )


def _report_only(table: Table, known: Known) -> ReportOnly:
    article, instruction = known.article(table), table.flag("instruction", default=False)
    return ReportOnly(article, instruction, table.choices("levels", LEVELS))


def read_result(top: Table, known: Known) -> Result:
    return known.readings.one_of(top, "result", lambda table: _result(table, known), Result())


def _result(table: Table, known: Known) -> Result:
    default = Result()
    return Result(
        ties=table.choice("ties", ("skip", "order")) if table.has("ties") else default.ties,
        tiebreak=table.choices("tiebreak", TIEBREAKS) if table.has("tiebreak") else default.tiebreak,
        tiebreak_ranks=table.flag("tiebreak_ranks", default=False),
        fail_line=_by_class(table, "fail_line", known),
        article=known.article_if_any(table),
    )


def _by_class(table: Table, key: str, known: Known) -> Grant | None:
    """A number for everybody, or `by_class` for some; None if neither is written."""
    points = table.hundredths(key) if table.has(key) else None
    if table.has("by_class"):
        by = read_split(table, "class", known.classes, lambda rows, word: rows.hundredths(word))
        return Grant(-1 if points is None else points, "class", by)
    return None if points is None else Grant(points)


def read_convert(top: Table, known: Known) -> Convert | None:
    return known.readings.one_of(top, "convert", lambda table: _convert(table, known), None)


def _convert(table: Table, known: Known) -> Convert | None:
    article, mode = known.article(table), table.choice("mode", _CONVERSIONS)
    full = table.hundredths("full")
    target = _by_class(table, "target", known) if mode == "target" else None
    if mode == "target" and target is None:
        raise table.refuse("target", None, "目标分，全体一样写 target，按类别写 by_class")
    weight = table.whole("weight", lowest=1) if mode == "weight" else 100
    return Convert(article, mode, full, target, weight, table.flag("capped", default=True))


def read_vetoes(top: Table, known: Known) -> tuple[Veto, ...]:
    return known.readings.all_of(top, "veto", lambda table: Veto(known.article(table), known.events(table)))


def read_awards(top: Table, known: Known) -> tuple[Award, ...]:
    return known.readings.all_of(top, "award", lambda table: _award(table, known))


def _award(table: Table, known: Known) -> Award:
    whom = table.choice("whom", _WHOM)
    classes = table.choices("classes", known.classes) or known.classes
    places, quotas = table.whole("places", lowest=1), table.choices("quotas", known.quotas)
    return Award(known.article(table), table.text("name"), whom, classes, places, quotas)


def read_exempt(top: Table, known: Known, first_day: date) -> tuple[Exempt, ...]:
    return known.readings.all_of(top, "exempt", lambda table: _exempt(table, known, first_day))


def _exempt(table: Table, known: Known, first_day: date) -> Exempt:
    units = table.words("units")
    if not units:
        raise table.refuse("units", None, "至少一个单位名称")
    first = table.day("first") if table.has("first") else first_day
    last = table.day("last") if table.has("last") else None
    if last is not None and last < first:
        raise table.refuse("last", last, f"不早于 {first} 的日期")
    return Exempt(known.article(table), units, first, last)
