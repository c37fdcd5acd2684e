"""The screen at the door: marks of secrecy and identity numbers, found before anything is written.

What it finds is named by its rule and never quoted. A screen lowers the risk; it does not make a chat lawful
for such material. The rules are data (`domain/data/secrecy.toml`), only identity numbers are code: they are
built as GB 11643-1999 says (six digits of region, day of birth, three digits, check by ISO 7064 MOD 11-2).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.errors import BadInput
from domain.words import INVISIBLE

_BUILTIN = Path(__file__).parent / "data" / "secrecy.toml"
_KEYS = {"id", "name", "words", "patterns", "stops", "passes"}

_INSIDE = re.compile(f"[{INVISIBLE}]")
_BLANK = r" \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_BLANKS = re.compile(f"[{_BLANK}]+")
_GAP = f"[{_BLANK}{INVISIBLE}]{{0,8}}"
# Full-width forms, and radical signs (U+2F00 on), which text from a PDF often has for 文 and its like.
_TWINS = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in (*range(0x2F00, 0x2FD6), *range(0xFF01, 0xFF5F))
}

IDENTITY_RULE = "identity-number"
_IDENTITY_NAME = "居民身份证号码"
_BETWEEN = rf"\-\u2010-\u2015\uff0d{_BLANK}{INVISIBLE}"
_ID_GAP = f"[{_BETWEEN}]{{0,2}}"
_DIGIT = "[0-9０-９]"
# Cheap to search for, and true of the beginning of every number _IDENTITY finds.
_LIKE_IDENTITY = re.compile(f"[1-8１-８][0-9０-９{_BETWEEN}]{{16}}")
# A candidate is looked ahead at, so that one that fails does not hide another beginning inside it.
_IDENTITY = re.compile(
    rf"[1-8１-８](?<!{_DIGIT}{_DIGIT})(?={_ID_GAP}("
    + _ID_GAP.join((*[_DIGIT] * 5, "[12１２]", "[09０９]", *[_DIGIT] * 2, "[01０１]", _DIGIT, "[0-3０-３]"))
    + _ID_GAP
    + _ID_GAP.join((*[_DIGIT] * 4, "[0-9０-９XxＸｘ]"))
    + rf")(?!{_DIGIT}))"
)
_NOT_OF_IDENTITY = re.compile(r"[^0-9X]")
# Codes of the provinces, of Taiwan, Hong Kong and Macau, and of residents from there (81-83).
_MAINLAND = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
_REGIONS = frozenset(map(str, (*_MAINLAND, 71, 81, 82, 83)))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class SecrecyHit:
    """The rule that stopped a message, by its key and its Chinese name; nothing of the message."""

    rule: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file: a hit when `pattern` is found; `words` tell whether to look for it."""

    id: str
    name: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


class Screen:
    """All rules, compiled once; `check` is cheap for clean text, because only a suspect one is normalised."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        words = [word for rule in self._rules for word in rule.words]
        self._keys = tuple({_key(word) for word in words})
        self._suspect = _any_of(words, _GAP)
        self._gapped = _any_of(words, " ?")

    def check(self, text: str) -> SecrecyHit | None:
        """The first rule that stops `text`, or None. Never raises, whatever the text."""
        if self._may_hold_a_word(text) and self._suspect.search(text):
            view = self._view(text)
            for rule in self._rules:
                if rule.pattern.search(view):
                    return SecrecyHit(rule.id, rule.name)
        if has_identity_number(text):
            return SecrecyHit(IDENTITY_RULE, _IDENTITY_NAME)
        return None

    def _may_hold_a_word(self, text: str) -> bool:
        """Most text lacks a character of every word; finding that out costs a fifth of a search."""
        for key in self._keys:  # plain loops: all() with a generator takes three times as long
            for char in key:
                if char not in text:
                    break
            else:
                return True
        return False

    def _view(self, text: str) -> str:
        """`text` as patterns read it: NFKC, nothing invisible, single blanks, and none inside a word."""
        plain = unicodedata.normalize("NFKC", _INSIDE.sub("", text))
        lines = "\n".join(line.strip() for line in _BLANKS.sub(" ", plain).splitlines())
        return self._gapped.sub(lambda match: match[0].replace(" ", ""), lines)


def load_screen(path: Path | None = None) -> Screen:
    """The screen of the rules that come with the program, or of an office's own file instead of them.

    Raises BadInput that says what is wrong with the file, and OSError if it cannot be read.
    """
    text = (path or _BUILTIN).read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"不是有效的 TOML（{error}）") from error
    rules = table.get("rules")
    if set(table) != {"rules"} or not isinstance(rules, list):
        raise _wrong("应只含 [[rules]]")
    return Screen([_rule(rule) for rule in rules])


def has_identity_number(text: str) -> bool:
    """Whether a valid 18-digit identity number stands in `text`, also in groups or in full-width digits."""
    return _LIKE_IDENTITY.search(text) is not None and any(
        _is_plausible(number) and _has_right_check(number)
        for number in (_number(match) for match in _IDENTITY.finditer(text))
    )


def _number(match: re.Match[str]) -> str:
    """The 18 characters of a candidate, without what stands between them."""
    spelled = unicodedata.normalize("NFKC", match[0] + match[1]).upper()
    return _NOT_OF_IDENTITY.sub("", spelled)


def _is_plausible(number: str) -> bool:
    if number[:2] not in _REGIONS or number[6:8] not in ("19", "20"):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def _has_right_check(number: str) -> bool:
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[weighed % 11] == number[-1]


def _key(word: str) -> str:
    """The characters of `word` that have one spelling only."""
    return "".join(char for char in word if char not in _TWINS)


def _any_of(words: Iterable[str], gap: str) -> re.Pattern[str]:
    """Any of `words`, with `gap` between their characters."""
    spelled = (gap.join(_either(char) for char in word) for word in dict.fromkeys(words))
    return re.compile("|".join(spelled) or r"(?!)")


def _either(char: str) -> str:
    return f"[{re.escape(char)}{_TWINS[char]}]" if char in _TWINS else re.escape(char)


def _rule(table: object) -> Rule:
    if not isinstance(table, dict):
        raise _wrong("应写成 [[rules]]")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise _wrong(f"不认识的键 {unknown[0]}，可用：{'、'.join(sorted(_KEYS))}")
    rule_id, name = _text(table, "id"), _text(table, "name")
    words = _texts(table, "words")
    try:
        patterns = _texts(table, "patterns") if "patterns" in table else map(re.escape, words)
        pattern = re.compile("|".join(patterns), re.MULTILINE)
    except re.error as error:
        raise _wrong(f"规则 {rule_id} 的 patterns 不是有效的正则表达式（{error}）") from error
    return Rule(rule_id, name, words, pattern)


def _texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = table.get(key)
    listed = values if isinstance(values, list) else []
    texts = [value for value in listed if isinstance(value, str) and value]
    if not texts or texts != values:
        raise _wrong(f"规则 {table['id']} 的 {key} 应为文字列表，不能为空")
    return tuple(texts)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"每条规则都要有 {key}")
    return value


def _wrong(what: str) -> BadInput:
    return BadInput(reason=f"保密规则文件有误：{what}。")
