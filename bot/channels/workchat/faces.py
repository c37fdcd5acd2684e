"""Our cards as the service's template cards, and what a tap on one says. Pure.

Documents 90236 (an app's card), 101032 (an AI bot's), 94888 (changing one). What is too long for the service is cut
between characters; the message above the card says it in full.
"""

from __future__ import annotations

from typing import Any, Literal

from bot.channels.wecom import DONE, Button, Selection, TemplateCardEvent, button_card, done_card, replaced_card
from bot.channels.wecom.card import LIMITS
from bot.channels.workchat import texts
from domain.speech import Card, Choice

Identity = Literal["app", "aibot"]

QUESTION = "choice"
UNCHOSEN = "-"
"""The id of a drop-down's first line: the service takes the first for chosen until somebody chooses."""

BLUE, PLAIN, RED = 1, 2, 3


def face(card: Card, identity: Identity) -> dict[str, Any]:
    """How a card looks; with a verdict, how it looks from then on."""
    limits = LIMITS[identity]
    verdict = _cut(card.verdict, limits.button_text)
    shown = button_card(
        _cut(card.title, limits.title),
        [_button(card, place, limits.button_text) for place in range(min(len(card.buttons), limits.buttons))],
        card.key,
        selection=None if card.choice is None else _selection(card.choice, identity),
        desc=_cut(f"{card.note} {card.verdict}".strip(), limits.desc),
        sub_title=_cut(card.text, limits.sub_title),
    )
    if not verdict:
        return shown
    return replaced_card(shown, verdict) if identity == "app" else done_card(shown, verdict)


def _button(card: Card, place: int, longest: int) -> Button:
    button = card.buttons[place]
    style = RED if button.grave else BLUE if place == 0 else PLAIN
    return Button(_cut(button.text, longest), button.says, style)


def _selection(choice: Choice, identity: Identity) -> Selection:
    limits = LIMITS[identity]
    options = [(UNCHOSEN, texts.CHOOSE.format(label=choice.label))]
    options += [(one.says, one.text) for one in choice.options[: limits.options - 1]]
    return Selection(QUESTION, [(says, _cut(text, limits.option_text)) for says, text in options], choice.label)


def said(tapped: TemplateCardEvent) -> str:
    """What a tap stands for, as if it had been typed; '' for a button that is only there to be read."""
    if tapped.event_key == DONE:
        return ""
    chosen = [option for item in tapped.selected if item.question_key == QUESTION for option in item.option_ids]
    words = "" if chosen in ([], [UNCHOSEN]) else chosen[0]
    return tapped.event_key.replace("{}", words).strip()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
