"""The page about layouts: every example is a file that reads, and the table below it is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.board_layout import parse_layout
from domain.board_table import Table, table_of
from reports.layouts import layout_names
from tests.reports.snapshots import city

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "layouts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


def drawn(table: Table) -> str:
    """A table as the page shows it."""
    head = [["？"] * len(table.columns) for _ in range(table.depth)]
    for cell in table.head:
        for line in range(cell.line, cell.line + cell.lines):
            for place in range(cell.place, cell.place + cell.places):
                head[line][place] = "↑" if line > cell.line else "←" if place > cell.place else cell.text
    rows = [[cell.text for cell in row] for row in (*table.rows, table.sums) if row]
    lines = [table.title, *("｜".join(row) for row in (*head, *rows)), table.clause]
    lines += [f"{table.apart_title}：{'、'.join(table.apart)}"] if table.apart else []
    return "".join(f"{line}\n" for line in lines if line)


@pytest.mark.parametrize(("written", "shown"), EXAMPLES)
def test_an_example_gives_the_table_below_it(written: str, shown: str) -> None:
    frozen = city()
    assert drawn(table_of(frozen, frozen.classes[0], parse_layout(written))) == shown


def test_no_example_stands_without_its_table() -> None:
    assert len(EXAMPLES) == PAGE.count("```toml") > 0


def test_the_page_lists_every_layout_there_is() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \|", PAGE.partition("## 现成的")[2], re.MULTILINE)
    assert sorted(listed) == list(layout_names())
