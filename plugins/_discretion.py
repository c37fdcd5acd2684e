"""Who reads an answer: what shows items of others is not for a group of reporters."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps

from bot.commands import Answer, Call, Handler, Reply
from domain.errors import BaosongError
from services.items import before_the_office


def discreet(handler: Handler) -> Handler:
    """Let a handler answer in private, its errors too, unless it was asked in private or in the office's own group."""

    @wraps(handler)
    def answer(call: Call) -> Answer:
        if before_the_office(call.tx, call.incoming, call.now.date()):
            return handler(call)
        return _in_private(handler, call)

    return answer


def aside(handler: Handler) -> Handler:
    """As `discreet`, and a form that is opened goes on in private too: there it is heard, and nobody else reads it.

    In a group of WeChat Work nothing is heard that does not mention the bot, so no form can be filled in there.
    """

    @wraps(handler)
    def answer(call: Call) -> Answer:
        incoming = call.incoming
        deaf = not incoming.private and incoming.platform == "wecom"
        if not deaf and before_the_office(call.tx, incoming, call.now.date()):
            return handler(call)
        return _in_private(handler, replace(call, incoming=replace(incoming, group="")))

    return answer


def _in_private(handler: Handler, call: Call) -> Answer:
    try:
        with call.tx.savepoint():
            said = handler(call)
    except BaosongError as error:
        return Reply(str(error), private=True)
    if isinstance(said, Reply):
        return replace(said, private=True)
    return None if said is None else Reply(said, private=True)
