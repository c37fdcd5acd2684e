"""What all parts of the service share."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from .cards import Board, Card
from .clock import Clock
from .content import Content
from .ear import Call, Dropped, DropReason, Ear, Heard, Via
from .faults import Faults
from .media import MediaStore, SealedFiles
from .world import Chat, World, made_up


@dataclass
class Core:
    """violations: what a careful caller never does although the service does not refuse it.

    broken: faults of this fake itself; the service raises the first one when it is closed.
    """

    world: World
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    ear: Ear = field(default_factory=Ear)
    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)
    base: str = ""

    def __post_init__(self) -> None:
        self.media = MediaStore(self.clock)
        self.files = SealedFiles(self.clock)
        self.board = Board(self.clock)
        self._numbers = itertools.count(1)

    def next_id(self, label: str, length: int = 24) -> str:
        """An id nobody had before, the same in every run."""
        return made_up(f"{label} {next(self._numbers)}", length)

    def next_number(self) -> int:
        """A MsgId as app callbacks carry it: 64 bits of digits."""
        return 7_000_000_000_000_000_000 + next(self._numbers)

    def show(self, via: Via, sender: str, chat: Chat, content: Content, message_id: str, answers: str = "") -> Heard:
        """Let the people of a chat see a message; a card lies there to be tapped."""
        mentions = content.mentions + tuple(self.world.by_mobile(one) for one in content.mobiles)
        heard = Heard(
            via=via,
            sender=sender,
            chat=chat,
            msgtype=content.msgtype,
            text=content.text,
            body=content.body,
            message_id=message_id,
            at=self.clock(),
            mentions=mentions,
            answers=answers,
            file_name=content.file_name,
            data=content.data,
            images=content.images,
        )
        if content.msgtype == "template_card":
            self._show_card(Card(via, sender, chat, content.body, message_id))
        self.ear.hear(heard)
        return heard

    def _show_card(self, card: Card) -> None:
        others = self.board.of_task(card.via, card.sender, card.task_id) if card.task_id else []
        if any(one.message_id != card.message_id for one in others):
            self.violations.append(f"task_id {card.task_id!r} used again")
        self.board.show(card)

    def drop(self, via: Via, sender: str, userid: str, text: str, reason: DropReason, message_id: str) -> None:
        self.ear.dropped.append(Dropped(via, sender, userid, text, reason, message_id))
