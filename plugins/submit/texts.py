"""What people read when they send items."""

from __future__ import annotations

from collections.abc import Sequence

from domain.moment import day_of, show_time
from domain.words import shorten
from services.answering import HandedIn
from services.pictures import AFTERWARDS
from services.submission import TITLE_LIMIT, Draft, Taken

SHOWN = 1_200
"""Characters of a body that are shown in a chat."""

WITHDRAWN = "已撤回 {name}，不再计报送。改好后可以重新报送，会得到新的编号。"
NOT_YOUR_UNIT = "“报送单位”里没有您的单位，没有收下。联合报送请把本单位也写上，例如：报送单位：云山县、市发改委。"

WAYS_IN_A_WORK_GROUP = (
    "在企业微信群里报送有三种办法，都要 @ 我，不 @ 我看不到：\n"
    "1. @我 报送 标题，下面几行写正文（可以带图）。\n"
    "2. 稿件是文件：先发到群里，再长按它选“引用”，@我 报送。直接发在群里的文件我收不到。\n"
    "3. 私聊我：发“/报送”按步骤填，或直接把文件发给我。"
)
PICTURES_OF = "{name}："
PICTURES_WAIT = "图片没有收下：表单还没有填完。请先填完并发“确认”，再发图片。"
SEND_AGAIN = f"没收下的图请在 {AFTERWARDS.seconds // 60} 分钟内重发（群里要同时 @我 报送）。"
NO_ATTACHMENTS = "{name}没有附件。"
FILES_SENT = "{name}的附件共 {count} 个，私聊发给您。"
NO_FILES = "这里发不了文件。请在普通 QQ 或企业微信里私聊我，发同样的话。"
FORM_CANCELLED = "已取消，表单里的内容没有报送。"
FORM_EXPIRED = "表单超过3天没有填完，已经作废。要报送请重新发“/报送”。"
FORM_IS_OPEN = "表单还没有填完，接着填就可以（不要了请发“取消”）。"
FORM_LISTENS = "\n填完或取消之前，您在这里说的话都会填进表单；也可以私聊我填写。"

ASK_TITLE = f"请发标题（不超过 {TITLE_LIMIT} 字）。可以随时发“返回”改上一步、“取消”放弃，3天内有效。"
ASK_BODY = "标题是《{title}》。请发正文。"
ASK_PEOPLE = (
    "正文 {length} 字，记下了。请发撰稿人、签发人、联系电话，用空格隔开，如：张三 李局长 13800000000；"
    "不用写请发“跳过”。"
)
CONFIRM = "没有问题请发“确认”；要改请发“返回”；不报了请发“取消”。"
ANOTHER_ONE = "如果这是另一条信息，请发“/报送 新稿 标题”。"
CONFIRM_OR_NOT = "没有看懂。没有问题请发“确认”，要改请发“返回”，不报了请发“取消”。"


def receipt(taken: Taken, draft: Draft, units: str) -> str:
    """The answer to something sent: what it became, in a form people can file."""
    item, at = taken.item, show_time(taken.at_ms)
    if taken.outcome == "same":
        return f"{item.name}已经收到过了（{at}，第{item.version}版，{item.state.label}），没有重复登记。"
    given = [f"{label}：{word}" for label, word in (("类型", draft.kind), ("形式", draft.form)) if word]
    line = f"\n{'　'.join(given)}" if given else ""
    if taken.outcome == "version":
        return f"收到 {item.name}第{item.version}版 {units} {at}。{_replaced(taken, draft)}{line}"
    return f"收到 {item.name} {units} {at}{line}"


def _replaced(taken: Taken, draft: Draft) -> str:
    before = show_time(taken.before_ms)
    if day_of(taken.before_ms) == day_of(taken.at_ms):
        before = before.split()[1]
    replaced = f"替换了 {before} 的第{taken.item.version - 1}版。"
    return replaced if draft.revises else f"{replaced}{ANOTHER_ONE}"


def pictures(count: int, missed: Sequence[str]) -> str:
    """How many pictures an item has got, and which it has not."""
    lines = ([f"附图 {count} 张。"] if count else []) + ([*missed, SEND_AGAIN] if missed else [])
    return "".join(f"\n{line}" for line in lines)


def answered(handed: HandedIn) -> str:
    """Which commissions an item answers, how to take a guess back, and which it was meant for and does not."""
    lines = [f"\n{line}" for line in handed.missed]
    for commission in dict.fromkeys(share.commission for share in handed.answered):
        undo = f"不是的话请发“/撤销关联 {handed.taken.item.number}”。" if handed.guessed else ""
        part = "、".join(
            share.assignment.angle
            for share in handed.answered
            if share.commission == commission and share.assignment.angle
        )
        angle = f"（{part}）" if part else ""
        lines.append(f"\n已作为 {commission.name}{angle}的报送。{undo}")
    return "".join(lines)


def now_written(text: str) -> str:
    """What a step that is gone back to says so far."""
    return f"\n现在写的是：{shorten(text, 60)}" if text else ""


def ask_people(draft: Draft) -> str:
    """The third step; what the text already says need not be said again."""
    known = _people(draft)
    return ASK_PEOPLE.format(length=len(draft.body)) + (f"\n正文里已写明：{known}。" if known else "")


def preview(draft: Draft) -> str:
    """The whole draft, before it is handed in."""
    fields = "；".join(
        part
        for part in (
            _people(draft), draft.kind and f"类型：{draft.kind}", draft.form and f"形式：{draft.form}",
        )
        if part
    )  # fmt: skip
    lines = [f"请核对：\n标题：{draft.title}", body(draft.body), fields, CONFIRM]
    return "\n".join(line for line in lines if line)


def _people(draft: Draft) -> str:
    labelled = (("撰稿", draft.writer), ("签发", draft.signer), ("电话", draft.phone))
    return "；".join(f"{label}：{value}" for label, value in labelled if value)


def body(text: str) -> str:
    """A body as a chat can show it: cut with the count, never silently."""
    if len(text) <= SHOWN:
        return f"正文（{len(text)} 字）：\n{text}"
    return f"正文（共 {len(text)} 字，只显示前 {SHOWN} 字）：\n{text[:SHOWN]}……"
