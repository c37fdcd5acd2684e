"""What `baosong doctor` tells an operator: with everything in order, and with each of the usual mistakes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.cli.doctor import examine
from bot.cli.kit import Kit
from bot.cli.tools import perform
from bot.control import Request, Response
from bot.doctor import machine as machine_checks
from bot.doctor import texts
from bot.doctor.finding import Mark, bad
from bot.doctor.machine import file_system, stranger, zone_of
from bot.doctor.typefaces import typefaces
from bot.settings import Settings, WeCom
from reports import fonts
from storage.engine import StoreFault
from tests.bot.harness import onebot, served
from tests.bot.workchat_town import GROUP, Town, section, town


@dataclass(frozen=True)
class Visit:
    """The doctor's report."""

    code: int
    text: str

    def line(self, subject: str) -> str:
        """What stands about a subject, its remedy included."""
        found = re.search(rf"^. {re.escape(subject)}：.*(?:\n    .*)*", self.text, re.MULTILINE)
        assert found is not None, self.text
        return found[0]

    @property
    def wrong(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.startswith("✗")]


async def visit(city: Town, folder: Path, url: str = "", **wecom: Any) -> Visit:
    """The operator calls the doctor, with the [wecom] section of the running bot or a changed one."""
    parts = city.house.parts
    changed = parts.settings.wecom
    assert changed is not None
    for key, value in wecom.items():
        changed = _replaced(changed, key.split("__"), value)
    settings = parts.settings.model_copy(update={"wecom": changed})
    kit = Kit(settings, parts.store, city.house.clock, parts.office)
    config = folder / "config.toml"
    return Visit(*await examine(settings, config, url, partial(perform, kit, Request(["doctor"]))))


def _replaced(wecom: WeCom, keys: list[str], value: Any) -> WeCom:
    tree = _plain(wecom.model_dump())
    place = tree
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return WeCom.model_validate(tree)


