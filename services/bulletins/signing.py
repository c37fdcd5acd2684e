"""Signing: the board is frozen, the bulletin gets its number, and everybody the settings name is sent it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.cycle import State, Step
from domain.errors import BadInput, NotAllowed, NotFound, WrongState
from domain.moment import show_time
from domain.period import Period
from domain.roster import HEAD
from domain.snapshot import from_bytes
from domain.speech import Outgoing
from services import cards
from services.bulletins import texts
from services.bulletins.drafting import Draft, draft, draft_key, matter, opened
from services.bulletins.numbering import SERIAL, number_of, serial_in
from services.bulletins.recipients import KIND, LETTER, OWN, TEXT, WORDS, Kind, Recipient, recipients, to_reach
from services.bulletins.wishes import to_text, wishes_of
from services.cycles import steps
from services.cycles.snapshot import period_of
from services.cycles.texts import short_label
from services.desk import Clerk
from services.mail import next_allowed_ms
from services.measures import in_force
from storage import audit, outbox, roster
from storage import bulletin as store
from storage import snapshot as snapshots
from storage.bulletin import NewCopy, Signature
from storage.outbox import Posting

LONGEST_NUMBER = 40

DONE = "已签发"
DRAFT_OVER = "通报已经签发，草稿不再发送"


@dataclass(frozen=True, slots=True)
class Published:
    """A bulletin that was signed: its number, to how many of each kind it goes and from when on (UTC ms), and the names
    of those nobody can write to."""

    number: str
    counts: Mapping[Kind, int]
    start_ms: int
    missed: tuple[str, ...]


def sign(clerk: Clerk, period: Period, number: str = "") -> Published:
    """Freeze a period if it is not frozen, number its bulletin, publish it.

    Raises NotAllowed for whoever is not the head, WrongState if it was signed before or the units were not asked yet,
    BadInput, and BaosongError for what stands in the way of freezing.
    """
    tx = clerk.tx
    if not clerk.person.has(HEAD):
        raise NotAllowed(action="/通报 签发")
    _check(clerk, period, number)
    if not steps.look(tx, period).state.is_closed:
        steps.take(clerk, period, Step.FREEZE)
    id = draft(tx, clerk.office, period, clerk.now).filed.id
    given = _sign(clerk, period, id, number)
    state = steps.look(tx, period).state
    if state is State.FROZEN:
        state = steps.take(clerk, period, Step.SIGN, given).standing.state
    if state is State.SIGNED:
        steps.take(clerk, period, Step.PUBLISH)
    audit.write(tx, clerk.now_ms, f"person:{clerk.person.id}", "bulletin signed", f"bulletin:{id}", given)
    cards.settle(tx, matter(period), DONE, clerk.person.id, clerk.now)
    outbox.call_off(tx, KIND, draft_key(period), DRAFT_OVER)
    filed = store.by_id(tx, id)
    assert filed is not None
    found = opened(tx, filed)
    return _send(clerk, found, recipients(tx, clerk.office, found.snapshot, clerk.today), f"{KIND}:{id}")


def _check(clerk: Clerk, period: Period, number: str) -> None:
    tx, filed = clerk.tx, store.find(clerk.tx, period.code)
    if filed is not None and filed.is_signed:
        state = f"{show_time(filed.signed_ms)} {roster.name_of(tx, filed.signed_by)}已签发"
        possible = f"谁收到了，请发“/通报 送达 {short_label(period)}”。"
        raise WrongState(what=f"{period.label}通报", state=state, action="再签发", possible=possible)
    standing = steps.look(tx, period)
    following = standing.following
    if following in (Step.CUT_OFF, Step.COMPUTE, Step.SHOW):
        possible = f"下一步：/考评 {following.value} {short_label(period)}。"
        raise WrongState(what=f"{period.label}考评", state=standing.state.label, action="签发通报", possible=possible)
    if len(number) > LONGEST_NUMBER:
        raise BadInput(reason=f"文号太长了（不超过 {LONGEST_NUMBER} 字）：{number[:LONGEST_NUMBER]}……")


def _sign(clerk: Clerk, period: Period, id: int, typed: str) -> str:
    """Fix the bulletin: its number, the office's wishes of this day, the frozen board. Returns the number."""
    tx, policy, year = clerk.tx, clerk.office.bulletins, clerk.today.year
    serial = serial_in(policy.number, typed, year) if typed else 0
    if not typed and SERIAL in policy.number:
        serial = store.last_serial(tx, year) + 1
    number = typed or number_of(policy.number, year, serial)
    kept = snapshots.find(tx, period.code)
    assert kept is not None, "a period that is frozen has its board"
    classes = [board.name for board in from_bytes(kept.content).classes]
    wishes = wishes_of(clerk.office, in_force(tx, clerk.office), period, classes, number, clerk.today)
    signature = Signature(number, year, serial, kept.hash, to_text(wishes), policy.template, clerk.person.id)
    store.sign(tx, id, signature, clerk.now_ms)
    return number


