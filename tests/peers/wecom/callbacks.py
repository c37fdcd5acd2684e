"""The callback driver: it verifies the bot's address and delivers messages there, again when unanswered.

Documents 90930 and 90968 (apps), 101033 (AI bot by URL).
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import httpx

from .core import Core
from .crypto import BadSeal, Seal
from .world import AiBot, App, Json
from .xml import document, fields_of

DELIVERIES = 3
VERIFY_WITHIN = 1.0
ECHO = "1616140317555161061"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST. status: None when it was cut or the bot was not there; seconds: how long it took."""

    url: str
    params: dict[str, str]
    body: bytes
    status: int | None
    answer: bytes
    seconds: float

    @property
    def taken(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Verification:
    """The GET with which an address is checked when an administrator saves it."""

    ok: bool
    status: int | None
    answer: bytes
    seconds: float


class Callbacks:
    """cut: seconds after which an unanswered delivery is cut (the service: 5).

    deliveries: everything that was posted, in order.
    """

    def __init__(self, core: Core, cut: float) -> None:
        self._core = core
        self._cut = cut
        self._http: httpx.AsyncClient | None = None
        self.deliveries: list[Delivery] = []

    async def open(self) -> None:
        # verify=False spares each test the loading of certificates nobody needs on the loopback.
        self._http = httpx.AsyncClient(trust_env=False, verify=False, timeout=None)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def verify(self, seal: Seal, url: str, *, echo: str = ECHO) -> Verification:
        """The bot has to answer within a second with the plain text and nothing else."""
        sealed = seal.close(echo)
        params = self.signed(seal, sealed) | {"echostr": sealed}
        started = time.monotonic()
        try:
            response = await asyncio.wait_for(self._client().get(url, params=params), VERIFY_WITHIN)
        except (TimeoutError, httpx.TransportError):
            return Verification(False, None, b"", time.monotonic() - started)
        ok = response.status_code == 200 and response.content == echo.encode()
        return Verification(ok, response.status_code, response.content, time.monotonic() - started)

    async def to_app(self, app: App, fields: Json) -> list[Delivery]:
        """Deliver a message or event to an app."""
        return await self._deliver(app, document(fields), DELIVERIES)

    async def to_bot(self, bot: AiBot, body: Json, *, times: int = DELIVERIES) -> list[Delivery]:
        """Deliver to an AI bot by URL. A tap comes once; how often a message comes is not documented."""
        return await self._deliver(bot, json.dumps(body, ensure_ascii=False), times)

    async def post(self, url: str, params: dict[str, str], body: bytes) -> Delivery:
        """One POST of anything, sealed or not; also to replay a delivery byte for byte."""
        started = time.monotonic()
        status, answer = None, b""
        try:
            request = self._client().post(url, params=params, content=body)
            response = await asyncio.wait_for(request, self._cut)
            status, answer = response.status_code, response.content
        except (TimeoutError, httpx.TransportError):
            pass  # cut, or nobody there: both look the same to the service
        delivery = Delivery(url, params, body, status, answer, time.monotonic() - started)
        self.deliveries.append(delivery)
        return delivery

    def signed(self, seal: Seal, ciphertext: str) -> dict[str, str]:
        """The query of a callback with this ciphertext."""
        timestamp, nonce = str(self._core.clock.seconds()), self._core.next_id("nonce", 10)
        return {
            "msg_signature": seal.sign(timestamp, nonce, ciphertext),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def envelope(self, identity: App | AiBot, plain: str) -> tuple[dict[str, str], bytes]:
        """Query and body of a callback that carries this text."""
        sealed = identity.seal.close(plain)
        if isinstance(identity, AiBot):
            return self.signed(identity.seal, sealed), json.dumps({"encrypt": sealed}).encode()
        fields = {
            "ToUserName": identity.seal.receive_id,
            "AgentID": str(identity.agent_id),
            "Encrypt": sealed,
        }
        return self.signed(identity.seal, sealed), document(fields).encode()

    async def _deliver(self, identity: App | AiBot, plain: str, times: int) -> list[Delivery]:
        """Up to so many POSTs until one is answered 200; one more when duplicates are scripted."""
        url = identity.callback_url
        if url is None:
            return []
        done: list[Delivery] = []
        while len(done) < times and not (done and done[-1].taken):
            done.append(await self.post(url, *self.envelope(identity, plain)))
        if self._core.faults.twice():
            done.append(await self.post(url, *self.envelope(identity, plain)))
        return done

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            raise RuntimeError("the service is not open")
        return self._http


def reply_of_bot(bot: AiBot, delivery: Delivery) -> Json | None:
    """The plain reply in an AI bot's answer; None when it is empty. BadSeal for anything that is no reply."""
    if not delivery.answer:
        return None
    try:
        envelope = json.loads(delivery.answer)
        sealed, nonce = envelope["encrypt"], envelope["nonce"]
        signature, timestamp = envelope["msgsignature"], str(envelope["timestamp"])
        if nonce != delivery.params["nonce"]:
            raise BadSeal("not the nonce of the query")
        if not bot.seal.signed_by_us(signature, timestamp, nonce, sealed):
            raise BadSeal("wrong msgsignature")
        reply = json.loads(bot.seal.open(sealed))
    except (ValueError, KeyError, TypeError) as error:
        raise BadSeal("no reply of the documented form") from error
    if not isinstance(reply, dict):
        raise BadSeal("a reply has to be an object")
    return reply


def reply_of_app(app: App, delivery: Delivery) -> dict[str, str] | None:
    """The fields of an app's passive answer; None when it is empty. BadSeal as above."""
    if not delivery.answer:
        return None
    try:
        envelope = fields_of(delivery.answer.decode())
        sealed, timestamp, nonce = envelope["Encrypt"], envelope["TimeStamp"], envelope["Nonce"]
        if not app.seal.signed_by_us(envelope["MsgSignature"], timestamp, nonce, sealed):
            raise BadSeal("wrong MsgSignature")
        return fields_of(app.seal.open(sealed).decode())
    except (ValueError, KeyError) as error:
        raise BadSeal("no passive answer of the documented form") from error
