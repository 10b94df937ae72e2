"""The connections at hand in front of the pool, against real Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from vitality.storage.database import Database

pytestmark = pytest.mark.integration


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn, size=1)
    yield database
    await database.close()


async def backend(database: Database) -> int:
    async with database.connection() as connection:
        return int(await connection.fetchval("SELECT pg_backend_pid()"))


async def test_the_same_connection_serves_again(database: Database) -> None:
    """What was used without trouble is used again."""
    assert await backend(database) == await backend(database)


async def test_a_connection_that_was_cut_while_idle_is_replaced_unnoticed(database: Database, dsn: str) -> None:
    """A server that ended the session meanwhile costs nobody an error."""
    gone = await backend(database)
    other = await asyncpg.connect(dsn)
    await other.execute("SELECT pg_terminate_backend($1)", gone)
    await other.close()
    await asyncio.sleep(0.2)
    assert await backend(database) != gone


async def test_who_waits_for_the_pool_is_served(database: Database) -> None:
    """A connection that comes back while others wait goes to them and is not kept at hand."""
    seen = await asyncio.wait_for(asyncio.gather(*(backend(database) for _ in range(20))), 10)
    assert len(set(seen)) == 1


async def test_an_error_gives_the_connection_back_clean(database: Database) -> None:
    """A transaction that failed is over for the next user, whoever caught the error."""
    with pytest.raises(asyncpg.UndefinedTableError):
        async with database.transaction() as connection:
            await connection.execute("SELECT 1 FROM nowhere")
    async with database.connection() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_cancelled_statement_leaves_a_usable_pool(database: Database) -> None:
    """Being cancelled in the middle of a statement costs nobody else an error."""
    task = asyncio.create_task(_sleep(database))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await backend(database) > 0


async def _sleep(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("SELECT pg_sleep(10)")


async def test_closing_leaves_no_session_behind(database: Database, dsn: str) -> None:
    """The connections at hand are closed with the pool."""
    mine = await backend(database)
    await database.close()
    other = await asyncpg.connect(dsn)
    await asyncio.sleep(0.2)
    assert await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", mine) == 0
    await other.close()
