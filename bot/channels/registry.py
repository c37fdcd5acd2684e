"""Which channels the settings ask for. An adapter that is not asked for is not registered: it would open routes."""

from __future__ import annotations

from typing import Any

import nonebot

from bot.channels.base import Channel, Pace
from bot.settings import PaceSection, Settings
from domain.moment import Clock


def register_channels(settings: Settings, options: dict[str, Any], clock: Clock) -> dict[str, Channel]:
    """Initialise NoneBot with the options of every configured channel and register their adapters."""
    channels: dict[str, Channel] = {}
    if settings.onebot is not None:
        options.update(onebot_options(settings))
    nonebot.init(**options)
    driver = nonebot.get_driver()
    if settings.onebot is not None:
        from bot.channels.onebot.adapter import TappedAdapter
        from bot.channels.onebot.channel import OneBotChannel

        driver.register_adapter(TappedAdapter)
        channels["onebot"] = OneBotChannel(pace_of(settings.onebot.pace), settings.onebot.fetch_seconds)
        TappedAdapter.tap.pass_on = settings.onebot.pass_on_events
    return channels


def onebot_options(settings: Settings) -> dict[str, Any]:
    """The OneBot keys NoneBot wants, from our own settings."""
    onebot = settings.onebot
    assert onebot is not None
    return {
        "onebot_access_token": onebot.token.get_secret_value() or None,
        "onebot_secret": onebot.http_secret.get_secret_value() or None,
        "onebot_ws_urls": set(onebot.forward_urls),
        "api_timeout": onebot.call_seconds,
    }


def pace_of(section: PaceSection) -> Pace:
    return Pace(section.per_chat_ms, section.per_chat_burst, section.all_ms, section.all_burst)
