"""What was sent is kept for whoever fetches it, but never more than the cabinet holds."""

from __future__ import annotations

import pytest

from practice.cabinet import PNG_MAGIC, Cabinet, KeptFile, png_size

PNG = PNG_MAGIC + b"\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (1200).to_bytes(4) + b"\x08\x02\x00\x00\x00"


def test_what_people_send_twice_has_two_keys_as_on_the_platform() -> None:
    cabinet = Cabinet()
    first, second = cabinet.keep_new("材料.docx", b"12345"), cabinet.keep_new("材料.docx", b"12345")
    assert first != second
    assert cabinet.get(first) == cabinet.get(second) == KeptFile("材料.docx", b"12345")


def test_what_the_bot_sends_to_hundreds_is_kept_once() -> None:
    cabinet = Cabinet(kept_bytes=10)
    keys = {cabinet.keep_shared("通报.pdf", b"12345678") for _ in range(300)}
    assert len(keys) == 1
    assert cabinet.get(keys.pop()) is not None
    assert cabinet.keep_shared("通报.docx", b"12345678") != cabinet.keep_shared("通报.pdf", b"12345678")


def test_the_oldest_is_forgotten_first_and_the_newest_is_there_however_large() -> None:
    cabinet = Cabinet(kept_bytes=10)
    first, second = cabinet.keep_new("1.txt", b"1234"), cabinet.keep_new("2.txt", b"1234")
    third = cabinet.keep_new("3.txt", b"1234")
    assert [cabinet.get(key) is not None for key in (first, second, third)] == [False, True, True]
    large = cabinet.keep_new("4.txt", b"1" * 100)
    assert [cabinet.get(key) is not None for key in (second, third, large)] == [False, False, True]
    last = cabinet.keep_new("5.txt", b"12345678")
    assert [cabinet.get(key) is not None for key in (large, last)] == [False, True]


def test_what_is_sent_again_becomes_young_again() -> None:
    cabinet = Cabinet(kept_bytes=10)
    again, other = cabinet.keep_shared("1.png", b"1234"), cabinet.keep_shared("2.png", b"1234")
    cabinet.keep_shared("1.png", b"1234")
    cabinet.keep_new("3.txt", b"1234")
    assert cabinet.get(other) is None
    assert cabinet.get(again) is not None


@pytest.mark.parametrize(
    ("name", "served_as"),
    [
        ("通报.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("台账.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("通报.pdf", "application/pdf"),
        ("通报.png", "image/png"),
        ("坏.html", "application/octet-stream"),
        ("坏.svg", "application/octet-stream"),
        ("坏.docx.js", "application/octet-stream"),
        ("没有后缀", "application/octet-stream"),
    ],
)
def test_a_file_is_served_as_what_it_is_and_never_as_a_page(name: str, served_as: str) -> None:
    assert KeptFile(name, b"").media_type == served_as


def test_a_picture_tells_its_size_and_nothing_else_passes_for_one() -> None:
    assert png_size(PNG) == (640, 1200)
    for other in (b"", PNG[:20], b"<svg/>" * 9, PNG_MAGIC + b"\x00" * 40):
        with pytest.raises(ValueError, match="PNG"):
            png_size(other)
