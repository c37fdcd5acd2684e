"""A commission as the office writes it: one message of labelled lines, or the answers to a form. Pure.

    全市夏粮收购情况
    来源：省办  类别：专题  字数：1500  主题：乡村振兴
    要求：……
    时间：周五下班前
    单位：全部县区，除临江县
    1. 发改局牵头、粮储局参加：价格走势 800字 周四前

Words are only sorted here; what they mean (a due time, units) is found out by `drafting`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from domain.commission import Source
from domain.errors import BadInput
from domain.words import tidy, tidy_line

_WORDS = {
    "topic": "标题 题目 约稿题目 约稿标题",
    "requirement": "要求 约稿要求 内容 内容要求 报送要求 写作要求 具体要求",
    "class_name": "类别 类型 约稿类别 分类",
    "length": "字数 篇幅 字数要求",
    "source": "来源 约稿来源",
    "theme": "主题 专题名称",
    "due": "时间 期限 截止 截止时间 报送时间 时限 报送期限 完成时间 报送时限 截止日期",
    "units": "单位 对象 约稿单位 报送单位 约稿对象 范围 发往",
    "upper": "上级 上级约稿 上级要求 上级编号",
    "off_chat": "不在群内 不进群",
    "urgent": "急 紧急 急件 紧急程度",
}
LABELS = {label: field for field, labels in _WORDS.items() for label in labels.split()}

_LABEL = "|".join(sorted(LABELS, key=len, reverse=True))
_FIELD = re.compile(rf"(?:^|(?<=[\s;；]))(?:【({_LABEL})】\s*[:：]?|({_LABEL})\s*[:：])")
_PARTS_HEAD = re.compile(r"【?(?:课题)?分解】?\s*[:：]?\s*")
_PART = re.compile(r"(?:[(（]?(\d{1,2})[)）.．、]|第?([一二三四五六七八九十]{1,2})[、项])\s*(.+)")
_SHARES = re.compile(r"牵头|参加|配合|负责|主办|协办")
_FLAG = re.compile(r"[【\[](OA|不在群内|急|加急|特急|急件)[】\]]", re.IGNORECASE)
_YES = ("是", "有", "对", "急", "加急", "特急", "yes", "y", "1", "oa")
_NO = ("否", "不", "不是", "无", "平", "平件", "普通", "no", "n", "0")

SOURCES = {
    Source.STATE: "国办 国务院办公厅 国务院 中办",
    Source.PROVINCE: "省办 省府办 省政府办公厅 省政府 省厅 省委办 省委 省里",
    Source.CITY: "市领导 市长 书记 副市长 秘书长 市政府领导 市委领导 领导",
    Source.OFFICE: "本办 市府办 市办 本科 信息科 自拟",
}
_SOURCES = {word: source for source, words in SOURCES.items() for word in words.split()}

# A number of an office has its digits behind a word of its own, a day has its month before them.
_UPPER = re.compile(r"(?=.*\d)(?!.*[月日号时点])[^\d\s]+.*")

TOPIC_LIMIT, REQUIREMENT_LIMIT, FIELD_LIMIT = 100, 2_000, 60


@dataclass(frozen=True, slots=True)
class Brief:
    """What was written, sorted by field; '' is not written. `parts` are the lines of a decomposition; `off_chat` and
    `urgent` are 是 or ''."""

    topic: str = ""
    requirement: str = ""
    class_name: str = ""
    length: str = ""
    source: str = ""
    theme: str = ""
    due: str = ""
    units: str = ""
    upper: str = ""
    off_chat: str = ""
    urgent: str = ""
    parts: str = ""

    def as_answers(self) -> dict[str, str]:
        """What is written, as a form keeps it."""
        return {field: value for field, value in asdict(self).items() if value}

    def changed_by(self, other: Brief) -> Brief:
        """This brief with everything the other one says in its place."""
        return replace(self, **other.as_answers())


def from_answers(answers: Mapping[str, str]) -> Brief:
    """The brief a form has gathered; other answers of the form are none of its business."""
    known = {field.name for field in fields(Brief)}
    return Brief(**{field: value for field, value in answers.items() if field in known})


def read_brief(title: str, body: str, *, decomposes: bool = False) -> Brief:
    """Sort a message into its fields: the title's own line, and what stands below it. Where it `decomposes` a topic
    every numbered line that names somebody is a part, else one in a requirement has to say who does it.

    Raises BadInput for what is too long or is neither yes nor no.
    """
    title, flags = _flags(" ".join(title.split()))
    field = _FIELD.search(title)
    topic, more = (title[: field.start()], title[field.start() :]) if field else (title, "")
    lines = _Sorting(decomposes=decomposes)
    for line in (more, *body.split("\n")):
        lines.take(line.strip())
    brief = Brief(**(lines.done() | dict.fromkeys(flags, "是")))
    return check_brief(
        replace(
            brief,
            topic=_bare(topic.strip() or brief.topic),
            off_chat=_yes(brief.off_chat, "不在群内"),
            urgent=_yes(brief.urgent, "急"),
        )
    )


class _Sorting:
    """Takes a message line by line; what has no label belongs to the requirement."""

    def __init__(self, *, decomposes: bool) -> None:
        self._found: dict[str, list[str]] = {}
        self._decomposes = decomposes
        self._in_requirement = True

    def take(self, line: str) -> None:
        if not line:
            return
        head = _PARTS_HEAD.match(line)
        if head is not None:
            self._in_requirement = False
            line = line[head.end() :]
        part = _PART.fullmatch(line)
        if part is not None and self._is_part(part[3]):
            self._found.setdefault("parts", []).append(part[3])
            self._in_requirement = False
            return
        written = _fields_of(line)
        for field, value in written:
            self._found.setdefault(field, []).append(value)
        if written:
            self._in_requirement = written[-1][0] == "requirement"
        elif line:
            self._found.setdefault("requirement", []).append(line)

    def _is_part(self, said: str) -> bool:
        """A numbered line of a requirement is a part only if it says who does it."""
        head, colon, _ = said.replace("：", ":").partition(":")
        named = self._decomposes or not self._in_requirement or bool(_SHARES.search(head))
        return bool(colon) and head.strip() not in LABELS and named

    def done(self) -> dict[str, str]:
        """Of a field written twice the first counts; a requirement and parts have all their lines."""
        return {
            field: "\n".join(lines).strip() if field in ("requirement", "parts") else lines[0]
            for field, lines in self._found.items()
        }


def _fields_of(line: str) -> list[tuple[str, str]]:
    """The labelled fields of a line; behind 要求 the whole line belongs to it."""
    marks = list(_FIELD.finditer(line))
    if not marks or marks[0].start():
        return []
    found: list[tuple[str, str]] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        field = LABELS[mark[1] or mark[2]]
        if field == "requirement":
            return [*found, (field, line[mark.end() :].strip())]
        end = following.start() if following else len(line)
        found.append((field, line[mark.end() : end].strip(" \u3000;；,，")))
    return found


def _flags(title: str) -> tuple[str, set[str]]:
    """The flag words of a title (【OA】, 【急】), and the title without them."""
    flags = {"off_chat" if word.upper() in ("OA", "不在群内") else "urgent" for word in _FLAG.findall(title)}
    return _FLAG.sub("", title).strip(), flags


def _bare(title: str) -> str:
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        return title[1:-1]
    return title


def _yes(said: str, label: str) -> str:
    word = tidy(said).casefold()
    if not word or word in _NO:
        return ""
    if word not in _YES:
        raise BadInput(reason=f"“{label}：{said[:20]}”看不懂，请写“{label}：是”，不是就不用写。")
    return "是"


def check_brief(brief: Brief) -> Brief:
    """The brief, if nothing in it is too long. Raises BadInput."""
    for value, limit, what in (
        (brief.topic, TOPIC_LIMIT, "标题"),
        (brief.requirement, REQUIREMENT_LIMIT, "要求"),
        (brief.parts, REQUIREMENT_LIMIT, "分解"),
        *((value, FIELD_LIMIT, what) for value, what in (
            (brief.class_name, "类别"), (brief.length, "字数"), (brief.theme, "主题"), (brief.upper, "上级"),
        )),
    ):  # fmt: skip
        if len(value) > limit:
            raise BadInput(reason=f"{what}有 {len(value)} 个字，太长了（不超过 {limit} 字）。")
    return brief


def read_source(words: str, upper: str) -> Source:
    """Who wants it; without a word it follows from the upper demand's number (省办约2026-33). Raises BadInput."""
    said = tidy_line(words)
    if said in _SOURCES:
        return _SOURCES[said]
    if said:
        raise BadInput(reason=f"来源“{said[:20]}”看不懂，可以写：{'、'.join(source.value for source in Source)}。")
    known = (source for word, source in _SOURCES.items() if tidy_line(upper).startswith(word))
    return next(known, Source.OFFICE)


