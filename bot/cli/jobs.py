"""`baosong jobs` and `baosong calendar`: what the clock does, and which days are worked."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime

from bot.cli.kit import InFile, Kit, Tool
from bot.plan import build_plan
from domain.errors import BadInput, BaosongError
from domain.moment import show_time
from domain.period import parse_day
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Job
from services import calendar
from storage import job as runs
from storage.engine import Tx
from storage.job import Run

ACTOR = "cli"
SWITCHES = {
    "scoreboard": "scoreboard.enabled",
    "bulletin": "bulletin.enabled",
    "nudges": "nudges.enabled",
    "digests": "reminders.enabled",
}
"""The setting that switches a job off."""
SWITCHED_OFF = "任务 {name} 在配置里关闭了：{key} = false。要执行，请改成 true 并重新启动。"
RULED_OUT = "通报不进群或不公布名次（bulletin.audience、bulletin.hide_ranks），所以不发月度排名。"
STATES = {runs.DONE: "完成", runs.SKIPPED: "跳过", runs.FAILED: "失败"}
JOBS_USAGE = "baosong jobs；baosong jobs run 任务 [--period 2026-10] [--again]"
CALENDAR_USAGE = (
    "baosong calendar [年份]；baosong calendar set 2027-01-01 off|work [--source 依据]；"
    "baosong calendar import 文件.toml"
)


def _jobs_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="run NAME", help="run a job now; without it, list the jobs")
    parser.add_argument("--period", default="", help="the period to work for, such as 2026-10")
    parser.add_argument("--again", action="store_true", help="run it though it ran before, where that is harmless")


async def _jobs(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    work = build_jobs(build_plan(kit.settings), kit.office)
    ticker = Ticker(kit.store, kit.clock, work)
    match arguments.words:
        case []:
            return 0, await _list(kit, ticker, work.jobs)
        case ["run", name]:
            if name in SWITCHES and name not in {job.name for job in work.jobs}:
                if name == "scoreboard" and kit.settings.scoreboard.enabled:
                    return 1, RULED_OUT
                return 1, SWITCHED_OFF.format(name=name, key=SWITCHES[name])
            try:
                return 0, await ticker.run_by_hand(name, arguments.period, again=arguments.again)
            except BaosongError as error:
                return 1, str(error)
    return 2, f"用法：{JOBS_USAGE}"


async def _list(kit: Kit, ticker: Ticker, jobs: Sequence[Job]) -> str:
    following = await ticker.next_times()

    def look(tx: Tx) -> tuple[dict[str, Run | None], list[Run]]:
        return {job.name: runs.last(tx, job.name) for job in jobs}, runs.failed(tx)

    last, failed = await kit.store.read(look)
    lines = [line for job in jobs for line in _job_lines(job, following.get(job.name), last[job.name])]
    if failed:
        lines += ["没有办成的：", *(f"  {_run_line(run)}" for run in failed)]
    return "\n".join(lines)


def _job_lines(job: Job, following: datetime | None, last: Run | None) -> list[str]:
    return [
        f"{job.name}  {job.summary}",
        f"  下次 {following:%Y-%m-%d %H:%M}" if following else "  下次 两个月内没有",
        f"  上次 {_run_line(last)}" if last else "  上次 还没有执行过",
    ]


def _run_line(run: Run) -> str:
    again = f"；{show_time(run.again_ms)} 再试" if run.again_ms else ""
    return f"{run.job} {run.period}，{show_time(run.started_ms)} {STATES[run.state]}：{run.info}{again}"


class _CalendarWords(argparse.Action):
    """Takes the file behind `import` for what it is, so that it is read where the command is typed."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        words = [str(word) for word in values] if isinstance(values, list) else []
        if len(words) == 2 and words[0] == "import":
            namespace.table = InFile(words[1])
        setattr(namespace, self.dest, words)


def _calendar_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", action=_CalendarWords, default=[], metavar="YEAR | set DAY off|work | import FILE.toml",
        help="show a year, decide one day, or enter the announced table of a year",
    )  # fmt: skip
    parser.add_argument("--source", default="", help="on what grounds a day was set")


async def _calendar(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    try:
        table: InFile | None = getattr(arguments, "table", None)
        words = [*arguments.words[:1], _text_of(table)] if table else arguments.words
        return await _calendar_words(kit, words, arguments.source)
    except BaosongError as error:
        return 1, str(error)


def _text_of(table: InFile) -> str:
    try:
        return "".join(part.decode("utf-8-sig") for part in table.parts.values())
    except UnicodeDecodeError:
        raise BadInput(reason=f"{table.written}：不是 UTF-8 的文本文件。") from None


async def _calendar_words(kit: Kit, words: list[str], source: str) -> tuple[int, str]:
    now = kit.clock.now()
    match words:
        case []:
            return 0, await _show(kit, now.year)
        case [year] if year.isdecimal() and len(year) == 4 and int(year) >= 2000:
            return 0, await _show(kit, int(year))
        case ["set", written, "off" | "work" as kind]:
            day = _exact_day(written, now.date())
            await kit.store.run(calendar.set_day, kit.office, day, kind == "work", source, ACTOR, now)
            return 0, f"{day} 已设为{'上班' if kind == 'work' else '放假'}。"
        case ["import", text]:
            entered, days = await kit.store.run(calendar.import_table, text, ACTOR, now)
            return 0, f"已录入{entered}年的放假安排，共{days}天。\n{await _show(kit, entered)}"
    return 2, f"用法：{CALENDAR_USAGE}"


def _exact_day(written: str, today: date) -> date:
    """A day with its year: what is set for years must not depend on when it is typed."""
    if len(written) < len("2027-1-1"):
        raise BadInput(reason=f"请写全年月日，例如 {today.year + 1}-01-01。")
    return parse_day(written, today)


async def _show(kit: Kit, year: int) -> str:
    return calendar.show_year(await kit.store.read(calendar.effective, kit.office), year)


TOOLS = [
    Tool("jobs", "the clock's jobs: last result, next time; run one by hand", _jobs_arguments, _jobs),
    Tool("calendar", "working days: show a year, set a day, import a table", _calendar_arguments, _calendar),
]
