"""A workbook on demand: it goes as a file where only the office or the asker sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands import Call
from domain.errors import BadInput
from domain.words import tidy_line
from services.items import before_the_office
from services.mail import private_target, send_file

if TYPE_CHECKING:
    from reports.listing import Sheet

EXPORT = ("导出", "表格", "excel", "Excel")
ROWS_AT_MOST = 2_000
"""A workbook is written between two messages; more rows than that would let everybody wait for a second."""

NO_FILES = "这里不能发文件。请在 QQ 或企业微信的私聊里要。"
TOO_MANY = "有{rows}行，聊天里一次最多{most}行。请缩短期间，或只看一个单位、一类。"
SENT = "已发《{name}》，共{rows}行。"
NOTHING = "没有可以导出的内容。"


def wants_sheet(words: str) -> tuple[bool, str]:
    """Whether a workbook is asked for, and the words without that."""
    rest = [word for word in words.split() if word not in EXPORT]
    return len(rest) < len(words.split()), " ".join(rest)


def send_sheet(call: Call, title: str, sheets: Sequence[Sheet]) -> str:
    """Write the workbook and send it; what the asker reads. Raises BadInput where no file can go."""
    rows = sum(len(sheet.rows) for sheet in sheets)
    if not rows:
        return NOTHING
    if rows > ROWS_AT_MOST:
        raise BadInput(reason=TOO_MANY.format(rows=rows, most=ROWS_AT_MOST))
    from reports.listing import write_listing  # 12 MB that most days nobody asks for

    incoming = call.incoming
    here = before_the_office(call.tx, incoming, call.now.date())
    target = incoming.target if here else private_target(call.tx, incoming, call.now.date())
    name = f"{tidy_line(title).replace(' ', '-')}-{call.now:%Y%m%d}.xlsx"
    key = f"{call.command.name}:{incoming.platform}:{incoming.bot_id}:{incoming.key}"
    data = write_listing(title, call.now_ms, sheets)
    sent = bool(target) and send_file(
        call.tx, incoming.platform, target, name, data, dedup=key, kind="points", now=call.now
    )
    if not sent:
        raise BadInput(reason=NO_FILES)
    return SENT.format(name=name, rows=rows)
