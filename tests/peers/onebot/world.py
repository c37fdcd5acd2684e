"""The small world behind the endpoint: people, groups, what was said, files that were sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from .ear import ChatKind
from .files import StoredFile
from .segments import ActionFailed, Json

Role = Literal["owner", "admin", "member"]
Clock = Callable[[], datetime]
Chat = tuple[ChatKind, int]
"""A group by its number, or the private chat with a person by theirs."""

FIRST_GROUP_SEQ = 2108901


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """An account; one that is no friend reaches the bot only through a group they share."""

    user_id: int
    nickname: str
    friend: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a group, with the card (群名片) they carry there."""

    user_id: int
    card: str = ""
    role: Role = "member"


@dataclass(slots=True)
class Group:
    group_id: int
    name: str
    members: dict[int, Member] = field(default_factory=dict)


@dataclass
class World:
    """Everything the endpoint knows. Ids are counted, never random, so that a run can be repeated.

    clock:         aware time that stands in the frames' `time`.
    offers_base64: NapCat's `enableLocalFile2Url`; without it get_file only names a path on its own disk.
    """

    self_id: int = 3001
    nickname: str = "报送助手"
    clock: Clock = wall_clock
    offers_base64: bool = True
    people: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    _told: dict[Chat, list[int]] = field(default_factory=dict)
    _count: int = 0

    @classmethod
    def small(cls, clock: Clock = wall_clock) -> World:
        """Two groups; reporters 10001-10003, the office's 90001, and 10004: in a group, but no friend."""
        world = cls(clock=clock)
        for user_id, nickname in [(10001, "张三"), (10002, "李四"), (10003, "王五"), (90001, "赵主任")]:
            world.add_person(user_id, nickname)
        world.add_person(10004, "路过", friend=False)
        cards = {10001: "发改委-张三", 10002: "云山县-李四", 10004: "", 90001: "信息科-赵"}
        world.add_group(200001, "某市信息报送群", cards, owner=90001)
        world.add_group(200002, "信息科内部群", {10003: "信息科-王五", 90001: "信息科-赵"}, owner=90001)
        return world

    @classmethod
    def wide(cls, groups: int, members_each: int, clock: Clock = wall_clock) -> World:
        """Groups 300001, 300002, ... each with its own members 1000101, 1000102, ... 1000201, ..."""
        world = cls(clock=clock)
        for number in range(1, groups + 1):
            ids = [1_000_000 + number * 100 + place for place in range(1, members_each + 1)]
            for user_id in ids:
                world.add_person(user_id, f"信息员{user_id}")
            world.add_group(300_000 + number, f"第{number}工作群", dict.fromkeys(ids, ""))
        return world

    def add_person(self, user_id: int, nickname: str, *, friend: bool = True) -> None:
        self.people[user_id] = Person(user_id, nickname, friend)

    def add_group(self, group_id: int, name: str, cards: Mapping[int, str], *, owner: int | None = None) -> None:
        """A group of the bot and these people; `cards` gives each person's card."""
        group = Group(group_id, name, {self.self_id: Member(self.self_id, self.nickname)})
        for user_id, card in cards.items():
            group.members[user_id] = Member(user_id, card, "owner" if user_id == owner else "member")
        self.groups[group_id] = group

    def nickname_of(self, user_id: int) -> str:
        return self.nickname if user_id == self.self_id else self.people[user_id].nickname

    def group(self, group_id: int) -> Group:
        """Raises ActionFailed for a group the bot is not in."""
        if group_id not in self.groups:
            raise ActionFailed(f"群{group_id}不存在")
        return self.groups[group_id]

    def member(self, group_id: int, user_id: int) -> Member:
        """Raises ActionFailed for somebody who is not in the group."""
        members = self.group(group_id).members
        if user_id not in members:
            raise ActionFailed(f"群({group_id})成员{user_id}不存在")
        return members[user_id]

    def shared_group(self, user_id: int) -> int | None:
        """A group the bot shares with this person, through which a stranger can be reached."""
        return next((group.group_id for group in self.groups.values() if user_id in group.members), None)

    def reachable(self, user_id: int) -> bool:
        """Whether a private message can be sent to this person."""
        person = self.people.get(user_id)
        return person is not None and (person.friend or self.shared_group(user_id) is not None)

    def now(self) -> int:
        """Seconds since the epoch, as frames carry them."""
        return int(self.clock().timestamp())

    def next_message_id(self) -> int:
        """31 bits, spread like NapCat's hashes, but never twice the same (an odd factor is a bijection)."""
        self._count += 1
        return self._count * 0x9E3779B1 % 2**31

    def next_file_key(self) -> str:
        self._count += 1
        return hashlib.md5(str(self._count).encode(), usedforsecurity=False).hexdigest()

    def next_seq(self, chat: Chat) -> str:
        """The chat's own counter (`real_seq`), without gaps; the bot's messages count too."""
        return str((FIRST_GROUP_SEQ if chat[0] == "group" else 1) + len(self._told.get(chat, [])))

    def tell(self, chat: Chat, frame: Json) -> None:
        """Write a message frame into the history of its chat."""
        self.messages[frame["message_id"]] = frame
        self._told.setdefault(chat, []).append(frame["message_id"])

    def forget(self, message_id: int) -> None:
        """A message that was recalled, or fell out of the endpoint's memory."""
        self.messages.pop(message_id, None)

    def history(self, chat: Chat, count: int, start: int | None, onward: bool = False) -> list[Json]:
        """Up to `count` messages, oldest first: the latest, or those up to (`onward`: from) `start`.

        Raises ActionFailed when there is nothing to show, as NapCat does.
        """
        ids = self._told.get(chat, [])
        if start is not None:
            place = ids.index(start) if start in ids else len(ids) if onward else -1
            ids = ids[place:][:count] if onward else ids[: place + 1]
        chosen = [self.messages[one] for one in ids[-count:] if one in self.messages]
        if not chosen:
            raise ActionFailed(f"消息{start}不存在")
        return chosen
