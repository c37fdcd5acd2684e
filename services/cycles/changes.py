"""The changes of a correction set: read when they are collected, carried out by the very operations of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.adoption import read_adoption, read_issue
from domain.cycle import Change
from domain.errors import BadInput, NotFound
from domain.instruction import read_instruction
from domain.journal import find_journal
from domain.measure import find_article, measure_on
from domain.ranking import format_points
from domain.words import shorten
from services import desk, measures, points
from services.desk import Clerk
from services.desk_facts import instruct
from services.items import full_number, item_for_desk, split_number, unit_label
from services.points.units import ADJUSTMENT
from services.registered import ranks_of
from services.units import find_unit
from storage import correction as store
from storage.unit_fact import NewUnitFact

Words = Mapping[str, str]

HOW_TO = {
    Change.REVOKE: "/更正 撤销 137 每日要情 128 登记错了",
    Change.ADOPT: "/更正 补登 137 省专报 45 单篇 11-20",
    Change.INSTRUCT: "/更正 批示 137 市级 11-23",
    Change.ADJUST: "/更正 调整 云山县 -2 第十二条 迟报约稿材料",
    Change.MEASURE: "/更正 办法，下面一行起贴办法文件的全文",
}
_POINTS = re.compile(r"([+-]?)(\d{1,4})(?:\.(\d{1,2}))?分?")
_KINDS = {"批示": "instruction", "上报": "upward"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one kind of change is read, carried out and told."""

    read: Callable[[Clerk, str, str], dict[str, str]]
    apply: Callable[[Clerk, Words], None]
    tell: Callable[[Clerk, Words], str]


def read(clerk: Clerk, change: Change, line: str, body: str) -> dict[str, str]:
    """What a change is given, from the words behind its name. Raises BadInput, NotFound."""
    if not f"{line}{body}".strip():
        raise BadInput(reason=f"请写明要改什么，例如：{HOW_TO[change]}")
    return _RULES[change].read(clerk, line, body)


def apply(clerk: Clerk, change: store.Change) -> None:
    """Carry a change out. Raises whatever the operation itself raises."""
    _RULES[Change[change.kind.upper()]].apply(clerk, change.words)


def tell(clerk: Clerk, change: store.Change) -> str:
    """A change in one line."""
    kind = Change[change.kind.upper()]
    return f"{kind.value} {_RULES[kind].tell(clerk, change.words)}"


def _read_revoke(clerk: Clerk, line: str, body: str) -> dict[str, str]:
    number, rest = _number_and_rest(clerk, line, body)
    words = rest.split()
    found = {"number": number, "kind": "adoption", "journal": "", "issue": ""}
    if words and words[0] in _KINDS:
        found["kind"] = _KINDS[words.pop(0)]
    elif words:
        try:
            found["journal"] = find_journal(words[0], clerk.office.journals).code
            words.pop(0)
        except NotFound:
            found["journal"] = ""  # a first word that is no journal is the reason already
        if words and (issue := read_issue(words[0])):
            found["issue"] = issue
            words.pop(0)
    if not words:
        raise BadInput(reason=f"没有写撤销的原因。请这样写：{HOW_TO[Change.REVOKE]}")
    return found | {"reason": " ".join(words)}


def _apply_revoke(clerk: Clerk, words: Words) -> None:
    item = item_for_desk(clerk.tx, words["number"], clerk.now)
    desk.revoke(clerk, item, words["kind"], words["journal"], words["issue"], words["reason"])


def _tell_revoke(clerk: Clerk, words: Words) -> str:
    names = {code: f"《{name}》" for code, name in _journals(clerk).items()}
    what = names.get(words["journal"], "") + (f"第{words['issue']}期" if words["issue"] else "")
    kind = next((word for word, kind in _KINDS.items() if kind == words["kind"]), "采用")
    return f"{words['number']} {what}{kind}（{shorten(words['reason'], 20)}）"


def _journals(clerk: Clerk) -> dict[str, str]:
    return {journal.code: journal.name for journal in clerk.office.journals}


def _read_registration(clerk: Clerk, line: str, body: str) -> dict[str, str]:
    number, rest = _number_and_rest(clerk, line, body)
    return {"number": number, "words": rest, "said": clerk.today.isoformat()}


