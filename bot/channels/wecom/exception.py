"""What can go wrong, told apart by what the caller may do about it.

    ActionFailed        the service answered and said no; `errcode` says why (documents 90313, 96213)
    TokenRefused        no token is asked for until `retry_at`: the service blocks an address that insists
    NetworkError        the service was not reached; nothing happened
    AckUnknown          it was reached and no answer came: the action may have been carried out, never repeat it blindly
    ApiNotAvailable     this identity has no such way, or the way is used up
    CallbackRefused     somebody called our address with something that is no callback
    MediaError          a file could not be fetched, opened or is too big
    CardError           a card breaks the limits of its identity

No text of an error holds an address, a token or a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nonebot.exception import ActionFailed as BaseActionFailed
from nonebot.exception import AdapterException
from nonebot.exception import ApiNotAvailable as BaseApiNotAvailable
from nonebot.exception import NetworkError as BaseNetworkError
from nonebot.exception import NoLogException as BaseNoLogException

from .errcode import Kind, explain
from .log import redact


class WeComAdapterException(AdapterException):
    """The base of all of them."""

    def __init__(self) -> None:
        super().__init__("WeCom")

    def __str__(self) -> str:
        return repr(self)


class NoLogException(BaseNoLogException, WeComAdapterException):
    """An event that is not to be logged."""


class ActionFailed(BaseActionFailed, WeComAdapterException):
    """The service answered with an error code. Match on `errcode` or `kind`; `errmsg` is a hint for people."""

    def __init__(self, errcode: int, errmsg: str, api: str, body: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.errcode = errcode
        self.errmsg = redact(errmsg)
        self.api = api
        self.body = dict(body or {})

    @property
    def kind(self) -> Kind:
        """What sort of failure the code stands for."""
        return explain(self.errcode).kind

    @property
    def advice(self) -> str:
        """What the code means, in English."""
        return explain(self.errcode).meaning

    def __repr__(self) -> str:
        return f"ActionFailed(errcode={self.errcode}, api={self.api!r}, errmsg={self.errmsg!r})"


class TokenRefused(ActionFailed):
    """The service refused the secret; until `retry_at` (Unix seconds) nobody asks it again."""

    def __init__(self, errcode: int, errmsg: str, retry_at: float) -> None:
        super().__init__(errcode, errmsg, "gettoken")
        self.retry_at = retry_at

    def __repr__(self) -> str:
        return f"TokenRefused(errcode={self.errcode}, retry_at={self.retry_at:.0f}, errmsg={self.errmsg!r})"


class NetworkError(BaseNetworkError, WeComAdapterException):
    """The service was not reached."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = redact(reason)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.reason!r})"


class AckUnknown(NetworkError):
    """It was sent and nobody said how it went."""


class ApiNotAvailable(BaseApiNotAvailable, WeComAdapterException):
    """This identity cannot do that, or cannot do it any more."""

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = redact(reason)

    def __repr__(self) -> str:
        return f"ApiNotAvailable({self.reason!r})"


class CallbackRefused(WeComAdapterException):
    """A callback that is not one. `status` is the HTTP status of the answer."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__()
        self.reason = reason
        self.status = status

    def __repr__(self) -> str:
        return f"CallbackRefused({self.reason!r})"


class MediaError(WeComAdapterException):
    """A file could not be had."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = redact(reason)

    def __repr__(self) -> str:
        return f"MediaError({self.reason!r})"


class CardError(WeComAdapterException):
    """A card breaks its limits; `faults` names every one."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__()
        self.faults = faults

    def __repr__(self) -> str:
        return f"CardError({'; '.join(self.faults)})"
