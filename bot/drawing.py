"""The courier's artist: draws files when they leave; those of a bulletin once, however many people are sent them.

A name says what is to be drawn: `bulletin:7:docx`, `bulletin:7:board.png:0` (the first class). What is drawn depends on
the stored board and wishes alone, so the same name is the same bytes until a draft is made anew. A picture somebody
asks for (`services.pictures_asked`) is drawn of what stands at that moment, and not kept.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from domain.bulletin import without_ranks
from domain.errors import BaosongError, NotFound
from domain.moment import Clock
from domain.snapshot import ClassBoard, Snapshot
from domain.speech import Outgoing
from services import pictures_asked
from services.bulletins.drafting import Draft, read, tell_missing
from services.bulletins.recipients import BOARD, DOCX, PDF, PROOF, TREND, XLSX
from services.office import Office
from services.pictures_asked import Wanted
from storage import bulletin as bulletins
from storage.bulletin import Material
from storage.engine import Store, Tx

logger = logging.getLogger("baosong.drawing")

KEPT = 24
"""Files kept: all parts of one bulletin and those of a draft."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was drawn; `missing` are characters no typeface has: they are empty boxes in it."""

    name: str
    content: bytes
    picture: bool = False
    missing: frozenset[str] = frozenset()

    @property
    def message(self) -> Outgoing:
        return Outgoing(
            "", file_name=self.name, file_base64=base64.b64encode(self.content).decode("ascii"), picture=self.picture
        )


_Key = tuple[int, str, str, str]


class Studio:
    """Draws one file at a time, beside the event loop; `fonts` is the folder of the office's own typefaces."""

    def __init__(self, store: Store, clock: Clock, office: Office, fonts: Path | None = None) -> None:
        self._store, self._clock, self._office, self._fonts = store, clock, office, fonts
        self._drawn: OrderedDict[_Key, asyncio.Task[File]] = OrderedDict()
        self._turn = asyncio.Lock()

    async def draw(self, name: str) -> Outgoing:
        """The file a name stands for. Raises BaosongError with a reference to the log if it cannot be drawn."""
        wanted = pictures_asked.wanted_by(name)
        if wanted is not None:
            return (await self._of_now(wanted)).message
        id, part = _parsed(name)
        filed = await self._store.read(bulletins.by_id, id)
        if filed is None:
            raise NotFound(what=f"通报{id}")
        file = await self._once((id, filed.hash, filed.wishes, part))
        return file.message

    async def _once(self, key: _Key) -> File:
        """What was drawn before, what is being drawn, or a new drawing. One that failed is tried again when asked."""
        task = self._drawn.get(key)
        if task is None or (task.done() and task.exception() is not None):
            task = self._drawn[key] = asyncio.create_task(self._draw(key))
        self._drawn.move_to_end(key)
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return await asyncio.shield(task)

    async def _draw(self, key: _Key) -> File:
        id, _, _, part = key
        material = await self._store.read(bulletins.material, id)
        assert material is not None, "a bulletin is never deleted"
        file = await self._beside(f"bulletin {id}, {part}", partial(render, material, part, self._fonts))
        if file.missing:
            logger.warning("bulletin %s, %s: no typeface has %s", id, part, " ".join(sorted(file.missing)))
            await self._store.run(_tell, self._office, id, "".join(sorted(file.missing)), self._clock.now())
        return file

    async def _of_now(self, wanted: Wanted) -> File:
        snapshot = await self._store.read(pictures_asked.drawn_from, self._office, wanted, self._clock.now())
        ranks = self._office.bulletins.ranks
        return await self._beside(wanted.name, partial(picture, snapshot, wanted, self._fonts, ranks=ranks))

    async def _beside(self, what: str, draw: Callable[[], File]) -> File:
        """Draw in a thread, one file at a time."""
        try:
            async with self._turn:
                return await asyncio.to_thread(draw)
        except BaosongError:
            raise
        except Exception:  # boundary: a fault in drawing must not stop what else the courier has to send
            reference = secrets.token_hex(4).upper()
            logger.exception("fault %s in drawing %s", reference, what)
            raise BaosongError(reason=f"文件没有画成，编号 {reference}；原因在日志里。") from None


def _tell(tx: Tx, office: Office, id: int, missing: str, now: datetime) -> None:
    tell_missing(tx, office, id, missing, now)


