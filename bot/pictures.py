"""Fetching the pictures of a message: one that cannot be had is named to the sender, the rest of the message stands."""

from __future__ import annotations

from dataclasses import replace

from bot import texts
from bot.channels.base import Channel, FetchProblem
from domain.errors import BaosongError
from domain.picture import LARGEST, MEGABYTE, MOST, TOGETHER, Picture, Pictures, kind_of
from domain.speech import FileRef, Incoming


async def fetch_pictures(channel: Channel, incoming: Incoming) -> Pictures:
    """The pictures of a message, one after the other, within the limits of `domain.picture`."""
    kept: list[Picture] = []
    missed: list[str] = []
    for place, ref in enumerate(incoming.pictures, 1):
        room = TOGETHER - sum(len(picture.content) for picture in kept)
        found = (
            texts.TOO_MANY_PICTURES.format(most=MOST) if place > MOST else await _fetch(channel, incoming, ref, room)
        )
        if isinstance(found, Picture):
            kept.append(found)
        else:
            missed.append(texts.PICTURE_MISSED.format(place=place, reason=found))
    return Pictures(tuple(kept), tuple(missed))


async def _fetch(channel: Channel, incoming: Incoming, ref: FileRef, room: int) -> Picture | str:
    """One picture, or why it was not kept."""
    try:
        content = await channel.fetch(replace(incoming, file=ref))
    except FetchProblem:
        return texts.PICTURE_NOT_FETCHED
    except BaosongError:  # larger than any file may be
        return texts.PICTURE_TOO_BIG.format(limit=LARGEST // MEGABYTE)
    kind = kind_of(content)
    if not kind:
        return texts.NO_PICTURE
    if len(content) > LARGEST:
        return texts.PICTURE_TOO_BIG.format(limit=LARGEST // MEGABYTE)
    if len(content) > room:
        return texts.PICTURES_TOO_BIG.format(limit=TOGETHER // MEGABYTE)
    return Picture(kind, content)
