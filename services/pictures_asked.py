"""Pictures somebody asks for: the board of a class, the trend of the months. They are drawn when they leave, from the
frozen board or else from what stands at that moment; the picture says as of when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.moment import to_ms
from domain.period import Period
from domain.snapshot import Snapshot
from domain.speech import Outgoing
from services.cycles.snapshot import board_for, period_of
from services.mail import WITHOUT_FILES
from services.office import Office
from storage import outbox
from storage.engine import Tx

KIND = "picture"
"""The kind of the messages, and what their names begin with: `picture:board:2026-10:重点部门`."""

What = Literal["board", "trend"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The picture a name stands for; the trend of all units has no class."""

    what: What
    period: Period
    class_name: str = ""

    @property
    def name(self) -> str:
        return f"{KIND}:{self.what}:{self.period.code}:{self.class_name}"


def wanted_by(name: str) -> Wanted | None:
    """The picture a name stands for; None for the name of something else."""
    kind, _, rest = name.partition(":")
    what, _, rest = rest.partition(":")
    code, _, class_name = rest.partition(":")
    if kind != KIND or what not in ("board", "trend"):
        return None
    return Wanted("board" if what == "board" else "trend", period_of(code), class_name)


def send(tx: Tx, platform: str, target: str, wanted: Wanted, *, dedup: str, now: datetime) -> bool:
    """Queue a picture to a chat; False where a bot can send none."""
    if not target or platform in WITHOUT_FILES:
        return False
    message = Outgoing("", drawn=wanted.name)
    return outbox.put(tx, platform, target, message, dedup=f"{dedup}:{wanted.name}", kind=KIND, now_ms=to_ms(now))


def drawn_from(tx: Tx, office: Office, wanted: Wanted, now: datetime) -> Snapshot:
    """The board to draw. Raises BadPeriod for a span that is not made of whole months of one year."""
    snapshot, _ = board_for(tx, office, wanted.period, now)
    return snapshot
