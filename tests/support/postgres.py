"""A private PostgreSQL server for the tests: a folder of its own, a Unix socket, no network.

The server refuses to run as root, so root starts it as a user without rights, who then owns the folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from storage.migrate import migrate
from storage.postgres import PostgresTx

NO_SERVER = "no PostgreSQL server programs in /usr/lib/postgresql/*/bin or PATH (Debian: postgresql-15)"
START_SECONDS = 30.0

_TEMPLATE = "with_tables"
_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_TABLES = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " UNION ALL SELECT name, CAST(number AS TEXT) FROM schema_step ORDER BY 1, 2"
)
_EMPTY = """
DO $$ DECLARE name text; filled boolean; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_step' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


def programs() -> Path | None:
    """The folder of the newest server's programs, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb", path=os.pathsep.join([*map(str, reversed(folders)), os.environ.get("PATH", "")]))
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A running server; databases are copies of one that has our tables already."""

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        # Not pytest's own folder: its path can be longer than a socket's name may be.
        self._folder = Path(tempfile.mkdtemp(prefix="baosong-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._empty: list[str] = []
        self._columns: list[tuple[Any, ...]] = []
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = _powerless_user()
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def create(self) -> None:
        """Make the server's files, start it, and make the database that all others are copied from."""
        settings = ["--auth=trust", "--username=baosong", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = self._spawn("initdb", *settings, "-D", str(self._folder / "data"), output=subprocess.PIPE)
        said, _ = made.communicate()
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{said.decode()}")
        self.start()
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        with psycopg.connect(self.url(_TEMPLATE), autocommit=True) as raw:
            migrate(PostgresTx(raw), "postgresql")

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            # What these tests kill is the server, never the machine: what it gave to the system is kept.
            settings = ("listen_addresses=", "max_connections=50", "fsync=off")
            options = ["-k", str(self._folder), *(word for one in settings for word in ("-c", one))]
            self._process = self._spawn("postgres", "-D", str(self._folder / "data"), *options, output=log.fileno())
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        """Cut every connection and stop at once, as in a crash; the next start recovers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database with our tables and nothing in them. Making one takes half a second, emptying one a
        few milliseconds, so the next test gets it again; one whose tables were changed is gone."""
        name = self._empty.pop() if self._empty else self._made()
        try:
            yield self.url(name)
        finally:
            if self._emptied(name):
                self._empty.append(name)
            else:
                self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def _emptied(self, name: str) -> bool:
        """Whether a database is as it was made: connections closed, rows gone, numbers from one, its own settings."""
        self.execute(f"ALTER DATABASE {name} RESET ALL")
        with psycopg.connect(self.url(name), autocommit=True) as raw:
            raw.execute(_ALONE)
            if raw.execute(_TABLES).fetchall() != self._tables():
                return False
            raw.execute(_EMPTY)
        return True

    def _tables(self) -> list[tuple[Any, ...]]:
        if not self._columns:
            with psycopg.connect(self.url(_TEMPLATE), autocommit=True) as raw:
                self._columns = raw.execute(_TABLES).fetchall()
        return self._columns

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://baosong@/{database}?host={self._folder}"

    def execute(self, sql: str) -> None:
        """Run a statement of an administrator."""
        with psycopg.connect(self.url(), autocommit=True) as raw:
            raw.execute(sql.encode())

    def _spawn(self, program: str, *arguments: str, output: int) -> subprocess.Popen[bytes]:
        command: Sequence[str] = (str(self._bin / program), *arguments)
        return subprocess.Popen(
            command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **self._identity,
        )


def _powerless_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
