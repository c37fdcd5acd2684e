"""`baosong outbox`: what waits to be sent or did not end well, and what an operator can do about it.

The operator sees where a message goes and what went wrong, never what it says.
"""

from __future__ import annotations

import argparse

from bot.cli.kit import Kit, Tool
from domain.errors import BaosongError
from domain.moment import show_time
from services import dispatch
from services.dispatch import Listed
from storage.engine import Tx
from storage.outbox import Sending

LISTED = 200


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", choices=sorted(dispatch.STATES), help="show only messages in this state")
    parser.add_argument("action", nargs="?", choices=sorted(dispatch.ACTIONS), help="what to do with a message")
    parser.add_argument("number", nargs="?", type=int, help="the message's number")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    if arguments.action is None:
        states = (dispatch.STATES[arguments.state],) if arguments.state else dispatch.OPEN
        return 0, await _show(kit, states)
    if arguments.number is None:
        return 2, f"baosong outbox {arguments.action}: which message? Give its number."
    try:
        parcel = await kit.store.run(_act, arguments.action, arguments.number, kit)
    except BaosongError as error:
        return 1, str(error)
    return 0, f"{parcel}: {arguments.action}"


def _act(tx: Tx, action: str, number: int, kit: Kit) -> int:
    return dispatch.ACTIONS[action](tx, number, "cli", kit.clock.now()).id


async def _show(kit: Kit, states: tuple[Sending, ...]) -> str:
    seen = await kit.store.read(dispatch.overview, states, LISTED, kit.clock.now().date())
    counts = "  ".join(f"{state} {count}" for state, count in seen.counts.items())
    return "\n".join([counts, *map(_line, seen.listed)])


def _line(listed: Listed) -> str:
    parcel = listed.parcel
    columns = (
        f"{parcel.id:>8}", listed.state, show_time(parcel.created_ms), parcel.platform, listed.to, parcel.kind,
        parcel.error,
    )  # fmt: skip
    return "  ".join(columns).rstrip()


TOOLS = [Tool("outbox", "what was not sent, and what to do about it", _arguments, _run)]
