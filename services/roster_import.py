"""Taking the office's roster in from its tables, and giving it back in the same shape.

A trial first: what would change, row by row, and every fault with its cell. Then one transaction, all or nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from domain.errors import BadInput
from domain.moment import to_ms
from services.classes import follow_class
from services.office import Office
from services.people import platform_label
from services.roster_import_plan import Plan, Verb, plan_import
from services.roster_sheet import ACCOUNTS, COLUMNS, GROUPS, PEOPLE, UNITS, Sheets, Table
from storage import audit, roster_write
from storage.engine import Tx
from storage.roster_write import PutUnit, Snapshot

SHOWN_FAULTS = 200


def try_import(tx: Tx, sheets: Sheets, now: datetime, *, full: bool = False) -> Plan:
    """What an import would do today; writes nothing."""
    return plan_import(sheets, roster_write.snapshot(tx, now.year), full=full)


def apply_import(tx: Tx, office: Office, sheets: Sheets, now: datetime, *, full: bool = False, actor: str) -> Plan:
    """Import the sheets. Raises BadInput with every fault if there is one; then nothing is changed."""
    before = roster_write.snapshot(tx, now.year)
    plan = plan_import(sheets, before, full=full)
    if plan.faults:
        raise BadInput(reason=show_faults(plan))
    roster_write.apply(tx, plan.steps, now)
    _follow_classes(tx, office, before, plan, now)
    audit.write(tx, to_ms(now), actor, "roster.import", "roster", _counts(plan))
    tx.touch("roster")
    return plan


def _follow_classes(tx: Tx, office: Office, before: Snapshot, plan: Plan, now: datetime) -> None:
    classes = {unit.id: unit.class_name for unit in before.units}
    for step in plan.steps:
        if isinstance(step, PutUnit) and step.id is not None and classes[step.id] != step.class_name:
            follow_class(tx, office, step.id, step.class_name, now)


def show_plan(plan: Plan) -> str:
    """The trial's outcome for people: counts for each sheet, every change, every fault."""
    parts = [show_faults(plan)] if plan.faults else []
    for sheet in COLUMNS:
        changes = [change for change in plan.changes if change.sheet == sheet]
        if not changes:
            continue
        counts = Counter(change.verb for change in changes if change.row or change.verb is Verb.CLOSE)
        lines = [f"{sheet}：" + "，".join(f"{verb.value} {counts[verb]}" for verb in Verb)]
        for change in changes:
            if change.verb is not Verb.SAME:
                place = f"第 {change.row} 行 " if change.row else ""
                detail = f"：{change.detail}" if change.detail else ""
                lines.append(f"  {place}{change.verb.value} {change.label}{detail}")
        parts.append("\n".join(lines))
    return "\n".join(parts) or "表里没有数据。"


def show_faults(plan: Plan) -> str:
    """Every fault on a line of its own, the first ones if they are legion."""
    lines = [str(fault) for fault in plan.faults[:SHOWN_FAULTS]]
    if len(plan.faults) > SHOWN_FAULTS:
        lines.append(f"……共 {len(plan.faults)} 处")
    return "\n".join([f"有 {len(plan.faults)} 处要改，改好之前不会写入：", *lines])


def _counts(plan: Plan) -> str:
    counts = Counter((change.sheet, change.verb) for change in plan.changes)
    return "，".join(
        f"{sheet}{verb.value} {counts[sheet, verb]}"
        for sheet in COLUMNS
        for verb in (Verb.ADD, Verb.ALTER, Verb.CLOSE)
        if counts[sheet, verb]
    )


def roster_tables(current: Snapshot) -> list[Table]:
    """The roster in the shape it is imported in; importing it changes nothing."""
    units = [
        (u.name, "、".join(n for n in u.names if n), u.kind, u.class_name, u.parent, u.direct_point)
        for u in current.units
    ]
    roles: dict[tuple[int, str], list[str]] = {}
    sections: dict[tuple[int, str], str] = {}
    for post in current.posts:
        roles.setdefault((post.person_id, post.unit), []).append(post.role)
        sections[post.person_id, post.unit] = sections.get((post.person_id, post.unit)) or post.section
    known = {person.id: person for person in current.people}
    people = [
        (known[id].name, unit, "、".join(dict.fromkeys(held)), known[id].phone, sections[id, unit])
        for (id, unit), held in roles.items()
        if id in known
    ]
    units_of: dict[int, str] = {}
    for id, unit in roles:
        units_of.setdefault(id, unit)
    accounts = [
        (known[a.person_id].name, units_of[a.person_id], platform_label(a.platform), a.account)
        for a in current.accounts
        if a.person_id in known and a.person_id in units_of
    ]
    owners = _owner_cells({id: (known[id].name, unit) for id, unit in units_of.items() if id in known})
    groups = [
        (platform_label(g.platform), g.group_no, g.name, g.purpose, owners.get(g.owner_id or 0, ""), "、".join(g.units))
        for g in current.groups
    ]
    return [
        Table(UNITS, COLUMNS[UNITS], units),
        Table(PEOPLE, COLUMNS[PEOPLE], people),
        Table(ACCOUNTS, COLUMNS[ACCOUNTS], accounts),
        Table(GROUPS, COLUMNS[GROUPS], groups),
    ]


def _owner_cells(people: dict[int, tuple[str, str]]) -> dict[int, str]:
    """How a cell of 负责人 names each person: by the name, with the unit where several have it."""
    names = Counter(name for name, _ in people.values())
    return {id: name if names[name] == 1 else f"{name}（{unit}）" for id, (name, unit) in people.items()}
