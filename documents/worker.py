"""Read a file without letting it near the bot.

Every file is read in a child process with a limit on memory, processor time and wall clock. A bomb, an
endless loop or a crash in a parser costs that child and nothing else, and the parsers' memory is given back
with it. The child gets an empty environment (no tokens), its error output is thrown away (it may quote the
text), and its whole process group is killed when time is up or the caller gives up.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from math import ceil
from pathlib import Path
from weakref import WeakKeyDictionary

from documents.limits import MAX_FILE_BYTES, MEGABYTE
from documents.names import safe_name
from domain.document import Document
from domain.errors import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentProblem,
    DocumentTooBig,
    DocumentUnsupported,
)

AT_ONCE = 2
HOME = Path(__file__).resolve().parent.parent
PROBLEMS: dict[str, type[DocumentProblem]] = {
    problem.__name__: problem
    for problem in (DocumentTooBig, DocumentUnsupported, DocumentEncrypted, DocumentDamaged, DocumentEmpty)
}

# A semaphore belongs to the loop it first waited in.
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def extract(data: bytes, name: str, *, seconds: float = 15, megabytes: int = 512) -> Document:
    """Read a file that somebody sent.

    `seconds` bounds the reading itself, not the wait for one of the two places; `megabytes` the address
    space of the child. Raises a DocumentProblem; a child that died or took too long is DocumentDamaged.
    Neither the error nor its cause carries anything of the text.
    """
    shown = safe_name(name)
    if len(data) > MAX_FILE_BYTES:
        raise DocumentTooBig(name=shown, limit=f"{MAX_FILE_BYTES // MEGABYTE} MB")
    if not data:
        raise DocumentEmpty(name=shown)
    async with _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        said = await _ask_child(shown, data, seconds, megabytes)
    return _understand(said, shown)


async def _ask_child(name: str, data: bytes, seconds: float, megabytes: int) -> bytes:
    """What the child printed; empty when it died or had to be killed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "documents", str(ceil(seconds) + 1), str(megabytes),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=HOME, env={"PYTHONUTF8": "1"}, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            said, _ = await child.communicate(name.encode("utf-8") + b"\n" + data)
    except TimeoutError:
        return b""
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    return said if child.returncode == 0 else b""


def _understand(said: bytes, name: str) -> Document:
    answer: object = None
    with suppress(ValueError):
        answer = json.loads(said)
    match answer:
        case {"document": {"title": str(title), "body": str(body), "kind": str(kind), "aside": str(aside)}}:
            return Document(title=title, body=body, kind=kind, aside=aside)
        case {"problem": str(problem), "details": dict(details)} if problem in PROBLEMS:
            raise PROBLEMS[problem](**{**details, "name": name})
    raise DocumentDamaged(name=name)
