"""What the simulated people do: the office issues and closes, units receive, answer, decline and ask for more time.

Each act is a command of the real services at the moment the bot hears of it; what they refuse is part of the game.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from benchmarks.simulate.town import CHIEF, Town
from domain.commission import Commission, Event, Kind, Outcome
from domain.errors import BaosongError
from domain.moment import to_ms
from domain.roster import Person
from services import assignments, closing, extensions
from services.assignments import Share
from services.commissions.issuing import issue
from services.desk import Clerk
from services.office import Office
from storage import commission as commissions
from storage import roster
from storage.commission import NewAssignment, NewCommission
from storage.engine import Store, Tx

Act = Callable[[Tx, datetime], None]

TARGETS = (1, 1, 2, 3, 5, 8, 12, 20, 40)


@dataclass(order=True)
class _Due:
    moment: datetime
    number: int
    act: Act = field(compare=False)


class People:
    """Everybody's plans, by moment. `touched` collects the commissions something happened to."""

    def __init__(self, town: Town, office: Office, random: Random) -> None:
        self._town, self._office, self._random = town, office, random
        self._plans: list[_Due] = []
        self._numbers = count()
        self.touched: set[int] = set()
        self.acts: dict[str, int] = {}
        self.refused = 0

    def issue_at(self, moment: datetime) -> None:
        """Plan that the office issues a commission."""
        self._plan(moment, self._issue)

    async def act_until(self, store: Store, now: datetime) -> None:
        """Everything planned until now is done now, each as a command of its own; whoever could not reach the bot
        tries again."""
        while self._plans and self._plans[0].moment <= now:
            act = heapq.heappop(self._plans).act
            try:
                await store.run(act, now)
            except BaosongError:
                self.refused += 1

    def _plan(self, moment: datetime, act: Act) -> None:
        heapq.heappush(self._plans, _Due(moment, next(self._numbers), act))

    def _count(self, what: str) -> None:
        self.acts[what] = self.acts.get(what, 0) + 1

    def _person(self, tx: Tx, person_id: int, now: datetime) -> Person:
        person = roster.person(tx, person_id, now.date())
        assert person is not None, "nobody leaves the simulated town"
        return person

    def _issue(self, tx: Tx, now: datetime) -> None:
        """Due in three hours or in three weeks, at any time of day, on any day."""
        r = self._random
        due = now + timedelta(hours=r.choice([4, 8, 24, 30, 50, 75, 120, 170, 240, 400]), minutes=r.randrange(0, 90, 5))
        if r.random() < 0.6:
            due = datetime.combine(due.date() + timedelta(days=1), time(r.choice([9, 12, 17]), 0), tzinfo=now.tzinfo)
        number = min(r.choice(TARGETS), len(self._town.units))
        units = r.sample(self._town.units, number)
        new = NewCommission("关于一项工作的情况", to_ms(due), urgent=r.random() < 0.08, off_chat=r.random() < 0.08)
        clerk = self._person(tx, r.choice([1, 2, 3]), now)
        draft = commissions.draft(tx, new, [NewAssignment(unit) for unit in units], clerk.id, to_ms(now))
        issued = issue(tx, self._office, draft.id, clerk, now).commission
        self.touched.add(issued.id)
        self._count("issued")
        for unit in units:
            self._fate(issued, unit, now, due)
        self._plan(due + timedelta(days=r.uniform(0.2, 12)), lambda tx, at: self._close(tx, issued.id, at))

    def _fate(self, commission: Commission, unit: int, now: datetime, due: datetime) -> None:
        """What a unit will do with its share."""
        r = self._random
        time_left = due - now
        if r.random() < 0.7:
            self._at_unit(now + time_left * r.random() * 0.5, commission, unit, self._receive)
        chance = r.random()
        if chance < 0.05:
            self._at_unit(now + time_left * r.random(), commission, unit, self._decline)
        elif chance < 0.6:
            self._at_unit(now + time_left * r.random(), commission, unit, self._answer)
        elif chance < 0.85:
            self._at_unit(due + timedelta(hours=r.expovariate(1 / 60)), commission, unit, self._answer)
        if r.random() < 0.15:
            self._at_unit(now + time_left * r.uniform(0.3, 1.2), commission, unit, self._ask)

    def _at_unit(
        self, moment: datetime, commission: Commission, unit: int, act: Callable[[Tx, Share, Person, datetime], None]
    ) -> None:
        def go(tx: Tx, now: datetime) -> None:
            share = next(s for s in closing.shares_of(tx, commission, now) if s.assignment.unit_id == unit)
            act(tx, share, self._person(tx, self._town.reporter_of[unit], now), now)
            self.touched.add(commission.id)
            self._count(act.__name__.strip("_"))

        self._plan(moment, go)

    def _receive(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        assignments.receive(tx, person, share.commission, now, "私聊")

    def _answer(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        for fitting in assignments.allowed([share], Kind.ANSWERED):
            assignments.happened(tx, fitting, Event(Kind.ANSWERED, to_ms(now), person.id), "answer")

    def _decline(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        assignments.decline(tx, person, [share], "本单位没有这项工作", now)
        if self._random.random() < 0.5:
            later = now + timedelta(hours=self._random.uniform(1, 40))
            unit = share.assignment.unit_id
            self._at_unit(later, share.commission, unit, self._insist)

    def _insist(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        assignments.refuse_decline(tx, self._person(tx, CHIEF, now), [share], "请报本单位的做法", now)

    def _ask(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        """Ask for more time; the office grants most, some of it late."""
        r = self._random
        until = datetime.combine(now.date() + timedelta(days=r.randrange(1, 12)), time(17), tzinfo=now.tzinfo)
        words = f"到{until.month}月{until.day}日17:00 数据还没有出来"
        extensions.ask(tx, self._office, person, [share], words, now)
        decide = self._grant if r.random() < 0.75 else self._refuse
        later = now + timedelta(hours=r.expovariate(1 / 10))
        self._at_unit(later, share.commission, share.assignment.unit_id, decide)

    def _grant(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        extensions.grant(tx, self._office, self._person(tx, CHIEF, now), [share], "", now)

    def _refuse(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        extensions.refuse(tx, self._person(tx, CHIEF, now), [share], "省里周五要", now)

    def _close(self, tx: Tx, commission_id: int, now: datetime) -> None:
        """The chief closes what is there, gives up what is not, and now and then opens one again."""
        commission = commissions.by_id(tx, commission_id)
        assert commission is not None, "commissions stay"
        clerk = Clerk(tx, self._office, self._person(tx, CHIEF, now), now)
        for share in closing.shares_of(tx, commission, now):
            if share.assignment.is_open:
                outcome = None if share.assignment.now.answered_ms else Outcome.UNDONE
                closing.close(clerk, [share], outcome, "到期未报" if outcome else "")
                self._count("closed")
                if self._random.random() < 0.03:
                    self._at_unit(now + timedelta(hours=5), commission, share.assignment.unit_id, self._reopen)
        self.touched.add(commission_id)

    def _reopen(self, tx: Tx, share: Share, person: Person, now: datetime) -> None:
        clerk = Clerk(tx, self._office, self._person(tx, CHIEF, now), now)
        due = datetime.combine(now.date() + timedelta(days=6), time(17), tzinfo=now.tzinfo)
        closing.reopen(clerk, [share], to_ms(due), "省里要求补报")
        self._plan(due + timedelta(days=8), lambda tx, at: self._close(tx, share.commission.id, at))
