"""Frames as they come, beside what is made of them (`events/*.json`); and frames nobody ever sent."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.onebot.cq import segments_of
from bot.channels.onebot.wire import parse_frame, read_frame, read_history, said_by, write_segments
from bot.channels.qq.wire import answered_message, read_dispatch, sequence_of, write_text
from domain.speech import Incoming

EVENTS = Path(__file__).parent / "events"
ONEBOT: list[dict[str, Any]] = json.loads((EVENTS / "onebot.json").read_text("utf-8"))
QQ: list[dict[str, Any]] = json.loads((EVENTS / "qq.json").read_text("utf-8"))


def as_json(incoming: Incoming | None) -> dict[str, Any] | None:
    """The message as it stands beside its frame; on these platforms nobody taps, and pictures are not kept. That it is
    a sign stands there if it is one."""
    if incoming is None:
        return None
    fields = asdict(incoming)
    assert (fields.pop("tap"), fields.pop("pictures"), fields.pop("way_back")) == (None, (), "")
    return fields if fields["sign"] else {name: value for name, value in fields.items() if name != "sign"}


@pytest.mark.parametrize("event", ONEBOT, ids=[event["name"] for event in ONEBOT])
def test_a_onebot_frame_is_read_as_the_message_beside_it(event: dict[str, Any]) -> None:
    assert as_json(read_frame(event["frame"], "3001")) == event["incoming"]


@pytest.mark.parametrize("event", QQ, ids=[event["name"] for event in QQ])
def test_a_payload_of_the_official_bot_is_read_as_the_message_beside_it(event: dict[str, Any]) -> None:
    assert as_json(read_dispatch(event["type"], event["data"], "102000000")) == event["incoming"]


@pytest.mark.parametrize(
    "event", [e for e in ONEBOT if e["incoming"] and e["incoming"]["group"]], ids=lambda e: e["name"]
)
def test_a_message_of_a_history_has_the_key_it_had_live(event: dict[str, Any]) -> None:
    if event["frame"]["post_type"] != "message":
        return  # a notice never stands in a history
    told = {key: value for key, value in event["frame"].items() if key not in ("post_type", "message_type", "group_id")}
    assert read_history(told, "200001", "3001") == read_frame(event["frame"], "3001")


def test_our_own_messages_in_a_history_are_no_news() -> None:
    own = next(event["frame"] for event in ONEBOT if event["name"].startswith("own message ("))
    assert read_history(own, "200001", "3001") is None
    assert said_by(own) == ("3001", "收到", 1795411768000)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({key for event in ONEBOT for key in event["frame"]})
QQ_FIELDS = ["id", "content", "timestamp", "author", "mentions", "attachments", "message_type", "msg_elements"]
segments = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["text", "at", "reply", "file", "image", "face", "mface"]) | json_values,
            "data": st.dictionaries(
                st.sampled_from(["text", "qq", "id", "file", "file_size", "url", "summary"]), json_values
            )
            | json_values,
        },
    )
    | json_values
)


@given(
    st.sampled_from([event["frame"] for event in ONEBOT]),
    st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4),
    st.none() | segments | st.text(),
)
def test_reading_a_frame_never_raises_and_gives_what_a_database_can_hold(
    frame: dict[str, Any], broken: dict[str, Any], message: object
) -> None:
    changed = {**frame, **broken} | ({"message": message} if message is not None else {})
    for incoming in (read_frame(changed, "3001"), read_history(changed, "200001", "3001")):
        if incoming is not None:
            assert 0 <= incoming.at_ms < 2**63
            assert "\0" not in json.dumps(asdict(incoming), ensure_ascii=False)
            json.dumps(asdict(incoming), ensure_ascii=False).encode("utf-8")
            assert incoming.file is None or 0 <= incoming.file.size < 2**63
    said_by(changed)


@given(
    st.sampled_from(["C2C_MESSAGE_CREATE", "GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE"]) | st.text(),
    st.sampled_from([event["data"] for event in QQ]),
    st.dictionaries(st.sampled_from(QQ_FIELDS), json_values),
)
def test_reading_a_payload_never_raises(kind: str, data: dict[str, Any], broken: dict[str, Any]) -> None:
    incoming = read_dispatch(kind, {**data, **broken}, "102000000")
    if incoming is not None:
        json.dumps(asdict(incoming), ensure_ascii=False).encode("utf-8")
    read_dispatch(kind, broken.get("content"), "102000000")


@given(st.text() | st.binary())
def test_parsing_never_raises(raw: str | bytes) -> None:
    assert parse_frame(raw) is None or isinstance(parse_frame(raw), dict)


@given(st.text())
def test_text_escaped_as_the_specification_says_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
    assert segments_of(escaped) == ([{"type": "text", "data": {"text": text}}] if text else [])


@given(st.text(), st.text())
def test_what_is_sent_is_one_text_whatever_stands_in_it(text: str, quote: str) -> None:
    *reply, said = write_segments(text, quote)
    assert said == {"type": "text", "data": {"text": text}}
    assert [part["type"] for part in reply] == (["reply"] if quote else [])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("见 https://www.example.gov.cn/a.html，请查收", "见 www．example．gov．cn/a．html，请查收"),
        ("得 3.5 分，材料.docx", "得 3.5 分，材料.docx"),
        ("一\r\n二\x00\x07", "一\n二"),
    ],
)
def test_the_official_bot_says_links_so_that_they_are_not_refused(text: str, written: str) -> None:
    assert write_text(text) == written


def test_an_answer_has_the_same_number_every_time_it_is_sent_and_another_has_another() -> None:
    assert sequence_of("收到一") == sequence_of("收到一") != sequence_of("收到二")
    assert 1 <= sequence_of("") <= 1_000_000


def test_a_message_id_carries_the_time_of_the_message() -> None:
    assert answered_message("ROBOT1.0_abc@1795398060000") == ("ROBOT1.0_abc", 1795398060000)
    assert answered_message("") == ("", 0)
    assert answered_message("1340512200") == ("", 0)
