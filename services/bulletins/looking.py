"""What is asked about bulletins: which one is meant, how it stands, its files for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.moment import to_ms
from domain.period import Period
from domain.speech import Outgoing
from services.board import boards
from services.bulletins.recipients import KIND
from services.cycles import steps
from services.cycles.snapshot import period_of
from services.mail import WITHOUT_FILES
from services.measures import in_force
from services.office import Office
from storage import bulletin as store
from storage import outbox, roster
from storage.bulletin import Filed as Filed
from storage.engine import Tx


def find(tx: Tx, period: Period | None) -> Filed | None:
    """The bulletin of a period; of none the one that was signed last."""
    return store.find(tx, period.code) if period else store.latest(tx)


def meant(tx: Tx, today: date) -> Period:
    """The period most likely meant: the one in hand; the one signed last if nothing but the running month waits."""
    current, latest = steps.current(tx, today), store.latest(tx)
    return period_of(latest.period) if today <= current.last and latest is not None else current


def is_assessed(tx: Tx, office: Office, period: Period) -> bool:
    """Whether any unit stands on a board of the period."""
    return any(boards(tx, period, in_force(tx, office)).values())


def signer(tx: Tx, filed: Filed) -> str:
    """Who signed it."""
    return roster.name_of(tx, filed.signed_by)


def send_files(
    tx: Tx, platform: str, target: str, filed: Filed, parts: Sequence[str], *, dedup: str, now: datetime,
    not_before_ms: int = 0,
) -> bool:  # fmt: skip
    """Queue files of a bulletin to a chat, to be drawn when they leave; False if a bot can send none there."""
    if not target or platform in WITHOUT_FILES:
        return False
    for part in parts:
        outbox.put(
            tx, platform, target, Outgoing("", drawn=f"{KIND}:{filed.id}:{part}"), dedup=f"{dedup}:{part}", kind=KIND,
            now_ms=to_ms(now), not_before_ms=not_before_ms,
        )  # fmt: skip
    return True
