"""Whether a measure fits the office that is to live by it: its units, journals, other measures.

Pure functions. Each returns every fault it finds, with its line and how to mend it, so that all are mended at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from domain.journal import LEVEL_NAMES, Journal
from domain.measure.choose import where_of
from domain.measure.fault import MeasureFault
from domain.measure.model import Measure
from domain.measure.written import Written


def check_classes(written: Written, present: Collection[str]) -> list[MeasureFault]:
    """Classes no unit is in; `present` are the classes of all units in the first year of the measure."""
    return [
        written.fault(
            f"classes[{place}]", name, f"有单位的类别：{'、'.join(sorted(present)) or '（还没有单位分类）'}",
            f"把“{name}”改成单位表里的写法，或者先导入这一类的单位，或者从 classes 里删去",
        )
        for place, name in enumerate(written.measure.classes, 1)
        if name not in present
    ]  # fmt: skip


def check_journals(written: Written, office: Sequence[Journal]) -> list[MeasureFault]:
    """Journals the office does not have, has at another level, or never prints in the form a rule waits for."""
    known = {journal.code: journal for journal in office}
    faults = []
    for place, entry in enumerate(written.measure.journals.values(), 1):
        path, journal = f"journal[{place}]", known.get(entry.code)
        if journal is None:
            there = f"刊物表里的代码：{'、'.join(known)}"
            faults.append(written.fault(f"{path}.code", entry.code, there, "改代码，或者先把它加进刊物表"))
            continue
        if journal.level != entry.level:
            level = f"和刊物表一样的级别 {journal.level}（{LEVEL_NAMES[journal.level]}）"
            faults.append(written.fault(f"{path}.level", entry.level, level, "两处改成一样"))
        for form in entry.forms:
            if form not in journal.forms:
                forms = f"《{journal.name}》有的形式：{'、'.join(journal.forms)}"
                faults.append(written.fault(f"{path}.forms", form, forms, "改形式，或者先把它加进刊物表"))
    return faults + list(_never_printed(written, known))


def _never_printed(written: Written, known: Mapping[str, Journal]) -> Iterable[MeasureFault]:
    for at in written.rules:
        where = where_of(at.rule)
        named = [known[code] for code in where.journals if code in known]
        for form in where.forms:
            if named and not any(form in journal.forms for journal in named):
                forms = "、".join(dict.fromkeys(form for journal in named for form in journal.forms))
                there = f"这些刊物有的形式：{forms}"
                yield written.fault(f"{at.path}.forms", form, there, "改形式，或者先把它加进刊物表")


def check_dates(written: Written, others: Iterable[Measure]) -> list[MeasureFault]:
    """Other measures in force on the same days. One that is open is replaced by a newer one and does not overlap it; a
    version of the same measure (same id, same first day) is not another measure."""
    new = written.measure
    faults = []
    for other in others:
        if (other.id, other.effective_from) == (new.id, new.effective_from):
            continue
        days = f"{other.effective_from} 至 {other.effective_to or '（未定）'}"
        allowed = f"不和《{other.title}》（{days}）重叠的日期"
        if other.effective_from == new.effective_from:
            mend = "两个办法不能同一天起施行：改其中一个的 effective_from"
        elif _reaches(other, new.effective_from):
            mend = f"把旧办法的 effective_to 改为 {_day_before(new)}，或者推迟新办法的 effective_from"
        elif _reaches(new, other.effective_from):
            mend = f"写 effective_to = {_day_before(other)}，或者更早"
        else:
            continue
        path = "effective_to" if new.effective_from < other.effective_from else "effective_from"
        found = new.effective_to if path == "effective_to" else new.effective_from
        faults.append(written.fault(path, found, allowed, mend))
    return faults


def _reaches(measure: Measure, day: date) -> bool:
    """Whether its written last day is not before a day that comes after its first."""
    return measure.effective_from < day and measure.effective_to is not None and day <= measure.effective_to


def _day_before(measure: Measure) -> date:
    return measure.effective_from - timedelta(days=1)


def check_rollups(
    written: Written, parents: Mapping[int, int], class_of: Mapping[int, str], names: Mapping[int, str]
) -> list[MeasureFault]:
    """Units that would count for themselves by way of their parents, and classes none of whose units has a parent.

    `parents` has the parent of each unit that has one, `class_of` the class of each unit, `names` what it is called.
    """
    faults = []
    for place, rollup in zip(written.places["rollup"], written.measure.rollups, strict=True):
        path = f"{place}.classes"
        for name in rollup.classes:
            children = [unit for unit, unit_class in class_of.items() if unit_class == name]
            if children and not any(unit in parents for unit in children):
                mend = "在单位表里给这一类的单位写上级单位，或者从 classes 里删去"
                faults.append(written.fault(path, name, "单位有上级单位的类别", mend))
        rolled = {one for each in written.measure.rollups for one in each.classes}
        up = {unit: parent for unit, parent in parents.items() if class_of.get(unit) in rolled}
        for ring in _rings(up):
            if any(class_of.get(unit) in rollup.classes for unit in ring):
                words = "→".join(names.get(unit, str(unit)) for unit in (*ring, ring[0]))
                mend = "在单位表里改正上级单位，使它不绕回自己"
                faults.append(written.fault(path, words, "不绕圈的上下级关系", mend))
                break
    return faults


def _rings(up: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Every ring of parents, each once, from its smallest unit on."""
    rings: dict[tuple[int, ...], None] = {}
    done: set[int] = set()
    for start in sorted(up):
        walked: dict[int, int] = {}
        unit: int | None = start
        while unit is not None and unit not in walked and unit not in done:
            walked[unit] = len(walked)
            unit = up.get(unit)
        if unit is not None and unit in walked:
            ring = list(walked)[walked[unit] :]
            first = ring.index(min(ring))
            rings[(*ring[first:], *ring[:first])] = None
        done.update(walked)
    return list(rings)


def check_units(written: Written, names: Collection[str]) -> list[MeasureFault]:
    """Units named in the file that the office does not have: those exempt, and those with a figure of their own."""
    measure = written.measure
    exempt = zip(written.places["exempt"], measure.exempt, strict=True)
    named = [(f"{place}.units", one.units) for place, one in exempt]
    for place, quota in zip(written.places["quota"], measure.quotas.values(), strict=True):
        if quota.least.axis == "unit":
            named.append((f"{place}.by_unit", tuple(quota.least.by)))
    for at in written.rules:
        grant = getattr(at.rule, "grant", None)
        if grant is not None and grant.axis == "unit":
            named.append((f"{at.path}.by_unit", tuple(grant.by)))
    return [
        written.fault(path, unit, "单位表里有的单位名称", "照单位表里的名称写，或者先导入这个单位")
        for path, units in named
        for unit in units
        if unit not in names
    ]
