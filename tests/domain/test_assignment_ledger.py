"""What the ledger of commissions says of one assignment, and how rates are worked out."""

from __future__ import annotations

import pytest

from domain.assignment_ledger import HIDDEN, Counts, Head, Line, Missed, Record, for_chat, total
from domain.commission import Outcome, Source, Stage, Way

HEAD = Head(
    1, "约 2026-018", "小型水库管护", "写问题", "问题", Source.PROVINCE, Way.CHAT, "水利", False, 100, 10, "吴科员"
)


def line(stage: str = "issued", answered: int = 0, closed: int = 0, outcome: Outcome | None = None) -> Line:
    """A line that was due at 100."""
    return Line(HEAD, 1, 2, 100, Stage(stage), 20 if answered else 0, answered, closed, outcome, 0)


CASES = [
    # stage, answered, closed, reason; what holds: excused, delivered, late, missed, missing at 90 (?), at 110 (x)
    (("issued", 0, 0, None), "-----x"),
    (("received", 0, 0, None), "-----x"),
    (("declined", 0, 0, None), "-----x"),
    (("answered", 80, 0, None), "-d----"),
    (("answered", 100, 0, None), "-d----"),
    (("answered", 101, 0, None), "-dlm--"),
    (("closed", 80, 120, Outcome.ADOPTED), "-d----"),
    (("closed", 101, 120, Outcome.SENT), "-dlm--"),
    (("closed", 0, 120, Outcome.SENT), "-d----"),
    (("closed", 0, 120, Outcome.ADOPTED), "-d----"),
    (("closed", 0, 120, Outcome.MERGED), "e-----"),
    (("closed", 101, 120, Outcome.MERGED), "-dlm--"),
    (("closed", 0, 120, Outcome.EXEMPT), "e-----"),
    (("closed", 101, 120, Outcome.EXEMPT), "e-----"),
    (("closed", 0, 120, Outcome.UNDONE), "---m--"),
    (("closed", 80, 120, Outcome.UNDONE), "-d-m--"),
]


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_what_is_owed_sent_late_and_missed_follows_from_the_facts(
    facts: tuple[str, int, int, Outcome | None], expected: str
) -> None:
    one = line(*facts)
    told = (one.is_excused, one.is_delivered, one.is_late, one.is_missed, one.is_missing(90), one.is_missing(110))
    assert "".join(mark if said else "-" for said, mark in zip(told, "edlm?x", strict=True)) == expected
    assert one.is_overdue(110) == (one.is_missed or one.is_missing(110))


def test_a_digest_that_was_adopted_counts_until_the_office_exempts() -> None:
    assert line("answered", 80)._replace(item_adopted=1).is_adopted
    assert not line("closed", 80, 120, Outcome.EXEMPT)._replace(item_adopted=1).is_adopted
    assert line("closed", 0, 120, Outcome.ADOPTED).is_adopted


def test_rates_are_cut_not_rounded_and_nothing_owed_is_no_rate() -> None:
    counts = Counts(issued=8, excused=1, delivered=4, on_time=3, adopted=1)
    assert (counts.owed, counts.completion, counts.punctuality, counts.hits) == (7, 5714, 4285, 2500)
    assert Counts(issued=2, excused=2).completion is None
    assert Counts(issued=2).completion == 0
    assert Counts(issued=2).hits is None


def test_sums_add_every_number_and_every_reason() -> None:
    one = Counts({Outcome.EXEMPT: 1}, 1, 2, 1)
    other = Counts({Outcome.EXEMPT: 2, Outcome.SENT: 1}, 1, 3, 2, 1, 1)
    assert total([one, other]) == Counts({Outcome.EXEMPT: 3, Outcome.SENT: 1}, 2, 5, 3, 1, 1)
    assert total([]) == Counts()


def test_twice_is_grave_once_is_not() -> None:
    assert not Missed("云山县", 2026, ("约 2026-003",)).is_grave
    assert Missed("云山县", 2026, ("约 2026-003", "约 2026-011")).is_grave


def test_what_may_not_be_in_a_chat_leaves_only_its_number() -> None:
    secret = Head(2, "约 2026-019", "密", "密", "密", Source.CITY, Way.CHAT, "密", True, 100, 10, "吴科员")
    records = [
        Record(line(), "云山县", angle="管护"),
        Record(line()._replace(head=secret), "清河区", "王五", "密", ("2026-0001",), "", "密"),
    ]
    open_one, hidden = for_chat(records)
    assert open_one == records[0]
    assert "密" not in repr(hidden)
    assert hidden.line.head.topic == HIDDEN
    assert (hidden.line.head.number, hidden.unit, hidden.person) == ("约 2026-019", "清河区", "王五")
