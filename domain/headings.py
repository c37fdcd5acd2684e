"""The fields people write around an item: 报送单位：…, 撰稿：…, (××局 张三 138…) (facts: domain §7.2).

Only lines at the head and at the tail of a text are looked at, and only those that begin with a known label; what
stands in the middle of a text is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

from domain.errors import BadInput
from domain.item import FORMS, KINDS

LOOKED_AT = 40
"""So many lines at either end; more fields than that are no fields."""

LONGEST_VALUE = 60
"""A line that says more behind a label is a sentence."""

LONGEST_PEOPLE = 200
_HOW_TO_WRITE_PEOPLE = "看不懂。请依次写撰稿人、签发人、联系电话，用空格隔开，例如：张三 李局长 13800000000。"

_WORDS = {
    "title": "标题 题目 信息标题",
    "units": "报送单位 供稿单位 上报单位 填报单位 单位",
    "joint": "联合报送单位 联合报送 联合单位 联报单位",
    "kind": "信息类型 信息类别 类型 类别",
    "form": "信息形式 形式",
    "writer": "撰稿人 撰稿 作者 供稿人 供稿 拟稿人 拟稿 撰写人 报送人 信息员 联系人",
    "signer": "签发领导 签发人 签发 审签人 审签",
    "phone": "联系电话 联系方式 电话号码 电话 手机号 手机",
    "commission": "约稿题目 约稿主题 约稿编号 约稿",
    "points": "报送要点 要点",
    # These are not kept apart, so they stay in the text; a field beyond them is still a field.
    "": "审核人 审核 责任编辑 编辑 校对 报送日期 报送时间 日期",
}
_LABELS = {label: field for field, labels in _WORDS.items() for label in labels.split()}

# 签　发：, as people align their labels, is 签发. 要点： is a field before numbers alone: 要点：一是抓好…… is a text.
_POINTS = r"(?=[】 \u3000]*[:：]?[ \u3000]*\d{1,2}(?:[ 、/+]+\d{1,2})*(?:$|[\s;；,，|/)）]))"
_LABEL = "|".join(
    "[ \u3000]*".join(label) + (_POINTS if _LABELS[label] == "points" else "")
    for label in sorted(_LABELS, key=len, reverse=True)
)
_FIELD = re.compile(rf"(?:^|(?<=[\s;；,，、|/(（]))(?:【({_LABEL})】[ \u3000]*[:：]?|({_LABEL})[ \u3000]*[:：])")
_BODY_LABEL = re.compile(r"[ \u3000]*(?:【正文】[ \u3000]*[:：]?|正文[ \u3000]*[:：])[ \u3000]*")
_BLANK = re.compile(r"[ \u3000]+")
_BETWEEN = re.compile(r"[\s、,，;；/]+")
_AROUND = " \u3000\t,，;；、|/。"

_PHONE = r"(?:1\d{2}[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|\d{7,8})"
_ENDS_IN_PHONE = re.compile(rf"(.*?)[\s,，、:：]*(?:(?:联系)?电话[:：]?\s*)?(?<!\d)({_PHONE})", re.DOTALL)

_OPENING, _CLOSING = "(（", ")）"


@dataclass(frozen=True, slots=True)
class Headings:
    """What was written in fields; '' or () if nothing was. `units` are all who sign, `joint` those who join."""

    title: str = ""
    units: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    kind: str = ""
    form: str = ""
    writer: str = ""
    signer: str = ""
    phone: str = ""
    commission: str = ""
    points: str = ""

    def completed_by(self, other: Headings) -> Headings:
        """These, and what only the other has."""
        if other is NONE:
            return self
        missing = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **missing)


NONE = Headings()
"""A text without fields, which most are."""


def take_headings(text: str) -> tuple[Headings, str]:
    """The fields of a text, and the text without them. Of a field written twice the first counts. Pure."""
    lines = text.split("\n")
    found = _take_head(lines)
    for field, value in _take_tail(lines):
        found.setdefault(field, value)
    return _headings(found) if found else NONE, "\n".join(lines).strip("\n")


def read_people(text: str) -> Headings:
    """Author, signer and phone in any writing: `张三 李局长 13800000000`, `撰稿：张三 电话：138…`.

    Raises BadInput if there are more words than that.
    """
    if len(text) > LONGEST_PEOPLE:
        raise BadInput(reason=_HOW_TO_WRITE_PEOPLE)
    found: dict[str, str] = {}
    free: list[str] = []
    for line in filter(str.strip, text.split("\n")):
        written = _fields_of(line)
        if written is None:
            free.append(line.strip())
        else:
            for field, value in written:
                found.setdefault(field, value)
    words, phone = _apart(" ".join(free))
    names = [word for word in _BETWEEN.split(words) if word]
    if len(names) > 2 or any(len(name) > 20 for name in names):
        raise BadInput(reason=_HOW_TO_WRITE_PEOPLE)
    for field, value in zip(("writer", "signer"), names, strict=False):
        found.setdefault(field, value)
    if phone:
        found.setdefault("phone", phone)
    return _headings(found)


def read_kind(word: str) -> str:
    """The kind somebody means (`经验做法` is 经验); '' for no word. Raises BadInput listing the kinds."""
    return _one_of(word, KINDS, "类型")


def read_form(word: str) -> str:
    """The form somebody means; '' for no word. Raises BadInput listing the forms."""
    return _one_of(word, FORMS, "形式")


def _one_of(word: str, known: tuple[str, ...], label: str) -> str:
    meant = next((one for one in known if one in word), "")
    if word and not meant:
        raise BadInput(
            reason=f"不认识{label}“{word[:20]}”，没有收下。{label}可以写：{'、'.join(known)}。"
            f"如果这一行是正文，请不要让它单独成行放在开头或结尾。"
        )
    return meant


def _take_head(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < min(len(lines), LOOKED_AT):
        label = _BODY_LABEL.match(lines[at])
        if label is not None:
            lines[at] = lines[at][label.end() :]
            break
        written = _fields_of(lines[at])
        if written is None and lines[at].strip():
            break
        if written is None or _stays(written):
            at += 1
            continue
        del lines[at]
        for field, value in written:
            found.setdefault(field, value)
    return found


def _take_tail(lines: list[str]) -> list[tuple[str, str]]:
    """The fields below the text, in the order they are written."""
    found: list[list[tuple[str, str]]] = []
    at = len(lines) - 1
    for _ in range(LOOKED_AT):
        if at < 0:
            break
        written = _fields_of(lines[at])
        if written is not None and not _stays(written):
            found.append(written)
            del lines[at]
        elif written is None and lines[at].strip():
            rest, signed = _signature(lines[at])
            if not signed:
                break
            found.append(signed)
            lines[at] = rest
            continue
        at -= 1
    return [pair for written in reversed(found) for pair in written]


def _stays(written: list[tuple[str, str]]) -> bool:
    return any(not field for field, _ in written)


def _fields_of(line: str) -> list[tuple[str, str]] | None:
    """The fields of a line that begins with one, also in brackets; None if it is a line of text."""
    if len(line) > 400:
        return None
    text = line.strip()
    if text[:1] in tuple(_OPENING) and text[-1:] in tuple(_CLOSING):
        text = text[1:-1].strip()
    if _FIELD.match(text) is None:
        return None
    marks = list(_FIELD.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    values = [text[mark.end() : end].strip(_AROUND) for mark, end in zip(marks, ends, strict=True)]
    if any(len(value) > LONGEST_VALUE for value in values):
        return None
    return [(_LABELS[_BLANK.sub("", mark[1] or mark[2])], value) for mark, value in zip(marks, values, strict=True)]


def _signature(line: str) -> tuple[str, list[tuple[str, str]]]:
    """`…。(市文旅局 张三 13800000000)` at the end of a line: the line without it, and what it says."""
    text = line.rstrip()
    start = max(text.rfind(mark, -LONGEST_VALUE - 2) for mark in _OPENING)
    if start < 0 or text[-1] not in _CLOSING:
        return line, []
    inside = text[start + 1 : -1]
    written = _fields_of(inside)
    if written is not None:
        return (line, []) if _stays(written) else (text[:start], written)
    words, phone = _apart(inside)
    if not phone or not words or len(words) > 40:
        return line, []
    return text[:start], [("writer", words), ("phone", phone)]


def _apart(words: str) -> tuple[str, str]:
    """Names and the phone number behind them; the number is '' if there is none."""
    match = _ENDS_IN_PHONE.fullmatch(words.strip())
    return (" ".join(match[1].split()), match[2]) if match else (words, "")


def _headings(found: dict[str, str]) -> Headings:
    writer, phone = _apart(found.get("writer", ""))
    return Headings(
        title=found.get("title", ""),
        units=_listed(found.get("units", "")),
        joint=_listed(found.get("joint", "")),
        kind=found.get("kind", ""),
        form=found.get("form", ""),
        writer=writer,
        signer=found.get("signer", ""),
        phone=found.get("phone") or phone,
        commission=found.get("commission", ""),
        points=found.get("points", ""),
    )


def _listed(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(words) if word))
