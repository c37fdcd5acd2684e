"""From what was typed to the command that is meant. Pure; knows the vocabulary, not the people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands import Command, Vocabulary
from domain.words import nearest, tidy, tidy_line

_HEAD = re.compile(r"[/／]\s*([^\s:：,，。《]+)[ :：,，]*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a command: its line's rest in `words`, everything below in `body`.

    `command` is None if no command is meant; then `suggestion` is the nearest one to what looks like a mistyped
    command, and `attempted` that word ('' if the text does not look like a command at all). `explicit` tells a slash
    or a heading from a bare word, which may as well be the answer to a form's question.
    """

    command: Command | None
    words: str = ""
    body: str = ""
    attempted: str = ""
    suggestion: str = ""
    explicit: bool = False


def understand(text: str, vocabulary: Vocabulary, *, addressed: bool) -> Said:
    """Find the command in a message. `addressed` (private, or the bot was mentioned) makes the slash optional."""
    plain = tidy(text)
    headed = vocabulary.heading(plain)
    if headed is not None:
        command, rest = headed
        return _said(command, rest.lstrip(" :：\n"), explicit=True)
    if plain.startswith("/"):
        return _slashed(plain, vocabulary)
    if addressed:
        return _bare(plain, vocabulary)
    return Said(None)


def _slashed(plain: str, vocabulary: Vocabulary) -> Said:
    match = _HEAD.match(plain)
    if match is None:
        return Said(None)
    word, rest = match[1], plain[match.end(1) :]
    command = vocabulary.named(word)
    if command is not None:
        return _said(command, rest.lstrip(" :：,，"), explicit=True)
    glued = vocabulary.glued(plain[match.start(1) :])
    if glued is not None:
        return _said(glued[0], glued[1].lstrip(" :：,，"), explicit=True)
    return Said(None, attempted=word, suggestion=nearest(word, vocabulary.names()) or "")


def _bare(plain: str, vocabulary: Vocabulary) -> Said:
    first, _, _ = plain.partition("\n")
    word = re.split(r"[\s:：,，]", first, maxsplit=1)[0]
    command = vocabulary.named(word) if word else None
    if command is not None:
        return _said(command, plain[len(word) :].lstrip(" :：,，"))
    return Said(None)


def _said(command: Command, rest: str, *, explicit: bool = False) -> Said:
    """The first line goes to the command, the others are its body. A line break right behind it is no line."""
    line, _, body = rest.partition("\n")
    return Said(command, tidy_line(line), body.strip("\n"), explicit=explicit)
