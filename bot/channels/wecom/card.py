"""Template cards: builders for the ones that are used most, and the limits of each identity as checks.

Documents 90236 (app), 91770 (webhook: two kinds, no buttons), 101032 (AI bot). Characters, unless bytes are said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from .exception import CardError
from .utils import without_empty

Identity = Literal["app", "aibot", "webhook"]

INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
NOTICES = frozenset({"text_notice", "news_notice"})
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
KEY_BYTES = 1024
DONE = "done"
"""The key of a button that is only there to be read."""


@dataclass(frozen=True, slots=True)
class CardLimits:
    """How much fits on a card."""

    kinds: frozenset[str]
    title: int
    desc: int
    sub_title: int
    value: int
    keyname: int = 5
    rows: int = 6
    jumps: int = 3
    buttons: int = 6
    button_text: int = 10
    options: int = 10
    option_text: int = 16
    option_id_bytes: int = 128


LIMITS: Mapping[Identity, CardLimits] = MappingProxyType(
    {
        "app": CardLimits(INTERACTIVE | NOTICES, title=36, desc=44, sub_title=160, value=30),
        "aibot": CardLimits(INTERACTIVE | NOTICES, title=26, desc=30, sub_title=112, value=26),
        "webhook": CardLimits(NOTICES, title=26, desc=30, sub_title=112, value=26),
    }
)


@dataclass(frozen=True, slots=True)
class Button:
    """`style`: 1 blue, 2 plain, 3 red, 4 grey. `key` comes back as the event's `event_key`."""

    text: str
    key: str
    style: int = 1


@dataclass(frozen=True, slots=True)
class Selection:
    """A drop-down above the buttons; `options` are ids and texts, the first is chosen until somebody chooses.

    Whatever button is tapped, the event's `selected` holds `key` and the chosen option's id.
    """

    key: str
    options: Sequence[tuple[str, str]]
    title: str = ""


def button_card(
    title: str,
    buttons: Sequence[Button],
    task_id: str,
    *,
    selection: Selection | None = None,
    desc: str = "",
    sub_title: str = "",
    rows: Sequence[tuple[str, str]] = (),
    source: str = "",
    url: str = "",
) -> dict[str, Any]:
    """A `button_interaction`. `task_id` is unique per bot; put a revision into it to know a stale card."""
    return without_empty(
        {
            "card_type": "button_interaction",
            "source": without_empty({"desc": source}),
            "main_title": without_empty({"title": title, "desc": desc}),
            "sub_title_text": sub_title,
            "horizontal_content_list": [{"keyname": name, "value": value} for name, value in rows],
            "card_action": {"type": 1, "url": url} if url else {},
            "button_selection": {} if selection is None else _drop_down(selection),
            "button_list": [{"text": one.text, "style": one.style, "key": one.key} for one in buttons],
            "task_id": task_id,
        }
    )


def _drop_down(selection: Selection) -> dict[str, Any]:
    return without_empty(
        {
            "question_key": selection.key,
            "title": selection.title,
            "option_list": [{"id": number, "text": text} for number, text in selection.options],
        }
    )


def notice_card(
    title: str,
    url: str,
    *,
    desc: str = "",
    sub_title: str = "",
    rows: Sequence[tuple[str, str]] = (),
    emphasis: tuple[str, str] = ("", ""),
    source: str = "",
) -> dict[str, Any]:
    """A `text_notice`; `url` opens at a tap and is required (42045). `emphasis` is a big figure and what it counts."""
    return without_empty(
        {
            "card_type": "text_notice",
            "source": without_empty({"desc": source}),
            "main_title": without_empty({"title": title, "desc": desc}),
            "emphasis_content": without_empty({"title": emphasis[0], "desc": emphasis[1]}),
            "sub_title_text": sub_title,
            "horizontal_content_list": [{"keyname": name, "value": value} for name, value in rows],
            "card_action": {"type": 1, "url": url},
        }
    )


