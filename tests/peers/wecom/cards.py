"""Template cards (90236, 101032): what the service refuses, what people read, and what a tap finds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock
from .codes import Refused
from .ear import Via
from .world import Chat, Json, made_up

NOTICES = frozenset({"text_notice", "news_notice"})
INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
ALL_CARDS = NOTICES | INTERACTIVE
MOST_OPTIONS = 10
CODE_LIVES = timedelta(hours=72)
LIST_LIMITS = {"horizontal_content_list": (6, 42035), "jump_list": (3, 42042), "button_list": (6, 42037)}


def check_card(card: object, kinds: frozenset[str]) -> Json:
    """The card, or Refused with the code of the first field the service would not take."""
    if not isinstance(card, dict):
        raise Refused(40058, "template_card is no object")
    kind = card.get("card_type")
    if kind not in kinds:
        raise Refused(42031, f"card_type {kind!r}")
    for name, (longest, code) in LIST_LIMITS.items():
        entries = card.get(name, [])
        if not isinstance(entries, list) or len(entries) > longest:
            raise Refused(code, f"{name} longer than {longest}")
    if kind in NOTICES:
        _check_action(card)
    else:
        _check_task(card)
    if kind == "button_interaction":
        _check_buttons(card)
    if "button_selection" in card:
        _check_selection(card["button_selection"])
    if len(card.get("select_list", [])) > 3:
        raise Refused(42047, "select_list longer than 3")
    return card


def _check_action(card: Json) -> None:
    if (card.get("card_action") or {}).get("type") not in (1, 2):
        raise Refused(42045, "card_action.type has to be 1 or 2")


def _check_task(card: Json) -> None:
    if not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", str(card.get("task_id", ""))):
        raise Refused(42014, f"task_id {card.get('task_id')!r}")


def _check_buttons(card: Json) -> None:
    if not (card.get("main_title") or {}).get("title"):
        raise Refused(40058, "button_interaction without main_title")
    if not card.get("button_list"):
        raise Refused(42037, "button_interaction without button_list")
    for button in card["button_list"]:
        if not button.get("text") or len(button["text"]) > 10:
            raise Refused(42038, f"button text {button.get('text')!r}")
        if not button.get("key") or len(button["key"].encode()) > 1024:
            raise Refused(42039, "button key")


def _check_selection(selection: Json) -> None:
    """A drop-down above the buttons. Which code a bad one gets is our choice (42047, as for a list of them)."""
    options = selection.get("option_list", [])
    ids = [str(option.get("id", "")) for option in options]
    if not selection.get("question_key") or not 1 <= len(options) <= MOST_OPTIONS or len(set(ids)) < len(ids):
        raise Refused(42047, "button_selection needs a key and 1 to 10 different options")
    if not all(option.get("text") and 1 <= len(one.encode()) <= 128 for one, option in zip(ids, options, strict=True)):
        raise Refused(42047, "an option needs a text and an id of at most 128 bytes")


def chosen(card: Json, option: str | None) -> dict[str, list[str]]:
    """What a tap brings along of the card's drop-down: the option of this text, the first where nobody chose.

    AssertionError when the card does not offer it.
    """
    selection = card.get("button_selection")
    if selection is None or "replaced" in card:
        assert option is None, f"nothing can be chosen on {lines_of(card)}"
        return {}
    texts = {one["text"]: one["id"] for one in selection["option_list"]}
    assert option is None or option in texts, f"{option!r} is not one of {list(texts)}"
    return {selection["question_key"]: [texts[option] if option else next(iter(texts.values()))]}


def lines_of(card: Json) -> list[str]:
    """A card as people read it, top to bottom."""
    parts = [card.get("main_title") or {}, card.get("emphasis_content") or {}]
    lines = [part.get(name, "") for part in parts for name in ("title", "desc")]
    lines.append(card.get("sub_title_text", ""))
    lines += [f"{row['keyname']}：{row.get('value', '')}" for row in card.get("horizontal_content_list", [])]
    if "replaced" in card:
        return [line for line in [*lines, f"<{card['replaced']}>"] if line]
    lines += [f"({one['text']})" for one in (card.get("button_selection") or {}).get("option_list", [])]
    lines += [f"[{button['text']}]" for button in card.get("button_list", [])]
    lines += [f"[{button['title']}]" for button in card.get("jump_list", [])]
    if text := (card.get("submit_button") or {}).get("text"):
        lines.append(f"[{text}]")
    return [line for line in lines if line]


def keys_of(card: Json) -> dict[str, str]:
    """What can be tapped: key and text of each button; nothing once the buttons were replaced."""
    if "replaced" in card:
        return {}
    buttons = [*card.get("button_list", []), card.get("submit_button") or {}]
    return {button["key"]: button["text"] for button in buttons if "key" in button}


@dataclass
class Card:
    """A card in somebody's chat; what each person sees of it may differ after an update.

    first: as it was sent; a screen that was not refreshed still shows it.
    """

    via: Via
    sender: str
    chat: Chat
    body: Json
    message_id: str
    seen_by: dict[str, Json] = field(default_factory=dict)
    recalled: bool = False

    def __post_init__(self) -> None:
        self.first = self.body

    @property
    def task_id(self) -> str:
        return str(self.body.get("task_id", ""))

    def shown_to(self, userid: str) -> Json:
        return self.seen_by.get(userid, self.body)

    def text_for(self, userid: str) -> str:
        return "\n".join(lines_of(self.shown_to(userid)))

    def buttons_for(self, userid: str) -> dict[str, str]:
        return keys_of(self.shown_to(userid))

    def become(self, body: Json, userids: list[str] | None = None) -> None:
        """Show this instead: to these people, or to all."""
        if userids is None:
            self.body, self.seen_by = body, {}
        else:
            self.seen_by |= dict.fromkeys(userids, body)


@dataclass
class Board:
    """All cards that were sent, and the codes with which an app may change them once."""

    clock: Clock
    cards: list[Card] = field(default_factory=list)
    _codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def show(self, card: Card) -> None:
        self.cards.append(card)

    def of_message(self, message_id: str) -> list[Card]:
        return [card for card in self.cards if card.message_id == message_id]

    def of_task(self, via: Via, sender: str, task_id: str) -> list[Card]:
        return [card for card in self.cards if (card.via, card.sender, card.task_id) == (via, sender, task_id)]

    def code_for(self, message_id: str) -> str:
        """A fresh response_code for the cards of one message."""
        code = made_up(f"response code {len(self._codes)}", 32)
        self._codes[code] = (message_id, self.clock())
        return code

    def redeem(self, code: object) -> list[Card]:
        """The cards this code may change, this one time; Refused (60140) when it is used up or too old."""
        message_id, at = self._codes.get(str(code), ("", self.clock()))
        if not message_id or self.clock() - at > CODE_LIVES:
            raise Refused(60140, "response_code unknown, used or older than 72 hours")
        self._codes[str(code)] = ("", at)
        return self.of_message(message_id)
