"""The vocabulary of commands: what a plugin uses to declare what people can say.

A plugin declares each command once: its names in English and Chinese, who may use it, how it is written, an example.
Rights, help, the manual and the suggestion for a mistyped word all come from that declaration.

    @command("pending", "待办", who=DESK, summary="看等待处理的信息", usage="/待办")
    def pending(call: Call) -> str: ...

A handler is a plain function inside the transaction of the message: it parses the words, calls one operation of
`services/` and returns the answer. Expected errors (`domain.errors`) become answers by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from domain.moment import to_ms
from domain.picture import NONE as NO_PICTURES
from domain.picture import Pictures
from domain.roster import Person, Role
from domain.speech import Card, Incoming
from services.mail import tell, tell_group
from services.office import Office
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `private` sends it to the person alone, even if the question was asked in a group; a `card` is shown
    below it in a private chat of a platform that has cards."""

    text: str
    private: bool = False
    card: Card | None = None


FAMILIES = ("报送", "查询", "约稿", "办理", "考评", "催报", "要点", "紧急", "人员", "系统", "帮助")
"""The order of families in help and the manual; one that is not named here follows."""

Answer = str | Reply | None
Handler = Callable[["Call"], Answer]


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command. `who` None means everybody who is bound; `unbound` opens it to unknown accounts too,
    `anywhere` to groups that are not registered, if the bot is mentioned; `takes_files` gets pictures too."""

    name: str
    words: tuple[str, ...]
    who: frozenset[Role] | None
    summary: str
    usage: str
    example: str
    family: str
    handler: Handler
    unbound: bool = False
    anywhere: bool = False
    takes_files: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.words)

    @property
    def label(self) -> str:
        """The name people are shown: the Chinese one."""
        return self.words[0] if self.words else self.name

    @property
    def for_whom(self) -> str:
        """Who may use it, in words."""
        if self.who is None:
            return "所有人，未登记的账号也可以" if self.unbound else "已登记的所有人"
        return "、".join(role.value for role in Role if role in self.who)

    def open_to(self, person: Person | None) -> bool:
        """Whether the roster gives this person the command."""
        if person is None:
            return self.unbound
        return self.who is None or person.has(self.who)


@dataclass(slots=True)
class Call:
    """One command somebody typed, with all a handler needs. `words` is the rest of the command's line (tidied),
    `body` what stands below it, as written."""

    tx: Tx
    now: datetime
    office: Office
    incoming: Incoming
    command: Command
    asker: Person | None
    words: str
    body: str
    file: tuple[str, bytes] | None = field(default=None, repr=False)
    line: str = ""
    """The rest of the command's line as it was written, for whoever keeps it (a title)."""
    pictures: Pictures = NO_PICTURES

    @property
    def person(self) -> Person:
        """Who asks. Only commands that are `unbound` may be called by nobody."""
        assert self.asker is not None, "the router lets only bound people in"
        return self.asker

    @property
    def args(self) -> list[str]:
        return self.words.split()

    @property
    def now_ms(self) -> int:
        return to_ms(self.now)

    def tell(self, person_id: int, text: str, kind: str, card: Card | None = None) -> bool:
        """Send a private message to somebody else, in the transaction of this message."""
        return tell(
            self.tx, person_id, text, dedup=f"{kind}:{self._origin}", kind=kind, now=self.now,
            prefer=self.incoming.platform, card=card,
        )  # fmt: skip

    def tell_group(self, platform: str, group_no: str, text: str, kind: str) -> bool:
        """Send a message to another chat, in the transaction of this message."""
        return tell_group(self.tx, platform, group_no, text, dedup=f"{kind}:{self._origin}", kind=kind, now=self.now)

    @property
    def _origin(self) -> str:
        return f"{self.incoming.platform}:{self.incoming.key}"


@dataclass(frozen=True, slots=True)
class Form:
    """A dialogue of several steps: `step` is given each message said while the form is open."""

    name: str
    step: Handler


class Vocabulary:
    """All commands and forms of the plugins that are loaded."""

    def __init__(self) -> None:
        self._by_name: dict[str, Command] = {}
        self.commands: list[Command] = []
        self.forms: dict[str, Form] = {}
        self._headings: dict[str, Command] = {}
        self.file_command: Command | None = None
        self.receipt_command: Command | None = None
        self.reply_command: Command | None = None

    def add(self, command: Command) -> None:
        """Two commands of one name are a fault of the plugins; the second refuses to load."""
        for name in command.names:
            if self._by_name.setdefault(name.casefold(), command) is not command:
                raise ValueError(f"command /{name} is declared twice")
        self.commands.append(command)

    def add_heading(self, heading: str, command: Command) -> None:
        self._headings[heading] = command

    def named(self, word: str) -> Command | None:
        return self._by_name.get(word.casefold())

    def heading(self, text: str) -> tuple[Command, str] | None:
        """The command whose heading (`【信息报送】`) a text opens with, and the text behind it."""
        for heading, command in self._headings.items():
            if text.startswith(heading):
                return command, text[len(heading) :]
        return None

    def glued(self, text: str) -> tuple[Command, str] | None:
        """A Chinese command written without a blank before its words: `报送关于…`; the longest name wins."""
        for length in range(min(len(text), self._longest), 1, -1):
            command = self._by_name.get(text[:length])
            if command is not None and not text[:length].isascii():
                return command, text[length:]
        return None

    @property
    def _longest(self) -> int:
        return max(map(len, self._by_name), default=0)

    def names(self) -> list[str]:
        return list(self._by_name)

    def families(self) -> dict[str, list[Command]]:
        """All commands by family, within a plugin as declared. NoneBot loads plugins from a set, so in no order."""

        def place(each: Command) -> tuple[int, str, list[str]]:
            known = FAMILIES.index(each.family) if each.family in FAMILIES else len(FAMILIES)
            return known, each.family, each.handler.__module__.split(".")[:2]

        found: dict[str, list[Command]] = {}
        for each in sorted(self.commands, key=place):
            found.setdefault(each.family, []).append(each)
        return found


VOCABULARY = Vocabulary()
"""The vocabulary of this process, filled while the plugins load."""


def command(
    name: str,
    *words: str,
    who: frozenset[Role] | None,
    summary: str,
    usage: str,
    example: str = "",
    family: str = "",
    unbound: bool = False,
    anywhere: bool = False,
    heading: str = "",
    takes_files: bool = False,
    takes_receipts: bool = False,
    takes_replies: bool = False,
) -> Callable[[Handler], Handler]:
    """Declare a command. `heading` is an opening that also calls it; `takes_files` gives it the files people drop,
    `takes_receipts` what people say instead of it (收到, 1, 👌), `takes_replies` a text that opens with #约18 or quotes
    what was pushed."""

    def declare(handler: Handler) -> Handler:
        declared = Command(
            name, words, who, summary, usage, example or usage, family, handler, unbound, anywhere,
            takes_files,
        )  # fmt: skip
        VOCABULARY.add(declared)
        if heading:
            VOCABULARY.add_heading(heading, declared)
        if takes_files:
            VOCABULARY.file_command = declared
        if takes_receipts:
            VOCABULARY.receipt_command = declared
        if takes_replies:
            VOCABULARY.reply_command = declared
        return handler

    return declare


def form(name: str) -> Callable[[Handler], Handler]:
    """Declare the function that goes on with an open form of this name."""

    def declare(handler: Handler) -> Handler:
        VOCABULARY.forms[name] = Form(name, handler)
        return handler

    return declare
