"""The state of hosts and the store of pages in memory, for one process: tests, and reading without a database."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from vitality.fetch.circuit import HEALTHY, Backoff, Circuit, after_failure, after_success
from vitality.fetch.ledger import Clock, utc_now
from vitality.records import Host, RequestRow, StoredPage, StoredRobots


class MemoryHostState:
    """`HostState` in a few dicts; `chance` draws from [0, 1) and spreads the backoff."""

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        backoff: Backoff | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._chance = chance
        self._last_slot: dict[Host, datetime] = {}
        self._robots: dict[Host, StoredRobots] = {}
        self.circuits: dict[Host, Circuit] = {}

    async def reserve(self, host: Host, delay: timedelta, *, within: timedelta, unused: bool = False) -> timedelta:
        now = self._clock()
        last = self._last_slot.get(host)
        slot = now if last is None else max(now, last if unused else last + delay)
        if slot - now <= within:
            self._last_slot[host] = slot
        return slot - now

    def instant(self, wait: timedelta) -> datetime:
        return self._clock() + wait

    async def closed_until(self, host: Host) -> datetime | None:
        return self.circuits.get(host, HEALTHY).closed_until(self._clock())

    async def failed(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        now = self._clock()
        circuit = after_failure(
            self.circuits.get(host, HEALTHY),
            now,
            reason,
            retry_after=retry_after,
            backoff=self._backoff,
            chance=self._chance(),
        )
        self.circuits[host] = circuit
        return circuit.open_until or now

    async def succeeded(self, host: Host, *, answered_ago: timedelta) -> None:
        if host in self._last_slot:
            self._last_slot[host] = max(self._last_slot[host], self._clock() - answered_ago)
        self.circuits[host] = after_success(self.circuits.get(host, HEALTHY), self._clock())

    async def robots(self, host: Host) -> StoredRobots | None:
        return self._robots.get(host)

    async def keep_robots(self, host: Host, robots: StoredRobots) -> None:
        self._robots[host] = robots


class MemoryPageStore:
    """`PageStore` in dicts and a list; `stored` and `drawn` go by URL, `rows` is the ledger."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredPage] = {}
        self.drawn: dict[str, StoredPage] = {}
        self.rows: list[RequestRow] = []

    async def newest(self, url: str) -> StoredPage | None:
        return self.stored.get(url)

    async def keep(self, stored: StoredPage) -> None:
        kept = self.drawn if stored.page.rendered else self.stored
        kept[stored.page.requested_url or stored.page.url] = stored

    async def record(self, row: RequestRow) -> None:
        self.rows.append(row)
