"""`baosong measure`: measures checked, loaded as versions, proposed as corrections, listed, written out again."""

from __future__ import annotations

import argparse
from datetime import datetime

from bot.cli.kit import InFile, Kit, OutFile, Tool
from domain.errors import BadInput, BaosongError
from domain.moment import show_time
from domain.tables import TableFault
from services import measures
from services.cycles.corrections import collect_file
from services.measure_check import check
from services.measures import Loading
from services.office import Office
from storage import measure as store
from storage.engine import Tx
from storage.measure import Version

ACTOR = "cli"
USAGE = (
    "baosong measure check 文件.toml；load 文件.toml；correct 文件.toml；list；export 编号 [文件.toml]；withdraw 编号"
)
NONE = "还没有加载过考评办法；现在用的是配置文件指定的，没有指定则是样例。"
LISTED = "已列入更正{number}，还没有生效：请科长私聊机器人发“/更正”看谁升谁降、差多少，批准了才重算。"
NOTHING_BOOKED = "那几天还没有计分，不影响已有的分。"


class _Words(argparse.Action):
    """Takes the file that is named for what it is: it is read, or written, where one types."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        words = [str(word) for word in values] if isinstance(values, list) else []
        if len(words) == 2 and words[0] in ("check", "load", "correct"):
            namespace.read = InFile(words.pop())
        if len(words) == 3 and words[0] == "export":
            namespace.written = OutFile(words.pop())
        setattr(namespace, self.dest, words)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", action=_Words, default=[],
        metavar="check|load|correct FILE.toml | list | export ID [FILE.toml] | withdraw ID",
        help="check a measure, load it as a version, propose it as a correction, list, write out or withdraw versions",
    )  # fmt: skip


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    file: InFile | None = getattr(arguments, "read", None)
    out: OutFile | None = getattr(arguments, "written", None)
    now = kit.clock.now()
    try:
        match arguments.words:
            case ["check"] if file is not None:
                return await kit.store.read(_check, kit.office, text_of(file), now)
            case ["load"] if file is not None:
                return await kit.store.run(_load, kit.office, text_of(file), now)
            case ["correct"] if file is not None:
                return await kit.store.run(_correct, kit.office, text_of(file), now)
            case ["list"] | []:
                return 0, await kit.store.read(_list)
            case ["withdraw", word]:
                return await kit.store.run(_withdraw, kit.office, word, now)
            case ["export", word]:
                return _export(await kit.store.read(measures.version_of, word), out)
    except (BaosongError, TableFault) as error:
        return 1, f"{file.written}：{error}" if file else str(error)
    return 2, f"用法：{USAGE}"


def text_of(file: InFile) -> str:
    """The text of a file, without a byte order mark. Raises BadInput if it is not UTF-8."""
    try:
        return "".join(part.decode("utf-8-sig") for part in file.parts.values())
    except UnicodeDecodeError:
        raise BadInput(reason="不是 UTF-8 的文本文件。") from None


def _check(tx: Tx, office: Office, text: str, now: datetime) -> tuple[int, str]:
    found = check(tx, office, text, now.date())
    if found.faults:
        return 1, "\n".join([f"有 {len(found.faults)} 处要改：", *(f"  {fault}" for fault in found.faults)])
    loading = measures.weigh(tx, office, text)
    return 0, "\n".join([_title(loading), "没有发现问题。", *found.hints, *_consequences(loading)])


def _load(tx: Tx, office: Office, text: str, now: datetime) -> tuple[int, str]:
    code, told = _check(tx, office, text, now)
    if code:
        return code, f"{told}\n没有加载。"
    loading = measures.load(tx, office, text, ACTOR, now)
    if loading.known:
        return 0, f"{_title(loading)}\n已经加载过，没有变化。"
    return 0, "\n".join([_title(loading), "已加载，不用重新启动。", *_consequences(loading)])


def _correct(tx: Tx, office: Office, text: str, now: datetime) -> tuple[int, str]:
    code, told = _check(tx, office, text, now)
    if code:
        return code, f"{told}\n没有列入更正。"
    correction, _ = collect_file(tx, office, text, now)
    return 0, f"{told}\n{LISTED.format(number=correction.id)}"


def _title(loading: Loading) -> str:
    measure = loading.measure
    number = f"（{measure.number}）" if measure.number else ""
    return f"《{measure.title}》{number} {measure.id}"


def _consequences(loading: Loading) -> list[str]:
    """What it does, from when."""
    until = f"至 {loading.last}" if loading.last else "起，直到下一个办法施行"
    lines = [f"施行：{loading.first} {until}。"]
    if loading.known:
        return [*lines, "这个文本已经加载过。"]
    lines += [f"《{title}》到前一天为止。" for title in loading.ends]
    if loading.spans:
        lines.append(f"计分有变化的日期：{measures.spoken_spans(loading.spans)}。")
    if loading.booked:
        lines.append(f"那里已有 {loading.booked} 条计分流水，不能直接加载。{measures.HOW_CORRECTED}")
    elif loading.spans:
        lines.append(NOTHING_BOOKED)
    return lines


def _list(tx: Tx) -> str:
    versions = store.versions(tx)
    held = {version.number for version in store.in_force(versions)}
    return "\n".join(_line(version, version.number in held) for version in versions) or NONE


def _line(version: Version, is_held: bool) -> str:
    until = f"至 {version.effective_to}" if version.effective_to else "起"
    head = f"{version.number:>3}  {version.measure_id}  {version.effective_from} {until}"
    when = f"{show_time(version.loaded_ms)} {version.loaded_by}"
    if version.is_withdrawal:
        return f"{head}  撤回  {when}  《{version.title}》"
    state = "现行文本" if is_held else "不再施行"
    return f"{head}  {state}  {when} 加载  {version.hash[:12]}  《{version.title}》"


def _withdraw(tx: Tx, office: Office, word: str, now: datetime) -> tuple[int, str]:
    gone = measures.withdraw(tx, office, word, ACTOR, now)
    return 0, f"《{gone.title}》{gone.measure_id}（{gone.effective_from} 起）已撤回，文本还留着。"


def _export(version: Version, out: OutFile | None) -> tuple[int, str]:
    if out is None:
        return 0, version.text.rstrip("\n")
    out.content = version.text.encode()
    return 0, f"{out.written}：{version.measure_id} 第 {version.number} 版"


TOOLS = [Tool("measure", "the measures: check, load, list, write out", _arguments, _run)]
