"""The published measures as files: each is read, says where it comes from, and gives what it was worked out to."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.measure import Measure, parse_measure
from domain.scoring.quotas import judged
from tests.measures.examples import page
from tests.measures.notation import SOMEBODY, Reader, hundredths
from tests.measures.world import World

FILES = sorted((Path(__file__).parents[2] / "measures").glob("*.toml"))
BY_ID = {path.stem: path.read_text("utf-8") for path in FILES}
CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"), parse_float=Decimal)["case"]

_READING = re.compile(r'^"(?P<word>[^"]+)" = "[^"]+"', re.MULTILINE)
_ARTICLE = re.compile(r"^article = (\d+)$", re.MULTILINE)


def read(identity: str, readings: dict[str, str] | None = None) -> Measure:
    """A published measure, with other readings chosen than the file chooses."""
    text = BY_ID[identity]
    for word, choice in (readings or {}).items():
        text, changed = re.subn(rf'^"{word}" = "[^"]+"', f'"{word}" = "{choice}"', text, count=1, flags=re.MULTILINE)
        assert changed, f"{identity} has no reading {word}"
    return parse_measure(text)


@pytest.mark.parametrize("identity", BY_ID)
def test_a_published_measure_is_read_and_is_called_as_its_file(identity: str) -> None:
    measure = read(identity)
    assert measure.id == identity
    assert measure.rules or measure.quotas or measure.vetoes


@pytest.mark.parametrize("identity", BY_ID)
def test_no_article_of_a_published_measure_is_there_for_nothing(identity: str) -> None:
    named = {int(number) for number in _ARTICLE.findall(BY_ID[identity])}
    assert named == set(read(identity).articles)


@pytest.mark.parametrize("identity", BY_ID)
def test_a_published_measure_says_where_it_was_seen_and_how_much_of_it(identity: str) -> None:
    head = BY_ID[identity].partition("\nid = ")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "原文未见" in head or "原文作" in head or "完整程度" in head


@pytest.mark.parametrize("identity", [name for name, text in BY_ID.items() if "[readings]" in text])
def test_every_reading_that_is_offered_can_be_chosen(identity: str) -> None:
    section = BY_ID[identity].partition("[readings]\n")[2].partition("\n\n")[0]
    for line in section.splitlines():
        word = _READING.match(line)
        assert word is not None, line
        for choice in line.partition("# ")[2].split(" 或 "):
            assert read(identity, {word["word"]: choice}).readings[word["word"]] == choice


@dataclass(frozen=True)
class Case:
    """What happened under a measure, and what it is worth."""

    row: dict[str, Any]

    @property
    def unit(self) -> str:
        return str(self.row.get("unit", SOMEBODY))

    @property
    def expected(self) -> dict[str, int]:
        points = {self.unit: self.row["points"], **self.row.get("also", {})}
        return {name: hundredths(str(number)) for name, number in points.items()}

    def world(self) -> tuple[World, Reader]:
        measure = read(self.row["measure"], self.row.get("readings"))
        reader = Reader((measure,), measure.effective_from.year)
        reader.unit(self.unit)
        usual = self.row.get("usual", measure.classes[0])
        return World((measure,), reader.units, usual, self.row.get("classes", {})), reader


def named(row: dict[str, Any]) -> str:
    return f"{row['measure']}: {row['name']}"


@pytest.mark.parametrize("row", [row for row in CASES if "points" in row], ids=named)
def test_what_happened_is_worth_what_the_measure_says(row: dict[str, Any]) -> None:
    case = Case(row)
    world, reader = case.world()
    facts = reader.facts(row["happened"], case.unit)
    entries = world.standing(facts) if row.get("standing") else world.entries(facts, reader.year)
    only = row.get("categories")
    got = {
        name: sum(
            entry.points
            for entry in entries
            if entry.unit_id == reader.unit(name) and (only is None or entry.category in only)
        )
        for name in case.expected
    }
    assert got == case.expected


@pytest.mark.parametrize("row", [row for row in CASES if "done" in row], ids=named)
def test_what_was_asked_is_done(row: dict[str, Any]) -> None:
    case = Case(row)
    world, reader = case.world()
    record = world.record(case.unit, reader.facts(row["happened"], case.unit), reader.year)
    found = judged(record, world.measures, date(reader.year, 12, 31))
    assert sorted(each.span.label + each.quota.id for _, each in found if each.met) == sorted(row["done"])


@pytest.mark.parametrize("row", [row for row in CASES if "asked" in row], ids=named)
def test_what_is_asked_of_a_unit(row: dict[str, Any]) -> None:
    case = Case(row)
    world, reader = case.world()
    record = world.record(case.unit, [], reader.year)
    asked = {quota.id: record.asked(quota) for quota in world.measures[0].quotas.values()}
    assert {name: number for name, number in asked.items() if number is not None} == {
        name: hundredths(str(number)) for name, number in row["asked"].items()
    }


def test_the_page_lists_every_published_measure() -> None:
    listed = re.findall(r"^\| \[([a-z0-9-]+)\.toml\]", page().partition("## 现成的办法\n")[2], re.MULTILINE)
    assert sorted(listed) == sorted(BY_ID)
