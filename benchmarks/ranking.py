"""`/rank` and `/my-score` in the store, on a city and on a nation of ledger rows.

The rows are drawn from one seed: ten years of months, three classes, 24 codes, 2 of 100 rows take points
back.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import product
from benchmarks.corpus import SEED
from benchmarks.figures import percentile

RUNS = 200
_CHUNK = 100_000
_YEARS = range(2017, 2027)
_MONTHS = [year * 100 + month for year in _YEARS for month in range(1, 13)]
_CLASSES = ("县区", "部门", "其他")
_CODES = [(f"j{level}-{form}", 100 * (level + 1) + 50 * form) for level in range(6) for form in range(4)]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How big a database is: units in three equal classes, and ledger rows over ten years."""

    name: str
    units: int
    rows: int

    def unit_class(self, unit: int) -> str:
        """The class of unit 1..units."""
        return _CLASSES[unit % 3]


FULL = (Size("100 units, 300 k rows", 100, 300_000), Size("3,000 units, 10 M rows", 3_000, 10_000_000))
QUICK = (Size("100 units, 30 k rows", 100, 30_000), Size("3,000 units, 300 k rows", 3_000, 300_000))


@dataclass(frozen=True, slots=True)
class Reading:
    """How long one question took in one database, ms over `RUNS` runs; `rows` of the last answer."""

    size: str
    question: str
    rows: int
    p50: float
    p99: float


def entries(size: Size) -> Iterator[list[product.Entry]]:
    """The ledger of a size in chunks, month after month as time would write it."""
    draw = random.Random(SEED)
    units = range(1, size.units + 1)
    for first in range(0, size.rows, _CHUNK):
        count = min(_CHUNK, size.rows - first)
        codes = draw.choices(_CODES, k=count)
        signs = draw.choices((1, -1), weights=(98, 2), k=count)
        days = draw.choices(range(1, 29), k=count)
        drawn = zip(range(first, first + count), draw.choices(units, k=count), codes, signs, days, strict=True)
        yield [_entry(size, place, unit, code, sign, day) for place, unit, code, sign, day in drawn]


def _entry(size: Size, place: int, unit: int, code: tuple[str, int], sign: int, day: int) -> product.Entry:
    ym = _MONTHS[place * len(_MONTHS) // size.rows]
    return place + 1, unit, ym, f"{ym // 100}-{ym % 100:02d}-{day:02d}", code[0], code[1] * sign


def build(path: Path, size: Size, say: Say) -> None:
    """Create and fill the database of a size, telling how far it is."""
    start = time.monotonic()
    classes = [(unit, size.unit_class(unit)) for unit in range(1, size.units + 1)]
    connection = product.create(path, classes, _YEARS)
    try:
        with product.bulk(connection):
            _fill(connection, size, say)
        say(f"ranking: {size.name}: adding up the periods")
        product.total(connection)
    finally:
        connection.close()
    megabytes = path.stat().st_size / 1e6
    say(f"ranking: {size.name}: built in {time.monotonic() - start:.0f} s, {megabytes:,.0f} MB")


def _fill(connection: sqlite3.Connection, size: Size, say: Say) -> None:
    for number, chunk in enumerate(entries(size), 1):
        product.fill(connection, chunk)
        if number % 10 == 0:
            say(f"ranking: {size.name}: {number * _CHUNK:,} rows written")


def read(path: Path, size: Size) -> list[Reading]:
    """Time the questions, each with another period and unit every time."""
    draw = random.Random(SEED)
    periods = ["2026", "2026Q3", "2026-10", "2025-03", "2021Q1", "2019"]
    boards = product.Boards(path)

    def unit() -> int:
        return draw.randint(1, size.units)

    questions: dict[str, Callable[[], int]] = {
        "top 20": lambda: boards.top(draw.choice(periods), draw.choice(_CLASSES)),
        f"full class of {size.units // 3:,}": lambda: boards.whole(draw.choice(periods), draw.choice(_CLASSES)),
        "the same with ranks": lambda: boards.ranked(draw.choice(periods), draw.choice(_CLASSES)),
        "my rank": lambda: boards.my_rank(draw.choice(periods), unit()),
        "my score, detail of a month": lambda: boards.my_detail(draw.choice(_MONTHS), unit()),
    }
    try:
        timed = [_time(size, name, ask) for name, ask in questions.items()]
        return [*timed, _time(size, "the year counted anew, all units", lambda: boards.recount(2026), runs=3)]
    finally:
        boards.close()


def _time(size: Size, question: str, ask: Callable[[], int], runs: int = RUNS) -> Reading:
    waits: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        rows = ask()
        waits.append((time.perf_counter() - start) * 1000)
    return Reading(size.name, question, rows, percentile(waits, 0.5) or 0, percentile(waits, 0.99) or 0)


def measure(readings: list[Reading], quick: bool, say: Say) -> None:
    """Build each database in a temporary folder, time it, throw it away."""
    for size in QUICK if quick else FULL:
        with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
            path = Path(name) / "ranking.db"
            build(path, size, say)
            readings += read(path, size)
