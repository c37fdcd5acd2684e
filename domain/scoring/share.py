"""One item of several units: what part of its points each of them gets (联合报送)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.measure.law import article_name
from domain.measure.model import Joint
from domain.scoring.rounding import divide


class Part(NamedTuple):
    """What a unit gets in hundredths. `article` grants it if that is not the rule's own (0); `note` explains it."""

    points: int
    article: int = 0
    note: str = ""


def split_equally(points: int, parts: int) -> tuple[int, ...]:
    """Equal parts whose sum is exactly the whole; the hundredths left over go to the first parts.

    1000 in 3 gives 334, 333, 333. Raises ValueError for fewer than one part.
    """
    return split_by_weight(points, (1,) * parts)


def split_by_weight(points: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Parts in proportion to the weights; their sum is exactly the whole, and what is left over goes to the first.

    Raises ValueError when there is nobody to split among.
    """
    whole = sum(weights)
    if whole < 1 or min(weights) < 0:
        raise ValueError(f"cannot be split into {len(weights)} parts")
    shares = [points * weight // whole for weight in weights]
    rest = points - sum(shares)
    for at in [at for at, weight in enumerate(weights) if weight][:rest]:
        shares[at] += 1
    return tuple(shares)


def part_of(joint: Joint, points: int, at: int, units: int) -> Part:
    """The part of the unit at place `at` (from 0) of so many, as the measure shares joint items."""
    if units == 1:
        return Part(points)
    if joint.mode == "split_equal":
        return Part(split_equally(points, units)[at], note=_note(joint, units, "均分"))
    if joint.mode == "weighted":
        share = split_by_weight(points, _weights(joint, units))[at]
        return Part(share, note=_note(joint, units, f"按比例分（第{at + 1}家）"))
    return Part(points, note=_note(joint, units, "各计满分"))


def fixed_part(joint: Joint, unit_class: str, units: int) -> Part | None:
    """The fixed number each unit of a joint adoption gets, where the measure has one."""
    if units == 1 or joint.each is None:
        return None
    return Part(joint.each.of(unit_class), joint.article, _note(joint, units, "各计定额分"))


def after_edit(joint: Joint, points: int, rewritten: int) -> tuple[int, str]:
    """What is left for the units of an adoption of which the office rewrote so many percent, and why."""
    if joint.edit_share is None or rewritten < joint.edit_share:
        return points, ""
    note = f"（办公室改写{rewritten}%，按{article_name(joint.article)}计{joint.units_keep}%）"
    return divide(points * joint.units_keep, 100), note


def _weights(joint: Joint, units: int) -> tuple[int, ...]:
    """Whole numbers in the proportion of the parts; the units without a weight share equally what is left."""
    others = units - len(joint.weights)
    if others <= 0:
        return joint.weights[:units]
    return (*(weight * others for weight in joint.weights), *[100 - sum(joint.weights)] * others)


def _note(joint: Joint, units: int, how: str) -> str:
    by = f"按{article_name(joint.article)}" if joint.article else ""
    return f"（{units}家联合报送，{by}{how}）"