def send_again(clerk: Clerk, period: Period, name: str, origin: str) -> Published:
    """Send a signed bulletin once more to a group, a person, or everybody of a unit, by what people call it.

    `origin` is the message that asks for it: told twice, it sends once. Raises WrongState, NotFound.
    """
    filed = store.find(clerk.tx, period.code)
    if filed is None or not filed.is_signed:
        raise WrongState(what=f"{period.label}通报", state="没有签发", action="重发", possible="")
    found = opened(clerk.tx, filed)
    chosen = to_reach(recipients(clerk.tx, clerk.office, found.snapshot, clerk.today), name)
    if not chosen:
        raise NotFound(what=f"要送的“{name}”", hint=f"发“/通报 送达 {short_label(period)}”看送给了谁。")
    return _send(clerk, found, chosen, f"{KIND}:{filed.id}:{origin}")


def _send(clerk: Clerk, found: Draft, chosen: Sequence[Recipient], key: str) -> Published:
    """Queue the parts of everybody; whoever has a part already gets no second under the same key."""
    tx, start_ms = clerk.tx, next_allowed_ms(clerk.office, clerk.now)
    said = _Said(found)
    copies = [copy for one in chosen for copy in _copies(one, said, key)]
    store.add_copies(tx, found.filed.id, copies)
    postings = [Posting(c.platform, c.target, said.message(c.part), c.dedup) for c in copies if c.target]
    outbox.put_many(tx, postings, kind=KIND, now_ms=clerk.now_ms, not_before_ms=start_ms)
    counts = Counter(one.kind for one in chosen if one.target)
    return Published(found.filed.number, counts, start_ms, tuple(one.name for one in chosen if not one.target))


def _copies(one: Recipient, said: _Said, key: str) -> Iterator[NewCopy]:
    where = f"{one.platform}:{one.target}" if one.target else f"{one.kind.value}:{one.name}"
    for part in said.spread(one.parts):
        yield NewCopy(one.kind.value, one.name, one.platform, one.target, part, f"{key}:{where}:{part}")


class _Said:
    """The messages of a bulletin, each worded once however many read it."""

    def __init__(self, found: Draft) -> None:
        self._id, self._snapshot, self._ranks = found.filed.id, found.snapshot, found.wishes.brief.ranks
        self._period = period_of(found.filed.period)
        bulletin = found.bulletin
        self._text = texts.announcement(found.snapshot, bulletin, texts.details(self._period))
        self._letter = texts.announcement(found.snapshot, bulletin, texts.ENCLOSED)
        self._words = texts.in_words(found.snapshot, bulletin, self._period, ranks=self._ranks)

    def spread(self, parts: Sequence[str]) -> Iterator[str]:
        """The parts, words by the messages they take."""
        for part in parts:
            yield from (f"{WORDS}:{at}" for at in range(len(self._words))) if part == WORDS else (part,)

    def message(self, part: str) -> Outgoing:
        name, _, number = part.partition(":")
        if name == TEXT:
            return Outgoing(self._text)
        if name == LETTER:
            return Outgoing(self._letter)
        if name == WORDS:
            return Outgoing(self._words[int(number)])
        if name == OWN:
            return Outgoing(texts.own_line(self._snapshot, int(number), self._period, ranks=self._ranks))
        return Outgoing("", drawn=f"{KIND}:{self._id}:{part}")
