"""The file of a measure, read strictly: every fault names its line, its path, what was found and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure import MeasureFault, parse_measure
from domain.measure.model import (
    AdoptionRule,
    Combine,
    CommissionRule,
    Convert,
    EventRule,
    Grant,
    Joint,
    LimitRule,
    MultiplierRule,
    QuotaMissedRule,
    Result,
    Where,
)
from tests.domain.items import HEAD

TEXT = (Path(__file__).parents[2] / "domain/data/measure-sample.toml").read_text(encoding="utf-8")


def changed(old: str, new: str) -> str:
    """The sample with one place written differently."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def refused(text: str) -> MeasureFault:
    with pytest.raises(MeasureFault) as caught:
        parse_measure(text)
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('id = "yunshan-2026"', "id = 7", "id"),
        ('title = "云山市政务信息工作考评办法（样例）"', 'title = " "', "title"),
        ("effective_from = 2026-01-01", 'effective_from = "2026-01-01"', "effective_from"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01T00:00:00", "effective_from"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2025-12-31", "effective_to"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_till = 2026-12-31", "effective_till"),
        ("effective_from = 2026-01-01", "effective_from = 2026-02-30", "（全文）"),
        ('classes = ["县（市、区）", "重点部门", "一般部门", "直报点"]', "", "classes"),
        ('16 = "本', '100 = "本', "articles.100"),
        ('16 = "本', '016 = "本', "articles.016"),
        ('code = "MRYQ"\n', "", "journal[1].code"),
        ('code = "ZWXX"', 'code = "MRYQ"', "journal[2].code"),
        ('level = "city"', 'level = "region"', "journal[1].level"),
        ('kind = "submission"\narticle = 5', 'kind = "submission"', "rule[1].article"),
        ('kind = "submission"\narticle = 5', 'kind = "submission"\narticle = 17', "rule[1].article"),
        ('kind = "submission"\narticle = 5', 'kind = "submission"\narticle = true', "rule[1].article"),
        ('kind = "submission"', 'kind = "sending"', "rule[1].kind"),
        ("points = 0.5", "points = 0.005", "rule[1].points"),
        ("points = 0.5", "points = -1", "rule[1].points"),
        ("points = 0.5", "points = nan", "rule[1].points"),
        ("points = 0.5", "points = 1e99999", "rule[1].points"),
        ("points = 0.5", 'points = "半分"', "rule[1].points"),
        ("points = 0.5", "points = 0.5\nbonus = 1", "rule[1].bonus"),
        ("points = 0.5", 'points = 0.5\nclasses = ["乡镇"]', "rule[1].classes"),
        ("points = 0.5", 'points = 0.5\nclasses = ["重点部门"]', "rule[1].by_class.一般部门"),
        ("points = 0.5", 'points = 0.5\nby_form = { "简讯" = 1 }', "rule[1].by_form"),
        ("points = 0.5", 'points = 0.5\nid = "a@b"', "rule[1].id"),
        ("points = 0.5", "points = 0.5\nby_unit = { }", "rule[1].by_unit"),
        ('"一般部门" = 1', '"乡镇" = 1', "rule[1].by_class.乡镇"),
        ('"一般部门" = 1', '"一般部门" = "1"', "rule[1].by_class.一般部门"),
        ('by_class = { "一般部门" = 1, "直报点" = 1 }', "by_class = { }", "rule[1].by_class"),
        ('journals = ["MRYQ"]', 'journals = ["MRQY"]', "rule[2].journals"),
        ('journals = ["MRYQ"]', 'journals = ["MRYQ"]\nlevels = ["city"]', "rule[2].levels"),
        ('journals = ["MRYQ"]', 'journals = ["MRYQ"]\nroutes = ["post"]', "rule[2].routes"),
        ('journals = ["MRYQ"]', 'journals = ["MRYQ"]\non_top_of = "MRYQ"', "rule[2].on_top_of"),
        ('journals = ["MRYQ"]', 'journals = ["MRYQ"]\nreading = "再加=另加"', "rule[2].reading"),
        ('forms = ["简讯"]', 'forms = "简讯"', "rule[4].forms"),
        ('forms = ["简讯"]', 'form = ["简讯"]', "rule[4].form"),
        ('levels = ["province"]', 'levels = ["region"]', "rule[10].levels"),
        ("\neach = true", '\neach = "是"', "rule[13].each"),
        ("same_rank_once = true", "same_rank_once = 1", "rule[16].same_rank_once"),
        ("{ city = 10,", "{ mayor = 10,", "rule[16].by_rank.mayor"),
        ("by_rank = { city = 10, province = 30, state = 50 }", "points = 1", "rule[16].ranks"),
        ('outcome = "adopted"', 'outcome = "used"', "rule[17].outcome"),
        ('[joint]\narticle = 12\nmode = "split_equal"', '[joint]\narticle = 12\nmode = "half"', "joint.mode"),
        ('mode = "split_equal"', 'mode = "fixed_each"\npoints = -1', "joint.points"),
        ('mode = "split_equal"', 'mode = "weighted"\nweights = [80, 30]', "joint.weights"),
        ('mode = "split_equal"', 'mode = "weighted"\nweights = "80"', "joint.weights"),
        ('mode = "split_equal"', 'mode = "split_equal"\nedit_share = 101', "joint.edit_share"),
        ('mode = "cumulative"', 'mode = "best"', "combine.mode"),
        ('mode = "cumulative"', 'mode = "once"\nwithin_level = "once"', "combine.within_level"),
        ('id = "每月采用"', 'id = "每月报送"', "quota[2].id"),
        ('what = "submitted"', 'what = "sent"', "quota[1].what"),
        ('per = "month"', 'per = "day"', "quota[1].per"),
        ('{ "县（市、区）" = 8,', '{ "县（市、区）" = 8.5,', "quota[1].by_class.县（市、区）"),
        ('{ "县（市、区）" = 20,', '{ "县（市、区）" = "20%",', "quota[3].by_class.县（市、区）"),
        ('nothing_sent = "exempt"', 'nothing_sent = "zero"', "quota[3].nothing_sent"),
        ('ties = "skip"', 'ties = "share"', "result.ties"),
        ('tiebreak = ["adopted", "submitted"]', 'tiebreak = ["luck"]', "result.tiebreak"),
        ("levels = []", 'levels = ["国办"]', "report_only.levels"),
        ("[report_only]\narticle = 15", "[report_only]\narticle = 51", "report_only.article"),
        ("[report_only]", "[report]", "report"),
        ("[joint]", "[[joint]]\narticle = 12\nmode = \"full_each\"\n[[joint]]", "joint[2]"),
        ("[report_only]", '[readings]\n"再加" = "另加"\n[report_only]', "readings.再加"),
        ("[[rule]]", "[rule]", "（全文）"),
    ],
)  # fmt: skip
def test_every_fault_of_the_file_names_its_path_and_line(old: str, new: str, path: str) -> None:
    text = changed(old, new)
    fault = refused(text)
    assert fault.path == path
    assert fault.allowed
    assert fault.line is not None
    first = TEXT[: TEXT.index(old)].count("\n") + 1
    assert first - 3 <= fault.line <= first + new.count("\n") + 6 or path in ("classes", "（全文）")


