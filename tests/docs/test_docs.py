"""The documentation names what there is, and nothing that is not there."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from bot.cli.tools import make_parser, tools
from bot.commands import VOCABULARY
from bot.metrics import METRICS
from bot.office import build_office
from bot.plan import build_plan
from bot.settings import Settings
from domain.item import LABELS as ITEM_STATES
from domain.roster import DESK, REPORTERS, Role
from scheduler.jobs import build_jobs
from storage.outbox import LABELS as SENDING_STATES
from tests.docs.dialogues import dialogues, replay
from tests.support.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REPORTER, OFFICE, OPERATOR = (DOCS / f"manual-{who}.md" for who in ("reporter", "office", "operator"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
MANUALS = [*READMES, REPORTER, OFFICE, OPERATOR]

ONE_SCREEN = 45

_LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^[ ]*```.*?^[ ]*```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"/([^\s/`“”：:，。；]+)")


def read(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCED.sub("", read(page))


def section(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one of its level."""
    level = heading.split()[0]
    pattern = rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)"
    match = re.search(pattern, read(page), re.MULTILINE | re.DOTALL)
    assert match is not None, f"{page.name} has no {heading}"
    return match[1]


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = {at for at, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for at, row in enumerate(cells) if at not in rules and at + 1 not in rules]


def first_column(text: str) -> list[str]:
    return [row[0].strip("`") for row in rows(text)]


def test_no_commands_name_is_missing_from_the_manual_of_those_who_use_it() -> None:
    for page, roles in ((REPORTER, REPORTERS | {Role.LEADER}), (OFFICE, DESK)):
        written = set(_CALL.findall(read(page)))
        missing = [c.label for c in VOCABULARY.commands if (c.who is None or c.who & roles) and c.label not in written]
        assert not missing, f"{page.name}: {missing}"


