"""What people read when they ask. Written for a phone: short lines, the answer first, the evidence below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from domain.journal import LEVEL_NAMES, Journal
from domain.measure import Measure, article_name
from domain.moment import show_time, to_ms
from domain.period import Period, month_of
from domain.ranking import adoption_rate, format_points, format_rate
from domain.words import shorten
from services.board import Place, Row
from services.cycles.standings import Standings
from services.cycles.texts import late_counts
from services.score import Line, Share, Sheet, Task
from services.why import in_words

LINES_SHOWN = 15
LINES_AT_MOST = 60
"""A chat message has its limits; who wants more lines asks for a shorter period."""
TITLE_SHOWN = 18
ONE_CLASS_TOP, EVERY_CLASS_TOP = 10, 5
NAMES_SHOWN = 30
ARTICLES_SHOWN, ARTICLE_SHOWN, ARTICLE_ALONE = 5, 80, 1000

NO_OWN_UNIT = (
    "您不在报送单位任职，没有自己的得分。\n"
    "看排名请发“/排名”；信息科看某个单位的得分请发“/单位得分 单位名”，如“/单位得分 云山县 10月”。"
)
NO_RANKS = "不公布名次。看本单位的得分请发“/我的得分”。"
NOBODY_ASSESSED = "{period}没有参加考评的单位，没有榜可画。"
BOARD_DRAWN = "以上是{period}排名图：{classes}。"
TREND_DRAWN = "以上是至{period}的走势图。"
NO_PICTURES_HERE = "这个平台上机器人发不了图片。看文字请发“/排名”，或在企业微信上要图。"
FROZEN = "{when} 已冻结；以后登记的，分数记入以后的月份。"
WHICH_UNIT = "看哪个单位？请写上单位名，如“/单位得分 云山县 10月”。"


def sheet(sheet: Sheet, journals: Sequence[Journal], again: str, everything: bool, now: datetime) -> str:
    """A unit's score: the figures, what is missing, the own part, the lines behind them."""
    place = sheet.place
    parts = [f"{sheet.unit.label} {sheet.period.label}", f"得分{format_points(place.points)}分{_place(place)}"]
    parts.append(_counts(place.submitted, place.adopted))
    parts += late_counts(sheet.since_frozen)
    if sheet.task is not None:
        parts += _task(sheet.task, place, is_over=sheet.period.last < now.date())
    if sheet.share is not None:
        parts.append(_share(sheet.share))
    parts += ["", *_lines(sheet, journals, again, LINES_AT_MOST if everything else LINES_SHOWN)]
    parts.append(_as_of(now))
    return "\n".join(parts)


def again(command: str, unit: str, period: Period, today: date) -> str:
    """How to ask the same question for all lines."""
    named = "" if period == month_of(today) else period.label
    return " ".join(word for word in (f"/{command}", unit, named, "全部") if word)


def _place(place: Place) -> str:
    if not place.rank:
        return f"（{place.class_name}）" if place.class_name else "（不参加考评排名）"
    if not (place.points or place.submitted or place.adopted):
        return f"，{place.class_name}共{place.size}个单位，没有报送和采用的不排名次"
    tied = "，并列" if place.tied else ""
    here = f"，{place.class_name}第{place.rank}名（共{place.size}个单位{tied}）"
    if place.above is None:
        return here
    rank, points = place.above
    return f"{here}，距第{rank}名差{format_points(points - place.points)}分"


def _counts(submitted: int, adopted: int) -> str:
    """What counts as 0 and what is no figure at all differ: 0 of 3 is 0.0%, 0 of 0 is a dash."""
    rate = f"采用率{format_rate(adoption_rate(submitted, adopted))}"
    late = "（含以前报送、本期采用的）" if adopted > submitted else ""
    return f"报送{submitted}条，采用{adopted}条{late}，{rate}"


def _task(task: Task, place: Place, *, is_over: bool) -> list[str]:
    """The quota of the month: what is still missing, or what was missed."""
    wanted, missing = [], []
    for word, least, done in (("报送", task.submit_min, place.submitted), ("采用", task.adopt_min, place.adopted)):
        if least is not None:
            wanted.append(f"{word}{least}条")
            if done < least:
                missing.append(f"{word}{least - done}条")
    parts = []
    if wanted:
        short = f"{'未完成，差' if is_over else '还差'}{'、'.join(missing)}"
        parts.append(f"{'当月' if is_over else '本月'}任务（{'、'.join(wanted)}）：{short if missing else '已完成'}")
    if task.floor is not None:
        parts.append(f"采用率低于要求的{format_points(task.floor)}%")
    return parts


def _share(share: Share) -> str:
    return f"其中您本人{format_points(share.points)}分，报送{share.submitted}条，采用{share.adopted}条"


def _lines(sheet: Sheet, journals: Sequence[Journal], again: str, most: int) -> Iterable[str]:
    if not sheet.lines:
        return ["这段时间没有计分记录。"]
    own = sheet.share.person_id if sheet.share else None
    head = "计分明细（新的在前，★是您报的）：" if own is not None else "计分明细（新的在前）："
    shown = [
        _line(line, journals, is_own=own is not None and line.entry.author_id == own) for line in sheet.lines[:most]
    ]
    hidden = len(sheet.lines) - len(shown)
    if hidden and most == LINES_SHOWN:
        shown.append(f"还有{hidden}条，发“{again}”看全部。")
    elif hidden:
        shown.append(f"还有{hidden}条，请缩短期间再查，如按月。")
    return [head, *shown]