MORE = """
[[quota]]
id = "q"
article = 1
what = "points"
per = "month"
least = 7.5
[[rule]]
kind = "adoption"
article = 1
points = 1
"""


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ('kind = "multiplier"\nranks = ["city"]\ntimes = 0.5\nmode = "times_n"', "times"),
        ('kind = "multiplier"\ntimes = 2\nmode = "times_n"', "ranks"),
        ('kind = "multiplier"\nranks = ["mayor"]\ntimes = 2\nmode = "times_n"', "ranks"),
        ('kind = "event"\nevents = ["urgent.lost"]\npoints = 1', "events"),
        ('kind = "event"\npoints = 1', "events"),
        ('kind = "event"\nevents = ["培训"]\nonly_if = "培训"\npoints = 1', "only_if"),
        ('kind = "discretion"\nevents = ["培训"]\nlowest = 5\nhighest = 5', "highest"),
        ('kind = "quota_met"\nquota = "r"\npoints = 1', "quota"),
        ('kind = "quota_missed"\nquota = "q"\npoints = 1', "points"),
        ('kind = "limit"\nper = "month"', "cap"),
        ('kind = "limit"\nper = "month"\nfloor = 1\ncap = 0', "cap"),
        ('kind = "limit"\nper = "month"\ncap = 1\ncategories = ["加分"]', "categories"),
        ('kind = "forfeit"\nper = "month"\nevents = ["培训"]', "lose"),
        ('kind = "zero_out"\nevents = ["培训"]\nat_least = 0', "at_least"),
        ('kind = "base"\nper = "day"\npoints = 1', "per"),
        ('kind = "adoption"\nlevels = ["city"]\nby_form = { }', "by_form"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: str, path: str) -> None:
    fault = refused(f"{HEAD}{MORE}[[rule]]\narticle = 1\n{rule}\n")
    assert fault.path == f"rule[2].{path}"


