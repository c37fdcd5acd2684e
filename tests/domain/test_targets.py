"""Targets of a commission as people list them, in a city of five counties, eight departments and a township."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, BaosongError, NotFound
from domain.roster import Unit
from domain.targets import City, Targets, read_targets

COUNTY_CLASS = "县（市、区）"
UNITS = (
    ("市政府办公室", "市府办", "办公室", "", None, ""),
    ("云山县人民政府", "云山县", "县区", COUNTY_CLASS, None, "省"),
    ("临江县人民政府", "临江县", "县区", COUNTY_CLASS, None, ""),
    ("清河区人民政府", "清河区", "县区", COUNTY_CLASS, None, ""),
    ("松岭县人民政府", "松岭县", "县区", COUNTY_CLASS, None, "省、市"),
    ("望江市人民政府", "望江市", "县区", "", None, "否"),
    ("市发展和改革委员会", "市发改委", "部门", "一类部门", None, ""),
    ("市人力资源和社会保障局", "市人社局", "部门", "一类部门", None, ""),
    ("市住房和城乡建设局", "市住建局", "部门", "二类部门", None, ""),
    ("市自然资源和规划局", "市资规局", "部门", "二类部门", None, ""),
    ("市文化和旅游局", "市文旅局", "部门", "二类部门", None, ""),
    ("市外事办公室", "市外办", "部门", "二类部门", None, ""),
    ("市拆除违法建设办公室", "市拆违办", "部门", "", None, ""),
    ("市教育局", "", "部门", "", None, ""),
    ("云山县教育局", "", "部门", "", 2, ""),
    ("云山县石桥镇", "石桥镇", "乡镇", "直报点", 2, "市"),
)
NICKNAMES = {"文旅委": 11, "资源局": 10}


def city(*, without: frozenset[str] = frozenset()) -> City:
    """The city above; units stand in the office's order, which is not the order of their ids."""
    units, names = [], []
    for number, (name, short, kind, class_name, parent, direct) in enumerate(UNITS, start=1):
        if name in without:
            continue
        place = number if kind != "县区" else 100 - number
        units.append(Unit(number, name, kind, class_name, parent, direct, place, short))
        names += [(word, number) for word in (name, short) if word]
    return City(tuple(units), (*names, *NICKNAMES.items()))


CITY = city()
LABELS = {unit.label: unit.id for unit in CITY.units}
COUNTIES = "望江市 松岭县 清河区 临江县 云山县"
DEPARTMENTS = "市发改委 市人社局 市住建局 市资规局 市文旅局 市外办 市拆违办 市教育局"


def read(words: str) -> Targets:
    return read_targets(words, CITY)


def labels(words: str) -> str:
    """Who is meant, in the order it will be pushed to them."""
    by_id = {unit.id: unit.label for unit in CITY.units}
    return " ".join(by_id[id] for id in read(words).unit_ids)


@pytest.mark.parametrize("said", ["全部", "全市", "所有单位", "各单位", "全市各单位", "全体单位", "全部报送单位"])
def test_all_are_all_but_the_office_itself(said: str) -> None:
    assert labels(said) == f"{DEPARTMENTS} 云山县教育局 石桥镇 {COUNTIES}"
    assert read(said).reading == "全部单位（15个）：15个单位"


@pytest.mark.parametrize(
    "said",
    ["全部县区", "各县区", "县区", "全市各县区", "各县（市、区）", "各县(市,区)", "各县市区", "其他县区"],
)
def test_counties_have_many_spellings(said: str) -> None:
    assert labels(said) == COUNTIES
    assert read(said).reading == "全部县区（5个）：5个单位"


