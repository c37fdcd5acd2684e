"""What a bulletin is made of: the office's wishes, and sentences of words and of figures that know what they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import Literal

from domain.bulletin_marks import MARKS, Mark

Zeros = Literal["name", "count", "none"]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the office decides about a bulletin; '' and () leave a part out.

    `number` as it is printed (云政办字〔2026〕105号), `head` the red heading (default: the signer's name and 文件),
    `title` with a line break where a line ends (default: made from signer and period), `signer` (default: the office),
    `day` of signing. `praise`: the best so many of each class; `zeros`: whether units that sent nothing are named, only
    counted, or not mentioned. `tasks`: the least items a unit of a class has to send in the period. Without `ranks`
    nobody is compared: no praise, no rank columns, units in the order of the roster. `items`: whether the list of items
    used is an annex. `copies` (抄送) and `printer` (印发机关, default: the signer) close the last page.
    """

    day: date
    number: str = ""
    addressees: str = ""
    head: str = ""
    title: str = ""
    signer: str = ""
    contact: str = ""
    demands: tuple[str, ...] = ()
    praise: int = 3
    zeros: Zeros = "name"
    tasks: Mapping[str, int] = field(default_factory=dict)
    ranks: bool = True
    items: bool = True
    marks: tuple[Mark, ...] = MARKS
    copies: str = ""
    printer: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the text: `value` (a count, a rate in hundredths of a percent) as it is `shown`.

    A sum has its `key` in the snapshot and the class it is taken over (`scope`, '' for all), to be found again in the
    tables; with `units` it is what each of these has. Any other one says in `how` what it was made of: `46－42`,
    `20÷46`, `3＋5`, or the names that were counted.
    """

    what: str
    value: int
    shown: str
    key: str = ""
    scope: str = ""
    how: str = ""
    units: tuple[str, ...] = ()


Sentence = tuple[str | Figure, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text with its heading; `key` is the slot of the template it can fill alone."""

    key: str
    heading: str
    paragraphs: tuple[Sentence, ...]


def say(template: str, **parts: str | Figure) -> Sentence:
    """A sentence from a template: words are joined to its text, figures stay figures."""
    said: list[str | Figure] = []
    for literal, name, _, _ in Formatter().parse(template):
        for part in (literal, parts[name] if name else ""):
            if isinstance(part, str) and said and isinstance(said[-1], str):
                said[-1] += part
            elif part:
                said.append(part)
    return tuple(said)


def text_of(sentence: Sentence) -> str:
    """A sentence as it is printed."""
    return "".join(part if isinstance(part, str) else part.shown for part in sentence)


def joined(clauses: Sequence[Sentence], mark: str = "") -> Sentence:
    """Clauses with a mark between them, as one sentence; empty ones leave no mark behind."""
    parts: list[str | Figure] = []
    for clause in filter(None, clauses):
        parts += [mark, *clause] if parts and mark else clause
    return tuple(parts)
