"""The ledger of commissions in the chat: a few lines for a phone, or the whole as a workbook."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.errors import BadInput, NotAllowed
from domain.roster import DESK, UNIT_SIDE
from plugins._discretion import discreet
from plugins.ledger import texts
from services import ledgers
from services.items import before_the_office
from services.ledgers import Asked
from services.mail import private_target, send_file

__plugin_meta__ = PluginMetadata(
    name="台账",
    description="看约稿台账，导出 Excel",
    usage="/台账；/台账 约18；/台账 云山县 本月；/台账 约18 表格",
    type="application",
)

ROWS_AT_MOST = 2_000
"""A workbook is written between two messages; more rows than that would let everybody wait for a second."""


@command(
    "ledger",
    "台账",
    who=DESK | UNIT_SIDE,
    family="约稿",
    summary="看约稿台账：谁签收、谁报了、谁超期，信息科可要表格",
    usage="/台账 [约18｜单位] [本月｜上月｜今年] [超期] [表格]",
    example="/台账 约18",
)
@discreet
def show_ledger(call: Call) -> Answer:
    """The office sees all, a unit's people their unit; a topic that may not be in a chat is not there for anybody."""
    asked = ledgers.read_asked(call.tx, call.words, call.person, call.now)
    if asked.sheet:
        return _send_sheet(call, asked)
    chosen = asked.selection(call.now)
    title = asked.title(call.now)
    if asked.commission is not None:
        return texts.commission(asked.commission, ledgers.part(call.tx, chosen, call.now), _again(call), call.now_ms)
    if asked.overdue:
        return texts.overdue(title, ledgers.part(call.tx, chosen, call.now), call.now.year)
    if asked.unit is not None or asked.units is not None:
        return texts.unit(title, ledgers.part(call.tx, chosen, call.now), _missed(call, asked), call.now)
    return texts.overview(title, ledgers.overview(call.tx, chosen, call.now), _again(call), call.now.year)


def _missed(call: Call, asked: Asked) -> list[str]:
    """The numbers of what the unit did not do on time this year."""
    units = (asked.unit.id,) if asked.unit else asked.units or ()
    return [line.head.spoken(call.now.year) for id in units for line in ledgers.missed(call.tx, id, call.now.year)]


def _again(call: Call) -> str:
    """How to ask for the same as a workbook; '' for whoever gets none."""
    return " ".join(("/台账", *call.args, "表格")) if call.person.has(DESK) else ""


def _send_sheet(call: Call, asked: Asked) -> str:
    """The workbook goes as a file where only the office or the asker sees it."""
    if not call.person.has(DESK):
        raise NotAllowed(action="/台账 表格")
    rows = ledgers.count_lines(call.tx, asked, call.now)
    if not rows:
        return texts.NOTHING
    if rows > ROWS_AT_MOST:
        raise BadInput(reason=texts.TOO_MANY.format(rows=rows, most=ROWS_AT_MOST))
    incoming = call.incoming
    here = before_the_office(call.tx, incoming, call.now.date())
    target = incoming.target if here else private_target(call.tx, incoming, call.now.date())
    from reports.ledger import write_ledger  # 12 MB that most days nobody asks for

    data = write_ledger(ledgers.whole_ledger(call.tx, call.office, asked, call.now, chat=True))
    name = f"{asked.title(call.now).replace(' ', '-')}-{call.now:%Y%m%d}.xlsx"
    key = f"ledger:{incoming.platform}:{incoming.bot_id}:{incoming.key}"
    sent = bool(target) and send_file(
        call.tx, incoming.platform, target, name, data, dedup=key, kind="ledger", now=call.now
    )
    if not sent:
        raise BadInput(reason=texts.NO_FILES)
    return texts.SHEET_SENT.format(name=name, rows=rows)
