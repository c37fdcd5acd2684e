"""Dialogues in the documentation: read from the Markdown, played on the stage, compared word for word.

A dialogue is a fenced `text` block whose first line names a speaker. Somebody speaks in the reporters' group or in
private, the office also in its own group (科里); the bot (助手) is heard in a group or by one person:

    张三（群里）：/报送 标题
    正文
    助手（群里）：收到 …
    助手（私聊张三）：…
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.stage import GROUP, OFFICE, Heard, Stage

BOT = "助手"
GROUPS = {"群里": GROUP, "科里": OFFICE}

_FENCE = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPEAKER = re.compile(r"(\S+?)（(群里|科里|私聊)(\S*?)）：(.*)")


@dataclass(frozen=True)
class Line:
    """What somebody says: `to` is the group's number, a person's name for the bot in private, else ''."""

    who: str
    to: str
    text: str


@dataclass(frozen=True)
class Turn:
    """One thing a person says, and everything the bot then says."""

    said: Line
    answers: tuple[Line, ...]


def dialogues(markdown: str) -> list[list[Turn]]:
    """Every dialogue of a page, in order."""
    blocks = (match[1] for match in _FENCE.finditer(markdown))
    return [list(_turns(list(_lines(block)))) for block in blocks if _SPEAKER.match(block)]


def _lines(block: str) -> Iterator[Line]:
    """The lines of a block; what stands below a speaker's first line belongs to it, blank lines at its end do not."""
    spoken: tuple[str, str, list[str]] | None = None
    for written in block.split("\n"):
        match = _SPEAKER.match(written)
        if match is None:
            assert spoken is not None, "a dialogue begins with a speaker"
            spoken[2].append(written)
            continue
        if spoken is not None:
            yield Line(spoken[0], spoken[1], "\n".join(spoken[2]).rstrip("\n"))
        spoken = match[1], GROUPS.get(match[2], match[3]), [match[4]]
    if spoken is not None:
        yield Line(spoken[0], spoken[1], "\n".join(spoken[2]).rstrip("\n"))


def _turns(lines: Sequence[Line]) -> Iterator[Turn]:
    starts = [at for at, line in enumerate(lines) if line.who != BOT]
    for at, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Turn(lines[at], tuple(lines[at + 1 : following]))


async def replay(stage: Stage, turns: Sequence[Turn]) -> None:
    """Say everything that is said; the bot must answer with exactly these words, to exactly these people."""
    for turn in turns:
        heard = await stage.say(turn.said.who, turn.said.text, turn.said.to)
        assert _sorted(heard) == sorted((line.to, line.text) for line in turn.answers), turn.said.text


def _sorted(heard: Sequence[Heard]) -> list[tuple[str, str]]:
    """Chats are answered side by side, so their order among each other means nothing."""
    return sorted((one.to, one.text) for one in heard)
