"""What the office reads about its bulletins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.cycle import State, Step
from domain.moment import from_ms, show_time, to_ms
from domain.period import Period
from services.bulletins.delivery import Delivered, Fate, Line
from services.bulletins.looking import Filed
from services.bulletins.recipients import Kind
from services.bulletins.signing import Published
from services.cycles.steps import Standing
from services.cycles.texts import short_label, show_until

NAMED = 12

NOT_UNDERSTOOD = "看不懂“{words}”。可以写：草稿、签发、送达、重发，和期间，例如：/通报 签发 10月。"
NOTHING_SIGNED = "还没有签发过通报。发“/通报”看办到哪一步。"
WHO_AGAIN = "请写发给谁：单位、姓名或群名，例如：/通报 重发 云山县。"
NO_FILES = "这里收不了文件。请在 QQ（OneBot）或企业微信里私聊发“/通报 草稿”。"
NO_BOARD = "{label}没有参加考评的单位，没有通报。"
SHEET_NAME = "{label}通报送达情况.xlsx"
SHEET_SENT = "《{name}》已发。"

_COUNTED = {Kind.GROUP: "个", Kind.UNIT: "人", Kind.UNIT_LEADER: "人", Kind.LEADER: "人", Kind.OFFICE: "人"}


def state(period: Period, standing: Standing, filed: Filed | None, now: datetime) -> str:
    """Where a bulletin that is not signed stands, and what comes next."""
    lines = [f"{period.label}通报：{standing.state.label if standing.state is not State.OPEN else '未开始'}"]
    lines.append(f"草稿：{show_time(filed.drafted_ms)} 拟" if filed else "还没有草稿")
    if standing.pending and not standing.state.is_closed:
        lines.append(f"上级分值未定{len(standing.pending)}笔：/外部分")
    if standing.appeals and not standing.state.is_closed:
        lines.append(f"申诉未答复{len(standing.appeals)}件：/申诉")
    return "\n".join([*lines, following(period, standing, now)])


def following(period: Period, standing: Standing, now: datetime) -> str:
    """The next step in one line."""
    short = short_label(period)
    if now.date() <= period.last:
        return f"{period.label}还没有过完；看看现在的样子：/通报 草稿 {short}"
    if standing.following in (Step.CUT_OFF, Step.COMPUTE, Step.SHOW):
        assert standing.following is not None
        return f"下一步：/考评 {standing.following.value} {short}"
    when = ""
    if standing.state is State.SHOWN and standing.until_ms > to_ms(now):
        when = f"，{show_until(from_ms(standing.until_ms))}以后"
    return f"下一步：/通报 签发 {short}，信息科长办理{when}"


def signed(period: Period, filed: Filed, by: str, found: Iterable[Delivered]) -> str:
    """A bulletin that was signed: by whom, and how many it reached."""
    number = filed.number or "无文号"
    fates = Counter(one.fate for one in found)
    reached = "，".join(f"{fate.value}{fates[fate]}" for fate in reversed(Fate) if fates[fate])
    return (
        f"{period.label}通报：已签发\n{number}\n{show_time(filed.signed_ms)} {by}签发\n{reached}\n"
        f"看名单：/通报 送达 {short_label(period)}"
    )


def draft_sent(period: Period, filed: Filed, files: Sequence[str]) -> str:
    """The answer beside the files."""
    what = (
        f"通报（{filed.number or '已签发'}）"
        if filed.is_signed
        else f"通报草稿（数据截至 {show_time(filed.drafted_ms)}）"
    )
    return f"{period.label}{what}：{'、'.join(files)}，共{len(files)}个文件。"


def published(period: Period, done: Published, now: datetime) -> str:
    """The answer to the signature: the number, to how many it goes, whom somebody has to tell by other means."""
    number = f"：{done.number}" if done.number else ""
    return f"{period.label}通报已签发{number}\n{sent(period, done, now)}"


def sent(period: Period, done: Published, now: datetime) -> str:
    """To whom it goes, from when on, and who cannot be reached."""
    to = "、".join(f"{kind.label}{count}{_COUNTED[kind]}" for kind, count in done.counts.items())
    when = f"，{show_time(done.start_ms)} 起发出" if done.start_ms > to_ms(now) else ""
    lines = [f"发给：{to}{when}"] if to else []
    if done.missed:
        lines.append(f"没有账号、请另送：{_named(done.missed)}")
    return "\n".join([*lines, f"谁收到了：/通报 送达 {short_label(period)}"])


def delivered(period: Period, filed: Filed, found: Sequence[Delivered]) -> str:
    """How many of each kind got it, and by name who did not."""
    lines = [f"{period.label}通报送达" + (f"（{filed.number}）" if filed.number else "")]
    for kind in Kind:
        fates = Counter(one.fate for one in found if one.kind is kind)
        told = "，".join(f"{fate.value}{fates[fate]}" for fate in reversed(Fate) if fates[fate])
        lines += [f"{kind.label}{sum(fates.values())}{_COUNTED[kind]}：{told}"] if fates else []
    for fate in (Fate.NOT_REACHED, Fate.DOUBTFUL):
        names = [one.name + (f"（{one.reason}）" if one.reason else "") for one in found if one.fate is fate]
        lines += [f"{fate.value}：{_named(names)}"] if names else []
    return "\n".join([*lines, "再发一次：/通报 重发 单位或姓名；全部名单：/通报 送达 表格"])


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}个" if len(names) > NAMED else "")


def rows(found: Iterable[Line]) -> list[tuple[str | int | None, ...]]:
    """The list as a workbook has it."""
    return [
        (number, one.kind.label, one.name, one.part, one.fate.value, one.sent_ms, one.reason)
        for number, one in enumerate(found, 1)
    ]
