"""The settings of urgent reports: limits by grade, daily follow-ups, the duty phone."""

from __future__ import annotations

from datetime import time, timedelta

from pydantic import BaseModel, Field, field_validator

from bot.section import Section
from domain.urgent import UrgentRules, parse_grade


class Urgent(BaseModel):
    """Grades as `重大 电话15分钟 书面35分钟 续报` (call and follow-ups may be left out); hours as `08:00`."""

    model_config = Section.model_config

    duty_phone: str = ""
    start: str = Field("接报", pattern="^(接报|事发)$")
    grades: list[str] = [
        "特别重大 电话15分钟 书面35分钟 续报",
        "重大 电话15分钟 书面35分钟 续报",
        "较大 书面60分钟 续报",
        "一般 书面6小时",
    ]
    follow_up_at: list[str] = ["08:00", "17:00"]
    warn_minutes: int = Field(10, ge=0, le=120)
    follow_up_warn_minutes: int = Field(30, ge=0, le=240)

    @field_validator("grades")
    @classmethod
    def _grades_can_be_read(cls, written: list[str]) -> list[str]:
        names = [parse_grade(line).name for line in written]
        if len(set(names)) != len(names):
            raise ValueError("grades that each have a name of their own")
        return written

    @field_validator("follow_up_at")
    @classmethod
    def _hours_can_be_read(cls, written: list[str]) -> list[str]:
        for hour in written:
            try:
                time.fromisoformat(hour)
            except ValueError:
                raise ValueError(f"hours like 08:00 ({hour!r} is none)") from None
        return written

    def rules(self) -> UrgentRules:
        """The office's rules as the clock reckons with them; without a grade those that come with the program."""
        return UrgentRules(
            tuple(parse_grade(line) for line in self.grades) or UrgentRules().grades,
            self.start,
            tuple(time.fromisoformat(hour) for hour in self.follow_up_at),
            timedelta(minutes=self.warn_minutes),
            timedelta(minutes=self.follow_up_warn_minutes),
            self.duty_phone.strip(),
        )
