"""What a channel must be able to do, whatever platform stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from domain.speech import Incoming, Outgoing
from storage.engine import Store
from storage.outbox import Sending


class FetchProblem(Exception):
    """A file could not be fetched; `text` is for the sender."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotKept(Exception):
    """A message was not stored; whoever brought it should bring it again."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes, and the name the platform tells only with them ('' if it was told before)."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a send ended.

    `state` SENT, REFUSED (the platform said no, for good), UNKNOWN (it may have arrived) or PENDING (it certainly did
    not; `retry_ms` says how long to wait at least). One that only waits for its turn was not `tried`: the platform was
    not called, and it may wait as often as it has to. A card that went out can be changed once with `handle`, until
    `until_ms` (UTC); one that could not be changed is DROPPED.
    """

    state: Sending
    platform_id: str = ""
    error: str = ""
    retry_ms: int = 0
    tried: bool = True
    handle: str = ""
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may speak: at most `burst` messages at once, then one per interval. 0 means no limit."""

    target_interval_ms: int
    target_burst: int
    all_interval_ms: int
    all_burst: int


class Intake(Protocol):
    """The way in, as a channel sees it."""

    def accept(self, incoming: Incoming) -> None:
        """Take a message off the wire."""

    async def keep(self, incoming: Incoming) -> None:
        """Take a message and return once it is stored, for a wire that must not answer before. Raises NotKept."""

    async def room(self) -> None:
        """Wait until there is room for more."""


class Channel(Protocol):
    """One platform (`onebot`, `qq`, ...). Targets are `g:<group>` and `p:<account>`."""

    platform: str
    pace: Pace

    def connect(self, intake: Intake) -> None:
        """Give the channel the way in for what its wire brings."""

    @property
    def up(self) -> bool:
        """Whether somebody is connected at the other end."""

    async def send(self, target: str, message: Outgoing) -> Delivery:
        """Call the platform once. Never raises."""

    async def fetch(self, incoming: Incoming) -> bytes:
        """The bytes of the message's file. Raises FetchProblem, or DocumentTooBig."""

    async def find_sent(self, target: str, text: str, since_ms: int) -> str | None:
        """The id of this message from us in the platform's own history ('' if it has none there); None if the history
        does not show it or there is none."""


@runtime_checkable
class NamingLate(Protocol):
    """A channel whose files have no name before they are fetched."""

    async def fetch_named(self, incoming: Incoming) -> Fetched:
        """As `fetch`, and the name."""


@runtime_checkable
class Remembering(Protocol):
    """A channel whose platform keeps what was said while nobody listened."""

    @property
    def heard_ms(self) -> int:
        """When the platform was last heard, UTC ms; 0 if never."""

    def resume_from(self, heard_ms: int) -> None:
        """When it was heard before this program started."""

    def take_gap(self) -> int | None:
        """Once after each silence that has ended: when the platform was heard before it (UTC ms, 0: never)."""

    async def history(self, group: str, since_ms: int) -> list[Incoming]:
        """What was said in a group since a moment, oldest first, with the keys the live messages have."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several connections of a channel. `trouble` is '' while it is well; one that is `stuck` does not come back
    by itself, so somebody has to be told."""

    trouble: str = ""
    stuck: bool = False


@runtime_checkable
class Composed(Protocol):
    """A channel of several identities, each of which may fail while the others speak."""

    @property
    def parts(self) -> Mapping[str, Part]:
        """Every identity by the name the office knows it by."""


@runtime_checkable
class Keeping(Protocol):
    """A channel with something to keep beyond its run."""

    def keep_in(self, store: Store) -> None:
        """Once, with the open store, before anything else happens."""


@runtime_checkable
class Hooked(Protocol):
    """A channel that speaks into groups through webhooks the office attaches."""

    def hook(self, keys: Mapping[str, str]) -> None:
        """From now on these are the groups' keys, by group number."""


def parts_of(channel: Channel) -> Mapping[str, Part]:
    """The identities of a channel; empty if it has but one."""
    return channel.parts if isinstance(channel, Composed) else {}


def trouble_of(channel: Channel) -> str:
    """Why a channel is down, in words for the operator; '' if it is up."""
    if channel.up:
        return ""
    return str(getattr(channel, "trouble", "")) or "没有连接"
