"""How long a single piece lies in an idle queue: from the call that enters it to its claim in another process."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import time
from multiprocessing.connection import Connection

from queues.children import contender
from queues.verdict import Sheet

PIECES = 100
SETTLE_S = 1.0
PAUSE_S = (0.05, 0.15)


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """The bare loop (NOTIFY with the piece, LISTEN) and ours, in turns."""
    names = ("bare", "free", "hosted")
    waits: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            waits[name] += _round(name, dsn, PIECES if not options.quick else 40)
    for name, found in waits.items():
        print(
            f"{contender(name).name:28} p50 {_quantile(found, 0.5) * 1e3:7.2f} ms  p99 {_quantile(found, 0.99) * 1e3:7.2f} ms"
        )
    for name in names[1:]:
        for share, target in ((0.5, 1.5), (0.99, 2.0)):
            ratio = _quantile(waits[name], share) / _quantile(waits["bare"], share)
            sheet.at_most(f"{contender(name).name}: pick-up p{share * 100:.0f} to bare", ratio, target)


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _round(name: str, dsn: str, pieces: int) -> list[float]:
    asyncio.run(contender(name).fill(dsn, 0))
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    child = context.Process(target=_take, args=(name, dsn, theirs), daemon=True)
    child.start()
    try:
        mine.recv()
        time.sleep(SETTLE_S)
        return asyncio.run(_put(name, dsn, mine, pieces))
    finally:
        child.kill()
        child.join()


def _take(name: str, dsn: str, pipe: Connection) -> None:
    take = contender(name).take
    assert take is not None
    pipe.send(None)
    asyncio.run(take(dsn, lambda: pipe.send(time.monotonic())))


async def _put(name: str, dsn: str, pipe: Connection, pieces: int) -> list[float]:
    put = contender(name).put
    assert put is not None
    one, waits = await put(dsn), []
    for _ in range(pieces):
        await asyncio.sleep(random.uniform(*PAUSE_S))
        sent_at = time.monotonic()
        await one()
        waits.append(await asyncio.to_thread(pipe.recv) - sent_at)
    return waits
