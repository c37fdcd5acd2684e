"""What people read from the clock: the scoreboard, the nudges, the alarms, and what a job says it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain.moment import from_ms, show_time
from domain.nudge import LEADER, Case, Matter, reason
from domain.period import Period
from domain.ranking import format_points
from services.board import Row
from services.nudges import Notice
from storage.job import Run
from storage.recount import Difference

LONGEST = 1_400
LONGEST_LINE = 600

SKIPPED = "{moment} 应执行时程序没有运行，已过时，不再补做"
NOBODY_ASSESSED = "没有参加考评的单位，没有通报"
NOBODY_TO_TELL = "没有登记用途为“报送”的群，设置里也没有写发给谁，没有通报"
BULLETIN_COUNTS = "以印发的通报为准。"
NUDGES_WAIT = "今天有{count}条催报等您审批，发“/催报”查看，批准后才会发出。"
CALENDAR_HERE = "{year}年放假安排已录入"
CALENDAR_MISSING = (
    "还没有录入{year}年的放假安排（一般每年11月由国务院办公厅公布）。没有它，{year}年的工作日只能按周一至周五推算，"
    "通报和催报会落在假日。公布后请管理员执行：baosong calendar import 文件.toml"
)
CLASSES_CARRIED = (
    "{year}年到了：{count}个单位沿用去年的考评类别，照常排名、催报。今年类别有调整的，请改好名册里的“类别”后导入；"
    "改了以后，今年的得分会按新类别重算。"
)
CLASSES_HERE = "各单位今年的考评类别都已录入，没有要沿用的"

_WEEKDAYS = "一二三四五六日"


def scoreboard(period: Period, standings: Mapping[str, Sequence[Row]], as_of_ms: int) -> list[str]:
    """The board of every class in parts short enough for a phone, numbered if there are several."""
    rows = [row for ranked in standings.values() for row in ranked]
    title = f"{period.label}政务信息报送采用情况"
    head = (
        f"截至 {from_ms(as_of_ms):%Y-%m-%d %H:%M}\n"
        f"共报送{sum(row.submitted for row in rows)}条，采用{sum(row.adopted for row in rows)}条"
        "（联合报送的，各单位分别计）"
    )
    blocks = [_class_block(name, ranked) for name, ranked in standings.items()]
    parts = ["\n".join(lines) for lines in _pack(blocks, LONGEST - len(title) - len(head))]
    parts[-1] += f"\n\n明细请私聊发送“/我的得分 {period.first.month}月”。"
    if len(parts) == 1:
        return [f"{title}\n{head}\n{parts[0]}"]
    return [f"{title}（{n}/{len(parts)}）\n{head}\n{part}" for n, part in enumerate(parts, start=1)]


def _class_block(name: str, ranked: Sequence[Row]) -> tuple[str, list[str]]:
    """The heading of a class with its sums, and its lines: units that did nothing stand together at the end."""
    idle = [row.unit.label for row in ranked if not (row.points or row.submitted or row.adopted)]
    active = [row for row in ranked if row.points or row.submitted or row.adopted]
    sums = f"报送{sum(row.submitted for row in ranked)}条，采用{sum(row.adopted for row in ranked)}条"
    return f"\n【{name}】{sums}", [*map(_rank_line, active), *_idle_lines(idle)]


def _rank_line(row: Row) -> str:
    said = "（并列）" if row.tied else f"（{row.note}）" if row.note else ""
    points = format_points(row.points)
    rank = f"{row.rank}." if row.rank is not None else "—"
    return f"{rank} {row.unit.label} {points}分，报{row.submitted}采{row.adopted}{said}"


def _idle_lines(names: Sequence[str]) -> list[str]:
    """`零报送（2个）：…`, wrapped if there are very many."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) < LONGEST_LINE:
            lines[-1] += f"、{name}"
        else:
            lines.append(name)
    return [f"零报送（{len(names)}个）：{lines[0]}", *lines[1:]] if lines else []


