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
        try:
            with call.tx.savepoint():
                said = handler(call)
        except BaosongError as error:
            return Reply(str(error), private=True)
        if isinstance(said, Reply):
            return replace(said, private=True)
        return None if said is None else Reply(said, private=True)

    return answer
