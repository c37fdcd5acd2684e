"""A run as Markdown, to be read on the spot and pasted into docs/speed.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import aims, callbacks, commissions
from benchmarks.aims import Aim, Medians
from benchmarks.documents import RUNS as DRAWN
from benchmarks.documents import Drawing
from benchmarks.figures import middle, ratio
from benchmarks.ranking import RUNS, Reading
from benchmarks.recompute import Reckoning
from benchmarks.road import LARGE, PACED, PROGRAMS, SLOW, SMALL, TALK, Result
from benchmarks.writer import CALLERS, Rate

OUT = Path(__file__).parent / "out" / "latest.md"


@dataclass(slots=True)
class Run:
    """Everything one run brought; a part that was not run, or not finished, is empty or short."""

    machine: list[str] = field(default_factory=list)
    road: Result = field(default_factory=Result)
    rates: list[Rate] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    callbacks: callbacks.Result = field(default_factory=callbacks.Result)
    commissions: commissions.Result = field(default_factory=commissions.Result)
    reckonings: list[Reckoning] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    unfinished: str = ""


def markdown(run: Run) -> str:
    """The whole report; parts without figures are left out."""
    parts = ["\n".join(f"- {line}" for line in run.machine)]
    if run.unfinished:
        parts.append(f"**Not finished: {run.unfinished}**")
    if run.road.samples or run.road.notes:
        parts += _road(run.road)
    if run.callbacks.served or run.callbacks.notes:
        parts += _callbacks(run.callbacks)
    if run.rates:
        parts += _writer(run.rates)
    if run.readings:
        parts += _ranking(run.readings)
    if run.commissions.readings:
        parts += _commissions(run.commissions)
    if run.reckonings:
        parts += _reckonings(run.reckonings)
    if run.drawings:
        parts += _drawings(run.drawings)
    return "\n\n".join(parts) + "\n"


def keep(text: str) -> Path:
    """Write the report where the next run will write its own; returns the file."""
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    return OUT


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, first column to the left, figures to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """A figure with as many digits as mean something; a dash for none."""
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def pair(first: float | None, second: float | None) -> str:
    """`p50 / p99`."""
    return f"{number(first)} / {number(second)}"


def _aims(aims: Iterable[Aim]) -> str:
    rows = []
    for aim in aims:
        bound = "–" if aim.bound is None else f"{'≥' if aim.at_least else '≤'} {aim.bound:g}"
        rows.append([aim.text, bound, f"{number(aim.value)} {aim.mark}".strip()])
    return table(["figure", "aim", "here"], rows)


def _road(result: Result) -> list[str]:
    medians = Medians(result.samples)
    notes = [f"{key} was left out: {why}" for key, why in result.notes.items()]
    return [
        "### The whole road",
        "Medians; latency in ms since the burst began (paced: since due); CPU in ms per message.",
        table(
            [
                "program",
                "burst 600: msg/s",
                "p50 / p99",
                "burst 3,000: msg/s",
                "p50 / p99",
                "paced 50/s: p50 / p99",
            ],
            [_speeds(medians, program.key, program.title) for program in PROGRAMS],
        ),
        table(
            [
                "program",
                "CPU 600 / 3,000",
                "CPU paced",
                "CPU chatter",
                "peak MB 600 / 3,000",
                "idle MB",
                "start s",
            ],
            [_costs(medians, program.key, program.title) for program in PROGRAMS],
        ),
        table(
            [
                "program",
                "rounds",
                "lost",
                "doubled",
                "out of order",
                "chatter answered",
                "connections broken",
            ],
            [_faults(result, program.key, program.title) for program in PROGRAMS],
        ),
        table(
            ["burst 3,000", "msg/s", "with 5 ms per commit", "ratio", "p99 with 5 ms"],
            [_delayed(medians, program.key, program.title) for program in PROGRAMS if SLOW in program.phases],
        ),
        _aims(aims.road_aims(medians)),
        *notes,
    ]


def _speeds(medians: Medians, key: str, title: str) -> list[str]:
    row = [title]
    for phase in (SMALL.name, LARGE.name):
        row.append(number(medians.get(key, phase, aims.speed)))
        row.append(pair(medians.get(key, phase, aims.p50), medians.get(key, phase, aims.p99)))
    return [*row, pair(medians.get(key, PACED.name, aims.p50), medians.get(key, PACED.name, aims.p99))]


def _costs(medians: Medians, key: str, title: str) -> list[str]:
    return [
        title,
        pair(medians.get(key, SMALL.name, aims.cpu), medians.get(key, LARGE.name, aims.cpu)),
        number(medians.get(key, PACED.name, aims.cpu)),
        number(medians.get(key, TALK.name, aims.cpu)),
        pair(medians.get(key, SMALL.name, aims.peak), medians.get(key, LARGE.name, aims.peak)),
        number(medians.over_all(key, aims.idle)),
        number(medians.over_all(key, aims.start_s)),
    ]


def _faults(result: Result, key: str, title: str) -> list[str]:
    mine = [sample for sample in result.samples if sample.program == key]
    tallies = [sample.tally for sample in mine]
    answered = sum(sample.tally.answered for sample in mine if sample.phase == TALK.name)
    return [
        title,
        str(sum(sample.phase == SMALL.name for sample in mine)),
        str(sum(each.lost for each in tallies)),
        str(sum(each.duplicates for each in tallies)),
        str(sum(each.disordered for each in tallies)),
        str(answered),
        str(sum(each.broken for each in tallies)),
    ]


def _delayed(medians: Medians, key: str, title: str) -> list[str]:
    plain, slow = (medians.get(key, phase.name, aims.speed) for phase in (LARGE, SLOW))
    return [
        title,
        number(plain),
        number(slow),
        number(ratio(slow, plain)),
        number(medians.get(key, SLOW.name, aims.p99)),
    ]


def _callbacks(result: callbacks.Result) -> list[str]:
    def row(program: callbacks.Program, load: callbacks.Load) -> list[str]:
        def figure(of: Callable[[callbacks.Served], float | None]) -> float | None:
            return aims.served_of(result.served, program.key, load.name, of)

        speed, cpu = figure(lambda each: each.per_second), figure(lambda each: each.cpu)
        waits = pair(figure(lambda each: each.p50), figure(lambda each: each.p99))
        return [f"{program.title}, {load.name}", number(speed), waits, number(cpu)]

    rows = [row(program, load) for load in callbacks.LOADS for program in callbacks.PROGRAMS]
    parse = ", ".join(f"{what} {number(us)} µs" for what, us in result.parse_us.items())
    return [
        "### Callbacks of WeChat Work",
        "Encrypted messages of an app over HTTP; e and f decrypt and answer, Baosong stores a submission first and"
        " sends its receipt through the API. Medians; latency in ms of the empty 200, CPU in ms per callback.",
        table(["program", "callbacks/s", "p50 / p99", "CPU"], rows),
        f"Per message in the product, alone in a process: {parse}.",
        _aims(aims.callback_aims(result)),
        *(f"{key} was left out: {why}" for key, why in result.notes.items()),
    ]


def _writer(rates: Sequence[Rate]) -> list[str]:
    rows = []
    for callers in CALLERS:
        raw, own = (aims.rate_of(rates, writer, callers) for writer in ("raw loop", "product"))
        waits = middle(rate.p99 for rate in rates if (rate.writer, rate.callers) == ("product", callers))
        rows.append([str(callers), number(raw), number(own), number(ratio(own, raw)), number(waits)])
    head = ["callers (raw: batch)", "raw sqlite3 loop /s", "product's writer /s", "ratio", "product p99 ms"]
    return [
        "### The storage writer",
        "Five-statement submissions a second, `synchronous=FULL`, medians.",
        table(head, rows),
        _aims(aims.writer_aims(rates)),
    ]


def _ranking(readings: Sequence[Reading]) -> list[str]:
    rows = [[each.size, each.question, str(each.rows), number(each.p50), number(each.p99)] for each in readings]
    return [
        "### `/rank` and `/my-score` in the store",
        f"Milliseconds over {RUNS} runs, another period and unit each time.",
        table(["database", "question", "rows", "p50 ms", "p99 ms"], rows),
        _aims(aims.ranking_aims(readings)),
    ]


def _commissions(result: commissions.Result) -> list[str]:
    """The ledger's questions, then the one big push with what people waited meanwhile."""
    readings = [
        [one.question, str(one.rows), number(one.p50), number(one.p99), number(one.cpu)] for one in result.readings
    ]
    pushes = [
        [
            f"{one.units:,}", f"{one.messages:,}", number(one.draft_s), number(one.issue_s), str(one.asked),
            pair(one.p50, one.p99), number(one.calm_p99),
        ]
        for one in result.pushes
    ]  # fmt: skip
    head = ["units", "messages", "expand, s", "issue, s", "asked meanwhile", "p50 / p99 ms", "p99 without, ms"]
    return [
        "### Commissions: the ledger, and one to every unit",
        f"A ledger of {result.readings[0].assignments:,} assignments in the store, milliseconds over"
        f" {commissions.RUNS} runs.",
        table(["question", "rows", "p50 ms", "p99 ms", "CPU ms"], readings),
        "One commission to every unit, a message to each reporter and group; `/我的得分` is asked 50 times a second.",
        table(head, pushes),
        _aims(aims.commission_aims(result)),
    ]


def _reckonings(found: Sequence[Reckoning]) -> list[str]:
    rows = [
        [f"{one.units:,}", f"{one.items:,}", f"{one.facts:,}", f"{one.entries:,}", number(one.score_s),
         number(one.settle_s)]
        for one in found
    ]  # fmt: skip
    return [
        "### A year scored anew",
        "Every fact of a year through the rules, then every unit's twelve months settled, in one thread, in memory.",
        table(["units", "items", "facts", "entries", "scoring, s", "settling, s"], rows),
    ]


def _drawings(drawings: Sequence[Drawing]) -> list[str]:
    rows = [
        [one.what, number(one.first), number(one.median), number(one.kilobytes), number(one.before_mb),
         number(one.peak_mb)]
        for one in drawings
    ]  # fmt: skip
    return [
        "### Documents",
        f"Each kind in a process of its own; the first one loads what it needs, the median is of the {DRAWN} after it.",
        table(["document", "first, ms", "median, ms", "kB", "MB before", "MB at most"], rows),
        _aims(aims.drawing_aims(drawings)),
    ]
