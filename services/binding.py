"""Who is who in the chat: one-time codes, binding, unbinding, handing over from one reporter to the next.

A code is shown once, to the office, in private; only its hash is stored.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from domain.moment import day_of, to_ms
from domain.roster import REPORTERS, Person, Unit
from storage import audit, binding, roster, roster_write
from storage import commission as commissions
from storage import item as items
from storage.engine import Tx

ALPHABET = "346789ACDEFGHJKMNPQRTWXY"
"""No 0 O, 1 I L, 2 Z, 5 S, B (8), U V: read out over the telephone, written on a slip of paper."""

LENGTH = 8
VALID = timedelta(days=7)
TRIES, WINDOW = 5, timedelta(hours=1)


def new_code() -> str:
    """A new code in two halves, as it is read out: `7KD3-MX9A`. Binding takes it with or without the dash."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[: LENGTH // 2]}-{drawn[LENGTH // 2 :]}"


def issue_code(tx: Tx, issuer: Person | None, person: Person, now: datetime) -> str:
    """A code for a person, valid seven days, once; an earlier one that is still open ends.

    No issuer is the operator at the command line: the first person of an office has nobody to ask in the chat.
    """
    code = new_code()
    binding.issue(tx, _hash(code), person.id, issuer.id if issuer else 0, to_ms(now), to_ms(now + VALID))
    actor = f"person:{issuer.id}" if issuer else "cli"
    audit.write(tx, to_ms(now), actor, "code.issue", f"person:{person.id}")
    return code


def _hash(code: str) -> str:
    spelled = unicodedata.normalize("NFKC", code).upper()
    return hashlib.sha256("".join(c for c in spelled if c.isalnum()).encode()).hexdigest()


class Outcome(Enum):
    """What became of an attempt to bind."""

    BOUND = "bound"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too many"
    ALREADY = "already bound"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome, with the person the account speaks for (BOUND, ALREADY) and the tries that are left (WRONG)."""

    outcome: Outcome
    person: Person | None = None
    left: int = 0


def bind(tx: Tx, code: str, platform: str, account: str, event_key: str, now: datetime) -> Attempt:
    """Bind an account with a code. Failures are returned, not raised: a wrong try has to stay counted."""
    bound = roster.person_of_account(tx, platform, account, now.date())
    if bound is not None:
        return Attempt(Outcome.ALREADY, bound)
    tries = binding.wrong_tries(tx, platform, account, to_ms(now - WINDOW))
    if tries >= TRIES:
        return Attempt(Outcome.TOO_MANY)
    issued = binding.find_code(tx, _hash(code))
    person = roster.person(tx, issued.person_id, now.date()) if issued else None
    if issued is None or person is None:
        binding.note_wrong_try(tx, platform, account, event_key, to_ms(now))
        return Attempt(Outcome.WRONG, left=TRIES - tries - 1)
    if issued.used_ms:
        return Attempt(Outcome.USED)
    if issued.expires_ms <= to_ms(now):
        return Attempt(Outcome.EXPIRED)
    binding.use_code(tx, _hash(code), to_ms(now))
    roster_write.bind_account(tx, platform, account, person.id, f"code of person:{issued.issued_by}", to_ms(now))
    audit.write(tx, to_ms(now), f"person:{person.id}", "account.bind", f"person:{person.id}", platform)
    tx.touch("roster")
    return Attempt(Outcome.BOUND, person)


def unbind(tx: Tx, actor: Person, person: Person, now: datetime) -> list[tuple[str, str]]:
    """End every account and open code of a person; returns the accounts that ended."""
    return _end_accounts(tx, actor, person, f"unbound by person:{actor.id}", now)


def _end_accounts(tx: Tx, actor: Person, person: Person, because: str, now: datetime) -> list[tuple[str, str]]:
    binding.end_codes(tx, person.id, to_ms(now))
    ended = binding.end_accounts(tx, person.id, because, to_ms(now))
    if ended:
        detail = "、".join(platform for platform, _ in ended)
        audit.write(tx, to_ms(now), f"person:{actor.id}", "account.end", f"person:{person.id}", detail)
        tx.touch("roster")
    return ended


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a hand-over moved: items by number, and how many commissions are open for the unit. `closed` tells that the
    old reporter holds no other post and is out of the roster."""

    unit: Unit
    numbers: list[str]
    commissions: int
    closed: bool
    reachable: bool


def hand_over(tx: Tx, actor: Person, old: Person, new: Person, unit: Unit, now: datetime) -> HandedOver:
    """The old reporter's post in a unit and all their open items go to the new one, from today.

    What is done stays under the old name. Whoever holds no other post leaves the roster, accounts and all.
    """
    posts = binding.open_posts(tx, old.id)
    ending = [(id, role) for id, unit_id, role in posts if unit_id == unit.id and role in _REPORTING]
    has = {(unit_id, role) for _, unit_id, role in binding.open_posts(tx, new.id)}
    for post_id, role in ending:
        roster_write.close(tx, "post", post_id, now)
        if (unit.id, role) not in has:
            roster_write.add_post(tx, new.id, unit.id, role, now.date())
    numbers = items.hand_over(tx, old.id, new.id, to_ms(now))
    closed = len(posts) == len(ending)
    if closed:
        _end_accounts(tx, actor, old, f"handed over to person:{new.id}", now)
        roster_write.close(tx, "person", old.id, now)
    detail = f"to person:{new.id} unit:{unit.id} items:{' '.join(numbers) or '-'}"
    audit.write(tx, to_ms(now), f"person:{actor.id}", "reporter.handover", f"person:{old.id}", detail)
    tx.touch("roster")
    waiting = {one.id for one, _ in commissions.open_of_units(tx, {unit.id})}
    return HandedOver(unit, numbers, len(waiting), closed, bool(roster.accounts_of(tx, new.id)))


_REPORTING = frozenset(role.value for role in REPORTERS)


def code_expires(now: datetime) -> str:
    """The last day of a code issued now, `11月30日`."""
    day = day_of(to_ms(now + VALID))
    return f"{day.month}月{day.day}日"
