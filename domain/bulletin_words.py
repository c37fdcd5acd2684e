"""The sentences of a bulletin. What the figures do not show is not said, and a clause about nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from domain.bulletin_parts import Brief, Figure, Section, Sentence, joined, say
from domain.ranking import adoption_rate, format_rate
from domain.snapshot import ClassBoard, Snapshot, UnitRow

SENT, USED, NOTED = "submitted", "adopted", "instruction.level."
_NUMERALS = "〇一二三四五六七八九十"
_SPANS = ((re.compile(r"\d{4}-\d\d"), "月"), (re.compile(r"\d{4}Q\d"), "季度"), (re.compile(r"\d{4}"), "年"))


def opening_of(snapshot: Snapshot, *, going_on: bool) -> tuple[Sentence, ...]:
    """The figures of all units together, by class and by journal, and against earlier spans if there are any."""
    if not any(_sum(row, key) for row in _rows(snapshot) for key in (SENT, USED)):
        return ((f"{snapshot.label}，各单位没有报送信息，也没有信息被采用。{_leading_on(going_on)}",),)
    clauses = (_by_class(snapshot), _by_journal(snapshot), _compared(snapshot))
    return (joined([_all_together(snapshot), _joint(snapshot), *clauses, (_leading_on(going_on),)]),)


def sections_of(snapshot: Snapshot, brief: Brief) -> tuple[Section, ...]:
    """The parts that have something to say, numbered 一、二、三."""
    parts = (
        ("表扬", "报送采用较好的单位", praised(snapshot, brief.praise) if brief.ranks else ()),
        ("任务", "报送任务完成情况", _tasks(snapshot, brief)),
        ("零报送", "未报送信息的单位", silent(snapshot, brief)),
        ("问题", "存在的问题", problems(snapshot, brief)),
        ("要求", "工作要求", tuple((words,) for words in brief.demands)),
    )
    told = [part for part in parts if part[2]]
    return tuple(Section(key, f"{_NUMERALS[at]}、{name}", said) for at, (key, name, said) in enumerate(told, 1))


def praised(snapshot: Snapshot, places: int) -> tuple[Sentence, ...]:
    """The units on the first places of each class that had something used; who is level with the last one is in."""
    clauses = []
    for board in snapshot.classes:
        best = [row for row in board.rows if row.rank is not None and row.rank <= places and _sum(row, USED)]
        if best:
            clauses.append(joined([(f"{board.name}：",) if len(snapshot.classes) > 1 else (), _groups(best, board)]))
    return (joined([joined(clauses, "；"), ("。以上单位予以表扬。",)]),) if clauses else ()


def silent(snapshot: Snapshot, brief: Brief) -> tuple[Sentence, ...]:
    """The units that sent nothing, by name or only counted, as the office wants it."""
    by_class = [(board, [row for row in _judged(board) if not _sum(row, SENT)]) for board in snapshot.classes]
    rows = [row for _, silent in by_class for row in silent]
    if brief.zeros == "none" or not rows:
        return ()
    count = _units("未报送信息的单位", rows)
    if brief.zeros == "count":
        return (say("{span}未报送信息的单位有{count}个。", span=_span(snapshot), count=count),)
    several = sum(1 for _, silent in by_class if silent) > 1
    names = "；".join(
        (f"{board.name}的" if several else "") + "、".join(row.short for row in silent)
        for board, silent in by_class
        if silent
    )
    return (say("{span}未报送信息的单位有{count}个：{names}。", span=_span(snapshot), count=count, names=names),)


def problems(snapshot: Snapshot, brief: Brief) -> tuple[Sentence, ...]:
    """What is not as it should be, as far as the figures show it; nothing else is claimed."""
    silent = _uneven(snapshot) if brief.zeros != "none" else ()
    found = [*_fewer(snapshot), *_unused(snapshot, named=brief.zeros == "name"), *silent]
    return tuple(joined([(f"（{_NUMERALS[at]}）",), sentence]) for at, sentence in enumerate(found, 1))


def _all_together(snapshot: Snapshot) -> Sentence:
    sent, used = (_total(snapshot, key) for key in (SENT, USED))
    rate = adoption_rate(sent.value, used.value)
    if rate is None:
        return say("{label}，各单位没有报送信息，采用此前报送的信息{used}条。", label=snapshot.label, used=used)
    if not used.value:
        return say("{label}，共收到各单位报送信息{sent}条，均未采用。", label=snapshot.label, sent=sent)
    return say(
        "{label}，共收到各单位报送信息{sent}条，采用{used}条，采用率{rate}。",
        label=snapshot.label,
        sent=sent,
        used=used,
        rate=Figure("采用率", rate, format_rate(rate), how=f"{used.value}÷{sent.value}"),
    )


def _joint(snapshot: Snapshot) -> Sentence:
    """Why the sums are more than the items, where items of several units make them so."""
    whole = snapshot.whole.get("period", {})
    more = any(whole.get(f"items.{key}", whole.get(key, 0)) < whole.get(key, 0) for key in (SENT, USED))
    return ("多个单位联合报送的信息，分别计入各单位。",) if more else ()


def _by_class(snapshot: Snapshot) -> Sentence:
    """Nothing when there is one class only: its figures are all together's."""
    clauses = []
    for board in snapshot.classes:
        parts = ((SENT, "报送{figure}条"), (USED, "采用{figure}条"))
        told = [say(words, figure=_total(snapshot, key, board.name)) for key, words in parts if _of(board, key)]
        if told:
            clauses.append(joined([(board.name,), joined(told, "、")]))
    return joined([("其中，",), joined(clauses, "，"), ("。",)]) if len(clauses) > 1 else ()


