"""How a role's pool sees the queue: a lease that ran out is waited for, not died of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest

from vitality.app.worker import _Source
from vitality.coordination.leases import Leases
from vitality.coordination.memory import MemoryLeases, MemoryQueue
from vitality.coordination.work import NewWork
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable
from vitality.records import Role, WorkKind
from vitality.runtime.pool import Reason
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
