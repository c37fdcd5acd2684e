"""Words for many units at once: 全市, 全部县区, 市直部门, 乡镇, 一类部门, 省直报点.

The office itself (kind 办公室) is what asks and is never among them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.errors import BadInput
from domain.roster import Unit
from domain.unit_names import spelled
from domain.words import tidy_line

OFFICE_KIND = "办公室"


@dataclass(frozen=True, slots=True)
class Collective:
    """What a collective word stands for; `label` is how it is shown, without 全部."""

    label: str
    units: tuple[Unit, ...]


_COUNTIES = re.compile(r"县 ?\( ?(?:市 ?[、,/]? ?)?区 ?\)|县市区|市县区|区县")
_ALL = re.compile("全市|全部|全体|所有|每个|各|的")
_KINDS = {
    **dict.fromkeys(("县区", "县"), "县区"),
    **dict.fromkeys(("部门", "市直部门", "市直单位", "市直机关", "市直", "市级部门", "市政府部门"), "部门"),
    **dict.fromkeys(("乡镇", "乡镇街道", "镇街", "街道"), "乡镇"),
    **dict.fromkeys(("企业",), "企业"),
    **dict.fromkeys(("驻外办", "驻外办事处", "驻外机构"), "驻外办"),
}
_EVERYBODY = frozenset({"单位", "报送单位", "市"})
_DIRECT = re.compile("([省市国]?)(?:级|办|家)?(?:信息)?直报(?:点|单位)")
_KIND_BEHIND = re.compile("(?<=.)(部门|县区|乡镇|企业)$")
_BELOW_COUNTIES = frozenset({"县区", "乡镇"})


def plain_line(words: str) -> str:
    """A line in which 县（市、区）, however it is written, is one word without punctuation."""
    return _COUNTIES.sub("县区", tidy_line(words))


def read_collective(words: str, units: Sequence[Unit]) -> Collective | None:
    """The units a collective word stands for, perhaps none; None if it is no such word.

    Raises BadInput if it could be one of two classes.
    """
    word = spelled(words)
    pool = [unit for unit in units if unit.kind != OFFICE_KIND]
    said = [part for part in _ALL.split(word) if part]
    if word and not set(said) - _EVERYBODY:
        return Collective("单位", tuple(pool))
    whole = _one("".join(said), pool)
    found = [whole] if whole else [_one(part, pool) for part in said]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    members = dict.fromkeys(unit for one in known for unit in one.units)
    return Collective("、".join(one.label for one in known), tuple(members))


def _one(word: str, pool: Sequence[Unit]) -> Collective | None:
    if word in _KINDS:
        return Collective(word if word != "县" else "县区", _of_kind(_KINDS[word], pool))
    direct = _DIRECT.fullmatch(word)
    if direct:
        return Collective(word, tuple(unit for unit in pool if _is_direct_point(unit, direct[1])))
    return _of_class(word, pool)


def _of_kind(kind: str, pool: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units of a kind. Departments are the city's own: those of a county are asked through their county."""
    below = {unit.id for unit in pool if unit.kind in _BELOW_COUNTIES} if kind == "部门" else frozenset()
    return tuple(unit for unit in pool if unit.kind == kind and unit.parent_id not in below)


def _is_direct_point(unit: Unit, level: str) -> bool:
    """The roster's column 直报点 names the level it reports to (省); a class of that name has no level."""
    if level:
        return level in unit.direct_point
    return unit.direct_point not in ("", "否", "无") or unit.class_name == "直报点"


def _of_class(word: str, pool: Sequence[Unit]) -> Collective | None:
    """一类 for the class 一类 or 一类部门; 一类部门 also for the departments of the class 一类."""
    name = word.removesuffix("单位")
    by_class: dict[str, list[Unit]] = {}
    for unit in pool:
        by_class.setdefault(unit.class_name, []).append(unit)
    classes = {plain_line(class_name): members for class_name, members in by_class.items() if class_name}
    if name in classes:
        return Collective(name, tuple(classes[name]))
    kind = _KIND_BEHIND.search(name)
    stem = name[: kind.start()] if kind else name
    if kind and stem in classes and stem not in _KINDS:
        return Collective(name, tuple(unit for unit in classes[stem] if unit.kind == kind[1]))
    fitting = sorted(one for one in classes if not kind and name and _KIND_BEHIND.sub("", one) == name)
    if len(fitting) > 1:
        raise BadInput(reason=f"“{word}”可能是：{'、'.join(fitting)}。请写得再完整一些。")
    return _of_class(fitting[0], pool) if fitting else None


AT_ONCE = ("全市", "县区", "部门")
LEFT_OUT = 3
"""A group of units is still called by its word if so many of it are left out."""


def whole_groups(units: Sequence[Unit]) -> list[Collective]:
    """All there are of the groups units are called by at once; read once for hundreds of texts."""
    found = [read_collective(word, units) for word in AT_ONCE]
    return [one for one in found if one is not None]


def call_together(
    unit_ids: Collection[int], units: Sequence[Unit], wholes: Sequence[Collective], least: int
) -> list[str]:
    """How to call many units in few words, so that everybody knows whether they are meant: 全部县区（除清河区外）, and
    whoever is left by name. One of the `wholes` stands for at least `least` units."""
    left, said = set(unit_ids), []
    for whole in wholes:
        if len(whole.units) - len(left) > LEFT_OUT:
            continue
        out = [unit for unit in whole.units if unit.id not in left]
        if len(whole.units) - len(out) >= least and len(out) <= LEFT_OUT:
            but = f"（除{'、'.join(unit.label for unit in out)}外）" if out else ""
            said.append(f"全部{whole.label}{but}")
            left -= {unit.id for unit in whole.units}
    return [*said, *(unit.label for unit in units if unit.id in left)]
