"""Bulletins: `/通报`, with 草稿, 签发, 送达, 重发."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.cycle import State
from domain.errors import BadInput, BaosongError
from domain.period import Period
from domain.roster import DESK, HEAD
from plugins._discretion import discreet
from plugins.bulletin import texts
from plugins.bulletin.words import Act, Asked, read_words
from reports.book import Column
from reports.listing import Sheet, write_listing
from services.bulletins import delivery, drafting, looking, signing
from services.bulletins.delivery import PARTS
from services.bulletins.looking import Filed
from services.bulletins.recipients import DOCX, KIND, PDF, PROOF, XLSX
from services.cycles import steps
from services.cycles.snapshot import period_of
from services.desk import Clerk
from services.items import before_the_office
from services.mail import private_target, send_file

__plugin_meta__ = PluginMetadata(
    name="通报",
    description="每月通报的草稿、签发、印发和送达情况",
    usage="/通报 [期间]；/通报 草稿 10月；/通报 签发 10月；/通报 送达；/通报 重发 云山县",
    type="application",
)

FAMILY = "考评"
FILES = (DOCX, PDF, XLSX, PROOF)
COLUMNS = (
    Column("序号", 6, "number"),
    Column("对象", 12, "middle"),
    Column("名称", 36),
    Column("内容", 14, "middle"),
    Column("状态", 12, "middle"),
    Column("送达时间", 18, "time"),
    Column("原因", 40),
)


@command(
    "bulletin",
    "通报",
    who=DESK,
    family=FAMILY,
    summary="看通报办到哪一步；要草稿（Word、PDF、Excel、核对单）；信息科长签发、印发；看送达、重发",
    usage="/通报 [期间]；/通报 草稿 [期间]；/通报 签发 [期间] [文号]；/通报 送达 [期间] [表格]；/通报 重发 单位或姓名",
    example="/通报 签发 10月",
)
@discreet
def bulletin(call: Call) -> Answer:
    asked = read_words(call.words, call.now.date())
    if asked.act is Act.SIGN:
        return _sign(call, asked)
    if asked.act in (Act.DELIVERED, Act.AGAIN):
        return _after_signing(call, asked)
    if asked.rest:
        raise BadInput(reason=texts.NOT_UNDERSTOOD.format(words=asked.rest[:20]))
    return _draft(call, asked) if asked.act is Act.DRAFT else _look(call, asked)


def _clerk(call: Call) -> Clerk:
    return Clerk(call.tx, call.office, call.person, call.now)


def _look(call: Call, asked: Asked) -> Answer:
    period = _period(call, asked)
    standing, filed = steps.look(call.tx, period), looking.find(call.tx, period)
    if filed is not None and filed.is_signed:
        found = delivery.by_person(delivery.lines(call.tx, filed))
        return texts.signed(period, filed, looking.signer(call.tx, filed), found)
    said = texts.state(period, standing, filed, call.now)
    ready = standing.state is State.SHOWN or standing.state.is_closed
    return Reply(said, card=drafting.card(period, head=call.person.has(HEAD)) if ready else None)


def _period(call: Call, asked: Asked) -> Period:
    return asked.period or looking.meant(call.tx, call.now.date())


def _draft(call: Call, asked: Asked) -> Answer:
    period = _period(call, asked)
    if not looking.is_assessed(call.tx, call.office, period):
        raise BaosongError(reason=texts.NO_BOARD.format(label=period.label))
    filed = drafting.draft(call.tx, call.office, period, call.now).filed
    dedup = f"{KIND}-asked:{_origin(call)}"
    if not looking.send_files(
        call.tx, call.incoming.platform, _place_for_files(call), filed, FILES, dedup=dedup, now=call.now
    ):
        raise BaosongError(reason=texts.NO_FILES)
    return texts.draft_sent(period, filed, [PARTS[part] for part in FILES])


def _place_for_files(call: Call) -> str:
    """Where the asker reads files: here before the office, else in private; '' if there is no way."""
    here = before_the_office(call.tx, call.incoming, call.now.date())
    return call.incoming.target if here else private_target(call.tx, call.incoming, call.now.date())


def _origin(call: Call) -> str:
    """What names this message: told twice, it does once."""
    return f"{call.incoming.platform}:{call.incoming.key}"


def _sign(call: Call, asked: Asked) -> str:
    period = _period(call, asked)
    return texts.published(period, signing.sign(_clerk(call), period, asked.rest), call.now)


def _after_signing(call: Call, asked: Asked) -> str:
    filed = looking.find(call.tx, asked.period)
    if filed is None or not filed.is_signed:
        return texts.NOTHING_SIGNED
    period = period_of(filed.period)
    if asked.act is Act.AGAIN:
        if not asked.rest:
            raise BadInput(reason=texts.WHO_AGAIN)
        done = signing.send_again(_clerk(call), period, asked.rest, _origin(call))
        return texts.sent(period, done, call.now)
    if asked.sheet:
        return _sheet(call, period, filed)
    return texts.delivered(period, filed, delivery.by_person(delivery.lines(call.tx, filed)))


def _sheet(call: Call, period: Period, filed: Filed) -> str:
    name = texts.SHEET_NAME.format(label=period.label)
    rows = texts.rows(delivery.lines(call.tx, filed))
    content = write_listing(name.removesuffix(".xlsx"), call.now_ms, [Sheet("送达情况", COLUMNS, tuple(rows))])
    target, dedup = _place_for_files(call), f"{KIND}-list:{_origin(call)}"
    queued = target and send_file(
        call.tx, call.incoming.platform, target, name, content, dedup=dedup, kind=KIND, now=call.now
    )
    return texts.SHEET_SENT.format(name=name) if queued else texts.NO_FILES