def _apply_adoption(clerk: Clerk, words: Words) -> None:
    item = item_for_desk(clerk.tx, words["number"], clerk.now)
    said = date.fromisoformat(words["said"])
    desk.adopt_item(clerk, item, read_adoption(words["words"], item, clerk.office.journals, said))


def _apply_instruction(clerk: Clerk, words: Words) -> None:
    said = date.fromisoformat(words["said"])
    read = read_instruction(words["words"], said, ranks_of(clerk.office, said))
    instruct(clerk, item_for_desk(clerk.tx, words["number"], clerk.now), read)


def _tell_registration(clerk: Clerk, words: Words) -> str:
    return f"{words['number']} {words['words']}"


def _number_and_rest(clerk: Clerk, line: str, body: str) -> tuple[str, str]:
    number, rest = split_number(line)
    return full_number(number, clerk.now.year), f"{rest} {body}".strip()


def _read_adjustment(clerk: Clerk, line: str, body: str) -> dict[str, str]:
    words = f"{line} {body}".split()
    if len(words) < 4:
        raise BadInput(reason=f"请写单位、分值、办法第几条、原因，例如：{HOW_TO[Change.ADJUST]}")
    match = _POINTS.fullmatch(words[1])
    if match is None:
        raise BadInput(reason=f"“{words[1][:12]}”不是分值。请写 2、-2、+0.5 这样的数。")
    sign, whole, decimals = match.groups()
    hundredths = int(whole) * 100 + int((decimals or "").ljust(2, "0"))
    if not hundredths:
        raise BadInput(reason="分值是0，没有要调整的。")
    measure = measure_on(clerk.today, measures.in_force(clerk.tx, clerk.office))
    if measure is None:
        raise BadInput(reason="今天没有施行的考评办法，调整没有依据。")
    found = find_article(measure, words[2])
    if len(found) > 1:
        raise BadInput(reason=f"“{words[2][:12]}”可以是{'、'.join(name for name, _ in found)}，请写第几条。")
    return {
        "unit": str(find_unit(clerk.tx, words[0], clerk.today).id),
        "points": str(-hundredths if sign == "-" else hundredths),
        "article": found[0][0],
        "reason": " ".join(words[3:]),
        "day": clerk.today.isoformat(),
    }


def _apply_adjustment(clerk: Clerk, words: Words) -> None:
    fact = NewUnitFact(
        ADJUSTMENT, int(words["unit"]), date.fromisoformat(words["day"]), clerk.person.id, int(words["points"]),
        words["article"], words["reason"],
    )  # fmt: skip
    points.record_unit_fact(clerk.tx, clerk.office, fact, clerk.now)


def _tell_adjustment(clerk: Clerk, words: Words) -> str:
    given = int(words["points"])
    sign = "+" if given > 0 else ""
    unit = unit_label(clerk.tx, int(words["unit"]), clerk.now.year)
    return f"{unit} {sign}{format_points(given)}分（{words['article']}，{shorten(words['reason'], 20)}）"


def _read_measure(clerk: Clerk, line: str, body: str) -> dict[str, str]:
    loading = measures.weigh(clerk.tx, clerk.office, body or line)
    return {"title": loading.measure.title, "first": loading.measure.effective_from.isoformat(), "text": body or line}


def _apply_measure(clerk: Clerk, words: Words) -> None:
    tx, office = clerk.tx, clerk.office
    measures.load(tx, office, words["text"], f"person:{clerk.person.id}", clerk.now, correcting=True)
    points.rebook_all(tx, office, date.fromisoformat(words["first"]), clerk.now)


def _tell_measure(clerk: Clerk, words: Words) -> str:
    return f"《{shorten(words['title'], 24)}》自{words['first']}起重算"


_RULES = {
    Change.REVOKE: _Rule(_read_revoke, _apply_revoke, _tell_revoke),
    Change.ADOPT: _Rule(_read_registration, _apply_adoption, _tell_registration),
    Change.INSTRUCT: _Rule(_read_registration, _apply_instruction, _tell_registration),
    Change.ADJUST: _Rule(_read_adjustment, _apply_adjustment, _tell_adjustment),
    Change.MEASURE: _Rule(_read_measure, _apply_measure, _tell_measure),
}