def _parsed(name: str) -> tuple[int, str]:
    """(bulletin, part) of `bulletin:7:board.png:0`."""
    kind, _, rest = name.partition(":")
    number, _, part = rest.partition(":")
    if kind != "bulletin" or not number.isdecimal() or part.partition(":")[0] not in _RENDERERS:
        raise BaosongError(reason=f"不会画“{name}”。")
    return int(number), part


def render(material: Material, part: str, fonts: Path | None = None) -> File:
    """Draw one part. The same material is the same bytes. Raises BadInput for a template or fonts that cannot be used,
    ValueError for a board whose bytes were changed."""
    kind, _, number = part.partition(":")
    return _RENDERERS[kind](_Drawing(material, read(material), fonts), number)


@dataclass(frozen=True, slots=True)
class _Drawing:
    material: Material
    draft: Draft
    fonts: Path | None

    def named(self, what: str, ending: str) -> str:
        """`2026年10月政务信息通报.docx`, of a draft with the word."""
        mark = "" if self.material.filed.is_signed else "（草稿）"
        return f"{self.draft.snapshot.label}{what}{mark}.{ending}".replace("/", "／")


def _docx(drawing: _Drawing, _: str) -> File:
    from reports.bulletin_docx import write_docx

    content = write_docx(drawing.draft.bulletin, drawing.material.template or None)
    return File(drawing.named("政务信息通报", "docx"), content)


def _pdf(drawing: _Drawing, _: str) -> File:
    from reports.bulletin_pdf import unprintable, write_pdf

    bulletin = drawing.draft.bulletin
    missing = frozenset(unprintable(bulletin, drawing.fonts))
    return File(drawing.named("政务信息通报", "pdf"), write_pdf(bulletin, drawing.fonts), missing=missing)


def _xlsx(drawing: _Drawing, _: str) -> File:
    from reports.board_xlsx import board_xlsx

    wishes = drawing.draft.wishes
    tables = wishes.tables if wishes.brief.ranks else without_ranks(wishes.tables)
    content = board_xlsx(drawing.draft.snapshot, tables)
    return File(drawing.named("政务信息通报", "xlsx"), content)


def _proof(drawing: _Drawing, _: str) -> File:
    from reports.proof import NAME, write_proof

    draft = drawing.draft
    return File(drawing.named(NAME, "docx"), write_proof(draft.snapshot, draft.bulletin, draft.wishes.pending))


def _board(drawing: _Drawing, number: str) -> File:
    draft = drawing.draft
    board = draft.snapshot.classes[int(number)]
    return board_picture(
        drawing.named(board.name, "png"), draft.snapshot, board, drawing.fonts, ranks=draft.wishes.brief.ranks
    )


def board_picture(name: str, snapshot: Snapshot, board: ClassBoard, fonts: Path | None, *, ranks: bool) -> File:
    """The board of one class, with or without its ranks."""
    from reports.layouts import SCOREBOARD, UNRANKED, layout_named
    from reports.scoreboard_png import scoreboard_png

    drawn = scoreboard_png(snapshot, board, layout_named(SCOREBOARD if ranks else UNRANKED), fonts)
    return File(name, drawn.png, True, frozenset(drawn.missing))


def _trend(drawing: _Drawing, _: str) -> File:
    return trend_picture(drawing.named("走势", "png"), drawing.draft.snapshot, None, drawing.fonts)


def trend_picture(name: str, snapshot: Snapshot, board: ClassBoard | None, fonts: Path | None) -> File:
    """The months; with a class also its first units."""
    from reports.trend_png import trend_png

    drawn = trend_png(snapshot, board, fonts)
    return File(name, drawn.png, True, frozenset(drawn.missing))


def picture(snapshot: Snapshot, wanted: Wanted, fonts: Path | None, *, ranks: bool) -> File:
    """A picture somebody asked for. Raises NotFound for a class that is not on the board."""
    board = next((one for one in snapshot.classes if one.name == wanted.class_name), None)
    name = f"{snapshot.label}{wanted.class_name}.png".replace("/", "／")
    if wanted.what == "trend":
        return trend_picture(name, snapshot, board, fonts)
    if board is None:
        raise NotFound(what=f"{snapshot.label}的类别“{wanted.class_name}”")
    return board_picture(name, snapshot, board, fonts, ranks=ranks)


_RENDERERS: dict[str, Callable[[_Drawing, str], File]] = {
    DOCX: _docx,
    PDF: _pdf,
    XLSX: _xlsx,
    PROOF: _proof,
    BOARD: _board,
    TREND: _trend,
}
