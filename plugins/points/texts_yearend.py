"""What is read at the year's end: places, target points, candidates and grounds, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.awards import Proposal
from domain.moment import show_time
from domain.ranking import format_points
from domain.words import shorten
from services.awarding import Decided, Decision
from services.yearend import OUTCOMES, Standing, YearEnd, grounds_of

TOP, SHOWN, AT_MOST = 3, 15, 100
NAMES, GROUNDS = 8, 60

HOW_TO_DECIDE = "请写单位（或姓名）和奖项：/评先 云山县 先进单位；取消：/评先 取消 云山县 先进单位 原因。"
HOW = "逐类看“/年终 类别”，表格加“导出”；科长决定后发“/评先 单位 奖项”。"
NO_AWARDS = "考评办法没有规定奖项。"
NOTHING_DECIDED = "还没有登记评先结果。"


def overview(seen: YearEnd) -> str:
    """The best of each class and the awards, a line each."""
    parts = [_title(seen)]
    for name, standings in seen.classes.items():
        best = [f"{_rank(one)}{one.row.unit.label} {_points(one)}" for one in standings[:TOP]]
        parts.append(f"【{name}】{'；'.join(best)}")
    parts += [_proposal(seen, proposal) for proposal in seen.proposals] or [NO_AWARDS]
    given = [one for one in seen.decisions if one.stands]
    if given:
        parts.append(f"已定{len(given)}项，发“/评先”看。")
    return "\n".join([*parts, HOW])


def one_class(seen: YearEnd, name: str, *, everything: bool) -> str:
    """A class in full, with whoever is disqualified and why."""
    standings = seen.classes.get(name, ())
    shown = standings[: AT_MOST if everything else SHOWN]
    parts = [f"{_title(seen)} {name}", *(f"{_rank(one)}{one.row.unit.label} {_points(one)}" for one in shown)]
    if len(standings) > len(shown):
        parts.append(f"还有{len(standings) - len(shown)}个，加“全部”。")
    for proposal in seen.proposals:
        if proposal.unit_class == name:
            parts += [_proposal(seen, proposal), *_out(seen, proposal)]
    return "\n".join(parts)


def _title(seen: YearEnd) -> str:
    return f"{seen.period.label}年终" + ("" if seen.is_over else f"（预看，截至{seen.upto:%m-%d}）")


def _rank(one: Standing) -> str:
    return f"{one.row.rank}. " if one.row.rank is not None else "－ "


def _points(one: Standing) -> str:
    converted = f"，折算{format_points(one.converted.points)}分" if one.converted else ""
    note = f"（{one.row.note}）" if one.row.note else ""
    return f"{format_points(one.row.points)}分{converted}{note}"


def _proposal(seen: YearEnd, proposal: Proposal) -> str:
    """`先进单位（县区，2个，第十五条）建议：云山县；不能参评2个`."""
    by = {outcome: [c for c in proposal.candidates if c.outcome == outcome] for outcome in OUTCOMES}
    said = []
    for outcome in ("proposed", "tied"):
        names = [seen.name_of(proposal, one) for one in by[outcome]]
        if names:
            more = f"等{len(names)}个" if len(names) > NAMES else ""
            said.append(f"{OUTCOMES[outcome]}：{'、'.join(names[:NAMES])}{more}")
    if by["out"]:
        said.append(f"不能参评{len(by['out'])}个")
    head = f"{proposal.award}（{proposal.unit_class}，{proposal.places}个，{proposal.article}）"
    return head + ("；".join(said) or "没有人选")


def _out(seen: YearEnd, proposal: Proposal) -> list[str]:
    out = [one for one in proposal.candidates if one.outcome == "out"]
    lines = [f"{seen.name_of(proposal, one)} 不能参评：{shorten(grounds_of(one), GROUNDS)}" for one in out[:NAMES]]
    return [*lines, f"还有{len(out) - NAMES}个，见导出的表格。"] if len(out) > NAMES else lines


def decided(done: Decided) -> str:
    computed = "" if done.outcome == "proposed" else f"\n计算结果：{done.grounds or OUTCOMES[done.outcome]}"
    return f"已登记：{done.whom} {done.year}年{done.award}。{computed}\n本类名额{done.places}个，已定{done.given}个。"


def taken_back(done: Decided, reason: str) -> str:
    return f"已取消：{done.whom} {done.year}年{done.award}。\n原因：{reason}"


def decisions(year: int, found: Sequence[Decision], subjects: Mapping[int, str]) -> str:
    """What was decided, award by award; what was taken back is told."""
    if not found:
        return f"{year}年{NOTHING_DECIDED}\n{HOW_TO_DECIDE}"
    lines = [f"{year}年评先结果："]
    for one in found[-SHOWN:]:
        reason = f"，理由：{one.reason}" if one.reason else ""
        back = f"，{show_time(one.revoked_ms)} {one.revoked_by}取消：{one.revoked_because}" if not one.stands else ""
        lines.append(f"{one.award} {subjects[one.id]}（{one.by} {show_time(one.at_ms)}{reason}{back}）")
    if len(found) > SHOWN:
        lines.append(f"只列出最近{SHOWN}项，全部请加“导出”。")
    return "\n".join(lines)
