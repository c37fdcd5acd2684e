"""Setting type: a template of ours and plain data become a PDF or a picture, without any program but pip packages.

The data reach the template as JSON text, so nothing in a title or a name is ever taken for markup. A compiler belongs
to one thread; the typefaces are shared. The same data are the same bytes: the only time in a file is its `as_of_ms`.
"""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reports.fonts import faces, shared_fonts

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATES = Path(__file__).parent / "templates"
PPI = 144
"""Pixels an inch: two pixels a point, sharp on a phone."""

_threads = threading.local()


def typeset(template: str, data: Mapping[str, object], *, as_of_ms: int, folder: Path | None = None) -> bytes:
    """The PDF of `templates/<template>.typ`; `as_of_ms` (UTC) is the date it bears, `folder` the office's typefaces.

    The template finds the data with `json(bytes(sys.inputs.data))`, and the typefaces under their key `faces`.
    """
    made = _compile(template, data, "pdf", folder, as_of_ms=as_of_ms)
    return made[0]


def draw(
    template: str, data: Mapping[str, object], *, folder: Path | None = None, ppi: float = PPI
) -> tuple[bytes, ...]:
    """The pages of a template as PNG; one whose page has `height: auto` gives one picture."""
    return tuple(_compile(template, data, "png", folder, ppi=ppi))


def _compile(
    template: str,
    data: Mapping[str, object],
    kind: Literal["pdf", "png"],
    folder: Path | None,
    *,
    as_of_ms: int = 0,
    ppi: float | None = None,
) -> list[bytes]:
    """Raises typst.TypstError on a fault in a template, which is a fault of ours."""
    said = json.dumps({**data, "faces": faces(folder)}, ensure_ascii=False)
    made, remarks = _compiler(folder).compile_with_warnings(
        input=str(TEMPLATES / f"{template}.typ"),
        format=kind,
        ppi=ppi,
        sys_inputs={"data": said},
        timestamp=as_of_ms // 1000,
    )
    for remark in remarks:
        warnings.warn(f"{template}.typ: {remark}", RuntimeWarning, stacklevel=3)
    if made is None:
        raise RuntimeError("typst gave nothing back although no file was named")
    return made if isinstance(made, list) else [made]


def _compiler(folder: Path | None) -> Compiler:
    """This thread's own compiler: a shared one refuses the second thread."""
    from typst import Compiler

    mine: dict[Path | None, Compiler] = _threads.__dict__.setdefault("compilers", {})
    if folder not in mine:
        mine[folder] = Compiler(root=str(TEMPLATES), font_paths=shared_fonts(folder))
    return mine[folder]
