"""A request's turn at a host: not while its circuit is open, and not before its slot."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import anyio

from vitality.errors import DatabaseUnavailable, HostWait, LeaseLost
from vitality.fetch.pacing import Pace
from vitality.fetch.port import HostState
from vitality.records import Host

Sleep = Callable[[float], Awaitable[None]]
"""Sleeps for a number of seconds."""

LATE_S = 0.01
"""How late after the beginning of its slot a request may leave; coordination keeps slots at least so long."""
TRIES = 6
ABANDONED_S = 1.0
"""How long noting that a request was given up may hold up the giving up."""


class Turns:
    """Waits for a turn where the wait is short, and raises `HostWait` where it is not.

    `trusted` tells whether this process may still act for its claims: once it may not, nothing more is sent.
    """

    def __init__(
        self,
        state: HostState,
        pace: Pace,
        *,
        sleep: Sleep,
        ticks: Callable[[], float] = time.monotonic,
        trusted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._state = state
        self._pace = pace
        self._sleep = sleep
        self._ticks = ticks
        self._trusted = trusted

    async def wait(self, url: str, host: Host, crawl_delay: float | None = None) -> None:
        """Returns when the host may be asked; `crawl_delay` is what its robots.txt asks for, in seconds.

        A slot that was overslept, because the process was stopped or busy, is not used: it is moved.
        """
        await self.check_open(url, host)
        gap = self._pace.gap(crawl_delay)
        for attempt in range(TRIES):
            late = await self._slot(url, host, gap, unused=attempt > 0)
            self._check_trust(host)
            if late <= LATE_S:
                return
        raise DatabaseUnavailable("this process is too busy to keep the distance between requests")

    async def _slot(self, url: str, host: Host, gap: timedelta, *, unused: bool) -> float:
        """Waits for a slot; returns how many seconds after its beginning that was."""
        within = self._pace.patience_for(gap)
        wait = await self._state.reserve(host, gap, within=within, unused=unused)
        begins = self._ticks() + wait.total_seconds()
        if wait > within:
            reason = f"the host's next turn is in {wait.total_seconds():.0f} s"
            raise HostWait(url, reason, until=self._state.instant(wait))
        if wait > timedelta(0):
            await self._sleep(wait.total_seconds())
        return self._ticks() - begins

    def _check_trust(self, host: Host) -> None:
        if not self._trusted():
            raise LeaseLost(f"{host} is not asked: this process may not trust its lease any more")

    async def abandoned(self, host: Host) -> None:
        """Notes that a request without an answer may have reached the host only now: the next slot counts from here.

        Bounded and shielded, since a cancelled request is the common case.
        """
        with anyio.move_on_after(ABANDONED_S, shield=True), suppress(DatabaseUnavailable):
            await self._state.reserve(host, timedelta(0), within=timedelta(0))

    async def check_open(self, url: str, host: Host) -> None:
        """Raises `HostWait` while the host's circuit is open, and `LeaseLost` once the lease is not trusted."""
        self._check_trust(host)
        until = await self._state.closed_until(host)
        if until is not None:
            raise HostWait(url, "the host is given a rest", until=until)

    async def gave_trouble(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        """Notes a failure of the host; returns when it may be asked again."""
        return await self._state.failed(host, reason, retry_after=retry_after)

    async def answered(self, host: Host, began_at: float) -> None:
        """Notes that the host is well; `began_at` is when its answer began to arrive (monotonic seconds).

        A request can be on its way for long, and reaches the site some time before the answer begins: the distance
        to the next one counts from there, so that at the site itself no gap is shorter than the delay.
        """
        ago = timedelta(seconds=max(0.0, self._ticks() - began_at))
        await self._state.succeeded(host, answered_ago=ago)
