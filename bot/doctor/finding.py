"""What a check found, and how the operator reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """Well, not well, or nothing to check here."""

    GOOD = "✓"
    BAD = "✗"
    NONE = "–"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `remedy` is what to do, where something can be done."""

    mark: Mark
    subject: str
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.mark} {self.subject}：{self.words}"
        return f"{line}\n    → {self.remedy}" if self.remedy else line


def good(subject: str, words: str) -> Finding:
    return Finding(Mark.GOOD, subject, words)


def bad(subject: str, words: str, remedy: str = "") -> Finding:
    return Finding(Mark.BAD, subject, words, remedy)


def none(subject: str, words: str, remedy: str = "") -> Finding:
    return Finding(Mark.NONE, subject, words, remedy)


def report(findings: Sequence[Finding]) -> tuple[int, str]:
    """(exit code, the lines): 1 as soon as one thing is not well."""
    code = int(any(finding.mark is Mark.BAD for finding in findings))
    return code, "\n".join(map(str, findings))