def _by_journal(snapshot: Snapshot) -> Sentence:
    keys = [(f"adopted.journal.{journal.code}", f"《{journal.name}》采用") for journal in snapshot.journals]
    levels = (("county", "县"), ("city", "市"), ("province", "省"), ("state", "国家"))
    keys += [(f"{NOTED}{level}", f"获{name}领导批示") for level, name in levels]
    told = [(words, _total(snapshot, key), "条") for key, words in keys if _all(snapshot, key)]
    return joined([("按刊物和批示统计，",), joined(told, "，"), ("。",)]) if told else ()


def _compared(snapshot: Snapshot) -> Sentence:
    """Against the span before and the same span a year ago; a span without data is not mentioned."""
    named = {"previous": f"上{_unit_of_time(snapshot)}", "last_year": "上年同期"}
    if named["previous"] == "上年" and "previous" in snapshot.whole:
        del named["last_year"]
    clauses = [
        joined([(f"与{name}相比，",), joined([_change(snapshot, span, name, key) for key in (SENT, USED)], "，")])
        for span, name in named.items()
        if snapshot.whole.get(span)
    ]
    return joined([joined(clauses, "；"), ("。",)]) if clauses else ()


def _change(snapshot: Snapshot, span: str, name: str, key: str) -> Sentence:
    word = {SENT: "报送", USED: "采用"}[key]
    now, then = _all(snapshot, key), snapshot.whole[span].get(key, 0)
    if now == then:
        return (f"{word}量持平",)
    way = "增加" if now > then else "减少"
    figure = Figure(f"{word}量较{name}{way}", abs(now - then), str(abs(now - then)), how=f"{now}－{then}")
    return (f"{word}{way}", figure, "条")


def _tasks(snapshot: Snapshot, brief: Brief) -> tuple[Sentence, ...]:
    """The share of units that sent what their class has to send."""
    bound = [(row, brief.tasks.get(board.name, 0)) for board in snapshot.classes for row in _judged(board)]
    bound = [(row, least) for row, least in bound if least]
    if not bound:
        return ()
    met, failed = ([row for row, least in bound if (_sum(row, SENT) >= least) is done] for done in (True, False))
    clauses = [say("有报送任务的{count}个单位中", count=_units("有报送任务的单位", [row for row, _ in bound]))]
    for rows, words in ((met, "完成"), (failed, "未完成")):
        if rows:
            clauses.append(
                say(
                    f"{words}任务的{{count}}个，占{{share}}",
                    count=_units(f"{words}任务的单位", rows),
                    share=_share(f"{words}任务的单位占比", len(rows), len(bound)),
                )
            )
    return (joined([joined(clauses, "，"), ("。",)]),)


