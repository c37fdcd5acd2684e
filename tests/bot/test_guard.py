"""The two proved holes, and others like them: events are forged against the real routes, and nothing comes in."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import nonebot
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.channels.signatures import is_fresh, may_sign, onebot_signed
from tests.bot.harness import Served, listening, onebot, served, until
from tests.bot.qq_platform import APP_ID, Platform, platform, post, sign
from tests.peers.process import free_port
from tests.support.stage import ACCOUNTS

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

HEAD = int(ACCOUNTS["周科长"])
HTTP_SECRET = "http-secret"
ONEBOT_PATHS = ["/onebot/v11/", "/onebot/v11/http", "/onebot/v11/http/", "/onebot/v11"]
QQ_PATHS = ["/qq/", "/qq/webhook", "/qq/webhook/", "/qq"]

VALIDATION = {"d": {"plain_token": "Arq0D5A61EgUu4OxUvOp", "event_ts": "1725442341"}, "op": 13}
VALIDATED = (
    "87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d01bcfcadc0842edac85e85205028a1132afe09280305f13aa"
    "6909ffc2d652c706"
)
"""Tencent's own test vector (event-emit.md), for the secret of `qq_platform`."""


def forged(text: str = "/待办", message_id: int = 1) -> bytes:
    """A private message of the head of the office."""
    frame = {
        "time": 1795398060, "self_id": 3001, "post_type": "message", "message_type": "private", "user_id": HEAD,
        "message_id": message_id, "message": [{"type": "text", "data": {"text": text}}],
    }  # fmt: skip
    return json.dumps(frame).encode()


def onebot_headers(body: bytes, secret: str = HTTP_SECRET) -> dict[str, str]:
    signature = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {"X-Self-ID": "3001", "X-Signature": signature, "Authorization": "Bearer gateway-token"}


def seen(bot: Served) -> int:
    return bot.parts.gateway.seen.total()


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """Reverse WebSocket, nothing over HTTP."""
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house:
        yield house


@pytest.fixture
async def posted_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """HTTP mode with a shared secret."""
    section = onebot(http_post=True, http_secret=HTTP_SECRET)
    async with served(tmp_path, monkeypatch, onebot=section) as house:
        yield house


@pytest.fixture
async def tencent() -> AsyncIterator[Platform]:
    async with platform() as played:
        yield played


@pytest.fixture
async def webhook(tencent: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with served(tmp_path, monkeypatch, qq=tencent.settings(websocket=False)) as house:
        await until(lambda: house.parts.channels["qq"].up)
        yield house


@pytest.mark.parametrize("path", ONEBOT_PATHS)
async def test_a_posted_onebot_event_finds_no_door_even_with_token_and_signature(bot: Served, path: str) -> None:
    body = forged()
    answer = await post(bot.url + path, body, onebot_headers(body))
    assert answer.status_code == 404
    assert seen(bot) == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "HEAD"])
async def test_nothing_else_is_there_either(bot: Served, method: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.request(method, bot.url + "/onebot/v11/http")).status_code == 404


@pytest.mark.parametrize("path", QQ_PATHS)
async def test_without_the_official_bot_there_is_no_webhook(bot: Served, path: str) -> None:
    assert (await post(bot.url + path, json.dumps(VALIDATION).encode(), {"X-Bot-Appid": APP_ID})).status_code == 404


async def test_the_official_bot_over_websocket_signs_nothing(
    tencent: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, qq=tencent.settings(websocket=True)) as house:
        for path in QQ_PATHS:
            answer = await post(house.url + path, json.dumps(VALIDATION).encode(), {"X-Bot-Appid": APP_ID})
            assert answer.status_code == 404
        routes = [getattr(route, "path", "") for route in nonebot.get_app().routes]
        assert not [path for path in routes if path.startswith("/qq")]


async def test_in_http_mode_a_signed_event_is_taken_in(posted_to: Served) -> None:
    body = forged()
    answer = await post(posted_to.url + "/onebot/v11/http", body, onebot_headers(body))
    assert answer.status_code == 204
    await until(lambda: posted_to.parts.gateway.handled["pending"] == 1)


