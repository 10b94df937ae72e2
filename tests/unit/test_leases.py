"""The rules of leases in the queue in memory, and the backoff; the clock jumps, nothing sleeps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vitality.coordination.memory import MemoryLeases, MemoryQueue
from vitality.coordination.work import BACKOFF_BASE, BACKOFF_CAP, Claim, NewWork, Settlement, WorkQueue, backoff
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.records import Host, Role, WorkKind
from vitality.storage.database import Connection

KIND = WorkKind.READ_SCHEDULE
HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=30)


async def worker(queue: MemoryQueue) -> MemoryLeases:
    leases = MemoryLeases(queue)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    return leases


def site(n: int, host: str | None = None, **options: object) -> NewWork:
    return NewWork(kind=KIND, subject=f"http://s{n}.org", host=Host(host or f"s{n}.org"), **options)  # type: ignore[arg-type]


async def test_the_fake_is_a_work_queue() -> None:
    """Whatever takes a WorkQueue takes the fake."""
    queue: WorkQueue = MemoryLeases(MemoryQueue())
    assert not queue.trusted()


async def test_a_host_has_one_holder_and_settled_work_waits() -> None:
    """One piece a host at a time; settling frees the host and moves the due time on."""
    queue = MemoryQueue()
    a, b = await worker(queue), await worker(queue)
    await a.add(None, [site(1, "h"), site(2, "h")])
    (claim,) = await a.claim([KIND], 5)
    assert await b.claim([KIND], 5) == []
    await a.settle(claim, Settlement(due_in=HOUR))
    assert len(await b.claim([KIND], 5)) == 1
    queue.pass_time(HOUR)
    assert [backlog.due for backlog in await b.backlog() if backlog.kind is KIND] == [1]


async def test_a_stale_claim_writes_nothing() -> None:
    """After a rescue no call on the old claim succeeds, and its findings are not written."""
    queue = MemoryQueue()
    a, b = await worker(queue), await worker(queue)
    await a.add(None, [site(1)])
    (stale,) = await a.claim([KIND], 1)
    queue.pass_time(LEASE - timedelta(seconds=1))
    await b.renew()
    queue.pass_time(timedelta(seconds=2))
    assert not a.trusted()
    (fresh,) = await b.claim([KIND], 1)
    assert fresh.term == stale.term + 1
    written: list[Claim] = []

    async def write(_: Connection) -> None:
        written.append(stale)

    for end in (
        a.settle(stale, Settlement(due_in=HOUR, write=write)),
        a.retry(stale, "x"),
        a.snooze(stale, queue.now, "x"),
        a.give_back([stale]),
        a.renew(),
    ):
        with pytest.raises(LeaseLost):
            await end
    assert written == []
    await b.settle(fresh, Settlement(due_in=HOUR, write=write))
    assert len(written) == 1


async def test_crashes_and_failures_bury_after_the_allowed_attempts() -> None:
    """Attempts count at the claim, whether it ends in a crash or a failure; snoozing costs none."""
    queue = MemoryQueue()
    await (await worker(queue)).add(None, [site(1, max_attempts=3)])
    victim = await worker(queue)
    (claim,) = await victim.claim([KIND], 1)
    await victim.snooze(claim, queue.now, "wait")
    for expected in (1, 2):
        victim = await worker(queue)
        assert [claim.attempt for claim in await victim.claim([KIND], 1)] == [expected]
        queue.pass_time(2 * LEASE)
    last = await worker(queue)
    (claim,) = await last.claim([KIND], 1)
    await last.retry(claim, "broken")
    assert await last.claim([KIND], 1) == []
    assert [outcome for _, outcome in queue.history] == ["snoozed", "expired", "expired", "buried"]
    await last.add(None, [site(1)])
    assert queue.work[KIND, "http://s1.org"].state == "buried"


async def test_away_is_not_empty() -> None:
    """A queue that cannot be reached raises; it never says that there is no work."""
    queue = MemoryQueue()
    leases = await worker(queue)
    queue.away = True
    for call in (leases.claim([KIND], 1), leases.renew(), leases.add(None, [site(1)]), leases.backlog()):
        with pytest.raises(DatabaseUnavailable):
            await call


def test_backoff_has_full_jitter_under_a_doubling_limit() -> None:
    """The wait is drawn from nought to the limit, which doubles to a cap."""
    assert backoff(1, 0.0) == timedelta(0)
    assert backoff(1, 1.0) == BACKOFF_BASE
    assert backoff(3, 1.0) == 4 * BACKOFF_BASE
    assert backoff(1000, 1.0) == BACKOFF_CAP
    assert len({backoff(4) for _ in range(20)}) > 1
