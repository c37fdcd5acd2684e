"""Group chats made by an app: appchat/create, get, update and send (90244, 90245, 90248)."""

from __future__ import annotations

import re

from .ask import Ask, Route, Routes
from .codes import OK, Refused
from .content import APP_CHAT, read
from .core import Core
from .pace import DAY, MINUTE, Pace
from .world import App, Group, Json

SMALLEST, LARGEST = 2, 2000


class AppChats:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._pace = Pace(core.clock, ((200, MINUTE), (10_000, DAY)))

    def routes(self) -> Routes:
        return {
            "appchat/create": Route("POST", self.create),
            "appchat/get": Route("GET", self.get),
            "appchat/update": Route("POST", self.update),
            "appchat/send": Route("POST", self.send),
        }

    def create(self, ask: Ask) -> Json:
        """Nobody sees the new group before its first message."""
        if not ask.app.sees_root:
            raise Refused(60011, "the app's range does not hold the root department")
        body = ask.body
        userlist = self._members(ask.app, body.get("userlist"))
        owner = body.get("owner", userlist[0])
        if owner not in userlist:
            raise Refused(86005, f"owner {owner!r}")
        chatid = self._new_chatid(body.get("chatid"))
        name = _name(body.get("name", ""))
        world = self._core.world
        world.groups[chatid] = Group(chatid, name, userlist, made_by=ask.app.agent_id, owner=owner, shown=False)
        return OK | {"chatid": chatid}

    def get(self, ask: Ask) -> Json:
        group = self._group(ask.app, ask.query.get("chatid"))
        info = {"chatid": group.chatid, "name": group.name, "owner": group.owner}
        return OK | {"chat_info": info | {"userlist": list(group.members), "chat_type": 0}}

    def update(self, ask: Ask) -> Json:
        group = self._group(ask.app, ask.body.get("chatid"))
        gone = set(ask.body.get("del_user_list", []))
        members = [one for one in group.members if one not in gone]
        members += [one for one in ask.body.get("add_user_list", []) if one not in members]
        members = self._members(ask.app, members)
        owner = ask.body.get("owner") or group.owner
        if owner not in members:
            raise Refused(86005, f"owner {owner!r}")
        group.name = _name(ask.body.get("name") or group.name)
        group.members, group.owner = members, owner
        return dict(OK)

    def send(self, ask: Ask) -> Json:
        group = self._group(ask.app, ask.body.get("chatid"))
        content = read(ask.body, APP_CHAT, self._core.media.take)
        sender = str(ask.app.agent_id)
        group.shown = True
        kept = [one for one in group.members if self._pace.take((group.chatid, one))]
        for userid in group.members:
            if userid not in kept:
                self._core.drop("app", sender, userid, content.text, "pace", "")
        if kept:
            self._core.show("app", sender, ("group", group.chatid), content, "")
        return dict(OK)

    def _group(self, app: App, chatid: object) -> Group:
        group = self._core.world.groups.get(str(chatid))
        if group is None or group.made_by is None:
            raise Refused(86003, f"chatid {chatid!r}")
        if group.made_by != app.agent_id:
            raise Refused(86008, f"made by {group.made_by}")
        if group.dissolved:
            raise Refused(49008, "dissolved by its owner")
        return group

    def _members(self, app: App, userlist: object) -> list[str]:
        if not isinstance(userlist, list) or not SMALLEST <= len(set(userlist)) <= LARGEST:
            raise Refused(86006, "2 to 2000 members")
        unknown = [one for one in userlist if one not in self._core.world.members or not app.sees(one)]
        if unknown:
            raise Refused(86007, f"members {unknown}")
        return list(dict.fromkeys(userlist))

    def _new_chatid(self, wanted: object) -> str:
        """The caller's, or one of ours. What the service says of a chatid used twice is not documented."""
        if wanted is None or wanted == "":
            return self._core.next_id("appchat", 32)
        if not re.fullmatch(r"[0-9A-Za-z]{1,32}", str(wanted)) or wanted in self._core.world.groups:
            raise Refused(86001, f"chatid {wanted!r}")
        return str(wanted)


def _name(name: object) -> str:
    if not isinstance(name, str) or len(name) > 50:
        raise Refused(86004, "a name of at most 50 characters")
    return name
