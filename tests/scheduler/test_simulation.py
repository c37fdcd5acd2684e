"""Two simulated months (`make simulate` plays a year): no step is lost, doubled, out of hours or over the cap."""

from __future__ import annotations

import pytest

from benchmarks.simulate.__main__ import table
from benchmarks.simulate.year import Size, play


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "cap"), [(1, 1), (2, 2)])
async def test_two_months_of_answers_extensions_and_outages_break_no_rule(seed: int, cap: int) -> None:
    played = await play(Size(units=20, commissions=40, days=60, outages=14, seed=seed, cap=cap), lambda _: None)
    assert played.found.ok, table(played)
    assert {state for state, _ in played.found.steps} == {"sent", "merged", "skipped"}
    assert played.acts.keys() >= {"issued", "receive", "answer", "ask", "grant", "decline", "closed"}
