"""Waking sleepers: NOTIFY, coalesced and off the hot path, with polling as the net below it.

A NOTIFY takes a lock of the whole cluster at commit, so no settlement sends one. What became due is announced
here; one task sends it on a connection of its own, at once when few were sent lately, else together with what else
has come by then. Only work that is entered by a statement of its own is announced by that statement. Listening needs
a session: through a pooler in transaction mode give `listen_dsn`, or None to do without and poll.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta

import asyncpg

from vitality.coordination.sql import SQL
from vitality.errors import DatabaseUnavailable
from vitality.records import WorkKind
from vitality.storage.database import Database, connect

CHANNEL = "vitality_work"
PACE_S = 0.05
BURST = 20
"""At most one NOTIFY a process in `PACE_S`, over any time longer than `BURST` of them."""
ALIVE_S = 30.0
RECONNECT_CAP_S = 10.0


class Wakeups:
    """Who in this process waits for which kinds, and the line to the other processes."""

    def __init__(self, database: Database, *, listen_dsn: str | None) -> None:
        self._database = database
        self._listen_dsn = listen_dsn
        self._waiting: set[_Waiter] = set()
        self._generation = 0
        self._woken: dict[str, int] = {}
        self._announced: set[str] = set()
        self._to_send = asyncio.Event()
        self.listening = False

    def announce(self, kinds: Collection[str]) -> None:
        """Wakes the waiters of this process now and those of others soon; never blocks."""
        if not kinds:
            return
        self._wake(kinds)
        self._announced.update(kinds)
        self._to_send.set()

    def heard(self, kinds: Collection[str]) -> None:
        """Wakes the waiters of this process: the others have been told already."""
        self._wake(kinds)

    def mark(self) -> int:
        """A point in time; `wait` returns at once for what was announced after it."""
        return self._generation

    async def wait(self, kinds: Collection[WorkKind], at_most: timedelta, *, since: int) -> None:
        """Returns when work of these kinds was announced after `since`, or the time is over."""
        if any(self._woken.get(kind.value, 0) > since for kind in kinds):
            return
        waiter = _Waiter(frozenset(kind.value for kind in kinds))
        self._waiting.add(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(at_most.total_seconds()):
                    await waiter.event.wait()
        finally:
            self._waiting.discard(waiter)

    async def run(self, *, started: Callable[[], None] = lambda: None) -> None:
        """Sends and listens for ever; to be run as one task of the worker."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send(), name="wakeups-send")
            if self._listen_dsn is not None:
                tasks.create_task(self._listen(self._listen_dsn), name="wakeups-listen")
            started()

    def _wake(self, kinds: Collection[str]) -> None:
        self._generation += 1
        for kind in kinds:
            self._woken[kind] = self._generation
        for waiter in self._waiting:
            if waiter.kinds.intersection(kinds):
                waiter.event.set()

    async def _send(self) -> None:
        paced = 0.0
        while True:
            await self._to_send.wait()
            now = time.monotonic()
            paced = max(paced, now - BURST * PACE_S) + PACE_S
            if paced > now:
                await asyncio.sleep((paced - now) * random.uniform(1, 1.5))  # noqa: S311 - jitter
            self._to_send.clear()
            kinds, self._announced = self._announced, set()
            try:
                async with self._database.connection() as connection:
                    await connection.execute(SQL["notify"], ",".join(sorted(kinds)))
            except DatabaseUnavailable:
                self._announced |= kinds  # sent with the next one; until then the others poll

    async def _listen(self, dsn: str) -> None:
        failures = 0
        while True:
            try:
                async with connect(dsn) as connection:
                    await connection.add_listener(CHANNEL, self._heard)
                    self.listening, failures = True, 0
                    self._wake([kind.value for kind in WorkKind])  # something may have been missed
                    await self._until_lost(connection)
            except (DatabaseUnavailable, asyncpg.PostgresError):
                failures += 1
            finally:
                self.listening = False
            await asyncio.sleep(min(RECONNECT_CAP_S, 0.1 * 2**failures) * random.random())  # noqa: S311 - jitter

    async def _until_lost(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        while not lost.is_set() and not connection.is_closed():
            with suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), ALIVE_S)
            if not lost.is_set():
                await connection.execute("SELECT 1", timeout=10)  # finds a connection that died in silence

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._wake(str(payload).split(","))


class _Waiter:
    """One sleeper: the kinds it waits for, and its bell."""

    __slots__ = ("event", "kinds")

    def __init__(self, kinds: frozenset[str]) -> None:
        self.kinds = kinds
        self.event = asyncio.Event()
