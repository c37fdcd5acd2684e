"""The callback's encryption (documents 90930 and 90968) and that of the AI bot's files (100719, 101463).

The cipher and the frame of `WeChatCrypto` are wechatpy's. It compares signatures with `!=`, checks neither the padding
nor the length, and fails in five different ways; here every check is made and every failure is a `CallbackRefused`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wechatpy.crypto.base import WeChatCipher
from wechatpy.enterprise.crypto import WeChatCrypto

from .exception import CallbackRefused, MediaError

BLOCK = 32
RANDOM = 16
HEAD = RANDOM + 4


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted answer with what proves it ours."""

    encrypt: str
    signature: str
    timestamp: int
    nonce: str


class BizCrypt:
    """Signs, opens and seals for one callback address.

    `receive_id` is the corp id for an app and '' for an internal AI bot. Raises ValueError if the key is not 43
    characters of base64; the message does not show it.
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        try:
            self._wechat = WeChatCrypto(token, encoding_aes_key, receive_id)
        except (AssertionError, binascii.Error, ValueError):
            raise ValueError("the EncodingAESKey is not 43 characters of base64") from None
        self._token = token
        self._receive_id = receive_id.encode()

    @property
    def key(self) -> bytes:
        """The 32 bytes that also open the files of an AI bot in URL mode."""
        return bytes(self._wechat.key)

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """sha1 over the sorted parts, in hex."""
        parts = sorted(part.encode("utf-8", "replace") for part in (self._token, timestamp, nonce, encrypt))
        return hashlib.sha1(b"".join(parts)).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> str:
        """The plain text of a signed and encrypted one. Raises CallbackRefused."""
        wanted = self.sign(timestamp, nonce, encrypt)
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            raise CallbackRefused("wrong signature")
        try:
            opened: str = self._wechat._decrypt_message(
                {"Encrypt": encrypt}, wanted, timestamp, nonce, lambda key: _Prp(key, self._receive_id)
            )
        except (binascii.Error, UnicodeError, ValueError):
            raise CallbackRefused("cannot be decrypted") from None
        return opened

    def seal(self, text: str, timestamp: int, nonce: str) -> Sealed:
        """The text, encrypted and signed. `timestamp` is Unix seconds."""
        encrypt = _Prp(self.key, self._receive_id).encrypt(text)
        return Sealed(encrypt, self.sign(str(timestamp), nonce, encrypt), timestamp, nonce)


class _Prp:
    """What wechatpy's `PrpCrypto` does, with the checks it leaves out and room for random bytes of any value."""

    def __init__(self, key: bytes, receive_id: bytes) -> None:
        self._cipher = WeChatCipher(key)
        self._receive_id = receive_id

    def encrypt(self, text: str) -> str:
        body = text.encode("utf-8", "replace")
        plain = secrets.token_bytes(RANDOM) + len(body).to_bytes(4, "big") + body + self._receive_id
        return base64.b64encode(self._cipher.encrypt(_pad(plain))).decode()

    def decrypt(self, text: str, _id: str) -> str:
        plain = _unpad(self._cipher.decrypt(base64.b64decode(text, validate=True)))
        if len(plain) < HEAD:
            raise ValueError("too short")
        end = HEAD + int.from_bytes(plain[RANDOM:HEAD], "big")
        if end > len(plain):
            raise ValueError("the length is wrong")
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise CallbackRefused("wrong receive id")
        return plain[HEAD:end].decode("utf-8")


def _pad(plain: bytes) -> bytes:
    count = BLOCK - len(plain) % BLOCK
    return plain + bytes([count]) * count


def _unpad(padded: bytes) -> bytes:
    """PKCS#7 with blocks of 32, every byte of it checked. Raises ValueError."""
    count = padded[-1] if padded else 0
    if not 1 <= count <= BLOCK or len(padded) < count or padded[-count:] != bytes([count]) * count:
        raise ValueError("the padding is wrong")
    return padded[:-count]


def media_key(aeskey: str) -> bytes:
    """The key that comes beside a file's address, with or without its `=`. Raises MediaError."""
    try:
        key = base64.b64decode(aeskey + "=" * (-len(aeskey) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise MediaError("the file's key is not base64") from None
    if len(key) != BLOCK:
        raise MediaError("the file's key has the wrong length")
    return key


def decrypt_media(data: bytes, key: bytes) -> bytes:
    """A file of the AI bot, opened. Raises MediaError if the bytes were cut or the key is another one."""
    try:
        return _unpad(bytes(WeChatCipher(key).decrypt(data)))
    except ValueError:
        raise MediaError("the file cannot be decrypted") from None


def encrypt_media(data: bytes, key: bytes) -> bytes:
    """The other direction, for fakes of the service."""
    return bytes(WeChatCipher(key).encrypt(_pad(data)))


def sealed_json(sealed: Sealed) -> Mapping[str, Any]:
    """The answer of an AI bot's callback (document 101031)."""
    return {
        "encrypt": sealed.encrypt,
        "msgsignature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
    }


def sealed_xml(sealed: Sealed) -> str:
    """The passive reply of an app (document 90241). Base64 and digits need no escaping; the nonce is checked."""
    nonce = sealed.nonce.replace("]]>", "")
    return (
        f"<xml><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt><MsgSignature><![CDATA[{sealed.signature}]]></MsgSignature>"
        f"<TimeStamp>{sealed.timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )
