"""Finding the line of a key path in a TOML text, however it is laid out."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure.lines import line_in, line_of, lines_of

ODD = '''# a comment with [brackets] and "quotes
id = "x" # why
"引 号.点" = """first
] not an end = 1
\\""" still inside""""
dotted.keys . here = 1
list = [
  "x", # ]
  { inner = 1, "y z" = { deep = [1,
     2] } },
]
literal = 'C:\\'
[articles]
1 = "一"
"2" = \'\'\'二
[[rule]]
\'\'\'
[[rule]]
points = -3.5
[rule.by_class]
"县（市、区）" = 1

[[rule]]
day = 2026-01-01 # a day
  [[rule.sub]]
  z = 1
  [[rule.sub]]
  z = { a = [], b = {} }
[plain.deeper]
k = true
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("id", 2),
        ("引 号.点", 3),
        ("dotted", 6),
        ("dotted.keys.here", 6),
        ("list", 7),
        ("list[1]", 8),
        ("list[2].inner", 9),
        ("list[2].y z.deep[2]", 10),
        ("literal", 12),
        ("articles", 13),
        ("articles.1", 14),
        ("articles.2", 15),
        ("rule[1]", 18),
        ("rule[1].points", 19),
        ("rule[1].by_class.县（市、区）", 21),
        ("rule[2].day", 24),
        ("rule[2].sub[2]", 27),
        ("rule[2].sub[2].z.b", 28),
        ("plain", 29),
        ("plain.deeper.k", 30),
    ],
)
def test_a_path_stands_on_its_line(path: str, line: int) -> None:
    tomllib.loads(ODD)
    assert lines_of(ODD)[path] == line
    assert lines_of(ODD.replace("\n", "\r\n"))[path] == line


@pytest.mark.parametrize(
    ("path", "line"),
    [("rule[1].article", 18), ("rule[1].by_class.乡镇", 20), ("rule[2].sub[1].q", 25), ("missing", 1), ("（全文）", 1)],
)
def test_a_key_that_is_not_written_is_missed_where_its_table_begins(path: str, line: int) -> None:
    assert line_of(lines_of(ODD), path) == line


def test_the_line_the_toml_reader_names_is_taken() -> None:
    assert line_in("Invalid value (at line 12, column 5)") == 12
    assert line_in("Unclosed (at end of document)") is None


KEYS = st.text(st.sampled_from("ab 点.[]'\\\"#="), min_size=1, max_size=5)
SCALARS = ["1", "true", '""', "''", '"a\\"]#"', "'a]#\\'", '"""\n"\n"""', "'''\n''a'''", "2026-01-01", "1e9"]


def array(elements: list[str]) -> str:
    return "[\n" + "".join(f"{element}, # x ]\n" for element in elements) + "]"


VALUES = st.recursive(st.sampled_from(SCALARS), lambda inner: st.lists(inner, max_size=3).map(array), max_leaves=5)


@given(pairs=st.lists(st.tuples(KEYS, VALUES), max_size=6, unique_by=lambda pair: pair[0]))
def test_every_key_of_any_text_is_found_on_the_line_it_begins(pairs: list[tuple[str, str]]) -> None:
    text, begins = "", {}
    for key, value in pairs:
        begins[key] = text.count("\n") + 1
        quoted = key.replace("\\", "\\\\").replace('"', '\\"')
        text += f'"{quoted}" = {value}\n'
    assert list(tomllib.loads(text)) == list(begins)
    found = lines_of(text)
    assert {key: found[key] for key in begins} == begins
