"""The adapter's settings, from ours."""

from __future__ import annotations

from pydantic import SecretStr

from bot.channels.wecom import AIBotInfo, AppInfo, Config, WebhookInfo
from bot.section_wecom import WeCom, WeComAIBot, WeComApp


def adapter_config(section: WeCom) -> Config:
    """All identities that are set up. A webhook is known by the chat it speaks in."""
    bots: list[AppInfo | AIBotInfo | WebhookInfo] = [
        WebhookInfo(key=SecretStr(key), alias=chat) for chat, key in section.webhook_keys.items()
    ]
    if section.app is not None:
        bots.append(_app(section.corp_id, section.app))
    if section.aibot is not None:
        bots.append(_aibot(section.aibot))
    return Config(wecom_api_base=section.api_base, wecom_ws_url=section.ws_url, wecom_bots=bots)


def _app(corp_id: str, app: WeComApp) -> AppInfo:
    return AppInfo(
        corp_id=corp_id,
        agent_id=app.agent_id,
        secret=app.secret,
        token=app.token,
        encoding_aes_key=app.encoding_aes_key,
    )


def _aibot(aibot: WeComAIBot) -> AIBotInfo:
    """With the credentials of its one transport; those of the other may stay in the settings."""
    if aibot.transport == "websocket":
        return AIBotInfo(bot_id=aibot.bot_id, name=aibot.name, secret=aibot.secret)
    key = aibot.encoding_aes_key
    return AIBotInfo(bot_id=aibot.bot_id, name=aibot.name, token=aibot.token, encoding_aes_key=key)
