"""The page of all commands, written from their declarations: `python -m bot.manual > docs/commands.md`."""

from __future__ import annotations

import nonebot

from bot import log
from bot.app import load_plugins
from bot.commands import VOCABULARY, Command, Vocabulary

_HEAD = """# 命令一览

由命令的声明生成（`python -m bot.manual > docs/commands.md`），请不要手工修改。

命令前的“/”在私聊里或@机器人时可以省略；全角、半角和多余的空格都不要紧。`[ ]` 里的可以不写。
期间可以写：本月、上月、10月、2026-10、三季度、上半年、1-2月、今年、去年、7月1日至10月9日。
"""


def page(vocabulary: Vocabulary) -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for family, commands in vocabulary.families().items():
        parts += [f"## {family}\n", *map(_entry, commands)]
    return "\n".join(parts)


def _entry(command: Command) -> str:
    others = "、".join(f"`/{name}`" for name in command.names if name != command.label)
    parts = [
        f"### /{command.label}\n",
        f"{command.summary}。\n",
        f"- 也可以写：{others}",
        f"- 谁能用：{command.for_whom}",
        f"- 写法：`{command.usage}`",
    ]
    if command.example != command.usage:
        parts.append(_example(command.example))
    return "\n".join([*parts, ""])


def _example(example: str) -> str:
    if "\n" not in example:
        return f"- 例如：`{example}`"
    indented = example.replace("\n", "\n  ")
    return f"- 例如：\n\n  ```text\n  {indented}\n  ```"


def main() -> None:
    """Load the plugins as the bot does and print the page."""
    log.set_up("ERROR")
    nonebot.init(driver="~none", _env_file=None)
    load_plugins()
    print(page(VOCABULARY), end="")


if __name__ == "__main__":
    main()
