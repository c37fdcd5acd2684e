"""Which channels the settings ask for. An adapter that is not asked for is not registered: it would open routes."""

from __future__ import annotations

from typing import Any

import nonebot

from bot.channels.base import Channel, Pace
from bot.settings import QQ, OneBot, PaceSection, Settings, WeCom
from domain.moment import Clock


def register_channels(settings: Settings, options: dict[str, Any], clock: Clock) -> dict[str, Channel]:
    """Initialise NoneBot with the options of every configured channel and register their adapters."""
    channels: dict[str, Channel] = {}
    if settings.onebot is not None:
        options.update(onebot_options(settings.onebot))
    if settings.qq is not None:
        options.update(qq_options(settings.qq))
    nonebot.init(**options)
    if settings.onebot is not None:
        channels["onebot"] = _onebot(settings.onebot, clock)
    if settings.qq is not None:
        channels["qq"] = _qq(settings.qq, clock)
    if settings.wecom is not None:
        channels["wecom"] = _wecom(settings.wecom, clock)
    return channels


def _onebot(section: OneBot, clock: Clock) -> Channel:
    from bot.channels.onebot.adapter import TappedAdapter
    from bot.channels.onebot.channel import OneBotChannel
    from bot.channels.onebot.pulse import Pulse

    channel = OneBotChannel(pace_of(section.pace), section.fetch_seconds, Pulse(clock))
    nonebot.get_driver().register_adapter(
        TappedAdapter, listener=channel, pass_on=section.pass_on_events, http_api=section.http_api
    )
    return channel


def _qq(section: QQ, clock: Clock) -> Channel:
    from bot.channels.qq.adapter import TappedAdapter
    from bot.channels.qq.channel import QQChannel

    channel = QQChannel(pace_of(section.pace), section.fetch_seconds, clock)
    nonebot.get_driver().register_adapter(TappedAdapter, listener=channel, webhook=not section.websocket, clock=clock)
    return channel


def _wecom(section: WeCom, clock: Clock) -> Channel:
    from bot.channels.wecom import Adapter
    from bot.channels.workchat.channel import WorkChatChannel
    from bot.channels.workchat.identities import adapter_config

    name = section.aibot.name if section.aibot is not None else ""
    channel = WorkChatChannel(pace_of(section.pace), section.fetch_seconds, clock, name, section.webhook_keys)
    # Not through NoneBot's own options: it logs them.
    config = adapter_config(section)
    nonebot.get_driver().register_adapter(
        Adapter, config=config, tap=channel.hear, build_events=False, token_store=channel.tokens
    )
    return channel


def onebot_options(section: OneBot) -> dict[str, Any]:
    """The OneBot keys NoneBot wants, from our own settings."""
    return {
        "onebot_access_token": section.token.get_secret_value() or None,
        "onebot_secret": section.http_secret.get_secret_value() or None,
        "onebot_ws_urls": set(section.forward_urls),
        "api_timeout": section.call_seconds,
    }


QUIET_INTENTS = (
    "guilds", "guild_members", "guild_message_reactions", "audio_live_member", "message_audit", "audio_action",
    "at_messages",
)  # fmt: skip
"""What the platform would send of guilds (频道) by default; a bot not admitted to them is turned away for asking."""


def qq_options(section: QQ) -> dict[str, Any]:
    """The QQ keys NoneBot wants: one bot that hears groups and private chats, nothing of guilds."""
    intent = dict.fromkeys(QUIET_INTENTS, False) | {"c2c_group_at_messages": True}
    options: dict[str, Any] = {
        "qq_bots": [
            {
                "id": section.app_id,
                "secret": section.secret.get_secret_value(),
                "intent": intent,
                "use_websocket": section.websocket,
            }
        ],
        "qq_api_base": section.api_base,
        "qq_auth_base": section.auth_base,
        "qq_verify_webhook": True,
    }
    if section.gateway_url:
        options["qq_custom_gateway_url"] = section.gateway_url
    return options


def pace_of(section: PaceSection) -> Pace:
    return Pace(section.per_chat_ms, section.per_chat_burst, section.all_ms, section.all_burst)
