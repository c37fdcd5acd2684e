"""The people's half of the endpoint: they speak, drop files, and wait for what the bot tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from . import frames, segments
from .ear import Heard, Predicate
from .endpoint import Endpoint
from .files import FileFault, StoredFile
from .segments import Json
from .wire import ForwardWire, ReverseWire
from .world import Chat, World

FileOrder = Literal["message-first", "notice-first", "message-only", "notice-only"]


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file somebody sent: the message people can quote, and the id each event gave for it.

    key: its place on the file server (`peer.files.downloads`).
    """

    message_id: int
    message_file_id: str
    notice_file_id: str | None
    key: str


class OneBotPeer(Endpoint):
    """An endpoint with people behind it; used as `async with OneBotPeer.reverse(World.small(), port=...)`."""

    @classmethod
    def reverse(
        cls,
        world: World,
        *,
        port: int,
        token: str = "",
        path: str = "/onebot/v11/ws",
        heartbeat: float = 30.0,
        reconnect_after: float | None = None,
    ) -> OneBotPeer:
        """The endpoint connects to the bot. With `reconnect_after` it enters at once and keeps trying."""
        url = f"ws://127.0.0.1:{port}{path}"
        return cls(world, ReverseWire(url, world.self_id, token, reconnect_after), heartbeat=heartbeat)

    @classmethod
    def forward(cls, world: World, *, port: int, token: str = "", heartbeat: float = 30.0) -> OneBotPeer:
        """The bot connects to the endpoint at ws://127.0.0.1:port/."""
        return cls(world, ForwardWire(port, token), heartbeat=heartbeat)

    async def say(
        self,
        user_id: int,
        text: str,
        group: int | None = None,
        *,
        at_bot: bool = False,
        quote: int | None = None,
        at: Sequence[int | str] = (),
    ) -> int:
        """A person says something in a group or, without one, to the bot in private; the message id."""
        parts = [segments.reply(quote)] if quote is not None else []
        mentions = [segments.at(who) for who in ([self.world.self_id] if at_bot else []) + list(at)]
        parts += mentions
        if text or not mentions:
            parts.append(segments.text(f" {text}" if mentions else text))
        return await self.say_segments(user_id, parts, group)

    async def say_segments(self, user_id: int, parts: list[Json], group: int | None = None) -> int:
        """A message of any segments; it is in the history even when no socket carries it to the bot."""
        frame = self._told(user_id, parts, group)
        await self.emit(frame)
        return int(frame["message_id"])

    async def drop_file(
        self,
        user_id: int,
        name: str,
        data: bytes,
        group: int | None = None,
        order: FileOrder = "message-first",
        *,
        announced_size: int | None = None,
        fault: FileFault | None = None,
        resolves: Iterable[Literal["message", "notice"]] = ("message", "notice"),
        url_in_message: bool = False,
        gap: float = 0.0,
    ) -> DroppedFile:
        """A person sends a file: in a group two events with different file ids, in private one message.

        resolves: which event's file id the endpoint can resolve. gap: seconds between the two events.
        """
        size = len(data) if announced_size is None else announced_size
        file = StoredFile(self.world.next_file_key(), name, data, size, fault)
        url = self.files.offer(file)
        ids = {"message": f"/{file.key}", "notice": f"/{self.world.next_file_key()}"}
        self.world.files |= {ids[event]: file for event in resolves}
        part = {"file": name, "file_id": ids["message"], "file_size": str(size)}
        message = self._told(
            user_id, [{"type": "file", "data": part | ({"url": url} if url_in_message else {})}], group
        )
        events = {"message": message}
        if group is not None:
            events["notice"] = frames.group_upload(self.world, user_id, group, ids["notice"], file)
        for place, event in enumerate(_events_in(order) if group is not None else ["message"]):
            await asyncio.sleep(gap if place else 0)
            await self.emit(events[event])
        return DroppedFile(message["message_id"], ids["message"], ids["notice"] if group else None, file.key)

    async def burst(self, count: int, groups: Sequence[int], text: Callable[[int], str]) -> list[int]:
        """Messages 0 to count-1, round the groups and their members, as fast as the socket takes them."""
        told = []
        for number in range(count):
            group = self.world.group(groups[number % len(groups)])
            members = [one for one in group.members if one != self.world.self_id]
            speaker = members[number // len(groups) % len(members)]
            told.append(self._told(speaker, [segments.text(text(number))], group.group_id))
        for frame in told:
            await self.emit(frame)
        return [frame["message_id"] for frame in told]

    async def repeat(self, message_id: int) -> None:
        """Send the event of an earlier message once more, with the same id."""
        await self.emit(self.world.messages[message_id])

    async def recall(self, message_id: int) -> None:
        """Its author takes a message back: it can no longer be fetched or quoted, and a notice says so."""
        notice = frames.recalled(self.world, self.world.messages[message_id])
        self.world.forget(message_id)
        await self.emit(notice)

    async def put_on(self, user_id: int, group: int, message_id: int, face: str) -> None:
        """Somebody puts a sign (the number of a face or an emoji) on a message in a group."""
        await self.emit(frames.sign(self.world, user_id, group, message_id, face))

    def mark(self) -> int:
        """A place in `heard`; what was heard before it can be left out with `since=`."""
        return len(self.heard)

    async def wait_for(self, predicate: Predicate, seconds: float = 10, *, since: int = 0) -> Heard:
        """The first message people saw (from `since` on) that fits; AssertionError when none comes."""
        return await self._ear.wait_for(predicate, seconds, since)

    async def answer_to(self, message_id: int, seconds: float = 10, *, since: int = 0) -> Heard:
        """The bot's message that quotes this one."""
        return await self.wait_for(lambda heard: heard.quote_of == message_id, seconds, since=since)

    async def private_to(self, user_id: int, containing: str = "", seconds: float = 10, *, since: int = 0) -> Heard:
        """A private message of the bot to this person."""
        return await self._told_in(("private", user_id), containing, seconds, since)

    async def group_hears(self, group_id: int, containing: str = "", seconds: float = 10, *, since: int = 0) -> Heard:
        """A message of the bot in this group."""
        return await self._told_in(("group", group_id), containing, seconds, since)

    async def silence(self, seconds: float = 0.3) -> None:
        """Nobody sees anything new for so long. Keep it short."""
        before = self.mark()
        await asyncio.sleep(seconds)
        news = self.heard[before:]
        assert not news, f"expected silence, heard {news[0].text!r} in {news[0].chat} {news[0].target}"

    async def _told_in(self, chat: Chat, containing: str, seconds: float, since: int) -> Heard:
        def fits(heard: Heard) -> bool:
            return (heard.chat, heard.target) == chat and containing in heard.text

        return await self.wait_for(fits, seconds, since=since)

    def _told(self, user_id: int, parts: list[Json], group: int | None) -> Json:
        chat: Chat = ("group", group) if group is not None else ("private", user_id)
        frame = frames.message(self.world, user_id, chat, parts)
        self.world.tell(chat, frame)
        return frame


def _events_in(order: FileOrder) -> list[str]:
    first, _, rest = order.partition("-")
    other = "notice" if first == "message" else "message"
    return [first] if rest == "only" else [first, other]
