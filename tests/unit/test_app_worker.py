"""How a role's pool sees the queue: a lease that ran out is waited for, not died of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import cast

import pytest

from vitality.app import worker as worker_module
from vitality.app.database import Opened
from vitality.app.worker import Worker, _Source
from vitality.coordination.leases import Leases
from vitality.coordination.memory import MemoryLeases, MemoryQueue
from vitality.coordination.work import NewWork
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable
from vitality.records import Role, WorkKind
from vitality.runtime.pool import Reason
from vitality.settings import Settings, WorkerType
from vitality.storage.database import Database
from vitality.telemetry.metrics import Metrics

KINDS = (WorkKind.READ_SCHEDULE,)


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    made = Metrics(version="0")
    yield made
    made.close()


async def test_without_a_lease_the_pool_waits_as_for_a_database_that_is_away(metrics: Metrics) -> None:
    """Before the process has entered, and after its lease ran out; entered anew, it claims again."""
    queue = MemoryQueue()
    leases = MemoryLeases(queue)
    source = _Source(cast("Leases", leases), KINDS, metrics)
    with pytest.raises(DatabaseUnavailable, match="no lease"):
        await source.claim(1)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    queue.pass_time(timedelta(hours=1))
    with pytest.raises(DatabaseUnavailable, match="no lease"):
        await source.claim(1)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await leases.add(None, [NewWork(kind=KINDS[0], subject="1")])
    assert len(await source.claim(1)) == 1


async def test_what_has_passed_to_others_is_not_owed(metrics: Metrics) -> None:
    """Giving back claims of a lease that ran out ends well: they are another's by then."""
    queue = MemoryQueue()
    leases = MemoryLeases(queue)
    source = _Source(cast("Leases", leases), KINDS, metrics)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await leases.add(None, [NewWork(kind=KINDS[0], subject="1")])
    claims = await source.claim(1)
    queue.pass_time(timedelta(hours=1))
    for reason in Reason:
        await source.give_back(claims, reason)


async def test_a_worker_that_starts_waits_for_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Postgres is away for two looks, then there: the worker enters, and what it opened before is closed."""
    looks: list[str] = []

    @asynccontextmanager
    async def opened(_settings: Settings) -> AsyncIterator[Opened]:
        looks.append("open")
        if len(looks) < 3:
            raise DatabaseUnavailable("away")
        database = Database("postgresql://nobody@127.0.0.1:1/none")
        try:
            yield Opened(database, database.dsn, None, None)
        finally:
            looks.append("closed")

    async def seed(_worker: Worker) -> None:
        return

    monkeypatch.setattr("vitality.app.worker.opened", opened)
    monkeypatch.setattr("vitality.app.worker.DATABASE_AGAIN_S", 0.0)
    monkeypatch.setattr(Worker, "seed", seed)
    settings = Settings(worker_type=WorkerType.REPORTING)
    async with AsyncExitStack() as stack:
        assert isinstance(await worker_module._entered(settings, stack), Worker)
        assert looks == ["open"] * 3
    assert looks[-1] == "closed"
    monkeypatch.setattr("vitality.app.worker.DATABASE_WAIT_S", 0.0)
    looks.clear()
    async with AsyncExitStack() as stack:
        with pytest.raises(DatabaseUnavailable):
            await worker_module._entered(settings, stack)