def _fewer(snapshot: Snapshot) -> Iterable[Sentence]:
    """Less than in the span before, in items sent or used."""
    earlier = snapshot.whole.get("previous")
    if not earlier:
        return
    keys = [key for key in (SENT, USED) if _all(snapshot, key) < earlier.get(key, 0)]
    if keys:
        name = f"上{_unit_of_time(snapshot)}"
        changes = joined([_change(snapshot, "previous", name, key) for key in keys], "，")
        what = "报送数量" if SENT in keys else "采用数量"
        yield joined([(f"{what}有所下降。与{name}相比，",), changes, ("。",)])


def _unused(snapshot: Snapshot, *, named: bool) -> Iterable[Sentence]:
    """Units that sent and had nothing used, the first of them by name."""
    rows = [row for board in snapshot.classes for row in _judged(board) if _sum(row, SENT) and not _sum(row, USED)]
    if rows:
        sent = sum(_sum(row, SENT) for row in rows)
        yield say(
            "信息质量不高。{names}{count}个单位报送{sent}条，均未被采用。",
            names=_first_names(rows) if named else "",
            count=_units("报送未被采用的单位", rows),
            sent=Figure("未被采用单位的报送条数", sent, str(sent), how="＋".join(str(_sum(row, SENT)) for row in rows)),
        )


def _uneven(snapshot: Snapshot) -> Iterable[Sentence]:
    """A good part of the units silent."""
    judged = [row for board in snapshot.classes for row in _judged(board)]
    silent = [row for row in judged if not _sum(row, SENT)]
    if silent:
        yield say(
            "报送不够均衡。{count}个单位未报送信息，占{share}。",
            count=_units("未报送信息的单位", silent),
            share=_share("未报送信息的单位占比", len(silent), len(judged)),
        )


def _groups(rows: Sequence[UnitRow], board: ClassBoard) -> Sentence:
    """`甲县采用8条，乙区、丙市各采用4条`: neighbours with the same count in one clause."""
    clauses = []
    for count, equal in groupby(rows, key=lambda row: _sum(row, USED)):
        units = tuple(row.short for row in equal)
        names = "、".join(units)
        figure = Figure(f"{names}采用条数", count, str(count), USED, board.name, units=units)
        clauses.append((f"{names}{'各' if len(units) > 1 else ''}采用", figure, "条"))
    return joined(clauses, "，")


def _first_names(rows: Sequence[UnitRow], most: int = 5) -> str:
    names = "、".join(row.short for row in rows[:most])
    return f"{names}等" if len(rows) > 1 else names


def _units(what: str, rows: Sequence[UnitRow]) -> Figure:
    return Figure(what, len(rows), str(len(rows)), how="、".join(row.short for row in rows))


def _share(what: str, part: int, whole: int) -> Figure:
    rate = adoption_rate(whole, part) or 0
    return Figure(what, rate, format_rate(rate), how=f"{part}÷{whole}")


def _total(snapshot: Snapshot, key: str, scope: str = "") -> Figure:
    """A sum over all units, or those of one class."""
    boards = [board for board in snapshot.classes if scope in ("", board.name)]
    value = sum(_of(board, key) for board in boards)
    return Figure(f"{scope}{_named(snapshot, key)}", value, str(value), key, scope)


def _named(snapshot: Snapshot, key: str) -> str:
    names = {f"adopted.journal.{journal.code}": f"《{journal.name}》采用条数" for journal in snapshot.journals}
    return names.get(key) or {SENT: "报送条数", USED: "采用条数"}.get(key, "批示条数")


def _judged(board: ClassBoard) -> list[UnitRow]:
    """Who is measured at all: a unit without a rank and with a note is exempt."""
    return [row for row in board.rows if row.rank is not None or not row.note]


def _rows(snapshot: Snapshot) -> list[UnitRow]:
    return [row for board in snapshot.classes for row in board.rows]


def _sum(row: UnitRow, key: str) -> int:
    return row.period.get(key, 0)


def _of(board: ClassBoard, key: str) -> int:
    return sum(_sum(row, key) for row in board.rows)


def _all(snapshot: Snapshot, key: str) -> int:
    return sum(_of(board, key) for board in snapshot.classes)


def _unit_of_time(snapshot: Snapshot) -> str:
    return next((word for form, word in _SPANS if form.fullmatch(snapshot.code)), "期")


def _span(snapshot: Snapshot) -> str:
    return f"本{_unit_of_time(snapshot)}"


def _leading_on(going_on: bool) -> str:
    return "现将有关情况通报如下：" if going_on else "现予通报。"
