"""Our cards as the service takes them, whatever we put on them, and taps as what was meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom import RawCallback, check_card
from bot.channels.workchat.faces import Identity, face
from bot.channels.workchat.wire import read_callback
from domain.speech import Button, Card, Choice, Option, Tap

NOW_MS = 1_795_398_060_000
KEY = "card-0123456789abcdef0123"
CHOICE = Choice("刊物", (Option("《每日要情》第129期", "每日要情 129"),))
CARD = Card("item:1", "题", "文", (Button("采用", "/采用 1 {}"), Button("退回", "/退回 1")), "", CHOICE, KEY)

words = st.text(min_size=1, max_size=300)
short = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
cards = st.builds(
    Card,
    matter=st.just("item:1"),
    title=words,
    text=st.text(max_size=500),
    buttons=st.lists(st.builds(Button, words, short, st.booleans()), min_size=1, max_size=9).map(tuple),
    typed=st.just(""),
    choice=st.none()
    | st.builds(
        Choice,
        words,
        st.lists(st.builds(Option, words, short), min_size=1, max_size=15, unique_by=lambda one: one.says).map(tuple),
    ),
    key=st.just(KEY),
    verdict=st.text(max_size=30),
    note=st.text(max_size=80),
)


@pytest.mark.parametrize("identity", ["app", "aibot"])
@given(card=cards)
def test_whatever_is_on_a_card_the_service_takes_it(identity: Identity, card: Card) -> None:
    if card.choice is not None and "-" in {one.says for one in card.choice.options}:
        return  # the id of the line that stands for nothing
    shown = face(card, identity)
    check_card(shown, identity)
    assert ("button_selection" in shown) == (card.choice is not None and not card.verdict)


def app(event_key: str, **more: Any) -> RawCallback:
    fields = {
        "FromUserName": "lisi", "CreateTime": "1795398000", "MsgType": "event", "Event": "template_card_event",
        "EventKey": event_key, "TaskId": KEY, "CardType": "button_interaction", "ResponseCode": "RC",
    }  # fmt: skip
    return RawCallback("app", "ww1-1", "callback", "e:1", fields | more)


def aibot(event_key: str, *chosen: str) -> RawCallback:
    tap: dict[str, Any] = {"card_type": "button_interaction", "event_key": event_key, "task_id": KEY}
    if chosen:
        item = {"question_key": "choice", "option_ids": {"option_id": list(chosen)}}
        tap["selected_items"] = {"selected_item": [item]}
    payload = {
        "msgid": "M1", "chattype": "single", "from": {"userid": "lisi"}, "msgtype": "event", "create_time": 1795398000,
        "event": {"eventtype": "template_card_event", "template_card_event": tap},
    }  # fmt: skip
    return RawCallback("aibot", "aib1", "websocket", "m:M1", payload, "REQ")


def chosen(*options: str) -> Any:
    return {"SelectedItem": {"QuestionKey": "choice", "OptionIds": {"OptionId": list(options)}}}


@pytest.mark.parametrize(
    ("callback", "text"),
    [
        (app("/退回 1"), "/退回 1"),
        (app("/采用 1 {}", SelectedItems=chosen("每日要情 129")), "/采用 1 每日要情 129"),
        (app("/采用 1 {}", SelectedItems=chosen("-")), "/采用 1"),
        (app("/退回 1", SelectedItems=chosen("每日要情 129")), "/退回 1"),
        (app("/采用 1 {}"), "/采用 1"),
        (app("/退回 1", Event="TEMPLATE_CARD_EVENT"), "/退回 1"),
        (aibot("/采用 1 {}", "每日要情 129"), "/采用 1 每日要情 129"),
        (aibot("/退回 1"), "/退回 1"),
    ],
)
def test_a_tap_says_what_its_button_stands_for(callback: RawCallback, text: str) -> None:
    incoming = read_callback(callback, "", NOW_MS)
    assert incoming is not None
    assert (incoming.text, incoming.account, incoming.private) == (text, "lisi", True)
    assert incoming.tap is not None
    assert incoming.tap.card == KEY


def test_an_app_s_card_is_changed_by_a_code_and_an_ai_bot_s_by_the_answer() -> None:
    by_code, by_answer = read_callback(app("/退回 1"), "", NOW_MS), read_callback(aibot("/退回 1"), "", NOW_MS)
    assert by_code is not None
    assert by_code.tap == Tap(KEY, "app:RC", NOW_MS + 72 * 3_600_000)
    assert by_answer is not None
    assert by_answer.tap == Tap(KEY, "aibot:m:M1", NOW_MS + 5_000)


@pytest.mark.parametrize(
    "callback",
    [app("done"), app(""), app("/退回 1", TaskId=""), app("/退回 1", Event="template_card_menu_event"), aibot("done")],
)
def test_what_is_no_tap_on_a_button_of_ours_is_left_alone(callback: RawCallback) -> None:
    assert read_callback(callback, "", NOW_MS) is None
