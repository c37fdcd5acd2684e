"""Pictures of an item: they come with its text, or within a few minutes after it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from domain.errors import BadInput
from domain.item import ALLOWED, Item, Step
from domain.moment import to_ms
from domain.picture import Pictures
from domain.roster import Person
from storage import audit
from storage import item as items
from storage.engine import Tx

AFTERWARDS = timedelta(minutes=10)
"""So long after its text a picture still belongs to an item: an app of WeChat Work has no text with pictures."""

NOTHING_TO_JOIN = (
    f"图片没有收下：前{AFTERWARDS.seconds // 60}分钟里您没有报送过信息，或那条已经在办理。"
    "请先报送文字（表单要填完），再发图片。"
)

_NAME = "附图"


def keep(tx: Tx, person: Person, item: Item, pictures: Pictures, now: datetime) -> int:
    """Attach pictures to an item; one it has already is not kept twice. Returns how many it has of these."""
    names = [name for name, _ in items.attachments(tx, item.id) if name.startswith(_NAME)]
    added = 0
    for picture in pictures.kept:
        digest = hashlib.sha256(picture.content).hexdigest()
        if items.has_attachment(tx, item.id, digest):
            continue
        added += 1
        name = f"{_NAME}{len(names) + added}.{picture.kind}"
        items.attach(tx, item.id, item.version, name, digest, picture.content)
    if added:
        audit.write(tx, to_ms(now), f"person:{person.id}", "attach", item.number, f"{added} pictures")
    return len(pictures.kept)


def item_for(tx: Tx, person: Person, now: datetime) -> Item:
    """The item that pictures without a text belong to. Raises BadInput if there is none."""
    item = items.last_written(tx, person.id, to_ms(now - AFTERWARDS))
    if item is None or item.state not in ALLOWED[Step.REVISE]:
        raise BadInput(reason=NOTHING_TO_JOIN)
    return item
