"""A million rows of one host beside 1,999 normal hosts: how long a claim takes, to an even spread of as many rows."""

from __future__ import annotations

import argparse
import asyncio
import time

from queues.ours import EMPTY, HOSTS, KIND, WEEK
from queues.verdict import Sheet
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Role
from vitality.storage.database import Database

ROWS = 1_000_000
CLAIMS = 400
FILL = f"""
INSERT INTO host (host) SELECT 'h' || n || '.org' FROM generate_series(0, {HOSTS - 1}) n;
INSERT INTO work (kind, subject, host, due_at)
SELECT '{KIND.value}', n::text, 'h' || {{host}} || '.org', now() - interval '1 hour' + n * interval '1 microsecond'
FROM generate_series(1, {{rows}}) n;
INSERT INTO lane (host, kind, priority, next_at)
SELECT host, kind, priority, min(due_at) FROM work GROUP BY host, kind, priority;
"""
ONE_HOST = f"CASE WHEN n <= {HOSTS} * 20 THEN n % {HOSTS} ELSE 0 END"
EVEN = f"(n % {HOSTS})"


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """Both spreads after another, several times where time allows."""
    rows = ROWS // 10 if options.quick else ROWS
    worst: dict[str, list[float]] = {"even": [], "one host": []}
    for _ in range(1 if options.quick else 2):
        for name, host in (("even", EVEN), ("one host", ONE_HOST)):
            took = asyncio.run(_claims(dsn, FILL.format(host=host, rows=rows)))
            worst[name].append(took[int(len(took) * 0.99)])
            print(
                f"{name:10} {rows} rows: claim of 10 p50 {took[len(took) // 2] * 1e3:6.2f} ms  p99 {worst[name][-1] * 1e3:6.2f} ms",
                flush=True,
            )
    sheet.at_most("a million rows on one host: claim p99 to even", min(worst["one host"]) / min(worst["even"]), 1.5)


async def _claims(dsn: str, filling: str) -> list[float]:
    database = Database(dsn, size=2)
    async with database.connection() as connection:
        await connection.execute(EMPTY)
        await connection.execute(filling, timeout=300)
        await connection.execute("VACUUM ANALYZE work, lane, host", timeout=300)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    took = []
    for _ in range(CLAIMS):
        started = time.perf_counter()
        claims = await leases.claim([KIND], 10)
        took.append(time.perf_counter() - started)
        assert claims
        await leases.settle_all([(claim, Settlement(due_in=WEEK)) for claim in claims])
        await leases.renew()
    await leases.close()
    await database.close()
    return sorted(took)
