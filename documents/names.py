"""File names: fit to be shown, and as a last resort for a title."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME_CHARS = 80
NAMELESS = "未命名文件"

EXTENSION = re.compile(r"\.(?:docx?|docm|wps|wpt|pdf|txt|rtf)$", re.IGNORECASE)
_DATE = r"(?:20\d\d[-.年]?\d{1,2}[-.月]?\d{1,2}日?|\d{1,2}[.月]\d{1,2}日?)"
_VERSION = (
    r"(?:终稿|最终稿|最终版|最终|定稿|终版|成稿|初稿|送审稿|报送稿|上报稿|修改稿|修改版|修订稿|修订版|打印版|清稿|副本|复件"
    r"|第?[一二三四五]稿|copy|final|v\d+(?:\.\d+)*|[改稿](?=\d))"
)
_JOINTS = r"[\s_\-—–·.,，、+]"
# What clings to the end: "终稿2", "(1)", "【定稿】", "- 副本", "20261012"; and to the beginning.
_TAIL = re.compile(
    rf"(?:{_JOINTS}|[（(\[【](?:\d+|{_VERSION}\d*|{_DATE})[）)\]】]|{_VERSION}\d*|{_DATE})$", re.IGNORECASE
)
_HEAD = re.compile(
    rf"^(?:{_JOINTS}|[（(\[]\d+[）)\]]|【[^】]{{1,8}}】|附件\d*|{_VERSION}\d*{_JOINTS}|{_DATE}|\d+[.、])",
    re.IGNORECASE,
)
_MEANINGLESS = re.compile(
    r"新建.*|(?:microsoft)?\s*(?:word)?\s*文档\s*\d*|document\d*|无标题|未命名.*|信息|稿件?|报送信息|信息报送|政务信息|[\d\W_]*",
    re.IGNORECASE,
)
MIN_TITLE_CHARS = 4
MAX_TITLE_CHARS = 100


def safe_name(name: str) -> str:
    """The name of a file as people may see it: no path, no control or direction characters, at most 80
    characters with the extension kept; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(" " if char.isspace() else char for char in last if _is_printable(char))
    short = " ".join(printable.split())
    if len(short) > MAX_NAME_CHARS:
        extension = re.search(r"\.\w{1,5}$", short)
        tail = "…" + (extension.group() if extension else "")
        short = short[: MAX_NAME_CHARS - len(tail)] + tail
    return short or NAMELESS


def _is_printable(char: str) -> bool:
    """Spaces pass (also tab and newline, which become blanks); controls, formats, surrogates, private use
    do not."""
    return char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def title_from_name(name: str) -> str:
    """What the sender's own file name says, without extension, version words and dates; '' when nothing is
    left (终稿2(1).docx, 新建文本文档.txt)."""
    stem = EXTENSION.sub("", safe_name(name))
    while (shorter := _HEAD.sub("", _TAIL.sub("", stem))) != stem:
        stem = shorter
    stem = " ".join(stem.replace("_", " ").split())
    if _MEANINGLESS.fullmatch(stem) or len(stem) < MIN_TITLE_CHARS:
        return ""
    return stem[:MAX_TITLE_CHARS]
