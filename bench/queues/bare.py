"""The least that a queue on Postgres can do: one table, one claim, one settlement; no fencing, hosts or history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from queues.contender import Contender

TABLE = """
DROP TABLE IF EXISTS bare;
CREATE TABLE bare (id bigint PRIMARY KEY, state text NOT NULL, due_at timestamptz NOT NULL, holder int,
                   term int NOT NULL DEFAULT 0);
CREATE INDEX ON bare (due_at) WHERE state = 'waiting'
"""
CLAIM = """
UPDATE bare SET state = 'leased', holder = $2, term = term + 1 WHERE id = ANY (ARRAY(
    SELECT id FROM bare WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""
SETTLE = "UPDATE bare SET state = 'waiting', due_at = now() + '7 days', holder = NULL WHERE id = ANY ($1)"
PUT = "INSERT INTO bare SELECT coalesce(max(id), 0) + 1, 'waiting', now() FROM bare"
CHANNEL = "bare"


async def fill(dsn: str, pieces: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(TABLE)
    await connection.execute("INSERT INTO bare SELECT n, 'waiting', now() FROM generate_series(1, $1::int) n", pieces)
    await connection.execute("VACUUM ANALYZE bare")
    await connection.close()


async def drain(dsn: str, batch: int) -> int:
    connection = await asyncpg.connect(dsn)
    done = 0
    while rows := await connection.fetch(CLAIM, batch, 1):
        await connection.execute(SETTLE, [row["id"] for row in rows])
        done += len(rows)
    await connection.close()
    return done


async def put(dsn: str) -> Callable[[], Awaitable[None]]:
    connection = await asyncpg.connect(dsn)

    async def one() -> None:
        await connection.execute(PUT)
        await connection.execute(f"NOTIFY {CHANNEL}")

    return one


async def take(dsn: str, picked: Callable[[], None]) -> None:
    listener, connection = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    woken = asyncio.Event()
    await listener.add_listener(CHANNEL, lambda *_: woken.set())
    while True:
        woken.clear()
        while rows := await connection.fetch(CLAIM, 10, 1):
            for _ in rows:
                picked()
            await connection.execute(SETTLE, [row["id"] for row in rows])
        await woken.wait()


BARE = Contender("bare asyncpg loop", fill, drain, put, take)
