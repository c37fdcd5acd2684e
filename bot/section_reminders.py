"""The settings of reminders of commissions (约稿提醒)."""

from __future__ import annotations

from pydantic import BaseModel, Field, field_validator

from bot.section import Section
from domain.errors import BadInput
from domain.ladder import DEFAULT, parse_ladder


class Reminders(BaseModel):
    """The ladder, one step a line, the day's cap of a person, and when the daily digest comes ('' for nobody who did
    not ask for it)."""

    model_config = Section.model_config

    enabled: bool = True
    ladder: list[str] = [step.words for step in DEFAULT]
    per_person_per_day: int = Field(1, ge=1)
    digest_at: str = Field("08:30", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")

    @field_validator("ladder")
    @classmethod
    def _steps_can_be_read(cls, written: list[str]) -> list[str]:
        try:
            parse_ladder(written)
        except BadInput as error:
            raise ValueError(str(error)) from None
        return written
