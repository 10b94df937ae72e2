"""Throughput of coordination: no-op pieces claimed and settled in batches, beside a bare asyncpg loop.

    python bench/coordination.py [--pieces 20000] [--batch 10] [--rounds 3] [--processes 1 4]

Prints, for each contender and number of processes, pieces a second (median of the rounds), the ratio to the bare
loop, and commits and bytes of WAL a piece. All run on one embedded server with its default settings, in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Host, Role, WorkKind
from vitality.storage.database import Database
from vitality.storage.embedded import EmbeddedPostgres, ensure
from vitality.storage.schema import migrate

KIND = WorkKind.READ_SCHEDULE
HOSTS = 2000
WEEK = timedelta(days=7)

CLAIM_BARE = """
UPDATE bare SET state = 'leased', holder = $2, term = term + 1 WHERE id = ANY (ARRAY(
    SELECT id FROM bare WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""
SETTLE_BARE = "UPDATE bare SET state = 'waiting', due_at = now() + '7 days', holder = NULL WHERE id = ANY ($1)"


@dataclass(frozen=True)
class Contender:
    """What is measured: how its table is filled, and one worker that works until nothing is left."""

    name: str
    fill: Callable[[str, int], Awaitable[None]]
    drain: Callable[[str, int], Awaitable[int]]


@dataclass(frozen=True)
class Result:
    rate: float
    commits: float
    wal: float


async def fill_bare(dsn: str, pieces: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("""
        DROP TABLE IF EXISTS bare;
        CREATE TABLE bare (id bigint PRIMARY KEY, state text NOT NULL, due_at timestamptz NOT NULL, holder int,
                           term int NOT NULL DEFAULT 0);
        CREATE INDEX ON bare (due_at) WHERE state = 'waiting'""")
    await connection.execute("INSERT INTO bare SELECT n, 'waiting', now() FROM generate_series(1, $1::int) n", pieces)
    await connection.execute("VACUUM ANALYZE bare")
    await connection.close()


async def drain_bare(dsn: str, batch: int) -> int:
    connection = await asyncpg.connect(dsn)
    done = 0
    while rows := await connection.fetch(CLAIM_BARE, batch, 1):
        await connection.execute(SETTLE_BARE, [row["id"] for row in rows])
        done += len(rows)
    await connection.close()
    return done


def fill_ours(hosts: int | None) -> Callable[[str, int], Awaitable[None]]:
    async def fill(dsn: str, pieces: int) -> None:
        database = Database(dsn)
        leases = Leases(database, Wakeups(database, listen_dsn=None))
        async with database.connection() as connection:
            await connection.execute("TRUNCATE work, lane, host, lease, worker, work_run RESTART IDENTITY")
        names = [Host(f"h{n % hosts}.org") if hosts else None for n in range(pieces)]
        for start in range(0, pieces, 5000):
            works = [NewWork(kind=KIND, subject=str(n), host=names[n]) for n in range(start, min(start + 5000, pieces))]
            await leases.add(None, works)
        async with database.connection() as connection:
            await connection.execute("VACUUM ANALYZE work, lane, host")
        await database.close()

    return fill


async def drain_ours(dsn: str, batch: int) -> int:
    database = Database(dsn, size=2)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    settlement, done = Settlement(due_in=WEEK), 0
    while True:
        claims = await leases.claim([KIND], batch)
        if not claims:
            if await _due(leases) == 0:
                break
            continue
        await leases.settle_all([(claim, settlement) for claim in claims])
        done += len(claims)
    await leases.close()
    await database.close()
    return done


async def _due(leases: Leases) -> int:
    return sum(each.due + each.leased for each in await leases.backlog())


CONTENDERS = (
    Contender("bare asyncpg loop", fill_bare, drain_bare),
    Contender("vitality, no host limit", fill_ours(None), drain_ours),
    Contender(f"vitality, {HOSTS} hosts", fill_ours(HOSTS), drain_ours),
)


def _child(name: str, dsn: str, batch: int, start_at: float, answers: multiprocessing.Queue[tuple[int, float]]) -> None:
    contender = next(one for one in CONTENDERS if one.name == name)
    time.sleep(max(0.0, start_at - time.time()))
    done = asyncio.run(contender.drain(dsn, batch))
    answers.put((done, time.time()))


async def _counters(dsn: str) -> tuple[int, int]:
    connection = await asyncpg.connect(dsn)
    row = await connection.fetchrow("""
        SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
               (pg_current_wal_lsn() - '0/0')::bigint""")
    await connection.close()
    return row[0], row[1]


def measure(contender: Contender, dsn: str, pieces: int, batch: int, processes: int) -> Result:
    """One round: filled, drained by so many processes, and counted."""
    asyncio.run(contender.fill(dsn, pieces))
    time.sleep(1.2)  # the counters of Postgres are a second old
    before = asyncio.run(_counters(dsn))
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[int, float]] = context.Queue()
    start_at = time.time() + 2.5
    children = [
        context.Process(target=_child, args=(contender.name, dsn, batch, start_at, answers)) for _ in range(processes)
    ]
    for child in children:
        child.start()
    results = [answers.get(timeout=120) for _ in children]
    for child in children:
        child.join()
    done = sum(count for count, _ in results)
    if done != pieces:
        raise SystemExit(f"{contender.name}: {done} of {pieces} pieces done")
    time.sleep(1.2)
    after = asyncio.run(_counters(dsn))
    seconds = max(ended for _, ended in results) - start_at
    return Result(pieces / seconds, (after[0] - before[0]) / pieces, (after[1] - before[1]) / pieces)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vitality-bench-") as folder:
        Path(folder).chmod(0o755)
        server = asyncio.run(ensure(Path(folder)))
        try:
            asyncio.run(migrate(server.dsn))
            _report(server, options)
        finally:
            asyncio.run(server.stop())


def _report(server: EmbeddedPostgres, options: argparse.Namespace) -> None:
    print(f"Postgres {server.major}, {options.pieces} pieces, batch {options.batch}, medians of {options.rounds}")
    print(f"{'contender':28}{'processes':>10}{'pieces/s':>10}{'of bare':>9}{'commits':>9}{'WAL B':>8}")
    for processes in options.processes:
        bare = None
        for contender in CONTENDERS:
            rounds = [
                measure(contender, server.dsn, options.pieces, options.batch, processes) for _ in range(options.rounds)
            ]
            rate = statistics.median(one.rate for one in rounds)
            bare = bare or rate
            commits, wal = (statistics.median(getattr(one, name) for one in rounds) for name in ("commits", "wal"))
            line = f"{contender.name:28}{processes:>10}{rate:>10.0f}{rate / bare:>9.2f}{commits:>9.3f}{wal:>8.0f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
