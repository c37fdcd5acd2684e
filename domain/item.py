"""An item (信息, 稿件) and its life (facts: domain §2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from domain.errors import WrongState


class State(Enum):
    """Where an item stands; the value is stored, `label` is what people read."""

    RECEIVED = "received"
    RETURNED = "returned"
    REJECTED = "rejected"
    ADOPTED = "adopted"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    State.RECEIVED: "已收",
    State.RETURNED: "退回修改",
    State.REJECTED: "不采用",
    State.ADOPTED: "已采用",
    State.MERGED: "并入综合",
    State.WITHDRAWN: "已撤回",
}


class Step(Enum):
    """What can be done to an item; the value is how people call it."""

    REVISE = "报送新版本"
    WITHDRAW = "撤回"
    RETURN = "退回"
    REJECT = "不采用"
    ADOPT = "采用"
    MERGE = "并入综合"
    REVOKE = "撤销采用"
    INSTRUCT = "登记批示"
    SEND_UP = "登记上报"
    ACCEPT = "登记可用未用"
    TAKE_BACK = "撤销登记"


ALLOWED: dict[Step, frozenset[State]] = {
    Step.REVISE: frozenset({State.RECEIVED, State.RETURNED}),
    Step.WITHDRAW: frozenset({State.RECEIVED}),
    Step.RETURN: frozenset({State.RECEIVED, State.REJECTED}),
    Step.REJECT: frozenset({State.RECEIVED, State.RETURNED}),
    # A rejected item may be kept (留用) and adopted later; an adopted one may be adopted by a further journal.
    Step.ADOPT: frozenset({State.RECEIVED, State.RETURNED, State.REJECTED, State.ADOPTED}),
    Step.MERGE: frozenset({State.RECEIVED, State.RETURNED, State.REJECTED}),
    Step.REVOKE: frozenset({State.ADOPTED}),
    Step.INSTRUCT: frozenset({State.ADOPTED}),
    # What was not adopted here may still be sent up, or be fit without being used.
    Step.SEND_UP: frozenset({State.RECEIVED, State.REJECTED, State.ADOPTED}),
    Step.ACCEPT: frozenset({State.RECEIVED, State.REJECTED}),
    Step.TAKE_BACK: frozenset({State.RECEIVED, State.RETURNED, State.REJECTED, State.ADOPTED}),
}

COMMAND_OF = {
    Step.WITHDRAW: "/撤回 {number}",
    Step.RETURN: "/退回 {number} 原因",
    Step.REJECT: "/不采用 {number} 原因",
    Step.ADOPT: "/采用 {number} 刊物 期号",
    Step.MERGE: "/合并 {number} 其他编号",
    Step.REVOKE: "/撤销采用 {number}",
    Step.INSTRUCT: "/批示 {number} 级别",
}

FOR_REPORTERS = {
    Step.REVISE: "如果这是另一条信息，请发“/报送 新稿 标题”，下面写正文；有疑问请联系信息科。",
    Step.WITHDRAW: "如需撤回，请直接联系信息科。",
}
"""What a reporter can do instead; the steps of the office are no help to them."""

SPOKEN = {Step.REJECT: "登记为不采用"}
"""How a step is called behind “不能”, where its name alone would say the opposite."""

KINDS = ("动态", "经验", "问题", "建议", "反馈", "紧急")
FORMS = ("单条", "简讯", "综合", "调研")


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands now. `reviewed_ms` is 0 until the office first looked at it; times are UTC ms."""

    id: int
    number: str
    title: str
    kind: str
    form: str
    state: State
    author_id: int
    unit_id: int
    units: tuple[int, ...]
    platform: str
    chat: str
    commissioned: bool
    writer: str
    signer: str
    phone: str
    submitted_ms: int
    updated_ms: int
    version: int
    reviewed_ms: int
    merged_into: int | None
    note: str

    @property
    def name(self) -> str:
        """`2026-0137《…》`, as every message names it."""
        return f"{self.number}《{self.title}》"


def check_step(item: Item, step: Step) -> None:
    """Refuse a step the life of an item does not allow, saying where it stands and what can be done."""
    if item.state not in ALLOWED[step]:
        hint = FOR_REPORTERS[step] if step in FOR_REPORTERS else possible(item)
        if step is Step.WITHDRAW and item.state is State.WITHDRAWN:
            hint = ""
        action = SPOKEN.get(step, step.value)
        raise WrongState(what=item.name, state=item.state.label, action=action, possible=hint)
    if step is Step.WITHDRAW and item.reviewed_ms:
        raise WrongState(what=item.name, state="信息科已开始审核", action=step.value, possible=FOR_REPORTERS[step])


def possible(item: Item) -> str:
    """The steps of the office that the item's state allows, as commands to type."""
    words = [
        command.format(number=item.number)
        for step, command in COMMAND_OF.items()
        if item.state in ALLOWED[step] and step is not Step.WITHDRAW
    ]
    return f"可以：{'；'.join(words)}。" if words else "这条信息已经办结，不能再改。"
