"""Error codes of the service (90313) and how it words them."""

from __future__ import annotations

from .world import Json

WORDS = {
    -1: "system error",
    40001: "invalid credential",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40123: "invalid image format",
    41001: "access_token missing",
    42001: "access_token expired",
    44001: "empty media data",
    44004: "text content is empty",
    45001: "media size out of limit",
    45009: "api freq out of limit",
    47001: "data format error",
    48002: "api forbidden",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60123: "invalid party id",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86004: "invalid chat name",
    86005: "invalid chat owner",
    86006: "invalid chat member count",
    86007: "invalid chat member",
    86008: "chat not created by this app",
    49008: "chat dissolved",
    93000: "invalid webhook url",
    93006: "invalid chatid",
    301002: "not allow operate another agent with this accesstoken",
    301019: "invalid media md5",
    846605: "invalid req_id",
    846608: "stream message update expired",
    853000: "invalid bot_id or secret",
}

OK: Json = {"errcode": 0, "errmsg": "ok"}


class Refused(Exception):
    """The service answers with this code. `why` is for the test that wonders, not for the caller."""

    def __init__(self, code: int, why: str = "") -> None:
        super().__init__(f"{code} {WORDS.get(code, '')}: {why}")
        self.code = code


def refusal(code: int, hint: str) -> Json:
    """The JSON of an error. Its words carry a hint, an address and a link, so nobody may match them."""
    words = WORDS.get(code, "invalid parameter")
    more = f"https://open.work.weixin.qq.com/devtool/query?e={code}"
    return {
        "errcode": code,
        "errmsg": f"{words}, hint: [{hint}], from ip: 127.0.0.1, more info at {more}",
    }
