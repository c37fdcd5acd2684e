"""The command line: `baosong run`, and what an operator needs beside it.

A command works whether the bot runs or not: a running bot is asked over its control socket, else the command opens
the store itself (bot.control, storage.sqlite).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Coroutine
from functools import partial
from pathlib import Path

from bot.cli.kit import InFile, Kit
from bot.cli.tools import UsageFault, in_files, make_parser, out_files, perform, tools
from bot.clock import WallClock
from bot.control import ControlFault, Request, Response, ask, socket_path
from bot.measures import follow_measures
from bot.office import build_office
from bot.settings import Settings, SettingsFault, load
from bot.stores import open_store
from storage.engine import StoreFault

CONFIG = Path("config.toml")


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit code. What goes wrong is one clear line per fault."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        # The bot itself needs none of the tools until an operator asks for one.
        arguments = make_parser({} if argv[:1] == ["run"] else tools()).parse_args(argv)
        if arguments.command == "doctor":
            return _doctor(argv, arguments)
        settings = _settings(arguments.config)
        if arguments.command == "run":
            return _run(settings, _practice(settings, arguments.config), arguments.fresh)
        if _practice(settings, arguments.config):
            settings = _practice_settings(settings)
        return _tool(settings, argv, arguments)
    except UsageFault as fault:
        return _fail(2, str(fault))
    except SettingsFault as fault:
        return _fail(2, f"baosong: the settings cannot be used\n{fault}")
    except (ControlFault, StoreFault) as fault:
        return _fail(1, f"baosong: {fault}")


def _fail(code: int, text: str) -> int:
    print(text, file=sys.stderr)
    return code


def _settings(path: Path | None) -> Settings:
    return load(path or (CONFIG if CONFIG.exists() else None))


def _practice(settings: Settings, config: Path | None) -> bool:
    """Without a configuration file and without a channel there is only the practice city to run."""
    return config is None and not CONFIG.exists() and not settings.has_channel


def _practice_settings(settings: Settings) -> Settings:
    from bot.cli.practice import practice_settings

    return practice_settings(settings)


def _run(settings: Settings, practice: bool, fresh: bool) -> int:
    from bot.app import StartFault, serve
    from bot.cli.practice import serve_practice

    try:
        asyncio.run(serve_practice(settings, fresh=fresh) if practice else serve(settings))
    except (StartFault, SettingsFault, StoreFault) as fault:
        return _fail(1, f"baosong: {fault}")
    except KeyboardInterrupt:
        return 130
    return 0


def _doctor(argv: list[str], arguments: argparse.Namespace) -> int:
    """Unlike the other tools it also says what is wrong when nothing can be opened."""
    from bot.cli import doctor

    try:
        settings = _settings(arguments.config)
    except SettingsFault as fault:
        code, text = doctor.cannot_be_read(fault)
    else:
        config: Path | None = arguments.config or CONFIG
        if _practice(settings, arguments.config):
            config, settings = None, _practice_settings(settings)
        ask_owner = partial(_carry_out, settings, Request(argv))
        code, text = asyncio.run(doctor.examine(settings, config, arguments.url, ask_owner))
    print(text)
    return code


def _tool(settings: Settings, argv: list[str], arguments: argparse.Namespace) -> int:
    """Read the files the command names, have it carried out, print what came of it, write the files it made."""
    files = in_files(arguments)
    for file in files:
        _read(file)
    request = Request(argv, {file.written: file.parts for file in files})
    response = asyncio.run(_patiently(_carry_out(settings, request)))
    if response.text:
        print(response.text, file=sys.stderr if response.code else sys.stdout)
    for out in out_files(arguments):
        out.content = response.files.get(out.written)
        try:
            out.write()
        except OSError as error:
            return _fail(1, f"baosong: {out.written}: {error.strerror}")
    return response.code


def _read(file: InFile) -> None:
    try:
        file.read()
    except OSError as error:
        raise UsageFault(f"baosong: {file.written}: {error.strerror}") from None
    if not file.parts:
        raise UsageFault(f"baosong: {file.written}: no .csv files in this folder")


PATIENCE = 5.0
"""After so many seconds an operator is told that something still goes on."""


async def _patiently(work: Coroutine[None, None, Response]) -> Response:
    """Wait for the answer; say on stderr, now and then, that it takes its time."""
    task, started = asyncio.ensure_future(work), time.monotonic()
    while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
        print(f"还在处理，已经 {time.monotonic() - started:.0f} 秒……", file=sys.stderr)
    return task.result()


async def _carry_out(settings: Settings, request: Request) -> Response:
    response = await ask(socket_path(settings), request)
    if response is not None:
        return response
    # The log has its place in the bot; here only what went wrong belongs on the terminal.
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    office, store, clock = build_office(settings), open_store(settings), WallClock()
    await store.open()
    try:
        office = await follow_measures(settings, office, store, clock.now())
        return await perform(Kit(settings, store, clock, office), request)
    finally:
        await store.close()


__all__ = ["main"]