def test_a_form_no_named_journal_prints_is_refused() -> None:
    head = HEAD.replace('code = "DAILY"', 'code = "DAILY"\nforms = ["单条"]')
    for forms in ('forms = ["调研"]\npoints = 1', 'by_form = { "调研" = 1 }'):
        fault = refused(f'{head}[[rule]]\nkind = "adoption"\narticle = 1\njournals = ["DAILY"]\n{forms}\n')
        assert fault.allowed == "这些刊物有的形式：单条"


def test_a_fault_says_what_was_found_and_what_is_allowed() -> None:
    line = TEXT[: TEXT.index('mode = "cumulative"')].count("\n") + 1
    assert str(refused(changed('mode = "cumulative"', 'mode = "best"'))) == (
        f"第{line}行，combine.mode：写的是 'best'，应为下列之一：cumulative、highest、once、delta"
    )
    fault = refused(changed("article = 12", "article = 17"))
    assert str(fault).endswith("应为[articles] 里有的条号。改法：在 [articles] 里补上第17条，或改条号")


def test_what_is_not_toml_is_refused_with_the_line_of_the_reader() -> None:
    assert refused('id = "x"\ntitle = \n').line == 2
    assert refused("").line == 1


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ("{a=", "}")])
@pytest.mark.parametrize(("depth", "path"), [(20, "effective_from"), (5000, "（全文）")])
def test_brackets_in_brackets_are_no_way_to_break_the_reader(left: str, right: str, depth: int, path: str) -> None:
    assert refused(f"a = {left * depth}1{right * depth}\n").path == path


def test_a_measure_without_articles_is_none() -> None:
    assert refused('id = "x"\ntitle = "x"\neffective_from = 2026-01-01\nclasses = ["县"]').path == "articles"


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(MeasureFault):
        parse_measure(text)


# What the rules become.


def test_a_rule_keeps_what_it_is_about_and_gets_a_code_of_it() -> None:
    text = '[[rule]]\nkind = "adoption"\narticle = 1\njournals = ["DAILY"]\nby_form = { "简讯" = 1, "单条" = 3 }\n'
    (rule,) = parse_measure(HEAD + text).rules
    assert isinstance(rule, AdoptionRule)
    assert (rule.head.code, rule.head.category) == ("adoption:DAILY:简讯+单条", "采用分")
    assert rule.where == Where(("DAILY",), forms=("简讯", "单条"))
    assert rule.grant == Grant(0, "form", {"简讯": 100, "单条": 300})


def test_an_id_and_a_category_of_its_own_are_kept() -> None:
    text = '[[rule]]\nkind = "commission"\noutcome = "done"\narticle = 6\npoints = 2\nid = "约稿"\ncategory = "任务"\n'
    (rule,) = parse_measure(HEAD + text).rules
    assert isinstance(rule, CommissionRule)
    assert (rule.head.code, rule.head.category, rule.outcome) == ("约稿", "任务", "done")


