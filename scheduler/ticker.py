"""The clock only ticks; what is due lies in tables.

APScheduler calls `tick` once a second and knows nothing else. A tick reads how far the clock has come with each
job (`job_mark`), reckons what fell due since, and runs it in order. The run's row, what it does and the moved
mark are one transaction, so neither a restart nor a second process doubles or loses a run.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.errors import BaosongError, NotFound
from domain.moment import ZONE, Clock, from_ms, show_time, to_ms
from scheduler import texts
from scheduler.alarm import alarm
from scheduler.byhand import period_by_hand, refuse_second_run
from scheduler.work import Chore, Due, Job, LeftUndone, Task, WorkList
from services.calendar import effective, with_calendar
from services.office import Office
from storage import audit
from storage import job as runs
from storage.engine import Store, StoreFault, Tx

logger = logging.getLogger("baosong.clock")

TICK_SECONDS = 1
RETRY_MINUTES: Final = (1, 5, 25)
LOOK_AHEAD = timedelta(days=62)
CHORE_REST = timedelta(minutes=1)
# What the clock runs over: a failed run. A person may also make good a skipped one.
CLOCK_OVER = (runs.FAILED,)
BY_HAND_OVER = (runs.FAILED, runs.SKIPPED)


class Ticker:
    """Runs what is due. `tick` may be called at any time; calls never overlap."""

    def __init__(self, store: Store, clock: Clock, jobs: WorkList) -> None:
        self._store, self._clock, self._work = store, clock, jobs
        self._scheduler: AsyncIOScheduler | None = None
        self._turn = asyncio.Lock()
        self._begun = False
        self._resting: dict[str, datetime] = {}

    def start(self) -> None:
        """Tick at once and then every second: from the first tick on nothing that falls due is missed."""
        self._scheduler = AsyncIOScheduler(timezone=ZONE)
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(ZONE),  # by the scheduler's own clock, which is the wall's
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def close(self) -> None:
        """Let the tick in hand end, then stop."""
        if self._scheduler is None:
            return
        self._scheduler.pause()
        async with self._turn:
            self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler shuts down in the loop's next turn
        self._scheduler = None

    async def tick(self) -> None:
        """Run everything that is due by the clock's time, oldest first."""
        async with self._turn:
            try:
                await self._tick(self._clock.now())
            except StoreFault as fault:
                logger.error("the clock's work waits for the database: %s", fault)

    async def travel(self, until: datetime, set_clock: Callable[[datetime], None]) -> None:
        """Move a practice clock forward, stopping at every moment at which a job is due on the way."""
        await self.tick()
        while True:
            now = self._clock.now()
            moments = await self._store.read(self._next_moments, now, until)
            moment = min(moments.values(), default=None)
            set_clock(min(moment, until) if moment else until)
            await self.tick()
            if moment is None or moment >= until:
                return

    async def next_times(self) -> dict[str, datetime]:
        """When each job is due next."""
        now = self._clock.now()
        return await self._store.read(self._next_moments, now, now + LOOK_AHEAD)

    async def run_by_hand(self, name: str, period: str, *, again: bool = False) -> str:
        """Run a job now for a period ('' for the usual one); returns what it did.

        Raises NotFound for a name that is no job, BadInput or BadPeriod for a period it cannot work for,
        WrongState if it ran before (with `again` only where a second run would do harm).
        """
        async with self._turn:
            job = next((job for job in self._work.jobs if job.name == name), None)
            if job is None:
                known = "、".join(job.name for job in self._work.jobs)
                raise NotFound(what=f"名为“{name}”的任务", hint=f"可用：{known}。")
            now = self._clock.now()
            due = Due(period_by_hand(job, period, now.date()), now)
            before = await self._store.read(runs.find, job.name, due.period)
            refuse_second_run(job, before, again=again)
            task = await self._prepare(job, due, now)
            over = BY_HAND_OVER + ((runs.DONE,) if again else ())
            info = await self._store.run(carry_out, job, task, over=over, actor="cli")
            return texts.ran_by_hand(job.name, due.period, info, before)

    async def _tick(self, now: datetime) -> None:
        if not self._begun:
            await self._store.run(runs.begin, [job.name for job in self._work.jobs], to_ms(now))
            self._begun = True
        for job, due, chosen in await self._store.read(self._due, now):
            if chosen:
                await self._run(job, due, now)
            else:
                await self._store.run(pass_over, job, due, now)
        for chore in self._work.chores:
            if self._resting.get(chore.name, now) <= now and await self._store.read(chore.waiting, now):
                await self._do(chore, now)

    def _due(self, tx: Tx, now: datetime) -> list[tuple[Job, Due, bool]]:
        """(job, due, whether it is still run), of all jobs in the order of their moments."""
        calendar = effective(tx, self._work.office)
        found: list[tuple[Job, Due, bool]] = []
        marks = runs.marks(tx)
        for job in self._work.jobs:
            missed = list(job.due_between(calendar, from_ms(marks.get(job.name, to_ms(now))), now))
            chosen = job.pick(missed, now)
            found += [(job, due, due in chosen) for due in missed]
        found += [(job, due, True) for job, due in self._failed(tx, now)]
        return sorted(found, key=lambda entry: entry[1].moment)

    def _failed(self, tx: Tx, now: datetime) -> Iterator[tuple[Job, Due]]:
        """Failed runs whose time to be tried again has come."""
        by_name = {job.name: job for job in self._work.jobs}
        for run in runs.failed(tx):
            if 0 < run.again_ms <= to_ms(now) and run.job in by_name:
                yield by_name[run.job], Due(run.period, from_ms(run.due_ms))

    def _next_moments(self, tx: Tx, now: datetime, until: datetime) -> dict[str, datetime]:
        calendar = effective(tx, self._work.office)
        found: dict[str, datetime] = {}
        for job in self._work.jobs:
            for due in job.due_between(calendar, now, until):
                if runs.find(tx, job.name, due.period) is None:
                    found[job.name] = due.moment
                    break
        return found

    async def _run(self, job: Job, due: Due, now: datetime) -> None:
        try:
            task = await self._prepare(job, due, now)
            await self._store.run(carry_out, job, task)
        except StoreFault:
            raise
        except Exception as error:  # boundary: one job's fault must not stop the others or the clock
            reference = secrets.token_hex(4).upper()
            logger.error("fault %s in job %s %s", reference, job.name, due.period, exc_info=error)
            failed = Failure(job, due, reference, _words(error))
            await self._store.run(record_failure, self._work.office, failed, now)

    async def _prepare(self, job: Job, due: Due, now: datetime) -> Task:
        """The long look, beside the writer, if the job needs one."""

        def look(tx: Tx) -> Task:
            task = Task(with_calendar(tx, self._work.office), due, now)
            return task if job.study is None else Task(task.office, due, now, job.study(tx, task))

        return await self._store.read(look)

    async def _do(self, chore: Chore, now: datetime) -> None:
        def run(tx: Tx) -> str:
            office = with_calendar(tx, self._work.office)
            return chore.run(tx, Task(office, Due("", now), now))

        try:
            await self._store.run(run)
        except StoreFault:
            raise
        except Exception:  # boundary: what waits is looked at again in a while; the clock goes on
            logger.exception("fault in chore %s", chore.name)
            self._resting[chore.name] = now + CHORE_REST


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, BaosongError) else type(error).__name__


