"""How the bot is doing, for Prometheus. Everything is read when it is asked for; counting costs a dictionary entry.

The names are part of the interface: `METRICS` lists them all, the manual for operators explains them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.channels.base import parts_of
from domain.moment import to_ms
from storage import job, outbox
from storage.engine import Tx

if TYPE_CHECKING:
    from bot.app import Running

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "baosong_messages_total": ("Messages off the wire, by what the door made of them", ("verdict",)),
    "baosong_commands_total": ("Messages handled, by command and how it ended", ("command", "outcome")),
    "baosong_caught_up_total": ("Messages of groups' histories looked at after a silence", ()),
    "baosong_in_hand": ("Messages waiting for the writer or behind a file", ()),
    "baosong_sends_total": ("Sends by channel and how they ended", ("channel", "outcome")),
    "baosong_sends_found_total": ("Unknown sends found in the platform's history", ("channel",)),
    "baosong_outbox": ("Messages in the outbox that are not sent, by state", ("state",)),
    "baosong_outbox_oldest_seconds": ("Age of the oldest message that could go out now", ()),
    "baosong_channel_up": ("Whether somebody is at the other end of the channel", ("channel",)),
    "baosong_identity_up": ("Whether one identity of a channel can work", ("channel", "identity")),
    "baosong_commits_total": ("Transactions of the writer", ()),
    "baosong_store_commands_total": ("Commands of the writer; over commits this is how many share a flush", ()),
    "baosong_jobs_failed": ("Runs of jobs that failed and have not been made good", ("job",)),
    "baosong_job_last_run_timestamp_seconds": ("When a job last ran", ("job",)),
}
"""Name → (what it tells, its labels). Names that end in _total only grow while the process lives."""


class HouseCollector(Collector):
    """Reads the figures of a running bot; `stored` is what the database said a moment ago."""

    def __init__(self, parts: Running) -> None:
        self._parts = parts
        self.stored: dict[str, dict[tuple[str, ...], float]] = {}

    def collect(self) -> Iterator[Metric]:
        figures = {**self._live(), **self.stored}
        for name, (told, labels) in METRICS.items():
            yield _family(name, told, labels, figures.get(name, {}))

    def _live(self) -> dict[str, dict[tuple[str, ...], float]]:
        parts = self._parts
        return {
            "baosong_messages_total": {(verdict,): n for verdict, n in parts.gateway.seen.items()},
            "baosong_commands_total": _commands(parts.gateway.handled),
            "baosong_caught_up_total": {(): parts.watch.caught_up},
            "baosong_in_hand": {(): parts.gateway.in_hand},
            "baosong_sends_total": {_pair(key): n for key, n in parts.courier.settled.items()},
            "baosong_sends_found_total": {(name,): n for name, n in parts.courier.evidence.found.items()},
            "baosong_channel_up": {(name,): float(channel.up) for name, channel in parts.channels.items()},
            "baosong_identity_up": {
                (name, identity): float(not part.trouble)
                for name, channel in parts.channels.items()
                for identity, part in parts_of(channel).items()
            },
            "baosong_commits_total": {(): parts.store.commits},
            "baosong_store_commands_total": {(): parts.store.commands},
        }


def _family(name: str, told: str, labels: tuple[str, ...], figures: Mapping[tuple[str, ...], float]) -> Metric:
    kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
    family = kind(name, told, labels=labels)
    for values, figure in figures.items():
        family.add_metric(list(values), figure)
    return family


def _pair(key: str) -> tuple[str, str]:
    channel, _, outcome = key.partition(" ")
    return channel, outcome


def _commands(handled: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    """`submit` went well, `submit: BadInput` was answered with an error; the rest are outcomes without a command."""
    figures: dict[tuple[str, ...], float] = {}
    for outcome, count in handled.items():
        command, _, error = outcome.partition(": ")
        labels = ("", _NO_COMMAND[outcome]) if outcome in _NO_COMMAND else (command, error or "ok")
        figures[labels] = figures.get(labels, 0) + count
    return figures


_NO_COMMAND = {"": "repeated", "fault": "fault", "unbound": "unbound", "not understood": "not understood"}


def read_stored(tx: Tx, now_ms: int) -> dict[str, dict[tuple[str, ...], float]]:
    """The figures that lie in tables."""
    counts = outbox.counts(tx)
    oldest = outbox.oldest_due_ms(tx, now_ms)
    failed: dict[tuple[str, ...], float] = {}
    for run in job.failed(tx):
        failed[(run.job,)] = failed.get((run.job,), 0) + 1
    last = ((name, job.last(tx, name)) for name in job.marks(tx))
    return {
        "baosong_outbox": {(state.name.lower(),): n for state, n in counts.items()},
        "baosong_outbox_oldest_seconds": {(): (now_ms - oldest) / 1000 if oldest else 0},
        "baosong_jobs_failed": failed,
        "baosong_job_last_run_timestamp_seconds": {(n,): run.started_ms / 1000 for n, run in last if run is not None},
    }


class Metrics:
    """The page's text, from a registry of its own: nothing else of this process shows up in it."""

    def __init__(self, parts: Running) -> None:
        self._parts = parts
        self._house = HouseCollector(parts)
        self._registry = CollectorRegistry()
        self._registry.register(self._house)
        ProcessCollector(registry=self._registry)

    async def page(self) -> bytes:
        """Raises StoreFault if the tables cannot be read."""
        now_ms = to_ms(self._parts.clock.now())
        self._house.stored = await self._parts.store.read(read_stored, now_ms)
        return generate_latest(self._registry)
