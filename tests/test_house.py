"""The rules of the house, kept by reading the source: nothing here runs the bot."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LONGEST_FUNCTION = 60
LONGEST_FILE = 450

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "domain": ("domain",),
    "storage": ("storage", "domain"),
    "documents": ("documents", "domain"),
    "services": ("services", "domain", "storage"),
    "reports": ("reports", "domain"),
    "scheduler": ("scheduler", "domain", "storage", "services", "reports"),
    "bot": ("bot", "domain", "storage", "services", "scheduler", "documents", "reports"),
    "plugins": ("bot.commands", "services", "domain", "reports"),
    "console": ("console", "services", "domain", "reports"),
    "practice": ("practice", "bot.settings", "bot.clock", "services", "storage", "domain", "documents"),
}
"""Which of our own modules a room may import; `domain` stands for everything below it too."""

STANDS_ALONE = "bot.channels.wecom"
"""The WeChat Work adapter, to be published by itself one day: it imports nothing of ours but itself."""

OURS = frozenset(MAY_IMPORT) | {"tests", "benchmarks"}

NOT_IMPORTED_BY_US: dict[str, str] = {
    "cryptography": "wechatpy and nonebot-adapter-qq verify signatures with it",
    "setuptools": "builds the editable install of this repository",
    "tzdata": "zoneinfo reads its files",
}


@dataclass(frozen=True)
class Source:
    """One Python file of ours: its path below the root, its dotted name and its text."""

    path: Path
    module: str
    text: str
    nodes: tuple[ast.AST, ...]

    @property
    def room(self) -> str:
        return self.path.parts[0]

    def at(self, line: int) -> str:
        """The place as an editor understands it."""
        return f"{self.path}:{line}"


@cache
def _read(path: Path) -> Source:
    inside = path.relative_to(ROOT)
    parts = inside.with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Source(inside, module, text, tuple(ast.walk(ast.parse(text, filename=str(inside)))))


@cache
def sources(rooms: frozenset[str] = OURS) -> tuple[Source, ...]:
    """Every file of the rooms that exist already."""
    return tuple(_read(path) for room in sorted(rooms) for path in sorted((ROOT / room).rglob("*.py")))


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    """The module a `from` statement names, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = source.path.name == "__init__.py"
    package = source.module.split(".") if is_package else source.module.split(".")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Every import with its line, also those inside functions and under TYPE_CHECKING."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(source, node)
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield node.lineno, whole if _is_module(whole) else module


def _within(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


def _allowed(source: Source) -> tuple[str, ...]:
    if _within(source.module, STANDS_ALONE):
        return (STANDS_ALONE,)
    return MAY_IMPORT[source.room]


def _is_of_its_own_family(source: Source, name: str) -> bool:
    """A plugin may import its own package, and helpers NoneBot does not load because of their `_`."""
    parts = name.split(".")
    if source.room != "plugins" or len(parts) < 2 or parts[0] != "plugins":
        return False
    return parts[1].startswith("_") or parts[1] == source.path.with_suffix("").parts[1]


def _may(source: Source, name: str) -> bool:
    if name.split(".")[0] not in OURS:
        return True
    return any(_within(name, room) for room in _allowed(source)) or _is_of_its_own_family(source, name)


def _report(rule: str, faults: list[str]) -> str:
    return "\n  ".join([rule, *faults])


def test_no_room_imports_upward() -> None:
    faults = [
        f"{source.at(line)} imports {name}; {source.room} may import {', '.join(_allowed(source))}"
        for source in sources(frozenset(MAY_IMPORT))
        for line, name in imports(source)
        if not _may(source, name)
    ]
    assert not faults, _report("An import runs upward:", faults)


def test_no_function_is_longer_than_a_screen() -> None:
    faults = [
        f"{source.at(node.lineno)} {node.name} has {length} lines"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not faults, _report(f"A function is longer than {LONGEST_FUNCTION} lines:", faults)


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    faults = [
        f"{source.at(length)} is the last line"
        for source in sources(OURS - {"tests"})
        if (length := len(source.text.splitlines())) > LONGEST_FILE
    ]
    assert not faults, _report(f"A file is longer than {LONGEST_FILE} lines:", faults)


def _is_naive_clock(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    owner, name = ast.unparse(call.func.value), call.func.attr
    if owner not in {"datetime", "datetime.datetime", "date", "datetime.date"}:
        return False
    given = len(call.args) + len(call.keywords)
    if name in {"utcnow", "utcfromtimestamp", "today"}:
        return True
    return (name == "now" and given == 0) or (name == "fromtimestamp" and given < 2)


def test_no_time_is_read_without_its_zone() -> None:
    faults = [
        f"{source.at(node.lineno)} {ast.unparse(node)}"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.Call) and _is_naive_clock(node)
    ]
    assert not faults, _report("A time is read without its zone:", faults)


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and raising the same error again swallows nothing."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"} for kind in caught)


