"""Units as people name them."""

from __future__ import annotations

import pytest

from domain.unit_names import in_order, match_units, nearest_units

NAMES = [
    ("市人力资源和社会保障局", 1),
    ("市市场监督管理局", 2),
    ("市住房和城乡建设局", 3),
    ("市数据局", 4),
    ("市自然资源和规划局", 5),
    ("市发展和改革委员会", 6),
    ("市发改委", 6),
    ("云山县人民政府", 7),
    ("云山县", 7),
    ("云山县教育局", 8),
    ("市教育局", 9),
    ("清河区人民政府", 10),
    ("清河区", 10),
]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("人社局", 1),
        ("市人社局", 1),
        ("市监局", 2),
        ("住建局", 3),
        ("数据局", 4),
        ("资规局", 5),
        ("发改委", 6),
        ("县发改委", 6),
        ("市发改委", 6),
        ("云山", 7),
        ("云山县", 7),
        ("云山县政府", 7),
        (" 云 山 县 ", 7),
        ("“清河区”", 10),
        ("云山教育局", 8),
        ("市教育局", 9),
    ],
)
def test_a_name_as_people_write_it_hits_exactly_one_unit(words: str, unit: int) -> None:
    assert match_units(words, NAMES) == [unit]


def test_a_name_that_fits_several_units_gives_all_of_them() -> None:
    assert match_units("资源局", NAMES) == [1, 5]


def test_a_single_character_is_no_abbreviation() -> None:
    assert match_units("局", NAMES) == []


def test_blank_words_mean_no_unit() -> None:
    assert match_units(" 　 ", NAMES) == []


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    assert nearest_units("市发该委", NAMES)[0] == 6


def test_characters_count_only_in_their_order() -> None:
    assert in_order("人社局", "人力资源和社会保障局")
    assert not in_order("社人局", "人力资源和社会保障局")
