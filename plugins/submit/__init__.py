"""Sending items: `/报送`, the form, dropped files, `/撤回`, `/我的信息`."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.roster import REPORTERS
from domain.words import tidy_body
from plugins.submit import texts
from services.submission import Draft, submit

__plugin_meta__ = PluginMetadata(
    name="报送",
    description="报送信息：命令、表单、文件；撤回；看自己报过的信息",
    usage="/报送 标题（正文写在下面）",
    type="application",
)


@command(
    "submit",
    "报送",
    "信息报送",
    who=REPORTERS,
    family="报送",
    summary="报送一条信息",
    usage="/报送 标题（正文写在下面几行）",
    example="/报送 云山县春耕备耕进展顺利\n截至3月10日，全县……",
    heading="【信息报送】",
    takes_files=True,
)
def submit_item(call: Call) -> Answer:
    draft = Draft(title=call.words, body=tidy_body(call.body), file=call.file)
    taken = submit(
        call.tx,
        call.office,
        call.person,
        draft,
        platform=call.incoming.platform,
        chat=call.incoming.group,
        event_key=call.incoming.key,
        now=call.now,
    )
    return texts.receipt(taken)