def _has_reason(lines: list[str], number: int) -> bool:
    """A comment on the line or right above it; a linter's code alone is not a reason."""
    above = lines[number - 2].strip() if number > 1 else ""
    _, _, beside = lines[number - 1].partition("#")
    comment = beside + (above if above.startswith("#") else "")
    return len(re.sub(r"noqa(: *[A-Z0-9, ]+)?", "", comment).strip(" -:#")) > 8


def test_whoever_catches_everything_says_why() -> None:
    faults = [
        source.at(node.lineno)
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.ExceptHandler) and _swallows_everything(node)
        if not _has_reason(source.text.splitlines(), node.lineno)
    ]
    assert not faults, _report("A handler catches everything without a reason beside it:", faults)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(file: str) -> dict[str, int]:
    """The packages one requirements file names, with their lines."""
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    found = ((number, re.match(r"[A-Za-z][\w.-]*", line)) for number, line in enumerate(lines, start=1))
    return {_plain(name.group()): number for number, name in found if name}


def _imported_distributions(rooms: frozenset[str]) -> set[str]:
    """Namespace packages such as `nonebot` count for every distribution that fills the imported part."""
    tops = {name.split(".")[0] for source in sources(rooms) for _, name in imports(source)}
    owners = packages_distributions()
    found = {_plain(owner) for top in tops for owner in owners.get(top, [])}
    whole = " ".join(name for source in sources(rooms) for _, name in imports(source))
    adapters = {f"nonebot-adapter-{kind}" for kind in ("onebot", "qq")}
    return {name for name in found if name not in adapters or f"nonebot.adapters.{name[16:]}" in whole}


def test_every_package_the_bot_declares_is_really_imported() -> None:
    used = _imported_distributions(frozenset(MAY_IMPORT))
    for package, reason in NOT_IMPORTED_BY_US.items():
        print(f"not imported by us: {package}, because {reason}")
    faults = [
        f"requirements/run.in:{line} {package}"
        for package, line in _declared("run.in").items()
        if package not in used | NOT_IMPORTED_BY_US.keys()
    ]
    assert not faults, _report("A package is declared but never imported:", faults)


def test_an_exception_from_that_rule_ends_with_its_reason() -> None:
    used = _imported_distributions(frozenset(MAY_IMPORT))
    faults = [f"{package} ({reason})" for package, reason in NOT_IMPORTED_BY_US.items() if package in used]
    assert not faults, _report("A package is excepted although it is imported now:", faults)


def test_the_locks_name_no_host_and_check_every_file() -> None:
    faults = []
    for name in ("run.txt", "test.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        lines = text.splitlines()
        for number, line in enumerate(lines, start=1):
            if "//" in line or line.startswith("-") or " @ " in line:
                faults.append(f"requirements/{name}:{number} {line}")
            elif re.match(r"\w.*==", line) and "--hash=sha256:" not in lines[number]:
                faults.append(f"requirements/{name}:{number} {line} has no hash")
    assert not faults, _report("A lock names a source or leaves a file unchecked:", faults)


def test_the_tests_run_on_exactly_what_the_bot_runs_on() -> None:
    pinned = re.compile(r"^(\S+==\S+)", re.MULTILINE)
    run, test = (
        set(pinned.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")))
        for name in ("run.txt", "test.txt")
    )
    assert run <= test, _report("The locks differ; run `make lock`:", sorted(run - test))


def test_the_notice_names_the_licence_of_everything_that_is_installed() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w.-]+) {2,}\S", notice, re.MULTILINE))
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8"), re.M))
    assert listed == locked, _report("NOTICE and requirements/run.txt differ:", sorted(listed ^ locked))
