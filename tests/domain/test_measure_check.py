"""Measures that can be read and still cannot be meant: rules in each other's way, and what does not fit the office."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.journal import Journal, parse_journals
from domain.measure import Measure, MeasureFault, parse_measure, read_measure
from domain.measure.choose import specialness
from domain.measure.fit import check_classes, check_dates, check_journals, check_rollups, check_units
from domain.measure.model import AdoptionRule
from domain.scoring import Fact, score_item
from tests.domain.items import ADOPTIONS, HEAD, MARCH

DATA = Path(__file__).parents[2] / "domain/data"
SAMPLE = (DATA / "measure-sample.toml").read_text(encoding="utf-8")
JOURNALS = parse_journals((DATA / "journals-sample.toml").read_text(encoding="utf-8"))


def rule(kind: str, *lines: str) -> str:
    return "\n".join(["[[rule]]", f'kind = "{kind}"', "article = 1", *lines, ""])


def refused(*parts: str) -> MeasureFault:
    with pytest.raises(MeasureFault) as caught:
        read_measure(HEAD + "".join(parts))
    return caught.value


# Rules in each other's way.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            rule("adoption", 'journals = ["DAILY"]', "points = 1"),
            rule("adoption", 'journals = ["DAILY"]', "points = 2"),
        ),
        (
            rule("adoption", 'journals = ["DAILY", "EXTRA"]', "points = 1"),
            rule("external", 'journals = ["EXTRA", "PROV"]'),
        ),
        (
            rule("adoption", 'levels = ["city"]', 'forms = ["简讯", "单条"]', "points = 1"),
            rule("adoption", 'levels = ["city"]', 'by_form = { "单条" = 2 }'),
        ),
        (
            rule("adoption", 'classes = ["县区", "部门"]', "points = 1"),
            rule("adoption", 'by_class = { "部门" = 1 }'),
        ),
        (rule("submission", "points = 1"), rule("submission", "points = 2")),
        (rule("upward", 'levels = ["state"]', "points = 1"), rule("upward", 'levels = ["state"]', "points = 2")),
        (rule("instruction", "by_rank = { city = 1 }"), rule("instruction", 'ranks = ["city"]', "points = 2")),
        (
            ADOPTIONS + rule("multiplier", 'ranks = ["city"]', "times = 2", 'mode = "times_n"'),
            rule("multiplier", 'ranks = ["city", "state"]', "times = 3", 'mode = "times_n"'),
        ),
        (
            rule("event", 'events = ["培训", "调研"]', "points = 1"),
            rule("discretion", 'events = ["调研"]', "lowest = 0", "highest = 1"),
        ),
        (
            rule("event", 'events = ["commission.done"]', "points = 1"),
            rule("commission", 'outcome = "done"', "points = 2"),
        ),
    ],
)  # fmt: skip
def test_two_rules_for_the_same_thing_are_refused(first: str, second: str) -> None:
    fault = refused(first, second)
    line = (HEAD + first).count("\n") + 1
    assert fault.line == line
    assert "重复的规则（都管：" in fault.allowed
    assert "删去其中一条" in str(fault)


def test_the_fault_names_both_lines_and_what_they_both_cover() -> None:
    first = rule("adoption", 'journals = ["DAILY", "EXTRA"]', "points = 1")
    fault = refused(first, rule("adoption", 'journals = ["EXTRA"]', "points = 2"))
    line = HEAD.count("\n") + 1
    assert fault.allowed == f"不和第{line}行的 adoption:DAILY+EXTRA 重复的规则（都管：增刊）"


ALL_CLASSES = 'by_class = { "县区" = 1, "部门" = 2, "直报点" = 3 }'
EVERY_LEVEL = 'levels = ["county", "city", "province", "state"]'


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (
            [
                rule("submission", "points = 1"),
                rule("submission", 'classes = ["县区", "部门"]', "points = 2"),
                rule("submission", 'classes = ["直报点"]', "points = 2"),
            ],
            "rule[1]",
        ),
        ([rule("adoption", "points = 1"), rule("adoption", EVERY_LEVEL, "points = 2")], "rule[1]"),
        ([rule("multiplier", 'ranks = ["city"]', "times = 2", 'mode = "times_n"')], "rule[1]"),
        ([rule("commission", 'outcome = "adopted"', "points = 2")], "rule[1]"),
        ([rule("adoption", 'journals = ["PROVX"]', "points = 2", 'on_top_of = "PROV"')], "rule[1].on_top_of"),
        (
            [
                '[[quota]]\nid = "q"\narticle = 1\nwhat = "adopted"\nper = "month"\nleast = 1\nclasses = ["县区"]\n',
                rule("quota_missed", 'quota = "q"', "points = -1", 'classes = ["部门"]'),
            ],
            "rule[1]",
        ),
        ([ADOPTIONS, rule("limit", 'per = "month"', "cap = 1", 'categories = ["报送分"]')], "rule[5].categories"),
        ([ADOPTIONS, '[[rollup]]\narticle = 1\nclasses = ["县区"]\ncategories = ["报送分"]\n'], "rollup[1].categories"),
        (
            [
                ADOPTIONS,
                '[[quota]]\nid = "q"\narticle = 1\nwhat = "points"\nper = "month"\nleast = 1\ncategories = ["x"]\n',
            ],
            "quota[1].categories",
        ),
    ],
)
def test_what_can_never_fire_is_refused(parts: list[str], path: str) -> None:
    fault = refused(*parts)
    assert fault.path == path
    assert fault.mend


def test_a_rule_whose_journals_print_only_what_others_cover_never_has_its_turn() -> None:
    head = HEAD.replace('code = "DAILY"', 'code = "DAILY"\nforms = ["单条", "简讯"]')
    daily = rule("adoption", 'journals = ["DAILY"]', "points = 1")
    forms = rule("adoption", 'journals = ["DAILY"]', 'by_form = { "单条" = 3, "简讯" = 1 }')
    with pytest.raises(MeasureFault, match="轮得到的规则") as caught:
        read_measure(head + daily + forms)
    assert caught.value.path == "rule[1]"
    assert len(read_measure(HEAD + daily + forms).rules) == 2


def test_rules_with_one_code_are_refused() -> None:
    again = rule("base", 'per = "year"', "points = 1")
    fault = refused(again, again)
    assert (fault.path, fault.found) == ("rule[2]", "base:year")
    assert 'id = "另一个编号"' in fault.mend


def test_a_class_that_would_be_rolled_up_twice_is_refused() -> None:
    rollup = '[[rollup]]\narticle = 10\nclasses = ["直报点"]\n'
    assert refused(ADOPTIONS, rollup, rollup).path == "rollup[2].classes"
    apart = rollup + 'categories = ["采用分"]\n'
    fault = refused(ADOPTIONS, apart, rollup)
    assert (fault.path, fault.found) == ("rollup[2].classes", "直报点")


def test_what_a_quota_cannot_look_at_is_refused() -> None:
    quota = '[[quota]]\nid = "q"\narticle = 1\nwhat = "{}"\nper = "month"\nleast = 1\n{}\n'
    assert refused(quota.format("submitted", 'levels = ["city"]')).path == "quota[1].levels"
    assert refused(quota.format("points", 'kinds = ["动态"]')).path == "quota[1].kinds"
    assert refused(quota.format("adopted", 'categories = ["采用分"]')).path == "quota[1].categories"


SELECTORS: dict[str, list[str]] = {
    "journals": ["", 'journals = ["DAILY"]', 'journals = ["DAILY", "PROV"]'],
    "levels": ["", 'levels = ["city"]', 'levels = ["province", "state", "county"]'],
    "forms": ["", 'forms = ["单条"]', 'forms = ["单条", "简讯"]'],
    "routes": ["", 'routes = ["direct"]'],
    "classes": ["", 'classes = ["县区"]', 'classes = ["部门", "直报点"]'],
}


@st.composite
def adoption_rules(draw: st.DrawFn) -> list[str]:
    rules = []
    for number in range(draw(st.integers(1, 5))):
        place = draw(st.sampled_from(SELECTORS["journals"] + SELECTORS["levels"]))
        rest = [draw(st.sampled_from(SELECTORS[key])) for key in ("forms", "routes", "classes")]
        rules.append(rule("adoption", place, *rest, "points = 1", f'id = "r{number}"'))
    return rules


def happenings() -> list[tuple[Fact, str]]:
    """Every adoption these rules can tell apart, with the class of the unit."""
    named = [("DAILY", "city"), ("EXTRA", "city"), ("PROV", "province"), ("PROVX", "province")]
    journals = [*named, ("X", "county"), ("Y", "state")]
    return [
        (Fact(1, "adoption", 1, MARCH, (1,), None, journal, level, form, route=route), unit_class)
        for (journal, level), form, route, unit_class in product(
            journals, ("单条", "简讯", "调研"), ("direct", ""), ("县区", "部门", "直报点")
        )
    ]


def winners(rules: list[AdoptionRule], fact: Fact, unit_class: str) -> list[str]:
    """The codes of the most special rules about an adoption."""
    fitting = [
        one
        for one in rules
        if one.where.takes(fact.journal, fact.level, fact.form, fact.route) and one.head.covers(unit_class)
    ]
    best = max((specialness(one.head, one.where) for one in fitting), default=None)
    return [one.head.code for one in fitting if specialness(one.head, one.where) == best]


def alone(text: str) -> AdoptionRule:
    (one,) = parse_measure(HEAD + text).rules
    assert isinstance(one, AdoptionRule)
    return one


def code_of(measure: Measure, fact: Fact, unit_class: str) -> str:
    (entry,) = score_item([fact], [measure], lambda unit, day: unit_class)
    return entry.code


@given(texts=adoption_rules())
@settings(max_examples=60, deadline=None)
def test_a_measure_is_refused_exactly_when_two_rules_would_score_or_one_never_would(texts: list[str]) -> None:
    rules = [alone(text) for text in texts]
    won = [winners(rules, fact, unit_class) for fact, unit_class in happenings()]
    is_clear = all(len(codes) < 2 for codes in won) and {code for codes in won for code in codes} == {
        one.head.code for one in rules
    }
    if not is_clear:
        refused(*texts)
        return
    measure = parse_measure(HEAD + "".join(texts))
    for (fact, unit_class), codes in zip(happenings(), won, strict=True):
        assert code_of(measure, fact, unit_class) == (codes[0] if codes else "unlisted")


# What does not fit the office.


def line_with(words: str) -> int:
    return SAMPLE[: SAMPLE.index(words)].count("\n") + 1


def test_a_class_without_units_is_named_with_its_line() -> None:
    written = read_measure(SAMPLE)
    assert check_classes(written, written.measure.classes) == []
    (fault,) = check_classes(written, {"县（市、区）", "重点部门", "一般部门"})
    assert (fault.path, fault.found, fault.line) == ("classes[4]", "直报点", line_with("classes = "))
    assert "从 classes 里删去" in str(fault)


def test_journals_the_office_does_not_have_or_has_otherwise_are_all_named() -> None:
    written = read_measure(SAMPLE)
    assert check_journals(written, JOURNALS) == []
    others = [
        Journal("SYQ", "省政府每日要情", "city", ("单条", "简讯"), ()),
        *(journal for journal in JOURNALS if journal.code not in ("SYQ", "LDCY", "SXX")),
    ]
    faults = check_journals(written, others)
    assert [(fault.path, fault.found) for fault in faults] == [
        ("journal[4].code", "LDCY"),
        ("journal[6].level", "province"),
        ("journal[7].code", "SXX"),
        ("rule[14].forms", "综合"),
    ]
    assert faults[0].line == line_with('code = "LDCY"')


def test_a_form_the_office_does_not_print_is_named() -> None:
    text = SAMPLE.replace('code = "MRYQ"', 'code = "MRYQ"\nforms = ["单条", "简讯", "综合", "图片"]', 1)
    assert [(fault.path, fault.found) for fault in check_journals(read_measure(text), JOURNALS)] == [
        ("journal[1].forms", "图片")
    ]


def dated(name: str, first: str, last: str = "") -> str:
    until = f"\neffective_to = {last}" if last else ""
    return SAMPLE.replace("effective_from = 2026-01-01", f"effective_from = {first}{until}").replace(
        "yunshan-2026", name
    )


@pytest.mark.parametrize(
    ("new", "old", "path", "mend"),
    [
        (("2026-07-01",), ("2026-01-01", "2026-12-31"), "effective_from", "把旧办法的 effective_to 改为 2026-06-30"),
        (("2025-01-01", "2026-01-01"), ("2026-01-01",), "effective_to", "写 effective_to = 2025-12-31"),
        (("2026-01-01",), ("2026-01-01",), "effective_from", "不能同一天起施行"),
    ],
)
def test_measures_in_force_on_the_same_days_are_refused(
    new: tuple[str, ...], old: tuple[str, ...], path: str, mend: str
) -> None:
    (fault,) = check_dates(read_measure(dated("new", *new)), [parse_measure(dated("old", *old))])
    assert (fault.path, fault.line) == (path, line_with("effective_from") + (path == "effective_to"))
    assert mend in str(fault)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (("2026-07-01",), ("2026-01-01",)),
        (("2026-07-01",), ("2026-01-01", "2026-06-30")),
        (("2025-01-01", "2025-12-31"), ("2026-01-01",)),
    ],
)
def test_a_newer_measure_that_replaces_an_open_one_does_not_overlap(new: tuple[str, ...], old: tuple[str, ...]) -> None:
    assert check_dates(read_measure(dated("new", *new)), [parse_measure(dated("old", *old))]) == []


def test_a_version_of_the_same_measure_does_not_overlap_itself() -> None:
    assert check_dates(read_measure(SAMPLE), [parse_measure(SAMPLE)]) == []


ROLLUP = SAMPLE + '\n[[rollup]]\narticle = 2\nclasses = ["直报点"]\n'
NAMES = {1: "云山县", 2: "开发区", 3: "云山化工"}


def test_a_circle_of_parents_is_named_unit_by_unit() -> None:
    written = read_measure(ROLLUP)
    points = dict.fromkeys(NAMES, "直报点")
    assert check_rollups(written, {3: 1}, points | {1: "县（市、区）"}, NAMES) == []
    (fault,) = check_rollups(written, {1: 2, 2: 3, 3: 1}, points, NAMES)
    assert (fault.path, fault.found) == ("rollup[1].classes", "云山县→开发区→云山化工→云山县")
    assert fault.line == ROLLUP.count("\n")


def test_a_class_whose_units_have_no_parent_rolls_nothing_up() -> None:
    (fault,) = check_rollups(read_measure(ROLLUP), {}, {3: "直报点"}, NAMES)
    assert (fault.found, fault.allowed) == ("直报点", "单位有上级单位的类别")


def test_units_the_file_names_must_be_units_of_the_office() -> None:
    text = SAMPLE + '\n[[exempt]]\narticle = 2\nunits = ["云山县", "云上县"]\n'
    (fault,) = check_units(read_measure(text), {"云山县"})
    assert (fault.path, fault.found, fault.line) == ("exempt[1].units", "云上县", text.count("\n"))
    asked = SAMPLE.replace('by_class = { "县（市、区）" = 8,', 'by_unit = { "云上县" = 9 } #', 1)
    assert [fault.path for fault in check_units(read_measure(asked), {"云山县"})] == ["quota[1].by_unit"]
    base = SAMPLE + '\n[[rule]]\nkind = "base"\narticle = 2\nper = "year"\nby_unit = { "云山县" = 9 }\n'
    assert check_units(read_measure(base), {"云山县"}) == []
