"""The app itself, departments, members, ids (90227, 96260, 90208, 96067, 101521), less what newer apps may not read."""

from __future__ import annotations

from .ask import Ask, Route, Routes
from .codes import OK, Refused
from .core import Core
from .world import Department, Json, Member

MOST_IDS = 1000


class Contacts:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Routes:
        return {
            "department/simplelist": Route("GET", self.department_ids),
            "department/list": Route("GET", self.departments),
            "user/simplelist": Route("GET", self.names),
            "user/list": Route("GET", self.details),
            "user/get": Route("GET", self.one),
            "user/list_id": Route("POST", self.ids),
            "batch/openuserid_to_userid": Route("POST", self.userids),
            "agent/get": Route("GET", self.app),
            "getcallbackip": Route("GET", self.callback_addresses),
        }

    def app(self, ask: Ask) -> Json:
        """What an app may know of itself (90227); a token speaks for no other app."""
        if ask.query.get("agentid") != str(ask.app.agent_id):
            raise Refused(301002, "another app's agentid")
        return OK | {"agentid": ask.app.agent_id, "name": ask.app.name, "close": int(ask.app.closed)}

    def department_ids(self, ask: Ask) -> Json:
        rows = [
            {"id": one.department_id, "parentid": one.parent, "order": one.department_id}
            for one in self._departments(ask)
        ]
        return OK | {"department_id": rows}

    def departments(self, ask: Ask) -> Json:
        rows = [
            {
                "id": one.department_id,
                "name": one.name,
                "department_leader": list(one.leaders),
                "parentid": one.parent,
                "order": one.department_id,
            }
            for one in self._departments(ask)
        ]
        return OK | {"department": rows}

    def names(self, ask: Ask) -> Json:
        return OK | {"userlist": [_brief(one) for one in self._members(ask)]}

    def details(self, ask: Ask) -> Json:
        return OK | {"userlist": [_detail(one) for one in self._members(ask)]}

    def one(self, ask: Ask) -> Json:
        member = self._core.world.members.get(ask.query.get("userid", ""))
        if member is None or not ask.app.sees(member.userid):
            raise Refused(60111, "no such member in the app's range")
        return OK | _detail(member)

    def ids(self, ask: Ask) -> Json:
        """All ids in pages; only for the secret of contact synchronisation."""
        if not ask.app.contact_sync:
            raise Refused(48002, "not the secret of contact synchronisation")
        start, count = int(ask.body.get("cursor") or 0), int(ask.body.get("limit", 10_000))
        rows = [
            {"userid": one.userid, "department": department}
            for one in self._core.world.members.values()
            for department in one.departments
        ]
        more = str(start + count) if start + count < len(rows) else ""
        return OK | {"next_cursor": more, "dept_user": rows[start : start + count]}

    def userids(self, ask: Ask) -> Json:
        """Plain ids for the encrypted ones an AI bot was given."""
        wanted = ask.body.get("open_userid_list")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_IDS:
            raise Refused(40058, "open_userid_list of 1 to 1000")
        known, invalid = [], []
        for open_userid in wanted:
            member = self._core.world.by_open_userid(str(open_userid))
            if member is None or not ask.app.sees(member.userid):
                invalid.append(open_userid)
            else:
                known.append({"userid": member.userid, "open_userid": open_userid})
        return OK | {"userid_list": known, "invalid_open_userid_list": invalid}

    def callback_addresses(self, ask: Ask) -> Json:
        return OK | {"ip_list": ["127.0.0.1"]}

    def _departments(self, ask: Ask) -> list[Department]:
        departments = self._core.world.departments
        if not ask.query.get("id"):
            return list(departments.values())
        inside = self._core.world.within(self._department(ask.query["id"]))
        return [one for one in departments.values() if one.department_id in inside]

    def _members(self, ask: Ask) -> list[Member]:
        department = self._department(ask.query.get("department_id", ""))
        deep = ask.query.get("fetch_child") == "1"
        inside = self._core.world.within(department) if deep else {department}
        return [one for one in self._core.world.members_of(inside) if ask.app.sees(one.userid)]

    def _department(self, text: str) -> int:
        if not text.isdecimal() or int(text) not in self._core.world.departments:
            raise Refused(60123, f"department {text!r}")
        return int(text)


def _brief(member: Member) -> Json:
    return {"userid": member.userid, "name": member.name, "department": list(member.departments)}


def _detail(member: Member) -> Json:
    return _brief(member) | {"main_department": member.departments[0], "status": 1, "isleader": 0}
