"""Real Postgres for the tests: one embedded server a session (shared by xdist's workers), one database a test."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from vitality.storage.embedded import EmbeddedPostgres, ensure
from vitality.storage.schema import migrate

TEMPLATE = "vitality_template"
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The session's server; whoever leaves last stops it and removes its folder."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"vitality-tests-{os.getuid()}-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = asyncio.run(ensure(folder, settings=FAST))
        asyncio.run(_make_template(server))
        yield server
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        asyncio.run(server.stop())
    shutil.rmtree(folder)


@pytest.fixture
def dsn(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a fresh database with the newest schema."""
    yield from _database(postgres, TEMPLATE)


@pytest.fixture
def empty_dsn(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a fresh database without any schema of ours."""
    yield from _database(postgres, "template0")


def _database(postgres: EmbeddedPostgres, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    asyncio.run(_execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield postgres.dsn_of(name)
    asyncio.run(_execute(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(postgres: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn_of("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _make_template(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.dsn_of("postgres"))
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
            await connection.execute("CREATE DATABASE template_in_making")
            await migrate(postgres.dsn_of("template_in_making"))
            await connection.execute(f"ALTER DATABASE template_in_making RENAME TO {TEMPLATE}")
    finally:
        await connection.close()
