"""Whom a commission reaches, read for all its units at once: groups that serve them, reporters and their accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.roster import Role
from storage.engine import Tx

_VALID = "{0}.valid_from <= ? AND ({0}.valid_to = '' OR {0}.valid_to >= ?)"

SPOKEN_TO = ("报送", "通知")
"""The purposes of groups that are told of commissions."""


@dataclass(frozen=True, slots=True)
class ServingGroup:
    """A group and the units it is for; none named means all of them."""

    platform: str
    group_no: str
    name: str
    unit_ids: frozenset[int]

    @property
    def target(self) -> str:
        return f"g:{self.group_no}"


@dataclass(frozen=True, slots=True)
class UnitReporter:
    """A reporter of a unit; `accounts` as they were bound, (platform, account)."""

    unit_id: int
    person_id: int
    name: str
    accounts: tuple[tuple[str, str], ...]


def groups(tx: Tx, day: date) -> list[ServingGroup]:
    """The groups of a day that are told of commissions, with the units they are for."""
    iso = day.isoformat()
    marks = ", ".join("?" * len(SPOKEN_TO))
    rows = tx.all(
        "SELECT g.platform, g.group_no, g.name, u.unit_id FROM chat_group g LEFT JOIN group_unit u ON u.group_id = g.id"
        f" WHERE g.purpose IN ({marks}) AND {_VALID.format('g')} ORDER BY g.id, u.unit_id",
        *SPOKEN_TO, iso, iso,
    )  # fmt: skip
    found: dict[tuple[str, str, str], set[int]] = {}
    for platform, group_no, name, unit_id in rows:
        found.setdefault((platform, group_no, name), set()).update([unit_id] if unit_id is not None else [])
    return [ServingGroup(*key, frozenset(units)) for key, units in found.items()]


def reporters(tx: Tx, commission_id: int, day: date) -> dict[int, list[UnitReporter]]:
    """The reporters of every unit of a commission on a day, A before B."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT DISTINCT o.unit_id, o.role, o.id, p.id, p.name FROM post o JOIN person p ON p.id = o.person_id"
        " WHERE o.role IN (?, ?) AND o.unit_id IN (SELECT unit_id FROM assignment WHERE commission_id = ?)"
        f" AND {_VALID.format('o')} AND {_VALID.format('p')}",
        Role.REPORTER.value, Role.DEPUTY_REPORTER.value, commission_id, iso, iso, iso, iso,
    )  # fmt: skip
    accounts = _accounts(tx)
    found: dict[int, dict[int, UnitReporter]] = {}
    for unit_id, _, _, person_id, name in sorted(rows, key=lambda row: (row[1] != Role.REPORTER.value, row[2])):
        reporter = UnitReporter(unit_id, person_id, name, tuple(accounts.get(person_id, ())))
        found.setdefault(unit_id, {}).setdefault(person_id, reporter)
    return {unit_id: list(people.values()) for unit_id, people in found.items()}


def _accounts(tx: Tx) -> dict[int, list[tuple[str, str]]]:
    """Every open account by person, as bound: one question for all is quicker than one for each."""
    found: dict[int, list[tuple[str, str]]] = {}
    for person_id, platform, account in tx.all(
        "SELECT person_id, platform, account FROM account WHERE valid_to_ms = 0 ORDER BY id"
    ):
        found.setdefault(person_id, []).append((platform, account))
    return found
