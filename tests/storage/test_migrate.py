"""Numbered files, each applied once; both engines end up with the same tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage import migrate as module
from storage.engine import Store, StoreFault, Tx
from storage.migrate import DIALECT, FOLDER, statements
from storage.postgres import PostgresStore
from storage.sqlite import SQLiteStore


def steps(tx: Tx) -> list[tuple[int, str]]:
    return [(number, name) for number, name in tx.all("SELECT number, name FROM schema_step ORDER BY number")]


async def again(store: Store) -> list[tuple[int, str]]:
    """Close it and open it anew, as the next start does; returns the steps then."""
    await store.close()
    other: Store
    if isinstance(store, SQLiteStore):
        other = SQLiteStore(store.path)
    else:
        assert isinstance(store, PostgresStore)
        other = PostgresStore(store._url)
    await other.open()
    try:
        return await other.read(steps)
    finally:
        await other.close()


async def test_the_next_start_applies_nothing_twice(store: Store) -> None:
    files = sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))
    before = await store.read(steps)
    assert before == [(int(name[:4]), name) for name in files]
    assert await again(store) == before


def test_the_files_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in FOLDER.iterdir() if path.suffix == ".sql")
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_database_of_a_newer_program_is_refused(store: Store) -> None:
    await store.run(lambda tx: tx.run("INSERT INTO schema_step (number, name) VALUES (9999, 'future')"))
    with pytest.raises(StoreFault, match="install the newer program"):
        await again(store)


async def test_a_step_that_fails_leaves_nothing_behind_and_can_be_taken_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await store.read(steps)
    next_step = (len(before) + 1, f"{len(before) + 1:04d}_next")
    for file in FOLDER.glob("[0-9]*.sql"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    extra = "CREATE TABLE extra (id {id});"
    (tmp_path / f"{next_step[1]}.sql").write_text(f"{extra}\n{extra}", "utf-8")
    with pytest.raises(StoreFault, match="already exists"):
        await again(store)
    (tmp_path / f"{next_step[1]}.sql").write_text(f"-- one table;\n{extra}", "utf-8")
    assert await again(store) == [*before, next_step]


def test_comments_and_dialect_words_are_read() -> None:
    text = "-- a comment; with a semicolon\nCREATE TABLE a (\n  id {id}, x {blob}\n);\n\nCREATE INDEX i ON a (x);\n"
    assert statements(text, "sqlite") == [
        "CREATE TABLE a (\n  id INTEGER PRIMARY KEY, x BLOB\n)",
        "CREATE INDEX i ON a (x)",
    ]
    assert set(DIALECT["sqlite"]) == set(DIALECT["postgresql"])


TABLES = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'",
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%pkey'",
}


@pytest.mark.postgres
async def test_both_engines_have_the_same_tables_columns_and_indexes(
    sqlite: SQLiteStore, postgres: PostgresStore
) -> None:
    for question in (TABLES, INDEXES):
        found = await sqlite.read(lambda tx, sql: tx.all(sql), question["sqlite"])
        assert found
        assert set(found) == set(await postgres.read(lambda tx, sql: tx.all(sql), question["postgresql"]))