PATHS = {"healthz", "readyz", "metrics", "onebot", "qq", "opt", "backup", "etc", "path", "usr", "work"}
"""First parts of addresses and folders the manuals write in code."""


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_a_command_the_manuals_name_exists(page: Path) -> None:
    names = set(VOCABULARY.names()) | PATHS
    written = {match[1] for code in _CODE.findall(prose(page)) if (match := _CALL.match(code))}
    assert not {name for name in written if name.casefold() not in names}


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the settings with its default; a key without one has `...`."""
    for name, field in model.model_fields.items():
        optional = isinstance(field.annotation, UnionType)
        kind = get_args(field.annotation)[0] if optional else field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from keys(kind, f"{prefix}{name}.")
        elif not field.exclude:
            yield prefix + name, ... if field.is_required() else field.default


def spelled(default: Any) -> str:
    """A default as TOML writes it, and as the table shows it."""
    if default is ...:
        return "必填"
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, float):
        return f"`{default:g}`"
    return f"`{json.dumps(default, ensure_ascii=False)}`"


def test_the_table_of_settings_has_every_key_with_its_default_and_no_other() -> None:
    table = {row[0].strip("`"): row[1] for row in rows(section(OPERATOR, "## 配置项"))}
    assert table == {key: spelled(default) for key, default in keys(Settings)}


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_a_setting_the_manuals_name_exists(page: Path) -> None:
    known = {key for key, _ in keys(Settings)}
    known |= {key.rpartition(".")[0] for key in known}
    sections = "|".join(Settings.model_fields)
    written = {code for code in _CODE.findall(read(page)) if re.fullmatch(rf"(?:{sections})\.[a-z_.]+", code)}
    assert written <= known


def test_every_metric_is_explained_with_its_labels_and_none_that_is_gone() -> None:
    table = {row[0].strip("`"): row[1].replace("`", "") for row in rows(section(OPERATOR, "### /metrics"))}
    assert table == {name: "、".join(labels) for name, (_, labels) in METRICS.items()}


def test_every_job_of_the_clock_is_named_and_none_that_is_gone() -> None:
    jobs = build_jobs(build_plan(Settings()), build_office(Settings())).jobs
    assert sorted(first_column(section(OPERATOR, "### 定时任务"))) == sorted(job.name for job in jobs)


def test_the_states_of_messages_and_items_are_explained() -> None:
    assert set(first_column(section(OPERATOR, "### 消息的状态"))) == set(SENDING_STATES.values())
    assert set(first_column(section(REPORTER, "## 报了以后"))) == set(ITEM_STATES.values())


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """Every subcommand of `baosong` with its parser."""
    parser = make_parser(tools())
    (action,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(action.choices)


def test_every_subcommand_has_its_section_and_every_section_its_subcommand() -> None:
    headings = re.findall(r"^### `baosong ([a-z-]+)`$", read(OPERATOR), re.MULTILINE)
    assert sorted(headings) == sorted(subcommands())


def test_every_option_of_a_subcommand_is_explained_and_none_that_is_gone() -> None:
    common = {"--help", "--config"}
    for name, parser in subcommands().items():
        there = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
        written = set(re.findall(r"(?<!-)--[a-z]+", section(OPERATOR, f"### `baosong {name}`")))
        assert written | common == there | common, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(prose(page)) if not _resolves(page, link)]
    assert not broken


def _resolves(page: Path, link: str) -> bool:
    if link.startswith(("https://", "http://")):
        return True
    file, _, anchor = link.partition("#")
    target = page.parent / file if file else page
    return target.is_file() and (not anchor or anchor in {_anchor(found) for found in _HEADING.findall(prose(target))})


def _anchor(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readme_fits_one_screen_before_its_first_heading(page: Path) -> None:
    lines = read(page).splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("## "))
    assert first <= ONE_SCREEN
    screen = "\n".join(lines[:first])
    assert all(part in screen for part in ("make run", "make test", "docs/images/practice.png", "助手（群里）"))


def test_the_two_readmes_are_twins() -> None:
    english, chinese = (read(page) for page in READMES)
    assert _levels(english) == _levels(chinese)
    assert dialogues(english) == dialogues(chinese)
    assert _commands(english) == _commands(chinese)
    links = {"README.md", "README.zh-CN.md"}
    assert set(_LINK.findall(english)) | links == set(_LINK.findall(chinese)) | links


def _levels(text: str) -> list[int]:
    """How deep each heading is, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


def _commands(text: str) -> list[str]:
    """What is typed or copied, the same in every language; remarks behind a command are not."""
    blocks = (match[0] for match in _FENCED.finditer(text))
    return [re.sub(r" +# .*", "", block) for block in blocks]


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
async def test_the_dialogues_are_what_the_bot_really_says(page: Path, stage: Stage) -> None:
    """Those of one page follow each other: what was sent above can be asked about below."""
    for turns in dialogues(read(page)):
        await replay(stage, turns)


_VARIABLE = re.compile(r"……|…|“[^”]*”|《[^》]*》|\d[\d-]*|`|：|pid")


def quoted_of_the_program() -> list[str]:
    """What the manuals say the bot says, outside dialogues: pieces without names and numbers."""
    refusals = [row[0] for row in rows(section(REPORTER, "## 没有收下，为什么"))]
    symptoms = [code for row in rows(section(OPERATOR, "## 按现象排查")) for code in _CODE.findall(row[0])]
    pieces = (piece.strip(" ()，。") for quote in [*refusals, *symptoms] for piece in _VARIABLE.split(quote))
    return [piece for piece in pieces if len(piece) > 3]


def test_what_the_manuals_quote_stands_in_the_program() -> None:
    rooms = ("bot", "plugins", "services", "domain", "storage", "scheduler", "practice")
    files = (path for room in rooms for kind in ("*.py", "*.toml") for path in (ROOT / room).rglob(kind))
    program = "".join(map(read, files))
    assert not [piece for piece in quoted_of_the_program() if piece not in program]


def test_there_are_dialogues_to_play() -> None:
    assert all(dialogues(read(page)) for page in (*READMES, REPORTER, OFFICE))
