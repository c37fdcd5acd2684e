"""The settings of urgent reports: read into rules, refused with the form they should have."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from pydantic import ValidationError

from bot.section_urgent import Urgent
from domain.urgent import Grade, UrgentRules


def test_the_defaults_are_the_rules_that_come_with_the_program() -> None:
    assert Urgent().rules() == UrgentRules()
    assert Urgent(grades=[]).rules() == UrgentRules()


def test_the_offices_own_words_become_rules() -> None:
    section = Urgent(
        duty_phone=" 0888-1 ", start="事发", grades=["Ⅰ级 书面2小时"], follow_up_at=["06:30"], warn_minutes=0,
        follow_up_warn_minutes=5,
    )  # fmt: skip
    assert section.rules() == UrgentRules(
        (Grade("Ⅰ级", None, timedelta(hours=2), False),), "事发", (time(6, 30),), timedelta(0), timedelta(minutes=5),
        "0888-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("grades", ["重大 立即"], "重大 电话15分钟 书面35分钟 续报"),
        ("grades", ["重大 书面1小时", "重大 书面2小时"], "a name of their own"),
        ("follow_up_at", ["八点"], "hours like 08:00"),
        ("start", "立即", "接报"),
        ("warn_minutes", -1, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(key: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Urgent.model_validate({key: value})
