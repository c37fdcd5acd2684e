"""What goes wrong on the way, scripted: answers to calls, and the frames that carry what people say."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from .segments import Json

SEND_ACTIONS = frozenset(
    {
        "send_msg",
        "send_group_msg",
        "send_private_msg",
        "send_group_forward_msg",
        "upload_group_file",
        "upload_private_file",
    }
)


@dataclass(frozen=True, slots=True)
class Script:
    """How one call ends.

    carried_out: people see the message (or the lookup is made).
    retcode:     overrides the answer's retcode; None leaves the true one.
    answered:    whether an answer is sent at all.
    delay:       seconds before the answer.
    reset:       the connection is reset instead of answering.
    """

    carried_out: bool = True
    retcode: int | None = None
    answered: bool = True
    delay: float = 0.0
    reset: bool = False


ANSWER_LOST = Script(answered=False)
CALL_LOST = Script(carried_out=False, answered=False)
SENT_BUT_1200 = Script(retcode=1200)
FAILED = Script(carried_out=False, retcode=1200)


def slow(seconds: float) -> Script:
    """Carried out at once, answered late."""
    return Script(delay=seconds)


@dataclass(slots=True)
class Faults:
    """The knobs. Numbers count down to nothing; scripts are used up in order.

    duplicate: so many of the next event frames are sent twice.
    drop:      so many of the next event frames never leave (the history keeps the message).
    swap:      so many of the next pairs of event frames arrive the wrong way round; the first of a pair waits
               for the second. Lifecycle and heartbeat frames are never touched.
    delay:     seconds before every answer.
    """

    duplicate: int = 0
    drop: int = 0
    swap: int = 0
    delay: float = 0.0
    _scripts: dict[str, deque[Script]] = field(default_factory=lambda: defaultdict(deque))
    _held: Json | None = None

    def next(self, action: str, script: Script, times: int = 1) -> None:
        """Let the next calls end like this; the action may be "send" for all that reach people, or "*"."""
        self._scripts[action].extend([script] * times)

    def clear(self) -> None:
        """No scripts any more: all is well again."""
        self._scripts.clear()

    def script_for(self, action: str) -> Script:
        """Take the script of this call: one for the very action first, then "send", then "*"."""
        names = [action, "send", "*"] if action in SEND_ACTIONS else [action, "*"]
        for name in names:
            if self._scripts[name]:
                return self._scripts[name].popleft()
        return Script()

    def on_the_way(self, frame: Json) -> list[Json]:
        """The frames that leave when this event happens, in the order in which they arrive."""
        if self.drop:
            self.drop -= 1
            return []
        copies = [frame]
        if self.duplicate:
            self.duplicate -= 1
            copies = [frame, frame]
        return self._swapped(copies)

    def _swapped(self, frames: list[Json]) -> list[Json]:
        if self._held is not None:
            held, self._held = self._held, None
            return [*frames, held]
        if self.swap and len(frames) == 1:
            self.swap -= 1
            self._held = frames[0]
            return []
        return frames
