"""Access tokens (2.4 of the facts; documents 91039, 90313): one per app, the same until it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .codes import OK, Refused
from .core import Core
from .world import App, Json

LIVES = timedelta(seconds=7200)
BLOCKED = timedelta(hours=1)
WRONG_SECRETS = 5


@dataclass(slots=True)
class Token:
    agent_id: int
    text: str
    ends: datetime


@dataclass
class Tokens:
    """lives: how long a new token is good."""

    core: Core
    lives: timedelta = LIVES
    issued: list[str] = field(default_factory=list)
    _known: dict[str, Token] = field(default_factory=dict)
    _current: dict[int, Token] = field(default_factory=dict)
    _wrong: int = 0
    _blocked_until: datetime | None = None

    def get(self, corp_id: str, secret: str) -> Json:
        """The answer of `gettoken`. The sixth wrong secret blocks the caller's address for an hour."""
        now = self.core.clock()
        if self._blocked_until is not None and now < self._blocked_until:
            raise Refused(45009, "too many wrong secrets, blocked for an hour")
        if corp_id != self.core.world.corp_id:
            raise Refused(40013, corp_id)
        app = next((one for one in self.core.world.apps.values() if one.secret == secret), None)
        if app is None:
            raise self._wrong_secret(now)
        self._wrong, self._blocked_until = 0, None
        token = self._current.get(app.agent_id)
        if token is None or token.ends <= now:
            token = self._issue(app, now)
        left = int((token.ends - now).total_seconds())
        return OK | {"access_token": token.text, "expires_in": left}

    def app_of(self, text: str) -> App:
        """Whose token this is; Refused with 41001, 40014 or 42001."""
        if not text:
            raise Refused(41001, "no access_token")
        token = self._known.get(text)
        if token is None or token.agent_id not in self.core.world.apps:
            raise Refused(40014, "never issued, or forgotten")
        if token.ends <= self.core.clock():
            raise Refused(42001, "expired")
        return self.core.world.apps[token.agent_id]

    def expire(self, agent_id: int) -> None:
        """The service ends this app's token early: the next call hears 42001."""
        self._current[agent_id].ends = self.core.clock()

    def forget(self, agent_id: int) -> None:
        """The service no longer knows this app's token: the next call hears 40014."""
        del self._known[self._current.pop(agent_id).text]

    def _issue(self, app: App, now: datetime) -> Token:
        text = "".join(self.core.next_id("token", 70) for _ in range(3))
        token = Token(app.agent_id, text, now + self.lives)
        self._known[text] = self._current[app.agent_id] = token
        self.issued.append(text)
        return token

    def _wrong_secret(self, now: datetime) -> Refused:
        self._wrong += 1
        if self._wrong <= WRONG_SECRETS:
            return Refused(40001, f"wrong secret, attempt {self._wrong}")
        self._blocked_until = now + BLOCKED
        return Refused(45009, "too many wrong secrets")
