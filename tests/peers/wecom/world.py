"""The company behind the service: members, departments, groups, and the identities the bot may use."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from .crypto import Seal

Json = dict[str, Any]
ChatKind = Literal["private", "group"]
Chat = tuple[ChatKind, str]
"""The private chat with a person (userid), or a group (chatid)."""


def made_up(label: str, length: int = 32) -> str:
    """Letters and digits that look random and are the same in every run."""
    digest = hashlib.sha256(label.encode()).digest() + hashlib.sha256(f"{label}+".encode()).digest()
    return base64.b64encode(digest).decode().replace("+", "x").replace("/", "y")[:length]


def made_up_key(label: str) -> str:
    """An EncodingAESKey: 43 characters that stand for 32 bytes."""
    return base64.b64encode(hashlib.sha256(label.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Department:
    department_id: int
    name: str
    parent: int = 0
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """open_userid: what the AI bot sees instead of the userid when its creator is no super admin."""

    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    mobile: str = ""

    @property
    def open_userid(self) -> str:
        return "wo" + made_up(f"member {self.userid}", 30)


@dataclass(slots=True)
class App:
    """A self-built app (自建应用).

    callback_url: where its callbacks go; None until somebody configures one.
    visible:      the userids it may see; None: everybody.
    sees_root:    whether its range holds the root department, without which it has no group chats.
    contact_sync: whether its secret is the one of contact synchronisation (user/list_id).
    closed:       an administrator has switched it off.
    """

    agent_id: int
    secret: str
    seal: Seal
    callback_url: str | None = None
    visible: frozenset[str] | None = None
    sees_root: bool = True
    contact_sync: bool = False
    name: str = "政务信息"
    closed: bool = False

    def sees(self, userid: str) -> bool:
        return self.visible is None or userid in self.visible


@dataclass(slots=True)
class AiBot:
    """An AI bot (智能机器人): with a callback_url it works by URL callback, without one by long connection.

    encrypts_userids: its creator is no super admin, so senders come as open_userid.
    mention_gap:      what stands between the mention and the text.
    group_cards:      whether cards may be pushed to groups; the documents contradict each other.
    met:              chats in which somebody has spoken to it, the only ones it may push to.
    """

    bot_id: str
    name: str
    secret: str
    seal: Seal
    callback_url: str | None = None
    encrypts_userids: bool = False
    mention_gap: str = " "
    group_cards: bool = True
    met: set[Chat] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A group robot (群机器人): one key, one group."""

    key: str
    chatid: str
    alias: str = "群机器人"


@dataclass(slots=True)
class Group:
    """A group chat. made_by: the agent id of the app that created it, whose chatids are a space of their own.

    shown: members see a group made by an app only from its first message on.
    """

    chatid: str
    name: str
    members: list[str]
    bots: frozenset[str] = frozenset()
    made_by: int | None = None
    owner: str = ""
    shown: bool = True
    dissolved: bool = False


