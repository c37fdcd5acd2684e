"""From what was typed to the command that is meant. Pure; knows the vocabulary, not the people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands import Command, Vocabulary
from domain.words import nearest, tidy, tidy_body, tidy_line

_HEAD = re.compile(r"/\s*([^\s:：,，。《]+)")
_BLANKS = " :：,，"


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a command: its line's rest in `words` (and as it was written in `line`), the rest in `body`.

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
    line: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    """A message on its way: the first line tidied, the same as it was written, and what stands below.

    Tidying a line changes no lengths once what nobody can see is gone, so the end of the one, counted in characters,
    is the end of the other.
    """

    line: str
    written: str
    below: str


def understand(text: str, vocabulary: Vocabulary, *, addressed: bool) -> Said:
    """Find the command in a message. `addressed` (private, or the bot was mentioned) makes the slash optional."""
    first, _, below = text.strip().partition("\n")
    line = tidy(first)
    whole = _Text(line, tidy_body(first).strip(), below)
    headed = vocabulary.heading(line)
    if headed is not None:
        command, rest = headed
        return _said(command, rest.lstrip(" :："), whole, explicit=True)
    if line.startswith("/"):
        return _slashed(whole, vocabulary)
    if addressed:
        return _bare(whole, vocabulary)
    return Said(None)


def as_written(text: str, command: Command) -> Said:
    """A message that calls a command by what it is: its first line is the command's own."""
    first, _, below = text.strip().partition("\n")
    line = tidy(first)
    return _said(command, line, _Text(line, tidy_body(first).strip(), below))


def _slashed(whole: _Text, vocabulary: Vocabulary) -> Said:
    line = whole.line
    match = _HEAD.match(line)
    if match is None:
        return Said(None)
    word, rest = match[1], line[match.end(1) :]
    command = vocabulary.named(word)
    if command is not None:
        return _said(command, rest.lstrip(_BLANKS), whole, explicit=True)
    glued = vocabulary.glued(line[match.start(1) :])
    if glued is not None:
        return _said(glued[0], glued[1].lstrip(_BLANKS), whole, explicit=True)
    return Said(None, attempted=word, suggestion=nearest(word, vocabulary.names()) or "")


def _bare(whole: _Text, vocabulary: Vocabulary) -> Said:
    word = re.split(r"[\s:：,，]", whole.line, maxsplit=1)[0]
    command = vocabulary.named(word) if word else None
    if command is not None:
        return _said(command, whole.line[len(word) :].lstrip(_BLANKS), whole)
    return Said(None)


def _said(command: Command, line: str, whole: _Text, *, explicit: bool = False) -> Said:
    """A command's own line with nothing on it gives way to the next: `【信息报送】` above, the title below."""
    body = whole.below.replace("\r\n", "\n").strip("\n")
    written = whole.written[len(whole.line) - len(line) :]
    if not line.strip() and explicit and body:
        written, _, body = body.partition("\n")
        written = tidy_body(written)
        line = written
    written = " ".join(written.split())
    return Said(command, tidy_line(line), body.strip("\n"), explicit=explicit, line=written)
