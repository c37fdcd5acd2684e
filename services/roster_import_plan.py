"""What an import would change: the sheets compared with the roster as it is. Pure; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from domain.unit_names import spelled
from services.people import mask_phone, platform_label
from services.roster_import_read import (
    UnitBook,
    WantedAccount,
    WantedGroup,
    WantedPerson,
    WantedUnit,
    read_accounts,
    read_groups,
    read_people,
    read_units,
    unit_book,
)
from services.roster_sheet import ACCOUNTS, GROUPS, PEOPLE, UNITS, Fault, Sheets
from storage.roster_write import (
    Close,
    GroupRow,
    PersonKey,
    PutAccount,
    PutGroup,
    PutPerson,
    PutUnit,
    Snapshot,
    Step,
    UnitRow,
)


class Verb(Enum):
    """What happens to a row."""

    ADD = "新增"
    ALTER = "修改"
    CLOSE = "停用"
    SAME = "不变"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one row; `row` is 0 for what the sheet no longer names."""

    verb: Verb
    sheet: str
    row: int
    label: str
    detail: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import would do, and everything that forbids it."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]

    @property
    def steps(self) -> list[Step]:
        return [step for change in self.changes for step in change.steps]


@dataclass(frozen=True, slots=True)
class _Who:
    """A person of the sheet: one who is in the roster already, or one to be added."""

    key: PersonKey
    id: int | None


@dataclass(slots=True)
class _Planning:
    sheets: Sheets
    current: Snapshot
    full: bool
    faults: list[Fault]
    changes: list[Change] = field(default_factory=list)

    def replaces(self, sheet: str) -> bool:
        """Whether the file says what the whole sheet shall be; a sheet it does not have stays as it is."""
        return self.full and sheet in self.sheets.records


def plan_import(sheets: Sheets, current: Snapshot, *, full: bool = False) -> Plan:
    """Compare the sheets with the roster. `full`: rows the sheets no longer name are ended; else they stay."""
    planning = _Planning(sheets, current, full, list(sheets.faults))
    units = read_units(sheets.of(UNITS), planning.faults)
    named = {unit.name for unit in units}
    staying = [u for u in current.units if u.name in named or not planning.replaces(UNITS)]
    book = unit_book(units, staying, planning.faults)
    _plan_units(planning, units, staying, book)
    people = read_people(sheets.of(PEOPLE), book, planning.faults)
    who = _identify(people, current)
    _plan_people(planning, people, who)
    leaving = _plan_leavers(planning, people, who, {unit.name for unit in staying})
    accounts = read_accounts(sheets.of(ACCOUNTS), book, planning.faults)
    _plan_accounts(planning, accounts, who, leaving)
    groups = read_groups(sheets.of(GROUPS), book, planning.faults)
    _plan_groups(planning, groups, _directory(current, who, leaving), book)
    return Plan(tuple(planning.changes), tuple(planning.faults))


def _plan_units(planning: _Planning, wanted: list[WantedUnit], staying: list[UnitRow], book: UnitBook) -> None:
    known = {unit.name: unit for unit in staying}
    parents = _parents(planning, wanted, known, book)
    last = max((unit.place for unit in staying), default=0)
    order = [unit.name for unit in wanted]
    keeps_order = not planning.replaces(UNITS) or order[: len(staying)] == [unit.name for unit in staying]
    for number, unit in enumerate(wanted, start=1):
        old = known.get(unit.name)
        if old is None:
            last += 1
        place = number if not keeps_order else old.place if old else last
        planning.changes.append(_unit_change(unit, old, parents[unit.name], place))
    if not keeps_order:
        planning.changes.append(Change(Verb.ALTER, UNITS, 0, "排列次序", "按表中的次序"))
    for gone in (unit for unit in planning.current.units if unit.name not in known):
        planning.changes.append(Change(Verb.CLOSE, UNITS, 0, gone.name, steps=(Close("unit", gone.id),)))


def _parents(
    planning: _Planning, wanted: list[WantedUnit], known: dict[str, UnitRow], book: UnitBook
) -> dict[str, str]:
    """Unit → parent, by full names. A unit above itself is a fault, also over several steps."""
    parents = {name: unit.parent for name, unit in known.items()}
    for unit in wanted:
        if unit.parent is not None:
            parents[unit.name] = book.find(unit.record, "上级", planning.faults) if unit.parent else ""
        parents.setdefault(unit.name, "")
    for unit in wanted:
        above, seen = parents[unit.name], {unit.name}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == unit.name:
            planning.faults.append(unit.record.fault("上级", f"“{unit.name}”不能是自己的上级"))
    return parents