def _line(line: Line, journals: Sequence[Journal], *, is_own: bool) -> str:
    """`★2026-0137《…》扣回：《每日要情》第128期单条采用 -3分（第六条）`."""
    entry = line.entry
    points = f"{'+' if entry.points > 0 else ''}{format_points(entry.points)}分"
    article = f"（{entry.article}）" if entry.article else ""
    item = f"{line.number}《{shorten(line.title, TITLE_SHOWN)}》" if line.number else ""
    return f"{'★' if is_own else ''}{item}{in_words(line, journals)} {points}{article}"


def _as_of(now: datetime) -> str:
    return f"截至 {show_time(to_ms(now))}"


def boards(found: Standings, period: Period, own: int | None, top: int | None, now: datetime) -> str:
    """One board per class; `top` None shows every unit, else the best and the surroundings of `own`."""
    if not found.classes:
        return f"{period.label}没有参加考评的单位。"
    parts = [f"{period.label}排名"]
    for name, rows in found.classes.items():
        parts += ["", f"【{name}】", *_board(rows, own, top)]
    parts.append("")
    if top is not None and any(len(_busy(rows)) > top for rows in found.classes.values()):
        parts.append(f"发“{again('排名', '', period, now.date())}”看所有单位。")
    frozen = FROZEN.format(when=show_time(found.frozen_ms)) if found.frozen_ms else ""
    return "\n".join([*parts, frozen or _as_of(now)])


def _busy(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.points or row.submitted or row.adopted]


def _board(rows: Sequence[Row], own: int | None, top: int | None) -> list[str]:
    """The units that did something line by line, those that did nothing by name, the sums of all."""
    busy = _busy(rows)
    idle = [row for row in rows if row not in busy]
    shown = _shown(busy, own, top)
    parts = []
    for before, at in zip([-1, *shown], shown, strict=False):
        if at > before + 1:
            parts.append("……")
        parts.append(_row(busy[at], own))
    rest = len(busy) - 1 - shown[-1] if shown else 0
    if rest:
        parts.append(f"……（后面还有{rest}个单位）")
    if idle:
        parts.append(_idle(idle, own))
    return [*parts, _sums(rows)]


def _shown(busy: Sequence[Row], own: int | None, top: int | None) -> list[int]:
    if top is None:
        return list(range(len(busy)))
    wanted = set(range(min(top, len(busy))))
    place = next((at for at, row in enumerate(busy) if row.unit.id == own), None)
    if place is not None:
        wanted |= {at for at in (place - 1, place, place + 1) if 0 <= at < len(busy)}
    return sorted(wanted)


def _row(row: Row, own: int | None) -> str:
    tied = " 并列" if row.tied else ""
    note = f" {row.note}" if row.note else ""
    mark = " ◀ 本单位" if row.unit.id == own else ""
    counts = f"（报{row.submitted} 采{row.adopted}）"
    rank = f"{row.rank}." if row.rank is not None else "－"
    return f"{rank} {row.unit.label} {format_points(row.points)}分{counts}{tied}{note}{mark}"


def _idle(idle: Sequence[Row], own: int | None) -> str:
    """By name, one's own first, so that it is not among those that are cut off."""
    first = sorted(idle, key=lambda row: row.unit.id != own)
    names = [f"{row.unit.label}{'（本单位）' if row.unit.id == own else ''}" for row in first[:NAMES_SHOWN]]
    cut = f"等{len(idle)}个单位" if len(idle) > NAMES_SHOWN else ""
    return f"没有报送和采用：{'、'.join(names)}{cut}，{'各' if len(idle) > 1 else ''}0分"


def _sums(rows: Sequence[Row]) -> str:
    points = format_points(sum(row.points for row in rows))
    counts = _counts(sum(row.submitted for row in rows), sum(row.adopted for row in rows))
    return f"合计{len(rows)}个单位：{points}分，{counts}"


def contents(measure: Measure) -> str:
    """The measure in force and where to find what."""
    first, last = measure.effective_from, measure.effective_to
    span = f"自{_day(first)}起施行" + (f"，至 {_day(last)}止" if last else "")
    articles = [f"{article_name(number)} {shorten(text, 22)}" for number, text in sorted(measure.articles.items())]
    head = [f"《{measure.title}》", f"{span}，共{len(articles)}条："]
    return "\n".join([*head, *articles, "看全文发“/规则 第八条”，按词查发“/规则 联合报送”。"])


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def articles(measure: Measure, hits: Sequence[tuple[str, str]]) -> str:
    """The articles found: one in full, several shortened."""
    if len(hits) == 1:
        found = [_article(*hits[0], ARTICLE_ALONE)]
    else:
        found = [_article(*hit, ARTICLE_SHOWN) for hit in hits[:ARTICLES_SHOWN]]
        rest = [name for name, _ in hits[ARTICLES_SHOWN:]]
        if rest:
            found.append(f"还有{len(rest)}条提到：{'、'.join(rest)}。")
    return "\n".join([*found, f"——《{measure.title}》，自{_day(measure.effective_from)}起施行"])


def _article(name: str, text: str, most: int) -> str:
    if len(text) <= most:
        return f"{name} {text}"
    how = f"全条{len(text)}字" + (f"，发“/规则 {name}”看全文" if most < ARTICLE_ALONE else "，全文请看文件")
    return f"{name} {shorten(text, most)}（{how}）"


def journals(journals: Sequence[Journal]) -> str:
    """Every journal with what the desk and the reporters may call it."""
    parts = [f"现有刊物{len(journals)}种（第一种形式是不写形式时的默认形式）："]
    for each in journals:
        also = f"；也叫{'、'.join(each.aliases)}" if each.aliases else ""
        parts.append(f"《{each.name}》{LEVEL_NAMES[each.level]}，{'、'.join(each.forms)}{also}")
    return "\n".join(parts)
