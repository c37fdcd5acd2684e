"""Running a job by hand: the period somebody names, and what is refused because it happened before."""

from __future__ import annotations

import re
from datetime import date

from domain.errors import BadInput, BadPeriod, WrongState
from domain.moment import show_time
from domain.period import parse_day, parse_period, previous_month
from scheduler.work import Job
from storage.job import DONE, Run

_MONTH = re.compile(r"\d{4}-\d{2}")
_YEAR = re.compile(r"20\d{2}")


def period_by_hand(job: Job, written: str, today: date) -> str:
    """The period's code; '' is the one the job would work for today. Raises BadInput, BadPeriod."""
    if job.period_kind == "month":
        return _month(written, today)
    if job.period_kind == "day":
        return _day(written, today)
    return _year(written, today)


def _month(written: str, today: date) -> str:
    period = parse_period(written, today) if written else previous_month(today)
    if not _MONTH.fullmatch(period.code):
        raise BadPeriod(reason=f"这项任务按月进行，“{written}”不是一个月。可以写：--period 2026-10")
    if period.last >= today:
        raise BadPeriod(reason=f"{period.label}还没有结束（今天是{today}），不能通报。")
    return period.code


def _day(written: str, today: date) -> str:
    day = parse_day(written, today) if written else today
    if day != today:
        raise BadInput(reason=f"这项任务按当前情况进行，只能写今天（{today}）或者不写。")
    return day.isoformat()


def _year(written: str, today: date) -> str:
    if written and not _YEAR.fullmatch(written):
        raise BadInput(reason=f"“{written}”不是年份。可以写：--period {today.year + 1}")
    return written or str(today.year + 1)


def refuse_second_run(job: Job, before: Run | None, *, again: bool) -> None:
    """Raises WrongState if the job ran for this period, unless it is asked for and harmless."""
    if before is None or before.state != DONE or (again and job.repeatable):
        return
    possible = (
        "确需再做一次，请加 --again。"
        if job.repeatable
        else "为免重复打扰，同一期间只发一次；确需补发给个别人，请直接转发原消息。"
    )
    raise WrongState(
        what=f"{job.name} {before.period} ",
        state=f"已于 {show_time(before.started_ms)} 执行：{before.info}",
        action="再执行一次",
        possible=possible,
    )
