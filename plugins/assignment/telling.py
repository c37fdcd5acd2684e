"""Who is told what happens to an assignment, always in private: the desk what a unit asks, the unit what follows."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands import Call
from domain.commission import Commission
from domain.roster import Person
from domain.speech import Button, Card
from plugins.assignment import office_texts, texts
from services.assignments import Share, desk_of, speakers_of
from services.extensions import Asked, matter_of
from services.mail import tell


def tell_desk(call: Call, commission: Commission, text: str) -> str:
    """Tell the desk about a commission; what the asker reads of it."""
    told = [one for one in _desk(call, commission) if call.tell(one.id, text, call.command.name)]
    return texts.desk_was_told(bool(told))


def tell_desk_of_extension(call: Call, asked: Asked) -> str:
    """Tell the desk that a unit asks for more time, with buttons where there are any; what the asker reads of it."""
    share = asked.share
    grant, refuse = office_texts.decisions(share)
    card = Card(
        matter=matter_of(share),
        title=office_texts.EXTENSION_TITLE.format(number=share.commission.number, unit=share.unit),
        text=office_texts.extension_on_card(asked),
        buttons=(Button(office_texts.GRANT, grant), Button(office_texts.REFUSE, refuse, grave=True)),
        typed=office_texts.HOW_TO_DECIDE.format(grant=grant, refuse=refuse),
    )
    text = office_texts.extension_to_desk(asked, call.person.name)
    told = [one for one in _desk(call, share.commission) if _tell(call, one, text, share, card)]
    return texts.desk_was_told(bool(told))


def _desk(call: Call, commission: Commission) -> list[Person]:
    return [one for one in desk_of(call.tx, commission, call.now.date()) if one.id != call.person.id]


def tell_unit(call: Call, share: Share, text: str, asked_by: int = 0) -> tuple[list[str], list[str]]:
    """Tell a unit what the office decided: whoever asked, else its reporters. Returns who was told and who was not."""
    told: list[str] = []
    missed: list[str] = []
    for person in speakers_of(call.tx, share, call.now.date(), asked_by):
        (told if _tell(call, person, text, share) else missed).append(f"{share.unit} {person.name}")
    return told, missed


def tell_units(call: Call, about: Iterable[tuple[Share, str, int]]) -> str:
    """Tell several units, each (share, text, who asked); the last line of the office's answer."""
    told: list[str] = []
    missed: list[str] = []
    for share, text, asked_by in about:
        reached, not_reached = tell_unit(call, share, text, asked_by)
        told += reached
        missed += not_reached
    return office_texts.who_was_told(list(dict.fromkeys(told)), list(dict.fromkeys(missed)))


def _tell(call: Call, person: Person, text: str, share: Share, card: Card | None = None) -> bool:
    """One message per share: somebody may report for several units of a commission."""
    kind = call.command.name
    dedup = f"{kind}:{share.assignment.id}:{call.incoming.platform}:{call.incoming.key}"
    return tell(
        call.tx, person.id, text, dedup=dedup, kind=kind, now=call.now, prefer=call.incoming.platform, card=card
    )  # fmt: skip
