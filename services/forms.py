"""Forms half filled in, as plugins see them: one per person and chat, kept for some days, gone when closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.moment import to_ms
from domain.speech import Incoming
from storage import dialogue
from storage.dialogue import Dialogue as Dialogue
from storage.engine import Tx

KEPT = timedelta(days=3)


def current(tx: Tx, incoming: Incoming) -> Dialogue | None:
    """The form the sender has open in this chat, even if it is stale."""
    return dialogue.find(tx, incoming.platform, incoming.group, incoming.account)


def is_stale(form: Dialogue, now: datetime) -> bool:
    """Whether nobody went on with it for so long that it must not swallow a message any more."""
    return form.updated_ms < to_ms(now - KEPT)


def go_to(
    tx: Tx, incoming: Incoming, person_id: int, name: str, step: str, answers: dict[str, str], now: datetime
) -> None:
    """Open a form, or move it to a step with all answers given so far."""
    dialogue.keep(
        tx, incoming.platform, incoming.group, incoming.account, person_id, name, step, answers, to_ms(now)
    )  # fmt: skip


def close(tx: Tx, incoming: Incoming) -> bool:
    """Close the form of this chat; False if there was none."""
    return dialogue.end(tx, incoming.platform, incoming.group, incoming.account)
