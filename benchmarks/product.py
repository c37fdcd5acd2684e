"""Everything the benchmarks know about the product, commissions aside (`product_commissions`); nothing else imports it.

The road needs `prepare`: a configuration and a database on which `python -m bot run --config FILE` serves
the reverse WebSocket at /onebot/v11/ws of the given port, with
  - the 50 groups of `corpus` registered as work groups and their 20 members each as reporters of some unit,
    with their QQ accounts bound, so that each member may submit in its own group;
  - no limit of pace on sending (the endpoint here answers at once; pacing would be measured instead of the
    bot);
  - one receipt per submission, quoting it, and no answer to chatter;
  - BAOSONG_BENCH_COMMIT_DELAY_MS honoured: that many milliseconds after each commit.
The writer needs `submitter`: a store on a new SQLite file, commands by `store.run(command, ...)`. The
ranking needs `create`, `fill`, `total` and `Boards`: the schema, its rows in bulk, and the four questions.
Whatever is not there yet raises `ProductMissing`, and the report says so in place of figures.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from pathlib import Path

from benchmarks import sealing
from benchmarks.corpus import GROUPS, MEMBERS, group_id, user_id
from benchmarks.processes import DELAY_VARIABLE, Launch, module
from bot.office import SAMPLES
from domain.measure import Measure, parse_measure
from domain.ranking import Tally, rank_class
from storage import entry_line, ledger, recount
from storage.engine import Tx
from storage.migrate import migrate
from storage.sqlite import SQLiteStore, SQLiteTx

TOKEN = "bench-token"

Entry = tuple[int, int, int, str, str, int]
"""A ledger row as `ranking` draws it: seq, unit id, month (202610), day, code, points in hundredths."""

_PLATFORM = "onebot"

_CONFIG = """\
[server]
host = "127.0.0.1"
port = {port}

[storage]
url = {url}

[onebot]
token = {token}

[onebot.pace]
per_chat_ms = 0
all_ms = 0
"""


class ProductMissing(RuntimeError):
    """The product cannot do this yet; the text says what is missing."""


def prepare(folder: Path, port: int, delay_ms: float) -> Launch:
    """Write configuration and a database with the roster into `folder`; returns how to start the product."""
    if importlib.util.find_spec("bot.__main__") is None:
        raise ProductMissing("there is no `python -m bot` yet")
    config, database = folder / "config.toml", folder / "baosong.db"
    url, token = json.dumps(f"sqlite:{database}"), json.dumps(TOKEN)
    config.write_text(_CONFIG.format(url=url, port=port, token=token), encoding="utf-8")
    write_roster(database)
    env = {DELAY_VARIABLE: str(delay_ms)} if delay_ms else {}
    return Launch(module("bot", "run", "--config", str(config)), env, TOKEN)


_WECOM = """\
[server]
host = "127.0.0.1"
port = {port}

[storage]
url = {url}

[wecom]
corp_id = "{corp}"
api_base = "http://127.0.0.1:{api}/cgi-bin"

[wecom.app]
agent_id = {agent}
secret = "{secret}"
token = "{token}"
encoding_aes_key = "{key}"

[wecom.pace]
per_chat_ms = 0
all_ms = 0
"""


def prepare_callbacks(folder: Path, port: int, api: int) -> Launch:
    """The same house as a self-built app of WeChat Work, whose API is at a port of this machine."""
    if importlib.util.find_spec("bot.channels.wecom") is None:
        raise ProductMissing("there is no WeChat Work yet")
    config, database = folder / "config.toml", folder / "baosong.db"
    keys = {"corp": sealing.CORP, "agent": sealing.AGENT, "secret": sealing.SECRET}
    keys |= {"token": sealing.TOKEN, "key": sealing.KEY, "url": json.dumps(f"sqlite:{database}")}
    config.write_text(_WECOM.format(port=port, api=api, **keys), encoding="utf-8")
    write_roster(database, "wecom")
    return Launch(module("bot", "run", "--config", str(config)))


def write_roster(path: Path, platform: str = _PLATFORM) -> None:
    """A new database with a unit, a work group and 20 bound reporters for each of the 50 groups.

    Written as rows, not through `import`: a fresh one is needed for every phase of every round.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(SQLiteTx(connection), "sqlite")
    connection.execute("BEGIN")
    for group in range(GROUPS):
        _write_group(connection, group, platform)
    connection.execute("COMMIT")
    connection.close()


def _write_group(connection: sqlite3.Connection, group: int, platform: str) -> None:
    unit, since = group + 1, "2000-01-01"
    execute = connection.execute
    execute("INSERT INTO unit (id, name, kind, valid_from) VALUES (?, ?, '部门', ?)", (unit, f"第{unit}局", since))
    execute("INSERT INTO unit_class SELECT ?, value, '部门' FROM json_each('[2025, 2026, 2027]')", (unit,))
    execute(
        "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from) VALUES (?, ?, ?, '报送', ?)",
        (platform, str(group_id(group)), f"第{unit}局报送群", since),
    )
    for member in range(MEMBERS):
        person = group * MEMBERS + member + 1
        execute("INSERT INTO person (id, name, valid_from) VALUES (?, ?, ?)", (person, f"信息员{person}", since))
        execute(
            "INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (?, ?, '信息员', ?)",
            (person, unit, since),
        )
        execute(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by) VALUES (?, ?, ?, 0, 'bench')",
            (platform, str(user_id(group, member)), person),
        )


