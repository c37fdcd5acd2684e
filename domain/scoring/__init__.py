"""From what happened to the entries of the units (计分流水): pure functions, the same for the same facts.

`score_item` takes all live facts of one item and gives all its entries, `score_event` does it for one fact about a
unit. The caller compares them with what is booked and appends the difference; nothing here knows what was booked. A
fact is scored under the measure in force on its day, and a new measure never takes back old points.

On the way a fact is a case (`case`), each kind has its own small function (`kinds`, `notes`, `events`, `commission`),
the parts of joint items are in `share`, what counts beside what in `combine`, what parents get in `rollup`. What a
span of time brings or costs is in `settle`.
"""

from __future__ import annotations

from domain.scoring.case import ClassOf
from domain.scoring.fact import Entry, Fact
from domain.scoring.item import score_event, score_item
from domain.scoring.rollup import ParentOf, no_parent
from domain.scoring.share import split_equally

__all__ = ["ClassOf", "Entry", "Fact", "ParentOf", "no_parent", "score_event", "score_item", "split_equally"]
