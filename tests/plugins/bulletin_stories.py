"""What the stories about bulletins share: a month with two items, and the clock that comes to a moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.plan import build_plan
from bot.settings import Bulletin, Settings
from domain.moment import ZONE, to_ms
from domain.speech import Outgoing
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from storage import outbox
from storage.engine import Tx
from tests.plugins.item_stories import send
from tests.support.stage import Heard, Stage, staged

NUMBERED = Bulletin(number="云政办通报〔{year}〕{n}号", signer="云山市人民政府办公室")


def december(day: int, time: str = "09:10") -> datetime:
    return datetime.fromisoformat(f"2026-12-{day:02d}T{time}").replace(tzinfo=ZONE)


@asynccontextmanager
async def november(folder: Path, bulletin: Bulletin = NUMBERED) -> AsyncIterator[Stage]:
    """A stage where an item of 云山县 was used in November, and one of 清河区 was not."""
    async with staged(folder, settings=Settings(bulletin=bulletin)) as stage:
        await of_november(stage)
        yield stage


async def of_november(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河招商引资开门红")
    await stage.say("吴科员", "/采用 1 省专报 45 单篇 11-20")
    await at(stage, datetime(2026, 11, 30, 17, tzinfo=ZONE))


async def at(stage: Stage, moment: datetime) -> list[Heard]:
    """The clock comes to a moment and does what is due; what everybody then hears."""
    before = len(stage.channel.heard)
    stage.clock.moment = moment
    await Ticker(stage.store, stage.clock, build_jobs(build_plan(stage.settings), stage.office)).tick()
    for platform, target in await stage.store.read(outbox.due_targets, to_ms(moment)):
        stage.courier.wake(platform, target)
    await stage.quiet()
    return stage.channel.heard[before:]


def texts_of(heard: Sequence[Heard], who: str) -> list[str]:
    """What somebody (or a group) read, files left out."""
    return [one.text for one in heard if one.to == who and one.text]


def files_of(stage: Stage, who: str) -> list[str]:
    """The names of the files somebody was sent so far."""
    return [message.file_name for to, message in stage.channel.sent if to == who and message.file_name]


def queued(tx: Tx, platform: str) -> list[tuple[str, Outgoing]]:
    """(target, message) of everything that was ever to go out on a platform."""
    rows = tx.all("SELECT id FROM outbox WHERE platform = ? ORDER BY id", platform)
    parcels = [outbox.find(tx, id) for (id,) in rows]
    return [(one.target, one.message) for one in parcels if one is not None]
