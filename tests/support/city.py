"""A small city for the tests: an office, two counties, two departments, their reporters, two groups."""

from __future__ import annotations

from storage.engine import Tx

SUBMIT_GROUP, OFFICE_GROUP = "200001", "200002"

UNITS = {
    1: ("市政府办公室", "市府办", "办公室", ""),
    2: ("云山县人民政府", "云山县", "县区", "县（市、区）"),
    3: ("清河区人民政府", "清河区", "县区", "县（市、区）"),
    4: ("市发展和改革委员会", "市发改委", "部门", "重点部门"),
    5: ("市文化和旅游局", "市文旅局", "部门", "一般部门"),
}

PEOPLE = {
    "周科长": (1, "信息科长", "10001"),
    "吴科员": (1, "信息科", "10002"),
    "郑保密": (1, "保密员", "10003"),
    "管理员": (1, "系统管理员", "10004"),
    "张三": (2, "信息员", "20001"),
    "李副": (2, "分管领导", "20002"),
    "王五": (3, "信息员", "20003"),
    "赵六": (4, "信息员", "20004"),
    "孙七": (5, "信息员", "20005"),
    "钱八": (2, "信息员B角", "20006"),
}
"""Name → (unit, role, QQ number). Person ids follow this order, from 1."""


def settle(tx: Tx) -> None:
    """Write the city into an empty database; it is valid from 2026-01-01."""
    for unit_id, (name, short, kind, class_name) in UNITS.items():
        tx.run(
            "INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, ?, ?, '2026-01-01')",
            unit_id, name, kind, unit_id,
        )  # fmt: skip
        tx.run("INSERT INTO unit_alias (alias, unit_id, short) VALUES (?, ?, 1)", short, unit_id)
        if class_name:
            tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (?, 2026, ?)", unit_id, class_name)
    for person_id, (name, (unit_id, role, account)) in enumerate(PEOPLE.items(), start=1):
        tx.run(
            "INSERT INTO person (id, name, phone, valid_from) VALUES (?, ?, ?, '2026-01-01')",
            person_id, name, f"1380000{person_id:04d}",
        )  # fmt: skip
        tx.run(
            "INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (?, ?, ?, '2026-01-01')",
            person_id, unit_id, role,
        )  # fmt: skip
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('onebot', ?, ?, 0, 'import')",
            account, person_id,
        )  # fmt: skip
    for number, name, purpose in (
        (SUBMIT_GROUP, "全市政务信息群", "报送"),
        (OFFICE_GROUP, "信息科工作群", "办公"),
    ):
        tx.run(
            "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from)"
            " VALUES ('onebot', ?, ?, ?, '2026-01-01')",
            number, name, purpose,
        )  # fmt: skip
    tx.touch("roster")
