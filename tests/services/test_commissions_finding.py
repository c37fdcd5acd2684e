"""The number of a commission, in every way people write it."""

from __future__ import annotations

import pytest

from domain.errors import BadInput
from services.commissions.finding import read_number


@pytest.mark.parametrize(
    "written", ["约 2026-018", "约2026-18", "约18", "#约18", "＃约１８", "18", "约018号", "2026-18", "约 2026—018"]
)
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    assert read_number(written, 2026) == "约 2026-018"


def test_a_number_with_a_year_keeps_it() -> None:
    assert read_number("约2025-7", 2026) == "约 2025-007"
    assert read_number("约 2026-1234", 2026) == "约 2026-1234"


@pytest.mark.parametrize("written", ["", "约", "夏粮", "约0", "18人", "2026-11-28"])
def test_what_is_no_number_is_refused_with_the_forms(written: str) -> None:
    with pytest.raises(BadInput, match="约 2026-018"):
        read_number(written, 2026)