def carry_out(tx: Tx, job: Job, task: Task, *, over: tuple[str, ...] = CLOCK_OVER, actor: str = "clock") -> str | None:
    """One run with its row and the moved mark; None if it was run before, by this process or another."""
    due_ms, now_ms = to_ms(task.due.moment), to_ms(task.now)
    if actor == "clock":
        runs.move(tx, job.name, due_ms)
    if not runs.claim(tx, job.name, task.due.period, due_ms, now_ms, over):
        return None
    info = job.run(tx, task)
    runs.note(tx, job.name, task.due.period, info, runs.SKIPPED if isinstance(info, LeftUndone) else runs.DONE)
    audit.write(tx, now_ms, actor, "job", f"{job.name} {task.due.period}", info)
    return info


def pass_over(tx: Tx, job: Job, due: Due, now: datetime) -> None:
    """A missed run that nobody needs any more."""
    info = texts.SKIPPED.format(moment=show_time(to_ms(due.moment)))
    runs.skip(tx, job.name, due.period, to_ms(due.moment), to_ms(now), info)
    runs.move(tx, job.name, to_ms(due.moment))


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that raised; its traceback stands in the log under the reference number."""

    job: Job
    due: Due
    reference: str
    words: str


def record_failure(tx: Tx, office: Office, failed: Failure, now: datetime) -> None:
    """Note a run that raised, and when it is tried again; after the last try the administrators are told."""
    job, due, due_ms = failed.job, failed.due, to_ms(failed.due.moment)
    info = texts.failure(failed.reference, failed.words)
    attempts = runs.fail(tx, job.name, due.period, due_ms, to_ms(now), info)
    runs.move(tx, job.name, due_ms)
    if attempts <= len(RETRY_MINUTES):
        again = now + timedelta(minutes=RETRY_MINUTES[attempts - 1])
        runs.try_again(tx, job.name, due.period, to_ms(again))
        return
    text = texts.job_given_up(job.summary, due.period, attempts, failed.reference)
    dedup = f"job:{job.name}:{due.period}:{attempts}"
    alarm(tx, with_calendar(tx, office), text, dedup=dedup, now=now)
