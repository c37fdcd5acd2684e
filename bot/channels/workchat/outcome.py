"""What a failed call to WeChat Work means for the message (documents 90313, 96213 for the codes).

an answer never came                  unknown, never repeated blindly
not reached, busy, stale token        not sent, tried again
too often (45009, 45033)              not sent, tried again when the minute is over
any other code                        refused, with a hint for who can change it
"""

from __future__ import annotations

import logging
import time

from bot.channels import texts as channel_texts
from bot.channels.base import Delivery
from bot.channels.wecom import AckUnknown, ActionFailed, ApiNotAvailable, CardError, Kind, NetworkError, TokenRefused
from bot.channels.workchat import texts
from storage.outbox import Sending

logger = logging.getLogger("baosong.wecom")

RETRY_MS = 3_000
TOO_FAST_MS = 60_000
LONGEST_REASON = 160


def outcome_of(error: Exception) -> Delivery:
    """One failed call."""
    if isinstance(error, AckUnknown):
        return Delivery(Sending.UNKNOWN, error=channel_texts.NO_ANSWER)
    if isinstance(error, NetworkError):
        return Delivery(Sending.PENDING, error=channel_texts.NO_CONNECTION, retry_ms=RETRY_MS)
    if isinstance(error, ActionFailed):
        return _failed(error)
    if isinstance(error, ApiNotAvailable):
        return Delivery(Sending.REFUSED, error=channel_texts.PLATFORM_REFUSED.format(reason=error.reason))
    if isinstance(error, CardError):
        faults = "; ".join(error.faults)[:LONGEST_REASON]
        return Delivery(Sending.REFUSED, error=texts.CARD_TOO_LONG.format(faults=faults))
    logger.warning("a send broke off: %s", type(error).__name__)
    return Delivery(Sending.UNKNOWN, error=channel_texts.BROKE_OFF.format(error=type(error).__name__))


def _failed(failed: ActionFailed) -> Delivery:
    reason = f"{failed.errcode} {failed.errmsg}".strip()[:LONGEST_REASON]
    if failed.kind is Kind.RATE:
        return Delivery(Sending.PENDING, error=channel_texts.TOO_FAST, retry_ms=_wait_ms(failed))
    if failed.kind is Kind.BUSY:
        return Delivery(Sending.PENDING, error=channel_texts.PLATFORM_REFUSED.format(reason=reason), retry_ms=RETRY_MS)
    if failed.kind is Kind.TOKEN:
        return Delivery(Sending.PENDING, error=channel_texts.NO_CREDENTIALS, retry_ms=RETRY_MS)
    hint = texts.HINTS.get(failed.errcode) or texts.KIND_HINTS.get(failed.kind) or channel_texts.PLATFORM_REFUSED
    return Delivery(Sending.REFUSED, error=f"{hint.format(reason=reason)}（{failed.errcode}）")


def _wait_ms(failed: ActionFailed) -> int:
    """A minute, or until the token's holder asks the service again."""
    if isinstance(failed, TokenRefused):
        return max(TOO_FAST_MS, int((failed.retry_at - time.time()) * 1000))
    return TOO_FAST_MS
