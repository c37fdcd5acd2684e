"""Documents drawn from a frozen board, each kind in a process of its own, with the memory it took.

`python -m benchmarks.documents KIND` is that process; it prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.figures import percentile

RUNS = 20
ROWS = 60
PICTURE, WORD = f"scoreboard of {ROWS} units, PNG", f"bulletin of {ROWS} units, DOCX"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How long one document takes: the first in a fresh process and the median of `RUNS`, ms; the size of the last in
    kB; MB the process had before and at most."""

    what: str
    first: float
    median: float
    kilobytes: float
    before_mb: float
    peak_mb: float


def measure(drawings: list[Drawing], say: Say) -> None:
    """Draw every kind."""
    for kind in _KINDS:
        say(f"documents: {kind}")
        command = [sys.executable, "-m", "benchmarks.documents", kind]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        drawings.append(Drawing(kind, **json.loads(answer.stdout)))


def _picture() -> bytes:
    from benchmarks.boards import board
    from reports.scoreboard_png import scoreboard_png

    snapshot = board(ROWS)
    return scoreboard_png(snapshot, snapshot.classes[0]).png


def _trend() -> bytes:
    from benchmarks.boards import board
    from reports.trend_png import trend_png

    return trend_png(board(ROWS)).png


def _word() -> bytes:
    from benchmarks.boards import board
    from domain.bulletin import write_bulletin
    from domain.bulletin_parts import Brief
    from reports.bulletin_docx import write_docx
    from reports.layouts import layout_named

    return write_docx(write_bulletin(board(ROWS), Brief(date(2026, 11, 3)), layout_named("standard")))


def _pdf() -> bytes:
    from benchmarks.boards import board
    from domain.bulletin import write_bulletin
    from domain.bulletin_parts import Brief
    from reports.bulletin_pdf import write_pdf
    from reports.layouts import layout_named

    return write_pdf(write_bulletin(board(ROWS), Brief(date(2026, 11, 3)), layout_named("standard")))


def _workbook() -> bytes:
    from benchmarks.boards import board
    from reports.board_xlsx import board_xlsx

    return board_xlsx(board(ROWS))


# What a kind imports is imported by its first run, so that its memory holds nothing of the others.
_KINDS: dict[str, Callable[[], bytes]] = {
    PICTURE: _picture,
    "trend of ten months, PNG": _trend,
    WORD: _word,
    f"bulletin of {ROWS} units, PDF": _pdf,
    f"board of {ROWS} units, XLSX": _workbook,
}


def _peak_mb() -> float:
    """The most memory this process ever held; what the system counts for a child includes its parent's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _timed(draw: Callable[[], bytes]) -> tuple[float, bytes]:
    start = time.perf_counter()
    drawn = draw()
    return (time.perf_counter() - start) * 1000, drawn


def _main(kind: str) -> None:
    before = _peak_mb()
    first, drawn = _timed(_KINDS[kind])
    waits = [_timed(_KINDS[kind])[0] for _ in range(RUNS)]
    figures = {
        "first": first, "median": percentile(waits, 0.5), "kilobytes": len(drawn) / 1024, "before_mb": before,
        "peak_mb": _peak_mb(),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    _main(sys.argv[1])
