"""`/yearend` and `/award`: the year's result, candidates with grounds, and what people decide."""

from __future__ import annotations

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput
from domain.period import is_period_word, parse_period
from domain.roster import DESK
from domain.words import tidy_line
from plugins._asked import EVERYTHING
from plugins._discretion import discreet
from plugins.points import texts_yearend as texts
from plugins.points.sending import send_sheet, wants_sheet
from services import awarding
from services.desk import Clerk
from services.score import classes_meant
from services.yearend import subject_of, year_end, year_meant, year_period

FAMILY = "考评"
_CANCEL = ("取消", "撤销")


@command(
    "yearend",
    "年终",
    who=DESK,
    family=FAMILY,
    summary="看全年名次、折算分和评先建议（含不能参评的理由），可导出",
    usage="/年终 [年] [类别] [全部] [导出]",
    example="/年终 今年 县区",
)
@discreet
def tell_year_end(call: Call) -> Answer:
    sheet, words = wants_sheet(call.words)
    everything = EVERYTHING in words.split()
    year, rest = _year(call, words.replace(EVERYTHING, " "))
    names = classes_meant(call.tx, rest, year_period(year)) if rest else []
    seen = year_end(call.tx, call.office, year, call.now.date(), names[:1])
    if sheet:
        from plugins.points.sheets_yearend import yearend_sheets  # xlsxwriter behind it

        subjects = {one.id: subject_of(call.tx, one) for one in seen.decisions}
        return Reply(send_sheet(call, " ".join([f"{year}年年终", *names[:1]]), yearend_sheets(seen, subjects)))
    return texts.one_class(seen, names[0], everything=everything) if names else texts.overview(seen)


def _year(call: Call, words: str) -> tuple[int, str]:
    """The year named (or the one people mean), and the other words."""
    rest: list[str] = []
    year: int | None = None
    for word in words.split():
        if year is None and (is_period_word(word) or (word.isdecimal() and len(word) == 4)):
            year = parse_period(word, call.now.date()).last.year
        else:
            rest.append(word)
    return year if year is not None else year_meant(call.now.date()), " ".join(rest)


@command(
    "award",
    "评先",
    "评优",
    who=DESK,
    family=FAMILY,
    summary="登记评先评优的决定（科长），看已定的名单，可导出",
    usage="/评先 [年] [单位或姓名 奖项 [理由]]；/评先 取消 单位或姓名 奖项 原因",
    example="/评先 云山县 先进单位",
)
@discreet
def award(call: Call) -> Answer:
    sheet, words = wants_sheet(call.words)
    year, rest = _year(call, tidy_line(f"{words} {call.body}"))
    said = rest.split()
    if not said:
        return _list(call, year, sheet=sheet)
    clerk = Clerk(call.tx, call.office, call.person, call.now)
    taking_back = said[0] in _CANCEL
    said = said[1:] if taking_back else said
    if len(said) < 2:
        raise BadInput(reason=texts.HOW_TO_DECIDE)
    whom, name, reason = said[0], said[1], " ".join(said[2:])
    if taking_back:
        return texts.taken_back(awarding.take_back(clerk, year, whom, name, reason), reason)
    return texts.decided(awarding.decide(clerk, year, whom, name, reason))


def _list(call: Call, year: int, *, sheet: bool) -> Answer:
    seen = awarding.decisions(call.tx, year)
    subjects = {one.id: subject_of(call.tx, one) for one in seen}
    if sheet:
        from plugins.points.sheets_yearend import decisions_sheet  # xlsxwriter behind it

        return Reply(send_sheet(call, f"{year}年评先结果", [decisions_sheet(seen, subjects)]))
    return texts.decisions(year, seen, subjects)
