"""The settings of the monthly bulletin: when, to whom, what is printed (通报)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from bot.section import Section, with_platform
from domain.cycle import WORKDAYS_TO_OBJECT
from services.bulletins.numbering import SERIAL


class Bulletin(BaseModel):
    """`audience` says who reads the figures of whom; paths are relative to the configuration file, '' for what comes
    with the program."""

    model_config = Section.model_config

    enabled: bool = True
    at: str = Field("09:10", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    objection_days: int = Field(WORKDAYS_TO_OBJECT, ge=0, le=10)
    audience: Literal["group", "unit", "document"] = "group"
    groups: list[str] = []
    hide_ranks: bool = False
    unit_leaders: bool = True
    leaders: list[str] = []
    number: str = ""
    head: str = ""
    addressees: str = ""
    signer: str = ""
    contact: str = ""
    requirements: list[str] = []
    copies_to: str = ""
    praise: int = Field(3, ge=0, le=50)
    zeros: Literal["name", "count", "none"] = "name"
    items: bool = True
    template: str = ""
    layout: str = "standard"
    layouts_dir: str = ""
    fonts_dir: str = ""

    @field_validator("groups")
    @classmethod
    def _groups_name_their_platform(cls, written: list[str]) -> list[str]:
        return with_platform(written)

    @field_validator("number")
    @classmethod
    def _numbers_can_be_counted(cls, written: str) -> str:
        if written and SERIAL not in written:
            raise ValueError("a pattern with {n} where the number goes, such as 云政办通报〔{year}〕{n}号")
        return written
