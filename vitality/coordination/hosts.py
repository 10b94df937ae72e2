"""What all workers know and decide together about a host: start slots, closures, robots rules.

A start slot is reserved before any byte is asked for. A slot is a short span, `guard` long: its request may start
anywhere in it, and the next slot begins a full delay after its end. A worker learns of its slot with the time that
the answer took to come; when that was longer than the guard, the request would start too late, so the slot is moved
(if nobody has one behind it; else a new one is taken) under a guard twice as long as the answer took. Thus the gaps
at the site itself are never shorter than the delay, whichever processes ask and however slow the database is.

A host that fails is closed for a time drawn from a doubling range (full jitter), never shorter than its own
Retry-After. Five failures in a row count as an open circuit; the first request after the closure is the probe.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vitality.coordination.sql import SQL
from vitality.errors import DatabaseUnavailable
from vitality.records import Host, StoredRobots
from vitality.storage.database import Database

GUARD = timedelta(milliseconds=20)
"""The shortest guard; also what may pass between the answer and the first byte."""
GUARD_CAP = timedelta(seconds=5)
TRIES = 6
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
        self._guard = GUARD
        self._last: dict[Host, _Slot] = {}
        """The slot taken last at each host, until its request has ended."""
        self._ahead = timedelta(0)
        """How far the database's clock is ahead of this machine's."""

    async def reserve(self, host: Host, delay: timedelta, *, within: timedelta, unused: bool = False) -> timedelta:
        """The next start slot: how long until it begins; above `within` it was not taken.

        With `unused` the slot that was taken here last is moved, if nobody has one behind it.
        """
        own = self._last.get(host) if unused else None
        for _ in range(TRIES):
            asked_at = self._clock()
            slot = await self._slot(host, delay, within, own)
            took = timedelta(seconds=self._clock() - asked_at)
            if not slot.taken:
                return max(slot.wait, within + timedelta.resolution)  # the clock moved on since it was refused
            self._last[host] = slot
            if took <= slot.guard - GUARD / 2:
                self._guard = max(GUARD, self._guard * 0.9)
                return max(slot.wait, timedelta(0))
            own, self._guard = slot, min(2 * took + GUARD, GUARD_CAP)
        raise DatabaseUnavailable("Postgres answers too slowly to keep the distance between requests")

    def instant(self, wait: timedelta) -> datetime:
        """On the database's clock, as the last slot showed it: a wrong date of this machine does no harm."""
        return datetime.now(UTC) + self._ahead + wait

    async def closed_until(self, host: Host) -> datetime | None:
        async with self._database.connection() as connection:
            until: datetime | None = await connection.fetchval(SQL["closed_until"], host)
        return until

    async def failed(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        """Closes the host for a while; the instant is on the database's clock."""
        self._last.pop(host, None)
        floor = max(retry_after or CLOSE_FLOOR, CLOSE_FLOOR)
        async with self._database.connection() as connection:
            until: datetime = await connection.fetchval(
                SQL["host_failed"], host, reason, floor, self._draw(), CLOSE_BASE, CLOSE_CAP
            )
        return until

    async def succeeded(self, host: Host, *, answered_ago: timedelta) -> None:
        """Starts the count of failures at zero; an answer that began after its request's slot makes the next wait."""
        self._last.pop(host, None)
        async with self._database.connection() as connection:
            await connection.execute(SQL["host_succeeded"], host, answered_ago)

    async def robots(self, host: Host) -> StoredRobots | None:
        """The rules as last asked for, no older than 24 hours."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["robots"], host, ROBOTS_KEPT)
        return StoredRobots(**dict(row)) if row is not None else None

    async def keep_robots(self, host: Host, robots: StoredRobots) -> None:
        text = robots.text.replace("\x00", "�")  # Postgres has no NUL in text
        async with self._database.connection() as connection:
            await connection.execute(SQL["keep_robots"], host, robots.status, text, robots.fetched_at)

    async def _slot(self, host: Host, delay: timedelta, within: timedelta, own: _Slot | None) -> _Slot:
        guard = self._guard
        values = (delay, within, guard, own and own.ends, own and own.guard)
        while True:
            async with self._database.connection() as connection:
                row = await connection.fetchrow(SQL["reserve"], host, *values)
            if row is not None:
                since = row["ends"] - guard if row["taken"] else row["ends"] + delay
                self._ahead = since - row["wait"] - datetime.now(UTC)
                return _Slot(row["wait"], row["ends"], row["taken"], guard)
            # Nothing taken and nothing seen: another worker made the row between the two looks. Ask again.


@dataclass(frozen=True, slots=True)
class _Slot:
    """An answer: how long until the slot begins, when it ends, whether it is ours, and how long it is."""

    wait: timedelta
    ends: datetime
    taken: bool
    guard: timedelta
