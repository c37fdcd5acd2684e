"""`baosong bulletin`: the template to edit, and the documents of a period, signed or as a draft."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import replace

from bot.cli.kit import InFile, Kit, OutFile, Tool
from bot.drawing import render
from bot.office import fonts_folder
from domain.errors import NotFound
from domain.period import parse_period
from services.bulletins import looking
from services.bulletins.drafting import read, sketch
from services.bulletins.recipients import BOARD, DOCX, PDF, PROOF, TREND, XLSX
from storage.bulletin import Material
from storage.engine import Tx

USAGE = "baosong bulletin template 模板.docx；baosong bulletin draw --period 2026-10 --docx 通报.docx"
NO_BOARD = "{label}没有参加考评的单位，没有通报。"
_FILES = {"docx": DOCX, "pdf": PDF, "xlsx": XLSX, "proof": PROOF, "trend": TREND}


class _Words(argparse.Action):
    """Takes the file behind `template` for what it is: it is written where one types."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        words = [str(word) for word in values] if isinstance(values, list) else []
        if len(words) == 2 and words[0] == "template":
            namespace.written = OutFile(words.pop())
        setattr(namespace, self.dest, words)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", action=_Words, default=[], metavar="template FILE.docx | draw",
        help="write the built-in template to edit, or draw documents",
    )  # fmt: skip
    parser.add_argument("--period", default="上月", help="e.g. 2026-10 (default: last month)")
    for option, what in (
        ("docx", "the bulletin for Word"),
        ("pdf", "the bulletin as PDF"),
        ("xlsx", "the tables as a workbook"),
        ("proof", "the proof sheet (.docx)"),
        ("trend", "the months as a picture (.png)"),
        ("png", "the board of a class as a picture"),
    ):
        parser.add_argument(f"--{option}", type=OutFile, metavar="FILE", help=what)
    parser.add_argument("--board", default="", metavar="CLASS", help="the class of --png (default: the first)")
    parser.add_argument("--template", type=InFile, metavar="FILE.docx", help="try another template")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    out: OutFile | None = getattr(arguments, "written", None)
    if arguments.words == ["template"] and out is not None:
        from reports.bulletin_docx import builtin_template

        out.content = await asyncio.to_thread(builtin_template)
        return 0, f"{out.written}：自带的模板。改好后写进 bulletin.template，重新启动。"
    if arguments.words != ["draw"] or not any(_wanted(arguments)):
        return 2, f"用法：{USAGE}"
    material = await kit.store.read(_material, kit, arguments.period)
    if material is None:
        return 1, NO_BOARD.format(label=parse_period(arguments.period, kit.clock.now().date()).label)
    if arguments.template is not None:
        material = replace(material, template=b"".join(arguments.template.parts.values()))
    fonts = fonts_folder(kit.settings)
    said = []
    for file, part in _wanted(arguments):
        drawn = await asyncio.to_thread(render, material, _numbered(part, arguments.board, material), fonts)
        file.content = drawn.content
        missing = f"，字体里没有：{' '.join(sorted(drawn.missing))}" if drawn.missing else ""
        said.append(f"{file.written}：{drawn.name}{missing}")
    return 0, "\n".join(said)


def _wanted(arguments: argparse.Namespace) -> Iterator[tuple[OutFile, str]]:
    for option, part in (*_FILES.items(), ("png", BOARD)):
        file = getattr(arguments, option)
        if file is not None:
            yield file, part


def _material(tx: Tx, kit: Kit, written: str) -> Material | None:
    now = kit.clock.now()
    period = parse_period(written, now.date())
    return sketch(tx, kit.office, period, now) if looking.is_assessed(tx, kit.office, period) else None


def _numbered(part: str, class_name: str, material: Material) -> str:
    """A board by the number of its class. Raises NotFound."""
    if part != BOARD:
        return part
    names = [board.name for board in read(material).snapshot.classes]
    if class_name and class_name not in names:
        raise NotFound(what=f"类别“{class_name}”", hint=f"有：{'、'.join(names)}。")
    return f"{BOARD}:{names.index(class_name) if class_name else 0}"


TOOLS = [Tool("bulletin", "the bulletin's template, and its documents", _arguments, _run)]
