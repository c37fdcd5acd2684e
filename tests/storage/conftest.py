"""A store on either engine: what holds on one must hold on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.engine import Store
from storage.postgres import PostgresStore
from storage.sqlite import SQLiteStore
from tests.support import city
from tests.support.fresh import opened
from tests.support.postgres import NO_SERVER, PostgresServer, programs


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run (under xdist: for this worker)."""
    bin = programs()
    if bin is None:
        pytest.skip(NO_SERVER)
    server = PostgresServer(bin)
    try:
        server.create()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(server: PostgresServer) -> Iterator[str]:
    with server.database() as url:
        yield url


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    store = await opened(tmp_path / "test.db", settled=False)
    yield store
    await store.close()


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(postgres_url)
    await store.open()
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """The test runs once on each engine."""
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def settled(store: Store) -> Store:
    """A store with the small city in it."""
    await store.run(city.settle)
    return store