@dataclass
class World:
    """Everything the service knows of one company. Ids are counted or derived, never random.

    tags:           userids by the number of their tag.
    messages_a_day: person-times an app may write to a day: 200 for each account the company may have (90236).
    """

    corp_id: str = "ww5d1f3a9c7e2b4860"
    messages_a_day: int = 200 * 200
    tags: dict[int, frozenset[str]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    bots: dict[str, AiBot] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    @classmethod
    def small(cls) -> World:
        """Reporters zhangsan, lisi and wangwu, the office's zhaozhuren, two groups, one of each identity.

        The app is 1000002; the AI bot 信息报送 sits in both groups; the webhook posts into the first.
        """
        world = cls()
        for number, name, parent in [(1, "某市政府办公室", 0), (2, "发展改革委", 1), (3, "云山县", 1)]:
            world.departments[number] = Department(number, name, parent)
        world.add_member("zhangsan", "张三", 2, "13800000001")
        world.add_member("lisi", "李四", 3, "13800000002")
        world.add_member("wangwu", "王五", 3, "13800000003")
        world.add_member("zhaozhuren", "赵主任", 1, "13800000009")
        world.add_app(1000002)
        bot = world.add_bot("信息报送")
        world.add_group("wrReporters", "信息报送群", ["zhangsan", "lisi", "wangwu", "zhaozhuren"], [bot.bot_id])
        world.add_group("wrOffice", "信息科", ["wangwu", "zhaozhuren"], [bot.bot_id])
        world.add_webhook("wrReporters")
        return world

    @classmethod
    def wide(cls, groups: int, members_each: int) -> World:
        """Groups wrWide1, wrWide2, ... each with members u1n1, u1n2, ... u2n1, ... and one AI bot in all."""
        world = cls()
        world.departments[1] = Department(1, "某市")
        world.add_app(1000002)
        bot = world.add_bot("信息报送")
        for number in range(1, groups + 1):
            ids = [f"u{number}n{place}" for place in range(1, members_each + 1)]
            for userid in ids:
                world.add_member(userid, f"信息员{userid}")
            world.add_group(f"wrWide{number}", f"第{number}工作群", ids, [bot.bot_id])
        return world

    def add_member(self, userid: str, name: str, department: int = 1, mobile: str = "") -> Member:
        self.members[userid] = Member(userid, name, (department,), mobile)
        return self.members[userid]

    def add_app(self, agent_id: int, callback_url: str | None = None) -> App:
        seal = Seal(made_up(f"token {agent_id}", 12), made_up_key(f"key {agent_id}"), self.corp_id)
        self.apps[agent_id] = App(agent_id, made_up(f"secret {agent_id}", 43), seal, callback_url)
        return self.apps[agent_id]

    def add_bot(self, name: str, callback_url: str | None = None) -> AiBot:
        seal = Seal(made_up(f"token {name}", 12), made_up_key(f"key {name}"))
        bot_id = "aib" + made_up(f"bot {name}", 20)
        self.bots[bot_id] = AiBot(bot_id, name, made_up(f"secret {name}", 43), seal, callback_url)
        return self.bots[bot_id]

    def add_group(self, chatid: str, name: str, members: Iterable[str], bots: Iterable[str] = ()) -> Group:
        self.groups[chatid] = Group(chatid, name, list(members), frozenset(bots))
        return self.groups[chatid]

    def add_webhook(self, chatid: str, alias: str = "群机器人") -> Webhook:
        """A webhook for this group; its key looks like the service's own."""
        text = hashlib.md5(f"webhook {chatid} {alias}".encode(), usedforsecurity=False).hexdigest()
        key = "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])
        self.webhooks[key] = Webhook(key, chatid, alias)
        return self.webhooks[key]

    @property
    def app(self) -> App:
        """The only, or first, app."""
        return next(iter(self.apps.values()))

    @property
    def bot(self) -> AiBot:
        """The only, or first, AI bot."""
        return next(iter(self.bots.values()))

    @property
    def webhook(self) -> Webhook:
        """The only, or first, webhook."""
        return next(iter(self.webhooks.values()))

    def present(self, chat: Chat) -> list[str]:
        """Who sees what is said in this chat."""
        kind, target = chat
        return list(self.groups[target].members) if kind == "group" else [target]

    def by_open_userid(self, open_userid: str) -> Member | None:
        return next((one for one in self.members.values() if one.open_userid == open_userid), None)

    def by_mobile(self, mobile: str) -> str:
        """The userid behind a number, or the number itself when nobody has it."""
        return next((one.userid for one in self.members.values() if one.mobile == mobile), mobile)

    def within(self, department: int) -> set[int]:
        """A department and all below it."""
        found = {department}
        while more := {one.department_id for one in self.departments.values() if one.parent in found} - found:
            found |= more
        return found

    def members_of(self, departments: set[int]) -> list[Member]:
        return [one for one in self.members.values() if departments & set(one.departments)]
