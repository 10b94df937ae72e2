"""The faults of the storm, drawn from a seed: which, when, to whom."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from storm.fleet import Fleet, Seat
from vitality.storage.embedded import EmbeddedPostgres, ensure

DAY_S = 86_400.0
OFFSETS_S = (-DAY_S, -90.0, -5.0, 5.0, 90.0, DAY_S)
POSTGRES = {"max_connections": "200", "fsync": "off", "full_page_writes": "off"}
"""Processes are killed here, not machines: what the kernel has is as good as written, and other disks' load is kept out."""


class Server:
    """The storm's own Postgres, in a folder of its own: stopped, killed and started at will."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()
        self.running: EmbeddedPostgres

    async def __aenter__(self) -> Server:
        self.running = await ensure(self._folder, settings=POSTGRES)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.running.stop()

    @property
    def dsn(self) -> str:
        """Its direct address; it listens on the same port after each start."""
        return self.running.dsn

    async def restart(self, *, kill: bool, away_s: float = 0.0) -> None:
        """Fast shutdown (what `pg_ctl stop -m fast` sends) or kill -9, and a start after a while."""
        async with self._lock:
            if kill:
                os.kill(self.running.pid, signal.SIGKILL)
            else:
                await self.running.stop()
            await asyncio.sleep(away_s)
            self.running = await ensure(self._folder, settings=POSTGRES)


class Weather:
    """Lets faults loose on a fleet and its server; `lease_s` is how long the workers' leases last."""

    def __init__(self, fleet: Fleet, server: Server, chance: random.Random, *, lease_s: float) -> None:
        self.done: Counter[str] = Counter()
        self._fleet = fleet
        self._server = server
        self._chance = chance
        self._lease_s = lease_s
        self._kinds: Mapping[str, tuple[int, Callable[[], Awaitable[bool]]]] = {
            "kill -9 of a worker": (6, self._kill),
            "SIGTERM of a worker": (2, self._term),
            "SIGSTOP past the lease, SIGCONT": (5, self._freeze),
            "SIGSTOP within the lease, SIGCONT": (3, self._doze),
            "connections reset": (5, self._reset),
            "answers lost, then reset": (4, self._deafen),
            "black hole": (4, self._silence),
            "Postgres restarted fast": (2, self._restart),
            "Postgres killed -9, started": (2, self._crash),
            "worker with a wrong clock": (4, self._skew),
        }

    async def blow(self, faults: int, seconds: float) -> None:
        """So many faults, spread by chance over so long, at least one of each kind where there are enough."""
        plan = self._plan(faults)
        async with AsyncExitStack() as stack:
            under_way = await stack.enter_async_context(asyncio.TaskGroup())
            for kind in plan:
                await asyncio.sleep(self._chance.uniform(0.4, 1.6) * seconds / faults)
                under_way.create_task(self._strike(kind), name=kind)

    def _plan(self, faults: int) -> list[str]:
        weights = [weight for weight, _ in self._kinds.values()]
        kinds = list(self._kinds)
        drawn = self._chance.choices(kinds, weights, k=max(0, faults - len(kinds)))
        plan = (kinds + drawn)[:faults]
        self._chance.shuffle(plan)
        return plan

    async def _strike(self, kind: str) -> None:
        """A fault that finds nobody to strike waits for somebody."""
        while not await self._kinds[kind][1]():
            await asyncio.sleep(0.1)
        self.done[kind] += 1

    async def _kill(self) -> bool:
        seat = self._fleet.someone(self._chance)
        return seat is not None and self._fleet.send(seat, signal.SIGKILL)

    async def _term(self) -> bool:
        seat = self._fleet.someone(self._chance)
        return seat is not None and self._fleet.send(seat, signal.SIGTERM)

    async def _skew(self) -> bool:
        seat = self._fleet.someone(self._chance)
        if seat is None:
            return False
        seat.offset = self._chance.choice(OFFSETS_S)
        return self._fleet.send(seat, signal.SIGKILL)

    async def _freeze(self) -> bool:
        return await self._stop_for(self._lease_s + self._chance.uniform(0.5, 3))

    async def _doze(self) -> bool:
        return await self._stop_for(self._chance.uniform(0.2, 0.8) * self._lease_s)

    async def _stop_for(self, seconds: float) -> bool:
        seat = self._fleet.someone(self._chance)
        if seat is None or not self._fleet.send(seat, signal.SIGSTOP):
            return False
        seat.frozen = True
        try:
            await asyncio.sleep(seconds)
        finally:
            seat.frozen = False
            self._fleet.send(seat, signal.SIGCONT)
        return True

    async def _reset(self) -> bool:
        seat = self._someone()
        return seat is not None and seat.wire.reset() > 0

    async def _deafen(self) -> bool:
        seat = self._someone()
        if seat is None:
            return False
        await seat.wire.lose_answers(self._chance.uniform(0.05, 0.5))
        return True

    async def _silence(self) -> bool:
        seat = self._someone()
        if seat is None:
            return False
        await seat.wire.silence(self._chance.uniform(0.5, 1.5) * self._lease_s)
        return True

    async def _restart(self) -> bool:
        await self._server.restart(kill=False, away_s=self._chance.uniform(0, 2))
        return True

    async def _crash(self) -> bool:
        await self._server.restart(kill=True, away_s=self._chance.uniform(0, 2))
        return True

    def _someone(self) -> Seat | None:
        return self._fleet.someone(self._chance)
