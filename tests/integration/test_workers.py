"""The registry of workers, what a person does with work, and upkeep, against real Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from vitality.coordination.control import WorkControl
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork
from vitality.coordination.workers import WorkerInfo, Workers
from vitality.records import Host, Role, WorkKind
from vitality.storage import status
from vitality.storage.database import Database
from vitality.storage.upkeep import Kept, upkeep

pytestmark = pytest.mark.integration

KIND = WorkKind.READ_SCHEDULE
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


@pytest.fixture
async def leases(database: Database) -> Leases:
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=tuple(Role), name="pod-1", version="1"))
    return leases


async def test_each_start_of_a_pod_is_another_worker(leases: Leases, database: Database) -> None:
    """A pod that starts again has its old name and a new id; the old one is shown as ended."""
    await leases.close()
    again = Leases(database, Wakeups(database, listen_dsn=None))
    await again.open(WorkerInfo(roles=(Role.SCHEDULE,), name="pod-1"))
    first, second = await Workers(database).all()
    assert first.name == second.name
    assert first.id != second.id
    assert (first.ending, second.ending) == ("closed", None)


async def test_entering_again_after_a_loss_takes_a_new_id(leases: Leases, database: Database) -> None:
    """A lease that was lost is never taken up again."""
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,), name="pod-1"))
    ids = {worker.id for worker in await Workers(database).all()}
    assert len(ids) == 2


async def test_buried_work_comes_back_by_hand(leases: Leases, database: Database) -> None:
    """A person buries, finds and brings back; attempts are forgotten and the work is due now."""
    control = WorkControl(database)
    await leases.add(
        None, [NewWork(kind=KIND, subject=str(n), host=Host(f"h{n}.org"), max_attempts=1) for n in range(3)]
    )
    (claim,) = await leases.claim([KIND], 1)
    await leases.retry(claim, "broken page")
    others = [work.id for work in await control.find(kind=KIND, state="waiting")]
    assert await control.bury(others, "not now") == 2
    assert await leases.claim([KIND], 5) == []
    shown = await control.show(claim.work_id)
    assert shown is not None
    assert (shown[0].state, shown[0].error, [run.outcome for run in shown[1]]) == ("buried", "broken page", ["buried"])
    assert await control.retry([claim.work_id]) == 1
    assert [again.attempt for again in await leases.claim([KIND], 5)] == [1]
    assert await control.retry(kind=WorkKind.WRITE_REPORT) == 0
    assert await control.retry(kind=KIND) == 2
    assert await control.retry([claim.work_id]) == 0, "what is leased is left alone"
    assert await control.show(10**9) is None


async def test_waiting_work_is_made_due_by_hand(leases: Leases, database: Database) -> None:
    """retry with ids brings forward what is not due yet."""
    await leases.add(None, [NewWork(kind=KIND, subject="1", host=Host("a.org"), due_in=HOUR)])
    (work,) = await WorkControl(database).find()
    await WorkControl(database).retry([work.id])
    assert len(await leases.claim([KIND], 5)) == 1


async def test_the_status_shows_failures_and_throughput(leases: Leases, database: Database) -> None:
    """The operator sees what failed last, what is done an hour, and totals of what was found."""
    await leases.add(None, [NewWork(kind=KIND, subject="1", host=Host("a.org"))])
    (claim,) = await leases.claim([KIND], 1)
    await leases.retry(claim, "500")
    async with database.connection() as connection:
        (failure,) = await status.last_failures(connection)
        (rate,) = await status.throughput(connection)
        assert await status.parked_hosts(connection) == []
        assert (await status.totals(connection)).dioceses == 0
    assert (failure.subject, failure.reason) == ("1", "500")
    assert (rate.done, rate.failed) == (0, 1)


async def test_the_strain_on_the_database_is_seen(leases: Leases, database: Database, dsn: str) -> None:
    """A snapshot that another session holds open is told with its age, and each hot table with its dead rows."""
    async with database.connection() as connection:
        assert (await status.strain(connection)).oldest_snapshot == timedelta(0)
    other = await asyncpg.connect(dsn)
    async with other.transaction(isolation="repeatable_read"):
        await other.fetchval("SELECT count(*) FROM work")
        async with database.connection() as connection:
            seen = await status.strain(connection)
    await other.close()
    assert seen.oldest_snapshot > timedelta(0)
    assert set(seen.dead_rows) == {"work", "host", "lane", "lease"}


async def test_upkeep_drops_old_days_and_makes_new_ones(database: Database) -> None:
    """History is pruned by dropping days; rows that came while no day was ready are deleted with them."""
    old = "20200101"
    async with database.connection() as connection:
        await connection.execute(
            f"CREATE TABLE request_{old} PARTITION OF request FOR VALUES FROM ('2020-01-01') TO ('2020-01-02');"
            "INSERT INTO request (started_at, host, url, outcome, duration_ms) VALUES"
            " ('2020-01-01 12:00Z', 'h', 'u', 'fetched', 1), ('2020-01-05 12:00Z', 'h', 'u', 'fetched', 1),"
            " (now(), 'h', 'u', 'fetched', 1);"
            "DROP TABLE work_run_" + await connection.fetchval("SELECT to_char(current_date + 1, 'YYYYMMDD')")
        )
    done = await upkeep(database, Kept())
    assert done is not None
    assert (done.days_made, done.days_dropped) == (1, 1)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM request") == 1


async def test_upkeep_that_comes_too_late_does_not_fail(database: Database) -> None:
    """A day whose rows already lie in the default partition is left there."""
    async with database.connection() as connection:
        day = await connection.fetchval("SELECT to_char(current_date, 'YYYYMMDD')")
        await connection.execute(
            f"DROP TABLE request_{day}; INSERT INTO request (started_at, host, url, outcome, duration_ms)"
            " VALUES (now(), 'h', 'u', 'fetched', 1)"
        )
    assert await upkeep(database) is not None
