"""What every section of the settings is, and the one several sections hold."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

PLATFORMS = ("onebot", "qq", "wecom")


class Section(BaseModel):
    """Unknown keys are refused, values are never changed."""

    # Strict: a number in quotes is a mistake, not a number. What comes from the environment is read for what it means.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PaceSection(Section):
    """How fast a channel speaks: milliseconds between two messages to one chat, and between any two; 0 = no limit."""

    per_chat_ms: int = Field(1500, ge=0)
    per_chat_burst: int = Field(3, ge=1)
    all_ms: int = Field(300, ge=0)
    all_burst: int = Field(10, ge=1)


def with_platform(written: list[str]) -> list[str]:
    """Groups as settings name them. Raises ValueError for one without its platform."""
    for group in written:
        platform, _, number = group.partition(":")
        if platform not in PLATFORMS or not number:
            raise ValueError(f"platform and number, like onebot:200001 ({group!r} is none)")
    return written
