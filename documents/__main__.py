"""The child process that reads one file: `python -m documents SECONDS MEGABYTES`.

In: the display name, a newline, the bytes of the file. Out: one JSON object, either `{"document": {...}}` or
`{"problem": "DocumentTooBig", "details": {...}}`. Anything else (also nothing) means that the child died.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import asdict

from domain.errors import DocumentProblem


def bound(seconds: int, megabytes: int) -> None:
    """Put the limits on this process before it touches the file; they hold when the bot is gone, too."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    # A core dump would leave the text on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)
    # People who talk to the bot go first.
    os.nice(5)


def answer(name: str, data: bytes) -> dict[str, object]:
    """Read the file; an expected problem is an answer, too."""
    # Imported under the limits, and only now: the parsers are the heavy part.
    from documents.readers import read

    try:
        return {"document": asdict(read(data, name))}
    except DocumentProblem as problem:
        return {"problem": type(problem).__name__, "details": problem.details}


def main() -> None:
    bound(int(sys.argv[1]), int(sys.argv[2]))
    name = sys.stdin.buffer.readline().decode("utf-8").rstrip("\n")
    said = answer(name, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))


if __name__ == "__main__":
    main()
