"""Where the title of a submission stands.

Reporters write as they please: title first, or mastheads, sender and date above it, in files called
终稿2(1).docx. The rules are conservative: a wrong title is worse than the sender's own
file name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.names import MAX_TITLE_CHARS, MIN_TITLE_CHARS, title_from_name

UNTITLED = "无标题"
LOOKED_AT = 20
FIRST_WORDS = 30

_HEADING = (
    r"(?:政务信息|信息报送|报送信息|工作信息|信息专报|信息快报|信息简报|工作简报|情况专报|每日要情|每日信息|紧急信息|值班信息"
    r"|约稿信息|调研信息|综合信息|简报|快报|专报|简讯)"
)
_UNIT = r"(?:\S{0,14}?(?:省|市|县|区|镇|乡|街道|局|委|办|厅|院|政府|办公室))"
_YEAR = r"(?:[〔\[（(【]?20\d\d年?[〕\]）)】]?)"
_COUNT = r"[\d一二三四五六七八九十百〇○]+"
_HAN_DATE = r"[二〇○零一三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_DATE = rf"(?:\d{{4}}[年./-]\d{{1,2}}[月./-]\d{{1,2}}日?|{_HAN_DATE})"
_LABEL = (
    r"(?:(?:报送|上报|来稿|供稿|填报|编发|主办|承办|信息)?(?:单位|部门|时间|日期|类别|编号|来源)|报送人|信息员|签发人?|签发领导|签批"
    r"|审签|审核人?|审稿人?|作者|撰稿人?|供稿人?|责任编辑|编辑|主编|联系人|联系电话|联系方式|电话|手机|密级|份号|期号|刊物|栏目|呈报"
    r"|呈送|主送|抄送|报送|报|送|发|主题词|关键词)"
)

# Matched against the line without its blanks: 政 务 信 息.
_SKIPPED = re.compile(
    rf"[【\[（(《]?{_UNIT}?{_HEADING}[稿件表单]?[】\]）)》]?[：:]?"
    rf"|{_UNIT}?{_HEADING}?{_YEAR}?[（(]?第{_COUNT}期[）)]?(?:[（(]?总第?{_COUNT}期[）)]?)?"
    rf"|\S{{0,12}}[〔\[（(]20\d\d[〕\]）)]第?\d+号"
    rf"|[（(]?{_DATE}(?:星期\S)?[）)]?"
    rf"|{_LABEL}[：:].*"
    rf"|附件(?:{_COUNT})?[：:]?|特急|加急|急件|[^。]{{0,30}}[：:]|[\W\d_]*"
)
# Sender at the left, date at the right.
_IMPRINT = re.compile(rf".{{2,24}}\s{_DATE}\s*")
_NAMED_TITLE = re.compile(r"(?:信息)?(?:标\s*题|题\s*目)\s*[：:]\s*")
_MARKED_TITLE = re.compile(rf"[【\[]\s*{_HEADING}\s*[】\]]\s*[：:]?\s*")
_NUMBER = r"(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[、.．）)]|\s)|第[一二三四五六七八九十]+[章节部条])"
_NUMBERED = re.compile(_NUMBER)
_RUNNING_TEXT = re.compile(r"。|；|[，、,;：:]$")

_SHORT_LINE = 24
_OPEN_END = re.compile(r"[的和与及以暨“‘《（]$")
_TAIL_NOUN = re.compile(r"\S{0,10}(?:报告|通报|通知|情况|汇报|请示|建议|意见|总结|函|做法|经验|思考|调查)")
# A heading, a subtitle, the author or the unit.
_NO_SECOND_LINE = re.compile(rf"{_NUMBER}.*|[（(—-].*|.*(?:局|委|办|院|厅|政府|办公室|委员会|中心|公司|科|处|站)")


@dataclass(frozen=True, slots=True)
class TitleSplit:
    """The title, the lines that stood above it, and the body below."""

    title: str
    above: list[str]
    body: list[str]


def split_title(lines: Sequence[str], file_name: str) -> TitleSplit:
    """Take the first line that is no masthead, when it can be a title; otherwise nothing is cut from the
    text and the title is the cleaned file name, or else the first words of the text."""
    kept = [line.strip() for line in lines if line.strip()]
    for index, line in enumerate(kept[:LOOKED_AT]):
        text = _bare(line)
        if _is_masthead(text):
            continue
        if not _can_be_title(text):
            break
        title, used = _with_second_line(text, kept[index + 1 : index + 3])
        return TitleSplit(title, kept[:index], kept[index + used :])
    return TitleSplit(title_from_name(file_name) or _first_words(kept), [], kept)


def _bare(line: str) -> str:
    """The line without "标题：" or "【信息报送】" before it, blanks single."""
    without_mark = _MARKED_TITLE.sub("", line, count=1) if _MARKED_TITLE.match(line) else line
    text = _NAMED_TITLE.sub("", without_mark, count=1) if _NAMED_TITLE.match(without_mark) else without_mark
    return " ".join(text.split())


def _is_masthead(text: str) -> bool:
    squeezed = text.replace(" ", "")
    return len(squeezed) < MIN_TITLE_CHARS or bool(_SKIPPED.fullmatch(squeezed) or _IMPRINT.fullmatch(text))


def _can_be_title(text: str) -> bool:
    fits = MIN_TITLE_CHARS <= len(text) <= MAX_TITLE_CHARS
    return fits and not _RUNNING_TEXT.search(text) and not _NUMBERED.match(text)


def _with_second_line(first: str, following: Sequence[str]) -> tuple[str, int]:
    """Join a title that was broken over two lines; the number of lines used.

    Joined only when both are short and the first has no ending, and when the break shows: the first line
    ends with 的 or an open quotation, or is an unfinished 关于…, or a paragraph of running text follows
    right after the second.
    """
    if not following or len(first) > _SHORT_LINE or first[-1] in "！？!?…":
        return first, 1
    second = " ".join(following[0].split())
    if len(second) > _SHORT_LINE or second[-1] in "：:，。；" or _NO_SECOND_LINE.fullmatch(second):
        return first, 1
    tail = bool(_TAIL_NOUN.fullmatch(second))
    unfinished = bool(_OPEN_END.search(first)) or second.startswith("的")
    unfinished |= tail and first.count("关于") == 1 and not _TAIL_NOUN.search(first)
    paragraph = len(following) > 1 and "。" in following[1] and len(following[1]) > _SHORT_LINE
    balanced = min(len(first), len(second)) >= 8 and paragraph and not _is_masthead(second)
    if unfinished or balanced:
        return first + second, 2
    return first, 1


def _first_words(lines: Sequence[str]) -> str:
    for line in lines:
        text = _bare(line)
        if not _is_masthead(text):
            sentence = re.split(r"[。；！？]", text)[0]
            return sentence if len(sentence) <= FIRST_WORDS else sentence[: FIRST_WORDS - 1] + "…"
    return UNTITLED
