"""Who got a bulletin (送达): every part that was queued, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from services.bulletins.recipients import BOARD, DOCX, LETTER, OWN, PDF, PROOF, TEXT, TREND, UNKNOWN, WORDS, XLSX, Kind
from storage import bulletin as store
from storage.bulletin import Copy, Filed
from storage.engine import Tx
from storage.outbox import Sending


class Fate(Enum):
    """What became of what somebody was sent, the worst first; the value is what people read."""

    NOT_REACHED = "没有送达"
    DOUBTFUL = "不明"
    WAITING = "待发"
    SENT = "已送达"


_FATES = {
    Sending.PENDING: Fate.WAITING,
    Sending.SENDING: Fate.WAITING,
    Sending.SENT: Fate.SENT,
    Sending.UNKNOWN: Fate.DOUBTFUL,
    Sending.DEAD: Fate.NOT_REACHED,
    Sending.REFUSED: Fate.NOT_REACHED,
    Sending.DROPPED: Fate.NOT_REACHED,
}
_WORST = list(Fate)

NO_ACCOUNT = "没有绑定账号"
PARTS = {
    TEXT: "文字", LETTER: "文字", WORDS: "文字", OWN: "本单位情况", DOCX: "Word", PDF: "PDF", XLSX: "Excel",
    PROOF: "核对单", BOARD: "排名图", TREND: "走势图",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A part somebody was sent last, and what became of it: the reason if it is not sent. Times are UTC ms."""

    kind: Kind
    name: str
    part: str
    fate: Fate
    reason: str
    sent_ms: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """Somebody with the fate of the worst of their parts, and its reason."""

    kind: Kind
    name: str
    fate: Fate
    reason: str


def lines(tx: Tx, filed: Filed) -> list[Line]:
    """Every part of a bulletin for everybody; of what was sent twice the last."""
    last = {(one.kind, one.name, one.platform, one.target, one.part): one for one in store.copies(tx, filed.id)}
    return [_line(one) for one in last.values()]


def _line(one: Copy) -> Line:
    fate = Fate.NOT_REACHED if one.state is None else _FATES[one.state]
    reason = _why_nowhere(one.name) if one.state is None else "" if fate is Fate.SENT else one.error
    return Line(Kind(one.kind), one.name, _part(one.part), fate, reason, one.sent_ms)


def _why_nowhere(name: str) -> str:
    """Why there is no chat to write to; whom the roster does not have, that stands behind the name."""
    return "" if name.endswith(UNKNOWN) else NO_ACCOUNT


def _part(written: str) -> str:
    """`排名图2` for the second class's picture."""
    name, _, number = written.partition(":")
    return PARTS[name] + (str(int(number) + 1) if number and name != OWN else "")


def by_person(found: Iterable[Line]) -> list[Delivered]:
    """Everybody once, by the worst that became of a part."""
    kinds = list(Kind)

    def who(line: Line) -> tuple[int, str]:
        return kinds.index(line.kind), line.name

    return [_worst(list(own)) for _, own in groupby(sorted(found, key=who), key=who)]


def _worst(own: Sequence[Line]) -> Delivered:
    worst = min(own, key=lambda line: _WORST.index(line.fate))
    return Delivered(worst.kind, worst.name, worst.fate, worst.reason)
