"""Settlements of different roles that touch the same rows do not wait for each other in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import asyncpg
import pytest

from vitality.coordination.leases import TRIES, Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable
from vitality.records import Diocese, Host, Parish, Role, WorkKind
from vitality.storage import dioceses, parishes, service_times
from vitality.storage.database import Connection, Database

pytestmark = pytest.mark.integration

DAY = date(2026, 11, 1)
FOUND = [("a", Parish(name="A", website="http://cluster.org/")), ("b", Parish(name="B", website="http://cluster.org/"))]


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


async def test_reading_a_directory_does_not_wait_for_the_reading_of_a_site(database: Database) -> None:
    """The schedule's settlement holds a site and then wants its parishes; the extraction's holds them and needs the site."""
    async with database.transaction() as connection:
        diocese = await _diocese(connection)
        (site,) = (await parishes.save(connection, diocese, FOUND, today=DAY, complete=True)).sites
        (one, other) = await parishes.of_site(connection, site.id)
    async with database.transaction() as reading:
        await service_times.save(reading, site.id, [], today=DAY)
        async with database.transaction() as extracting:
            await extracting.execute("SET LOCAL lock_timeout = '2s'")
            await parishes.save(extracting, diocese, FOUND, today=DAY, complete=True)
            filling = asyncio.create_task(parishes.fill(reading, one.id, one.parish, today=DAY))
            await asyncio.sleep(0.1)
            assert not filling.done(), "it waits for the directory's reading, which waits for nobody"
        await filling
    assert [one.identity, other.identity] == ["a", "b"], "in the order in which a directory's reading takes them"


async def _diocese(connection: Connection) -> int:
    url = "http://conference.org/"
    return (await dioceses.save_list(connection, [Diocese(name="Joplin")], url)).ids["Joplin"]


async def test_a_settlement_that_always_ends_in_a_deadlock_is_given_up_for_now(database: Database) -> None:
    """It is tried three times, and then no failure of the process: the work can be given back."""
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await leases.add(None, [NewWork(kind=WorkKind.READ_SCHEDULE, subject="1", host=Host("a.org"))])
    (claim,) = await leases.claim([WorkKind.READ_SCHEDULE], 1)
    tries = []

    async def write(_: Connection) -> None:
        tries.append(1)
        raise asyncpg.DeadlockDetectedError("deadlock detected")

    with pytest.raises(DatabaseUnavailable, match="deadlock detected"):
        await leases.settle(claim, Settlement(due_in=timedelta(hours=1), write=write))
    assert len(tries) == TRIES
    await leases.give_back([claim])
