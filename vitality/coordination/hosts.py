"""What all workers know and decide together about a host: start slots, closures, robots rules.

A start slot is reserved before any byte is asked for. Slots of one host lie at least the delay apart on the
database's clock. A worker learns of its slot with the time that the answer took to come, so each gap is made
`GUARD` wider, and a slot whose answer took longer than that is thrown away for a new one: then the gaps at the
site itself are never shorter than the delay, whichever processes ask.

A host that fails is closed for a time drawn from a doubling range (full jitter), never shorter than its own
Retry-After. Five failures in a row count as an open circuit; the first request after the closure is the probe.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from vitality.coordination.sql import SQL
from vitality.records import Host, StoredRobots
from vitality.storage.database import Database

GUARD = timedelta(milliseconds=20)
TRIES = 3
CLOSE_BASE = timedelta(seconds=30)
CLOSE_CAP = timedelta(hours=6)
CLOSE_FLOOR = timedelta(seconds=1)
ROBOTS_KEPT = timedelta(hours=24)
"""RFC 9309 section 2.4."""


class Hosts:
    """Implements `fetch.port.HostState` on Postgres; every call raises `DatabaseUnavailable` when it is away."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._clock = clock
        self._draw = draw

    async def reserve(self, host: Host, delay: timedelta, *, within: timedelta) -> timedelta:
        """The next start slot: how long until it begins; above `within` it was not taken."""
        wait = timedelta(0)
        for _ in range(TRIES):
            asked_at = self._clock()
            wait, taken = await self._slot(host, delay + GUARD, within)
            if not taken:
                return max(wait, within + timedelta.resolution)  # the clock moved on since it was refused
            if self._clock() - asked_at <= GUARD.total_seconds():
                break
        return max(wait, timedelta(0))

    async def closed_until(self, host: Host) -> datetime | None:
        async with self._database.connection() as connection:
            until: datetime | None = await connection.fetchval(SQL["closed_until"], host)
        return until

    async def failed(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        """Closes the host for a while; the instant is on the database's clock."""
        floor = max(retry_after or CLOSE_FLOOR, CLOSE_FLOOR)
        async with self._database.connection() as connection:
            until: datetime = await connection.fetchval(
                SQL["host_failed"], host, reason, floor, self._draw(), CLOSE_BASE, CLOSE_CAP
            )
        return until

    async def succeeded(self, host: Host) -> None:
        async with self._database.connection() as connection:
            await connection.execute(SQL["host_succeeded"], host)

    async def robots(self, host: Host) -> StoredRobots | None:
        """The rules as last asked for, no older than 24 hours."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["robots"], host, ROBOTS_KEPT)
        return StoredRobots(**dict(row)) if row is not None else None

    async def keep_robots(self, host: Host, robots: StoredRobots) -> None:
        text = robots.text.replace("\x00", "�")  # Postgres has no NUL in text
        async with self._database.connection() as connection:
            await connection.execute(SQL["keep_robots"], host, robots.status, text, robots.fetched_at)

    async def _slot(self, host: Host, delay: timedelta, within: timedelta) -> tuple[timedelta, bool]:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["reserve"], host, delay, within)
        if row is None:  # the row was made by another between our two looks; ask again
            return await self._slot(host, delay, within)
        return row["wait"], row["taken"]
