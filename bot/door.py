"""The door: what is meant for us comes in, everything else ends here, before any row and without a trace of its text.

Three kinds of messages end at the door: chatter (no answer, nothing kept), what a group may not say to us, and what
the secrecy screen stops (facts: domain §6.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.commands import Vocabulary
from bot.directory import Directory
from bot.words import understand
from domain.receipt import is_politeness, read_receipt
from domain.reference import is_marked
from domain.roster import Group
from domain.secrecy import Screen, SecrecyHit
from domain.speech import Incoming

# A message longer than this is no item any more; it is refused without being looked at.
TEXT_LIMIT = 100_000

DOCUMENTS = (".docx", ".doc", ".wps", ".pdf", ".txt", ".rtf")


class Verdict(Enum):
    """What the door makes of a message."""

    CHATTER = "chatter"
    UNREGISTERED = "unregistered"
    TO_REGISTER = "to register"
    TEXT = "text"
    PICTURES = "pictures"
    FILE = "file"
    SECRET = "secret"
    TOO_LONG = "too long"
    NOT_HERE = "not here"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, with the rule that stopped a SECRET."""

    verdict: Verdict
    hit: SecrecyHit | None = None


_CHATTER, _UNREGISTERED = Judged(Verdict.CHATTER), Judged(Verdict.UNREGISTERED)
_TO_REGISTER = Judged(Verdict.TO_REGISTER)
_PICTURES = Judged(Verdict.PICTURES)
_TEXT, _FILE, _TOO_LONG = Judged(Verdict.TEXT), Judged(Verdict.FILE), Judged(Verdict.TOO_LONG)
_NOT_HERE = Judged(Verdict.NOT_HERE)

Door = Callable[[Incoming], Judged]


def make_door(directory: Directory, screen: Screen, vocabulary: Vocabulary) -> Door:
    """The door of this office."""
    return _Porter(directory, screen, vocabulary).judge


@dataclass(frozen=True, slots=True)
class _Porter:
    """Who stands at the door, with all that is known there."""

    directory: Directory
    screen: Screen
    vocabulary: Vocabulary

    def judge(self, incoming: Incoming) -> Judged:
        group, awaited = None, self._is_awaited(incoming)
        if incoming.group:
            group = self.directory.group_of(incoming)
            if (group is None or group.purpose == "通知") and not awaited and not self._is_said_anywhere(incoming):
                return self._in_unknown_group(incoming) if group is None else self._in_notice_group(incoming)
        if incoming.file is not None:
            return self._judge_file(incoming, group)
        if not awaited and not self._is_meant(incoming):
            return _CHATTER
        if len(incoming.text) > TEXT_LIMIT:
            return _TOO_LONG
        hit = self.screen.check(incoming.text)
        if hit:
            return Judged(Verdict.SECRET, hit)
        return _PICTURES if incoming.pictures and self.directory.knows(incoming) else _TEXT

    def _is_awaited(self, incoming: Incoming) -> bool:
        """Whether this is the 收到 somebody waits for here; said anywhere else it is chatter."""
        if incoming.file is not None:
            return False
        if self.directory.awaits_receipt(incoming):
            return read_receipt(incoming.text) is not None
        # In private 收到 may be about what stands in the group, or went to a colleague.
        said = read_receipt(incoming.text) if incoming.private and self.directory.awaits_any(incoming) else None
        return said is not None and said.clear

    def _in_unknown_group(self, incoming: Incoming) -> Judged:
        """Nobody is heard there; who is known and calls the bot learns how that is changed."""
        polite = incoming.file is None and is_politeness(incoming.text)
        return _TO_REGISTER if incoming.addressed and not polite and self.directory.knows(incoming) else _UNREGISTERED

    def _in_notice_group(self, incoming: Incoming) -> Judged:
        """Nobody is heard there; who means the bot all the same must not believe that it was taken."""
        if incoming.file is None and is_politeness(incoming.text):
            return _CHATTER
        return _NOT_HERE if self.directory.knows(incoming) and self._is_meant(incoming) else _CHATTER

    def _is_said_anywhere(self, incoming: Incoming) -> bool:
        """Whether this registers the group, which nobody could do if it had to be registered."""
        if not incoming.addressed or incoming.file is not None or len(incoming.text) > TEXT_LIMIT:
            return False
        command = understand(incoming.text, self.vocabulary, addressed=True).command
        return command is not None and command.anywhere

    def _judge_file(self, incoming: Incoming, group: Group | None) -> Judged:
        file = incoming.file
        assert file is not None
        # A file handed in by mentioning the bot is meant for it, whatever it is called and wherever.
        if group is not None and not incoming.addressed and not _is_for_us(group, file.name):
            return _CHATTER
        if not self.directory.knows(incoming):
            return _TEXT  # a stranger's file is not fetched; the router tells how to be bound
        hit = self.screen.check(file.name)
        return Judged(Verdict.SECRET, hit) if hit else _FILE

    def _is_meant(self, incoming: Incoming) -> bool:
        text = incoming.text
        if incoming.sign:
            return False  # it may be awaited, and means nothing else
        if incoming.private:
            return (
                bool(incoming.pictures)
                or not is_politeness(text)
                or _names_one(text)
                or self.directory.in_form(incoming)
            )
        if incoming.addressed or self.directory.in_form(incoming):
            return True
        opening = text.lstrip()[:1]
        if opening in "/／" and opening:
            return True
        if opening in "#＃" and opening:
            return is_marked(text)
        return opening == "【" and self.vocabulary.heading(text.strip()) is not None


def _is_for_us(group: Group, name: str) -> bool:
    return group.purpose == "报送" and name.lower().endswith(DOCUMENTS)


def _names_one(text: str) -> bool:
    found = read_receipt(text)
    return found is not None and bool(found.number)
