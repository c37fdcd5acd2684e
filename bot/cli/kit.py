"""What a command-line tool is: a name, its arguments, and a coroutine over the kit of an opened house.

The same tool runs in a process of its own, with a store it opens, or inside the running bot, which then owns the
database. So a tool never touches the disk: files it is given were read before (InFile), files it writes are written
after it (OutFile), both by the process the operator started.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from domain.moment import Clock
from services.office import Office
from storage.engine import Store


@dataclass(frozen=True, slots=True)
class Kit:
    """What a tool works with; the store is open."""

    settings: Settings
    store: Store
    clock: Clock
    office: Office


@dataclass(frozen=True, slots=True)
class Tool:
    """A subcommand. `run` returns (exit code, text to print): 0 done, 1 not done, 2 asked for wrongly."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Kit, argparse.Namespace], Awaitable[tuple[int, str]]]


@dataclass(slots=True)
class InFile:
    """A file, or a folder of CSV files, to be read; as `type=InFile` of an argument. `parts`: name → content."""

    written: str
    parts: dict[str, bytes] = field(default_factory=dict)

    def read(self) -> None:
        """Read it from disk. Raises OSError."""
        path = Path(self.written)
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        self.parts = {file.name: file.read_bytes() for file in files}


@dataclass(slots=True)
class OutFile:
    """A file to be written once the tool is done; as `type=OutFile` of an argument."""

    written: str
    content: bytes | None = None

    def write(self) -> None:
        """Write what the tool made, if it made anything. Raises OSError."""
        if self.content is not None:
            Path(self.written).write_bytes(self.content)


TOOLS: list[str] = ["roster", "jobs", "ledger", "bulletin", "measure", "whatif", "board", "outbox", "doctor"]
"""Modules of `bot.cli` that each export `TOOLS`, a list of Tool; loaded by name when the command line is parsed."""
