"""The practice city never runs beside a real channel, and never where others can reach it."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings, SettingsFault
from practice import start
from storage.engine import StoreFault
from storage.sqlite import SQLiteStore
from tests.peers.process import BotProcess, free_port
from tests.practice.process import practice_city


def test_it_refuses_to_start_beside_a_real_channel() -> None:
    with pytest.raises(SettingsFault, match="真实渠道"):
        start.practice_settings(Settings.model_validate({"onebot": {"token": "t"}}))
    with pytest.raises(SettingsFault, match="真实渠道"):
        start.practice_settings(Settings.model_validate({"qq": {"app_id": "1", "secret": "s"}}))
    with pytest.raises(SettingsFault, match="真实渠道"):
        start.practice_settings(Settings.model_validate({"wecom": {"corp_id": "ww1", "webhooks": "wrGroup = key"}}))


def test_it_refuses_to_start_off_loopback() -> None:
    with pytest.raises(SettingsFault, match="只在本机"):
        start.practice_settings(Settings.model_validate({"server": {"host": "0.0.0.0"}}))


def test_its_settings_send_the_scoreboard_to_groups_and_ask_before_nudging() -> None:
    settings = start.practice_settings(Settings())
    assert settings.scoreboard.groups == ["onebot:200001", "onebot:200004"]
    assert settings.nudges.approval
    assert settings.onebot is not None
    assert len(settings.onebot.token.get_secret_value()) > 20
    assert settings.storage.url == "sqlite:data/practice.db"


def test_a_port_that_is_taken_is_left_to_whoever_has_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert start.free_port(port) != port


async def test_a_city_somebody_has_open_is_not_torn_down(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "practice.db")
    await store.open()
    with pytest.raises(StoreFault, match="in use"):
        start.tear_down(tmp_path / "practice.db")
    await store.close()


@pytest.mark.blackbox
async def test_with_a_configuration_file_there_is_no_practice_page(tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "config.toml"
    config.write_text(f'[server]\nport = {port}\n[storage]\nurl = "sqlite:office.db"\n[onebot]\ntoken = "t"\n', "utf-8")
    async with BotProcess(config, port, tmp_path / "log.txt"), httpx.AsyncClient(trust_env=False) as client:
        base = f"http://127.0.0.1:{port}"
        assert (await client.get(f"{base}/healthz")).status_code == 200
        for path in ("/", "/practice", "/practice/state", "/practice/static/app.js"):
            assert (await client.get(base + path)).status_code == 404
    assert not (tmp_path / "data" / "practice.db").exists()


@pytest.mark.blackbox
def test_a_started_city_answers_its_own_page_and_nobody_elses(tmp_path: Path) -> None:
    with practice_city(tmp_path, free_port()) as city, httpx.Client(trust_env=False) as client:
        assert "报送练习" in client.get(city.address).text
        assert client.get(city.address, headers={"host": "evil.example"}).status_code == 403
        state = client.get(f"{city.address}practice/state").json()
        assert len(state["people"]) > 100
        assert len(state["groups"]) == 4
        said = {"person": state["people"][5]["account"], "chat": "g:200001", "text": "/我是谁"}
        say = f"{city.address}practice/say"
        assert client.post(say, json=said).status_code == 403
        ours = {"origin": city.address.rstrip("/")}
        assert client.post(say, json=said, headers=ours).json() == {"ok": True}
        elsewhere = said | {"chat": "g:200003"}
        assert client.post(say, json=elsewhere, headers=ours).status_code == 404
        assert client.post(say, content=b"[", headers=ours).json()["error"] == "没有看懂这个请求。"
        leap = client.post(f"{city.address}practice/clock", json={"leap": "back"}, headers=ours)
        assert leap.json()["error"] == "不认识这个时间。"
