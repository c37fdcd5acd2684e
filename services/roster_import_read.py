"""The rows of the roster sheets as records, every word checked; what is wrong is noted with its cell."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.roster import GROUP_PURPOSES, ROLE_WORDS, UNIT_KINDS, Role
from domain.unit_names import in_order, spelled
from domain.words import nearest
from services.people import PLATFORMS
from services.roster_sheet import Fault, Record
from storage.roster_write import UnitRow

LIKE = 0.5
"""Half of the characters of a short word must agree before it is offered as a guess."""

_PLATFORM_WORDS = {word.casefold(): platform for word, platform in PLATFORMS.items()} | {
    "onebot": "onebot",
    "qq官方机器人": "qq",
    "企微": "wecom",
    "wecom": "wecom",
}
_ROLES = {word.upper(): role for word, role in ROLE_WORDS.items()}
_LIST = re.compile(r"[、,，;；/+\n]")
_MOBILE, _LANDLINE = re.compile(r"1\d{10}"), re.compile(r"(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
_QQ_NUMBER = re.compile(r"\d{4,12}")


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """A row of 单位. None in a field: the sheet has no such column, what is stored stays."""

    record: Record
    name: str
    kind: str
    class_name: str | None
    parent: str | None
    direct_point: str | None
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """A row of 人员; `unit` is the unit's full name, `phone` or `section` None if the sheet has no such column."""

    record: Record
    name: str
    unit: str
    roles: tuple[str, ...]
    phone: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """A row of 账号; `unit` '' if the row leaves it to the name."""

    record: Record
    name: str
    unit: str
    platform: str
    account: str


@dataclass(frozen=True, slots=True)
class WantedGroup:
    """A row of 工作群; `owner` is the cell of 负责人 in one spelling, `units` the full names of the units the group is
    for; None if the sheet has no such column."""

    record: Record
    platform: str
    group_no: str
    name: str
    purpose: str
    owner: str | None
    units: tuple[str, ...] | None


@dataclass(slots=True)
class UnitBook:
    """Every name a unit can be written by in the sheets, as it will be after the import."""

    full: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, unit: str) -> str:
        """Note a name; returns the other unit that has it already, or ''."""
        owner = self.full.setdefault(spelled(name), unit)
        return "" if owner == unit else owner

    def find(self, record: Record, column: str, faults: list[Fault]) -> str:
        """The full name of the unit a cell means; '' with a fault noted if there is none."""
        return self._find(record[column], record, column, faults)

    def find_all(self, record: Record, column: str, faults: list[Fault]) -> tuple[str, ...]:
        """The full names of the units a cell lists."""
        words = filter(None, (word.strip() for word in _LIST.split(record[column])))
        found = (self._find(word, record, column, faults) for word in words)
        return tuple(dict.fromkeys(filter(None, found)))

    def _find(self, word: str, record: Record, column: str, faults: list[Fault]) -> str:
        unit = self.full.get(spelled(word), "")
        if not unit:
            close = [full for name, full in self.full.items() if in_order(spelled(word), name)]
            guess = close[0] if len(set(close)) == 1 else nearest(spelled(word), self.full)
            hint = f"；您是想写“{self.full.get(guess, guess)}”吗？" if guess else "，请先写进“单位”表"
            faults.append(record.fault(column, f"没有单位“{word}”{hint}"))
        return unit


def read_units(records: Iterable[Record], faults: list[Fault]) -> list[WantedUnit]:
    """The rows of 单位."""
    wanted: list[WantedUnit] = []
    rows: dict[str, int] = {}
    for record in records:
        name, kind = _unblanked(record["名称"]), record["类型"]
        if not _filled(record, ("名称", "类型"), faults) or _repeated(record, "名称", spelled(name), rows, faults):
            continue
        if kind not in UNIT_KINDS:
            faults.append(record.fault("类型", _unknown("类型", kind, UNIT_KINDS)))
        names = tuple(dict.fromkeys(n.strip() for n in _LIST.split(record["简称"]) if n.strip() not in ("", name)))
        wanted.append(
            WantedUnit(
                record, name, kind, _optional(record, "类别"), _optional(record, "上级"), _optional(record, "直报点"),
                names if record.has("简称") else None,
            )
        )  # fmt: skip
    return wanted


def unit_book(wanted: list[WantedUnit], staying: Iterable[UnitRow], faults: list[Fault]) -> UnitBook:
    """All names after the import; a short name that two units share is a fault, since nobody could say which."""
    book = UnitBook()
    kept = {unit.name: unit for unit in staying}
    rows = {unit.name: unit.record for unit in wanted}
    for name in rows:
        book.add(name, name)
    for name in [name for name in kept if name not in rows]:
        for known in (name, *filter(None, kept[name].names)):
            other = book.add(known, name)
            if other in rows:
                faults.append(rows[other].fault("名称", f"“{known}”已经是“{name}”的名字"))
    for unit in wanted:
        before = kept[unit.name].names if unit.name in kept else ()
        for alias in filter(None, before if unit.names is None else unit.names):
            other = book.add(alias, unit.name)
            if other:
                faults.append(unit.record.fault("简称", f"简称“{alias}”已经是“{other}”的名字"))
    return book


