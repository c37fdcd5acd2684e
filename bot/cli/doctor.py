"""`baosong doctor`: the operator's check of an installation. Works with the bot running, stopped, or not able to start.

The operator's process looks at everything it can see itself; the rest is the tool below, which runs wherever the
database is open: in the running bot, or here.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.cli.kit import Kit, Tool
from bot.control import ControlFault, Response
from bot.doctor import texts
from bot.doctor.finding import Finding, bad, none, report
from bot.doctor.house import house, read_page
from bot.doctor.machine import database_folder, machine, stranger
from bot.settings import Settings, SettingsFault
from storage.engine import StoreFault


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default="", help="the public address, to check the callbacks from outside")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    from bot.doctor.owner import owner  # WeChat Work's libraries again

    return report([finding async for finding in owner(kit.settings, kit.store, kit.clock)])


async def examine(
    settings: Settings, config: Path | None, url: str, ask_owner: Callable[[], Awaitable[Response]]
) -> tuple[int, str]:
    """Everything; `ask_owner` has the tool of this file run where the database is open."""
    from bot.doctor.callbacks import callbacks  # WeChat Work's libraries: a third of a second no other tool needs

    findings = list(machine(settings, config))
    findings += house(settings, await read_page(settings))
    findings += [finding async for finding in callbacks(settings, url)]
    refused = stranger(database_folder(settings))
    if refused is not None:
        return report([*findings, refused])
    try:
        told = await ask_owner()
    except (StoreFault, ControlFault, SettingsFault) as fault:
        return report([*findings, *_no_store(settings, fault)])
    code, text = report(findings)
    return max(code, told.code), f"{text}\n{told.text}"


def _no_store(settings: Settings, fault: Exception) -> list[Finding]:
    """Without the store nobody knows which secrets were refused before, so no token is asked for."""
    found = [bad(texts.STORE, texts.STORE_BAD.format(fault=fault), texts.STORE_REMEDY)]
    if settings.wecom is not None and settings.wecom.app is not None:
        found.append(none(texts.APP, texts.NOT_EXAMINED))
    return found


def cannot_be_read(fault: SettingsFault) -> tuple[int, str]:
    """The report on settings that are wrong."""
    return report([bad(texts.CONFIG, str(fault).replace("\n", "\n    "))])


TOOLS = [Tool("doctor", "check the installation and say what to do about what is wrong", _arguments, _run)]