def _plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Secrets as they are, to be read again."""
    return {
        key: _plain(value) if isinstance(value, dict) else getattr(value, "get_secret_value", lambda v=value: v)()
        for key, value in tree.items()
    }


def secrets_of(city: Town) -> list[str]:
    world = city.service.world
    found = [world.app.secret, world.bot.secret, world.webhook.key, *city.service.tokens.issued]
    for seal in (world.app.seal, world.bot.seal):
        found += [seal.token, seal.encoding_aes_key]
    return found


async def test_an_installation_that_is_in_order_has_nothing_wrong_and_no_secret_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        seen = await visit(city, tmp_path, url=city.house.url)
        assert (seen.code, seen.wrong) == (0, [])
        assert "凭证取到了，接口能调用，应用“政务信息”" in seen.line("自建应用")
        assert "验证通过" in seen.line("自建应用的回调地址")
        assert "验证通过" in seen.line("自建应用的公网回调地址")
        assert seen.line("智能机器人的长连接") == "✓ 智能机器人的长连接：已连上"
        assert "1 个群的密钥格式都对" in seen.line("群机器人")
        assert seen.line("数据库").startswith("✓ 数据库：sqlite，可以写，结构第 ")
        assert "差 0 秒" in seen.line("时钟") or "差 1 秒" in seen.line("时钟")
        assert seen.line("字体").startswith("✓ 字体：自带的思源宋体、思源黑体，PDF 和图片够用")
        assert "没有检查" in (await visit(city, tmp_path)).line("自建应用的公网回调地址")
        for secret in secrets_of(city):
            assert secret not in seen.text
        assert [call.name for call in city.service.calls_of("gettoken", "agent/get")] == ["gettoken", "agent/get"] * 2
        assert city.service.heard_in(GROUP) == []


async def test_in_url_mode_the_ai_bots_address_is_verified_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch, "callback") as city:
        seen = await visit(city, tmp_path)
        assert seen.code == 0
        assert "验证通过" in seen.line("智能机器人的回调地址")


async def test_a_wrong_secret_is_asked_once_however_often_the_doctor_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        for _ in range(7):
            seen = await visit(city, tmp_path, app__secret="a-secret-of-another-app")
            assert seen.code == 1
            assert "核对 wecom.app.secret；平台拒绝过" in seen.line("自建应用")
            assert "a-secret-of-another-app" not in seen.text
        assert len(city.service.calls_of("gettoken")) == 1
        assert (await visit(city, tmp_path)).code == 0


async def test_an_address_that_is_not_allowed_is_named_as_the_service_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        city.service.faults.foreign_ip = True
        assert seen_address(await visit(city, tmp_path)) == "127.0.0.1"


def seen_address(seen: Visit) -> str:
    found = re.search(r"企业可信IP里（([^）]+)）", seen.line("自建应用"))
    assert found is not None
    assert seen.code == 1
    return found[1]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"corp_id": "ww0000000000000000"}, "企业 ID 不对"),
        ({"app__agent_id": 1000009}, "AgentId 和 Secret 不是同一个应用的"),
        ({"api_base": "http://127.0.0.1:9/cgi-bin"}, "连不上 127.0.0.1（ConnectError）"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_each_mistake_in_the_settings_is_told_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], says: str
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        seen = await visit(city, tmp_path, **changed)
        assert seen.line("自建应用").startswith("✗")
        assert says in seen.line("自建应用")


async def test_a_blocked_address_and_a_closed_app_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch) as city:
        city.service.world.app.closed = True
        assert "被停用" in (await visit(city, tmp_path)).line("自建应用")
        for _ in range(6):
            city.service.tokens._wrong_secret(city.service.clock())
        assert "封了一小时" in (await visit(city, tmp_path)).line("自建应用")


async def test_a_key_that_is_not_the_running_bots_is_a_callback_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        other = city.service.world.bot.seal.encoding_aes_key
        seen = await visit(city, tmp_path, app__encoding_aes_key=other)
        assert "EncodingAESKey 对不上" in seen.line("自建应用的回调地址")
        assert "重启" in seen.line("自建应用的回调地址")
        assert seen.code == 1
        elsewhere = await visit(city, tmp_path, app__agent_id=1000009)
        assert "没有这个地址（404）" in elsewhere.line("自建应用的回调地址")


async def test_a_public_address_that_is_not_ours_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch) as city:
        nobody = await visit(city, tmp_path, url="http://127.0.0.1:9")
        assert "连不上（ConnectError）" in nobody.line("自建应用的公网回调地址")
        assert "反向代理" in nobody.line("自建应用的公网回调地址")
        other = await visit(city, tmp_path, url=city.service.api_base.removesuffix("/cgi-bin"))
        assert "没有这个地址（404）" in other.line("自建应用的公网回调地址")


async def test_a_clock_that_is_off_is_told_by_how_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch) as city:
        city.service.clock.advance(600)
        clock = (await visit(city, tmp_path)).line("时钟")
        assert re.match(r"✗ 时钟：比企业微信慢 (599|600|601) 秒", clock)
        assert "NTP" in clock


async def test_a_bot_that_was_taken_over_is_told_without_taking_it_over_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await city.service.kick()
        await city.service.vacant()
        seen = await visit(city, tmp_path)
        assert "被另一个程序顶替" in seen.line("智能机器人的长连接")
        assert not city.service.is_subscribed()


async def test_a_webhook_that_cannot_be_one_is_told_by_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        seen = await visit(city, tmp_path, webhooks="wrOffice = not-a-key")
        assert seen.line("群机器人").startswith("✗ 群机器人：密钥不像密钥的群：wrOffice")
        assert "not-a-key" not in seen.text
        assert "没有登记" in (await visit(city, tmp_path, webhooks="")).line("群机器人")


async def test_qq_is_seen_on_the_running_bots_own_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house:
        kit = Kit(house.parts.settings, house.parts.store, house.clock, house.parts.office)

        async def seen() -> Visit:
            told = partial(perform, kit, Request(["doctor"]))
            return Visit(*await examine(house.parts.settings, tmp_path / "config.toml", "", told))

        assert "没有连接" in (await seen()).line("OneBot")
        async with house.peer():
            connected = await seen()
        assert connected.line("OneBot") == "✓ OneBot：已连上"
        assert "没有可以对时的服务" in connected.line("时钟")


async def test_a_bot_that_does_not_run_is_the_first_thing_to_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        wecom = section(city.service, "websocket")

    async def in_use() -> Response:
        raise StoreFault("baosong.db is in use by another process (pid 1)")

    settings = Settings(wecom=wecom, folder=tmp_path)
    seen = Visit(*await examine(settings, tmp_path / "config.toml", "", in_use))
    assert "没有在运行" in seen.line("机器人")
    assert "连不上" in seen.line("自建应用的回调地址")
    assert seen.line("智能机器人的长连接").startswith("–")
    assert "in use by another process (pid 1)" in seen.line("数据库")
    assert "被平台封一小时" in seen.line("自建应用")


def test_settings_that_cannot_be_read_are_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[server]\nprot = 1\n", "utf-8")
    assert main(["doctor"]) == 1
    assert "✗ 配置：server.prot: unknown key" in capsys.readouterr().out


def test_the_doctor_comes_to_a_house_that_is_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("secret-token", "utf-8")
    (tmp_path / "token").chmod(0o644)
    (tmp_path / "config.toml").write_text('[server]\nport = 9\n[onebot]\ntoken_file = "token"\n', "utf-8")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✗ 机器人：没有在运行" in said
    assert "✓ 数据库：sqlite，可以写" in said
    assert "chmod 600" in said
    assert "secret-token" not in said


def test_settings_changed_after_the_start_are_not_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("", "utf-8")
    (tmp_path / "data").mkdir()
    socket = tmp_path / "data" / "baosong.db.sock"
    socket.touch()
    settings = Settings(folder=tmp_path)
    os.utime(socket, (1, 1))
    changed = next(machine_checks.machine(settings, tmp_path / "config.toml"))
    assert str(changed) == "✗ 配置：机器人启动以后改过，还没有生效\n    → 重启机器人"
    os.utime(tmp_path / "config.toml", (0, 0))
    assert str(next(machine_checks.machine(settings, tmp_path / "config.toml"))) == "✓ 配置：读得懂"


MOUNTINFO = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /srv/office\\040data rw shared:1 master:2 - nfs4 server:/x rw
31 22 0:41 / /srv rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/srv/office data/db", "nfs4"), ("/srv/other", "tmpfs"), ("/opt/baosong", "ext4"), ("/srvx", "ext4")],
)
def test_the_file_system_is_the_one_mounted_nearest(folder: str, kind: str) -> None:
    assert file_system(Path(folder), MOUNTINFO) == kind


def test_a_database_on_a_network_disk_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("22 1 254:0 / / rw - cifs //server/share rw\n", "utf-8")
    monkeypatch.setattr(machine_checks, "MOUNTS", mounts)
    text = "\n".join(map(str, machine_checks.machine(Settings(folder=tmp_path), None)))
    assert "✗ 磁盘" in text
    assert "（cifs）" in text


def test_another_user_is_sent_away_before_anything_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stranger(tmp_path) is None
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert "sudo -u" in str(stranger(tmp_path))


def test_a_machine_in_another_zone_is_only_told() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert str(zone_of(at)).startswith("– 时区：机器是 UTC+0000")
    assert str(zone_of(at.astimezone(timezone(timedelta(hours=8))))).startswith("✓ 时区")


def test_without_typefaces_of_its_own_an_office_reads_that_the_open_ones_will_do(tmp_path: Path) -> None:
    assert typefaces(Settings()).mark is Mark.GOOD
    assert "bulletin.fonts_dir" in typefaces(Settings()).words


def test_a_folder_of_typefaces_that_has_none_is_told(tmp_path: Path) -> None:
    empty = Settings.model_validate({"bulletin": {"fonts_dir": str(tmp_path)}})
    assert typefaces(empty).mark is Mark.BAD
    assert "没有字体文件" in typefaces(empty).words


def test_typefaces_that_cannot_be_loaded_are_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path | None) -> dict[str, list[str]]:
        raise OSError("libtypst")

    monkeypatch.setattr(fonts, "faces", broken)
    assert typefaces(Settings()) == bad(
        texts.FONTS, "字体或排版程序装坏了（OSError），PDF 和图片画不出来", texts.FONTS_REMEDY
    )
