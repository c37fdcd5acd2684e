"""What a command-line tool is: a name, its arguments, and a coroutine over the kit of an opened house."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
    """A subcommand. `run` returns (exit code, text to print). File arguments are read by the front end."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Kit, argparse.Namespace], Awaitable[tuple[int, str]]]


TOOLS: list[str] = ["roster", "jobs", "outbox"]
"""Modules of `bot.cli` that each export `TOOLS`, a list of Tool; loaded by name when the command line is parsed."""
