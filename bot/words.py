"""From what was typed to the command that is meant. Pure; knows the vocabulary, not the people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands import Command, Vocabulary
from domain.words import nearest, tidy, tidy_line

_HEAD = re.compile(r"/\s*([^\s:：,，。《]+)")
_BLANKS = " :：,，"


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
    first, _, below = text.strip().partition("\n")
    line = tidy(first)
    headed = vocabulary.heading(line)
    if headed is not None:
        command, rest = headed
        return _said(command, rest.lstrip(" :："), below, explicit=True)
    if line.startswith("/"):
        return _slashed(line, below, vocabulary)
    if addressed:
        return _bare(line, below, vocabulary)
    return Said(None)


def _slashed(line: str, below: str, vocabulary: Vocabulary) -> Said:
    match = _HEAD.match(line)
    if match is None:
        return Said(None)
    word, rest = match[1], line[match.end(1) :]
    command = vocabulary.named(word)
    if command is not None:
        return _said(command, rest.lstrip(_BLANKS), below, explicit=True)
    glued = vocabulary.glued(line[match.start(1) :])
    if glued is not None:
        return _said(glued[0], glued[1].lstrip(_BLANKS), below, explicit=True)
    return Said(None, attempted=word, suggestion=nearest(word, vocabulary.names()) or "")


def _bare(line: str, below: str, vocabulary: Vocabulary) -> Said:
    word = re.split(r"[\s:：,，]", line, maxsplit=1)[0]
    command = vocabulary.named(word) if word else None
    if command is not None:
        return _said(command, line[len(word) :].lstrip(_BLANKS), below)
    return Said(None)


def _said(command: Command, line: str, below: str, *, explicit: bool = False) -> Said:
    """A command's own line with nothing on it gives way to the next: `【信息报送】` above, the title below."""
    body = below.replace("\r\n", "\n").strip("\n")
    if not line.strip() and explicit and body:
        line, _, body = body.partition("\n")
    return Said(command, tidy_line(line), body.strip("\n"), explicit=explicit)
