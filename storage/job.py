"""Runs of the clock's jobs: `job_run` (job, period) is what makes each run happen once; `job_mark` is how far the
clock has come with a job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.engine import Tx

DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. `again_ms` is when a failed one is tried again; 0 if it is not."""

    job: str
    period: str
    state: str
    due_ms: int
    started_ms: int
    attempts: int
    again_ms: int
    info: str


_COLUMNS = "job, period, state, due_ms, started_ms, attempts, again_ms, info"


def claim(tx: Tx, job: str, period: str, due_ms: int, now_ms: int, over: tuple[str, ...]) -> bool:
    """Take a run for this transaction; False if there is one already in a state that is not among `over`."""
    marks = ", ".join("?" * len(over))
    written = tx.run(
        "INSERT INTO job_run (job, period, state, due_ms, started_ms, attempts) VALUES (?, ?, ?, ?, ?, 1)"
        " ON CONFLICT (job, period) DO UPDATE SET state = excluded.state, started_ms = excluded.started_ms,"
        f" attempts = job_run.attempts + 1, again_ms = 0 WHERE job_run.state IN ({marks})",
        job, period, DONE, due_ms, now_ms, *over,
    )  # fmt: skip
    return bool(written)


def note(tx: Tx, job: str, period: str, info: str, state: str = DONE) -> None:
    """What a run did, in words for the operator; DONE, or SKIPPED if it found nothing to work for."""
    tx.run("UPDATE job_run SET info = ?, state = ? WHERE job = ? AND period = ?", info, state, job, period)


def skip(tx: Tx, job: str, period: str, due_ms: int, now_ms: int, info: str) -> None:
    """Record that a run was left out; one that happened stays as it is."""
    tx.run(
        f"INSERT INTO job_run ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, 0, 0, ?)"
        " ON CONFLICT (job, period) DO NOTHING",
        job, period, SKIPPED, due_ms, now_ms, info,
    )  # fmt: skip


def fail(tx: Tx, job: str, period: str, due_ms: int, now_ms: int, info: str) -> int:
    """Record that a run raised; returns how often it was tried by now."""
    row = tx.one(
        f"INSERT INTO job_run ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, 1, 0, ?)"
        " ON CONFLICT (job, period) DO UPDATE SET state = excluded.state, started_ms = excluded.started_ms,"
        " attempts = job_run.attempts + 1, again_ms = 0, info = excluded.info RETURNING attempts",
        job, period, FAILED, due_ms, now_ms, info,
    )  # fmt: skip
    assert row is not None
    attempts: int = row[0]
    return attempts


def try_again(tx: Tx, job: str, period: str, again_ms: int) -> None:
    tx.run("UPDATE job_run SET again_ms = ? WHERE job = ? AND period = ?", again_ms, job, period)


def find(tx: Tx, job: str, period: str) -> Run | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM job_run WHERE job = ? AND period = ?", job, period)
    return Run(*row) if row else None


def last(tx: Tx, job: str) -> Run | None:
    """The run of a job that was started last; one that was skipped counts only if there is no other."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM job_run WHERE job = ?"
        " ORDER BY CASE WHEN state = 'skipped' THEN 1 ELSE 0 END, started_ms DESC, due_ms DESC LIMIT 1",
        job,
    )
    return Run(*row) if row else None


def failed(tx: Tx) -> list[Run]:
    """Every run that failed and has not been made good, oldest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM job_run WHERE state = ? ORDER BY due_ms, job", FAILED)
    return [Run(*row) for row in rows]


def marks(tx: Tx) -> dict[str, int]:
    """How far the clock has come with each job: UTC ms of the last moment dealt with."""
    return dict(tx.all("SELECT job, watermark_ms FROM job_mark"))


def begin(tx: Tx, jobs: Iterable[str], now_ms: int) -> None:
    """A job that is new starts from now, not from the past; one that is switched off is forgotten, so that it
    also starts from now when it is switched on again."""
    names = list(jobs)
    for job in set(marks(tx)) - set(names):
        tx.run("DELETE FROM job_mark WHERE job = ?", job)
    for job in names:
        tx.run("INSERT INTO job_mark (job, watermark_ms) VALUES (?, ?) ON CONFLICT (job) DO NOTHING", job, now_ms)


def move(tx: Tx, job: str, due_ms: int) -> None:
    """The clock has dealt with this moment of a job; it never goes back."""
    tx.run("UPDATE job_mark SET watermark_ms = ? WHERE job = ? AND watermark_ms < ?", due_ms, job, due_ms)
