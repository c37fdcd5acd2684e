"""What the stories about items share: hearing what one person was told, and sending an item in one line."""

from __future__ import annotations

from collections.abc import Sequence

from domain.item import Item
from storage import item as items
from storage import ledger
from storage.engine import Tx
from tests.support.stage import Heard, Stage


def told(heard: Sequence[Heard], who: str) -> str:
    """The one message somebody (or a group) got; fails if it was none or several."""
    texts = [one.text for one in heard if one.to == who]
    assert len(texts) == 1, f"{who} heard {texts} of {heard}"
    return texts[0]


async def send(stage: Stage, who: str, title: str, *fields: str, group: str = "") -> str:
    """Somebody submits an item; its number."""
    heard = await stage.say(who, "\n".join([f"/报送 {title}", *fields, f"{title}的正文。"]), group)
    assert heard[0].text.startswith("收到 "), heard
    return heard[0].text.split()[1].partition("《")[0]


async def item(stage: Stage, number: str) -> Item:
    """An item as it is stored."""
    found = await stage.store.read(items.by_number, number)
    assert found is not None
    return found


async def body(stage: Stage, number: str) -> str:
    """The standing text of an item."""
    return (await stage.store.read(items.latest_version, await item(stage, number))).body


async def totals(stage: Stage, unit_id: int, period: str = "2026-11") -> tuple[int, int, int]:
    """A unit's points (hundredths), submitted and adopted items of a period."""

    def read(tx: Tx) -> tuple[int, int, int]:
        found = ledger.totals(tx, [period]).get(unit_id)
        return (found.points, found.submitted, found.adopted) if found else (0, 0, 0)

    return await stage.store.read(read)