def _unit_change(unit: WantedUnit, old: UnitRow | None, parent: str, place: int) -> Change:
    def kept(wanted: str | None, stored: str) -> str:
        return stored if wanted is None else wanted

    class_name = kept(unit.class_name, old.class_name if old else "")
    direct = kept(unit.direct_point, old.direct_point if old else "")
    names = unit.names if unit.names is not None else old.names if old else ()
    step = PutUnit(old.id if old else None, unit.name, unit.kind, class_name, parent, direct, place, names)
    if old is None:
        about = "，".join(filter(None, (unit.kind, class_name, names[0] if names else "")))
        return Change(Verb.ADD, UNITS, unit.record.row, unit.name, about, (step,))
    # The order of aliases behind the short name has no meaning and is not stored.
    said = _names_shown(names), _names_shown(old.names)
    detail = _differences(
        ("简称", said[1], said[0]), ("类型", old.kind, unit.kind), ("类别", old.class_name, class_name),
        ("上级", old.parent, parent), ("直报点", old.direct_point, direct),
    )  # fmt: skip
    if not detail:
        steps = (step,) if place != old.place else ()
        return Change(Verb.SAME, UNITS, unit.record.row, unit.name, steps=steps)
    return Change(Verb.ALTER, UNITS, unit.record.row, unit.name, detail, (step,))


def _names_shown(names: tuple[str, ...]) -> str:
    return "、".join([*names[:1], *sorted(names[1:])]).lstrip("、")


def _differences(*fields: tuple[str, str, str]) -> str:
    return "；".join(f"{what} {old or '空'} → {new or '空'}" for what, old, new in fields if old != new)


def _identify(people: list[WantedPerson], current: Snapshot) -> dict[PersonKey, _Who]:
    """Who each row is. A name in a unit is one person; the same name with the same phone elsewhere is that person too,
    so that somebody who moves or serves two units keeps account and history."""
    in_unit: dict[PersonKey, int] = {}
    by_phone: dict[tuple[str, str], _Who] = {}
    names = {person.id: person.name for person in current.people}
    for post in current.posts:
        if post.person_id in names:
            in_unit.setdefault((names[post.person_id], post.unit), post.person_id)
    for person in current.people:
        if person.phone:
            by_phone.setdefault((person.name, person.phone), _Who((person.name, ""), person.id))
    who: dict[PersonKey, _Who] = {}
    for row in people:
        key = (row.name, row.unit)
        if key in in_unit:
            who[key] = _Who((row.name, ""), in_unit[key])
            if row.phone:
                by_phone[row.name, row.phone] = who[key]
    for row in people:
        key = (row.name, row.unit)
        if key not in who:
            same = by_phone.setdefault((row.name, row.phone), _Who(key, None)) if row.phone else None
            who[key] = same or _Who(key, None)
    # Rows of one new person share the first row's key; of a known one, the id is enough.
    return {key: _Who((key[0], f"#{w.id}"), w.id) if w.id else w for key, w in who.items()}


def _plan_people(planning: _Planning, people: list[WantedPerson], who: dict[PersonKey, _Who]) -> None:
    phones = _phones(planning, people, who)
    stored = {person.id: person for person in planning.current.people}
    for row in people:
        person = who[row.name, row.unit]
        old = stored.get(person.id) if person.id else None
        posts = [post for post in planning.current.posts if (post.person_id, post.unit) == (person.id, row.unit)]
        has = {post.role: post.id for post in posts}
        sat = next((post.section for post in posts if post.section), "")
        section = sat if row.section is None else row.section
        phone = phones[person.key] if phones[person.key] is not None else old.phone if old else ""
        new_roles = tuple(role for role in row.roles if role not in has)
        closing = tuple(Close("post", id) for role, id in has.items() if role not in row.roles)
        put = PutPerson(person.key, person.id, row.name, phone or "", row.unit, section, new_roles)
        label = f"{row.name}（{row.unit}）"
        if not has:
            about = "，".join(filter(None, ("、".join(row.roles), section)))
            change = Change(Verb.ADD, PEOPLE, row.record.row, label, about, (put,))
        else:
            roles = ("角色", "、".join(sorted(has)), "、".join(sorted(row.roles)))
            told = mask_phone(old.phone) if old else "", mask_phone(phone or "")
            detail = _differences(roles, ("手机", *told), ("科室", sat, section)) or (
                "手机改号" if old and old.phone != phone else ""
            )
            verb = Verb.ALTER if detail else Verb.SAME
            change = Change(verb, PEOPLE, row.record.row, label, detail, (put, *closing) if detail else ())
        planning.changes.append(change)


