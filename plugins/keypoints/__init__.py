"""Key points: `/要点` issues, shows and covers the office's list; `/十大类` keeps the yearly categories."""

from __future__ import annotations

import re
from collections.abc import Callable

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.errors import BadInput, NotAllowed
from domain.roster import DESK, UNIT_SIDE
from plugins._discretion import discreet
from plugins.keypoints import categories as categories  # it declares /十大类
from plugins.keypoints import texts
from services import keypoints
from services.items import before_the_office, split_number
from services.mail import private_target, send_file

__plugin_meta__ = PluginMetadata(
    name="要点",
    description="报送要点：下达、查看、标记、覆盖情况；十大类信息要点",
    usage="/要点；/十大类",
    type="application",
)

_NUMBERS = re.compile(r"((?:要点)?\s*\d{1,2}(?:\s*[、,，/+]\s*\d{1,2})*)(?!\d|[月年季-])\s*(.*)")


@command(
    "key-points",
    "要点",
    "报送要点",
    who=UNIT_SIDE | DESK,
    family="要点",
    summary="看现行报送要点和报到了哪几条；信息科下达、标记、看覆盖情况",
    usage="/要点 [期间]；/要点 3；信息科：/要点 下达 期间（下面一行一条）、确认、取消、覆盖 [期间]、表格 [期间]、"
    "标记 编号 要点号、去标 编号 要点号",
    example="/要点 下达 12月\n岁末年初民生保障\n冬春森林防火",
)
@discreet
def key_points(call: Call) -> Answer:
    """The list in use; or what the office does with one."""
    for words, action in _ACTIONS.items():
        word = next((word for word in words if call.words.casefold().startswith(word)), None)
        if word is not None:
            if not call.person.has(DESK):
                raise NotAllowed(action=f"/要点 {words[0]}")
            return action(call, call.words[len(word) :].strip())
    numbered = _NUMBERS.fullmatch(call.words)
    if numbered is not None:
        return _show_point(call, _one_number(numbered[1]), numbered[2])
    if call.person.has(DESK):
        return texts.desk_list(keypoints.covered(call.tx, call.words, call.now), call.now)
    covered = keypoints.covered_by(call.tx, call.person.unit_id or 0, call.words, call.now)
    return texts.unit_list(covered, call.now)


def _show_point(call: Call, number: int, period: str) -> str:
    meant = keypoints.find_list(call.tx, period, call.now)
    point = keypoints.find_point(meant, number)
    unit_id = None if call.person.has(DESK) else call.person.unit_id or 0
    return texts.point(meant, point, keypoints.items_of_point(call.tx, meant, point, unit_id, call.now))


def _draft(call: Call, rest: str) -> str:
    return texts.preview(keypoints.draft(call.tx, call.person, rest, call.body, call.now), call.now)


def _confirm(call: Call, rest: str) -> str:
    issued = keypoints.issue(call.tx, call.person, call.now)
    pushed = keypoints.push(call.tx, call.office, issued, texts.push(issued), call.now)
    return texts.issued(pushed, call.now_ms)


def _drop(call: Call, rest: str) -> str:
    keypoints.drop_draft(call.tx, call.person)
    return texts.DROPPED


def _cover(call: Call, rest: str) -> str:
    return texts.coverage(keypoints.covered(call.tx, rest, call.now), call.now)


def _sheet(call: Call, rest: str) -> str:
    """The coverage as a workbook, to where only the office reads."""
    covered, incoming = keypoints.covered(call.tx, rest, call.now), call.incoming
    here = before_the_office(call.tx, incoming, call.now.date())
    target = incoming.target if here else private_target(call.tx, incoming, call.now.date())
    name = texts.sheet_name(covered.list)
    units = [(unit.id, unit.label) for unit in covered.units]
    from reports.keypoints import write_coverage  # 12 MB that most days nobody asks for

    data = write_coverage(covered.list, units, covered.coverage, call.now_ms)
    queued = bool(target) and send_file(
        call.tx, incoming.platform, target, name, data, dedup=f"points:{incoming.platform}:{incoming.key}",
        kind="points sheet", now=call.now,
    )  # fmt: skip
    return texts.SHEET_SENT.format(label=covered.list.span.label, name=name) if queued else texts.SHEET_NOT_HERE


def _tag(call: Call, rest: str) -> str:
    number, points, period = _item_and_points(rest)
    item, tagged = keypoints.tag_by_desk(call.tx, call.person, number, points, period, call.now)
    return texts.tagged_by_desk(item, tagged)


def _untag(call: Call, rest: str) -> str:
    number, points, period = _item_and_points(rest)
    if len(points) > 1:
        raise BadInput(reason=texts.ONE_AT_A_TIME)
    return texts.untagged(*keypoints.untag_by_desk(call.tx, call.person, number, points[0], period, call.now))


def _item_and_points(rest: str) -> tuple[str, list[int], str]:
    """`137 3、5 上月`: the item's number, the points, the period of their list ('' for the one in use)."""
    number, behind = split_number(rest)
    match = _NUMBERS.fullmatch(behind)
    if match is None:
        raise BadInput(reason=texts.HOW_TO_TAG)
    return number, [int(digits) for digits in re.findall(r"\d+", match[1])], match[2]


def _one_number(words: str) -> int:
    numbers = re.findall(r"\d+", words)
    if len(numbers) > 1:
        raise BadInput(reason=texts.ONE_AT_A_TIME)
    return int(numbers[0])


_ACTIONS: dict[tuple[str, ...], Callable[[Call, str], str]] = {
    ("下达", "issue"): _draft,
    ("确认", "confirm"): _confirm,
    ("取消", "放弃", "cancel"): _drop,
    ("覆盖", "coverage"): _cover,
    ("表格", "sheet"): _sheet,
    ("标记", "tag"): _tag,
    ("去标", "untag"): _untag,
}
"""What the office can do, by the words it is called with; the first is the one people are shown."""
