"""`make simulate`: play a year of commissions in virtual time and print what became of every reminder."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from datetime import timedelta

from benchmarks.simulate.year import Played, Size, play

_STATES = {"planned": "等待", "sent": "发出", "merged": "并入", "skipped": "不发"}


def _arguments() -> argparse.Namespace:
    usual = Size()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    for name in ("units", "commissions", "days", "outages", "seed", "cap"):
        default = getattr(usual, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default}")
    return parser.parse_args()


def say(words: str) -> None:
    """Tell the person who waits how far it is."""
    print(words, file=sys.stderr, flush=True)


def table(played: Played) -> str:
    """What was played, how every step ended, and whether each rule held."""
    size = played.size
    lines = [
        f"{size.units} units, {size.commissions} commissions, {size.days} days from 2026-01-04, seed {size.seed}, "
        f"{size.cap} a day",
        f"{played.ticks:,} ticks; bot down {_down(played.outages)}; channel down {_down(played.dark)}",
        "people: " + ", ".join(f"{what} {number}" for what, number in sorted(played.acts.items()))
        + f"; refused by the services {played.refused}",
        "", "| 提醒的每一步 | 原因 | 数 |", "| --- | --- | ---: |", *_rows(played.found.steps),
        "", "| 每日提醒 | 原因 | 数 |", "| --- | --- | ---: |", *_rows(played.found.digests),
        "", "| 消息 | 下文 | 数 |", "| --- | --- | ---: |", *_rows(played.found.messages),
        "", "| 规矩 | 查了 | 违反 |", "| --- | ---: | ---: |",
    ]  # fmt: skip
    for rule in played.found.rules:
        lines.append(f"| {rule.name} | {rule.looked_at:,} | {rule.broken} |")
        lines += [f"| &nbsp;&nbsp;{example} | | |" for example in rule.examples]
    return "\n".join(lines)


def _down(spans: list[timedelta]) -> str:
    if not spans:
        return "never"
    days = sum(spans, timedelta()).total_seconds() / 86400
    return f"{len(spans)} times, {_span(min(spans))} to {_span(max(spans))}, {days:.1f} days in all"


def _span(length: timedelta) -> str:
    minutes = length.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 1440:.1f} days"


def _rows(counted: Counter[tuple[str, str]]) -> list[str]:
    return [
        f"| {_STATES.get(one, one)} | {other or '—'} | {number:,} |" for (one, other), number in sorted(counted.items())
    ]


def main() -> None:
    """Play, print, and fail if a rule was broken."""
    chosen = _arguments()
    begun = time.perf_counter()
    played = asyncio.run(play(Size(**vars(chosen)), say))
    print(table(played))
    print(f"\n{'all rules held' if played.found.ok else 'RULES WERE BROKEN'}; {time.perf_counter() - begun:.0f} s")
    sys.exit(0 if played.found.ok else 1)


if __name__ == "__main__":
    main()
