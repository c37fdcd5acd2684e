"""From what a reporter wrote to a draft: title, body, and the fields around them."""

from __future__ import annotations

import re

from bot.commands import Call
from domain.errors import BadInput, BaosongError
from domain.headings import NONE, Headings, read_form, read_kind, take_headings
from domain.item import Item
from domain.roster import REPORTERS
from domain.tags import take_tags
from domain.words import tidy, tidy_body
from plugins.submit import texts
from plugins.submit.tagging import tag_points
from services.answering import hand_in
from services.items import full_number, is_own_item, signed_by
from services.pictures import item_for, keep
from services.submission import Draft
from services.units import find_unit

_REVISES = re.compile(r"(20\d\d ?[-—–] ?\d{1,6})号?(?: +|$|(?=《))(.*)")
_YEARS = re.compile(r"20\d\d ?[-—–] ?20\d\d")
_NEW = re.compile(r"新(?:稿|信息)(?:[ :：,，]+|$)(.*)")
_TITLE_LABEL = re.compile(r"^【?(?:信息)?标题】? ?[:：] ?")
_NO_COMMISSION = ("无", "否", "不是", "非约稿")


def read_message(call: Call) -> Draft:
    """The draft in a message or a file. Raises BadInput or NotFound for fields that cannot be understood."""
    if call.file is not None:
        headings, body = take_headings(tidy_body(call.body))
        return make_draft(call, call.words, body, headings)
    revises, new, title = _opening(call, call.line)
    headings, body = take_headings(tidy_body(call.body))
    title, above = _title_or_fields(title)
    headings = above.completed_by(headings)
    named = bool(take_tags(title, "")[0])  # a first line of tags alone is no title yet
    if not named and not revises and not headings.title:
        first, _, body = body.partition("\n")
        title = f"{title} {first}".strip()
        more, body = take_headings(body)
        headings = headings.completed_by(more)
    elif not named:
        title = f"{title} {headings.title}".strip()
    return make_draft(call, title, body, headings, revises=revises, new=new)


def _opening(call: Call, line: str) -> tuple[str, bool, str]:
    """What stands before the title: the number of an item that is revised on purpose, or 新稿."""
    typed = tidy(line)  # of the same length as the line, so that the title can be taken as it was written
    if match := _NEW.fullmatch(typed):
        return "", True, line[match.start(1) :]
    match = _REVISES.fullmatch(typed)
    if match is None:
        return "", False, line
    number = full_number(match[1], call.now.year)
    if _YEARS.fullmatch(match[1]) and not is_own_item(call.tx, call.person, number):
        return "", False, line  # 2026-2030 年规划 is a title, not item 2030
    return number, False, line[match.start(2) :]


def _title_or_fields(line: str) -> tuple[str, Headings]:
    """Behind a heading the first line may be a field already: `【信息报送】`, then `报送单位：…`."""
    headings, rest = take_headings(line)
    return ("", headings) if not rest else (_bare(line), NONE)


def _bare(title: str) -> str:
    title = _TITLE_LABEL.sub("", " ".join(title.split()), count=1)
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        return title[1:-1]
    return title


def make_draft(call: Call, title: str, body: str, headings: Headings, *, revises: str = "", new: bool = False) -> Draft:
    """Put a draft together; words for units, kind and form become what the roster and the house know."""
    unit, units = _units(call, headings)
    title, body, tags = take_tags(title, body)
    return Draft(
        title=_bare(title),
        body=body,
        unit=unit,
        units=units,
        kind=read_kind(headings.kind),
        form=read_form(headings.form),
        writer=headings.writer,
        signer=headings.signer,
        phone=headings.phone,
        commissioned=_is_said(headings.commission),
        answers=headings.commission if _is_said(headings.commission) else "",
        revises=revises,
        new=new,
        file=call.file,
        tags=tags.and_points(headings.points),
    )


def _is_said(commission: str) -> bool:
    return bool(commission) and commission not in _NO_COMMISSION


def _units(call: Call, headings: Headings) -> tuple[int | None, tuple[int, ...]]:
    """The reporter's unit that signs (None: the usual one) and the further units of a joint item."""
    own = {post.unit_id for post in call.person.posts if post.role in REPORTERS}
    joining = tuple(find_unit(call.tx, word, call.now.date()).id for word in headings.joint)
    if not headings.units:
        return None, joining
    try:
        signing = tuple(find_unit(call.tx, word, call.now.date()).id for word in headings.units)
    except BaosongError:
        if len(headings.units) > 1:
            raise
        return None, joining  # an office of the reporter's own unit that the roster does not list
    mine = next((unit for unit in signing if unit in own), None)
    if mine is None:
        raise BadInput(reason=texts.NOT_YOUR_UNIT)
    return mine, (*signing, *joining)


def send(call: Call, draft: Draft) -> str:
    """Hand a draft in; the receipt."""
    handed = hand_in(call.tx, call.office, call.person, draft, call.incoming, call.now)
    item = handed.taken.item
    receipt = texts.receipt(handed.taken, draft, signed_by(call.tx, item, call.now.year))
    return receipt + pictures_of(call, item) + texts.answered(handed) + tag_points(call, item, draft.tags)


def pictures_of(call: Call, item: Item) -> str:
    """Keep the pictures that came with the text; what the receipt says of them."""
    return texts.pictures(keep(call.tx, call.person, item, call.pictures, call.now), call.pictures.missed)


def add_pictures(call: Call) -> str:
    """Pictures without a text, as they follow one. Raises BadInput if there is none."""
    item = item_for(call.tx, call.person, call.now)
    return texts.PICTURES_OF.format(name=item.name) + pictures_of(call, item)
