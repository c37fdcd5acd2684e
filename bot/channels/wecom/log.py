"""Logging without secrets: tokens, keys and webhook addresses are cut out, here and in the libraries below.

httpx writes every address, access token included, at INFO; websockets writes every frame, the bot's secret and people's
text included, at DEBUG. `hush_libraries` stops both, whatever level the host sets.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict

from nonebot.utils import escape_tag, logger_wrapper

_write = logger_wrapper("WeCom")

HIDDEN = "***"

_PARAMETER = re.compile(
    r"(?i)\b(access_token|corpsecret|secret|key|response_code|aeskey|encoding_aes_key|msg_signature|echostr|token)"
    r"(\"?'?\s*[=:]\s*\"?'?)([^\s&\"',;)\]}]+)"
)


_SHORTEST = 8
_KEPT = 256
_secrets: OrderedDict[str, None] = OrderedDict()


def keep_secret(value: str) -> None:
    """Hide this value wherever it turns up from now on, whatever stands before it; the newest 256 are known."""
    if len(value) >= _SHORTEST:
        _secrets[value] = None
        _secrets.move_to_end(value)
    while len(_secrets) > _KEPT:
        _secrets.popitem(last=False)


def redact(text: str) -> str:
    """The text with known secrets, and the values of parameters that usually hold one, replaced."""
    for secret in _secrets:
        text = text.replace(secret, HIDDEN)
    return _PARAMETER.sub(rf"\1\2{HIDDEN}", text)


class _Redacting(logging.Filter):
    """Rewrites a record's text before anybody formats it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


class _NoFrames(logging.Filter):
    """Lets nothing below INFO pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


_filters: tuple[tuple[str, logging.Filter], ...] = (
    ("httpx", _Redacting()),
    ("websockets.client", _NoFrames()),
    ("websockets.protocol", _NoFrames()),
)


def log(level: str, message: str) -> None:
    """One line under the adapter's name, without secrets."""
    _write(level, escape_tag(redact(message)))


def hush_libraries() -> None:
    """Attach the filters; doing so again changes nothing."""
    for name, rule in _filters:
        logging.getLogger(name).addFilter(rule)