def _phones(planning: _Planning, people: list[WantedPerson], who: dict[PersonKey, _Who]) -> dict[PersonKey, str | None]:
    """The phone each person shall have; None leaves it. Two rows of one person with two phones are a fault."""
    phones: dict[PersonKey, str | None] = {}
    for row in people:
        key = who[row.name, row.unit].key
        before = phones.get(key)
        if before and row.phone and before != row.phone:
            planning.faults.append(row.record.fault("手机", f"{row.name}在另一行里是另一个号码，请写成一样的"))
        phones[key] = before or row.phone
    return phones


def _plan_leavers(
    planning: _Planning, people: list[WantedPerson], who: dict[PersonKey, _Who], units: set[str]
) -> set[int]:
    """End the posts the file no longer names; returns the people who are left without any."""
    if planning.faults:
        return set()
    listed = {(who[row.name, row.unit].id, row.unit) for row in people}
    ended = [
        post
        for post in planning.current.posts
        if post.unit not in units or (planning.replaces(PEOPLE) and (post.person_id, post.unit) not in listed)
    ]
    gone = {post.id for post in ended}
    serving = {post.person_id for post in planning.current.posts if post.id not in gone} | {id for id, _ in listed}
    names = {person.id: person.name for person in planning.current.people}
    leaving = {post.person_id for post in ended} - serving
    for person_id, unit in dict.fromkeys((post.person_id, post.unit) for post in ended):
        steps: list[Step] = [
            Close("post", post.id) for post in ended if (post.person_id, post.unit) == (person_id, unit)
        ]
        if person_id in leaving:
            steps.append(Close("person", person_id))
        planning.changes.append(
            Change(Verb.CLOSE, PEOPLE, 0, f"{names.get(person_id, '')}（{unit}）", steps=tuple(dict.fromkeys(steps)))
        )
    return leaving


def _plan_accounts(
    planning: _Planning, accounts: list[WantedAccount], who: dict[PersonKey, _Who], leaving: set[int]
) -> None:
    current = planning.current
    listed = {(row.platform, row.account) for row in accounts}
    serving = {post.person_id for post in current.posts}
    ending = [] if planning.faults else [
        account for account in current.accounts
        if account.person_id in leaving
        or (planning.replaces(ACCOUNTS) and account.person_id in serving
            and (account.platform, account.account) not in listed)
    ]  # fmt: skip
    bound = {(a.platform, a.account): a.person_id for a in current.accounts if a not in ending}
    names = {person.id: person.name for person in current.people}
    first: dict[tuple[str, str], tuple[_Who, int]] = {}
    directory = _directory(current, who, leaving)
    for row in accounts:
        person = _holder(planning, row, directory)
        if person is None:
            continue
        number, label = (row.platform, row.account), f"{row.name} {platform_label(row.platform)} {row.account}"
        other, line = first.setdefault(number, (person, row.record.row))
        if line != row.record.row:
            text = "又写了一遍" if other == person else "写给了两个人"
            planning.faults.append(row.record.fault("账号", f"账号 {row.account} {text}（另见第 {line} 行）"))
        elif number not in bound:
            step = PutAccount(*number, person.id, person.key)
            planning.changes.append(Change(Verb.ADD, ACCOUNTS, row.record.row, label, steps=(step,)))
        elif bound[number] == person.id:
            planning.changes.append(Change(Verb.SAME, ACCOUNTS, row.record.row, label))
        elif not (planning.full and planning.faults):  # with faults, nobody knows yet who leaves
            owner = names.get(bound[number], "另一个人")
            text = f"账号 {row.account} 现在绑定的是{owner}；要换人，请先发“/解绑 {owner}”"
            planning.faults.append(row.record.fault("账号", text))
    for account in ending:
        name = names.get(account.person_id, "")
        label = f"{name} {platform_label(account.platform)} {account.account}"
        planning.changes.append(Change(Verb.CLOSE, ACCOUNTS, 0, label, steps=(Close("account", account.id),)))


