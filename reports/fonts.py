"""The typefaces of the PDFs and pictures: open ones from a pinned package, before them the office's own.

An office that has bought the official typefaces (仿宋_GB2312, 方正小标宋) puts their files in a folder of its own
(`fonts_dir`); they are taken by their names, role by role, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import BadInput

if TYPE_CHECKING:
    from typst import Fonts

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"

ROLES: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", SERIF),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "FZFangSong-Z02", "仿宋", "FangSong", SERIF),
    "label": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", SANS),
    "second": ("楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "FZKai-Z03", "楷体", "KaiTi", SERIF),
    "folio": ("宋体", "SimSun", SERIF),
    "sans": (SANS,),
}
"""What a typeface is for and the names it may have, best first; the last is always there."""

_ENDINGS = (".otf", ".ttf", ".ttc", ".otc")


def font_files(folder: Path | None = None) -> tuple[Path, ...]:
    """The files of the office's folder, in order of their names, and those of the package.

    Raises BadInput when there is no such folder or no typeface in it.
    """
    from pylopdf_fonts_zh_cn import sans_path, serif_path

    return (*_own_files(folder), sans_path(), serif_path())


def _own_files(folder: Path | None) -> Sequence[Path]:
    if folder is None:
        return ()
    if not folder.is_dir():
        raise BadInput(reason=f"没有字体文件夹“{folder}”。请检查设置 fonts_dir，或把它去掉，用自带的字体。")
    found = sorted(path for path in folder.rglob("*") if path.suffix.casefold() in _ENDINGS)
    if not found:
        raise BadInput(reason=f"字体文件夹“{folder}”里没有字体文件（.ttf、.otf、.ttc）。")
    return found


@lru_cache(maxsize=4)
def shared_fonts(folder: Path | None = None) -> Fonts:
    """The typefaces as typst wants them. They may be shared by threads."""
    import typst

    paths = dict.fromkeys(str(path.parent) for path in font_files(folder))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths))


@lru_cache(maxsize=4)
def faces(folder: Path | None = None) -> dict[str, list[str]]:
    """For each role the names of the typefaces that are there, best first: a template is never told of another one."""
    known = {name.casefold(): name for name in shared_fonts(folder).families()}
    return {
        role: [known[name.casefold()] for name in names if name.casefold() in known] for role, names in ROLES.items()
    }


def missing_glyphs(text: str, folder: Path | None = None) -> set[str]:
    """The characters of a text that no typeface has: they would come out as empty boxes, and typst does not say so."""
    wanted = {character for character in text if character.isprintable() and not character.isspace()}
    for path in font_files(folder):
        wanted = {character for character in wanted if ord(character) not in _characters(path)}
    return wanted


@lru_cache(maxsize=16)
def _characters(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or ())
