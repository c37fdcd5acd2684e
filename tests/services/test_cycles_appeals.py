"""Objections on a platform with cards: offered to the office, settled for all by whoever answers."""

from __future__ import annotations

from domain.cycle import Verdict
from domain.errors import BadInput
from services.cycles import appeals
from services.cycles.appeals import Case
from storage import outbox, roster
from storage.engine import Store, Tx
from storage.outbox import Parcel
from tests.services.cycle_stories import NOVEMBER, clerk, person_id
from tests.support.office import moment, sample_office

OFFICE = sample_office()
NOW = moment("11-27", "10:00")


def on_wecom(tx: Tx, who: str) -> None:
    """Somebody is bound on WeChat Work instead of QQ."""
    tx.run("UPDATE account SET platform = 'wecom' WHERE person_id = ?", person_id(who))


def raise_one(tx: Tx, words: str = "省专报第45期没有计分") -> Case:
    person = roster.person(tx, person_id("张三"), NOW.date())
    assert person is not None
    return appeals.raise_one(tx, OFFICE, person, NOVEMBER, "", words, NOW)


def letters(tx: Tx) -> list[Parcel]:
    return [one for one in outbox.in_states(tx, [outbox.Sending.PENDING], 50) if one.kind == "appeal"]


async def test_whoever_has_cards_gets_one_others_read_what_to_type(store: Store) -> None:
    def happen(tx: Tx) -> list[Parcel]:
        on_wecom(tx, "周科长")
        raise_one(tx)
        return letters(tx)

    by_platform = {one.platform: one.message for one in await store.run(happen)}
    card = by_platform["wecom"].card
    assert card is not None
    assert [(button.text, button.says) for button in card.buttons] == [("成立", "/申诉 1 成立"), ("看进展", "/申诉 1")]
    assert "“/申诉 1 不成立 原因”" not in by_platform["wecom"].text
    assert "“/申诉 1 不成立 原因”" in by_platform["onebot"].text


async def test_the_answer_takes_the_buttons_from_every_card(store: Store) -> None:
    def happen(tx: Tx) -> list[tuple[str, str]]:
        for who in ("周科长", "吴科员"):
            on_wecom(tx, who)
        raise_one(tx)
        appeals.refuse(clerk(tx, OFFICE, NOW, "吴科员"), 1, "没有采用")
        return [(verdict, matter) for verdict, matter in tx.all("SELECT verdict, matter FROM card")]

    assert await store.run(happen) == [("不成立", "appeal:1")] * 2


async def test_an_objection_about_the_whole_month_is_raised_once_until_it_is_answered(store: Store) -> None:
    def happen(tx: Tx) -> list[str]:
        raise_one(tx)
        try:
            raise_one(tx, "报送少了一条")
        except BadInput as error:
            said = str(error)
        appeals.refuse(clerk(tx, OFFICE, NOW), 1, "没有采用")
        return [said, raise_one(tx, "报送少了一条").appeal.verdict.value]

    said, verdict = await store.run(happen)
    assert said.startswith("这件事已经申诉过（申诉1）")
    assert verdict == Verdict.OPEN.value
