"""The people's half of the service: they speak, send and quote files, enter chats and tap cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .cards import Card, chosen, keys_of
from .machine import Machine
from .sayings import (
    HEARD_IN_GROUPS,
    Saying,
    Spoken,
    at,
    content_for_bot,
    fields_for_app,
    frame_for_bot,
)
from .talks import TurnKind
from .world import AiBot, App, Chat, Json

Addressee = App | AiBot | None
"""Whom a person writes to in private; None: the AI bot if the world has one, else the app."""

Selected = Mapping[str, Sequence[str]]
"""For each question of a card the chosen options."""


class People(Machine):
    """What people can do. In groups only what @-s the bot reaches it, and no file ever does."""

    async def say(
        self,
        user: str,
        text: str,
        chat: str | None = None,
        at_bot: bool = True,
        *,
        to: Addressee = None,
        quote: Spoken | None = None,
    ) -> Spoken:
        """A person says something: in a group (with or without the @), or in private."""
        return await self._said(user, Saying("text", text=text), chat, at_bot, to, quote)

    async def send_file(
        self, user: str, name: str, data: bytes, chat: str | None = None, *, to: Addressee = None
    ) -> Spoken:
        """A file; in a group it lies there for people, and for somebody to quote."""
        return await self._said(user, Saying("file", name=name, data=data), chat, False, to)

    async def send_image(self, user: str, data: bytes, chat: str | None = None, *, to: Addressee = None) -> Spoken:
        return await self._said(user, Saying("image", name="image.png", data=data), chat, False, to)

    async def send_voice(self, user: str, words: str, data: bytes = b"#!AMR\nvoice", *, to: Addressee = None) -> Spoken:
        """A voice message: the AI bot is told its words, an app gets the recording."""
        return await self._said(user, Saying("voice", words, "voice.amr", data), None, False, to)

    async def send_video(self, user: str, data: bytes, *, to: Addressee = None) -> Spoken:
        return await self._said(user, Saying("video", name="video.mp4", data=data), None, False, to)

    async def send_mixed(
        self,
        user: str,
        text: str,
        images: Sequence[bytes],
        chat: str | None = None,
        at_bot: bool = True,
        *,
        to: AiBot | None = None,
    ) -> Spoken:
        """Words and pictures in one message."""
        parts = tuple(Saying("image", name="image.png", data=image) for image in images)
        saying = Saying("mixed", items=(Saying("text", text=text), *parts))
        return await self._said(user, saying, chat, at_bot, to)

    async def quote_file(
        self, user: str, file: Spoken, text: str, chat: str | None = None, at_bot: bool = True
    ) -> Spoken:
        """Quote a file somebody sent, and say something to the bot about it."""
        return await self.say(user, text, chat, at_bot, to=file.to, quote=file)

    async def send_location(
        self, user: str, label: str, latitude: float, longitude: float, *, to: App | None = None
    ) -> Spoken:
        place: Json = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label}
        saying = Saying("location", fields=place | {"AppType": "wxwork"})
        return await self._said(user, saying, None, False, to or self.world.app)

    async def send_link(self, user: str, title: str, url: str, *, to: App | None = None) -> Spoken:
        saying = Saying("link", fields={"Title": title, "Description": "", "Url": url, "PicUrl": ""})
        return await self._said(user, saying, None, False, to or self.world.app)

    async def repeat(self, spoken: Spoken) -> Spoken:
        """The same once more, with the same id: what the bot sees when its acknowledgement was lost."""
        again = Spoken(spoken.userid, spoken.chat, spoken.to, spoken.saying, spoken.message_id)
        if isinstance(spoken.to, App):
            await self._tell_app(spoken.to, spoken.payload, again)
        else:
            turn = self._talks.open(spoken.to, "message", spoken.userid, spoken.chat, spoken.message_id)
            await self._tell_bot(turn, "aibot_msg_callback", spoken.payload, again)
        return again

    async def enter(self, user: str, *, to: Addressee = None) -> Spoken:
        """Open the chat with the app, or for the first time that day with the AI bot."""
        identity = self._addressee(to)
        if isinstance(identity, App):
            return await self.app_event(user, {"Event": "enter_agent", "EventKey": ""}, to=identity)
        return await self.bot_event(user, {"eventtype": "enter_chat"}, to=identity, kind="enter_chat")

    async def click_menu(self, user: str, key: str, *, to: App | None = None) -> Spoken:
        return await self.app_event(user, {"Event": "click", "EventKey": key}, to=to)

    async def change_contact(self, change: str, fields: Json, *, to: App | None = None) -> Spoken:
        """The address book changed; such events come from "sys" and name no app."""
        return await self.app_event("sys", {"Event": "change_contact", "ChangeType": change} | fields, to=to)

    async def app_event(self, user: str, fields: Json, *, to: App | None = None) -> Spoken:
        """Any event of an app."""
        app = to or self.world.app
        spoken = Spoken(user, ("private", user), app, Saying("text"))
        head = self._app_head(user) | {"MsgType": "event"} | fields
        if user != "sys":
            head |= {"AgentID": app.agent_id}
        if not self.faults.lost():
            await self._tell_app(app, head, spoken, self._tapped(fields, user))
        return spoken

    async def bot_event(
        self,
        user: str,
        event: Json,
        *,
        chat: str | None = None,
        to: AiBot | None = None,
        kind: TurnKind = "other",
    ) -> Spoken:
        """Any event of the AI bot: `eventtype` and what belongs to it."""
        bot = to or self.world.bot
        place: Chat = ("private", user) if chat is None else ("group", chat)
        spoken = Spoken(user, place, bot, Saying("text"), self._core.next_id("msgid"))
        if self.faults.lost():
            return spoken
        task_id = str(event.get("template_card_event", {}).get("task_id", ""))
        turn = self._talks.open(bot, kind, user, place, spoken.message_id, task_id)
        body = frame_for_bot(bot, self.world.members[user], place, spoken.message_id)
        body |= {"create_time": self.clock.seconds(), "msgtype": "event", "event": event}
        await self._tell_bot(turn, "aibot_event_callback", body, spoken)
        return spoken

    async def give_feedback(self, user: str, feedback_id: str, kind: int, content: str = "") -> Spoken:
        """kind: 1 accurate, 2 inaccurate, 3 withdrawn."""
        feedback = {"id": feedback_id, "type": kind, "content": content, "inaccurate_reason_list": []}
        return await self.bot_event(user, {"eventtype": "feedback_event", "feedback_event": feedback})

    def card_of(self, user: str, task_id: str | None = None) -> Card:
        """The newest card this person can see (of that task); AssertionError when there is none."""
        for card in reversed(self.cards):
            if user in self.world.present(card.chat) and task_id in (None, card.task_id) and not card.recalled:
                return card
        raise AssertionError(f"{user} sees no card {task_id or ''}")

    async def tap_card(
        self,
        user: str,
        key: str,
        *,
        task_id: str | None = None,
        selected: Selected | None = None,
        stale: bool = False,
    ) -> Spoken:
        """Press a button of the newest card that shows it to this person.

        stale: the screen was not refreshed yet and still shows the card as it was sent.
        """
        card = self._card_with(user, key, task_id, stale)
        picked = dict(selected or {})
        if card.via == "app":
            return await self._tap_app_card(user, key, card, picked)
        items = [
            {"question_key": question, "option_ids": {"option_id": list(options)}}
            for question, options in picked.items()
        ]
        tap: Json = {"card_type": card.first["card_type"], "event_key": key, "task_id": card.task_id}
        if items:
            tap["selected_items"] = {"selected_item": items}
        event = {"eventtype": "template_card_event", "template_card_event": tap}
        chat = card.chat[1] if card.chat[0] == "group" else None
        return await self.bot_event(user, event, chat=chat, to=self.world.bots[card.sender], kind="card")

    async def press(self, user: str, button: str, *, option: str | None = None, stale: bool = False) -> Spoken:
        """Press the button of this text on the newest card that shows it to this person.

        option: what is chosen in the card's drop-down before, by its text. stale: as in `tap_card`.
        """
        for card in reversed(self.cards):
            face = card.first if stale else card.shown_to(user)
            keys = {text: key for key, text in keys_of(face).items()}
            if user in self.world.present(card.chat) and button in keys and not card.recalled:
                selected = chosen(face, option)
                return await self.tap_card(user, keys[button], task_id=card.task_id, selected=selected, stale=stale)
        raise AssertionError(f"{user} sees no button {button!r}")

    async def _tap_app_card(self, user: str, key: str, card: Card, picked: Selected) -> Spoken:
        items = [
            {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}} for question, options in picked.items()
        ]
        fields: Json = {
            "Event": "template_card_event",
            "EventKey": key,
            "TaskId": card.task_id,
            "CardType": card.first["card_type"],
            "ResponseCode": self._core.board.code_for(card.message_id),
        }
        if items:
            fields["SelectedItems"] = {"SelectedItem": items}
        return await self.app_event(user, fields, to=self.world.apps[int(card.sender)])

    def _card_with(self, user: str, key: str, task_id: str | None, stale: bool) -> Card:
        visible = [card for card in reversed(self.cards) if user in self.world.present(card.chat)]
        for card in visible:
            keys = keys_of(card.first) if stale else card.buttons_for(user)
            if key in keys and task_id in (None, card.task_id) and not card.recalled:
                return card
        shown = [card.buttons_for(user) for card in visible]
        raise AssertionError(f"{user} sees no button {key!r}; buttons: {shown}")

    def _tapped(self, fields: Json, user: str) -> Card | None:
        if fields.get("Event") != "template_card_event":
            return None
        return self.card_of(user, fields["TaskId"])

    async def _said(
        self,
        user: str,
        saying: Saying,
        chat: str | None,
        at_bot: bool,
        to: Addressee,
        quote: Spoken | None = None,
    ) -> Spoken:
        identity = self._addressee(to)
        place: Chat = ("private", user) if chat is None else ("group", chat)
        if user not in self.world.present(place):
            raise ValueError(f"{user} is not in {chat}")
        spoken = Spoken(user, place, identity, saying)
        if isinstance(identity, App):
            await self._say_to_app(identity, spoken)
        else:
            await self._say_to_bot(identity, spoken, at_bot, quote)
        return spoken

    async def _say_to_app(self, app: App, spoken: Spoken) -> None:
        if spoken.chat[0] == "group":
            raise ValueError("an app never hears a group")
        number = self._core.next_number()
        spoken.message_id = str(number)
        fields = self._app_head(spoken.userid) | fields_for_app(spoken.saying, self._core.media, self._core.base)
        if not self.faults.lost():
            await self._tell_app(app, fields | {"MsgId": number, "AgentID": app.agent_id}, spoken)

    async def _say_to_bot(self, bot: AiBot, spoken: Spoken, at_bot: bool, quote: Spoken | None) -> None:
        """The bot hears private messages and, in its groups, what @-s it; no fourth turn in parallel."""
        spoken.message_id = self._core.next_id("msgid")
        saying = spoken.saying
        if spoken.chat[0] == "group":
            is_in = bot.bot_id in self.world.groups[spoken.chat[1]].bots
            if not (at_bot and is_in and saying.kind in HEARD_IN_GROUPS):
                return
            saying = at(bot, saying)
        if self.faults.lost() or self._talks.is_busy(bot, spoken.userid):
            return
        turn = self._talks.open(bot, "message", spoken.userid, spoken.chat, spoken.message_id)
        body = frame_for_bot(bot, self.world.members[spoken.userid], spoken.chat, spoken.message_id)
        body |= content_for_bot(saying, lambda name, data: self._offer(bot, name, data))
        if quote is not None:
            body["quote"] = content_for_bot(quote.saying, lambda name, data: self._offer(bot, name, data))
        await self._tell_bot(turn, "aibot_msg_callback", body, spoken)

    def _app_head(self, user: str) -> Json:
        head = {"ToUserName": self.world.corp_id, "FromUserName": user, "CreateTime": self.clock.seconds()}
        return dict(head)

    def _addressee(self, to: Addressee) -> App | AiBot:
        if to is not None:
            return to
        return self.world.bot if self.world.bots else self.world.app