def read_upper(words: str) -> tuple[str, str]:
    """(number, due words) of the upper demand: `省办约2026-33 12月4日下班前`; '' for what is not written."""
    first, _, rest = tidy_line(words).partition(" ")
    if _UPPER.fullmatch(first):
        return first, rest
    return "", tidy_line(words)


def read_length(words: str) -> str:
    """`1500` is 1500字; anything else stays as it was written."""
    said = " ".join(words.split())
    return f"{said}字" if said.isdecimal() else said


@dataclass(frozen=True, slots=True)
class PartBrief:
    """One line of a decomposition: who leads, who joins, what about, how long, until when; '' is not written."""

    leads: str
    joins: str
    angle: str
    length: str
    due: str


_LENGTH = re.compile(r"(?<!\d)(\d{2,5})\s*字(?:左右|以内|以上)?")


def read_part(line: str) -> PartBrief:
    """`发改局牵头、粮储局参加：价格走势 800字 周四前`. Raises BadInput without units or without an angle."""
    who, _, what = line.replace("：", ":").partition(":")
    leads, joins = _leads_and_joins(who)
    length = _LENGTH.search(what)
    angle, due = (what[: length.start()], what[length.end() :]) if length else _angle_and_due(what)
    angle, due = " ".join(angle.split()).strip("，,；;"), due.strip(" \u3000，,；;。")
    if not (leads or joins) or not angle:
        raise BadInput(reason=f"分解“{line[:30]}”看不懂，请这样写：1. 发改局牵头、粮储局参加：价格走势 800字 周四前")
    return PartBrief(leads, joins, angle, length[0].replace(" ", "") if length else "", due)


def _leads_and_joins(who: str) -> tuple[str, str]:
    """Units before 牵头 lead; without the word all of them work side by side."""
    match = re.match(r"(.*?)(?:牵头|负责|主办)(.*)", who)
    leads, joins = (match[1], match[2]) if match else ("", who)
    return leads.strip(" 、，,；;"), re.sub(r"参加|配合|协办|共同", "", joins).strip(" 、，,；;")


def _angle_and_due(what: str) -> tuple[str, str]:
    """Without a length between them, the last word is the due time if it looks like one."""
    head, _, last = what.strip().rpartition(" ")
    return (head, last) if head and re.search(r"\d|前|今|明|后天|周|星期|日内|下班", last) else (what, "")
