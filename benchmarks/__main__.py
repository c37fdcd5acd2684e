"""`python -m benchmarks`: run the parts, say what happens on stderr, print the report on stdout.

Ctrl-C ends the part that is running, stops the program it had started, and prints what is known until then.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from benchmarks import callbacks, commissions, documents, machine, ranking, recompute, report, road, writer

PARTS = ("road", "callbacks", "writer", "ranking", "commissions", "recompute", "documents")

# What the other parts take after the road, on two cores, with room to spare.
_AFTER_ROAD_S = 480


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of road, callbacks and writer (default 3)")
    parser.add_argument("--minutes", type=float, default=14, help="no round begins that would end later")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, comma separated")
    parser.add_argument("--quick", action="store_true", help="one round, small databases of ranking and commissions")
    return parser.parse_args()


def say(words: str) -> None:
    """Tell the person who waits how far it is."""
    print(words, file=sys.stderr, flush=True)


def _run(run: report.Run, chosen: argparse.Namespace) -> None:
    parts = chosen.only.split(",")
    rounds = 1 if chosen.quick else chosen.rounds
    after = 0 if chosen.quick or "ranking" not in parts else _AFTER_ROAD_S
    deadline = time.monotonic() + chosen.minutes * 60 - after
    if "road" in parts:
        asyncio.run(road.measure(run.road, rounds, deadline, say))
    if "callbacks" in parts:
        asyncio.run(callbacks.measure(run.callbacks, rounds, say))
    if "writer" in parts:
        asyncio.run(writer.measure(run.rates, rounds, say))
    if "ranking" in parts:
        ranking.measure(run.readings, chosen.quick, say)
    if "commissions" in parts:
        commissions.measure(run.commissions, chosen.quick, say)
    if "recompute" in parts:
        recompute.measure(run.reckonings, chosen.quick, say)
    if "documents" in parts:
        documents.measure(run.drawings, say)


def main() -> None:
    """Run what was asked for and report it; the exit code never depends on a figure."""
    chosen = _arguments()
    run = report.Run(machine.facts())
    try:
        _run(run, chosen)
    except KeyboardInterrupt:
        run.unfinished = "interrupted"
    run.machine.append(f"load average at the end {machine.load()}")
    text = report.markdown(run)
    print(text)
    say(f"kept in {report.keep(text)}")


if __name__ == "__main__":
    main()
