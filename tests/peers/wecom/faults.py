"""What goes wrong on the way, scripted: answers to calls and commands, and callbacks to the bot."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

SENDS = frozenset(
    {
        "message/send",
        "appchat/send",
        "webhook/send",
        "aibot/response",
        "aibot_respond_msg",
        "aibot_respond_welcome_msg",
        "aibot_send_msg",
    }
)


@dataclass(frozen=True, slots=True)
class Script:
    """How one call (or WebSocket command) ends.

    carried_out: people see the message, the media is kept.
    errcode:     overrides the answer's code; None leaves the true one.
    status:      an HTTP status other than 200, with an empty body (HTTP only).
    answered:    whether an answer is sent at all; without one the connection hangs.
    delay:       seconds before the answer.
    reset:       the connection breaks instead of answering.
    """

    carried_out: bool = True
    errcode: int | None = None
    status: int = 200
    answered: bool = True
    delay: float = 0.0
    reset: bool = False


ANSWER_LOST = Script(reset=True)
"""Done, then the connection breaks. On a WebSocket `HANGING` is the lost ack; this one breaks it too."""

CALL_LOST = Script(carried_out=False, reset=True)
HANGING = Script(answered=False)
RESET = Script(carried_out=False, reset=True)
BUSY = Script(carried_out=False, errcode=-1)
RATE_LIMITED = Script(carried_out=False, errcode=45009)
UNAVAILABLE = Script(carried_out=False, status=503)


def slow(seconds: float) -> Script:
    """Carried out at once, answered late."""
    return Script(delay=seconds)


def refusing(errcode: int) -> Script:
    """Not carried out, answered with this code."""
    return Script(carried_out=False, errcode=errcode)


@dataclass(slots=True)
class Faults:
    """The knobs. Numbers count down to nothing; scripts are used up in order.

    duplicate:       so many of the next callbacks (or frames) come twice although the first was answered.
    drop:            so many of the next messages of people never leave the service.
    foreign_ip:      every API that needs a token answers 60020, as from an address nobody allowed.
    refuses_escapes: bodies with \\uXXXX are answered with 40033, as the documents threaten.
    answers_pings:   whether WebSocket protocol pings are answered; nobody knows of the real service.
    """

    duplicate: int = 0
    drop: int = 0
    foreign_ip: bool = False
    refuses_escapes: bool = True
    answers_pings: bool = True
    _scripts: dict[str, deque[Script]] = field(default_factory=lambda: defaultdict(deque))

    def next(self, name: str, script: Script, times: int = 1) -> None:
        """Let the next calls end like this.

        name: an API ("message/send"), a command ("aibot_send_msg"), "file" for downloads from the AI bot's
        addresses, "send" for all that reaches people, or "*".
        """
        self._scripts[name].extend([script] * times)

    def script_for(self, name: str) -> Script:
        """Take the script of this call: one for the very name first, then "send", then "*"."""
        names = [name, "send", "*"] if name in SENDS else [name, "*"]
        for one in names:
            if self._scripts[one]:
                return self._scripts[one].popleft()
        return Script()

    def lost(self) -> bool:
        """Whether the next thing somebody says is lost."""
        if not self.drop:
            return False
        self.drop -= 1
        return True

    def twice(self) -> bool:
        """Whether the next callback comes twice."""
        if not self.duplicate:
            return False
        self.duplicate -= 1
        return True
