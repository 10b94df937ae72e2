"""Vitality's own coordination, with work that belongs to no host and with work of many hosts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta

from queues.contender import Contender
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Host, Role, WorkKind
from vitality.storage.database import Database

KIND = WorkKind.READ_SCHEDULE
HOSTS = 2000
WEEK = timedelta(days=7)
CHUNK = 5000
EMPTY = "TRUNCATE work, lane, host, lease, worker, work_run RESTART IDENTITY"


def fill(hosts: int | None) -> Callable[[str, int], Awaitable[None]]:
    async def filled(dsn: str, pieces: int) -> None:
        database = Database(dsn)
        leases = Leases(database, Wakeups(database, listen_dsn=None))
        async with database.connection() as connection:
            await connection.execute(EMPTY)
        works = [_work(n, hosts) for n in range(pieces)]
        for start in range(0, pieces, CHUNK):
            await leases.add(None, works[start : start + CHUNK])
        async with database.connection() as connection:
            await connection.execute("VACUUM ANALYZE work, lane, host")
        await database.close()

    return filled


def _work(n: int, hosts: int | None) -> NewWork:
    return NewWork(kind=KIND, subject=str(n), host=Host(f"h{n % hosts}.org") if hosts else None)


async def drain(dsn: str, batch: int) -> int:
    database = Database(dsn, size=2)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    keeper = asyncio.create_task(leases.keep())
    settlement, done = Settlement(due_in=WEEK), 0
    while (claims := await leases.claim([KIND], batch)) or await _due(leases):
        while claims:
            done += len(claims)
            claims, lost = await leases.exchange([(claim, settlement) for claim in claims], [KIND], batch)
            assert not lost
    keeper.cancel()
    await leases.close()
    await database.close()
    return done


async def _due(leases: Leases) -> int:
    """What is leased is another's to finish."""
    return sum(each.due for each in await leases.backlog())


def put(host: bool) -> Callable[[str], Awaitable[Callable[[], Awaitable[None]]]]:
    async def opened(dsn: str) -> Callable[[], Awaitable[None]]:
        database = Database(dsn, size=2)
        wakeups = Wakeups(database, listen_dsn=None)
        leases, numbers = Leases(database, wakeups), itertools.count(1_000_000)
        sender = asyncio.create_task(wakeups.run())

        async def one() -> None:
            assert not sender.done()
            await leases.add(None, [_work(next(numbers), HOSTS if host else None)])

        return one

    return opened


async def take(dsn: str, picked: Callable[[], None]) -> None:
    database = Database(dsn, size=2)
    wakeups = Wakeups(database, listen_dsn=dsn)
    leases = Leases(database, wakeups)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wakeups.run())
        tasks.create_task(leases.keep())
        while True:
            claims = await leases.claim([KIND], 10)
            for _ in claims:
                picked()
            if claims:
                await leases.settle_all([(claim, Settlement(due_in=WEEK)) for claim in claims])
            else:
                await leases.wait([KIND], timedelta(seconds=10))


FREE = Contender("vitality, no host limit", fill(None), drain, put(host=False), take)
HOSTED = Contender(f"vitality, {HOSTS} hosts", fill(HOSTS), drain, put(host=True), take)
