"""Layouts of board tables as data: which columns a bulletin's table has, under which headings, in which habit.

Every city prints another table. A layout says it all: headings of up to three levels, the figure of each column, how
a nought is written, what the rows are ordered by, whether there is a line of sums, whether units with nothing at all
stand in the table or are named beside it, or that there is no table but one clause (`…、…各4条`).

A figure is a key of `domain.snapshot`, or several added up (`adopted.level.city + adopted.level.province`); `year:`
before a key takes the year up to the period's end, `before:` the year without the period (上月累计). Keys that begin
with `points` are points, the others counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

from domain.journal import LEVELS
from domain.snapshot import UnitRow
from domain.tables import Table, TableFault, read_toml

Kind = Literal["number", "rank", "unit", "short", "class", "note", "count", "points", "rate", "pair"]
Span = Literal["period", "year", "before"]
Zero = Literal["0", "blank", "dash"]
Each = Literal["", "journal", "level", "month", "category"]

DEEPEST = 3
"""Levels of a heading; more cannot be read on a page."""

TITLE_WORDS = frozenset({"office", "label", "class", "year", "months", "days"})
"""What a title or a heading may name in braces: `{label}` 2026年11月, `{months}` 1-3月, `{days}` 7月1日至10月9日."""

_WORDS: tuple[Kind, ...] = ("number", "rank", "unit", "short", "class", "note")
_FIGURES: tuple[Kind, ...] = ("count", "points", "rate", "pair")
_ROOTS = "submitted|adopted|points|instruction|upward|commissioned|commission"
_KEY = re.compile(rf"(?:(year|before):)?((?:{_ROOTS})(?:\.[^.:\s]+)*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One key of a figure and the span it is taken from."""

    key: str
    span: Span

    def of(self, row: UnitRow) -> int:
        """Its value for a unit: a count, or points in hundredths."""
        if self.span == "period":
            return row.period.get(self.key, 0)
        year = row.year.get(self.key, 0)
        return year if self.span == "year" else year - row.period.get(self.key, 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a unit: its terms added up."""

    terms: tuple[Term, ...]

    @property
    def is_points(self) -> bool:
        return self.terms[0].key.split(".")[0] == "points"

    def of(self, row: UnitRow) -> int:
        return sum(term.of(row) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `second` is what a rate is of, or what stands behind the stroke of a pair.

    With `each` it stands for several: one per journal of `names` (codes, or one level), per level that has journals,
    per month, per category of points.
    """

    heading: tuple[str, ...]
    kind: Kind
    figure: Figure | None = None
    second: Figure | None = None
    zero: Zero = "0"
    each: Each = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Units in one clause, descending, equal ones together: `甲县、乙县各4条，丙县1条`."""

    figure: Figure
    measure_word: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's habit. `order`: figures, the greatest first; none: the order of the board, or with `by_roster` that in
    which the units were entered, so that the order does not tell the rank. `sums`: the word before the line of sums,
    '' for no such line. `apart`: the heading of the list that takes the units without any figure, '' to leave them in
    the table."""

    title: str
    columns: tuple[Column, ...]
    order: tuple[Figure, ...] = ()
    by_roster: bool = False
    sums: str = ""
    apart: str = ""
    joined: Joined | None = None


class LayoutFault(TableFault):
    """The file of a layout is wrong at `path`."""


def parse_layout(text: str) -> Layout:
    """Read a layout from TOML. Raises LayoutFault with the key path, what was found and what is allowed."""
    top = read_toml(text, LayoutFault)
    zero = _zero(top, "0")
    layout = Layout(
        title=_filled(top, "title", top.text("title"), TITLE_WORDS),
        columns=tuple(_column(table, zero) for table in top.tables("column")),
        order=tuple(_figure(top, "order", word) for word in top.words("order")),
        by_roster=top.flag("by_roster", default=False),
        sums=top.text("sums") if top.has("sums") else "",
        apart=top.text("apart") if top.has("apart") else "",
        joined=_joined(top.table("joined")) if top.has("joined") else None,
    )
    top.close()
    if bool(layout.columns) == bool(layout.joined):
        raise top.refuse("column", None, "至少一个 [[column]]，或者只写一个 [joined]")
    return layout


def strangers(layout: Layout, codes: Collection[str]) -> tuple[str, ...]:
    """The journals a layout names that are none of `codes`: their columns would be empty for ever."""
    named = [code for column in layout.columns for code in column.names if code not in LEVELS]
    for figure in _figures(layout):
        parts = (term.key.split(".") for term in figure.terms)
        named += [part[2] for part in parts if part[1:2] == ["journal"] and len(part) > 2 and "{" not in part[2]]
    return tuple(code for code in dict.fromkeys(named) if code not in codes)


def _figures(layout: Layout) -> list[Figure]:
    columns = [figure for column in layout.columns for figure in (column.figure, column.second)]
    return [figure for figure in (*columns, *layout.order) if figure is not None]


def _joined(table: Table) -> Joined:
    joined = Joined(_figure(table, "figure", table.text("figure")), table.text("measure_word"))
    table.close()
    return joined


def _column(table: Table, zero: Zero) -> Column:
    each, names = _each(table)
    allowed = TITLE_WORDS | ({each} if each else set())
    heading = tuple(_filled(table, "heading", word, allowed) for word in table.words("heading"))
    if not 1 <= len(heading) <= DEEPEST:
        raise table.refuse("heading", list(heading), f'一至{DEEPEST}级表头，如 ["市级", "每日要情"]')
    zero = _zero(table, zero)
    figure = _figures_of(table, "figure", each)
    second = _figures_of(table, "second", each)
    kind = _kind(table, figure, second)
    table.close()
    return Column(heading, kind, figure, second, zero, each, names)


def _zero(table: Table, default: Zero) -> Zero:
    habits: tuple[Zero, ...] = ("0", "blank", "dash")
    return table.choice("zero", habits) if table.has("zero") else default


def _each(table: Table) -> tuple[Each, tuple[str, ...]]:
    """What a column is repeated for."""
    if table.has("journals_of"):
        return "journal", (table.choice("journals_of", LEVELS),)
    if table.has("journals"):
        return "journal", table.words("journals")
    for key, each in _REPEATED.items():
        if table.flag(key, default=False):
            return each, ()
    return "", ()


_REPEATED: Mapping[str, Each] = {"levels": "level", "months": "month", "categories": "category"}


def _kind(table: Table, figure: Figure | None, second: Figure | None) -> Kind:
    """What is said; a column with one figure need not say that it is a count or points."""
    if figure is None:
        if second is not None:
            raise table.refuse("figure", None, "写了 second 的列，也要写 figure")
        return table.choice("kind", _WORDS)
    plain: Kind = "points" if figure.is_points else "count"
    kind = table.choice("kind", _FIGURES) if table.has("kind") else plain
    if kind in ("rate", "pair") and second is None:
        raise table.refuse("second", None, "采用率的分母，或者“报/采”斜线后面的数")
    if kind not in ("rate", "pair") and (kind != plain or second is not None):
        raise table.refuse("kind", kind, "rate 或 pair（两个数）；一个数的列不用写 kind 和 second")
    return kind


def _figures_of(table: Table, key: str, each: Each) -> Figure | None:
    return _figure(table, key, table.text(key), each) if table.has(key) else None


def _figure(table: Table, key: str, text: str, each: Each = "") -> Figure:
    """One key, or several with a plus between them."""
    figure = Figure(tuple(_term(table, key, word.strip(), each) for word in text.split("+")))
    if len({Figure((term,)).is_points for term in figure.terms}) != 1:
        raise table.refuse(key, text, "都是条数，或者都是得分，不能相加")
    return figure


def _term(table: Table, key: str, word: str, each: Each) -> Term:
    _filled(table, key, word, {each} if each else set())
    match = _KEY.fullmatch(word)
    if match is None:
        raise table.refuse(key, word, f"下列之一开头的指标：{_ROOTS.replace('|', '、')}；前面可加 year: 或 before:")
    parts = match[2].split(".")
    if parts[1:2] == ["level"] and parts[2:3] and parts[2] not in (*LEVELS, "{level}"):
        raise table.refuse(key, word, f"级别为下列之一：{'、'.join(LEVELS)}")
    spans: Mapping[str, Span] = {"year": "year", "before": "before"}
    return Term(match[2], spans.get(match[1] or "", "period"))


def _filled(table: Table, key: str, text: str, allowed: Collection[str]) -> str:
    """`text`, if its braces are whole and name only what is allowed."""
    try:
        named = {name for _, name, form, how in Formatter().parse(text) if name is not None or form or how}
    except ValueError as error:
        raise table.refuse(key, text, "花括号成对的文字") from error
    if not named <= set(allowed):
        shown = "、".join(f"{{{word}}}" for word in sorted(allowed)) or "没有"
        raise table.refuse(key, text, f"花括号里只能写：{shown}")
    return text
