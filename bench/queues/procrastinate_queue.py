"""procrastinate with its own worker, `batch` jobs at a time, until it has caught up."""

from __future__ import annotations

import logging

import asyncpg
import procrastinate

from queues.contender import Contender

CHUNK = 5000
logging.getLogger("procrastinate").setLevel(logging.ERROR)


def _app(dsn: str) -> procrastinate.App:
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn))


async def fill(dsn: str, pieces: int) -> None:
    connection = await asyncpg.connect(dsn)
    known = await connection.fetchval("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
    app = _app(dsn)
    task = app.task(name="noop")(_noop)
    async with app.open_async():
        if not known:
            await app.schema_manager.apply_schema_async()
        await connection.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")
        for start in range(0, pieces, CHUNK):
            await task.batch_defer_async(*({} for _ in range(min(CHUNK, pieces - start))))
    await connection.execute("VACUUM ANALYZE procrastinate_jobs, procrastinate_events")
    await connection.close()


async def _noop() -> None:
    return


async def drain(dsn: str, batch: int) -> int:
    app, done = _app(dsn), 0

    @app.task(name="noop")
    async def noop() -> None:
        nonlocal done
        done += 1

    async with app.open_async():
        await app.run_worker_async(wait=False, concurrency=batch, listen_notify=False, install_signal_handlers=False)
    return done


PROCRASTINATE = Contender("procrastinate", fill, drain)