@pytest.mark.parametrize(
    "change",
    [
        {"X-Signature": ""},
        {"X-Signature": "sha1="},
        {"X-Signature": "sha1=" + "0" * 40},
        {"X-Signature": onebot_headers(forged(), "another secret")["X-Signature"]},
        {"X-Signature": onebot_headers(forged("/帮助"))["X-Signature"]},
        {"X-Signature": onebot_headers(forged())["X-Signature"].removeprefix("sha1=")},
        {"X-Signature": "sha1=\u00e9".encode().decode("latin-1")},
    ],
)
async def test_in_http_mode_a_forged_signature_is_refused(posted_to: Served, change: dict[str, str]) -> None:
    body = forged()
    headers = {"X-Self-ID": "3001", "Authorization": "Bearer gateway-token"} | change
    async with httpx.AsyncClient(trust_env=False) as client:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await client.post(posted_to.url + "/onebot/v11/http", content=body, headers=raw)
    assert answer.status_code == 403
    assert seen(posted_to) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"7", b"{}", b'{"status":"ok","echo":"1"}'])
async def test_in_http_mode_what_is_no_event_is_a_bad_request(posted_to: Served, body: bytes) -> None:
    answer = await post(posted_to.url + "/onebot/v11/http", body, onebot_headers(body))
    assert answer.status_code == 400


async def test_in_http_mode_a_replay_is_one_message(posted_to: Served) -> None:
    body = forged()
    for _ in range(3):
        await post(posted_to.url + "/onebot/v11/http", body, onebot_headers(body))
    await until(lambda: posted_to.parts.gateway.handled.total() == 3)
    assert posted_to.parts.gateway.handled["pending"] == 1


async def test_in_http_mode_a_second_account_is_not_heard_beside_the_first(posted_to: Served) -> None:
    async with posted_to.peer():
        await until(lambda: posted_to.parts.channels["onebot"].up)
        body = forged()
        answer = await post(posted_to.url + "/onebot/v11/http", body, onebot_headers(body) | {"X-Self-ID": "9999"})
        assert answer.status_code == 400
        assert seen(posted_to) == 0


async def test_an_endpoint_with_http_alone_is_answered_over_its_own_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[dict[str, Any]] = []

    async def carry_out(request: Request) -> JSONResponse:
        called.append(await request.json())
        return JSONResponse({"status": "ok", "retcode": 0, "data": {"message_id": 7}})

    endpoint = Starlette(routes=[Route("/send_private_msg", carry_out, methods=["POST"])])
    port, body = free_port(), forged()
    section = onebot(http_post=True, http_secret=HTTP_SECRET, http_api=f"http://127.0.0.1:{port}")
    async with listening(endpoint, port), served(tmp_path, monkeypatch, onebot=section) as house:
        assert not house.parts.channels["onebot"].up
        await post(house.url + "/onebot/v11/http", body, onebot_headers(body))
        await until(lambda: house.parts.courier.settled["onebot sent"] == 1)
        assert called[0]["user_id"] == HEAD


@pytest.mark.parametrize("path", ["/onebot/v11/http", "/readyz", "/nowhere"])
async def test_a_body_of_more_than_a_megabyte_is_refused(posted_to: Served, path: str) -> None:
    body = b" " * (1024 * 1024 + 1)
    assert (await post(posted_to.url + path, body, onebot_headers(body))).status_code == 413


async def test_a_large_body_that_does_not_say_so_is_refused_on_the_way(posted_to: Served) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(posted_to.url + "/onebot/v11/http", content=pieces())
    assert answer.status_code == 413


async def test_tencent_s_validation_is_answered_as_its_test_vector_says(webhook: Served) -> None:
    answer = await post(webhook.url + "/qq/webhook", json.dumps(VALIDATION).encode(), {"X-Bot-Appid": APP_ID})
    assert answer.status_code == 200
    assert answer.json() == {"plain_token": VALIDATION["d"]["plain_token"], "signature": VALIDATED}  # type: ignore[index]  # d is a dict


def event(said: str = "ROBOT1.0_1") -> bytes:
    author = {"id": "P", "user_openid": "P"}
    data = {"id": said, "content": "/待办", "timestamp": "2026-11-23T09:41:00+08:00", "author": author}
    return json.dumps({"op": 0, "id": "e1", "t": "C2C_MESSAGE_CREATE", "d": data}).encode()


