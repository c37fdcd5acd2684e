"""Calling many units in few words, so that everybody in a group knows whether they are meant."""

from __future__ import annotations

import pytest

from domain.collectives import call_together, whole_groups
from domain.roster import Unit

COUNTIES = {1: "云山县", 2: "清河区", 3: "望江区", 4: "东湖区", 5: "松岭县"}
DEPARTMENTS = {6: "市发改委", 7: "市文旅局", 8: "市教育局", 9: "市科技局"}
LEAST = 4


def _unit(id: int, label: str, kind: str) -> Unit:
    return Unit(id, label, kind, "", None, "", id, label)


CITY = (
    _unit(10, "市府办", "办公室"),
    *(_unit(id, label, "县区") for id, label in COUNTIES.items()),
    *(_unit(id, label, "部门") for id, label in DEPARTMENTS.items()),
)


@pytest.mark.parametrize(
    ("ids", "called"),
    [
        (range(1, 10), ["全部单位"]),
        (range(2, 10), ["全部单位（除云山县外）"]),
        (range(1, 6), ["全部县区"]),
        ((1, 2, 3, 4, 6), ["全部县区（除松岭县外）", "市发改委"]),
        ((1, 2, 6), ["云山县", "清河区", "市发改委"]),
        ((6, 7, 8, 9, 1), ["全部部门", "云山县"]),
        ((), []),
    ],
)
def test_many_are_called_by_their_word_and_whoever_is_left_by_name(
    ids: range | tuple[int, ...], called: list[str]
) -> None:
    assert call_together(ids, CITY, whole_groups(CITY), LEAST) == called
