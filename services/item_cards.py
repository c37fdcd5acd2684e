"""The desk's cards: an item that waits for a decision, and the pile of those that do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.adoption import issues_to_offer
from domain.item import Item, State
from domain.journal import Journal
from domain.moment import show_time
from domain.speech import Button, Card, Choice, Option
from domain.words import shorten
from services.cards import item_matter
from services.items import signed_by
from services.office import Office
from storage import ledger, roster
from storage.engine import Tx

ADOPT, RETURN, REJECT, LOOK = "采用", "退回", "不采用", "查看"
JOURNAL, ITEM = "刊物", "信息"
TYPED = "办理：/采用 {number} 刊物 期号；/退回 {number} 原因；/不采用 {number} 原因"
ABOUT = "{units} {author} {at}　第{version}版"
CHOOSE_FIRST = "\n选好刊物期号再点“采用”；不选也可以，点了以后再写。"
PILE = "待处理 {count} 条"
PILE_ABOUT = "选一条，点“查看”看全文、办理。"

LOOK_BACK = timedelta(days=120)
"""A journal nothing was adopted by for so long is written, not chosen."""

LONGEST_NAME = 9
"""Characters of a journal's name on a phone's drop-down; a longer one goes by its shortest alias."""

LONGEST_TITLE = 8


def of_item(tx: Tx, office: Office, item: Item, now: datetime) -> Card | None:
    """The card below an item that waits for the desk; None if it is decided."""
    if item.state is not State.RECEIVED:
        return None
    about = ABOUT.format(
        units=signed_by(tx, item, now.year), author=roster.name_of(tx, item.author_id),
        at=show_time(item.submitted_ms), version=item.version,
    )  # fmt: skip
    buttons = (
        Button(ADOPT, f"/{ADOPT} {item.number} {{}}"),
        Button(RETURN, f"/{RETURN} {item.number}"),
        Button(REJECT, f"/{REJECT} {item.number}", grave=True),
    )
    options = tuple(_options(tx, office.journals, now.date()))
    typed = TYPED.format(number=_short(item, now))
    if not options:
        return Card(item_matter(item.id), item.name, about, buttons, typed)
    return Card(item_matter(item.id), item.name, about + CHOOSE_FIRST, buttons, typed, Choice(JOURNAL, options))


def of_pile(items: Sequence[tuple[Item, str]], count: int, now: datetime) -> Card | None:
    """The card below the pile: one of the items to look at. `items` come with the units that signed them."""
    if not items:
        return None
    options = tuple(
        Option(f"{_short(item, now)} {shorten(item.title, LONGEST_TITLE)}", item.number) for item, _ in items
    )
    return Card("", PILE.format(count=count), PILE_ABOUT, (Button(LOOK, f"/{LOOK} {{}}"),), "", Choice(ITEM, options))


def _short(item: Item, now: datetime) -> str:
    """A number as people type it: this year's without the year."""
    year, _, number = item.number.partition("-")
    return str(int(number)) if year == str(now.year) else item.number


def _options(tx: Tx, journals: Sequence[Journal], today: date) -> Iterator[Option]:
    """Journals with the issues an adoption of today most likely names, the ones used last first."""
    latest = ledger.latest_issues(tx, today - LOOK_BACK)
    known = [journal for journal in journals if journal.code in latest]
    for journal in sorted(known, key=lambda journal: latest[journal.code][1], reverse=True):
        issue, day = latest[journal.code]
        short = min(journal.aliases, key=len, default=journal.name)
        name = journal.name if len(journal.name) <= LONGEST_NAME else short
        for number in issues_to_offer(issue, day, today):
            yield Option(f"《{name}》第{number}期", f"{journal.name} {number}")