def _pack(blocks: Sequence[tuple[str, Sequence[str]]], room: int) -> list[list[str]]:
    """Lines into parts of at most `room` characters; a class that goes on in the next part says so."""
    parts: list[list[str]] = [[]]
    for heading, lines in blocks:
        lead = [heading]
        for line in lines:
            size = sum(len(kept) + 1 for kept in (*parts[-1], *lead, line))
            if parts[-1] and size > room:
                parts.append([])
                lead = lead or [f"{heading}（续）"]
            parts[-1] += [*lead, line]
            lead = []
    return parts


def scoreboard_done(reached: int, missed: Sequence[str], parts: int) -> str:
    """What the job did, for the operator."""
    unreached = f"；没有送达：{'、'.join(missed)}" if missed else ""
    pieces = f"，各{parts}段" if parts > 1 else ""
    return f"已通报，收件对象{reached}个{pieces}{unreached}"


def nudge(notice: Notice) -> str:
    """The words of a nudge: figures, deadline, how to report; to a leader also who was told before."""
    until = _day(notice.deadline)
    month = f"{notice.deadline.month}月"
    facts = f"{notice.unit.label}{reason(notice.case)}"
    if notice.stage == LEADER:
        told = "、".join(f"{day.month}月{day.day}日已提醒{name}" for name, day in notice.told)
        told = f"（{told}）" if told else ""
        return f"{notice.person}您好，{month}政务信息报送提示：{facts}{told}。请您在方便时关心督促，{until}前报送即可。"
    return f"{notice.person}您好，{month}政务信息报送提示：{facts}。{_request(notice.case, until)}"


def _request(case: Case, until: str) -> str:
    if case.matter is Matter.RATE:
        return "可以先看“/规则”和退回原因，选准角度再报；需要商量选题的，请联系信息科。"
    return (
        f"请在{until}前报送：发“/报送 标题”，正文写在下面；也可以直接发 Word 文件。已从其他渠道报送的，请告知信息科。"
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def nudges_planned(planned: int, approved: int) -> str:
    if not planned:
        return "没有需要催报的单位"
    return f"拟定催报{planned}条，" + (f"自动批准{approved}条" if approved else "等候审批")


def calendar_warned(year: int, told: int) -> str:
    return f"{year}年放假安排还没有录入，已提醒{told}人"


def classes_carried(year: int, count: int) -> str:
    return f"{year}年有{count}个单位沿用去年的考评类别，已提醒信息科长"


def check_faults(differences: Sequence[Difference], audit_break: int | None) -> str:
    """The alarm of the nightly check; '' if all is well."""
    faults = []
    if differences:
        first = differences[0]
        faults.append(
            f"得分合计与流水不一致{len(differences)}处，例如 {first.period} 单位{first.unit_id}：{first.what}"
            f" 合计为{first.stored}，重算为{first.recounted}"
        )
    if audit_break is not None:
        faults.append(f"审计记录从第{audit_break}条起对不上")
    if not faults:
        return ""
    return f"【报警】夜间核对发现问题：{'；'.join(faults)}。数据没有自动修改，请尽快核查。"


def housekeeping_done(messages: int, forms: int, differences: int, audit_break: int | None) -> str:
    totals = f"合计不一致{differences}处" if differences else "合计一致"
    chain = f"审计链第{audit_break}条断开" if audit_break is not None else "审计链完整"
    return f"清理消息记录{messages}条、未完成表单{forms}个；{totals}，{chain}"


def ran_by_hand(name: str, period: str, info: str | None, before: Run | None) -> str:
    """What a run by hand did, and when it ran before."""
    if info is None:
        return f"{name} {period}：刚刚已由另一个进程执行，没有再做"
    earlier = f"（此前 {show_time(before.started_ms)}：{before.info}）" if before else ""
    return f"{name} {period}：{info}{earlier}"


def failure(reference: str, words: str) -> str:
    return f"没有办成，编号 {reference}（{words}）"


def job_given_up(summary: str, period: str, attempts: int, reference: str) -> str:
    return (
        f"【报警】定时任务“{summary}”（{period}）试了{attempts}次都没有办成，编号 {reference}。"
        "请查看日志；排除后执行：baosong jobs run"
    )
