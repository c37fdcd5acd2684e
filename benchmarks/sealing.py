"""What the service's side of a callback needs: the made-up company, and its messages sealed and signed."""

from __future__ import annotations

import time
from functools import cache
from urllib.parse import urlencode

from bot.channels.wecom.crypto import BizCrypt

CORP, AGENT, SECRET = "wwbench000000000000", 1000002, "bench-secret-of-the-app"
TOKEN, KEY = "benchtoken", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PATH = f"/wecom/app/{CORP}/{AGENT}"


@cache
def crypt() -> BizCrypt:
    """The app's seal."""
    return BizCrypt(TOKEN, KEY, CORP)


def xml(user: str, text: str, number: int) -> str:
    """A text message as document 90239 writes it."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{7_000_000_000 + number}</MsgId><AgentID>{AGENT}</AgentID></xml>"
    )


def delivery(text: str) -> bytes:
    """The whole HTTP request that delivers a message."""
    sealed = crypt().seal(text, int(time.time()), "n1")
    asked = {"msg_signature": sealed.signature, "timestamp": str(sealed.timestamp), "nonce": sealed.nonce}
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
    ).encode()
    head = (
        f"POST {PATH}?{urlencode(asked)} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
