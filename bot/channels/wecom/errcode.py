"""The error codes that matter, as data (documents 90313 and 96213: every error is HTTP 200 with an `errcode`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a code asks of the caller."""

    BUSY = "busy"
    TOKEN = "token"
    CONFIG = "config"
    ADDRESS = "address"
    PERMISSION = "permission"
    RECIPIENT = "recipient"
    RATE = "rate"
    MEDIA = "media"
    CONTENT = "content"
    CARD = "card"
    GROUP = "group"
    WEBHOOK = "webhook"
    LATE = "late"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Explained:
    """A kind and what the code means."""

    kind: Kind
    meaning: str


BUSY = -1
WRONG_SECRET = 40001
WRONG_CORP = 40013
TOO_OFTEN = 45009
STALE_TOKEN = frozenset({40014, 42001})
MAYBE_STALE_TOKEN = STALE_TOKEN | {WRONG_SECRET}

_TABLE: dict[Kind, dict[int, str]] = {
    Kind.BUSY: {-1: "the system is busy; the only code that may be retried blindly"},
    Kind.TOKEN: {
        40014: "the access token is invalid",
        42001: "the access token has expired",
        41001: "the access token is missing",
    },
    Kind.CONFIG: {
        40001: "the secret is wrong, or the app is disabled",
        40013: "the corp id is wrong",
        40056: "the agent id is wrong",
        301002: "the token belongs to another app",
        50003: "the app is disabled",
        853000: "the bot id or the secret is wrong",
    },
    Kind.ADDRESS: {60020: "the caller's address is not among the app's trusted addresses (企业可信IP)"},
    Kind.PERMISSION: {
        60011: "no permission for this member, department or tag",
        48002: "the app may not call this interface",
        60031: "the app may not call this interface",
    },
    Kind.RECIPIENT: {
        40003: "the user id is unknown",
        46004: "the user does not exist",
        60111: "the user is unknown or not in the visible range",
        81013: "no receiver is valid or visible; nothing was sent",
    },
    Kind.RATE: {45009: "called too often; free again when the window has passed", 45033: "too many calls at once"},
    Kind.MEDIA: {
        40004: "the media type is wrong",
        40005: "the file type is wrong",
        40006: "the file size is wrong",
        40007: "the media id is invalid or older than three days",
        40009: "the picture is too big",
        40123: "the picture's format is wrong",
        44001: "the file is empty",
        45001: "the file is too big",
        45007: "the recording is too long",
        301019: "the md5 does not fit the bytes",
    },
    Kind.CONTENT: {
        40008: "the message type is wrong",
        40033: "the body contains \\uXXXX escapes",
        40058: "a parameter is wrong, too long or too many",
        44004: "the text is empty",
        45002: "the text is too long",
        45004: "the description is too long",
        45008: "too many articles",
    },
    Kind.CARD: {60140: "the response code is invalid, or was used already"},
    Kind.GROUP: {
        40050: "the chat id does not exist",
        49008: "the group was dissolved",
        86001: "the chat id is illegal",
        86003: "the chat id does not exist",
        86004: "the group's name is illegal",
        86005: "the group's owner is illegal",
        86006: "the group has too few or too many members",
        86007: "members of the group are illegal",
        86008: "the group was not created by this app",
        93006: "the chat id is invalid: nobody there has spoken to the bot",
    },
    Kind.WEBHOOK: {
        93000: "the webhook is invalid or was removed",
        93004: "the robot was stopped",
        93008: "the robot is not in the group",
    },
    Kind.LATE: {846605: "the request id takes no such reply", 846608: "the stream is older than six minutes"},
}

_CARD_FIELDS = range(42014, 42052)
_EXPLAINED = {code: Explained(kind, meaning) for kind, codes in _TABLE.items() for code, meaning in codes.items()}
_CARD_FIELD = Explained(Kind.CARD, "a field of the template card is wrong")
_UNKNOWN = Explained(Kind.OTHER, "not in this adapter's table; see document 90313")


def explain(errcode: int) -> Explained:
    """What a code means; unknown ones are OTHER."""
    if errcode in _CARD_FIELDS:
        return _CARD_FIELD
    return _EXPLAINED.get(errcode, _UNKNOWN)
