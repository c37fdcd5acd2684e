"""The simulated town: an office, units with reporters, deputies and leaders, some of whom nobody can reach."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from storage import reminder as reminders
from storage.engine import Tx

CLERKS = ("周科长", "吴科员", "郑科员")
CHIEF = 1
OFFICE_UNIT = 1


@dataclass(frozen=True, slots=True)
class Town:
    """Ids: the units that report, and who answers for each."""

    units: tuple[int, ...]
    reporter_of: dict[int, int]


class _Register:
    def __init__(self, tx: Tx) -> None:
        self._tx, self._people = tx, 0

    def unit(self, unit_id: int, name: str, kind: str) -> None:
        self._tx.run(
            "INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, ?, ?, '2025-01-01')",
            unit_id, name, kind, unit_id,
        )  # fmt: skip

    def person(self, name: str, posts: list[tuple[int, str]], *, reachable: bool = True) -> int:
        self._people += 1
        id = self._people
        self._tx.run("INSERT INTO person (id, name, valid_from) VALUES (?, ?, '2025-01-01')", id, name)
        for unit_id, role in posts:
            self._tx.run(
                "INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (?, ?, ?, '2025-01-01')",
                id, unit_id, role,
            )  # fmt: skip
        if reachable:
            self._tx.run(
                "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
                " VALUES ('onebot', ?, ?, 0, 'import')",
                str(10_000 + id), id,
            )  # fmt: skip
        return id


def settle(tx: Tx, units: int, random: Random) -> Town:
    """Write the town into an empty database."""
    register = _Register(tx)
    register.unit(OFFICE_UNIT, "市政府办公室", "办公室")
    for place, name in enumerate(CLERKS):
        register.person(name, [(OFFICE_UNIT, "信息科" if place else "信息科长")])
    ids = tuple(range(OFFICE_UNIT + 1, OFFICE_UNIT + 1 + units))
    for unit_id in ids:
        register.unit(unit_id, f"第{unit_id}局", "部门")
    reporter_of: dict[int, int] = {}
    waiting = list(ids)
    while waiting:
        own = [waiting.pop(0)]
        if waiting and random.random() < 0.05:
            own.append(waiting.pop(0))
        reporter = register.person(
            f"信息员{own[0]}", [(unit, "信息员") for unit in own], reachable=random.random() < 0.95
        )
        reporter_of |= dict.fromkeys(own, reporter)
        _choose(tx, reporter, random)
        for unit in own:
            _others(register, unit, random)
    return Town(ids, reporter_of)


def _choose(tx: Tx, person_id: int, random: Random) -> None:
    """Some move their digest, some switch it off; most leave it as it is."""
    chance = random.random()
    if chance < 0.25:
        reminders.choose_digest(tx, person_id, reminders.OFF)
    elif chance < 0.4:
        reminders.choose_digest(tx, person_id, random.choice([9 * 60, 10 * 60 + 30, 15 * 60, 16 * 60 + 45]))


def _others(register: _Register, unit: int, random: Random) -> None:
    if random.random() < 0.6:
        register.person(f"B角{unit}", [(unit, "信息员B角")], reachable=random.random() < 0.9)
    if random.random() < 0.85:
        register.person(f"局长{unit}", [(unit, "分管领导")], reachable=random.random() < 0.9)