def done_card(card: Mapping[str, Any], text: str, key: str = DONE) -> dict[str, Any]:
    """The same card with one grey button and nothing to choose: an AI bot's buttons cannot be switched off, and the
    `key` is one to ignore."""
    face = {name: value for name, value in card.items() if name != "button_selection"}
    return {**face, "button_list": [{"text": text, "style": 4, "key": key}]}


def replaced_card(card: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The same card with its buttons switched off under one text (document 94888); for an app's update only."""
    face = {name: value for name, value in card.items() if name != "button_selection"}
    return {**face, "replace_text": text}


def check_card(card: Mapping[str, Any], identity: Identity) -> None:
    """Refuse what the service would refuse (42014-42051) or cut. Raises CardError with every fault."""
    faults = list(_faults(card, LIMITS[identity], identity))
    if faults:
        raise CardError(faults)


def _faults(card: Mapping[str, Any], limits: CardLimits, identity: Identity) -> list[str]:
    kind = str(card.get("card_type", ""))
    if kind not in limits.kinds:
        return [f"card_type {kind or 'missing'} is not for {identity}"]
    main = _inner(card, "main_title")
    faults = [
        *_long("main_title.title", main.get("title"), limits.title),
        *_long("main_title.desc", main.get("desc"), limits.desc),
        *_long("sub_title_text", card.get("sub_title_text"), limits.sub_title),
        *_rows(card, limits),
        *_buttons(card, limits),
        *_options(card, limits),
    ]
    if kind in NOTICES and _inner(card, "card_action").get("type") not in (1, 2):
        faults.append("card_action.type must be 1 or 2")
    if kind in INTERACTIVE and not TASK_ID.fullmatch(str(card.get("task_id", ""))):
        faults.append("task_id must be 1 to 128 of 0-9 A-Z a-z _ - @")
    if kind == "button_interaction" and not (card.get("button_list") and main):
        faults.append("main_title and button_list are required")
    return faults


def _rows(card: Mapping[str, Any], limits: CardLimits) -> list[str]:
    rows = _list(card, "horizontal_content_list")
    faults = [] if len(rows) <= limits.rows else [f"more than {limits.rows} rows"]
    for row in rows:
        faults += _long("keyname", row.get("keyname"), limits.keyname)
        faults += _long("value", row.get("value"), limits.value)
    if len(_list(card, "jump_list")) > limits.jumps:
        faults.append(f"more than {limits.jumps} jumps")
    return faults


def _buttons(card: Mapping[str, Any], limits: CardLimits) -> list[str]:
    buttons = _list(card, "button_list")
    faults = [] if len(buttons) <= limits.buttons else [f"more than {limits.buttons} buttons"]
    for button in buttons:
        faults += _long("button text", button.get("text"), limits.button_text)
        if not 1 <= _bytes(button.get("key")) <= KEY_BYTES:
            faults.append(f"a button's key has 1 to {KEY_BYTES} bytes")
    return faults


def _options(card: Mapping[str, Any], limits: CardLimits) -> list[str]:
    selection = _inner(card, "button_selection")
    if not selection:
        return []
    options = _list(selection, "option_list")
    faults = [] if 1 <= len(options) <= limits.options else [f"a drop-down has 1 to {limits.options} options"]
    if not 1 <= _bytes(selection.get("question_key")) <= KEY_BYTES:
        faults.append(f"a drop-down's key has 1 to {KEY_BYTES} bytes")
    for option in options:
        faults += _long("option text", option.get("text"), limits.option_text)
        if not 1 <= _bytes(option.get("id")) <= limits.option_id_bytes:
            faults.append(f"an option's id has 1 to {limits.option_id_bytes} bytes")
    if len({option.get("id") for option in options}) < len(options):
        faults.append("two options have one id")
    return faults


def _bytes(value: object) -> int:
    return len(str(value or "").encode("utf-8", "replace"))


def _long(name: str, value: object, limit: int) -> list[str]:
    return [f"{name} has more than {limit} characters"] if len(str(value or "")) > limit else []


def _inner(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = card.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(card: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = card.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
