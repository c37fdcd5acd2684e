"""Drafts: a period taken as far as the clock may take it, a bulletin drawn from its board, the office told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.bulletin import Bulletin
from domain.bulletin_proof import prove
from domain.cycle import Step
from domain.journal import Journal
from domain.moment import to_ms
from domain.period import Period
from domain.roster import DESK, HEAD, Person, Post, Role
from domain.snapshot import Snapshot, from_bytes, hash_of, to_bytes
from domain.speech import Button, Card
from services.bulletins import texts
from services.bulletins.looking import send_files
from services.bulletins.recipients import DOCX, KIND, PROOF, chat_of
from services.bulletins.wishes import DRAFT, Wishes, from_text, to_text, wishes_of
from services.cycles import snapshot as boards
from services.cycles import steps
from services.cycles.steps import Standing
from services.cycles.texts import short_label
from services.desk import Clerk
from services.items import journal_name, unit_label
from services.mail import next_allowed_ms, tell
from services.measures import in_force
from services.office import Office
from storage import bulletin as store
from storage import roster
from storage.bulletin import Filed, Material
from storage.engine import Tx

CLOCK = Person(0, "系统", "", (Post(0, Role.OFFICE),))
"""Who takes the steps that wait for nobody's decision."""

_BY_ITSELF = (Step.CUT_OFF, Step.COMPUTE, Step.SHOW)


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin that is kept, with its board and its wishes."""

    filed: Filed
    snapshot: Snapshot
    wishes: Wishes

    @property
    def bulletin(self) -> Bulletin:
        """The document's words and tables."""
        return self.wishes.written(self.snapshot)


def prepare(tx: Tx, office: Office, period: Period, now: datetime) -> Standing:
    """Take a period through cut-off, points and 核对, as far as it is not there yet; no step a person decides on."""
    standing = steps.look(tx, period)
    while (step := standing.following) in _BY_ITSELF:
        assert step is not None
        standing = steps.take(Clerk(tx, office, CLOCK, now), period, step).standing
    return standing


def draft(tx: Tx, office: Office, period: Period, now: datetime) -> Draft:
    """The bulletin as it stands now, kept in place of an earlier draft; a signed one as it was signed."""
    made = sketch(tx, office, period, now)
    if not made.filed.is_signed:
        one = made.filed
        store.draft(tx, one.period, one.hash, one.wishes, made.template, made.content, one.drafted_ms)
    found = store.find(tx, period.code)
    assert found is not None
    return opened(tx, found)


def sketch(tx: Tx, office: Office, period: Period, now: datetime) -> Material:
    """What the bulletin is drawn from as it stands now, not kept; of a signed one what it was signed with."""
    found = store.find(tx, period.code)
    kept = store.material(tx, found.id) if found is not None and found.is_signed else None
    if kept is not None:
        return kept
    board, _ = boards.board_for(tx, office, period, now)
    content, wishes = to_bytes(board), to_text(_wishes(tx, office, period, board, now))
    filed = Filed(0, period.code, "", 0, 0, hash_of(content), wishes, to_ms(now), 0, 0, 0)
    return Material(filed, content, office.bulletins.template)


def opened(tx: Tx, filed: Filed) -> Draft:
    """A kept bulletin with what it is drawn from."""
    material = store.material(tx, filed.id)
    assert material is not None
    return read(material)


def read(material: Material) -> Draft:
    """What a bulletin is drawn from, read from its bytes. Raises ValueError for a board that was changed."""
    if hash_of(material.content) != material.filed.hash:
        raise ValueError(f"the board of bulletin {material.filed.id} is not the one it was drawn from")
    return Draft(material.filed, from_bytes(material.content), from_text(material.filed.wishes))


def _wishes(tx: Tx, office: Office, period: Period, board: Snapshot, now: datetime) -> Wishes:
    classes = [one.name for one in board.classes]
    wishes = wishes_of(office, in_force(tx, office), period, classes, DRAFT, now.date())
    pending = tuple(_pending(tx, steps.look(tx, period), office.journals))
    return Wishes(wishes.brief, wishes.layout, pending)


def _pending(tx: Tx, standing: Standing, journals: tuple[Journal, ...]) -> list[str]:
    """The entries that wait for the superior's points, as the proof sheet lists them."""
    found = []
    for one in standing.pending:
        unit, journal = unit_label(tx, one.unit_id, standing.period.last.year), journal_name(one.journal, journals)
        found.append(f"{one.number}《{one.title}》{unit}，《{journal}》{one.issue}")
    return found


def matter(period: Period) -> str:
    """What the cards below a draft are about."""
    return f"{KIND}:{period.code}"


def draft_key(period: Period) -> str:
    """How the keys of all messages begin that tell the office of a draft."""
    return f"{KIND}-draft:{period.code}:"


def faults(draft: Draft) -> int:
    """How many figures of the text the tables do not bear out."""
    return prove(draft.snapshot, draft.bulletin).faults


def tell_office(tx: Tx, office: Office, period: Period, found: Draft, standing: Standing, now: datetime) -> int:
    """Tell everybody at the desk of a draft and send them the files; returns how many can be reached."""
    left = texts.Open(len(standing.pending), len(standing.appeals), texts.until_of(standing.until_ms, now))
    said = texts.drafted(period, found.snapshot, faults(found), left)
    return tell_desk(tx, office, period, said, now, found.filed)


def tell_desk(tx: Tx, office: Office, period: Period, said: str, now: datetime, files_of: Filed | None = None) -> int:
    """Tell everybody at the desk, the head with the button that signs; with the files of a bulletin if one is named."""
    told = 0
    not_before_ms = next_allowed_ms(office, now)
    for person in roster.people(tx, DESK, now.date()):
        key = f"{draft_key(period)}{to_ms(now)}"
        told += tell(
            tx, person.id, said, dedup=key, kind=KIND, now=now, not_before_ms=not_before_ms,
            card=card(period, head=person.has(HEAD)),
        )  # fmt: skip
        if files_of is not None:
            send_files(
                tx, *chat_of(tx, person.id), files_of, (DOCX, PROOF), dedup=f"{key}:{person.id}", now=now,
                not_before_ms=not_before_ms,
            )  # fmt: skip
    return told


def card(period: Period, *, head: bool) -> Card:
    """The buttons below a draft; only the head signs."""
    sign = Button(texts.SIGN, f"/通报 签发 {period.code}")
    look = Button(texts.LOOK, f"/通报 草稿 {period.code}")
    typed = texts.TYPED_HEAD if head else texts.TYPED_CLERK
    title = texts.CARD_TITLE.format(label=period.label)
    buttons = (sign, look) if head else (look,)
    return Card(matter(period), title, title, buttons, typed.format(short=short_label(period)))


def tell_missing(tx: Tx, office: Office, id: int, characters: str, now: datetime) -> None:
    """Tell the desk, once per bulletin, which characters no typeface has."""
    filed = store.by_id(tx, id)
    assert filed is not None
    said = texts.NO_GLYPHS.format(label=boards.period_of(filed.period).label, characters=characters)
    for person in roster.people(tx, DESK, now.date()):
        tell(
            tx, person.id, said, dedup=f"{KIND}-glyphs:{id}", kind=KIND, now=now,
            not_before_ms=next_allowed_ms(office, now),
        )  # fmt: skip
