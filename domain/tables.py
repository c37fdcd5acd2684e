"""Strict reading of TOML that people edit: a fault names the key, what was found and what is allowed.

A `Table` remembers which keys were asked for; `close()` refuses the others. So the list of allowed keys
is never written twice, and a misspelt key is not silently ignored. Positions in arrays count from 1, as
people do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

Word = TypeVar("Word", bound=str)


class TableFault(ValueError):
    """A value in a data file is not allowed. `path` is the key, such as `adoption[2].points`."""

    def __init__(self, path: str, found: object, allowed: str) -> None:
        self.path, self.found, self.allowed = path, found, allowed
        super().__init__(f"{path}：写的是 {_shown(found)}，应为{allowed}")


def _shown(found: object) -> str:
    return "（没有写）" if found is None else repr(str(found) if isinstance(found, Decimal | date) else found)


class Table:
    """One TOML table, read key by key; every getter raises the given fault with the key's path."""

    def __init__(self, values: Mapping[str, object], path: str, fault: type[TableFault]) -> None:
        self._values, self._path, self._fault = values, path, fault
        self._asked: list[str] = []

    @property
    def path(self) -> str:
        """Where this table is; empty for the whole text."""
        return self._path

    def path_of(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def refuse(self, key: str, found: object, allowed: str) -> TableFault:
        """The fault to raise for a key whose meaning, not its type, is wrong."""
        return self._fault(self.path_of(key), found, allowed)

    def _take(self, key: str) -> object:
        self._asked.append(key)
        return self._values.get(key)

    def close(self) -> None:
        """Refuse every key nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise self.refuse(key, key, f"下列之一：{'、'.join(dict.fromkeys(self._asked))}")

    def has(self, key: str) -> bool:
        self._asked.append(key)
        return key in self._values

    def has_rows(self, key: str) -> bool:
        """Whether the key is an array, such as `[[key]]` makes one."""
        return isinstance(self._values.get(key), list)

    def names(self) -> tuple[str, ...]:
        """The keys of a table whose keys are data themselves (class names, article numbers)."""
        return tuple(self._values)

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, value, "非空的文字")
        return value.strip()

    def choice(self, key: str, allowed: Iterable[Word]) -> Word:
        words, value = tuple(allowed), self._take(key)
        for word in words:
            if word == value:
                return word
        raise self.refuse(key, value, f"下列之一：{'、'.join(words)}")

    def flag(self, key: str, default: bool) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(key, value, " true 或 false")
        return value

    def whole(self, key: str, lowest: int = 0) -> int:
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            raise self.refuse(key, value, f"不小于 {lowest} 的整数")
        return value

    def wholes(self, key: str, lowest: int, highest: int) -> tuple[int, ...]:
        """A list of whole numbers; an absent key is the empty list."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(type(one) is int and lowest <= one <= highest for one in value):
            return tuple(value)
        raise self.refuse(key, value, f" {lowest} 至 {highest} 的整数的列表")

    def hundredths(self, key: str, lowest: int = 0, highest: int = 100_000) -> int:
        """A number in the range with at most two decimals, as exact hundredths: 7.5 gives 750."""
        value = self._take(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and lowest <= number <= highest and number * 100 == int(number * 100):
                return int(number * 100)
        raise self.refuse(key, value, f" {lowest} 至 {highest}、最多两位小数的数")

    def day(self, key: str) -> date:
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(key, value, "不加引号的日期，如 2026-01-01")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of different, non-empty words; an absent key is the empty list."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise self.refuse(key, value, '文字的列表，如 ["简讯", "单条"]')
        found = tuple(word.strip() for word in value)
        if len(set(found)) != len(found):
            raise self.refuse(key, value, "不重复的文字列表")
        return found

    def choices(self, key: str, allowed: Iterable[Word]) -> tuple[Word, ...]:
        """A list of different words out of those allowed; an absent key is the empty list."""
        known: dict[str, Word] = {word: word for word in allowed}
        found = self.words(key)
        for word in found:
            if word not in known:
                raise self.refuse(key, word, f"下列之一：{'、'.join(known)}")
        return tuple(known[word] for word in found)

    def table(self, key: str) -> Table:
        """A table below this one; an absent one is read as empty, so its own keys are what is missed."""
        value = self._take(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.refuse(key, value, f"一个表 [{self.path_of(key)}]")
        return Table(value, self.path_of(key), self._fault)

    def tables(self, key: str) -> Sequence[Table]:
        """An array of tables; an absent key is the empty array."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.refuse(key, value, f"若干个表 [[{self.path_of(key)}]]")
        return [Table(row, f"{self.path_of(key)}[{at}]", self._fault) for at, row in enumerate(value, 1)]


def read_toml(text: str, fault: type[TableFault]) -> Table:
    """The top table of a TOML text; decimals are kept exact."""
    try:
        return Table(tomllib.loads(text, parse_float=Decimal), "", fault)
    except ValueError as error:  # TOMLDecodeError is one; a number of too many digits is another
        raise fault("（全文）", str(error), "合乎 TOML 语法的文字") from error
    except RecursionError as error:
        raise fault("（全文）", "层层相套的括号", "套得不太深的文字") from error
