"""The rate while a transaction elsewhere holds an old snapshot, so that no dead row goes away, to one's own free rate."""

from __future__ import annotations

import argparse
import asyncio
import statistics

import asyncpg

from queues.children import contender, drain
from queues.verdict import Sheet

PIECES = 60_000
NAMES = ("bare", "pgqueuer", "free", "hosted")


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """Free and under a snapshot, in turns; only ours is judged, the others are shown."""
    pieces = PIECES // 10 if options.quick else PIECES
    rounds = 1 if options.quick else max(1, options.rounds - 1)
    for name in NAMES:
        ratios = []
        for _ in range(rounds):
            free = _rate(name, dsn, pieces, options.batch)
            held = asyncio.run(_under_snapshot(name, dsn, pieces, options.batch))
            ratios.append(held / free)
            print(f"{contender(name).name:28} free {free:8.0f}/s  under an old snapshot {held:8.0f}/s", flush=True)
        if name in ("free", "hosted"):
            sheet.at_least(f"{contender(name).name}: under an old snapshot to free", statistics.median(ratios), 0.5)


def _rate(name: str, dsn: str, pieces: int, batch: int) -> float:
    asyncio.run(contender(name).fill(dsn, pieces))
    return pieces / drain(name, dsn, pieces, batch, 1)[0]


async def _under_snapshot(name: str, dsn: str, pieces: int, batch: int) -> float:
    """The snapshot is taken when all pieces wait, and lies open until the last is done."""
    await contender(name).fill(dsn, pieces)
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.fetchval("SELECT count(*) FROM pg_class")
            seconds, _ = await asyncio.to_thread(drain, name, dsn, pieces, batch, 1)
            return pieces / seconds
    finally:
        await connection.close()
