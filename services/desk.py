"""What the office does with items: return, reject, adopt, revoke, merge, register an instruction (facts: domain §2.3).

Every step is done in somebody's name, moves the item, writes facts and an audit line, and says what followed from it:
the state before and after, the points that moved, who has to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.adoption import DIGEST, Adoption
from domain.errors import BadInput, BaosongError, NotFound
from domain.item import Item, State, Step, check_step
from domain.moment import to_ms
from domain.roster import DESK, HEAD, REPORTERS, Person
from domain.scoring import Entry
from services import cards, points
from services.items import full_number, item_for_desk, signed_by, unit_label
from services.office import Office
from services.submission import check_title
from storage import audit, ledger, roster
from storage import item as items
from storage.engine import Tx
from storage.item import Happening
from storage.ledger import NewFact

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody of the office at work: what they do is done by this person, at this moment."""

    tx: Tx
    office: Office
    person: Person
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def now_ms(self) -> int:
        return to_ms(self.now)


@dataclass(frozen=True, slots=True)
class Move:
    """Points that moved: an entry booked, or (with the other sign) one reversed. Points in hundredths."""

    unit: str
    unit_id: int
    points: int
    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a step changed. `item` is the item as it stands now, `to_tell` the people it concerns."""

    item: Item
    before: State
    moves: tuple[Move, ...]
    to_tell: tuple[Person, ...]


def return_item(clerk: Clerk, word: str, reason: str) -> Done:
    """Send an item back to be corrected."""
    return _move(clerk, word, Step.RETURN, State.RETURNED, reason)


def reject_item(clerk: Clerk, word: str, reason: str) -> Done:
    """Put an item aside; it is kept and may be adopted later."""
    return _move(clerk, word, Step.REJECT, State.REJECTED, reason)


def _move(clerk: Clerk, word: str, step: Step, state: State, reason: str) -> Done:
    item = item_for_desk(clerk.tx, word, clerk.now)
    check_step(item, step)
    note = _reason(reason, step.value)

    def change(item: Item) -> None:
        items.move(clerk.tx, item, state, clerk.now_ms, note=note)

    return carry_out(clerk, item, step, change, detail=note)


def _reason(words: str, action: str) -> str:
    reason = " ".join(words.split())
    if not reason:
        raise BadInput(reason=f"没有写原因。报送人要看原因才知道怎么办，请这样写：/{action} 编号 原因")
    if len(reason) > REASON_LIMIT:
        raise BadInput(reason=f"原因有 {len(reason)} 个字，太长了（不超过 {REASON_LIMIT} 字）。")
    return reason


def adopt_item(clerk: Clerk, item: Item, adoption: Adoption) -> Done:
    """Register that a journal used an item. Refuses the same journal and issue a second time."""
    for one in standing(clerk.tx, item, "adoption"):
        if (one.journal, one.issue) == (adoption.journal.code, adoption.issue):
            raise BadInput(
                reason=f"{item.name}已经登记过《{adoption.journal.name}》第{adoption.issue}期采用"
                f"（{one.day:%m-%d}，{roster.name_of(clerk.tx, one.person_id)}登记），没有重复登记。"
            )
    commissioned = item.commissioned if adoption.commissioned is None else adoption.commissioned
    fact = NewFact(
        "adoption", item.id, adoption.day, clerk.person.id, journal=adoption.journal.code,
        level=adoption.journal.level, form=adoption.form, issue=adoption.issue, commissioned=commissioned,
        route=adoption.route, points=adoption.points, share=adoption.share,
    )  # fmt: skip

    def change(item: Item) -> None:
        points.record(clerk.tx, clerk.office, item, fact, clerk.now)
        items.move(clerk.tx, item, State.ADOPTED, clerk.now_ms)

    return carry_out(clerk, item, Step.ADOPT, change, detail=f"{fact.journal} {fact.issue} {fact.form} {fact.day}")


@dataclass(frozen=True, slots=True)
class Revoked:
    """An adoption (or instruction) taken back."""

    done: Done
    what: Happening


def revoke(clerk: Clerk, item: Item, kind: str, journal: str, issue: str, reason: str) -> Revoked:
    """Take back the latest adoption (of a journal, of an issue), or the latest of another kind, with its points.

    Who registered it may do so; for somebody else's it takes the head of the section (facts: domain §2.3).
    """
    step = Step.TAKE_BACK if kind in ("upward", "acceptable") else Step.REVOKE
    check_step(item, step)
    what = _meant(clerk.tx, item, kind, journal, issue)
    check_own(clerk, what)
    fact = next(one for one in points.facts_of(clerk.tx, item) if one.id == what.id)

    def change(item: Item) -> None:
        points.revoke(clerk.tx, clerk.office, item, fact, clerk.person.id, reason, clerk.now)
        if step is Step.REVOKE:
            state = State.ADOPTED if standing(clerk.tx, item, "adoption") else State.RECEIVED
            items.move(clerk.tx, item, state, clerk.now_ms)

    detail = f"{kind} {what.journal} {what.issue} {reason}".strip()
    return Revoked(carry_out(clerk, item, step, change, detail=detail), what)


def check_own(clerk: Clerk, what: Happening) -> None:
    """Only the head of the section takes back or changes what somebody else registered."""
    if what.person_id != clerk.person.id and not clerk.person.has(HEAD):
        by = roster.name_of(clerk.tx, what.person_id)
        raise BaosongError(reason=f"这是{by}登记的，撤销别人的登记要由信息科长办理。")


def _meant(tx: Tx, item: Item, kind: str, journal: str, issue: str) -> Happening:
    fitting = [
        one for one in standing(tx, item, kind) if journal in ("", one.journal) and issue in ("", one.issue)
    ]  # fmt: skip
    if not fitting:
        raise NotFound(what=f"{item.name}可以撤销的登记", hint=f"发“/查看 {item.number}”看现有的登记。")
    return fitting[-1]


def standing(tx: Tx, item: Item, kind: str) -> list[Happening]:
    """What of a kind was registered about an item and not taken back, oldest first."""
    return [one for one in items.happenings(tx, [item.id])[item.id] if one.kind == kind and one.stands]


@dataclass(frozen=True, slots=True)
class Merged:
    """Several items that became one; `sources` as they stand now, each with the people it concerns."""

    item: Item
    units: str
    sources: tuple[Done, ...]


def merge(clerk: Clerk, words: Sequence[str], title: str) -> Merged:
    """Make one 综合 item of several, credited to all their units in the order named; the sources point to it."""
    numbers = dict.fromkeys(full_number(word, clerk.now.year) for word in words)
    if len(numbers) < 2:
        raise BadInput(reason="合并至少要两条信息。请这样写：/合并 编号1 编号2 综合标题")
    if not title:
        raise BadInput(reason=f"没有写综合稿的标题。请这样写：/合并 {' '.join(numbers)} 综合标题")
    check_title(title)
    sources = [item_for_desk(clerk.tx, number, clerk.now) for number in numbers]
    for source in sources:
        check_step(source, Step.MERGE)
    digest = _digest(clerk, sources, title)

    def change(item: Item) -> None:
        items.move(clerk.tx, item, State.MERGED, clerk.now_ms, merged_into=digest.id)

    done = tuple(carry_out(clerk, source, Step.MERGE, change, detail=f"into {digest.number}") for source in sources)
    return Merged(digest, signed_by(clerk.tx, digest, clerk.now.year), done)


def _digest(clerk: Clerk, sources: Sequence[Item], title: str) -> Item:
    """The new item. It is the office's own work, so it counts as reviewed and not as submitted."""
    tx, first = clerk.tx, sources[0]
    units = tuple(dict.fromkeys(unit for source in sources for unit in source.units))
    new = items.NewItem(
        title, _joined(tx, sources), first.kind, DIGEST, clerk.person.id, units, first.platform, first.chat,
        any(source.commissioned for source in sources), clerk.person.name, "", "",
    )  # fmt: skip
    number = items.next_number(tx, clerk.now.year)
    item_id = items.add(tx, new, number, clerk.now_ms, f"merge:{','.join(s.number for s in sources)}").id
    items.mark_reviewed(tx, item_id, clerk.now_ms)
    audit.write(tx, clerk.now_ms, f"person:{clerk.person.id}", "digest", number, f"of {len(sources)}, units {units}")
    return _renewed(tx, item_id)


