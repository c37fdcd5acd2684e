"""Finding the person somebody means, and what a unit's roster looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.errors import BadInput, NotFound
from domain.roster import REPORTERS, Person, Role, Unit
from domain.words import nearest
from services.units import find_unit
from storage import binding, roster
from storage.engine import Tx

PLATFORMS: Mapping[str, str] = {"QQ": "onebot", "QQ官方": "qq", "企业微信": "wecom"}
"""What people call a platform, and the platform it is."""


def find_person(tx: Tx, name: str, unit_words: str, now: datetime) -> Person:
    """The one person of a name (in a unit). Raises NotFound with the nearest names, BadInput if several could be."""
    unit = find_unit(tx, unit_words, now.date()) if unit_words else None
    found = _named(tx, name, now)
    fitting = [p for p in found if unit is None or unit.id in p.unit_ids]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _several(tx, name, fitting, now)
    if found and unit is not None:
        hint = f"{name}在{'、'.join(unit_label(tx, person, now) for person in found)}。"
        raise NotFound(what=f"{unit.label}的{name}", hint=hint)
    raise _nobody(tx, name, now)


def find_successor(tx: Tx, name: str, unit: Unit, now: datetime) -> Person:
    """The person of a name who takes over in a unit: one who serves there already, or else the only one there is."""
    found = _named(tx, name, now)
    fitting = [person for person in found if unit.id in person.unit_ids] or found
    if len(fitting) == 1:
        return fitting[0]
    raise _several(tx, name, fitting, now) if fitting else _nobody(tx, name, now)


def _named(tx: Tx, name: str, now: datetime) -> list[Person]:
    people = (roster.person(tx, id, now.date()) for id in binding.ids_named(tx, name, now.date()))
    return [person for person in people if person is not None]


def _several(tx: Tx, name: str, people: list[Person], now: datetime) -> BadInput:
    where = "、".join(dict.fromkeys(unit_label(tx, person, now) for person in people))
    return BadInput(reason=f"有 {len(people)} 位{name}（{where}），请在姓名后面写上单位。")


def _nobody(tx: Tx, name: str, now: datetime) -> NotFound:
    guess = nearest(name, binding.names(tx, now.date()))
    hint = f"您是不是想写：{guess}？" if guess else "名册里还没有的人，要先导入名册。"
    return NotFound(what=f"“{name[:20]}”", hint=hint)


def reporting_unit(tx: Tx, person: Person, words: str, now: datetime) -> Unit:
    """The unit a person reports for; `words` says which one if there are several. Raises BadInput."""
    units = dict.fromkeys(post.unit_id for post in person.posts if post.role in REPORTERS)
    if words:
        unit = find_unit(tx, words, now.date())
        if unit.id in units:
            return unit
        raise BadInput(reason=f"{person.name}不是{unit.label}的信息员。")
    if len(units) == 1:
        return _unit(tx, next(iter(units)), now)
    if units:
        labels = "、".join(_unit(tx, id, now).label for id in units)
        raise BadInput(reason=f"{person.name}是几个单位的信息员（{labels}），请写明单位。")
    raise BadInput(reason=f"{person.name}不是信息员，没有可交接的工作。")


def unit_label(tx: Tx, person: Person, now: datetime) -> str:
    """What people call the unit a person reports for."""
    return _unit(tx, person.unit_id, now).label if person.unit_id is not None else "无单位"


def _unit(tx: Tx, unit_id: int, now: datetime) -> Unit:
    unit = roster.unit(tx, unit_id, now.year)
    assert unit is not None, "a post has a unit"
    return unit


def posts_shown(tx: Tx, person: Person, now: datetime) -> list[tuple[str, str, list[str]]]:
    """(unit, section, roles) of a person, as people call them; section '' if none is known."""
    held: dict[int, list[str]] = {}
    for post in person.posts:
        held.setdefault(post.unit_id, []).append(post.role.value)
    return [
        (_unit(tx, unit_id, now).label, roster.section_of(tx, person.id, unit_id, now.date()), roles)
        for unit_id, roles in held.items()
    ]


def accounts(tx: Tx, person: Person) -> list[tuple[str, str]]:
    """(platform, account) of a person."""
    return roster.accounts_of(tx, person.id)


@dataclass(frozen=True, slots=True)
class Member:
    """A line of a unit's roster: section and roles in this unit, and whether the bot can reach the person."""

    person: Person
    section: str
    roles: tuple[str, ...]
    bound: bool


def unit_members(tx: Tx, unit: Unit, now: datetime) -> list[Member]:
    """Who serves in a unit today."""
    found = (roster.person(tx, id, now.date()) for id in binding.members(tx, unit.id, now.date()))
    return [
        Member(
            person,
            roster.section_of(tx, person.id, unit.id, now.date()),
            tuple(dict.fromkeys(post.role.value for post in person.posts if post.unit_id == unit.id)),
            bool(accounts(tx, person)),
        )
        for person in found
        if person is not None
    ]


@dataclass(frozen=True, slots=True)
class Holes:
    """Where the net of reporters is torn: units without one, without a leader, and reporters nobody can reach."""

    units: int
    no_reporter: list[str]
    no_leader: list[str]
    unbound: list[str]


def holes(tx: Tx, now: datetime) -> Holes:
    """Look over every unit that reports (facts: domain §1.1, no. 1); the office itself does not."""
    units = [unit for unit in roster.units(tx, now.date()) if unit.kind != "办公室"]
    reporters = roster.people(tx, REPORTERS, now.date())
    reporting = {post.unit_id for person in reporters for post in person.posts if post.role in REPORTERS}
    leaders = roster.people(tx, frozenset({Role.LEADER}), now.date())
    led = {post.unit_id for person in leaders for post in person.posts if post.role is Role.LEADER}
    return Holes(
        len(units),
        [unit.label for unit in units if unit.id not in reporting],
        [unit.label for unit in units if unit.id not in led],
        [f"{p.name}（{unit_label(tx, p, now)}）" for p in reporters if not accounts(tx, p)],
    )


def platform_label(platform: str) -> str:
    """`QQ` for onebot, as people call it."""
    return next((label for label, name in PLATFORMS.items() if name == platform), platform)


def mask_phone(phone: str) -> str:
    """`138****0001`: enough to recognise a number, too little to call it."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone and "****"
