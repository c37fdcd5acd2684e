"""Units, people and groups: who is who, and what each may do (facts: domain model §2.1, §2.2).

Rights come from these records alone, never from the platform's group role.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """A post in the roster; the value is what the roster sheet says."""

    REPORTER = "信息员"
    DEPUTY_REPORTER = "信息员B角"
    LEADER = "分管领导"
    OFFICE = "信息科"
    OFFICE_HEAD = "信息科长"
    SECRECY = "保密员"
    ADMIN = "系统管理员"


REPORTERS = frozenset({Role.REPORTER, Role.DEPUTY_REPORTER})
DESK = frozenset({Role.OFFICE, Role.OFFICE_HEAD})
HEAD = frozenset({Role.OFFICE_HEAD})
UNIT_SIDE = REPORTERS | {Role.LEADER}

ROLE_WORDS = {
    "信息员A角": Role.REPORTER,
    "A角": Role.REPORTER,
    "B角": Role.DEPUTY_REPORTER,
    "科长": Role.OFFICE_HEAD,
    "管理员": Role.ADMIN,
    **{role.value: role for role in Role},
}
"""What people write in the 角色 column."""

UNIT_KINDS = ("县区", "部门", "乡镇", "企业", "驻外办", "办公室")
GROUP_PURPOSES = ("报送", "办公", "通知")
"""报送: reporters send items; 办公: the office's own group (desk commands); 通知: the bot speaks, nobody is heard."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (单位). `class_name` is its 考评类别 of the year asked for, '' if it is not assessed."""

    id: int
    name: str
    kind: str
    class_name: str
    parent_id: int | None
    direct_point: str
    place: int
    short: str

    @property
    def label(self) -> str:
        """What people call it."""
        return self.short or self.name


@dataclass(frozen=True, slots=True)
class Post:
    """A role a person holds in a unit."""

    unit_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the posts that are valid on the day asked for."""

    id: int
    name: str
    phone: str
    posts: tuple[Post, ...]

    def has(self, roles: frozenset[Role]) -> bool:
        return any(post.role in roles for post in self.posts)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def unit_id(self) -> int | None:
        """The unit the person reports for: a reporter's post comes before any other."""
        for post in self.posts:
            if post.role in REPORTERS:
                return post.unit_id
        return self.posts[0].unit_id if self.posts else None

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(post.unit_id for post in self.posts)


@dataclass(frozen=True, slots=True)
class Group:
    """A registered chat group (工作群)."""

    id: int
    platform: str
    group_no: str
    name: str
    purpose: str
    owner_id: int | None
