"""The ratios the project aims at, worked out from the medians: information for people, never a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import callbacks, commissions, documents
from benchmarks.callbacks import LOADS, Served
from benchmarks.figures import middle, ratio
from benchmarks.ranking import Reading
from benchmarks.road import LARGE, PHASES, SLOW, SMALL, TALK, Sample
from benchmarks.writer import CALLERS, Rate


@dataclass(frozen=True, slots=True)
class Aim:
    """What is compared, the figure that came out (None: not measured), and the bound, if there is one."""

    text: str
    value: float | None
    bound: float | None
    at_least: bool = False

    @property
    def mark(self) -> str:
        """A tick if the bound is kept, a cross if not, nothing if a figure is missing."""
        if self.value is None or self.bound is None:
            return ""
        return "✓" if (self.value >= self.bound if self.at_least else self.value <= self.bound) else "✗"


class Medians:
    """The medians over all rounds, by program and phase."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples

    def of(self, program: str, phase: str) -> list[Sample]:
        """Every sample of a program in a phase."""
        return [each for each in self._samples if (each.program, each.phase) == (program, phase)]

    def get(self, program: str, phase: str, figure: Callable[[Sample], float | None]) -> float | None:
        """The median of a figure in one phase."""
        return middle(figure(each) for each in self.of(program, phase))

    def over_all(self, program: str, figure: Callable[[Sample], float | None]) -> float | None:
        """The median of a figure that no phase changes, over all phases but the delayed one."""
        return middle(figure(s) for s in self._samples if s.program == program and s.phase != SLOW.name)


def speed(sample: Sample) -> float | None:
    """Answered messages a second."""
    return sample.tally.throughput


def p50(sample: Sample) -> float | None:
    """Median latency, ms."""
    return sample.tally.p50


def p99(sample: Sample) -> float | None:
    """Latency that 99 of 100 messages keep, ms."""
    return sample.tally.p99


def cpu(sample: Sample) -> float:
    """CPU of the process tree, ms per message."""
    return sample.cpu


def peak(sample: Sample) -> float:
    """Most memory the processes had, MB."""
    return sample.peak


def idle(sample: Sample) -> float:
    """Memory before the load, MB."""
    return sample.idle


def start_s(sample: Sample) -> float:
    """Seconds from start to the first answer."""
    return sample.start_s


def faults(sample: Sample) -> int:
    """Lost, doubled or overtaken answers; of chatter: answers."""
    return sample.tally.faults + (sample.tally.answered if sample.phase == TALK.name else 0)


def road_aims(medians: Medians) -> list[Aim]:
    """The aims for the whole road; c is NoneBot's one-matcher echo, d its twenty commands."""

    def to(other: str, phase: str, figure: Callable[[Sample], float | None]) -> float | None:
        return ratio(medians.get("product", phase, figure), medians.get(other, phase, figure))

    def overall(figure: Callable[[Sample], float | None]) -> float | None:
        return ratio(medians.over_all("product", figure), medians.over_all("echo", figure))

    def delayed(program: str) -> float | None:
        return ratio(medians.get(program, SLOW.name, speed), medians.get(program, LARGE.name, speed))

    mine = [faults(each) for phase in PHASES for each in medians.of("product", phase.name)]
    return [
        Aim("throughput, burst 3,000, to c", to("echo", LARGE.name, speed), 2, at_least=True),
        Aim("CPU per message, burst 3,000, to c", to("echo", LARGE.name, cpu), 0.5),
        Aim("p99, burst 3,000, to c", to("echo", LARGE.name, p99), 0.5),
        Aim("peak memory, burst 3,000, to c", to("echo", LARGE.name, peak), 1),
        Aim("throughput, burst 600, to d", to("commands", SMALL.name, speed), 40, at_least=True),
        Aim("throughput with 5 ms commits, to itself without", delayed("product"), 0.5, at_least=True),
        Aim("CPU per message of chatter, to c", to("echo", TALK.name, cpu), 0.1),
        Aim("idle memory, to c", overall(idle), 1.5),
        Aim("start to first answer, to c", overall(start_s), 3),
        Aim("lost, doubled, out of order, chatter answered", sum(mine) if mine else None, 0),
    ]


def writer_aims(rates: Sequence[Rate]) -> list[Aim]:
    """The product's writer against the raw loop of the same batch; only 256 callers have an aim."""
    return [
        Aim(
            f"writer at {callers}, to the raw loop",
            ratio(rate_of(rates, "product", callers), rate_of(rates, "raw loop", callers)),
            0.6 if callers == max(CALLERS) else None,
            at_least=True,
        )
        for callers in CALLERS
    ]


def rate_of(rates: Sequence[Rate], writer: str, callers: int) -> float | None:
    """Median submissions a second."""
    return middle(rate.per_second for rate in rates if (rate.writer, rate.callers) == (writer, callers))


def ranking_aims(readings: Sequence[Reading]) -> list[Aim]:
    """Bounds in milliseconds (p50) for the two questions that have one."""
    bounds = {"top 20": 1.0, "full class of 1,000": 5.0}
    return [
        Aim(f"{each.question}, ms, {each.size}", each.p50, bounds[each.question])
        for each in readings
        if each.question in bounds
    ]


def served_of(
    served: Sequence[Served], program: str, load: str, figure: Callable[[Served], float | None]
) -> float | None:
    """The median of a figure over the rounds of a program under a load of callbacks."""
    return middle(figure(each) for each in callbacks.of(served, program, load))


def callback_aims(result: callbacks.Result) -> list[Aim]:
    """Stored and answered, against handlers that only decrypt and answer; FastAPI is what the product stands on."""

    def to(other: str, load: str, figure: Callable[[Served], float | None]) -> float | None:
        return ratio(served_of(result.served, "product", load, figure), served_of(result.served, other, load, figure))

    found = []
    for load in LOADS:
        for other, title in (("fastapi", "e"), ("aiohttp", "f")):
            figure = to(other, load.name, lambda each: each.per_second)
            found.append(Aim(f"callbacks a second, {load.name}, to {title}", figure, 0.6, at_least=True))
        figure = to("fastapi", load.name, lambda each: each.p99)
        found.append(Aim(f"p99, {load.name}, to e", figure, None))
    mine = [each for each in result.served if each.program == "product"]
    lost = sum(each.refused + each.unanswered for each in mine) if mine else None
    return [*found, Aim("callbacks refused or without a receipt", lost, 0)]


def commission_aims(result: commissions.Result) -> list[Aim]:
    """Bounds for the ledger in the store (ms, p50), and for one commission to every unit (s)."""
    bounds = {commissions.OVERVIEW: 50.0, commissions.EVERY_LINE: 50.0}
    ledger = [
        Aim(f"{each.question}, ms, {each.assignments:,} assignments", each.p50, bounds[each.question])
        for each in result.readings
        if each.question in bounds
    ]
    pushes = [
        Aim(f"expand and queue for {each.units:,} units, s", each.draft_s + each.issue_s, 1) for each in result.pushes
    ]
    waits = [Aim("p99 of those who asked meanwhile, ms", each.p99, 1_000) for each in result.pushes]
    return [*ledger, *pushes, *waits]


def drawing_aims(drawings: Sequence[documents.Drawing]) -> list[Aim]:
    """Bounds in milliseconds (median) for the picture in the chat and the bulletin."""
    bounds = {documents.PICTURE: 300.0, documents.WORD: 500.0}
    return [Aim(f"{one.what}, ms", one.median, bounds[one.what]) for one in drawings if one.what in bounds]
