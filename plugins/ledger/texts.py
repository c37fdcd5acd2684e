"""The ledger on a phone: counts first, then what is open, at most a dozen lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.assignment_ledger import TWICE, Counts, Head, Line, Progress
from domain.commission import Commission, Stage, Way
from domain.moment import show_time, to_ms
from domain.ranking import format_rate
from domain.words import shorten
from services.ledgers import Overview, Part

LINES, NAMES, TOPIC = 12, 8, 10

NOTHING = "台账里没有这样的约稿。"
NOTHING_OPEN = "都已销号。"
NOTHING_OVERDUE = "没有超期未报的。"
MORE = "还有{rest}件，没有列出。"
HOW = "发“{again}”可得 Excel。"
SHEET_SENT = "已发《{name}》，共{rows}行。"
TOO_MANY = (
    "这部分台账有{rows}行，聊天里一次最多{most}行。请缩小范围，如写上月份或单位；要全部的，请运维执行 baosong ledger。"
)
NO_FILES = "这里不能发文件。请在 QQ 或企业微信的私聊里要，或请运维执行 baosong ledger。"


def overview(title: str, seen: Overview, again: str, year: int) -> str:
    """The whole: what was counted, then the commissions that are open."""
    if not seen.counts.issued:
        return NOTHING
    issued = f"约稿{seen.counts.commissions}件，下达{seen.counts.issued}家次{_apart(seen)}"
    lines = [_waiting(one, year) for one in seen.waiting]
    return _screen([title, issued, *_counts(seen.counts)], lines, [HOW.format(again=again)] if again else [])


def _apart(seen: Overview) -> str:
    """Phone and SMS are counted apart (facts: domain §1.2, no. 32)."""
    said = [f"{way.value}{seen.ways[way]}件" for way in (Way.SLIP, Way.PHONE, Way.SMS) if way in seen.ways]
    return f"（其中{'、'.join(said)}）" if said else ""


def _waiting(one: Progress, year: int) -> str:
    late = f"，超期{one.counts.missing}" if one.counts.missing else ""
    return f"{show_time(one.due_ms)} {_name(one.head, year)}未销号{one.counts.open}{late}"


def _name(head: Head, year: int) -> str:
    """`约18《…》` with as much of the topic as fits; the number alone if the topic may not be in a chat."""
    number = head.spoken(year)
    return f"{number} " if head.off_chat else f"{number}《{shorten(head.topic, TOPIC)}》"


def _counts(counts: Counts) -> list[str]:
    missing = f"，超期未报{counts.missing}" if counts.missing else ""
    excused = f"，不计{counts.excused}" if counts.excused else ""
    return [
        f"签收{counts.received}，报送{counts.delivered}（按时{counts.on_time}），采用{counts.adopted}",
        f"已销号{counts.closed}，未销号{counts.open}{missing}{excused}",
        f"完成率{format_rate(counts.completion)}，按时率{format_rate(counts.punctuality)}，"
        f"采用率{format_rate(counts.hits)}",
    ]


def _screen(head: Sequence[str], lines: Sequence[str], tail: Sequence[str]) -> str:
    """As many lines as a phone shows at once."""
    if not lines:
        return "\n".join([*head, NOTHING_OPEN, *tail])
    room = LINES - len(head) - len(tail) - 1
    shown = list(lines) if len(lines) <= room + 1 else [*lines[:room], MORE.format(rest=len(lines) - room)]
    return "\n".join([*head, *shown, *tail])


def commission(asked: Commission, part: Part, again: str, now_ms: int) -> str:
    """One commission: who stands where. What is done is a number, what is missing has names."""
    head = [
        asked.name,
        f"{asked.source.value}，{show_time(asked.issued_ms)} 下达，{show_time(asked.due_ms)} 截止",
        f"下达{part.counts.issued}家",
        *_counts(part.counts),
    ]
    groups: dict[str, list[Line]] = {word: [] for word in (MISSING, *_WORDS.values())}
    for line in part.lines:
        if line.is_open:
            word = MISSING if line.is_missing(now_ms) else _WORDS[line.stage]
            groups[word].append(line)
    lines = [f"{word}：{_names(found, part)}" for word, found in groups.items() if found]
    return _screen(head, lines, [HOW.format(again=again)] if again else [])


MISSING = "超期未报"
_WORDS = {
    Stage.ISSUED: "没有签收",
    Stage.RECEIVED: "签收没报",
    Stage.DECLINED: "申请不报",
    Stage.ANSWERED: "已报待销号",
}


def _names(lines: Sequence[Line], part: Part) -> str:
    names = list(dict.fromkeys(part.units[line.unit_id] for line in lines))
    more = f"等{len(names)}家" if len(names) > NAMES else ""
    return "、".join(names[:NAMES]) + more


def unit(title: str, part: Part, missed: Sequence[str], now: datetime) -> str:
    """A unit's own: what was counted, then what is open, nearest due first."""
    if not part.lines:
        return NOTHING
    head = [title, f"约稿{part.counts.commissions}件", *_counts(part.counts)]
    if missed:
        word = f"，已达{TWICE}次以上" if len(missed) >= TWICE else ""
        head.append(f"{now.year}年未按时完成{len(missed)}次{word}：{'、'.join(missed[:3])}{'等' if missed[3:] else ''}")
    lines = [_due(line, f"{_name(line.head, now.year)}{_stage(line, to_ms(now))}") for line in _by_due(part.lines)]
    return _screen(head, lines, [])


def _by_due(lines: Iterable[Line]) -> list[Line]:
    return sorted((line for line in lines if line.is_open), key=lambda line: (line.due_ms, line.id))


def _due(line: Line, what: str) -> str:
    return f"{show_time(line.due_ms)} {what}".rstrip()


def _stage(line: Line, now_ms: int) -> str:
    return f"{line.stage.label}，超期" if line.is_missing(now_ms) else line.stage.label


def overdue(title: str, part: Part, year: int) -> str:
    """What should be here and is not, longest overdue first."""
    if not part.lines:
        return NOTHING_OVERDUE
    head = [f"{title} {len(part.lines)}家次"]
    lines = [_due(line, f"{part.units[line.unit_id]} {_name(line.head, year)}") for line in _by_due(part.lines)]
    return _screen(head, lines, [])
