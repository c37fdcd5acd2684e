"""The layouts of board tables by name: those that come with the program, and an office's own in a folder of its own.

A file is read when it is asked for, so whoever edits one sees it in the next table.
"""

from __future__ import annotations

from pathlib import Path

import domain
from domain.board_layout import Layout, LayoutFault, parse_layout
from domain.errors import BadInput, NotFound

FOLDER = Path(domain.__file__).parent / "data" / "layouts"

SCOREBOARD, UNRANKED, STANDARD = "scoreboard", "scoreboard-unranked", "standard"
"""The picture for the chat, with and without ranks; the annex of a bulletin."""


def layout_names(own: Path | None = None) -> tuple[str, ...]:
    """The names of all layouts there are."""
    return tuple(sorted(_files(own)))


def layout_named(name: str, own: Path | None = None) -> Layout:
    """The layout of that name; a file in the folder `own` comes before ours.

    Raises NotFound naming those there are, BadInput naming the file, the key and what is allowed there.
    """
    return _read(name, own)[0]


def layout_text(name: str, own: Path | None = None) -> str:
    """The text of that layout's file, for whoever keeps it. Raises as `layout_named`."""
    return _read(name, own)[1]


def _read(name: str, own: Path | None) -> tuple[Layout, str]:
    files = _files(own)
    if name not in files:
        raise NotFound(what=f"表格式样“{name}”", hint=f"现有：{'、'.join(sorted(files))}。")
    try:
        text = files[name].read_text(encoding="utf-8")
        return parse_layout(text), text
    except (LayoutFault, UnicodeDecodeError) as fault:
        raise BadInput(reason=f"表格式样“{files[name].name}”写得不对：{fault}") from fault


def _files(own: Path | None) -> dict[str, Path]:
    folders = (FOLDER, own) if own is not None else (FOLDER,)
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
