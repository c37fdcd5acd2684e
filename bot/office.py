"""From the settings to the office's rules: reads the files they name, once, at start."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from bot.settings import Settings, SettingsFault
from domain import journal, measure
from domain.ladder import parse_ladder
from domain.quiet import SpeakingHours
from domain.secrecy import Screen, load_screen
from domain.tables import TableFault
from domain.workday import WorkCalendar, load_builtin, parse_calendar_toml
from services.office import Audience, CommissionPolicy, NudgePolicy, Office, ReminderPolicy

SAMPLES = Path(measure.__file__).parents[1] / "data"


def build_office(settings: Settings) -> Office:
    """Read journals, measures and calendars. Raises SettingsFault naming the key, the file and the line's key path."""
    section = settings.office
    journals = _read(settings, "office.journals", section.journals, SAMPLES / "journals-sample.toml")
    measures = measure_texts(settings) or [(SAMPLES / "measure-sample.toml").read_text("utf-8")]
    try:
        return Office(
            name=section.name,
            refused_to=section.refused_to,
            journals=journal.parse_journals(journals),
            measures=tuple(measure.parse_measure(text) for text in measures),
            calendar=_calendar(settings),
            hours=SpeakingHours(section.windows(), section.speaking_workdays_only),
            audience=Audience(settings.audience.my_score, settings.audience.rank),
            nudges=_nudges(settings),
            urgent=settings.urgent.rules(),
            reminders=_reminders(settings),
            commissions=CommissionPolicy(settings.commissions.approval, settings.commissions.stop_after),
        )
    except TableFault as fault:
        raise SettingsFault(f"office: {fault}") from None


def measure_texts(settings: Settings) -> list[str]:
    """The files `office.measures` names. Raises SettingsFault."""
    return [_read(settings, "office.measures", written, None) for written in settings.office.measures]


def build_screen(settings: Settings) -> Screen:
    """The secrecy screen: the office's own list, or the built-in one."""
    written = settings.office.secrecy
    return load_screen(settings.path(written) if written else None)


def _nudges(settings: Settings) -> NudgePolicy:
    n = settings.nudges
    return NudgePolicy(
        n.silent_by_workday, n.quota_by_workday, n.rate_from, n.leader_after_workdays, n.per_person_per_day,
        n.per_matter, n.approval,
    )  # fmt: skip


def _reminders(settings: Settings) -> ReminderPolicy:
    r = settings.reminders
    digest_at = time.fromisoformat(r.digest_at) if r.digest_at else None
    return ReminderPolicy(parse_ladder(r.ladder), r.per_person_per_day, digest_at)


def _calendar(settings: Settings) -> WorkCalendar:
    calendar = load_builtin()
    for written in settings.office.calendars:
        calendar = calendar.with_table(parse_calendar_toml(_read(settings, "office.calendars", written, None)))
    return calendar


def _read(settings: Settings, key: str, written: str, sample: Path | None) -> str:
    path = settings.path(written) if written else sample
    assert path is not None
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SettingsFault(f"{key}: found {written}; {error.strerror}") from None
