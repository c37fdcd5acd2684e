"""What happened before somebody asks: adoptions and revocations, registered as the desk's commands would."""

from __future__ import annotations

from datetime import date

from domain.journal import find_journal
from domain.roster import Unit
from services import points
from storage import item as items
from storage import ledger
from storage.engine import Tx
from storage.ledger import NewFact
from tests.support.stage import Heard, Stage

HEAD = 1
"""The person who registers."""


async def submitted(stage: Stage, who: str, *titles: str) -> None:
    """A reporter sends these titles, each with a body."""
    for title in titles:
        heard = await stage.say(who, f"/报送 {title}\n正文写在这里，一共有好几句话。")
        assert f"《{title}》" in heard[0].text


async def adopted(
    stage: Stage, number: int, journal: str, issue: str, *, form: str = "单条", day: date = date(2026, 11, 20)
) -> None:
    """The desk registers an adoption of item `number` of 2026."""

    def story(tx: Tx) -> None:
        item = items.by_number(tx, f"2026-{number:04d}")
        assert item is not None
        found = find_journal(journal, stage.office.journals)
        fact = NewFact("adoption", item.id, day, HEAD, journal=found.code, level=found.level, form=form, issue=issue)
        points.record(tx, stage.office, item, fact, stage.clock.now())

    await stage.store.run(story)


async def revoked(stage: Stage, number: int) -> None:
    """The desk takes the latest adoption of an item back."""

    def story(tx: Tx) -> None:
        item = items.by_number(tx, f"2026-{number:04d}")
        assert item is not None
        fact = max((f for f in points.facts_of(tx, item) if f.kind == "adoption"), key=lambda f: f.id)
        points.revoke(tx, stage.office, item, fact, HEAD, "登记错了", stage.clock.now())

    await stage.store.run(story)


async def more_counties(stage: Stage, scores: dict[str, int]) -> None:
    """Counties beside the city's own, each with as many points and one submission in November; 0 is nothing at all."""

    def story(tx: Tx) -> None:
        for at, (name, score) in enumerate(scores.items(), start=11):
            unit = Unit(at, name, "县区", "县（市、区）", None, "", at, "")
            tx.run(
                "INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, ?, ?, '2026-01-01')",
                unit.id, unit.name, unit.kind, unit.place,
            )  # fmt: skip
            tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (?, 2026, ?)", unit.id, unit.class_name)
            if score:
                day = date(2026, 11, 3)
                ledger.add_to_totals(tx, unit.id, unit.class_name, day, points=score * 100, submitted=1)

    await stage.store.run(story)


def only(heard: list[Heard], to: str) -> str:
    """The one text somebody heard."""
    texts = [each.text for each in heard if each.to == to]
    assert len(texts) == 1, heard
    return texts[0]


def lines(text: str) -> list[str]:
    return text.split("\n")
