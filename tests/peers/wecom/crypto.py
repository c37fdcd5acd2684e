"""Signatures and encryption of callbacks and media, written from the documents (90930, 90968, 100719).

Nothing here is shared with the adapter or with wechatpy, so that each can find the other's mistakes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PADDED_TO = 32
"""WeChat Work pads to 32 bytes although AES needs only 16."""

SALT_BYTES = 16
LENGTH_BYTES = 4


class BadSeal(Exception):
    """The text was not sealed with this key for this receiver, or not by these rules."""


def sign(token: str, timestamp: str, nonce: str, ciphertext: str) -> str:
    """`msg_signature` of a callback: SHA-1 over the four values in the order of their characters."""
    joined = "".join(sorted([token, timestamp, nonce, ciphertext]))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 characters an administrator copies (BadSeal when they are none)."""
    try:
        key = base64.b64decode(encoding_aes_key + "=")
    except binascii.Error as error:
        raise BadSeal("EncodingAESKey is not base64") from error
    if len(key) != 32:
        raise BadSeal(f"EncodingAESKey stands for {len(key)} bytes")
    return key


def _pad(data: bytes) -> bytes:
    missing = PADDED_TO - len(data) % PADDED_TO
    return data + bytes([missing]) * missing


def _unpad(data: bytes) -> bytes:
    count = data[-1] if data else 0
    if not 1 <= count <= PADDED_TO or data[-count:] != bytes([count]) * count:
        raise BadSeal("the padding is not PKCS#7 to 32 bytes")
    return data[:-count]


def seal_media(key: bytes, data: bytes) -> bytes:
    """A file as the AI bot's file addresses serve it: AES-256-CBC, the key's head as initial vector."""
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return encryptor.update(_pad(data)) + encryptor.finalize()


def open_media(key: bytes, data: bytes) -> bytes:
    """The other way; BadSeal for a wrong key or a broken file."""
    if not data or len(data) % 16:
        raise BadSeal(f"{len(data)} bytes are no whole number of blocks")
    decryptor = Cipher(AES(key), CBC(key[:16])).decryptor()
    return _unpad(decryptor.update(data) + decryptor.finalize())


@dataclass(frozen=True, slots=True)
class Seal:
    """What an administrator enters for a callback.

    receive_id: the CorpID for a self-built app, empty for the AI bot of one's own company.
    """

    token: str
    encoding_aes_key: str
    receive_id: str = ""

    def sign(self, timestamp: str, nonce: str, ciphertext: str) -> str:
        return sign(self.token, timestamp, nonce, ciphertext)

    def signed_by_us(self, signature: str, timestamp: str, nonce: str, ciphertext: str) -> bool:
        return hmac.compare_digest(signature.encode(), self.sign(timestamp, nonce, ciphertext).encode())

    def close(self, message: str | bytes) -> str:
        """Encrypt: salt, length in bytes, message, receiver; in base64."""
        data = message.encode() if isinstance(message, str) else message
        plain = os.urandom(SALT_BYTES) + len(data).to_bytes(LENGTH_BYTES) + data + self.receive_id.encode()
        return base64.b64encode(seal_media(key_of(self.encoding_aes_key), plain)).decode()

    def open(self, ciphertext: str) -> bytes:
        """Decrypt; BadSeal for anything that `close` could not have made."""
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadSeal("not base64") from error
        plain = open_media(key_of(self.encoding_aes_key), sealed)
        start = SALT_BYTES + LENGTH_BYTES
        end = start + int.from_bytes(plain[SALT_BYTES:start])
        if len(plain) < start or end > len(plain):
            raise BadSeal("the length inside reaches beyond the end")
        if plain[end:] != self.receive_id.encode():
            raise BadSeal("sealed for another receiver")
        return plain[start:end]