@pytest.mark.parametrize("said", ["全部部门", "市直部门", "各部门", "市直单位", "市直各部门", "全部市直部门"])
def test_departments_are_the_citys_own(said: str) -> None:
    assert labels(said) == DEPARTMENTS


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("一类部门", "市发改委 市人社局"),
        ("一类", "市发改委 市人社局"),
        ("全部一类部门", "市发改委 市人社局"),
        ("一类单位", "市发改委 市人社局"),
        ("二类部门", "市住建局 市资规局 市文旅局 市外办"),
        ("乡镇", "石桥镇"),
        ("各乡镇街道", "石桥镇"),
        ("直报点", "石桥镇 松岭县 云山县"),
        ("信息直报点", "石桥镇 松岭县 云山县"),
        ("省直报点", "松岭县 云山县"),
        ("省级信息直报点", "松岭县 云山县"),
        ("市直报点", "石桥镇 松岭县"),
        ("各县区各部门", f"{DEPARTMENTS} {COUNTIES}"),
        ("各县（市、区）、市直各部门", f"{DEPARTMENTS} {COUNTIES}"),
        ("一类部门、直报点", "市发改委 市人社局 石桥镇 松岭县 云山县"),
        ("一类部门和乡镇", "市发改委 市人社局 石桥镇"),
    ],
)
def test_classes_kinds_and_direct_points_are_meant_together(said: str, meant: str) -> None:
    assert labels(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("文旅局", "市文旅局"),
        ("文旅委", "市文旅局"),
        ("资源局", "市资规局"),
        ("云山", "云山县"),
        ("云山县政府", "云山县"),
        ("教育局", "市教育局"),
        ("云山县教育局", "云山县教育局"),
        ("“文旅局”", "市文旅局"),
        ("市府办", "市府办"),
        ("清河区、云山县", "清河区 云山县"),
        ("云山县，清河区；云山", "清河区 云山县"),
        ("文旅局 发改委", "市发改委 市文旅局"),
        ("文旅局\n发改委", "市发改委 市文旅局"),
        ("文旅局和发改委", "市发改委 市文旅局"),
        ("云山县、清河区及文旅局", "市文旅局 清河区 云山县"),
        ("市人力资源和社会保障局", "市人社局"),
        ("市住房和城乡建设局和市自然资源和规划局", "市住建局 市资规局"),
        ("人社局和住房和城乡建设局以及文旅局", "市人社局 市住建局 市文旅局"),
        ("云山县和", "云山县"),
        ("、云山县、", "云山县"),
        ("拆除违法建设办公室", "市拆违办"),
        ("全部县区、市府办", f"市府办 {COUNTIES}"),
    ],
)
def test_units_are_named_in_lists_as_people_write_them(said: str, meant: str) -> None:
    assert labels(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "全部县区，除云山县、临江县",
        "全部县区除云山县、临江县外",
        "全部县区（除云山县、临江县外）",
        "全部县区（除云山、临江以外）",
        "各县区，不含云山县和临江县",
        "各县区（不包括云山县、临江县）",
        "除云山县、临江县外的全部县区",
        "除了云山县、临江县之外，全部县区",
        "除云山县、临江县外其他县区",
        "全部县区（云山县、临江县除外）",
        "全部县区，云山县、临江县除外",
        "全部县区，除云山县外，除临江县外",
    ],
)
def test_exceptions_are_written_in_many_ways(said: str) -> None:
    assert labels(said) == "望江市 松岭县 清河区"
    assert read(said).reading == "全部县区（5个），除云山县、临江县：3个单位"
    assert read(said).notes == ()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("二类部门，除市外办外", "市住建局 市资规局 市文旅局"),
        ("除外办外的二类部门", "市住建局 市资规局 市文旅局"),
        ("全部部门，不含一类、二类", "市拆违办 市教育局"),
        ("全市，除县区和部门", "云山县教育局 石桥镇"),
        ("全部县区（除云山县外）、文旅局", "市文旅局 望江市 松岭县 清河区 临江县"),
        ("除县区、部门、乡镇外", "云山县教育局"),
        ("云山县、清河区，除云山县外", "清河区"),
    ],
)
def test_exceptions_reach_only_as_far_as_they_were_written(said: str, meant: str) -> None:
    assert labels(said) == meant


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        ("文旅局", "市文旅局：1个单位"),
        ("一类部门、清河区", "全部一类部门（2个）、清河区：3个单位"),
        ("全市，除乡镇外", "全部单位（15个），除乡镇：14个单位"),
        ("云山县、云山", "云山县：1个单位"),
        (
            "发改委、人社局、住建局、资规局、文旅局、外办、市教育局",
            "市发改委、市人社局、市住建局、市资规局、市文旅局、市外办等7项：7个单位",
        ),
    ],
)
def test_whoever_confirms_sees_who_was_understood(said: str, reading: str) -> None:
    assert read(said).reading == reading


def test_an_exception_that_takes_nothing_away_is_noted() -> None:
    assert read("全部县区，除文旅局外").notes == ("市文旅局本来就不在其中，除外没有作用",)


def test_a_kind_of_unit_the_city_has_none_of_is_noted_beside_others_and_refused_alone() -> None:
    assert read("企业、云山县").notes == ("名册里现在没有企业",)
    with pytest.raises(BadInput, match="名册里现在没有企业。可以写：全部县区"):
        read("企业")


def test_a_unit_nobody_knows_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(NotFound, match="没有找到单位“文旅居”。您是不是想写：市文旅局"):
        read("全部县区、文旅居")
    with pytest.raises(NotFound, match="没有找到单位“火星局”。可以写：全部县区、市直部门"):
        read("火星局")
    with pytest.raises(NotFound, match="没有找到单位“文旅居”"):
        read("全部县区，除文旅居外")


def test_a_nickname_of_two_units_asks_which_one() -> None:
    two = City(CITY.units, (*CITY.names, ("资源局", 8)))

    with pytest.raises(BadInput, match="“资源局”可能是：市资规局、市人社局。请写得再完整一些"):
        read_targets("资源局", two)


def test_a_class_of_two_kinds_asks_which_one() -> None:
    units = tuple(
        Unit(number, f"单位{number}", kind, class_name, None, "", number, "")
        for number, (kind, class_name) in enumerate([("县区", "一类县区"), ("部门", "一类部门")], start=1)
    )

    with pytest.raises(BadInput, match="“一类”可能是：一类县区、一类部门。请写得再完整一些"):
        read_targets("一类", City(units, ()))
    assert read_targets("一类县区", City(units, ())).unit_ids == (1,)


def test_a_class_of_units_of_all_kinds_can_be_narrowed_to_one() -> None:
    units = tuple(
        Unit(number, f"单位{number}", kind, "一类", None, "", number, "")
        for number, kind in enumerate(("县区", "部门", "部门"), start=1)
    )

    assert read_targets("一类", City(units, ())).unit_ids == (1, 2, 3)
    assert read_targets("一类部门", City(units, ())).unit_ids == (2, 3)


@pytest.mark.parametrize("said", ["", " 　", "、，", "和", "()"])
def test_nobody_written_is_asked_for(said: str) -> None:
    with pytest.raises(BadInput, match="没有写发给哪些单位。可以写：全部县区"):
        read(said)


def test_nobody_left_is_refused() -> None:
    with pytest.raises(BadInput, match="县区除去云山县、临江县、清河区、松岭县、望江市以后，一个单位也不剩"):
        read("全部县区，除云山县、临江县、清河区、松岭县、望江市外")
    with pytest.raises(BadInput, match="一个单位也不剩"):
        read("云山县，除云山县")


def test_a_unit_that_is_no_more_is_not_found_by_its_name() -> None:
    with pytest.raises(NotFound):
        read_targets("文旅委", city(without=frozenset({"市文化和旅游局"})))


WORDS = [
    *("全部", "全市", "各", "县区", "部门", "市直", "乡镇", "一类", "二类部门", "直报点", "省", "单位", "其他"),
    *("云山县", "临江", "清河区", "文旅局", "外办", "市住房和城乡建设局", "云山县教育局", "市府办"),
    *("除", "外", "以外", "不含", "除外", "的", "和", "及", "、", "，", " ", "（", "）"),
]
LISTS = st.lists(st.sampled_from(WORDS), max_size=10).map("".join)


@given(LISTS | st.text(max_size=40))
def test_nothing_anybody_types_is_more_than_an_expected_error(words: str) -> None:
    try:
        found = read(words)
    except BaosongError:
        return
    places = {unit.id: unit.place for unit in CITY.units}
    assert len(found.unit_ids) == len(set(found.unit_ids)) > 0
    assert list(found.unit_ids) == sorted(found.unit_ids, key=lambda id: places[id])
    assert found.reading.endswith(f"：{len(found.unit_ids)}个单位")


@given(
    st.sampled_from(["全部", "全部县区", "各部门", "直报点", "各县区、市直部门"]),
    st.lists(st.sampled_from(sorted(set(LABELS) - {"市府办"})), min_size=1, max_size=4),
    st.sampled_from(["{all}，除{names}外", "{all}（不含{names}）", "除{names}外的{all}", "{all}（{names}除外）"]),
)
def test_what_was_excepted_is_never_among_the_targets(everybody: str, names: list[str], form: str) -> None:
    words = form.format(all=everybody, names="、".join(names))
    left = set(read(everybody).unit_ids) - {LABELS[name] for name in names}
    if left:
        assert set(read(words).unit_ids) == left
    else:
        with pytest.raises(BadInput, match="一个单位也不剩"):
            read(words)
