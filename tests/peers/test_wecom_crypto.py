"""Our own cryptography against the vectors of the official documents, against wechatpy, and against junk."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from .wecom import BadSeal, Seal, open_media, seal_media, sign
from .wecom.crypto import key_of
from .wecom.world import made_up_key

OFFICIAL = Seal("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W"
    "/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+H"
    "MZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB"
    "3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVK"
    "n28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)


def test_the_official_verification_vector_opens() -> None:
    assert OFFICIAL.sign("1409659589", "263014780", ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert OFFICIAL.open(ECHO) == b"1616140317555161061"


def test_the_official_message_vector_opens() -> None:
    assert OFFICIAL.sign("1409659813", "1372623149", MESSAGE) == "477715d11cdb4164915debcba66cb864d751f3e6"
    plain = OFFICIAL.open(MESSAGE).decode()
    assert "<Content><![CDATA[hello]]></Content>" in plain
    assert "<AgentID>218</AgentID>" in plain


@given(st.text(max_size=300), st.sampled_from(["", "ww5d1f3a9c7e2b4860"]))
def test_whatever_is_sealed_opens_for_the_same_receiver_and_no_other(text: str, receiver: str) -> None:
    seal = Seal("token", made_up_key("any"), receiver)
    assert seal.open(seal.close(text)).decode() == text
    with pytest.raises(BadSeal):
        Seal("token", made_up_key("any"), "somebody else").open(seal.close(text))


@pytest.mark.parametrize("text", ["", "报送 关于防汛的情况", "<xml>]]></xml>", "x" * 5000])
def test_wechatpy_opens_what_we_seal_and_seals_what_we_open(text: str) -> None:
    theirs = WeChatCrypto(OFFICIAL.token, OFFICIAL.encoding_aes_key, OFFICIAL.receive_id)
    sealed = OFFICIAL.close(text or " ")
    signature = sign(OFFICIAL.token, "1", "n", sealed)
    envelope = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
    assert theirs.decrypt_message(envelope, signature, "1", "n") == (text or " ")
    reply = theirs.encrypt_message(text, "nonce", "1795412406")
    sealed = reply.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert OFFICIAL.open(sealed).decode() == text
    assert f"<![CDATA[{OFFICIAL.sign('1795412406', 'nonce', sealed)}]]>" in reply


@given(st.binary(max_size=200))
def test_junk_is_refused_with_one_error(junk: bytes) -> None:
    for text in (base64.b64encode(junk).decode(), junk.decode("latin-1")):
        with pytest.raises(BadSeal):
            OFFICIAL.open(text)


def test_a_length_beyond_the_end_is_refused() -> None:
    plain = b"s" * 16 + (9999).to_bytes(4) + b"short" + OFFICIAL.receive_id.encode()
    sealed = base64.b64encode(seal_media(key_of(OFFICIAL.encoding_aes_key), plain)).decode()
    with pytest.raises(BadSeal, match="beyond the end"):
        OFFICIAL.open(sealed)


@given(st.binary(max_size=200))
def test_files_are_padded_to_whole_blocks_of_32(data: bytes) -> None:
    key = key_of(made_up_key("file"))
    sealed = seal_media(key, data)
    assert len(sealed) % 32 == 0
    assert len(sealed) > len(data)
    assert open_media(key, sealed) == data


@pytest.mark.parametrize("key", ["short", "!" * 43, ""])
def test_a_mistyped_key_is_refused(key: str) -> None:
    with pytest.raises(BadSeal):
        key_of(key)
