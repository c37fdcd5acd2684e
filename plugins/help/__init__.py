"""Help: what the declarations of the commands say, to each person what concerns them."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import VOCABULARY, Answer, Call, Reply, command
from domain.errors import BadInput, NotFound
from domain.words import nearest
from plugins.help import texts

__plugin_meta__ = PluginMetadata(
    name="帮助",
    description="按身份列出能用的命令，解释一个命令",
    usage="/帮助；/帮助 报送",
    type="application",
)


@command(
    "help",
    "帮助",
    "?",
    "？",
    "使用说明",
    who=None,
    family="帮助",
    summary="看您能用的命令，或者一个命令怎么用",
    usage="/帮助 [命令]",
    example="/帮助 报送",
    unbound=True,
)
def show_help(call: Call) -> Answer:
    if call.asker is None:
        return Reply(texts.for_strangers(VOCABULARY.families()), private=True)
    if call.words:
        return Reply(_one(call), private=True)
    mine = {
        family: [each for each in commands if each.open_to(call.asker)]
        for family, commands in VOCABULARY.families().items()
    }
    return Reply(texts.overview({family: each for family, each in mine.items() if each}), private=True)


def _one(call: Call) -> str:
    word = call.args[0].lstrip("/")
    found = VOCABULARY.named(word)
    if found is None:
        labels = {name: each.label for each in VOCABULARY.commands if each.open_to(call.asker) for name in each.names}
        near = nearest(word, labels)
        hint = texts.DID_YOU_MEAN.format(near=labels[near]) if near else texts.SEE_ALL
        raise NotFound(what=f"命令“/{word[:20]}”", hint=hint)
    if not found.open_to(call.asker):
        mine = [each for each in VOCABULARY.families().get(found.label, ()) if each.open_to(call.asker)]
        if mine:
            return texts.others(found, mine)
        raise BadInput(reason=texts.NOT_YOURS.format(name=found.label, for_whom=found.for_whom))
    return texts.one(found)
