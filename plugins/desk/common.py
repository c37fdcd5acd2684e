"""What the desk's commands share: how they are declared, how an item is named, who is told what came of a step."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import Call, Handler, command
from domain.adoption import DIGEST
from domain.item import Item
from domain.roster import DESK, Person
from plugins.desk import texts
from services.desk import Clerk, Done
from services.items import split_number, unit_label

FAMILY = "办理"


def desk_command(name: str, *words: str, summary: str, usage: str, example: str = "") -> Callable[[Handler], Handler]:
    """Declare a command of the desk."""
    return command(name, *words, who=DESK, family=FAMILY, summary=summary, usage=usage, example=example)


def clerk_of(call: Call) -> Clerk:
    """Whoever asks, at work."""
    return Clerk(call.tx, call.office, call.person, call.now)


def number_and_rest(call: Call) -> tuple[str, str]:
    """The number the words begin with, and everything behind it, further lines included."""
    number, rest = split_number(call.words)
    return number, f"{rest} {call.body}".strip()


def tell_and_say(call: Call, done: Done, answer: str, text: str, *, what: str = "", reason: str = "") -> str:
    """Tell everybody concerned in private, each with the points of their own units; the desk's answer says whom."""
    told: list[str] = []
    missed: list[str] = []
    for person in done.to_tell:
        own = [move for move in done.moves if move.unit_id in person.unit_ids]
        said = text.format(
            whose=_whose(done.item, person),
            name=done.item.name,
            number=done.item.number,
            what=what,
            reason=reason or done.item.note,
            state=done.item.state.label,
            points=texts.points(own),
        )
        name = f"{unit_label(call.tx, person.unit_id or 0, call.now.year)} {person.name}".strip()
        (told if call.tell(person.id, said, f"desk {call.command.name}") else missed).append(name)
    return answer + texts.who_was_told(told, missed)


def _whose(item: Item, person: Person) -> str:
    if person.id == item.author_id:
        return texts.YOURS
    if item.form == DIGEST:
        return texts.CONTRIBUTED
    return texts.JOINTLY if len(item.units) > 1 else texts.OURS
