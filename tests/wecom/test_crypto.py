"""The callback's encryption: the official vector, and everything that is not right ends in one error."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom import CallbackRefused, MediaError
from bot.channels.wecom.crypto import BizCrypt, decrypt_media, encrypt_media, media_key, sealed_xml
from bot.channels.wecom.parse import xml_envelope
from tests.wecom.desk import AES_KEY, TOKEN

CORP = "wx5823bf96d3bd56c7"
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SIGNATURE = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
WHEN = ("1409659589", "263014780")


def test_the_official_vector_opens() -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, CORP)
    assert crypt.sign(*WHEN, ECHO) == SIGNATURE
    assert crypt.open(SIGNATURE, *WHEN, ECHO) == "1616140317555161061"


@given(st.text(), st.sampled_from([CORP, ""]))
def test_what_we_seal_wechatpy_opens_and_the_other_way_round(text: str, receive_id: str) -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, receive_id)
    theirs = WeChatCrypto(TOKEN, AES_KEY, receive_id)
    sealed = crypt.seal(text, 1, "n")
    assert crypt.open(sealed.signature, "1", "n", sealed.encrypt) == text
    assert theirs.decrypt_message({"Encrypt": sealed.encrypt}, sealed.signature, "1", "n") == text
    encrypt = xml_envelope(theirs.encrypt_message(text, "n", "1").replace("\n", "").encode())
    assert crypt.open(crypt.sign("1", "n", encrypt), "1", "n", encrypt) == text


def _signed(plain: bytes) -> tuple[str, str, str, str]:
    """A text under the right key and signature, whatever is inside."""
    crypt = BizCrypt(TOKEN, AES_KEY, CORP)
    from wechatpy.crypto.base import WeChatCipher

    encrypt = base64.b64encode(WeChatCipher(crypt.key).encrypt(plain)).decode()
    return crypt.sign("1", "n", encrypt), "1", "n", encrypt


def _framed(
    body: bytes, receive_id: bytes = CORP.encode(), length: int | None = None, pad: bytes | None = None
) -> bytes:
    plain = b"r" * 16 + (len(body) if length is None else length).to_bytes(4, "big") + body + receive_id
    count = 32 - len(plain) % 32
    return plain + (bytes([count]) * count if pad is None else pad[:1] * (count - 1) + pad[1:])


BROKEN = {
    "a wrong receive id": _framed(b"hi", b"wx0000000000000000"),
    "no receive id": _framed(b"hi", b""),
    "a length beyond the end": _framed(b"hi", length=4000),
    "a huge length": _framed(b"hi", length=2**32 - 1),
    "padding of different bytes": _framed(b"hi", pad=b"\x00\x05"),
    "padding of zero": _framed(b"hi", pad=b"\x00\x00"),
    "padding of 33": _framed(b"hi", pad=b"\x21\x21"),
    "no UTF-8": _framed(b"\xff\xfe"),
    "nothing but padding": b"\x20" * 32,
    "one block": b"x" * 16,
}


@pytest.mark.parametrize("name", BROKEN)
def test_signed_rubbish_is_refused_with_the_one_error(name: str) -> None:
    with pytest.raises(CallbackRefused):
        BizCrypt(TOKEN, AES_KEY, CORP).open(*_signed(BROKEN[name]))


def test_an_empty_receive_id_does_not_excuse_a_wrong_length() -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, "")
    signature, timestamp, nonce, encrypt = _signed(_framed(b"hi", b"", length=4000))
    with pytest.raises(CallbackRefused):
        crypt.open(signature, timestamp, nonce, encrypt)


@pytest.mark.parametrize("encrypt", ["", "!!!!", "QUJD", "QUJD=", "A" * 64, "报送"])
def test_what_is_no_ciphertext_is_refused(encrypt: str) -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, CORP)
    with pytest.raises(CallbackRefused):
        crypt.open(crypt.sign("1", "n", encrypt), "1", "n", encrypt)


@pytest.mark.parametrize("signature", ["", "0" * 40, SIGNATURE.upper(), "签名"])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(CallbackRefused, match="signature"):
        BizCrypt(TOKEN, AES_KEY, CORP).open(signature, *WHEN, ECHO)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def compare(one: bytes, other: bytes) -> bool:
        seen.append(other)
        return one == other

    monkeypatch.setattr("bot.channels.wecom.crypto.hmac.compare_digest", compare)
    BizCrypt(TOKEN, AES_KEY, CORP).open(SIGNATURE, *WHEN, ECHO)
    assert seen[0] == SIGNATURE.encode()


@pytest.mark.parametrize("key", ["", "short", "!" * 43, AES_KEY + "x"])
def test_a_wrong_key_is_a_clear_error_that_does_not_show_it(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey") as refused:
        BizCrypt(TOKEN, key, CORP)
    assert not key or key not in str(refused.value)


def test_a_passive_reply_in_xml_opens_again() -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, CORP)
    sealed = crypt.seal("<xml>]]></xml>", 7, "n]]>")
    written = sealed_xml(sealed)
    assert written.count("]]>") == 3
    assert crypt.open(sealed.signature, "7", "n]]>", xml_envelope(written.encode())) == "<xml>]]></xml>"


@given(st.binary(max_size=200))
def test_a_file_opens_with_its_key_and_no_other(data: bytes) -> None:
    key = media_key(base64.b64encode(bytes(range(32))).decode().rstrip("="))
    sealed = encrypt_media(data, key)
    assert decrypt_media(sealed, key) == data
    with pytest.raises(MediaError):
        decrypt_media(sealed[:-1], key)


@pytest.mark.parametrize("aeskey", ["", "!!", "QUJD", "报"])
def test_a_files_key_that_is_none_is_refused(aeskey: str) -> None:
    with pytest.raises(MediaError):
        media_key(aeskey)


@given(st.binary(max_size=300))
def test_whatever_comes_as_ciphertext_ends_in_the_one_error(data: bytes) -> None:
    crypt = BizCrypt(TOKEN, AES_KEY, CORP)
    encrypt = base64.b64encode(data).decode()
    with pytest.raises(CallbackRefused):
        crypt.open(crypt.sign("1", "n", encrypt), "1", "n", encrypt)
