"""The examples of docs/measures.md: blocks of a measure's file, and a table of what they make of what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^(\w+) = ", re.MULTILINE)
_FRAME_HEADING = "## 文件的开头"


@dataclass(frozen=True)
class Example:
    """`blocks` are one or two files (two measures in one year); `rows` the cells below the table's `head`."""

    heading: str
    blocks: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def page() -> str:
    return PAGE.read_text("utf-8")


def blocks() -> list[str]:
    """Every fenced block of the page."""
    return [match["body"] for match in _BLOCK.finditer(page())]


def frame() -> str:
    """The head of a file that all examples share: the first block below its heading."""
    _, _, below = page().partition(_FRAME_HEADING)
    match = _BLOCK.search(below)
    assert match is not None
    return match["body"]


def framed(block: str) -> str:
    """A whole file: the frame, with what stands before the first table of the block instead of its own keys."""
    top, bracket, rest = block.partition("[") if not block.startswith("[") else ("", "[", block[1:])
    own = set(_KEY.findall(top))
    kept = [line for line in frame().splitlines() if not (match := _KEY.match(line)) or match[1] not in own]
    return "\n".join([top, *kept, "", bracket + rest])


def examples() -> Iterator[Example]:
    """Every block, or two in a row, with a table right below."""
    text = page()
    found = [(match.start(), match.end(), match["body"]) for match in _BLOCK.finditer(text)]
    files: list[str] = []
    for at, (_, end, body) in enumerate(found):
        files.append(body)
        following = text[end : found[at + 1][0]] if at + 1 < len(found) else text[end:]
        if at + 1 < len(found) and not following.strip():
            continue
        table = [line for line in following.lstrip("\n").splitlines() if line][:1]
        if table and table[0].startswith(("| 发生了什么", "| 单位 | 发生了什么")):
            head, *rows = _table(following)
            yield Example(_heading(text[:end]), tuple(files), head, tuple(rows))
        files = []


def faults() -> Iterator[tuple[str, str]]:
    """Every faulty block and the message printed below it."""
    _, _, below = page().partition("## 常见的错\n")
    found = [(match["language"], match["body"]) for match in _BLOCK.finditer(below)]
    for (first, body), (second, message) in zip(found[::2], found[1::2], strict=True):
        assert (first, second) == ("toml", "text"), body
        yield body, message.strip()


def _heading(text: str) -> str:
    last: str = re.findall(r"^#{2,3} (.+)$", text, re.MULTILINE)[-1]
    return last


def _table(text: str) -> list[tuple[str, ...]]:
    lines = []
    for line in text.lstrip("\n").splitlines():
        if not line.startswith("|"):
            break
        lines.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return [lines[0], *lines[2:]]
