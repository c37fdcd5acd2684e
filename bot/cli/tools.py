"""Running a tool: the command line taken apart, the tool called, whatever goes wrong turned into a code and a text."""

from __future__ import annotations

import argparse
import importlib
import logging
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

from bot.cli.kit import TOOLS, InFile, Kit, OutFile, Tool
from bot.control import Request, Response
from bot.settings import SettingsFault
from domain.errors import BaosongError
from storage.engine import StoreFault

logger = logging.getLogger("baosong.cli")


class UsageFault(Exception):
    """The command line cannot be understood; the message is for the operator."""


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process: it also runs inside the bot."""

    def error(self, message: str) -> NoReturn:
        raise UsageFault(f"{self.format_usage()}{self.prog}: {message}")


@cache
def tools() -> Mapping[str, Tool]:
    """Every tool by name."""
    modules = [importlib.import_module(f"bot.cli.{name}") for name in TOOLS]
    found: dict[str, Tool] = {}
    for tool in (tool for module in modules for tool in module.TOOLS):
        if found.setdefault(tool.name, tool) is not tool:
            raise ValueError(f"tool {tool.name} is declared twice")
    return found


def make_parser(known: Mapping[str, Tool]) -> Parser:
    """The command line of the program with these tools. `--config` stands after the subcommand."""
    parser = Parser(prog="baosong", description="政务信息报送: the office's desk in the chat")
    common = Parser(add_help=False)
    common.add_argument("--config", type=Path, default=None, help="the settings (default: config.toml)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the bot; the practice city if nothing is configured", parents=[common])
    run.add_argument("--fresh", action="store_true", help="practice city: begin anew, with an empty desk")
    for tool in known.values():
        tool.arguments(commands.add_parser(tool.name, help=tool.help, parents=[common]))
    return parser


def in_files(arguments: argparse.Namespace) -> list[InFile]:
    return [value for value in vars(arguments).values() if isinstance(value, InFile)]


def out_files(arguments: argparse.Namespace) -> list[OutFile]:
    return [value for value in vars(arguments).values() if isinstance(value, OutFile)]


async def perform(kit: Kit, request: Request) -> Response:
    """Run the tool a request asks for. Nothing that goes wrong leaves this function as an exception."""
    try:
        arguments = make_parser(tools()).parse_args(request.argv)
        tool = tools().get(arguments.command)
        if tool is None:
            return Response(2, f"baosong: {arguments.command} cannot be run inside a running bot")
        for file in in_files(arguments):
            file.parts = dict(request.files.get(file.written, {}))
        code, text = await tool.run(kit, arguments)
    except UsageFault as fault:
        return Response(2, str(fault))
    except SystemExit:  # --help was printed by whoever asked; a running bot has no terminal to print on
        return Response(0, "")
    except (BaosongError, SettingsFault, StoreFault) as fault:
        return Response(1, str(fault))
    except Exception:  # boundary: a fault of ours must not end the bot that runs the tool
        reference = secrets.token_hex(4).upper()
        logger.exception("fault %s in baosong %s", reference, " ".join(request.argv[:1]))
        return Response(1, f"没有办成，编号 {reference}；原因在日志里。")
    written = {file.written: file.content for file in out_files(arguments) if file.content is not None}
    return Response(code, text, written)
