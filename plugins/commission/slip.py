"""From a commission to its slip."""

from __future__ import annotations

from bot.commands import Call
from domain.commission import Commission
from domain.moment import day_of
from services.commissions import viewing
from services.commissions.texts import by_part, part_line, short_number, show_due


def write(call: Call, one: Commission) -> bytes:
    """The slip of a commission as a Word file."""
    from reports.slip import Slip, write_slip  # 17 MB that most days nobody asks for

    day = call.now.date()
    assigned, labels = viewing.unit_names(call.tx, one, day)
    slip = Slip(
        office=call.office.name,
        number=one.number,
        day=day_of(one.issued_ms),
        topic=one.topic,
        requirement=one.requirement,
        source=one.source.value,
        class_name=one.class_name,
        length=one.length,
        due=show_due(one.due_ms),
        units=tuple(dict.fromkeys(labels.get(each.unit_id, "") for each in assigned)),
        parts=tuple(part_line(units, labels, with_due=True) for units in by_part(assigned).values()),
        contact=viewing.contact(call.tx, one, day),
    )
    return write_slip(slip)


def file_name(one: Commission) -> str:
    """`交办单 约18.docx`."""
    return f"交办单 {short_number(one)}.docx"
