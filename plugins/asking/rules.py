"""`/rules` and `/journals`: what the office has decided, word for word."""

from __future__ import annotations

from bot.commands import Answer, Call, command
from domain.errors import NotFound
from domain.measure import find_article, measure_on
from domain.words import shorten
from plugins._asked import LONGEST_QUESTION
from plugins.asking import texts


@command(
    "rules",
    "规则",
    "办法",
    who=None,
    family="查询",
    summary="看考评办法，或者其中一条",
    usage="/规则 [第几条或词语]",
    example="/规则 联合报送",
)
def rules(call: Call) -> Answer:
    measure = measure_on(call.now.date(), call.office.measures)
    if measure is None:
        raise NotFound(what="现在施行的考评办法", hint="请联系信息科。")
    if not call.words:
        return texts.contents(measure)
    return texts.articles(measure, find_article(measure, shorten(call.words, LONGEST_QUESTION)))


@command(
    "journals",
    "刊物",
    who=None,
    family="查询",
    summary="看有哪些刊物、级别和采用形式",
    usage="/刊物",
)
def journals(call: Call) -> Answer:
    return texts.journals(call.office.journals)