def test_points_for_some_classes_only_are_a_rule_about_those_classes() -> None:
    text = '[[rule]]\nkind = "event"\narticle = 9\nevents = ["培训"]\nby_class = { "部门" = -1.5 }\n'
    (rule,) = parse_measure(HEAD + text).rules
    assert isinstance(rule, EventRule)
    assert (rule.head.classes, rule.grant.of("部门")) == (("部门",), -150)


def test_rules_about_spans_and_what_joins_rules_are_read() -> None:
    measure = parse_measure(
        HEAD
        + MORE
        + """
        [[rule]]
        kind = "quota_missed"
        article = 9
        quota = "q"
        points = -0.5
        lump = true
        [[rule]]
        kind = "limit"
        article = 9
        per = "year"
        cap = 120
        categories = ["采用分"]
        [[rule]]
        kind = "multiplier"
        article = 2
        ranks = ["city"]
        times = 2
        mode = "times_n"
        [combine]
        article = 4
        within_level = "highest"
        upward = "replaced"
        [joint]
        article = 3
        mode = "weighted"
        weights = [60, 40]
        edit_share = 50
        units_keep = 30
        [result]
        ties = "order"
        tiebreak = ["state", "adopted"]
        tiebreak_ranks = true
        fail_line = 60
        [convert]
        article = 9
        mode = "target"
        full = 5
        target = 150
        """
    )
    _, missed, limit, multiplier = measure.rules
    assert isinstance(missed, QuotaMissedRule)
    assert (missed.grant.points, missed.lump, missed.head.category) == (-50, True, "任务分")
    assert isinstance(limit, LimitRule)
    assert (limit.floor, limit.cap) == (None, 12000)
    assert isinstance(multiplier, MultiplierRule)
    assert (multiplier.times, multiplier.same_rank_once) == (200, True)
    assert measure.quotas["q"].least == Grant(750)
    assert measure.combine == Combine(4, "highest", "cumulative", "replaced")
    assert measure.joint == Joint(3, "weighted", None, (60, 40), 50, 30)
    assert measure.result == Result("order", ("state", "adopted"), True, Grant(6000), None)
    assert measure.convert == Convert(9, "target", 500, Grant(15000))


def test_a_file_may_ask_for_work_and_give_no_points() -> None:
    quota = '[[quota]]\nid = "q"\narticle = 7\nwhat = "submitted"\nper = "month"\nby_unit = {}\n'
    measure = parse_measure(HEAD + quota)
    assert (measure.rules, measure.quotas["q"].asked_of("县区", "云山县")) == ((), None)


# Words with two readings.

READINGS = """
[readings]
"再加" = "{chosen}"
[[rule]]
kind = "adoption"
article = 1
points = 30
reading = "再加=单独计"
[[rule]]
kind = "adoption"
article = 1
points = 40
reading = "再加=另加"
[[combine]]
article = 4
mode = "once"
reading = "再加=单独计"
"""


@pytest.mark.parametrize(("chosen", "points", "mode"), [("单独计", 3000, "once"), ("另加", 4000, "cumulative")])
def test_only_the_chosen_reading_is_in_force(chosen: str, points: int, mode: str) -> None:
    measure = parse_measure(HEAD + READINGS.format(chosen=chosen))
    (rule,) = measure.rules
    assert isinstance(rule, AdoptionRule)
    assert (rule.grant.points, measure.combine.within_level) == (points, mode)
    assert measure.readings == {"再加": chosen}


def test_a_reading_nobody_wrote_cannot_be_chosen() -> None:
    fault = refused(HEAD + READINGS.format(chosen="都计"))
    assert (fault.path, fault.allowed) == ("readings.再加", "规则里写明的读法之一：单独计、另加")


def test_the_reading_that_was_not_chosen_is_read_as_strictly() -> None:
    text = READINGS.format(chosen="单独计").replace("points = 40", "points = 40.001")
    assert refused(HEAD + text).path == "rule[2].points"
