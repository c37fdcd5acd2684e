"""Receipts (签收) as people say them: 收到, 已收到, 云山县收到，谢谢, 收到约18, 1, 👌 (facts: domain §7.2).

Pure. A receipt is a short message of nothing but such words, possibly with who speaks and a commission's number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 40
"""A message longer than this says more than that it was read."""

LONGEST_BRIEF = 15
"""A brief word with courtesies around it is no longer than this."""

LONGEST_NAME = 16


def _words(written: str) -> tuple[str, ...]:
    return tuple(written.split())


CLEAR = _words("收到 收悉 签收 已阅 阅知 知悉 知晓 获悉 接收 领到 拜收 照办 遵办 遵照执行 [收到] roger received copy")
"""Words that say it was read, whatever stands around them."""

BRIEF = _words(
    """好的 好嘞 好滴 好哒 好吧 好 嗯 哦 是的 是 行 可以 明白 知道 了解 清楚 没问题 okay ok
    [ok] [好的] [强] [赞] [点赞] [胜利] [敬礼] /ok 👌 👍 🆗 ✅ ✔ ☑ 🫡"""
)
"""Words that may as well answer something else; they count while a push is fresh."""

COURTESY = _words(
    """谢谢 谢 感谢 多谢 辛苦 麻烦 您 你 各位 领导 老师 同志 科长 主任 放心 请领导放心
    [玫瑰] [谢谢] [微笑] [爱心] [合十] 🙏 🌹 💪 👏 😊 ❤"""
)
"""Words that go with a receipt and are none."""

GESTURES = _words("[抱拳] [握手] 🤝")
"""Signs that are a courtesy beside words, and alone what an office does in place of nodding: a brief receipt."""

_PROMISE = (
    "(?:(?:我们?|我[县区局委办市]|本[县区局委办]|一定|会|将)*"
    "(?:马上|立即|立刻|即刻|尽快|抓紧|按时|按期|及时|按要求|认真|坚决|严格|按照要求|遵照)+"
    "(?:去|就)?(?:组织|安排|准备|落实|办理|办|处理|报送|上报|报|完成|执行|撰写|写|传达|转达)+(?:好|到位)?)"
)
_PARTICLE = "(?:已经|已|均|全部|了|啦|咯|的|哈|呀|哒|嘞|喔|噢|呢(?=$))"

# 1 is what a 接龙 says; before a measure it counts (1家, 1小时).
_ONE = "1(?!家|个|人|天|日|月|点|小时|分|条|件|份)"
_SAYING = "|".join(
    [_PROMISE, _ONE, *map(re.escape, sorted((*CLEAR, *BRIEF, *COURTESY, *GESTURES), key=len, reverse=True)), _PARTICLE]
)  # fmt: skip
_ANY_CLEAR = "|".join(map(re.escape, sorted(CLEAR, key=len, reverse=True)))
_CLEAR = re.compile(_ANY_CLEAR)
_BRIEF = re.compile("|".join([_ONE, *map(re.escape, sorted(BRIEF, key=len, reverse=True))]))
_NODS = re.compile(rf"(?:{'|'.join(map(re.escape, GESTURES))})+")

# Who speaks, or what came (通知收到): characters of a name, none of which denies, asks or tells others to do it.
_NAME = (
    rf"(?:(?![没未不吗么谁哪怎何否请需须应该能才再还别勿甲乙后前若如果等待人们多少几]|大家|各位|是否|回复|确认|{_ANY_CLEAR})[\u4e00-\u9fff〇·])"
    rf"{{1,{LONGEST_NAME}}}?"
)
# Possessive: 好的好的好的… can be taken apart in as many ways as one likes.
_SAID = re.compile(rf"(?:{_NAME})??(?:{_SAYING})++(?:{_NAME}(?:{_SAYING})*+)?")
_ONLY = re.compile(rf"(?:{_SAYING})*+")

_QUESTION = re.compile(r"[?？]")
# A greeting is made of the same words as 谢谢您 and 好.
_GREETING = re.compile("(?:[您你]|各位|领导|老师|同志|科长|主任)好(?!的)")
_BETWEEN = re.compile(r"[\s,，.。!！~～、;；…:：()（）“”\"'\-—–_^*+\ufe0f\u200d]+|[\U0001f3fb-\U0001f3ff]")
_MENTION = re.compile(r"@\S{1,20}(?:\s|$)")
# A number in the name of a unit (第12局, 101医院) is a part of it; 3家, 5人 and 12日 are none.
_NUMBERED = re.compile(r"第\d{1,4}|(?<!\d)\d{1,4}(?=[局师团旅营连中医院所室科队区厂矿校站支]|小(?!时)|分局|大队|街道)")
_NUMBER = re.compile(r"[#＃]?\s*约稿?\s*(?:20\d\d\s*[-—–年]\s*)?\d{1,6}\s*号?#?")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a message acknowledges: `number` as it was written, '' for whatever is open; `clear` tells 收到 from 1."""

    number: str
    clear: bool


def read_receipt(text: str) -> Receipt | None:
    """The receipt in a message; None if it is none (还没收到, 收到了吗？, 收到请回复, and everything longer)."""
    # Most chatter ends here: a long message without a clear word is none, and one that asks is none.
    if len(text) > LONGEST or (len(text) > LONGEST_BRIEF and not _CLEAR.search(text.casefold())):
        return None
    if _QUESTION.search(text):
        return None
    number, words = _spelled(text)
    if _SAID.fullmatch(words) is None:
        return None
    if _CLEAR.search(words):
        return Receipt(number, True)
    # A name beside an OK makes it a sentence (明天可以), so these stand alone.
    brief = _ONLY.fullmatch(words) and _BRIEF.search(words) and not _GREETING.search(text)
    return Receipt(number, False) if brief or _NODS.fullmatch(words) else None


def is_politeness(text: str) -> bool:
    """Whether a message wants no answer, in private at least: a receipt, thanks, or nothing at all."""
    if len(text) > LONGEST or _QUESTION.search(text):
        return False
    if read_receipt(text) is not None:
        return True
    number, words = _spelled(text)
    return not number and _ONLY.fullmatch(words) is not None and not _GREETING.search(text)


def _spelled(text: str) -> tuple[str, str]:
    """The number of a commission a message names, and its words in one spelling, without anything between them."""
    written = unicodedata.normalize("NFKC", _MENTION.sub(" ", text)).strip().casefold()
    match = _NUMBER.search(written)
    rest = written if match is None else f"{written[: match.start()]} {written[match.end() :]}"
    return (match[0].strip() if match else ""), _BETWEEN.sub("", _NUMBERED.sub("第", rest))
