"""Who can be played and who sits in which group, read from the roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.errors import NotFound
from domain.roster import DESK, REPORTERS, UNIT_SIDE, Group, Role
from practice.city import BOT_NAME, PLATFORM, STRANGER_ACCOUNT
from storage import roster
from storage.engine import Tx

STRANGER_NAME = "新来的小林"


@dataclass(frozen=True, slots=True)
class Resident:
    """An account with the person behind it; `role` and `unit` are '' for one the roster does not know."""

    account: int
    name: str
    role: str
    unit: str
    unit_kind: str
    side: str
    """`unit`, `desk`, `office` or `stranger`: which phrases the page offers."""


@dataclass(frozen=True, slots=True)
class Room:
    """A group chat with the accounts of its members."""

    number: int
    name: str
    purpose: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class World:
    """The city as the endpoint and the page know it."""

    residents: dict[int, Resident]
    rooms: dict[int, Room]

    def resident(self, account: int) -> Resident:
        """Raises NotFound for an account nobody has."""
        if account not in self.residents:
            raise NotFound(what=f"账号 {account}")
        return self.residents[account]

    def room_of(self, number: int, account: int) -> Room:
        """A group somebody is in. Raises NotFound otherwise."""
        room = self.rooms.get(number)
        if room is None or account not in room.members:
            raise NotFound(what=f"群 {number}", hint="这个人不在群里。")
        return room

    def name_of(self, account: int) -> str:
        resident = self.residents.get(account)
        return resident.name if resident else BOT_NAME


def load(tx: Tx, day: date) -> World:
    """Read the roster of a day."""
    residents = {resident.account: resident for resident in _residents(tx, day)}
    if STRANGER_ACCOUNT not in residents:
        residents[STRANGER_ACCOUNT] = _stranger(STRANGER_ACCOUNT, STRANGER_NAME)
    # Whoever left the roster still has the account, reads the farewell and may be bound again.
    for platform, account, name in roster.former_accounts(tx):
        if platform == PLATFORM:
            residents.setdefault(int(account), _stranger(int(account), name))
    groups = [group for group in roster.groups(tx, day) if group.platform == PLATFORM]
    rooms = {int(group.group_no): _room(group, residents) for group in groups}
    return World(residents, rooms)


def _stranger(account: int, name: str) -> Resident:
    return Resident(account, name, "", "", "", "stranger")


def _residents(tx: Tx, day: date) -> list[Resident]:
    units = {unit.id: unit for unit in roster.units(tx, day)}
    found = []
    for platform, account in roster.all_accounts(tx):
        person = roster.person_of_account(tx, platform, account, day) if platform == PLATFORM else None
        if person is None or not person.posts or person.unit_id not in units:
            continue
        unit = units[person.unit_id]
        side = "desk" if person.has(DESK) else "unit" if person.has(UNIT_SIDE) else "office"
        role = person.posts[0].role
        found.append(Resident(int(account), person.name, role.value, unit.label, unit.kind, side))
    return sorted(found, key=lambda resident: resident.account)


def _room(group: Group, residents: dict[int, Resident]) -> Room:
    members = tuple(account for account, resident in residents.items() if _belongs(group, resident))
    return Room(int(group.group_no), group.name, group.purpose, members)


def _belongs(group: Group, resident: Resident) -> bool:
    """The office sits in every group, its own group is its alone; leaders only listen to notices."""
    if resident.unit_kind == "办公室":
        return True
    if group.purpose == "通知":
        return resident.side != "stranger"
    if group.purpose == "办公":
        return False
    if group.name.startswith("县区"):
        return resident.unit_kind == "县区" and resident.role != Role.LEADER.value
    return resident.side == "stranger" or resident.role in {role.value for role in REPORTERS}
