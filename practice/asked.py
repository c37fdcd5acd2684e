"""A few commissions of the last weeks, one at each stage: closed off, answered but for some, by phone, still open.

They answer themselves with items of the history that were commissioned anyway. Everything is done by the real
operations, each at its own moment; what they pushed counts as delivered, for nobody is told of the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.commission import Commission, Event, Kind, Outcome, Source, Stage, Way
from domain.item import Item
from domain.moment import ZONE, from_ms, to_ms
from domain.roster import HEAD, REPORTERS, Person, Role
from practice.city import units
from services import assignments, closing
from services.answering import answer
from services.assignments import Share
from services.commissions import issuing
from services.desk import Clerk
from services.office import Office
from storage import commission as commissions
from storage import item as items
from storage import outbox, push, roster
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx
from storage.outbox import Sending

MORNING, EVENING = time(9, 20), time(17, 30)


def ask(tx: Tx, office: Office, now: datetime) -> None:
    """Write them into a city whose history stands."""
    city = _Desk(tx, office, now)
    city.closed()
    city.nearly_done()
    city.by_phone()
    city.still_open()


@dataclass(frozen=True, slots=True)
class _Desk:
    """The section on the days when it asked; days are counted in working days from today."""

    tx: Tx
    office: Office
    now: datetime

    def closed(self) -> None:
        """The province wanted it: everybody answered but one, who was exempted."""
        sent = self._commissioned(-16, -10)
        spare = next(unit for unit in range(12, 40) if unit not in sent)
        new = NewCommission(
            "四季度重点工作推进情况", self._ms(-9, EVENING), Source.PROVINCE, theme="重点工作",
            requirement="写清进度、成效、困难和下一步打算，有数据、有事例", class_name="综合", length="1200字",
        )  # fmt: skip
        one = self._issue(new, [*sent, spare], -17)
        self._answer(one, sent)
        exempt = Event(Kind.DECLINED, self._ms(-14), self._reporter(spare, -14).id, note="本单位没有这项任务")
        for share in self._shares(one):
            if share.assignment.unit_id == spare:
                assignments.happened(self.tx, share, exempt, "decline")
        self._close(one, -8)

    def nearly_done(self) -> None:
        """A leader noted a report: most have answered, the silent units have not, one has more time."""
        sent = self._commissioned(-9, -3)
        silent = [at for at, unit in enumerate(units(), start=2) if unit.silent and at not in sent]
        late = next(unit for unit in range(12, 40) if unit not in sent and unit not in silent)
        new = NewCommission(
            "岁末年初民生保障情况", self._ms(-2, EVENING), Source.CITY, theme="民生保障",
            requirement="供暖、物价、困难群众救助，各写一个数、一件事", class_name="专题", length="800字",
        )  # fmt: skip
        one = self._issue(new, [*sent, *silent, late], -9)
        self._answer(one, sent)
        (share,) = (share for share in self._shares(one) if share.assignment.unit_id == late)
        due_ms = self._ms(4, EVENING)
        asked = Event(
            Kind.EXTENSION_ASKED, self._ms(-3), self._reporter(late, -3).id, due_ms=due_ms, note="数据要等月报"
        )
        share = assignments.happened(self.tx, share, asked, "extension asked")
        granted = Event(Kind.EXTENSION_GRANTED, self._ms(-2), self._head(-2).id, due_ms=due_ms)
        assignments.happened(self.tx, share, granted, "extension granted")

    def by_phone(self) -> None:
        """Asked by phone, answered over the OA, closed the next day."""
        clerk, at = self._clerk(-6), self._at(-6)
        new = NewCommission("雨雪天气应对准备", self._ms(-6, EVENING), Source.OFFICE, way=Way.PHONE)
        one = issuing.log_afterwards(self.tx, new, [NewAssignment(13)], clerk, at)
        for share in self._shares(one):
            sent = Event(Kind.ANSWERED, self._ms(-6, time(15, 40)), clerk.id, note="从 OA 报送")
            assignments.happened(self.tx, share, sent, "answer elsewhere")
        self._close(one, -5)

    def still_open(self) -> None:
        """The newest: two counties have said 收到, one asks for more time, the rest are silent."""
        new = NewCommission(
            "冬春旅游市场培育情况", self._ms(3, EVENING), Source.STATE, theme="文化旅游",
            requirement="写清新业态、客流和存在的困难，附一个典型案例", class_name="专题", length="1000字",
        )  # fmt: skip
        one = self._issue(new, range(2, 8), -1)
        for unit_id in (3, 4):
            person = self._reporter(unit_id, -1)
            assignments.receive(self.tx, person, one, self._at(-1, time(10, 5)), "群内")
        share = next(share for share in self._shares(one) if share.assignment.unit_id == 3)
        event = Event(
            Kind.EXTENSION_ASKED, self._ms(-1, time(10, 40)), self._reporter(3, -1).id,
            due_ms=self._ms(6, EVENING), note="景区客流数据周末才出",
        )  # fmt: skip
        assignments.happened(self.tx, share, event, "extension asked")

    def _day(self, n: int) -> date:
        return self.office.calendar.add_workdays(self.now.date(), n)

    def _at(self, n: int, clock: time = MORNING) -> datetime:
        return datetime.combine(self._day(n), clock, ZONE)

    def _ms(self, n: int, clock: time = MORNING) -> int:
        return to_ms(self._at(n, clock))

    def _clerk(self, n: int) -> Person:
        return roster.people(self.tx, frozenset({Role.OFFICE}), self._day(n))[0]

    def _head(self, n: int) -> Person:
        return roster.people(self.tx, HEAD, self._day(n))[0]

    def _reporter(self, unit_id: int, n: int) -> Person:
        return roster.people_in(self.tx, unit_id, REPORTERS, self._day(n))[0]

    def _commissioned(self, first: int, last: int) -> dict[int, Item]:
        """The first item of each unit that was commissioned and sent within these days."""
        rows = self.tx.all(
            "SELECT id FROM item WHERE commissioned = 1 AND state <> 'withdrawn' AND submitted_ms BETWEEN ? AND ?"
            " ORDER BY submitted_ms, id",
            self._ms(first), self._ms(last),
        )  # fmt: skip
        found: dict[int, Item] = {}
        for (item_id,) in rows:
            item = items.by_id(self.tx, item_id)
            assert item is not None, "its id was just read"
            found.setdefault(item.unit_id, item)
        return found

    def _issue(self, new: NewCommission, unit_ids: Sequence[int], n: int) -> Commission:
        """Issued and pushed on a day; every message arrived."""
        clerk, at = self._clerk(n), self._at(n)
        draft = commissions.draft(self.tx, new, [NewAssignment(id) for id in unit_ids], clerk.id, to_ms(at))
        issued = issuing.issue(self.tx, self.office, draft.id, clerk, at).commission
        for one in push.of_commission(self.tx, issued.id):
            outbox.settle(self.tx, one.parcel_id, Sending.SENT, to_ms(at))
        return issued

    def _shares(self, one: Commission) -> list[Share]:
        return closing.shares_of(self.tx, one, self.now)

    def _answer(self, one: Commission, sent: dict[int, Item]) -> None:
        for share in self._shares(one):
            item = sent.get(share.assignment.unit_id)
            if item is not None:
                person = roster.person(self.tx, item.author_id, self.now.date())
                assert person is not None, "nobody has left the city"
                answer(self.tx, share, item, person, from_ms(item.submitted_ms))

    def _close(self, one: Commission, n: int) -> None:
        """Whoever answered is closed by what became of it; whoever declined is exempted by the head."""
        given = self._shares(one)
        declined = [share for share in given if share.assignment.now.stage is Stage.DECLINED]
        answered = [share for share in given if share.assignment.now.stage is Stage.ANSWERED]
        head = Clerk(self.tx, self.office, self._head(n), self._at(n))
        if answered:
            closing.close(head, answered, None, "")
        if declined:
            closing.close(head, declined, Outcome.EXEMPT, "情况属实")
