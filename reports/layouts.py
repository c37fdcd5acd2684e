"""The layouts of board tables that come with the program, by name; an office may keep files of its own beside them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import domain
from domain.board_layout import Layout, parse_layout
from domain.errors import NotFound

FOLDER = Path(domain.__file__).parent / "data" / "layouts"

SCOREBOARD, STANDARD = "scoreboard", "standard"
"""The picture for the chat; the annex of a bulletin."""


def layout_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of all layouts there are."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@lru_cache(maxsize=32)
def layout_named(name: str, folder: Path = FOLDER) -> Layout:
    """The layout of that name. Raises NotFound naming those there are, LayoutFault when its file is wrong."""
    if name not in layout_names(folder):
        raise NotFound(what=f"表格式样“{name}”", hint=f"现有：{'、'.join(layout_names(folder))}。")
    return parse_layout((folder / f"{name}.toml").read_text(encoding="utf-8"))
