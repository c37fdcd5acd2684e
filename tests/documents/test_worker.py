"""Reading in a child process: what goes wrong there stays there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import traceback
from typing import Any

import pytest

from documents import worker
from documents.worker import extract
from domain.errors import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentTooBig,
    DocumentUnsupported,
)
from tests.documents import samples
from tests.documents.samples import PARAGRAPH, TITLE

MEGABYTE = 1024 * 1024


class Children:
    """Every child that was started, and how."""

    def __init__(self) -> None:
        self.started: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
        self.environments: list[dict[str, str]] = []

    async def start(self, *arguments: str, **options: Any) -> asyncio.subprocess.Process:
        self.environments.append(options["env"])
        child = await _start(*arguments, **options)
        self.started.put_nowait(child)
        return child


_start = asyncio.create_subprocess_exec


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    seen = Children()
    monkeypatch.setattr(asyncio, "create_subprocess_exec", seen.start)
    return seen


async def test_a_word_file_dropped_in_the_chat_comes_back_as_title_and_body() -> None:
    document = await extract(samples.rich_word_file(), "C:\\稿件\\终稿2(1).docx")
    assert (document.title, document.kind) == (TITLE, "docx")
    assert document.body.startswith(PARAGRAPH)
    assert "页眉里的话" in document.aside


async def test_several_files_at_once_are_each_answered() -> None:
    files = [
        samples.old_word_file(TITLE, PARAGRAPH),
        samples.pdf_file([TITLE, PARAGRAPH]),
        samples.rtf_file(TITLE, PARAGRAPH),
    ]
    documents = await asyncio.gather(*(extract(data, "稿件.wps") for data in files))
    assert [document.kind for document in documents] == ["doc", "pdf", "rtf"]
    assert {(document.title, document.body) for document in documents} == {(TITLE, PARAGRAPH)}


async def test_no_more_than_two_files_are_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running = most = 0
    go_on = asyncio.Event()

    async def ask(*_: object) -> bytes:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await go_on.wait()
        running -= 1
        return b'{"problem": "DocumentEmpty", "details": {}}'

    monkeypatch.setattr(worker, "_ask_child", ask)
    waiting = [asyncio.create_task(extract(b"x", "a.txt")) for _ in range(5)]
    while running < 2:
        await asyncio.sleep(0)
    go_on.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [DocumentEmpty] * 5
    assert most == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (bytes(20 * MEGABYTE + 1), DocumentTooBig),
        (b"", DocumentEmpty),
    ],
    ids=["over 20 MB", "no bytes"],
)
async def test_a_file_too_big_or_empty_starts_no_child(
    data: bytes, problem: type[Exception], children: Children
) -> None:
    with pytest.raises(problem, match="秋粮"):
        await extract(data, "秋粮.docx")
    assert children.started.empty()


async def test_the_childs_problems_are_told_under_the_shown_name() -> None:
    bomb = samples.archive({"word/document.xml": b"<x/>", "word/1.bin": bytes(31 * MEGABYTE)})
    with pytest.raises(DocumentTooBig, match=r"《炸弹 .docx》.*解压后 60 MB"):
        await extract(bomb, "a/炸弹\n.docx")
    with pytest.raises(DocumentEncrypted):
        await extract(samples.ole_container({"EncryptedPackage": b"x"}), "a.docx")
    with pytest.raises(DocumentUnsupported):
        await extract(b"\x89PNG\r\n\x1a\n\x00", "a.docx")


async def test_a_child_that_takes_too_long_is_killed(children: Children) -> None:
    with pytest.raises(DocumentDamaged):
        await extract(samples.word_file(TITLE), "a.docx", seconds=0.01)
    child = children.started.get_nowait()
    assert child.returncode == -9
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


async def test_a_child_that_needs_too_much_memory_dies_alone() -> None:
    data = samples.archive({"word/document.xml": b"<x>" + os.urandom(5 * MEGABYTE).hex().encode() + b"</x>"})
    with pytest.raises(DocumentDamaged):
        await extract(data, "a.docx", megabytes=24)


async def test_when_the_caller_gives_up_the_child_is_killed(children: Children) -> None:
    reading = asyncio.create_task(extract(samples.word_file(TITLE), "a.docx"))
    child = await children.started.get()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert child.returncode == -9


async def test_a_place_is_free_again_after_timeouts_and_cancellations(children: Children) -> None:
    for _ in range(3):
        with pytest.raises(DocumentDamaged):
            await extract(samples.word_file(TITLE), "a.docx", seconds=0.01)
    assert (await extract(samples.word_file(TITLE), "a.docx")).title == TITLE


@pytest.mark.parametrize("program", ["/bin/true", "/bin/false", "/bin/echo"])
async def test_a_child_that_talks_nonsense_is_a_damaged_file(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(DocumentDamaged):
        await extract(b"x" * MEGABYTE, "a.txt")


async def test_the_child_sees_none_of_the_bots_secrets(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOSONG_QQ__TOKEN", "secret")
    await extract(samples.word_file(TITLE), "a.docx")
    assert children.environments == [{"PYTHONUTF8": "1"}]


async def test_an_error_carries_nothing_of_the_text() -> None:
    data = samples.bare_word_file(f"<w:p><w:r><w:t>{PARAGRAPH}</w:t>")
    with pytest.raises(DocumentDamaged) as caught:
        await extract(data, "a.docx")
    told = "".join(traceback.format_exception(caught.value))
    assert PARAGRAPH[:10] not in told
    assert caught.value.details == {"name": "a.docx"}


def test_importing_the_worker_imports_no_parser() -> None:
    program = """
import sys, documents.worker
print(sorted({"pdfplumber", "legacy_doc", "striprtf", "xml"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=worker.HOME, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
