"""What the AI bot says over either transport: answers, welcomes, card updates, pushes.

Documents 101031, 101138 and 101463.

One `Turn` stands for one thing somebody did; it decides which kind of reply may follow, and for how long.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from .cards import ALL_CARDS, check_card
from .codes import Refused
from .content import AIBOT, Content, Rules, read
from .core import Core
from .ear import Heard
from .media import Media, is_picture
from .pace import HOUR, MINUTE, Pace
from .world import AiBot, Chat, Json

TurnKind = Literal["message", "enter_chat", "card", "other"]

ANSWERABLE = timedelta(hours=24)
PROMPT = timedelta(seconds=5)
STREAMABLE = timedelta(minutes=6)
LATE_ANSWER = timedelta(hours=1)
LONGEST_STREAM = 20480
MOST_IMAGES = 10
PARALLEL_TURNS = 3
WELCOME = Rules(frozenset({"text", "template_card"}), {"text": 2048})


@dataclass(slots=True, eq=False)
class Turn:
    """streams: the bubbles written for this turn, by stream id. streaming_since: when the first began."""

    bot: AiBot
    kind: TurnKind
    userid: str
    chat: Chat
    message_id: str
    req_id: str
    at: datetime
    task_id: str = ""
    streams: dict[str, Heard] = field(default_factory=dict)
    streaming_since: datetime | None = None

    def unfinished(self) -> bool:
        return any(not heard.finished for heard in self.streams.values())


class Talks:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._turns: dict[tuple[str, str], Turn] = {}
        self._bubbles: dict[tuple[str, str], Heard] = {}
        self._late: dict[str, Turn] = {}
        self._pace = Pace(core.clock, ((30, MINUTE), (1000, HOUR)))

    def open(self, bot: AiBot, kind: TurnKind, userid: str, chat: Chat, message_id: str, task_id: str = "") -> Turn:
        """Somebody did something; from a message on, the bot may push to that chat."""
        req_id = self._core.next_id("req_id", 26)
        turn = Turn(bot, kind, userid, chat, message_id, req_id, self._core.clock(), task_id)
        self._turns[bot.bot_id, req_id] = turn
        if kind == "message":
            bot.met.add(chat)
        return turn

    def is_busy(self, bot: AiBot, userid: str) -> bool:
        """Whether this person's three parallel interactions are all still being streamed."""
        open_turns = [
            turn
            for turn in self._turns.values()
            if turn.bot is bot and turn.userid == userid and turn.unfinished()
            if self._core.clock() - turn.at <= STREAMABLE
        ]
        return len(open_turns) >= PARALLEL_TURNS

    def turn(self, bot: AiBot, req_id: str, kind: TurnKind) -> Turn:
        """The turn a reply command names; Refused (846605) for another kind, another bot or too late."""
        turn = self._turns.get((bot.bot_id, req_id))
        window = ANSWERABLE if kind == "message" else PROMPT
        if turn is None or turn.kind != kind or self._core.clock() - turn.at > window:
            raise Refused(846605, f"no {kind} turn with req_id {req_id!r} is open")
        return turn

    def late_code(self, turn: Turn) -> str:
        """The code of a response_url: one call within the hour."""
        code = self._core.next_id("late", 40)
        self._late[code] = turn
        return code

    def answer(self, turn: Turn, body: Json, *, with_images: bool = False) -> None:
        """A reply to a message. with_images: URL mode, where a stream's last frame may carry pictures."""
        msgtype = body.get("msgtype")
        if msgtype == "stream_with_template_card":
            self._stream(turn, body.get("stream"), with_images)
            if body.get("template_card"):
                self._say(turn.bot, turn.chat, self._read(turn.bot, _card_only(body)), turn.message_id)
        elif msgtype == "stream":
            self._stream(turn, body.get("stream"), with_images)
        else:
            self._say(turn.bot, turn.chat, self._read(turn.bot, body), turn.message_id)

    def welcome(self, turn: Turn, body: Json) -> None:
        """A text or card for somebody who entered the chat."""
        self._say(turn.bot, turn.chat, read(body, WELCOME, self._media(turn.bot)), turn.message_id)

    def update(self, turn: Turn, body: Json) -> None:
        """A new face for the tapped card: for all who see it, or in a group for `userids` alone."""
        if body.get("response_type") != "update_template_card":
            raise Refused(40058, f"response_type {body.get('response_type')!r}")
        card = check_card(body.get("template_card"), ALL_CARDS)
        if card.get("task_id") != turn.task_id:
            raise Refused(42016, f"task_id {card.get('task_id')!r} instead of {turn.task_id!r}")
        userids = body.get("userids") if turn.chat[0] == "group" else None
        for shown in self._core.board.of_task("aibot", turn.bot.bot_id, turn.task_id):
            shown.become(card, [self._plain(one) for one in userids] if userids else None)

    def push(self, bot: AiBot, body: Json) -> None:
        """A message to a chat where somebody has spoken to the bot; Refused (93006) elsewhere."""
        chat = self._chat(bot, body.get("chatid"), body.get("chat_type", 0))
        if chat is None or chat not in bot.met:
            raise Refused(93006, f"nobody has spoken to the bot in {body.get('chatid')!r}")
        if chat[0] == "group" and body.get("msgtype") == "template_card" and not bot.group_cards:
            raise Refused(40058, "cards only in single chats")
        self._say(bot, chat, self._read(bot, body), "")

    def answer_late(self, code: str, body: Json) -> None:
        """The one call of a response_url."""
        turn = self._late.get(code)
        if turn is None or self._core.clock() - turn.at > LATE_ANSWER:
            raise Refused(60140, "response_code unknown, used or older than an hour")
        if body.get("msgtype") not in ("markdown", "template_card"):
            raise Refused(40008, f"msgtype {body.get('msgtype')!r}")
        content = self._read(turn.bot, body)
        del self._late[code]
        self._say(turn.bot, turn.chat, content, turn.message_id)

    def _stream(self, turn: Turn, stream: object, with_images: bool) -> None:
        if not isinstance(stream, dict) or not isinstance(stream.get("id"), str) or not stream["id"]:
            raise Refused(40058, "a stream needs an id")
        text, images = _stream_parts(stream, with_images)
        stream_id, finished = stream["id"], stream.get("finish") is True
        if turn.streaming_since and self._core.clock() - turn.streaming_since > STREAMABLE:
            raise Refused(846608, "six minutes after the first frame")
        heard = self._bubble(turn, stream_id)
        if heard is None:
            content = Content("stream", stream, text, images=images)
            heard = self._say(turn.bot, turn.chat, content, turn.message_id, finished=finished)
            self._bubbles[turn.bot.bot_id, stream_id] = turn.streams[stream_id] = heard
            turn.streaming_since = turn.streaming_since or self._core.clock()
            return
        if heard.finished and stream_id in turn.streams:
            raise Refused(846608, "this stream is finished")
        heard.text, heard.finished, heard.images = text, finished, images
        self._core.ear.changed(heard)

    def _bubble(self, turn: Turn, stream_id: str) -> Heard | None:
        """The bubble this frame goes into; an id used for two turns overwrites the older bubble."""
        heard = self._bubbles.get((turn.bot.bot_id, stream_id))
        if heard is not None and stream_id not in turn.streams:
            self._core.violations.append(f"stream id {stream_id!r} used again overwrites an older answer")
        return heard

    def _say(self, bot: AiBot, chat: Chat, content: Content, answers: str, *, finished: bool = True) -> Heard:
        """Replies and pushes share one pace; what the service answers beyond it is our choice (45009)."""
        if not self._pace.take((bot.bot_id, chat)):
            raise Refused(45009, "more than 30 messages a minute in one conversation")
        heard = self._core.show("aibot", bot.bot_id, chat, content, self._core.next_id("bot message"), answers)
        heard.finished = finished
        self._core.ear.changed(heard)
        return heard

    def _read(self, bot: AiBot, body: Json) -> Content:
        return read(body, AIBOT, self._media(bot))

    def _media(self, bot: AiBot) -> Callable[[object], Media]:
        return lambda media_id: self._core.media.take(media_id, bot.bot_id)

    def _chat(self, bot: AiBot, target: object, chat_type: object) -> Chat | None:
        """0 guesses: a group first."""
        name = str(target)
        group = self._core.world.groups.get(name)
        if chat_type in (0, 2) and group is not None and bot.bot_id in group.bots:
            return ("group", name)
        plain = self._plain(name)
        return ("private", plain) if chat_type in (0, 1) and plain in self._core.world.members else None

    def _plain(self, userid: str) -> str:
        member = self._core.world.by_open_userid(userid)
        return userid if member is None else member.userid


def _card_only(body: Json) -> Json:
    return {"msgtype": "template_card", "template_card": body["template_card"]}


def _picture(item: Json) -> bytes:
    image = item.get("image") or {}
    try:
        data = base64.b64decode(str(image.get("base64", "")), validate=True)
    except binascii.Error as error:
        raise Refused(40058, "base64") from error
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != image.get("md5"):
        raise Refused(301019, "md5 of the raw bytes differs")
    if not is_picture(data):
        raise Refused(40123, "neither JPG nor PNG")
    return data


def _stream_parts(stream: Json, with_images: bool) -> tuple[str, tuple[bytes, ...]]:
    """Text and pictures of one frame; the text is the whole of it each time."""
    text = stream.get("content", "")
    if not isinstance(text, str) or len(text.encode()) > LONGEST_STREAM:
        raise Refused(40058, f"content of at most {LONGEST_STREAM} bytes")
    items = stream.get("msg_item", [])
    if items and not (with_images and stream.get("finish")):
        raise Refused(40058, "msg_item only in the last frame of a URL callback")
    if len(items) > MOST_IMAGES:
        raise Refused(40058, f"{len(items)} pictures, at most {MOST_IMAGES}")
    return text, tuple(_picture(one) for one in items)
