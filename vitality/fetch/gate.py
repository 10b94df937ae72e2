"""What every request passes before a byte is sent: address, robots.txt, circuit, slot; in this order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import anyio

from vitality.errors import RobotsDisallowed
from vitality.fetch.addresses import AddressGuard, Target
from vitality.fetch.robots_cache import RobotsCache
from vitality.fetch.turns import Turns
from vitality.records import Host


class Gate:
    """Lets requests through one at a time a host, at the host's pace."""

    def __init__(self, *, guard: AddressGuard, robots: RobotsCache, turns: Turns) -> None:
        self._guard = guard
        self._robots = robots
        self._turns = turns
        self._locks: WeakValueDictionary[Host, anyio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Target]:
        """The turn of one request; while it lasts, this process asks the host for nothing else.

        Raises `AddressForbidden`, `RobotsDisallowed`, `HostWait` or `Unreachable`.
        """
        target = await self._guard.check(url)
        async with self._lock(target.host):
            crawl_delay = await self._allowed(url, target)
            await self._turns.wait(url, target.host, crawl_delay)
            yield target

    async def check(self, url: str, *, data: bool) -> Target:
        """All but the slot, for a request that belongs to a page that had its turn.

        robots.txt speaks of what a robot asks for by itself: of `data`, not of the scripts that draw a page.
        """
        target = await self._guard.check(url)
        if data:
            async with self._lock(target.host):
                await self._allowed(url, target)
        await self._turns.check_open(url, target.host)
        return target

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """What the Sitemap lines of the host's robots.txt say."""
        target = await self._guard.check(url)
        async with self._lock(target.host):
            rules = await self._robots.rules(target)
        return rules.sitemaps

    async def _allowed(self, url: str, target: Target) -> float | None:
        rules = await self._robots.rules(target)
        if not rules.allows(str(target.url)):
            raise RobotsDisallowed(url, "robots.txt disallows it")
        return rules.crawl_delay

    def _lock(self, host: Host) -> anyio.Lock:
        return self._locks.setdefault(host, anyio.Lock())
