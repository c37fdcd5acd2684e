"""The sample of the ten categories, and what a file of them may not be."""

from __future__ import annotations

import pytest

from domain.category import LONGEST_NAME, parse_categories, sample
from domain.tables import TableFault


def test_the_sample_has_ten_categories_that_can_be_typed() -> None:
    names = [category.name for category in sample()]
    assert len(names) == len(set(names)) == 10
    assert all(len(name) <= LONGEST_NAME and category.hint for name, category in zip(names, sample(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        '[[category]]\nname = "经济"',
        '[[category]]\nname = "经济"\nhint = "甲"\n[[category]]\nname = "经济"\nhint = "乙"',
        '[[category]]\nname = "经济"\nhint = "甲"\nunit = "乙"',
        "other = 1",
    ],
)
def test_a_file_with_a_fault_is_refused(text: str) -> None:
    with pytest.raises(TableFault):
        parse_categories(text)
