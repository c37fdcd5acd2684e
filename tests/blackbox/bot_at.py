"""The bot with its clock put forward or back: `python -m tests.blackbox.bot_at SECONDS run --config ...`.

The product reads the wall clock in one place, `bot.clock.WallClock`; here that one place is read with SECONDS added,
and everything else is the command line of `python -m bot`. So a month can turn in a test, and time runs on from there.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from unittest import mock

from bot.cli import main
from bot.clock import WallClock

from .clock import now_shifted


def _run(seconds: str, arguments: list[str]) -> int:
    shift = timedelta(seconds=float(seconds))

    def now(_: WallClock) -> datetime:
        return now_shifted(shift)

    with mock.patch.object(WallClock, "now", now):
        return main(arguments)


if __name__ == "__main__":
    sys.exit(_run(sys.argv[1], sys.argv[2:]))
