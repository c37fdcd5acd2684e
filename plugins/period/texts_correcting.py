"""What the office reads about a correction set: what is in it, who moves, what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.moment import show_time
from domain.ranking import format_points
from services.cycles.corrections import Applied, Effect, Move, Preview
from services.cycles.texts import short_label, signed

MOVES_SHOWN = 6
"""So many units that move are listed per board."""

BOARDS_SHOWN = 2
"""So many boards are shown unit by unit, the year's first; of the others it is said how many units move."""

CHANGES_SHOWN = 12

NOTHING = (
    "没有正在拟的更正。加一项：\n"
    "/更正 撤销 137 每日要情 128 登记错了\n"
    "/更正 补登 137 省专报 45 单篇 11-20\n"
    "/更正 批示 137 市级 11-23\n"
    "/更正 调整 云山县 -2 第十二条 原因\n"
    "/更正 办法（下面贴办法文件）"
)
COLLECTED = "更正{id}：第{place}项 {change}\n共{count}项。看影响请发“/更正 预览”；删去请发“/更正 删 {place}”。"
REMOVED = "第{place}项已删去，更正{id}还有{count}项。"
HOW_TO_GO_ON = "批准请信息科长发“/更正 批准”，不要了请发“/更正 放弃”。"
PREVIEW_FIRST = "看影响请发“/更正 预览”，删去一项请发“/更正 删 1”。"
DROPPED = "更正{id}已放弃，什么都没有改。"
APPLIED = "更正{id}已批准，入账{entries}笔。"
LOOK_AGAIN = "预览以后情况有变化，还没有批准。请看新的预览，没有问题再发一次“/更正 批准”。\n"
NOBODY_MOVES = "没有单位的得分、名次因此变化。"
ASKED_TO_APPROVE = "【更正待批准】{who}拟的\n"
SETTLED = {"applied": "已批准", "dropped": "已放弃"}


def collected(id: int, lines: Sequence[tuple[int, str]], *, previewed: bool) -> str:
    """What is in the set."""
    return "\n".join([f"更正{id}，{len(lines)}项：", *_listed(lines), HOW_TO_GO_ON if previewed else PREVIEW_FIRST])


def _listed(lines: Sequence[tuple[int, str]]) -> list[str]:
    shown = [f"{place}. {line}" for place, line in lines[:CHANGES_SHOWN]]
    return [*shown, *([f"……还有{len(lines) - CHANGES_SHOWN}项"] if len(lines) > CHANGES_SHOWN else [])]


def settled(id: int, stage: str, by: str, at_ms: int, lines: Sequence[tuple[int, str]]) -> str:
    """The set that was settled last, when none is being collected."""
    head = f"最近一份：更正{id}，{by} {show_time(at_ms)} {SETTLED[stage]}"
    return "\n".join([head, *_listed(lines), NOTHING])


def preview(id: int, found: Preview) -> str:
    """Who moves and by how much, board by board, and what to do next."""
    lines = [f"更正{id}的影响（还没有改，入账{found.entries}笔）："]
    for effect in _detailed(found.effects):
        lines += _effect(effect)
    others = [one for one in found.effects if one not in _detailed(found.effects)]
    if others:
        told = "、".join(f"{short_label(one.period)}{len(one.moves)}个" for one in others)
        lines.append(f"其他期间：{told}单位")
    if not found.effects:
        lines.append(NOBODY_MOVES)
    return "\n".join([*lines, HOW_TO_GO_ON])


def _detailed(effects: Sequence[Effect]) -> list[Effect]:
    """The boards that are shown unit by unit: years, then the latest months."""
    by_weight = sorted(effects, key=lambda one: (len(one.period.months), one.period.last), reverse=True)
    return by_weight[:BOARDS_SHOWN]


def _effect(effect: Effect) -> list[str]:
    shown = [_move(move) for move in effect.moves[:MOVES_SHOWN]]
    rest = len(effect.moves) - MOVES_SHOWN
    return [f"【{effect.period.label}】{len(effect.moves)}个单位", *shown, *([f"……还有{rest}个"] if rest > 0 else [])]


def _move(move: Move) -> str:
    before, after = move.before, move.after
    difference = after.points - before.points
    gain = f"（{signed(difference)}）" if difference else ""
    moved = f"{_rank(before.rank)}→" if before.rank != after.rank else ""
    place = f"第{moved}{_rank(after.rank)}名"
    counts = [
        f"{word}{old}→{new}条"
        for word, old, new in (("报", before.submitted, after.submitted), ("采", before.adopted, after.adopted))
        if old != new
    ]
    points = f"{format_points(before.points)}→{format_points(after.points)}分{gain}" if difference else ""
    return f"{move.unit} " + "，".join(word for word in (points, place, *counts) if word)


def _rank(rank: int | None) -> str:
    return str(rank) if rank is not None else "—"


def approved(result: Applied, told: Sequence[str], missed: Sequence[str]) -> str:
    """What an approval did."""
    if not result.done:
        return LOOK_AGAIN + preview(result.correction.id, result.preview)
    said = APPLIED.format(id=result.correction.id, entries=result.preview.entries)
    said += f"\n已私聊告知{len(told)}个单位。" if told else ""
    said += f"\n没有能私聊的信息员，请电话告知：{'、'.join(missed)}。" if missed else ""
    return said