@asynccontextmanager
async def submitter(
    path: Path, schema: Sequence[str], write: Callable[[Callable[..., object], int], None]
) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """The product's store on a new file, with the tables of `schema` beside its own.

    Yields `submit(i)`: `write(execute, i)` as one command, awaited until its commit.
    """
    store = SQLiteStore(path)
    await store.open()

    def submission(tx: Tx, index: int) -> None:
        write(tx.run, index)

    def tables(tx: Tx) -> None:
        for statement in schema:
            tx.run(statement)

    try:
        await store.run(tables)
        yield lambda index: store.run(submission, index)
    finally:
        await store.close()


def create(path: Path, classes: Sequence[tuple[int, str]], years: Sequence[int]) -> sqlite3.Connection:
    """A new database with the product's schema and units as (id, class); not durable while it is filled."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")
    migrate(SQLiteTx(connection), "sqlite")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO person (id, name, valid_from) VALUES (1, '信息员', '2000-01-01')")
    connection.executemany(
        "INSERT INTO unit (id, name, kind, valid_from) VALUES (?, ?, '部门', '2000-01-01')",
        [(unit, f"单位{unit}") for unit, _ in classes],
    )
    connection.executemany(
        "INSERT INTO unit_class (unit_id, year, class) VALUES (?, ?, ?)",
        [(unit, year, name) for unit, name in classes for year in years],
    )
    connection.execute("COMMIT")
    return connection


@contextmanager
def bulk(connection: sqlite3.Connection) -> Iterator[None]:
    """Drop the indexes of the big tables, make them again at the end: rows go in several times faster."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND tbl_name IN ('entry', 'item', 'fact') AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, sql in found:
        connection.execute(sql)


def fill(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Append ledger rows, one transaction per call; each four of them come from one adopted item."""
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO entry"
        " (seq, unit_id, ym, day, code, points, fact_id, item_id, article, reason, recorded_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, (?1 + 3) / 4, (?1 + 3) / 4, '第八条', '采用',"
        " 1767225600000)",
        entries,
    )
    connection.execute("COMMIT")


def total(connection: sqlite3.Connection) -> None:
    """Fill from the ledger: items and adoptions, totals per month, and of these per quarter and year."""
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO item (id, number, year, title, kind, form, state, author_id, unit_id, platform, chat,"
        " submitted_ms, updated_ms, version) SELECT item_id, printf('%d-%06d', ym / 100, item_id), ym / 100,"
        " '关于第' || item_id || '号工作情况的报告', '动态', '单条', 'adopted', 1, unit_id, 'qq', 'g:1',"
        " recorded_ms, recorded_ms, 1 FROM entry WHERE seq % 4 = 1"
    )
    connection.execute(
        "INSERT INTO fact (id, kind, item_id, day, journal, level, form, issue, at_ms, person_id)"
        " SELECT fact_id, 'adoption', item_id, day, '每日要情', '市级', '单条', '第1期', recorded_ms, 1"
        " FROM entry WHERE seq % 4 = 1"
    )
    connection.execute(
        "INSERT INTO score_period (period, unit_id, class, points, submitted, adopted)"
        " SELECT printf('%04d-%02d', e.ym / 100, e.ym % 100), e.unit_id, c.class, SUM(e.points), COUNT(*),"
        " COUNT(*)"
        " FROM entry e JOIN unit_class c ON c.unit_id = e.unit_id AND c.year = e.ym / 100"
        " GROUP BY e.ym, e.unit_id"
    )
    quarter = "substr(period, 1, 4) || 'Q' || ((CAST(substr(period, 6) AS INTEGER) + 2) / 3)"
    for period in (quarter, "substr(period, 1, 4)"):
        connection.execute(
            "INSERT INTO score_period (period, unit_id, class, points, submitted, adopted)"
            f" SELECT {period} AS longer, unit_id, class, SUM(points), SUM(submitted), SUM(adopted)"
            " FROM score_period WHERE period GLOB '????-??' GROUP BY longer, unit_id, class"
        )
    connection.execute("COMMIT")


class Boards:
    """The questions of `ranking` to a filled database, asked through the product's own queries."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._tx: Tx = SQLiteTx(self._raw)

    def top(self, period: str, unit_class: str) -> int:
        """The first 20 of a class; like the others, returns how many rows came back."""
        return len(ledger.top(self._tx, period, unit_class, 20))

    def whole(self, period: str, unit_class: str) -> int:
        """A full class in the order it is shown."""
        return len(ledger.top(self._tx, period, unit_class, 100_000))

    def ranked(self, period: str, unit_class: str) -> int:
        """A full class with the ranks that `/rank` prints."""
        rows = ledger.top(self._tx, period, unit_class, 100_000)
        return len(rank_class(Tally(row.unit_id, row.points, row.submitted, row.adopted) for row in rows))

    def my_rank(self, period: str, unit: int) -> int:
        """Totals and rank of one unit in its class."""
        return int(ledger.rank_of(self._tx, period, unit) is not None)

    def my_detail(self, ym: int, unit: int) -> int:
        """Every line of one unit in one month, with item and journal."""
        first = date(ym // 100, ym % 100, 1)
        return len(entry_line.lines(self._tx, unit, first, first + timedelta(days=27)))

    def recount(self, year: int) -> int:
        """Every total of a year counted anew from entries and facts; returns how many totals of points differ. (The
        counts of items are invented here; only the points are sums of rows.)"""
        return sum(one.what == "points" for one in recount.differences(self._tx, year))

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()


def sample_measure() -> Measure:
    """The measure the practice city is scored by."""
    return parse_measure((SAMPLES / "measure-sample.toml").read_text("utf-8"))
