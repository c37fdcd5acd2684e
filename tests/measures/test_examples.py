"""What docs/measures.md says a rule is worth, the rule is worth; what it says a fault reads like, it reads like."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.awards import Contender, propose
from domain.measure import MeasureFault, parse_measure
from domain.measure.model import Measure
from domain.measure.read_spans import KINDS
from domain.ranking import Tally, format_points
from domain.scoring import Entry, Fact
from domain.scoring.quotas import judged
from domain.scoring.record import is_exempt
from domain.scoring.result import convert, rank
from tests.measures.examples import Example, blocks, examples, faults, framed, page
from tests.measures.notation import SOMEBODY, Reader, hundredths
from tests.measures.world import World

EXAMPLES = [(f"{at}: {each.heading}", each) for at, each in enumerate(examples(), 1)]
ROWS = [
    pytest.param(each, row, id=f"{name}: {row[0]}")
    for name, each in EXAMPLES
    if each.head[0] == "发生了什么"
    for row in each.rows
]
BOARDS = [pytest.param(each, id=name) for name, each in EXAMPLES if each.head[0] == "单位"]

YEAR = 2026
LAST = date(YEAR, 12, 31)
CLASSES = {"丙局": "部门", "丁厂": "直报点"}
PENDING = "待定"
NAMED = re.compile(r"(?:(?P<name>\D+) )?(?P<points>-?[\d.]+)")


def world_of(each: Example, reading: str = "") -> tuple[World, Reader]:
    measures = tuple(parse_measure(_read_as(framed(block), reading)) for block in each.blocks)
    reader = Reader(measures, YEAR)
    for name in (SOMEBODY, *CLASSES):
        reader.unit(name)
    return World(measures, reader.units, "县区", CLASSES), reader


def _read_as(text: str, reading: str) -> str:
    """The text with this reading chosen, if one is given, where several are on offer."""
    chosen = rf'\1 = "{reading}"'
    return re.sub(r'^("[^"]+") = "[^"]+" # .+ 或 .+$', chosen, text, flags=re.MULTILINE) if reading else text


def points_of(entries: list[Entry], unit: int) -> int:
    return sum(entry.points for entry in entries if entry.unit_id == unit)


@pytest.mark.parametrize(("each", "row"), ROWS)
def test_a_row_of_the_page_is_worth_what_it_says(each: Example, row: tuple[str, ...]) -> None:
    for column, expected in zip(each.head[1:], row[1:], strict=True):
        if column == "完成的任务":
            assert _done(each, row[0]) == expected
            continue
        world, reader = world_of(each, column.removeprefix("读作“").removesuffix("”") if "读作" in column else "")
        entries = world.entries(reader.facts(row[0]), YEAR)
        if expected == PENDING:
            assert any(entry.pending for entry in entries)
            continue
        assert not any(entry.pending for entry in entries)
        for part in expected.split("；"):
            said = NAMED.fullmatch(part)
            assert said is not None, part
            assert points_of(entries, reader.unit(said["name"] or SOMEBODY)) == hundredths(said["points"]), part


def _done(each: Example, happened: str) -> str:
    """The quotas met in the year: `丁厂 3月鼓励报送、…`."""
    world, reader = world_of(each)
    facts = reader.facts(happened)
    name = next(name for name, unit in reader.units.items() if unit in facts[0].units)
    found = judged(world.record(name, facts, YEAR), world.measures, LAST)
    done = "、".join(one.span.label + one.quota.id for _, one in found if one.met)
    return done if name == SOMEBODY else f"{name} {done}"


@pytest.mark.parametrize("each", BOARDS)
def test_a_board_of_the_page_is_what_comes_out(each: Example) -> None:
    world, reader = world_of(each)
    facts = [fact for name, happened, *_ in each.rows for fact in reader.facts(happened, name)]
    entries = world.entries(facts, YEAR)
    board = _Board(world.measures[0], world, facts, [row[0] for row in each.rows], entries)
    for name, _, *said in each.rows:
        for column, expected in zip(each.head[2:], said, strict=True):
            assert board.cell(name, column) == expected, (name, column)


class _Board:
    """The rows of one class as the page prints them."""

    def __init__(
        self, measure: Measure, world: World, facts: list[Fact], names: list[str], entries: list[Entry]
    ) -> None:
        self.measure, self.world = measure, world
        self.records = {name: world.record(name, facts, YEAR) for name in names}
        self.points = {name: points_of(entries, world.units[name]) for name in names}

    def cell(self, name: str, column: str) -> str:
        if column == "得分":
            return format_points(self.points[name])
        if column == "名次":
            return self._rank(name)
        if column == "折算":
            return self._converted(name)
        return self._award(name, column)

    def _tally(self, name: str) -> Tally:
        items = self.records[name].items
        used = [item for item in items if item.what == "adopted"]
        levels = {level: sum(level in item.levels for item in used) for level in ("city", "province", "state")}
        sent = len(items) - len(used)
        return Tally(self.world.units[name], self.points[name], sent, len(used), levels)

    def _rank(self, name: str) -> str:
        left_out = [self.world.units[one] for one in self.records if is_exempt(self.measure, (one,), LAST)]
        rows = rank(
            self.measure.result,
            [self._tally(one) for one in self.records],
            unit_class=self.world.usual,
            exempt=left_out,
            whole_year=True,
        )
        row = next(row for row in rows if row.unit_id == self.world.units[name])
        return " ".join(part for part in (str(row.rank or ""), row.note) if part)

    def _converted(self, name: str) -> str:
        assert self.measure.convert is not None
        best = max(self.points.values())
        found = convert(
            self.measure.convert, self.points[name], unit_class=self.world.class_named(name), class_best=best
        )
        return "" if found is None else format_points(found.points)

    def _award(self, name: str, award: str) -> str:
        contenders = [
            Contender(self._tally(one), self.world.class_named(one), record.events, record)
            for one, record in self.records.items()
        ]
        proposal = next(one for one in propose(self.world.measures, LAST, units=contenders) if one.award == award)
        row = next(row for row in proposal.candidates if row.id == self.world.units[name])
        return "提名" if row.outcome == "proposed" else "；".join(ground.words for ground in row.grounds)


@pytest.mark.parametrize(("block", "message"), list(faults()))
def test_a_fault_reads_as_the_page_says(block: str, message: str) -> None:
    with pytest.raises(MeasureFault) as caught:
        parse_measure(framed(block))
    line, _, words = str(caught.value).partition("，")
    assert re.fullmatch(r"第\d+行", line)
    assert words == message


def test_every_kind_of_rule_has_an_example_and_a_way_to_find_it() -> None:
    shown = set(re.findall(r'^kind = "(\w+)"$', "".join(body for _, each in EXAMPLES for body in each.blocks), re.M))
    chosen = page().partition("## 条文里这样写，用哪一种规则\n")[2].partition("\n## ")[0]
    assert shown == set(KINDS)
    assert not [kind for kind in KINDS if f"`{kind}`" not in chosen]


def test_the_first_example_of_the_page_is_a_whole_file() -> None:
    assert parse_measure(blocks()[0]).id == "shiyan-2026"
