"""What a piece costs with a thousand rows of backlog and with a million: claimed, written, settled."""

from __future__ import annotations

import argparse
import asyncio
import time

import asyncpg
from queues.children import server_cpu
from queues.ours import EMPTY, KIND, WEEK
from queues.verdict import Sheet

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Role
from vitality.storage.database import Connection, Database

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PIECES = 900
ROUNDS = 3
HOSTS = 17_000
FILL = f"""
INSERT INTO host (host) SELECT 'h' || n || '.org' FROM generate_series(0, {HOSTS} - 1) n;
INSERT INTO work (kind, subject, host, due_at)
SELECT '{KIND.value}', n::text, 'h' || n % {HOSTS} || '.org', now() - interval '1 hour' + n * interval '1 microsecond'
FROM generate_series(1, {{rows}}) n;
INSERT INTO lane (host, kind, priority, next_at)
SELECT host, kind, priority, min(due_at) FROM work GROUP BY host, kind, priority;
"""


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """In processor time of worker and server, the least of some rounds: what else the machine does is no cost of ours."""
    sizes = SIZES[:3] if options.quick else SIZES
    costs = {rows: asyncio.run(_cost(dsn, rows)) for rows in sizes}
    for rows, cost in costs.items():
        print(f"{rows:>9} rows: {cost * 1e6:7.0f} µs of processor a piece")
    sheet.at_most(f"cost of a piece, {sizes[-1]} rows to {sizes[0]}", costs[sizes[-1]] / costs[sizes[0]], 1.3)


async def _cost(dsn: str, rows: int) -> float:
    connection = await asyncpg.connect(dsn)
    await connection.execute(EMPTY)
    await connection.execute(FILL.format(rows=rows), timeout=300)
    await connection.execute("VACUUM ANALYZE work, lane, host", timeout=300)
    await connection.close()
    database = Database(dsn, size=2)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    rounds = [await _pieces(dsn, leases, PIECES // ROUNDS) for _ in range(ROUNDS)]
    await leases.close()
    await database.close()
    return min(rounds)


async def _pieces(dsn: str, leases: Leases, count: int) -> float:
    settlement, done = Settlement(due_in=WEEK, write=_nothing), 0
    server, own = await server_cpu(dsn), time.process_time()
    while done < count:
        for claim in await leases.claim([KIND], 10):
            await leases.settle(claim, settlement)
            done += 1
    return (await server_cpu(dsn) - server + time.process_time() - own) / done


async def _nothing(connection: Connection) -> None:
    await connection.execute("SELECT 1")
