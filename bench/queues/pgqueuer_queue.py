"""pgqueuer with its own worker in drain mode, on asyncpg."""

from __future__ import annotations

import logging

import asyncpg
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import AsyncpgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from queues.contender import Contender

CHUNK = 5000
logging.getLogger("pgqueuer").setLevel(logging.ERROR)


async def fill(dsn: str, pieces: int) -> None:
    connection = await asyncpg.connect(dsn)
    queries = Queries(AsyncpgDriver(connection))
    if await connection.fetchval("SELECT to_regclass('pgqueuer') IS NOT NULL"):
        await queries.uninstall()
    await queries.install()
    for start in range(0, pieces, CHUNK):
        count = min(CHUNK, pieces - start)
        await queries.enqueue(["noop"] * count, [None] * count, [0] * count)
    await connection.execute("VACUUM ANALYZE pgqueuer")
    await connection.close()


async def drain(dsn: str, batch: int) -> int:
    connection = await asyncpg.connect(dsn)
    manager, done = QueueManager(Queries(AsyncpgDriver(connection))), 0

    @manager.entrypoint("noop")
    async def noop(_: Job) -> None:
        nonlocal done
        done += 1

    await manager.run(batch_size=batch, mode=QueueExecutionMode.drain)
    return done


PGQUEUER = Contender("pgqueuer", fill, drain)
