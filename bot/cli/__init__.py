"""The command line: `baosong run`, and what an operator needs beside it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.cli.kit import TOOLS
from bot.settings import Settings, SettingsFault, load

CONFIG = Path("config.toml")


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit code. What goes wrong is one clear line per fault."""
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments.config)
    except SettingsFault as fault:
        print(f"baosong: the settings cannot be used\n{fault}", file=sys.stderr)
        return 2
    return _run(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="baosong", description="政务信息报送: the office's desk in the chat")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, default=None, help="the settings (default: config.toml)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the bot", parents=[common])
    return parser


def _settings(path: Path | None) -> Settings:
    return load(path or (CONFIG if CONFIG.exists() else None))


def _run(settings: Settings) -> int:
    from bot.app import StartFault, serve

    try:
        asyncio.run(serve(settings))
    except (StartFault, SettingsFault) as fault:
        print(f"baosong: {fault}", file=sys.stderr)
        return 1
    return 0


__all__ = ["TOOLS", "main"]
