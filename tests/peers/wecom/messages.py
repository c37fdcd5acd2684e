"""message/send, message/recall and message/update_template_card (90236, 94867, 94888)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .ask import Ask, Route, Routes
from .cards import INTERACTIVE, check_card
from .codes import OK, Refused
from .content import APP, Content, read
from .core import Core
from .pace import DAY, HOUR, MINUTE, Pace
from .world import App, Json

RECALLABLE = timedelta(hours=24)
DUPLICATE_INTERVAL = 1800


def own_agent(ask: Ask) -> App:
    """The token's app, when `agentid` names it; Refused with 40056 or 301002 otherwise."""
    agent_id = ask.body.get("agentid")
    if type(agent_id) is not int:
        raise Refused(40056, f"agentid {agent_id!r} is no integer")
    if agent_id != ask.app.agent_id:
        raise Refused(301002, f"agentid {agent_id} with the token of {ask.app.agent_id}")
    return ask.app


@dataclass(frozen=True, slots=True)
class Receivers:
    userids: list[str]
    invalid_users: list[str]
    invalid_parties: list[str]
    invalid_tags: list[str]

    def complaints(self) -> Json:
        """The `invalid...` fields of the answer: joined with bars, in lower case, absent when empty."""
        fields = {
            "invaliduser": self.invalid_users,
            "invalidparty": self.invalid_parties,
            "invalidtag": self.invalid_tags,
        }
        return {name: "|".join(values).lower() for name, values in fields.items() if values}


class Messages:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._pace = Pace(core.clock, ((30, MINUTE), (1000, HOUR)))
        self._day = Pace(core.clock, ((core.world.messages_a_day, DAY),))
        self._sent: dict[str, tuple[int, datetime]] = {}
        self._repeats: dict[tuple[int, str, str], datetime] = {}

    def routes(self) -> Routes:
        return {
            "message/send": Route("POST", self.send),
            "message/recall": Route("POST", self.recall),
            "message/update_template_card": Route("POST", self.update_card),
        }

    def send(self, ask: Ask) -> Json:
        app = own_agent(ask)
        content = read(ask.body, APP, self._core.media.take)
        receivers = self._receivers(app, ask.body)
        if not receivers.userids:
            raise Refused(81013, "nobody left to send to")
        message_id = self._core.next_id("msgid", 86)
        self._sent[message_id] = (app.agent_id, self._core.clock())
        for userid in receivers.userids:
            self._deliver(app, userid, content, message_id, ask.body)
        answer = OK | receivers.complaints() | {"msgid": message_id}
        if content.body.get("card_type") in INTERACTIVE:
            answer["response_code"] = self._core.board.code_for(message_id)
        return answer

    def recall(self, ask: Ask) -> Json:
        message_id = str(ask.body.get("msgid"))
        agent_id, at = self._sent.get(message_id, (None, self._core.clock()))
        if agent_id != ask.app.agent_id or self._core.clock() - at > RECALLABLE:
            raise Refused(40058, "no msgid of this app from the last 24 hours")
        for heard in self._core.ear.heard:
            heard.recalled = heard.recalled or heard.message_id == message_id
        for card in self._core.board.of_message(message_id):
            card.recalled = True
        return dict(OK)

    def update_card(self, ask: Ask) -> Json:
        """Show a used button or another card: to `userids`, or to all who got the message (`atall`)."""
        app = own_agent(ask)
        new = self._new_face(ask.body)
        cards = self._core.board.redeem(ask.body.get("response_code"))
        wanted = list(ask.body.get("userids", []))
        invalid = [one for one in wanted if not self._reaches(app, one)]
        for card in cards:
            userid = card.chat[1]
            if ask.body.get("atall") == 1 or userid in wanted:
                card.become(new or card.body | {"replaced": ask.body["button"]["replace_name"]})
        return OK | {"invaliduser": [one.lower() for one in invalid]}

    def _new_face(self, body: Json) -> Json | None:
        """The whole new card; None when only the button changes."""
        if (body.get("button") or {}).get("replace_name"):
            return None
        kinds = INTERACTIVE | {"text_notice", "news_notice"}
        card = check_card(body.get("template_card"), kinds)
        return card | ({"replaced": card["replace_text"]} if card.get("replace_text") else {})

    def _deliver(self, app: App, userid: str, content: Content, message_id: str, body: Json) -> None:
        core, sender = self._core, str(app.agent_id)
        if self._is_repeat(app, userid, content, body):
            core.drop("app", sender, userid, content.text, "duplicate", message_id)
        elif not self._pace.take((app.agent_id, userid)):
            core.drop("app", sender, userid, content.text, "pace", message_id)
        elif not self._day.take(app.agent_id):
            core.drop("app", sender, userid, content.text, "quota", message_id)
        else:
            core.show("app", sender, ("private", userid), content, message_id)

    def _is_repeat(self, app: App, userid: str, content: Content, body: Json) -> bool:
        """With enable_duplicate_check the same content to the same person is swallowed for a while."""
        key, now = (app.agent_id, userid, repr(content.body)), self._core.clock()
        before, self._repeats[key] = self._repeats.get(key), now
        interval = min(int(body.get("duplicate_check_interval", DUPLICATE_INTERVAL)), 14400)
        checked = body.get("enable_duplicate_check") == 1
        return checked and before is not None and now - before < timedelta(seconds=interval)

    def _receivers(self, app: App, body: Json) -> Receivers:
        users = _split(body.get("touser"), 1000)
        if users == ["@all"]:
            return Receivers([one for one in self._core.world.members if app.sees(one)], [], [], [])
        found = [one for one in users if self._reaches(app, one)]
        parties = _split(body.get("toparty"), 100)
        known = {str(one) for one in self._core.world.departments}
        for party in parties:
            inside = self._core.world.within(int(party)) if party in known else set()
            found += [one.userid for one in self._core.world.members_of(inside) if app.sees(one.userid)]
        tags = _split(body.get("totag"), 100)
        tagged = {str(tag): userids for tag, userids in self._core.world.tags.items()}
        found += [one for tag in tags for one in sorted(tagged.get(tag, ())) if self._reaches(app, one)]
        return Receivers(
            userids=list(dict.fromkeys(found)),
            invalid_users=[one for one in users if not self._reaches(app, one)],
            invalid_parties=[one for one in parties if one not in known],
            invalid_tags=[one for one in tags if one not in tagged],
        )

    def _reaches(self, app: App, userid: str) -> bool:
        return userid in self._core.world.members and app.sees(userid)


def _split(joined: object, longest: int) -> list[str]:
    """A bar-joined list as the service wants it; Refused for a JSON list or too many."""
    if joined is None:
        return []
    if not isinstance(joined, str):
        raise Refused(40058, "receivers are one string with bars")
    parts: Iterable[str] = (part.strip() for part in joined.split("|"))
    found = [part for part in parts if part]
    if len(found) > longest:
        raise Refused(40058, f"{len(found)} receivers, at most {longest}")
    return found