@pytest.mark.parametrize(
    "asked",
    [
        {"plain_token": event().decode(), "event_ts": "1795398060"},
        {"plain_token": "a" * 65, "event_ts": "1795398060"},
        {"plain_token": "", "event_ts": "1795398060"},
        {"plain_token": "abc\n", "event_ts": "1795398060"},
        {"plain_token": "abc", "event_ts": "1795398060" + event().decode()},
        {"plain_token": "abc", "event_ts": ""},
        {"plain_token": ["abc"], "event_ts": "1795398060"},
        {"plain_token": "abc"},
        None,
        "abc",
    ],
)
async def test_nobody_gets_a_forged_body_signed(webhook: Served, asked: Any) -> None:
    answer = await post(
        webhook.url + "/qq/webhook", json.dumps({"op": 13, "d": asked}).encode(), {"X-Bot-Appid": APP_ID}
    )
    assert answer.status_code == 403
    assert "plain_token" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'{"op":0,"op":13,"d":{"plain_token":"{\\"op\\":0}","event_ts":"1"},"t":"x"}',
        b'{"op":13,"op":0,"d":{"plain_token":"{\\"op\\":0}","event_ts":"1"},"t":"x"}',
        b'{"op":13.0,"d":{"plain_token":"{\\"op\\":0}","event_ts":"1"}}',
        b'{"opcode":13,"data":{"plain_token":"{\\"op\\":0}","event_ts":"1"}}',
        b'[{"op":13}]',
        b"null",
        b"{",
        b"",
    ],
)
async def test_no_way_of_writing_it_makes_a_difference(webhook: Served, body: bytes) -> None:
    """The guard and the adapter parse with different libraries; neither may be talked into signing."""
    now = str(int(webhook.clock.now().timestamp()))
    for headers in (
        {"X-Bot-Appid": APP_ID},
        {"X-Bot-Appid": APP_ID, "X-Signature-Timestamp": now, "X-Signature-Ed25519": "0" * 128},
    ):
        answer = await post(webhook.url + "/qq/webhook", body, headers)
        assert answer.status_code in (400, 403)
        assert "plain_token" not in answer.text


async def test_an_event_with_a_valid_fresh_signature_is_taken_in_once(webhook: Served, tencent: Platform) -> None:
    now = str(int(webhook.clock.now().timestamp()))
    for _ in range(2):
        assert (await tencent.post_webhook(webhook.url + "/qq/webhook", event(), now)).status_code == 200
    await until(lambda: webhook.parts.gateway.handled.total() == 2)
    assert webhook.parts.gateway.handled[""] == 1


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
async def test_a_valid_signature_that_is_not_fresh_is_refused(webhook: Served, tencent: Platform, seconds: int) -> None:
    then = str(int(webhook.clock.now().timestamp()) + seconds)
    assert (await tencent.post_webhook(webhook.url + "/qq/webhook", event(), then)).status_code == 403
    assert seen(webhook) == 0


async def test_a_signature_of_something_else_is_refused(webhook: Served, tencent: Platform) -> None:
    now = str(int(webhook.clock.now().timestamp()))
    for signature in ("", "0" * 128, "zz" * 64, "00", sign(now.encode() + event("other")), sign(event())):
        answer = await tencent.post_webhook(
            webhook.url + "/qq/webhook", event(), now, **{"X-Signature-Ed25519": signature}
        )
        assert answer.status_code == 403
    assert seen(webhook) == 0


def test_what_may_be_signed_and_what_is_fresh() -> None:
    assert may_sign("Arq0D5A61EgUu4OxUvOp", "1725442341")
    assert not may_sign("Arq0D5A61EgUu4OxUvOp\n", "1725442341")
    assert not may_sign("Arq0", "１２３")
    assert is_fresh("1000", 1300)
    assert not is_fresh("1000", 1301)
    assert not is_fresh("", 0)
    assert not is_fresh("-1", 0)
    assert onebot_signed("s", b"x", "sha1=" + hmac.new(b"s", b"x", hashlib.sha1).hexdigest())
