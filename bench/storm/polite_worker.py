"""A worker that does nothing but ask: the real leases, hosts, pool and fetcher, with a role that reads no page.

Run as `python -m storm.polite_worker DSN PROXY NAME DELAY REQUESTS SLOTS` until it is killed.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import anyio

from vitality.app.worker import _Source
from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Claim, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, HostWait, LeaseLost
from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.identity import Identity
from vitality.fetch.memory import MemoryPageStore
from vitality.fetch.pacing import Pace
from vitality.records import Role, WorkKind
from vitality.runtime.child import Pulse
from vitality.runtime.pool import Pool
from vitality.storage.database import Database
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

KIND = WorkKind.READ_SCHEDULE
LEASE = timedelta(seconds=5)


class Asker:
    """Asks each host some times in a row, and gives it up for others."""

    def __init__(self, leases: Leases, fetcher: PoliteFetcher, requests: int) -> None:
        self._leases = leases
        self._fetcher = fetcher
        self._requests = requests

    async def perform(self, claim: Claim) -> None:
        """One piece of work."""
        try:
            for _ in range(self._requests):
                await self._fetcher.get(f"http://{claim.host}/")
            await self._leases.settle(claim, Settlement(due_in=timedelta(0)))
        except (LeaseLost, DatabaseUnavailable):
            return
        except HostWait as wait:
            await self._leases.snooze(claim, wait.until, "not now")


async def work(dsn: str, proxy: str, name: str, delay: float, requests: int, slots: int) -> None:
    """Enters and asks for ever."""
    database = Database(dsn, size=12)
    wakeups = Wakeups(database, listen_dsn=None)
    leases = Leases(database, wakeups, lease=LEASE)
    fetcher = PoliteFetcher(
        hosts=Hosts(database),
        pages=MemoryPageStore(),
        identity=Identity(contact=f"https://example.org/bot?process={name}"),
        pace=Pace(delay=timedelta(seconds=delay)),
        proxy=proxy,
        trusted=leases.trusted,
    )
    metrics = Metrics(version="0", worker=name)
    pool = Pool(
        name,
        _Source(leases, [KIND], metrics),
        Asker(leases, fetcher, requests).perform,
        slots=slots,
        log=make_log(level="warning", form="json"),
        metrics=metrics,
        poll_seconds=0.5,
    )
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,), name=name))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(leases.keep)
        tasks.start_soon(wakeups.run)
        tasks.start_soon(pool.run, Pulse())


if __name__ == "__main__":
    _, to, by, me, gap, row, at_once = sys.argv
    anyio.run(work, to, by, me, float(gap), int(row), int(at_once))