def _directory(current: Snapshot, who: dict[PersonKey, _Who], leaving: set[int]) -> dict[PersonKey, _Who]:
    """(name, unit) → person, for everybody who is in the roster after the import."""
    names = {person.id: person.name for person in current.people}
    directory = {
        (names[post.person_id], post.unit): _Who((names[post.person_id], f"#{post.person_id}"), post.person_id)
        for post in current.posts
        if post.person_id in names and post.person_id not in leaving
    }
    return directory | who


def _holder(planning: _Planning, row: WantedAccount, directory: dict[PersonKey, _Who]) -> _Who | None:
    """Whose account a row means; a fault if that is nobody, or could be several."""
    if row.unit:
        found = {directory[row.name, row.unit]} if (row.name, row.unit) in directory else set()
    else:
        found = {person for (name, _), person in directory.items() if name == row.name}
    if len(found) == 1:
        return found.pop()
    if found:
        planning.faults.append(row.record.fault("单位", f"有 {len(found)} 位{row.name}，请写明单位"))
    else:
        where = f"“{row.unit}”" if row.unit else "名册"
        planning.faults.append(row.record.fault("姓名", f"{where}里没有{row.name}，请先写进“人员”表"))
    return None


def _owner(planning: _Planning, row: WantedGroup, directory: dict[PersonKey, _Who], book: UnitBook) -> _Who | None:
    """Who answers for a group: 张三, or 张三（云山县） where several have the name; None if nobody, or with a fault."""
    word = row.owner or ""
    found = {person for (name, _), person in directory.items() if name == word} or {
        person
        for (name, unit), person in directory.items()
        if word.startswith(name) and book.full.get(spelled(word.removeprefix(name))) == unit
    }
    if len(found) == 1:
        return found.pop()
    if found:
        text = f"有 {len(found)} 位{word}，请在姓名后面写上单位，如“{word}（单位）”"
        planning.faults.append(row.record.fault("负责人", text))
    elif word:
        planning.faults.append(row.record.fault("负责人", f"名册里没有{word}，请先写进“人员”表"))
    return None


def _group_detail(step: PutGroup, old: GroupRow | None, before: _Who | None, owner: _Who | None) -> str:
    said = before.key[0] if before else "", owner.key[0] if owner else ""
    units = "、".join(old.units) if old else "", "、".join(step.units or ())
    if old is None:
        return "，".join(filter(None, (step.purpose, said[1], units[1])))
    fields = ("名称", old.name, step.name), ("用途", old.purpose, step.purpose), ("负责人", *said), ("单位", *units)
    return _differences(*fields) or ("负责人换人" if owner != before else "")


def _plan_groups(
    planning: _Planning, groups: Iterable[WantedGroup], directory: dict[PersonKey, _Who], book: UnitBook
) -> None:
    serving = {person.id: person for person in directory.values() if person.id}
    known = {(group.platform, group.group_no): group for group in planning.current.groups}
    listed: set[tuple[str, str]] = set()
    for row in groups:
        number = (row.platform, row.group_no)
        listed.add(number)
        old = known.get(number)
        name = row.name if row.record.has("名称") or not old else old.name
        label = f"{name or '群'} {platform_label(row.platform)} {row.group_no}"
        # Who has left answers for no group any more; only the history still knows them.
        before = serving.get(old.owner_id) if old and old.owner_id else None
        owner = before if row.owner is None else _owner(planning, row, directory, book)
        # The order of units in the cell has no meaning.
        kept = old is not None and (row.units is None or set(row.units) == set(old.units))
        units = old.units if old and kept else row.units or ()
        step = PutGroup(
            old.id if old else None, *number, name, row.purpose,
            owner.id if owner else None, owner.key if owner else None, units,
        )  # fmt: skip
        detail = _group_detail(step, old, before, owner)
        verb = Verb.ADD if old is None else Verb.ALTER if detail else Verb.SAME
        planning.changes.append(
            Change(verb, GROUPS, row.record.row, label, detail, () if verb is Verb.SAME else (step,))
        )
    if planning.replaces(GROUPS) and not planning.faults:
        for number in known.keys() - listed:
            group = known[number]
            label = f"{group.name} {platform_label(group.platform)} {group.group_no}"
            planning.changes.append(Change(Verb.CLOSE, GROUPS, 0, label, steps=(Close("chat_group", group.id),)))
