"""Small statistics: percentiles and medians of what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` (0..1) of the values lie, by nearest rank; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Iterable[float | None]) -> float | None:
    """The median of the values that are there; None if none is."""
    there = [value for value in values if value is not None]
    return median(there) if there else None


def ratio(above: float | None, below: float | None) -> float | None:
    """One figure by another; None if either is missing or the lower one is zero."""
    return above / below if above is not None and below else None
