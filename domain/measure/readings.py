"""Words of a measure that can be read in two ways: every reading is written down, and one is chosen.

A rule or table with `reading = "再加=另加"` belongs to one reading of one word; `[readings]` says which is chosen. What
belongs to another reading is read as strictly as the rest and then left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from domain.measure.fault import MeasureFault
from domain.tables import Table

Read = TypeVar("Read")


class Readings:
    """The readings chosen, and while the file is read those that are on offer and where what was chosen stands."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.chosen = chosen
        self.places: dict[str, tuple[str, ...]] = {}
        """Key → the paths of its tables that are in force, in order."""
        self._offered: dict[str, list[str]] = {}

    def all_of(self, top: Table, key: str, read: Callable[[Table], Read]) -> tuple[Read, ...]:
        """What is in force of the tables `[[key]]`."""
        return self._in_force(key, top.tables(key), read)

    def one_of(self, top: Table, key: str, read: Callable[[Table], Read], default: Read) -> Read:
        """The table `[key]`, or the one in force of several `[[key]]`; the default if there is none."""
        if not top.has(key):
            return default
        tables = top.tables(key) if top.has_rows(key) else (top.table(key),)
        found = self._in_force(key, tables, read)
        if len(found) > 1:
            second = self.places[key][1]
            raise MeasureFault(second, key, f"只有一个 [{key}]", "删去一个，或者给每个写上不同的 reading")
        return found[0] if found else default

    def _in_force(self, key: str, tables: Sequence[Table], read: Callable[[Table], Read]) -> tuple[Read, ...]:
        found, paths = [], []
        for table in tables:
            is_chosen = self._is_chosen(table)
            value = read(table)
            table.close()
            if is_chosen:
                found.append(value)
                paths.append(table.path)
        self.places[key] = tuple(paths)
        return tuple(found)

    def _is_chosen(self, table: Table) -> bool:
        if not table.has("reading"):
            return True
        word, _, reading = (part.strip() for part in table.text("reading").partition("="))
        if word not in self.chosen or not reading:
            there = "、".join(f"{one}=…" for one in self.chosen) or "（没有 [readings]）"
            mend = f'在 [readings] 里写 "{word}" = "{reading}"' if reading else 'reading = "词=读法"'
            raise MeasureFault(table.path_of("reading"), f"{word}={reading}", f"[readings] 里选过的词：{there}", mend)
        self._offered.setdefault(word, []).append(reading)
        return self.chosen[word] == reading

    def check(self) -> None:
        """Raises MeasureFault for a reading that nothing in the file belongs to."""
        for word, chosen in self.chosen.items():
            offered = self._offered.get(word, [])
            if chosen not in offered:
                there = "、".join(dict.fromkeys(offered)) or "（没有一处写 reading）"
                raise MeasureFault(f"readings.{word}", chosen, f"规则里写明的读法之一：{there}")
