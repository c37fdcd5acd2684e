"""The typefaces: what a document needs is there, what is missing is told, the office's own come first."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import BadInput
from reports import typst_engine
from reports.fonts import ROLES, SERIF, faces, font_files, missing_glyphs
from reports.typst_engine import draw, typeset
from tests.reports.snapshots import AS_OF_MS

PAGE = """#let said = json(bytes(sys.inputs.data))
#set page(width: 80mm, height: auto)
#set text(font: said.faces.body)
#said.name
"""


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates with one page that prints a name."""
    (tmp_path / "page.typ").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(typst_engine, "TEMPLATES", tmp_path)
    monkeypatch.setattr(typst_engine, "_threads", type(typst_engine._threads)())
    return tmp_path


def test_every_mark_of_the_legend_and_rare_names_can_be_printed() -> None:
    assert missing_glyphs("★☆□●○△▽▲▼◣◇◆〔2026〕—“”《》　喆垚昇玥珺䶮𬭎\n") == set()


def test_a_character_no_typeface_has_is_named() -> None:
    assert missing_glyphs("王𠀀县😀") == {"𠀀", "😀"}


def test_without_a_folder_every_role_has_an_open_typeface() -> None:
    assert faces().keys() == ROLES.keys()
    assert faces()["body"] == [SERIF]


def test_a_typeface_in_the_offices_folder_is_found(tmp_path: Path) -> None:
    shutil.copy(font_files()[-1], tmp_path / "own.otf")
    assert font_files(tmp_path)[0] == tmp_path / "own.otf"
    assert faces(tmp_path)["body"] == [SERIF]


def test_a_folder_that_is_not_there_is_refused_with_the_name_of_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="fonts_dir"):
        font_files(tmp_path / "none")


def test_a_folder_without_typefaces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("empty", encoding="utf-8")
    with pytest.raises(BadInput, match="没有字体文件"):
        font_files(tmp_path)


@pytest.mark.usefixtures("templates")
def test_the_same_data_are_the_same_pdf_and_another_time_is_another_one() -> None:
    first, again = (typeset("page", {"name": "云山县"}, as_of_ms=AS_OF_MS) for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF")
    assert typeset("page", {"name": "云山县"}, as_of_ms=AS_OF_MS + 60_000) != first


@pytest.mark.usefixtures("templates")
def test_several_threads_draw_the_same_picture() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: draw("page", {"name": "清河区"}), range(8)))
    assert len({pages[0] for pages in drawn}) == 1
    assert drawn[0][0].startswith(b"\x89PNG")


@pytest.mark.usefixtures("templates")
def test_a_name_that_looks_like_markup_is_only_text() -> None:
    assert draw("page", {"name": '#panic("x") *b* $x$ @r <l>'})


def test_what_the_setter_of_type_has_to_remark_is_a_warning(templates: Path) -> None:
    (templates / "page.typ").write_text('#set text(font: "No Such Face")\n无', encoding="utf-8")
    with pytest.warns(RuntimeWarning, match="no such face"):
        draw("page", {})
