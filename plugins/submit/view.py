"""An item, and a list of own items, as a chat shows them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.instruction import DEPUTY
from domain.item import Item, State
from domain.journal import Journal
from domain.moment import show_time
from domain.period import Period
from domain.words import shorten
from plugins.submit import texts
from services.items import Details, Event, OwnItem, journal_name
from services.office import Office
from services.registered import in_words, leader, when_and_how

_TITLE = 30


def item(details: Details, office: Office, *, private: bool) -> str:
    """Everything about an item, its text last. Phones are shown in full in a private chat only."""
    one = details.item
    lines = [
        f"{one.name} 第{one.version}版 {_state(one)}",
        f"单位：{details.units}　报送人：{details.author}　{show_time(one.submitted_ms)}",
        f"类型：{one.kind}　形式：{one.form}" + ("　约稿" if one.commissioned else ""),
        _people(one, private=private),
        _versions(details),
        "附件：" + "；".join(f"{name}（{_size(size)}）" for name, size in details.files) if details.files else "",
        *(_event(event, office) for event in details.events if event.what.kind != "submission"),
        f"已并入 {details.merged_into.name}" if details.merged_into else "",
        "由以下信息合并：" + "、".join(source.name for source in details.sources) if details.sources else "",
        texts.body(details.body),
    ]
    return "\n".join(line for line in lines if line)


def own_items(found: Sequence[OwnItem], count: int, period: Period | None, journals: Sequence[Journal]) -> str:
    """Own items, a line each, newest first."""
    span = period.label if period else ""
    if not found:
        return f"您{span}还没有报送过信息。报送请发“/报送 标题”，下面写正文。"
    lines = [f"您{span}报送的信息共 {count} 条，最新的在前："]
    lines += [_own_line(one, journals) for one in found]
    if count > len(found):
        lines.append(f"只列出最新的 {len(found)} 条。要看更早的，请写期间，例如：/我的信息 上月。")
    lines.append("看一条的全文和办理情况请发“/查看 编号”。")
    return "\n".join(lines)


def _own_line(one: OwnItem, journals: Sequence[Journal]) -> str:
    version = f"第{one.item.version}版 " if one.item.version > 1 else ""
    used = "、".join(f"《{journal_name(a.journal, journals)}》第{a.issue}期" for a in one.adoptions)
    state = f"{one.item.state.label}：{used}" if used else _state(one.item)
    day = show_time(one.item.submitted_ms).split()[0]
    return f"{one.item.number}《{shorten(one.item.title, _TITLE)}》{version}{day} {state}"


def _state(one: Item) -> str:
    if one.note and one.state in (State.RETURNED, State.REJECTED):
        return f"{one.state.label}：{one.note}"
    return one.state.label


def _people(one: Item, *, private: bool) -> str:
    phone = one.phone if private or not one.phone else f"{one.phone[:3]}****{one.phone[-4:]}"
    labelled = (("撰稿", one.writer), ("签发", one.signer), ("电话", phone))
    return "　".join(f"{label}：{value}" for label, value in labelled if value)


def _versions(details: Details) -> str:
    if len(details.versions) < 2:
        return ""
    return "版本：" + "；".join(f"第{version}版 {show_time(at_ms)} {by}" for version, at_ms, by in details.versions)


def _event(event: Event, office: Office) -> str:
    what = event.what
    by = f"（{event.by} {show_time(what.at_ms)} 登记）"
    if what.kind == "adoption":
        journal = journal_name(what.journal, office.journals)
        said = f"《{journal}》第{what.issue}期{what.form}采用，{when_and_how(what)}{by}"
    elif what.kind == "instruction":
        said = f"{leader(what.rank, what.detail == DEPUTY, office, what.day)}批示，{what.day:%m-%d}{by}"
    else:
        reason = f"，原因：{what.reason}" if what.reason else ""
        said = f"{in_words(what, office) or '撤销登记'}{by}{reason}"
    return said if what.stands else f"{said}，已撤销"


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