def read_people(records: Iterable[Record], book: UnitBook, faults: list[Fault]) -> list[WantedPerson]:
    """The rows of 人员: one row per person and unit, several roles in one cell."""
    wanted: list[WantedPerson] = []
    rows: dict[str, int] = {}
    for record in records:
        complete = _filled(record, ("姓名", "单位", "角色"), faults)
        name, unit = person_name(record["姓名"]), book.find(record, "单位", faults) if record["单位"] else ""
        roles, phone = _roles(record, faults), _phone(record, faults)
        if complete and unit and not _repeated(record, "姓名", f"{unit} {name}", rows, faults) and roles:
            section = _unblanked(record["科室"]) if record.has("科室") else None
            wanted.append(WantedPerson(record, name, unit, roles, phone, section))
    return wanted


def read_accounts(records: Iterable[Record], book: UnitBook, faults: list[Fault]) -> list[WantedAccount]:
    """The rows of 账号."""
    wanted: list[WantedAccount] = []
    for record in records:
        complete = _filled(record, ("姓名", "平台", "账号"), faults)
        unit = book.find(record, "单位", faults) if record["单位"] else ""
        platform = _platform(record, faults)
        account = record["账号"].replace(" ", "")
        if account and platform == "onebot" and not _QQ_NUMBER.fullmatch(account):
            faults.append(record.fault("账号", f"“{account}”不是 QQ 号，应当全是数字"))
        elif complete and platform and (unit or not record["单位"]):
            wanted.append(WantedAccount(record, person_name(record["姓名"]), unit, platform, account))
    return wanted


def read_groups(records: Iterable[Record], book: UnitBook, faults: list[Fault]) -> list[WantedGroup]:
    """The rows of 工作群."""
    wanted: list[WantedGroup] = []
    rows: dict[str, int] = {}
    for record in records:
        complete = _filled(record, ("平台", "群号", "用途"), faults)
        platform, number = _platform(record, faults), record["群号"].replace(" ", "")
        if record["用途"] and record["用途"] not in GROUP_PURPOSES:
            faults.append(record.fault("用途", _unknown("用途", record["用途"], GROUP_PURPOSES)))
        if number and platform == "onebot" and not _QQ_NUMBER.fullmatch(number):
            faults.append(record.fault("群号", f"“{number}”不是 QQ 群号，应当全是数字"))
        elif complete and platform and not _repeated(record, "群号", f"{platform} {number}", rows, faults):
            owner = person_name(record["负责人"]) if record.has("负责人") else None
            units = book.find_all(record, "单位", faults) if record.has("单位") else None
            wanted.append(WantedGroup(record, platform, number, record["名称"], record["用途"], owner, units))
    return wanted


def person_name(text: str) -> str:
    """A name in one spelling: 张　三 is 张三; the blank inside a Latin name stays."""
    return _unblanked(unicodedata.normalize("NFKC", text))


def _unblanked(text: str) -> str:
    return re.sub(r"(?<![A-Za-z.])\s+|\s+(?![A-Za-z])", "", text)


def _optional(record: Record, column: str) -> str | None:
    return record[column] if record.has(column) else None


def _filled(record: Record, columns: tuple[str, ...], faults: list[Fault]) -> bool:
    empty = [column for column in columns if not record[column]]
    faults.extend(record.fault(column, f"“{column}”没有填") for column in empty)
    return not empty


def _repeated(record: Record, column: str, key: str, rows: dict[str, int], faults: list[Fault]) -> bool:
    first = rows.setdefault(key, record.row)
    if first != record.row:
        hint = "；一人在一个单位只写一行，几个角色写在一格里" if column == "姓名" else ""
        faults.append(record.fault(column, f"“{record[column]}”与第 {first} 行重复{hint}"))
    return first != record.row


def _roles(record: Record, faults: list[Fault]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for word in filter(None, ("".join(part.split()) for part in _LIST.split(record["角色"]))):
        role = _ROLES.get(word.upper())
        if role is None:
            faults.append(record.fault("角色", _unknown("角色", word, [known.value for known in Role])))
            return ()
        found[role.value] = None
    if record["角色"] and not found:
        faults.append(record.fault("角色", "“角色”没有填"))
    return tuple(found)


def _phone(record: Record, faults: list[Fault]) -> str | None:
    if not record.has("手机"):
        return None
    digits = re.sub(r"[\s()]", "", record["手机"])
    mobile = digits.replace("-", "").removeprefix("+86")
    if _MOBILE.fullmatch(mobile):
        return mobile
    if digits and not _LANDLINE.fullmatch(digits):
        faults.append(record.fault("手机", f"“{record['手机']}”不是电话号码"))
    return digits


def _platform(record: Record, faults: list[Fault]) -> str:
    word = "".join(record["平台"].split())
    platform = _PLATFORM_WORDS.get(word.casefold(), "")
    if word and not platform:
        faults.append(record.fault("平台", _unknown("平台", word, list(PLATFORMS))))
    return platform


def _unknown(what: str, word: str, allowed: Iterable[str]) -> str:
    allowed = list(allowed)

    def likeness(name: str) -> float:
        return difflib.SequenceMatcher(None, word, name).ratio()

    # Of equally near words the one that stands first, i.e. the most common, is the better guess.
    guess = max(allowed, key=likeness)
    hint = f"；您是想写“{guess}”吗？" if likeness(guess) >= LIKE else ""
    return f"{what}“{word}”不认识，可以是{'、'.join(allowed)}{hint}"
