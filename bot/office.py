"""From the settings to the office's rules: reads the files they name, once, at start."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from bot.settings import Settings, SettingsFault
from domain import journal, measure
from domain.errors import BaosongError
from domain.ladder import parse_ladder
from domain.quiet import SpeakingHours
from domain.secrecy import Screen, load_screen
from domain.tables import TableFault
from domain.workday import WorkCalendar, load_builtin, parse_calendar_toml
from reports.layouts import layout_text
from services.office import Audience, BulletinPolicy, CommissionPolicy, NudgePolicy, Office, ReminderPolicy

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
            bulletins=_bulletins(settings),
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


def _bulletins(settings: Settings) -> BulletinPolicy:
    b = settings.bulletin
    own_layouts = settings.path(b.layouts_dir) if b.layouts_dir else None
    try:
        layout = layout_text(b.layout, own_layouts)
    except BaosongError as fault:
        raise SettingsFault(f"bulletin.layout: found {b.layout}; {fault}") from None
    return BulletinPolicy(
        b.enabled, b.audience, not b.hide_ranks, b.unit_leaders, tuple(b.leaders), tuple(b.groups), b.number.strip(),
        b.head, b.addressees, b.contact, b.signer, tuple(b.requirements), b.copies_to, b.praise, b.zeros, b.items,
        layout, _template(settings), b.objection_days,
    )  # fmt: skip


def _template(settings: Settings) -> bytes:
    """The office's own .docx; b'' for ours."""
    written = settings.bulletin.template
    if not written:
        return b""
    from reports.bulletin_docx import check_template  # slow to load, and most offices use ours

    try:
        content = settings.path(written).read_bytes()
        check_template(content)
    except OSError as error:
        raise SettingsFault(f"bulletin.template: found {written}; {error.strerror}") from None
    except BaosongError as fault:
        raise SettingsFault(f"bulletin.template: found {written}; {fault}") from None
    return content


def fonts_folder(settings: Settings) -> Path | None:
    """The folder of the office's own typefaces. Raises SettingsFault if it is none."""
    written = settings.bulletin.fonts_dir
    if written and not settings.path(written).is_dir():
        raise SettingsFault(f"bulletin.fonts_dir: found {written}; allowed: a folder with .ttf, .otf or .ttc files")
    return settings.path(written) if written else None


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
