"""Whom a message goes to, and what came of it. Ids are never changed: an all-digit id may be a person, case matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .parse import text_of
from .utils import listed


class To(StrEnum):
    """What an id names."""

    USER = "user"
    PARTY = "party"
    TAG = "tag"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of receiver and its ids."""

    to: To
    ids: tuple[str, ...]

    @classmethod
    def user(cls, *user_ids: str) -> Target:
        """People; `@all` is everybody in the app's visible range."""
        return cls(To.USER, user_ids)

    @classmethod
    def party(cls, *party_ids: str) -> Target:
        """Departments."""
        return cls(To.PARTY, party_ids)

    @classmethod
    def tag(cls, *tag_ids: str) -> Target:
        """Tags."""
        return cls(To.TAG, tag_ids)

    @classmethod
    def chat(cls, chat_id: str) -> Target:
        """A group: one the app created, or one the AI bot was spoken to in."""
        return cls(To.CHAT, (chat_id,))


@dataclass(frozen=True, slots=True)
class Sent:
    """The service took a message. Ids of receivers it did not reach come back in lower case (document 90236)."""

    msgid: str = ""
    response_code: str = field(default="", repr=False)
    invalid_users: tuple[str, ...] = ()
    invalid_parties: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()
    unlicensed_users: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Sent:
        """Read an answer of message/send, appchat/send or update_template_card."""
        return cls(
            msgid=text_of(answer, "msgid"),
            response_code=text_of(answer, "response_code"),
            invalid_users=listed(answer.get("invaliduser")),
            invalid_parties=listed(answer.get("invalidparty")),
            invalid_tags=listed(answer.get("invalidtag")),
            unlicensed_users=listed(answer.get("unlicenseduser")),
        )
