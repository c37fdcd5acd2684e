"""What refuses to start, from outside; and what a running bot never writes to its log."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx
import pytest

from storage.sqlite import SQLiteStore
from tests.bot.harness import TOKEN, city_world
from tests.peers.onebot import OneBotPeer, PeerRefused
from tests.peers.process import BotProcess, free_port
from tests.support import city
from tests.support.city import SUBMIT_GROUP
from tests.support.stage import ACCOUNTS, HandClock

pytestmark = pytest.mark.blackbox

ZHANG = int(ACCOUNTS["张三"])


def bot(folder: Path, text: str, command: tuple[str, ...] = (sys.executable, "-m", "bot")) -> BotProcess:
    port = free_port()
    config = folder / "config.toml"
    config.write_text(text.replace("PORT", str(port)), encoding="utf-8")
    return BotProcess(config, port, folder / "bot.log", command=command)


async def refuses(process: BotProcess) -> tuple[int, str]:
    await process.launch()
    return await process.exit_status(), process.log_text()


async def test_an_empty_token_off_loopback_refuses_to_start(tmp_path: Path) -> None:
    code, log = await refuses(bot(tmp_path, "[server]\nhost = '0.0.0.0'\nport = PORT\n[onebot]\n"))
    assert code == 2
    assert "onebot.token: found nothing while server.host is 0.0.0.0" in log
    assert "Traceback" not in log


async def test_a_wrong_key_refuses_to_start(tmp_path: Path) -> None:
    code, log = await refuses(bot(tmp_path, "[server]\nport = PORT\n[onebot]\ntokn = 'geheim'\n"))
    assert code == 2
    assert "onebot.tokn: unknown key" in log
    assert "geheim" not in log


BROKEN = """\
import sys
from pathlib import Path
import bot.app
from bot.cli import main
bot.app.PLUGINS = Path({folder!r})
sys.exit(main())
"""


async def test_a_plugin_that_fails_to_load_refuses_to_start(tmp_path: Path) -> None:
    """NoneBot alone would log the fault and start without the plugin."""
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "sound.py").write_text("")
    (plugins / "broken.py").write_text("raise RuntimeError('no')")
    script = BROKEN.format(folder=str(plugins))
    process = bot(tmp_path, "[server]\nport = PORT\n[onebot]\n", (sys.executable, "-c", script))
    code, log = await refuses(process)
    assert code == 1
    assert "plugins that failed to load: broken" in log


async def test_no_token_and_no_word_of_what_people_say_reaches_the_log(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "data" / "baosong.db")
    (tmp_path / "data").mkdir()
    await store.open()
    await store.run(city.settle)
    await store.close()
    text = f"[server]\nport = PORT\n[log]\nlevel = 'DEBUG'\n[onebot]\ntoken = '{TOKEN}'\npass_on_events = true\n"
    async with bot(tmp_path, text) as process:
        world = city_world(HandClock())
        with pytest.raises(PeerRefused):
            async with OneBotPeer.reverse(world, port=process.port, token="another-token"):
                pass
        async with OneBotPeer.reverse(world, port=process.port, token=TOKEN) as peer:
            await peer.say(ZHANG, "/报送 机密★五年 春耕方案\n不能留下的正文。", int(SUBMIT_GROUP))
            await peer.private_to(ZHANG, "没有收下")
            await peer.answer_to(await peer.say(ZHANG, "/报送 普通的标题\n普通的正文。", int(SUBMIT_GROUP)))
        async with httpx.AsyncClient(trust_env=False) as client:
            base = f"http://127.0.0.1:{process.port}"
            pages = [(await client.get(f"{base}/{name}")).text for name in ("healthz", "readyz", "metrics")]
    kept = process.log_text() + "".join(pages)
    assert "a wrong token was refused" in kept
    for trace in (TOKEN, "another-token", "春耕方案", "不能留下", "五年", "普通的"):
        assert trace not in kept
