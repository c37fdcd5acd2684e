"""What is said: a message that came in, and a message to go out. No platform's types, no wire format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file announced by a platform: how it can be fetched there. `size` is what was announced, in bytes."""

    name: str
    size: int
    file_id: str
    busid: str = ""
    url: str = ""


def has_private_chat(account: str) -> bool:
    """Whether an account can be written to in private. On the official QQ bot a person has another account in each
    group, written `group/member`; it serves in that group alone."""
    return "/" not in account


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as it came off the wire.

    `key` is the platform's natural key: the same message delivered twice has the same key. `group` is '' in a private
    chat. `addressed` tells that the bot was mentioned. `at_ms` is the platform's time of sending, UTC ms.
    """

    platform: str
    bot_id: str
    key: str
    group: str
    account: str
    name: str
    message_id: str
    at_ms: int
    text: str
    addressed: bool = False
    quote: str = ""
    file: FileRef | None = None

    @property
    def private(self) -> bool:
        return not self.group

    @property
    def target(self) -> str:
        """Where an answer in the same chat goes: `g:200001` or `p:10001`."""
        return f"g:{self.group}" if self.group else f"p:{self.account}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a chat. `quote` is the message id it answers and shows; `source` the one it answers without
    showing it (platforms that forbid speaking first want to know)."""

    text: str
    quote: str = ""
    source: str = ""
    file_name: str = ""
    file_base64: str = ""
