"""Workers of a contender as processes of their own, and the server's counters."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import time
from dataclasses import dataclass

import asyncpg

from queues.contender import Contender

CONTENDERS = {
    "bare": ("queues.bare", "BARE"),
    "free": ("queues.ours", "FREE"),
    "hosted": ("queues.ours", "HOSTED"),
    "pgqueuer": ("queues.pgqueuer_queue", "PGQUEUER"),
    "procrastinate": ("queues.procrastinate_queue", "PROCRASTINATE"),
}
START_S = 2.0
STATISTICS_S = 1.2
"""The counters of Postgres lag by up to a second."""


@dataclass(frozen=True)
class Counters:
    commits: int
    wal: int


@dataclass(frozen=True)
class Drained:
    """One round: pieces a second, and what each piece cost."""

    rate: float
    commits: float
    wal: float


def contender(name: str) -> Contender:
    """The contender of a short name; imported late, so that one queue's library weighs on no other."""
    module, attribute = CONTENDERS[name]
    found: Contender = getattr(importlib.import_module(module), attribute)
    return found


async def counters(dsn: str) -> Counters:
    connection = await asyncpg.connect(dsn)
    row = await connection.fetchrow("""
        SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
               (pg_current_wal_lsn() - '0/0')::bigint""")
    await connection.close()
    return Counters(*row)


def fill_and_drain(name: str, dsn: str, pieces: int, batch: int, processes: int) -> Drained:
    """Filled anew, drained by so many processes that begin at the same instant, and counted."""
    asyncio.run(contender(name).fill(dsn, pieces))
    time.sleep(STATISTICS_S)
    before = asyncio.run(counters(dsn))
    seconds = drain(name, dsn, pieces, batch, processes)
    time.sleep(STATISTICS_S)
    after = asyncio.run(counters(dsn))
    return Drained(pieces / seconds, (after.commits - before.commits) / pieces, (after.wal - before.wal) / pieces)


def drain(name: str, dsn: str, pieces: int, batch: int, processes: int) -> float:
    """Seconds from the common start until the last process found nothing more."""
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[int, float]] = context.Queue()
    ready, go = context.Semaphore(0), context.Event()
    children = [
        context.Process(target=_drain, args=(name, dsn, batch, ready, go, answers), daemon=True)
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    started = time.monotonic()
    go.set()
    results = [answers.get(timeout=600) for _ in children]
    for child in children:
        child.join()
    done = sum(count for count, _ in results)
    if done != pieces:
        raise SystemExit(f"{name}: {done} of {pieces} pieces done")
    return max(ended for _, ended in results) - started


def _drain(name: str, dsn: str, batch: int, ready, go, answers) -> None:  # type: ignore[no-untyped-def]  # handles of multiprocessing
    found = contender(name)
    ready.release()
    go.wait()
    done = asyncio.run(found.drain(dsn, batch))
    answers.put((done, time.monotonic()))
