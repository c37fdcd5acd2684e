"""Template cards with a drop-down: built, checked, and changed when there is nothing to choose any more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.channels.wecom import Button, CardError, Selection, button_card, check_card, done_card, replaced_card

ISSUES = (("-", "请选刊物"), ("要情 129", "《每日要情》第129期"))


def card(options: Sequence[tuple[str, str]] = ISSUES, key: str = "journal") -> dict[str, object]:
    return button_card("待审", [Button("采用", "adopt:42 {}")], "item-42", selection=Selection(key, options, "刊物"))


def test_a_drop_down_stands_above_the_buttons() -> None:
    assert card()["button_selection"] == {
        "question_key": "journal",
        "title": "刊物",
        "option_list": [{"id": "-", "text": "请选刊物"}, {"id": "要情 129", "text": "《每日要情》第129期"}],
    }
    check_card(card(), "app")
    check_card(card(), "aibot")


@pytest.mark.parametrize(
    ("options", "key", "fault"),
    [
        ([(str(number), "题") for number in range(11)], "journal", "1 to 10 options"),
        ([("1", "题" * 17)], "journal", "more than 16"),
        ([("汉" * 43, "题")], "journal", "1 to 128 bytes"),
        ([("1", "题"), ("1", "文")], "journal", "one id"),
        ([("1", "题")], "汉" * 342, "1 to 1024 bytes"),
    ],
)
def test_a_drop_down_the_service_would_refuse_is_refused_here(
    options: Sequence[tuple[str, str]], key: str, fault: str
) -> None:
    with pytest.raises(CardError) as refused:
        check_card(card(options, key), "app")
    assert fault in repr(refused.value)


def test_a_changed_card_has_nothing_left_to_choose() -> None:
    replaced, done = replaced_card(card(), "已采用"), done_card(card(), "已采用")
    assert "button_selection" not in replaced
    assert "button_selection" not in done
    assert replaced["replace_text"] == "已采用"
    assert done["button_list"] == [{"text": "已采用", "style": 4, "key": "done"}]
    check_card(replaced, "app")
    check_card(done, "aibot")
