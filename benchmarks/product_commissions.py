"""What the benchmarks know about the product's commissions: a ledger's rows in bulk, its questions, one big push.

The rows are those a year leaves behind: some units answer late, some never; most assignments are closed. The push goes
through the product's own operations: the words for the units are read, the draft is kept, the commission is numbered
and every message queued, while questions of people take the whole road from the inbox to the answer in the outbox.
"""

from __future__ import annotations

import gc
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import nonebot

from benchmarks.corpus import SEED
from bot.app import GARBAGE, load_plugins
from bot.commands import VOCABULARY
from bot.office import build_office
from bot.router import Desk, receive
from bot.settings import Settings
from domain.moment import ZONE, to_ms
from domain.speech import Incoming
from services import ledgers
from services.commissions import drafting, issuing
from services.commissions.brief import Brief
from storage import assignment_ledger, roster
from storage.assignment_ledger import By, Selection
from storage.engine import Tx, Value
from storage.migrate import migrate
from storage.sqlite import SQLiteStore, SQLiteTx

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
OFFICE_CHIEF = 1
OVERVIEW, EVERY_LINE = "`/台账`: counts and what is open", "every line, as the workbook needs it"
_DAY_MS = 86_400_000
_SINCE = "2020-01-01"


def _insert(raw: sqlite3.Connection, table: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> None:
    marks = ", ".join("?" * len(columns.split(",")))
    raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def write_city(path: Path, units: int, groups: int) -> None:
    """A new database: an office with its chief, units with a bound reporter each, groups that each serve some."""
    raw = sqlite3.connect(path, isolation_level=None)
    migrate(SQLiteTx(raw), "sqlite")
    raw.execute("BEGIN")
    numbers = range(2, units + 2)
    people = (OFFICE_CHIEF, *numbers)
    _insert(raw, "unit", "id, name, kind, place, valid_from", [(1, "市府办", "办公室", 0, _SINCE)])
    _insert(raw, "unit", "id, name, kind, place, valid_from", [(n, f"第{n}局", "部门", n, _SINCE) for n in numbers])
    _insert(raw, "person", "id, name, valid_from", [(n, f"信息员{n}", _SINCE) for n in people])
    posts = [(n, n, "信息员" if n > OFFICE_CHIEF else "信息科长", _SINCE) for n in people]
    _insert(raw, "post", "person_id, unit_id, role, valid_from", posts)
    accounts = [("onebot", _account(n), n, 0, "bench") for n in people]
    _insert(raw, "account", "platform, account, person_id, valid_from_ms, bound_by", accounts)
    chats = [(n, "onebot", str(200_000 + n), f"第{n}群", "报送", _SINCE) for n in range(1, groups + 1)]
    _insert(raw, "chat_group", "id, platform, group_no, name, purpose, valid_from", chats)
    if groups:
        _insert(raw, "group_unit", "group_id, unit_id", [(n % groups + 1, n) for n in numbers])
    raw.execute("COMMIT")
    raw.close()


def _account(person: int) -> str:
    return str(10_000 + person)


def write_ledger(path: Path, commissions: int, each: int, units: int) -> None:
    """Commissions of a year with so many assignments each and everything that happened to them."""
    draw = random.Random(SEED)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous=OFF")
    raw.execute("BEGIN")
    first_ms = to_ms(NOW) - 320 * _DAY_MS
    columns = (
        "id, number, topic, requirement, theme, source, way, due_ms, issued_ms, drafted_ms, year, state, drafted_by,"
        " issued_by"
    )
    for number in range(1, commissions + 1):
        issued_ms = first_ms + number * 320 * _DAY_MS // (commissions + 1)
        said = (f"关于第{number}号重点工作推进情况", "报送做法、成效、问题和建议", f"主题{number % 12}")
        source, way = draw.choice(["国办", "省办", "市领导", "本办"]), draw.choice(["群内"] * 8 + ["电话", "短信"])
        times = (issued_ms + 5 * _DAY_MS, issued_ms, issued_ms)
        row = (number, f"约 2026-{number:03d}", *said, source, way, *times, 2026, "issued", 1, 1)
        _insert(raw, "commission", columns, [row])
        for place, unit in enumerate(draw.sample(range(2, units + 2), each)):
            _write_assignment(raw, draw, number * 10_000 + place, number, unit, issued_ms)
    raw.execute("COMMIT")
    raw.close()


def _write_assignment(
    raw: sqlite3.Connection, draw: random.Random, id: int, commission: int, unit: int, issued_ms: int
) -> None:
    """One assignment: 4 of 5 are answered, most of them on time; what was due a week ago is mostly closed."""
    due_ms, chance = issued_ms + 5 * _DAY_MS, draw.random()
    received_ms = issued_ms + 3_600_000 if chance < 0.95 else 0
    answered_ms = issued_ms + draw.randint(1, 6) * _DAY_MS if chance < 0.8 else 0
    closed_ms = due_ms + 7 * _DAY_MS if due_ms + 7 * _DAY_MS < to_ms(NOW) and draw.random() < 0.95 else 0
    is_adopted = answered_ms > 0 and draw.random() < 0.3
    outcome = ("已采用" if is_adopted else "已报未采用" if answered_ms else "未完成") if closed_ms else ""
    stage = "closed" if closed_ms else "answered" if answered_ms else "received" if received_ms else "issued"
    columns = (
        "id, commission_id, unit_id, place, first_due_ms, due_ms, stage, received_ms, answered_ms, closed_ms, outcome"
    )
    stands = (stage, received_ms, answered_ms, closed_ms, outcome)
    _insert(raw, "assignment", columns, [(id, commission, unit, id, due_ms, due_ms, *stands)])
    if answered_ms:
        state = "adopted" if is_adopted else "received"
        columns = (
            "id, number, title, state, unit_id, author_id, submitted_ms, updated_ms, year, kind, form, platform, chat,"
            " version"
        )
        item = (id, f"2026-{id}", f"第{unit}局的报告", state, unit, unit, answered_ms, answered_ms)
        _insert(raw, "item", columns, [(*item, 2026, "反馈", "单条", "onebot", "", 1)])
    happened = [
        (id, "received", received_ms, unit, None, ""),
        (id, "answered", answered_ms, unit, id, ""),
        (id, "closed", closed_ms, OFFICE_CHIEF, None, outcome),
    ]
    columns = "assignment_id, kind, at_ms, person_id, item_id, outcome"
    _insert(raw, "assignment_event", columns, [event for event in happened if event[2]])


def as_in_the_bot() -> None:
    """The garbage collector as the bot sets it at start: ten thousand rows are ten thousand objects."""
    gc.freeze()
    gc.set_threshold(GARBAGE)


class LedgerQuestions:
    """The questions to a filled ledger, asked through the product's own queries; each returns how many rows came."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        tx: Tx = SQLiteTx(self._raw)
        year = ledgers.Asked().selection(NOW)

        def count(by: By) -> Callable[[], int]:
            return lambda: len(assignment_ledger.count(tx, year, by, to_ms(NOW)))

        self.all: Mapping[str, Callable[[], int]] = {
            EVERY_LINE: lambda: len(assignment_ledger.lines(tx, year)),
            OVERVIEW: lambda: len(ledgers.overview(tx, year, NOW).waiting),
            "rates by unit": count(By.UNIT),
            "rates by source": count(By.SOURCE),
            "`/台账` of one unit": lambda: len(ledgers.part(tx, Selection(unit_ids=(2,)), NOW).lines),
            "what one unit missed in a year": lambda: len(ledgers.missed(tx, 2, NOW.year)),
        }

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()


class Chat:
    """The product's store with people who ask and a chief who issues a commission to every unit."""

    def __init__(self, store: SQLiteStore, desk: Desk) -> None:
        self._store, self._desk, self._asked = store, desk, 0

    async def ask(self) -> None:
        """A reporter asks `/我的得分`; back when the answer is committed to the outbox."""
        self._asked += 1
        account = _account(2 + self._asked % 50)
        incoming = Incoming(
            platform="onebot", bot_id="3001", key=f"ask:{self._asked}", group="", account=account, name="信息员",
            message_id=str(self._asked), at_ms=to_ms(NOW), text="/我的得分",
        )  # fmt: skip
        outcome = await self._store.run(receive, self._desk, incoming, NOW)
        assert outcome == "my-score", outcome

    async def draft(self) -> int:
        """Read `全部单位` and keep the draft; returns its id."""
        return await self._store.run(self._draft)

    async def issue(self, draft_id: int) -> int:
        """Number it and queue every message; returns how many."""
        return await self._store.run(self._issue, draft_id)

    def _draft(self, tx: Tx) -> int:
        chief = roster.person(tx, OFFICE_CHIEF, NOW.date())
        assert chief is not None
        brief = Brief(topic="全市重点工作推进情况", due="周五下班前", units="全部单位")
        return drafting.draft(tx, self._desk.office, brief, chief, NOW).commission.id

    def _issue(self, tx: Tx, draft_id: int) -> int:
        chief = roster.person(tx, OFFICE_CHIEF, NOW.date())
        assert chief is not None
        issued = issuing.issue(tx, self._desk.office, draft_id, chief, NOW + timedelta(seconds=30))
        assert issued.queued is not None
        return issued.queued.groups + issued.queued.people


@asynccontextmanager
async def chat(path: Path) -> AsyncIterator[Chat]:
    """The store of a city with the product's commands loaded."""
    if not VOCABULARY.commands:
        nonebot.logger.remove()  # the report alone belongs on stdout
        nonebot.init(driver="~none", _env_file=None)
        load_plugins()
    store = SQLiteStore(path)
    await store.open()
    try:
        yield Chat(store, Desk(build_office(Settings()), VOCABULARY))
    finally:
        await store.close()
