"""Starting the practice city instead of an office. The room is loaded by name: nothing of the bot depends on it."""

from __future__ import annotations

import importlib

from bot import log
from bot.office import build_office
from bot.settings import Settings


def practice_settings(settings: Settings) -> Settings:
    """The settings of the practice city, for the tools too: without a configuration they work on its database."""
    city = importlib.import_module("practice.start")
    changed: Settings = city.practice_settings(settings)
    return changed


async def serve_practice(settings: Settings, *, fresh: bool) -> None:
    """Found the city if need be (`fresh`: anew) and run the bot in it. Raises SettingsFault, StoreFault."""
    from bot.app import serve  # the tools come here for the settings alone, and need no server

    city = importlib.import_module("practice.start")
    settings = practice_settings(settings)
    log.set_up(settings.log.level)
    clock = await city.prepare(settings, build_office(settings), fresh=fresh)
    await serve(settings, clock, guest=lambda app, parts: city.beside(app, parts, clock))
