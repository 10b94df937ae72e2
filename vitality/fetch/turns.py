"""A request's turn at a host: not while its circuit is open, and not before its slot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from vitality.errors import HostWait
from vitality.fetch.ledger import Clock
from vitality.fetch.pacing import Pace
from vitality.fetch.port import HostState
from vitality.records import Host

Sleep = Callable[[float], Awaitable[None]]
"""Sleeps for a number of seconds."""


class Turns:
    """Waits for a turn where the wait is short, and raises `HostWait` where it is not."""

    def __init__(self, state: HostState, pace: Pace, *, clock: Clock, sleep: Sleep) -> None:
        self._state = state
        self._pace = pace
        self._clock = clock
        self._sleep = sleep

    async def wait(self, url: str, host: Host, crawl_delay: float | None = None) -> None:
        """Returns when the host may be asked; `crawl_delay` is what its robots.txt asks for, in seconds."""
        await self.check_open(url, host)
        gap = self._pace.gap(crawl_delay)
        within = self._pace.patience_for(gap)
        wait = await self._state.reserve(host, gap, within=within)
        if wait > within:
            raise HostWait(url, f"the host's next turn is in {wait.total_seconds():.0f} s", until=self._clock() + wait)
        if wait > timedelta(0):
            await self._sleep(wait.total_seconds())

    async def check_open(self, url: str, host: Host) -> None:
        """Raises `HostWait` while the host's circuit is open."""
        until = await self._state.closed_until(host)
        if until is not None:
            raise HostWait(url, "the host is given a rest", until=until)

    async def gave_trouble(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        """Notes a failure of the host; returns when it may be asked again."""
        return await self._state.failed(host, reason, retry_after=retry_after)

    async def answered(self, host: Host) -> None:
        """Notes that the host is well."""
        await self._state.succeeded(host)
