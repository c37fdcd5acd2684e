"""What is read about instructions, sending up, and the superior's points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.journal import Journal
from domain.upward import PLACE_NAMES, Upward
from domain.words import shorten
from plugins.desk.texts import moved
from services.desk import Done
from services.why import Line, in_words

WAITING_SHOWN = 10
TITLE_SHOWN = 16

ACCEPTABLE = "符合要求未用"
INSTRUCTED_TO_YOU = "{whose}{name}获{what}。{points}\n批示件请按规定渠道领取，内容不要在群里传。"
SENT_UP_TO_YOU = "{whose}{name}已{what}。{points}\n上级是否采用，另行告知。"
ACCEPTED_TO_YOU = "{whose}{name}{what}，已登记。{points}"
SUPPLIED_TO_YOU = "{whose}{name}：上级分值已登记，{what}。{points}"
HOW_TO_SUPPLY = "没有写上级给的分值。请这样写：/外部分 编号 [刊物] 8分，例如：/外部分 137 省要情 8分。"
NONE_WAITING = "没有等上级分值的采用。"
HOW_TO_GO_ON = "知道分值后请发“/外部分 编号 [刊物] 8分”。没有补齐，当期不能定稿。"


def instruction(who: str, day: date) -> str:
    """`市级领导批示（11-22）`."""
    return f"{who}批示（{day:%m-%d}）"


def upward(read: Upward) -> str:
    """`报省单条（11-23）`."""
    return f"报{PLACE_NAMES[read.level]}{read.form}（{read.day:%m-%d}）"


def registered(done: Done, what: str) -> str:
    return f"{done.item.name}：已登记{what}{moved(done.moves)}"


def supplied(done: Done, what: str, waiting: int) -> str:
    rest = f"\n还有{waiting}件等上级分值，发“/外部分”看。" if waiting else ""
    return f"{done.item.name}：{what}{moved(done.moves)}{rest}"


def waiting(lines: Sequence[Line], journals: Sequence[Journal]) -> str:
    """What waits for the superior's points, oldest first."""
    if not lines:
        return NONE_WAITING
    said = [f"等上级分值{len(lines)}件，早的在前："]
    for line in lines[:WAITING_SHOWN]:
        item = f"{line.number}《{shorten(line.title, TITLE_SHOWN)}》"
        said.append(f"{line.entry.day:%m-%d} {item}{in_words(line, journals)}")
    if len(lines) > WAITING_SHOWN:
        said.append(f"还有{len(lines) - WAITING_SHOWN}件没有列出。")
    return "\n".join([*said, HOW_TO_GO_ON])
