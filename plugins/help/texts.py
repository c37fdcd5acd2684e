"""The words around the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands import Command

SEE_ALL = "发“/帮助”看您能用的命令。"
DID_YOU_MEAN = "您是想看“/帮助 {near}”吗？"
OTHERS = "“/{name}”供{for_whom}使用。这一类里您能用的："
NOT_YOURS = "“/{name}”供{for_whom}使用，您用不到。发“/帮助”看您能用的命令。"

_STRANGER = "您好，我是政务信息报送助手。您的账号还没有登记，现在只能用："
_BE_BOUND = "请向信息科要一个绑定码，在这里发“/绑定 绑定码”。登记之前请不要发送任何信息稿件。"


def overview(families: Mapping[str, Sequence[Command]]) -> str:
    """One line per command, by family. Everybody has some: help itself, if nothing else."""
    parts, first = [], next(iter(families.values()))[0]
    for family, commands in families.items():
        parts += [f"【{family}】", *map(_line, commands)]
    return "\n".join([*parts, f"看一个命令怎么用：/帮助 {first.label}"])


def _line(command: Command) -> str:
    return f"/{command.label} {command.summary}"


def others(command: Command, mine: Sequence[Command]) -> str:
    """A command of others whose family has some for the asker as well."""
    head = OTHERS.format(name=command.label, for_whom=command.for_whom)
    return "\n".join([head, *map(_line, mine)])


def for_strangers(families: Mapping[str, Sequence[Command]]) -> str:
    """What somebody the roster does not know can do: little more than be bound."""
    open_ones = [each for commands in families.values() for each in commands if each.unbound]
    return "\n".join([_STRANGER, *map(_line, open_ones), _BE_BOUND])


def one(command: Command) -> str:
    """How a command is written."""
    also = "、".join(f"/{name}" for name in command.names if name != command.label)
    parts = [f"/{command.label}：{command.summary}", f"写法：{command.usage}"]
    if command.example != command.usage:
        parts.append(f"例如：{command.example}")
    return "\n".join([*parts, f"也可以写：{also}"])
