"""Group robots: webhook/send and webhook/upload_media (91770, 99110)."""

from __future__ import annotations

from .ask import Ask, Route, Routes
from .codes import OK, Refused
from .content import WEBHOOK, read
from .core import Core
from .pace import MINUTE, Pace
from .transfers import keep
from .world import Json, Webhook


class Webhooks:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._pace = Pace(core.clock, ((20, MINUTE),))

    def routes(self) -> Routes:
        return {
            "webhook/send": Route("POST", self.send, needs_token=False),
            "webhook/upload_media": Route("POST", self.upload, needs_token=False),
        }

    def send(self, ask: Ask) -> Json:
        """A refused message counts for the pace as well: the service cannot know before it has read it."""
        hook = self._hook(ask)
        if not self._pace.take(hook.key):
            raise Refused(45009, "more than 20 in a minute")
        content = read(ask.body, WEBHOOK, lambda media_id: self._core.media.take(media_id, hook.key))
        self._core.show("webhook", hook.key, ("group", hook.chatid), content, "")
        return dict(OK)

    def upload(self, ask: Ask) -> Json:
        """The file is looked at before the key, as live probes saw."""
        if ask.upload is None or not ask.upload.data:
            raise Refused(44001, "empty upload")
        if ask.query.get("type") not in ("file", "voice"):
            raise Refused(40004, f"type {ask.query.get('type')!r}")
        return keep(self._core, ask, owner=self._hook(ask).key)

    def _hook(self, ask: Ask) -> Webhook:
        hook = self._core.world.webhooks.get(ask.query.get("key", ""))
        if hook is None:
            raise Refused(93000, "no such key")
        return hook