def _joined(tx: Tx, sources: Sequence[Item]) -> str:
    return "\n\n".join(f"〔{one.name}〕\n{items.latest_version(tx, one).body}" for one in sources)


def look_at(clerk: Clerk, item: Item) -> None:
    """The office has seen the item; from now on it cannot be withdrawn."""
    items.mark_reviewed(clerk.tx, item.id, clerk.now_ms)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The desk's pile: the oldest items with the units that signed them, and how many there are in all."""

    items: tuple[tuple[Item, str], ...]
    count: int


def pending(tx: Tx, limit: int, year: int, unit_id: int | None = None) -> Waiting:
    """What waits to be dealt with, of all units or of one, oldest first."""
    found = items.pending(tx, limit, unit_id)
    return Waiting(
        tuple((item, signed_by(tx, item, year)) for item in found), items.pending_count(tx, unit_id)
    )  # fmt: skip


def carry_out(clerk: Clerk, item: Item, step: Step, change: Callable[[Item], None], *, detail: str) -> Done:
    """Check, change, and compare: the frame every step shares."""
    check_step(item, step)
    tx = clerk.tx
    booked = dict(ledger.booked(tx, item.id))
    items.mark_reviewed(tx, item.id, clerk.now_ms)
    change(item)
    now_booked = dict(ledger.booked(tx, item.id))
    audit.write(tx, clerk.now_ms, f"person:{clerk.person.id}", step.name.lower(), item.number, detail)
    new = [(entry, entry.points) for seq, entry in now_booked.items() if seq not in booked]
    gone = [
        (entry, -entry.points)
        for seq, entry in booked.items()
        if seq not in now_booked and (entry.points or not new)  # what was worth nothing gives way without a word
    ]
    moves = tuple(_move_of(tx, entry, moved, clerk.now.year) for entry, moved in gone + new)
    renewed = _renewed(tx, item.id)
    if renewed.state is not State.RECEIVED:
        cards.settle(tx, cards.item_matter(item.id), renewed.state.label, clerk.person.id, clerk.now)
    return Done(renewed, item.state, moves, concerned(tx, item, clerk.today, clerk.person.id))


def _move_of(tx: Tx, entry: Entry, moved: int, year: int) -> Move:
    return Move(unit_label(tx, entry.unit_id, year), entry.unit_id, moved, entry.article, entry.reason)


def _renewed(tx: Tx, item_id: int) -> Item:
    item = items.by_id(tx, item_id)
    assert item is not None
    return item


def concerned(tx: Tx, item: Item, day: date, doer_id: int) -> tuple[Person, ...]:
    """Who is told what happens to an item: its author (for a digest its sources' authors) and, for every further
    unit, its first reporter. An author who has left is replaced by the unit's first reporter; the doer knows."""
    told: dict[int, Person] = {}
    reached: set[int] = set()
    for author_id in (item.author_id, *(source.author_id for source in items.merged_into(tx, item.id))):
        author = roster.person(tx, author_id, day)
        if author is not None and author.has(REPORTERS):
            told[author.id] = author
            reached |= author.unit_ids
    for unit_id in item.units:
        if unit_id not in reached:
            for person in roster.people_in(tx, unit_id, REPORTERS, day)[:1]:
                told[person.id] = person
    return tuple(person for person in told.values() if person.id != doer_id)


def is_clerk(person: Person) -> bool:
    """Whether somebody works at the desk."""
    return person.has(DESK)
