"""Workers of a contender as processes of their own, and the server's counters."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import queue
import time
from dataclasses import dataclass

import asyncpg
import psutil

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
    cpu_us: float
    """Processor time of the workers and of the server; a busy machine changes it little."""


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


async def server_cpu(dsn: str) -> float:
    """Processor seconds that the server has used in all, its past backends too."""
    connection = await asyncpg.connect(dsn)
    backend = psutil.Process(connection.get_server_pid())
    postmaster = backend.parent()
    assert postmaster is not None
    used = sum(postmaster.cpu_times()) + sum(sum(child.cpu_times()[:2]) for child in postmaster.children())
    await connection.close()
    return used


def fill_and_drain(name: str, dsn: str, pieces: int, batch: int, processes: int) -> Drained:
    """Filled anew, drained by so many processes that begin at the same instant, and counted."""
    asyncio.run(contender(name).fill(dsn, pieces))
    time.sleep(STATISTICS_S)
    before, used_before = asyncio.run(counters(dsn)), asyncio.run(server_cpu(dsn))
    seconds, used = drain(name, dsn, pieces, batch, processes)
    used += asyncio.run(server_cpu(dsn)) - used_before
    time.sleep(STATISTICS_S)
    after = asyncio.run(counters(dsn))
    commits, wal = after.commits - before.commits, after.wal - before.wal
    return Drained(pieces / seconds, commits / pieces, wal / pieces, used / pieces * 1e6)


def drain(name: str, dsn: str, pieces: int, batch: int, processes: int) -> tuple[float, float]:
    """Seconds from the common start until the last process found nothing more, and their processor seconds."""
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[int, float, float]] = context.Queue()
    ready, go = context.Semaphore(0), context.Event()
    children = [
        context.Process(target=_drain, args=(name, dsn, batch, ready, go, answers), daemon=True)
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    for _ in children:
        while not ready.acquire(timeout=5):
            if any(child.exitcode is not None for child in children):
                raise SystemExit(f"{name}: a worker died at its start")
    started = time.monotonic()
    go.set()
    results = [_answer(name, answers, children) for _ in children]
    for child in children:
        child.join()
    done = sum(count for count, _, _ in results)
    if done != pieces:
        raise SystemExit(f"{name}: {done} of {pieces} pieces done")
    return max(ended for _, ended, _ in results) - started, sum(used for _, _, used in results)


def _answer(name, answers, children) -> tuple[int, float, float]:  # type: ignore[no-untyped-def]  # handles of multiprocessing
    while True:
        try:
            found: tuple[int, float, float] = answers.get(timeout=2)
            return found
        except queue.Empty:
            if any(child.exitcode for child in children):
                raise SystemExit(f"{name}: a worker died") from None


def _drain(name: str, dsn: str, batch: int, ready, go, answers) -> None:  # type: ignore[no-untyped-def]  # handles of multiprocessing
    found = contender(name)
    ready.release()
    go.wait()
    before = time.process_time()
    done = asyncio.run(found.drain(dsn, batch))
    answers.put((done, time.monotonic(), time.process_time() - before))
