"""Which identity carries what, and how much it may carry: the routing table and the limits, as data.

to a person                      the app; else the AI bot's private chat
an answer to the AI bot          the AI bot, as the answer; else its push; else the app, or the group's webhook
to a group, nobody asked         the group's webhook; else the AI bot's push
to a group, calling somebody     the group's webhook; else the AI bot, by name
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import StrEnum

from bot.channels.wecom import limits
from bot.channels.wecom.limits import Rate


class Way(StrEnum):
    """A way out; the value is what the office calls it."""

    APP = "自建应用"
    REPLY = "智能机器人回复"
    PUSH = "智能机器人"
    WEBHOOK = "群机器人"


ROUTES: Mapping[tuple[str, str], tuple[Way, ...]] = {
    ("p", ""): (Way.APP, Way.PUSH),
    ("p", "app"): (Way.APP, Way.PUSH),
    ("p", "aibot"): (Way.REPLY, Way.PUSH, Way.APP),
    ("g", ""): (Way.WEBHOOK, Way.PUSH),
    ("g", "aibot"): (Way.REPLY, Way.PUSH, Way.WEBHOOK),
    ("g", "@"): (Way.WEBHOOK, Way.REPLY, Way.PUSH),
}
"""By the kind of target (`p` person, `g` group) and the identity that heard what is answered, or `@` if somebody is to
be called, which only a webhook does; the first comes first."""

TEXT_BYTES: Mapping[Way, int] = {
    Way.APP: limits.APP_TEXT,
    Way.REPLY: limits.AIBOT_MARKDOWN,
    Way.PUSH: limits.AIBOT_MARKDOWN,
    Way.WEBHOOK: limits.WEBHOOK_TEXT,
}
"""The longest text in bytes of UTF-8; a longer one is cut between characters and its parts are numbered."""

RATES: Mapping[Way, tuple[Rate, ...]] = {
    Way.APP: limits.APP_PER_MEMBER,
    Way.REPLY: limits.AIBOT_PER_CHAT,
    Way.PUSH: limits.AIBOT_PER_CHAT,
    Way.WEBHOOK: limits.WEBHOOK,
}
"""How much one receiver may be sent: beyond it an app's messages are dropped silently, a webhook answers 45009."""

# The service counts when a message arrives there, which is not quite when it left here.
MARGIN_SECONDS = 2


class Windows:
    """How much went to whom lately. In memory: right after a restart the courier's pace alone bounds it."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], deque[int]] = {}

    def wait_ms(self, way: Way, number: str, count: int, now_ms: int) -> int:
        """How long until `count` more messages may go this way to this receiver; 0 if now."""
        sent = self._sent.get(_lane(way, number), deque())
        return max((_wait_ms(sent, rate, count, now_ms) for rate in RATES[way]), default=0)

    def note(self, way: Way, number: str, now_ms: int) -> None:
        """One message went out."""
        sent = self._sent.setdefault(_lane(way, number), deque())
        sent.append(now_ms)
        oldest = now_ms - max(rate.seconds + MARGIN_SECONDS for rate in RATES[way]) * 1000
        while sent and sent[0] <= oldest:
            sent.popleft()


def _lane(way: Way, number: str) -> tuple[str, str]:
    """The AI bot's answers and pushes to a chat count together (document 101463)."""
    return (Way.PUSH if way is Way.REPLY else way, number)


def _wait_ms(sent: deque[int], rate: Rate, count: int, now_ms: int) -> int:
    span = (rate.seconds + MARGIN_SECONDS) * 1000
    recent = [at for at in sent if at > now_ms - span]
    over = len(recent) + min(count, rate.count) - rate.count
    return recent[over - 1] + span - now_ms if over > 0 else 0
