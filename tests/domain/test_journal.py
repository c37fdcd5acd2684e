"""The list of journals: read strictly, found by whatever people type."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, NotFound
from domain.journal import JournalFault, find_form, find_journal, parse_journals

TEXT = (Path(__file__).parents[2] / "domain/data/journals-sample.toml").read_text(encoding="utf-8")
JOURNALS = parse_journals(TEXT)

ONE = '[[journal]]\ncode = "A"\nname = "晨讯"\nlevel = "city"\nforms = ["单条"]\naliases = ["早报"]\n'
TWO = ONE + '[[journal]]\ncode = "B"\nname = "快报"\nlevel = "city"\nforms = ["单条"]\naliases = []\n'


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("MRYQ", "每日要情"),
        ("mryq", "每日要情"),
        ("ＭＲＹＱ", "每日要情"),
        ("《每日要情》", "每日要情"),
        ("要情", "每日要情"),
        (" 每日 要情 ", "每日要情"),
        ("省要情", "省政府每日要情"),
        ("省日要", "省政府每日要情"),
        ("国办", "国办信息"),
        ("国办专", "国办专报"),
        ("专报", "云山政务专报"),
        ("省专报", "省政府专报"),
        ("领参", "领导参阅"),
    ],
)
def test_a_journal_is_found_by_what_people_type(typed: str, name: str) -> None:
    assert find_journal(typed, JOURNALS).name == name


def test_every_journal_is_found_by_its_code_name_and_aliases() -> None:
    for journal in JOURNALS:
        for word in (journal.code, journal.name, *journal.aliases):
            assert find_journal(word, JOURNALS) == journal


def test_somebody_who_names_no_such_journal_is_told_which_exist() -> None:
    with pytest.raises(NotFound) as caught:
        find_journal("参考消息", JOURNALS)
    assert str(caught.value).startswith("没有找到刊物“参考消息”。现有刊物：每日要情、云山政务信息")


def test_an_abbreviation_of_two_journals_is_asked_back() -> None:
    with pytest.raises(BadInput) as caught:
        find_journal("省政府要", [*JOURNALS, *parse_journals(ONE.replace("晨讯", "省政府要闻"))])
    assert str(caught.value) == "“省政府要”可以是《省政府每日要情》、《省政府要闻》，请写得再全一些。"


def test_a_blank_word_is_no_journal() -> None:
    with pytest.raises(NotFound):
        find_journal(" 《》 ", JOURNALS)


def test_a_form_is_found_by_name_or_abbreviation() -> None:
    daily = find_journal("MRYQ", JOURNALS)
    assert find_form("简讯", daily) == "简讯"
    assert find_form("综", daily) == "综合"
    assert find_form("综合采用", daily) == "综合"


def test_no_word_means_the_first_form_of_the_journal() -> None:
    assert find_form("", find_journal("LDCY", JOURNALS)) == "调研"


def test_somebody_who_mistypes_a_form_is_told_the_forms() -> None:
    with pytest.raises(BadInput) as caught:
        find_form("长文", find_journal("MRYQ", JOURNALS))
    assert str(caught.value) == "《每日要情》没有“长文”这种形式，可以写：单条、简讯、综合。"


def test_a_form_that_could_be_two_is_not_guessed() -> None:
    with pytest.raises(BadInput):
        find_form("单", find_journal("SXX", JOURNALS))


@given(word=st.text(max_size=12))
def test_any_word_finds_a_journal_or_is_answered_in_chinese(word: str) -> None:
    with suppress(NotFound, BadInput):
        assert find_form(word, find_journal(word, JOURNALS))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("journal = [", "（全文）"),
        ("", "journal"),
        ("journal = 3", "journal"),
        (ONE + "[office]\n", "office"),
        (ONE.replace('code = "A"', ""), "journal[1].code"),
        (ONE.replace('"晨讯"', "7"), "journal[1].name"),
        (ONE.replace('"晨讯"', '"《》"'), "journal[1].name"),
        (ONE.replace("city", "town"), "journal[1].level"),
        (ONE.replace('["单条"]', '"单条"'), "journal[1].forms"),
        (ONE.replace('["单条"]', "[]"), "journal[1].forms"),
        (ONE.replace('["单条"]', '["单条", "单条"]'), "journal[1].forms"),
        (ONE.replace("aliases", "nicknames"), "journal[1].nicknames"),
        (TWO.replace('"B"', '"a"'), "journal[2].code"),
        (TWO.replace('"快报"', '"早报"'), "journal[2].name"),
        (TWO.replace("aliases = []", 'aliases = ["晨讯"]'), "journal[2].aliases"),
    ],
)
def test_every_fault_of_the_file_names_its_path(text: str, path: str) -> None:
    with pytest.raises(JournalFault) as caught:
        parse_journals(text)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}：写的是 ")
