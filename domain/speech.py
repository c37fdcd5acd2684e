"""What is said: a message that came in, and a message to go out. No platform's types, no wire format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


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


CARD_PLATFORMS = frozenset({"wecom"})
"""Where a card can be shown, in private chats; elsewhere people read what to type."""


@dataclass(frozen=True, slots=True)
class Button:
    """`says` is the command a tap stands for, as if it had been typed; `{}` in it is what was chosen in the drop-down
    ('' for nothing). The first button is the one most people want; a `grave` one is shown so."""

    text: str
    says: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a drop-down; `says` takes the place of `{}` in the tapped button's command."""

    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down beside the buttons."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Buttons below a text that says everything without them.

    `matter` is what the card is about (`item:137`, `assignment:5`): all copies about a matter are settled together,
    whoever settles it wherever. `typed` is one short line with the commands, for whoever sees no buttons. A channel
    shortens `title` and `text` to what fits.

    What `services.cards` fills in: `key` names this copy; `handle` is what the platform gave to change it once;
    `verdict` (`已采用`) with `note` (who, when) takes the place of the buttons when the matter is settled.
    """

    matter: str
    title: str
    text: str
    buttons: tuple[Button, ...]
    typed: str
    choice: Choice | None = None
    key: str = ""
    handle: str = field(default="", repr=False)
    verdict: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was pressed on the copy `card`. The platform lets that copy be changed once with `handle`, until
    `until_ms` (UTC)."""

    card: str
    handle: str = field(default="", repr=False)
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as it came off the wire.

    `key` is the platform's natural key: the same message delivered twice has the same key. `group` is '' in a private
    chat. `addressed` tells that the bot was mentioned. `at_ms` is the platform's time of sending, UTC ms. With a `tap`
    nobody typed: `text` is what the tapped button says. Nor with a `sign`: `text` was put on the message `quote` as a
    sign, which may be a receipt and is nothing else. `pictures` came with the text, or alone. `way_back` is what the
    platform gave to answer this very message with, where that outlives the program.
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
    tap: Tap | None = None
    pictures: tuple[FileRef, ...] = ()
    way_back: str = field(default="", repr=False)
    sign: bool = False

    @property
    def private(self) -> bool:
        return not self.group

    @property
    def target(self) -> str:
        """Where an answer in the same chat goes: `g:200001` or `p:10001`."""
        return f"g:{self.group}" if self.group else f"p:{self.account}"


class Mention(NamedTuple):
    """Somebody who is called in a group: the account there ('' if none is known), and the name where only text goes."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a chat. `quote` is the message id it answers and shows; `source` the one it answers without
    showing it (platforms that forbid speaking first want to know). A `card` goes below the text; one with a verdict
    is no message but the change of a copy that is there already. `mentions` are called by the platform's own @ where it
    has one. `way_back` is that of the message it answers.

    A file is sent without words; as a `picture` it shows itself in the chat. What goes to hundreds is not stored
    hundreds of times: `drawn` names a document (`bulletin:7:board.png:县区`) that is drawn when the message leaves, and
    then stands in its place as a file.
    """

    text: str
    quote: str = ""
    source: str = ""
    file_name: str = ""
    file_base64: str = field(default="", repr=False)
    picture: bool = False
    drawn: str = ""
    card: Card | None = None
    mentions: tuple[Mention, ...] = ()
    way_back: str = field(default="", repr=False)

    @property
    def called(self) -> str:
        """The text with the names of those it calls in front, for where there is no real @."""
        return f"{' '.join(f'@{one.name}' for one in self.mentions)}\n{self.text}" if self.mentions else self.text
