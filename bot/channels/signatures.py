"""Who may speak over HTTP: the checks that guard both webhooks. Pure; compared in constant time.

Sources: botuniverse/onebot-11 communication/http-post.md; Tencent's event-emit.md and sign.md for the QQ bot.
"""

from __future__ import annotations

import hashlib
import hmac
import re

FRESH_SECONDS = 300

_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9]{1,64}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def onebot_signed(secret: str, body: bytes, header: str) -> bool:
    """Whether `X-Signature: sha1=…` is the HMAC of the body under the shared secret."""
    wanted = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(wanted.encode(), header.encode("utf-8", "replace"))


def may_sign(plain_token: object, event_ts: object) -> bool:
    """Whether the address validation (op 13) may be answered with a signature of `event_ts + plain_token`.

    Events are verified over `timestamp + body` with the same key, so signing whatever is asked would let anybody have
    a forged body signed. Neither part may contain anything a body is made of.
    """
    return (
        isinstance(plain_token, str)
        and isinstance(event_ts, str)
        and _PLAIN_TOKEN.fullmatch(plain_token) is not None
        and _TIMESTAMP.fullmatch(event_ts) is not None
    )


def is_fresh(timestamp: str, now_seconds: float) -> bool:
    """Whether an event was signed within five minutes of now; an old one may be a replay."""
    return _TIMESTAMP.fullmatch(timestamp) is not None and abs(int(timestamp) - now_seconds) <= FRESH_SECONDS
