"""What only the owner of the database can tell: the store itself, webhooks, and the tokens it keeps for everybody.

A secret that was refused is remembered in the store, by the bot as by the doctor: however often the doctor is called,
the service is asked no more often than it allows.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from bot.channels.wecom import WebhookInfo
from bot.channels.workchat.identities import adapter_config
from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good, none
from bot.doctor.service import examine_app
from bot.settings import Settings, WeCom
from domain.moment import Clock, to_ms
from storage import presence, webhook
from storage.engine import Store, StoreFault

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


async def owner(settings: Settings, store: Store, clock: Clock) -> AsyncIterator[Finding]:
    """The store is open."""
    try:
        await store.run(presence.probe, to_ms(clock.now()))
        number = await store.read(presence.schema)
    except StoreFault as fault:
        yield bad(texts.STORE, texts.NOT_WRITTEN.format(fault=fault), texts.NOT_WRITTEN_REMEDY)
        return
    yield good(texts.STORE, texts.STORE_GOOD.format(engine=store.engine, number=number))
    wecom = settings.wecom
    if wecom is None or wecom.app is None:
        yield none(texts.CLOCK, texts.CLOCK_UNKNOWN)
    else:
        for finding in await examine_app(wecom, wecom.app, store):
            yield finding
    if wecom is not None:
        yield _hooks(await store.read(webhook.keys, "wecom"), wecom)


def _hooks(attached: dict[str, str], wecom: WeCom) -> Finding:
    """Only how the keys look: trying one would speak into the group."""
    bots = adapter_config(wecom).wecom_bots
    configured = {bot.alias: bot.key.get_secret_value() for bot in bots if isinstance(bot, WebhookInfo)}
    keys = {**configured, **attached}
    if not keys:
        return none(texts.HOOKS, texts.NO_HOOKS)
    wrong = [group for group, key in keys.items() if not _KEY.fullmatch(key)]
    if wrong:
        return bad(texts.HOOKS, texts.HOOKS_BAD.format(groups="、".join(wrong)), texts.HOOKS_REMEDY)
    return good(texts.HOOKS, texts.HOOKS_GOOD.format(count=len(keys)))
