"""Who is sent what of a bulletin: groups, units in private, their leaders, the leaders' list, the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.roster import DESK, UNIT_SIDE, Person, Role
from domain.snapshot import Snapshot
from domain.speech import has_private_chat
from services.items import unit_label
from services.mail import WITHOUT_FILES
from services.office import BulletinPolicy, Office
from storage import roster
from storage.engine import Tx

PURPOSE = "报送"
UNKNOWN = "（名册里没有）"
"""Stands behind a name of the leaders' list that the roster does not have."""

KIND = "bulletin"
"""The kind of every message about a bulletin."""

TEXT, LETTER, WORDS, OWN = "text", "letter", "words", "own"
DOCX, PDF, XLSX, PROOF = "docx", "pdf", "xlsx", "proof"
BOARD, TREND = "board.png", "trend.png"
"""Parts of a bulletin. `text` is for groups, `letter` goes with a document; `words` is the board as text, where no
picture can be sent; `own:7` a unit's own line, `board.png:0` the picture of the first class."""


class Kind(Enum):
    """Why somebody is sent a bulletin; the value is stored."""

    GROUP = "group"
    UNIT = "unit"
    UNIT_LEADER = "unit_leader"
    LEADER = "leader"
    OFFICE = "office"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.GROUP: "工作群",
    Kind.UNIT: "单位",
    Kind.UNIT_LEADER: "分管领导",
    Kind.LEADER: "领导名单",
    Kind.OFFICE: "信息科",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat and the parts it is sent. `target` is '' when there is nowhere to write to. `names` are what the office
    may call it by: a group, a person, the person's units."""

    kind: Kind
    name: str
    platform: str
    target: str
    parts: tuple[str, ...]
    names: frozenset[str]


def recipients(tx: Tx, office: Office, snapshot: Snapshot, day: date) -> list[Recipient]:
    """Everybody the settings want to have it, in the order they are sent it."""
    policy = office.bulletins
    found: list[Recipient] = []
    if policy.audience == "group":
        found += _groups(tx, policy, snapshot, day)
    found += _units(tx, snapshot, day) if policy.audience == "unit" else _unit_leaders(tx, policy, snapshot, day)
    desk = list(_desk(tx, day))
    return [*found, *_beside(_leaders(tx, policy, day), [*found, *desk]), *desk]


def _beside(leaders: Iterable[Recipient], others: Sequence[Recipient]) -> Iterator[Recipient]:
    """Those of the leaders' list who are not sent the whole bulletin anyway: nobody reads it twice or is counted so."""
    told = {(one.platform, one.target) for one in others if PDF in one.parts or WORDS in one.parts}
    return (one for one in leaders if not one.target or (one.platform, one.target) not in told)


def _groups(tx: Tx, policy: BulletinPolicy, snapshot: Snapshot, day: date) -> Iterator[Recipient]:
    known = roster.groups(tx, day)
    names = {(group.platform, group.group_no): group.name for group in known}
    wanted = [tuple(written.split(":", 1)) for written in policy.groups]
    for platform, number in wanted or [(g.platform, g.group_no) for g in known if g.purpose == PURPOSE]:
        name = names.get((platform, number), f"群 {number}")
        pictures = [f"{BOARD}:{at}" for at, board in enumerate(snapshot.classes) if board.rows]
        parts = (WORDS,) if platform in WITHOUT_FILES else (TEXT, *pictures, TREND)
        yield Recipient(Kind.GROUP, name, platform, f"g:{number}", parts, frozenset({name, number}))


def _units(tx: Tx, snapshot: Snapshot, day: date) -> Iterator[Recipient]:
    """The people of every unit on the board, each with the lines of their own units alone."""
    shown = {row.unit_id for board in snapshot.classes for row in board.rows}
    for person in roster.people(tx, UNIT_SIDE, day):
        own = [post.unit_id for post in person.posts if post.role in UNIT_SIDE and post.unit_id in shown]
        parts = tuple(f"{OWN}:{unit_id}" for unit_id in dict.fromkeys(own))
        if parts:
            yield _person(tx, Kind.UNIT, person, parts, parts, day)


def _unit_leaders(tx: Tx, policy: BulletinPolicy, snapshot: Snapshot, day: date) -> Iterable[Recipient]:
    shown = {row.unit_id for board in snapshot.classes for row in board.rows}
    leaders = roster.people(tx, frozenset({Role.LEADER}), day) if policy.unit_leaders else []
    return [_person(tx, Kind.UNIT_LEADER, one, (LETTER, PDF), (WORDS,), day) for one in leaders if one.unit_ids & shown]


def _leaders(tx: Tx, policy: BulletinPolicy, day: date) -> Iterator[Recipient]:
    """Everybody of the leaders' list; a name the roster does not know is told as not reached."""
    known = {person.name: person for person in roster.people(tx, frozenset(Role), day)} if policy.leaders else {}
    for name in policy.leaders:
        if name in known:
            yield _person(tx, Kind.LEADER, known[name], (LETTER, PDF), (WORDS,), day)
        else:
            yield Recipient(Kind.LEADER, f"{name}{UNKNOWN}", "", "", (LETTER,), frozenset({name}))


def _desk(tx: Tx, day: date) -> Iterable[Recipient]:
    return [
        _person(tx, Kind.OFFICE, one, (TEXT, DOCX, PDF, XLSX), (WORDS,), day) for one in roster.people(tx, DESK, day)
    ]


def _person(
    tx: Tx, kind: Kind, person: Person, parts: tuple[str, ...], without_files: tuple[str, ...], day: date
) -> Recipient:
    platform, target = chat_of(tx, person.id)
    units = [unit_label(tx, unit_id, day.year) for unit_id in dict.fromkeys(post.unit_id for post in person.posts)]
    name = f"{units[0]} {person.name}" if units else person.name
    chosen = without_files if platform in WITHOUT_FILES else parts
    return Recipient(kind, name, platform, target, chosen, frozenset({person.name, *units}))


def chat_of(tx: Tx, person_id: int) -> tuple[str, str]:
    """(platform, target) of somebody's private chat, one that takes files if there is any; ('', '') for none."""
    chats = [
        (platform, account) for platform, account in roster.accounts_of(tx, person_id) if has_private_chat(account)
    ]
    platform, account = next((c for c in chats if c[0] not in WITHOUT_FILES), chats[0] if chats else ("", ""))
    return platform, f"p:{account}" if account else ""


def to_reach(found: Sequence[Recipient], name: str) -> list[Recipient]:
    """Those the office means by a name: a group, a person, or a unit with all its people."""
    return [one for one in found if name in one.names]
