"""Which line of a TOML text a key path stands on: `rule[3].points` → 41.

The standard reader of TOML keeps no positions. This is a walk over a text that reader has already taken, so it only has
to find its way past strings, comments and brackets, not to judge them. Positions in arrays count from 1, as the paths
of `domain.tables` do.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_QUOTES = ('"""', "'''", '"', "'")
_WHERE = re.compile(r"\(at line (\d+), column \d+\)")


def lines_of(text: str) -> Mapping[str, int]:
    """The line of every key, table and element of an array in a text that is TOML, as far down as the stack goes."""
    walk = _Walk(text.replace("\r\n", "\n"))
    with suppress(RecursionError):  # the reader's own stack may have been a few calls deeper
        walk.document()
    return walk.lines


def line_of(lines: Mapping[str, int], path: str) -> int:
    """The line of a path; of a key that is not written, the line of the table it is missing from (1 for the whole)."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)


def line_in(message: str) -> int | None:
    """The line the standard reader names in its own complaint, if it names one."""
    found = _WHERE.search(message)
    return int(found[1]) if found else None


class _Walk:
    """One pass over the text; `at` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        """How many tables an array has so far."""

    def document(self) -> None:
        base = ""
        self._blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                base = self._header()
            else:
                self._pair(base)
            self._blank()

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        assert found is not None, "it matches the empty text"
        self.at = found.end()

    def _note(self, path: str) -> str:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)
        return path

    def _header(self) -> str:
        """`[a.b]` or `[[a.b]]`; what comes before the last key is the newest row where it is an array."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        start, self.at = self.at, self.at + brackets
        keys = self._keys()
        end, self.at = self.text.index("]", self.at) + brackets, start
        base = ""
        for key in keys[:-1]:
            base = self._newest(_below(base, key))
            self._note(base)
        base = _below(base, keys[-1])
        if brackets == 2:
            self.rows[base] = self.rows.get(base, 0) + 1
            base = self._newest(base)
        self._note(base)
        self.at = end
        return base

    def _newest(self, path: str) -> str:
        return f"{path}[{self.rows[path]}]" if path in self.rows else path

    def _keys(self) -> list[str]:
        """A dotted key, up to the sign after it."""
        keys = []
        while True:
            self._blank()
            keys.append(self._key())
            self._blank()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _key(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._string()
            key: str = tomllib.loads(f"key = {self.text[start : self.at]}")["key"]
            return key
        bare = _BARE.match(self.text, start)
        assert bare is not None, "the text is TOML"
        self.at = bare.end()
        return bare[0]

    def _pair(self, base: str) -> None:
        start = self.at
        keys = self._keys()
        end, self.at = self.at + 1, start
        for key in keys:
            base = self._note(_below(base, key))
        self.at = end
        self._value(base)

    def _value(self, path: str) -> None:
        self._blank()
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            scalar = _SCALAR.match(self.text, self.at)
            self.at = scalar.end() if scalar else self.at + 1

    def _string(self) -> None:
        quote = next(sign for sign in _QUOTES if self.text.startswith(sign, self.at))
        at = self.at + len(quote)
        while not self.text.startswith(quote, at):
            at += 2 if quote[0] == '"' and self.text[at] == "\\" else 1
        at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], at):
            at += 1  # a multi-line string may end in one or two quotes of its own
        self.at = at

    def _array(self, path: str) -> None:
        self.at += 1
        count = 0
        while self._more("]"):
            count += 1
            self._value(self._note(f"{path}[{count}]"))

    def _inline(self, path: str) -> None:
        self.at += 1
        while self._more("}"):
            self._pair(path)

    def _more(self, end: str) -> bool:
        """Go to the next element; past the closing sign if there is none."""
        self._blank()
        if self.text[self.at] == ",":
            self.at += 1
            self._blank()
        if self.text[self.at] == end:
            self.at += 1
            return False
        return True


def _below(base: str, key: str) -> str:
    return f"{base}.{key}" if base else key
