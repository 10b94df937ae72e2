"""Worker processes with a supervisor that starts each one again, as Kubernetes would; none outlives its context."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from storm.wire import Wire

LOOK_S = 0.02
AGAIN_S = 0.3
"""How soon a process that ended is started again."""
SKEWED = Path(__file__).with_name("skewed")
ROOT = Path(__file__).parent.parent.parent
"""The workers run the code that lies beside this file, whatever is installed."""


@dataclass(slots=True)
class Seat:
    """The place of one worker: its wire to Postgres, and the process that has it now."""

    name: str
    role: str
    log: Path
    wire: Wire = field(init=False)
    process: subprocess.Popen[bytes] | None = None
    frozen: bool = False
    expected_end: bool = False
    """Whether its process is about to end by our doing."""
    offset: float = 0.0
    """Seconds by which the wall clock of its next process is wrong."""
    ended_at: float = 0.0

    def __post_init__(self) -> None:
        self.wire = Wire(lambda: 0 if self.process is None else self.process.pid)

    @property
    def pid(self) -> int:
        """Of the process that has the seat; 0 between two."""
        return 0 if self.process is None or self.process.poll() is not None else self.process.pid


class Fleet:
    """Starts a worker for each of `roles` and keeps it running; `settings` are the workers' environment."""

    def __init__(self, roles: list[str], settings: Mapping[str, str], workspace: Path) -> None:
        self.seats = [Seat(f"{role}-{n}", role, workspace / f"{role}-{n}.log") for n, role in enumerate(roles)]
        self.starts = 0
        self.unexpected: list[str] = []
        """Ends of processes that nobody brought about."""
        self._settings = settings
        self._workspace = workspace
        self._stack = AsyncExitStack()
        self._keeping: list[asyncio.Task[None]] = []
        self._over = False

    async def __aenter__(self) -> Self:
        for seat in self.seats:
            await self._stack.enter_async_context(seat.wire)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGKILL)
        await self._stack.aclose()

    def connect(self, port: int) -> None:
        """Says where Postgres listens."""
        for seat in self.seats:
            seat.wire.target = port

    def start(self, dsn: str) -> None:
        """Starts all workers; `dsn` is the direct address, of which each gets one by its own wire."""
        self._over = False
        self._keeping = [asyncio.create_task(self._keep(seat, dsn), name=seat.name) for seat in self.seats]

    async def end(self, number: signal.Signals, within: float = 30.0) -> list[float]:
        """Ends all workers for good; the seconds that each took."""
        self._over = True
        asked = time.monotonic()
        for seat in self.seats:
            self.send(seat, signal.SIGCONT)
            self.send(seat, number)
        try:
            await asyncio.wait_for(asyncio.gather(*self._keeping), within)
        except TimeoutError:
            for seat in self.seats:
                self.send(seat, signal.SIGKILL)
            await asyncio.gather(*self._keeping, return_exceptions=True)
        self._keeping = []
        return [seat.ended_at - asked for seat in self.seats if seat.ended_at >= asked]

    def send(self, seat: Seat, number: signal.Signals) -> bool:
        """Signals the process of a seat; whether there was one."""
        if seat.pid == 0 or seat.process is None:
            return False
        if number in (signal.SIGKILL, signal.SIGTERM):
            seat.expected_end = True
        seat.process.send_signal(number)
        return True

    async def _keep(self, seat: Seat, dsn: str) -> None:
        while not self._over:
            self._begin(seat, dsn)
            assert seat.process is not None
            while seat.process.poll() is None:
                await asyncio.sleep(LOOK_S)
            seat.ended_at = time.monotonic()
            if not seat.expected_end:
                self.unexpected.append(f"{seat.name} ended with {seat.process.returncode}, see {seat.log}")
            seat.expected_end = False
            await asyncio.sleep(0 if self._over else AGAIN_S)

    def _begin(self, seat: Seat, dsn: str) -> None:
        self.starts += 1
        label = f"{seat.name}.{self.starts}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONPATH": f"{SKEWED}:{ROOT}",
            "STORM_CLOCK_OFFSET": str(seat.offset),
            "DATABASE_URL": dsn.replace(_port_of(dsn), f":{seat.wire.port}/", 1),
            "STATE_DIR": str(self._workspace / seat.name),
            "WORKER_ID": label,
            "CONTACT_URL": f"https://example.org/bot?process={label}",
            "HEALTH_HOST": "127.0.0.1",
            "HEALTH_PORT": "0",
            "BROWSER": "off",
            **self._settings,
        }
        command = [sys.executable, "-m", "vitality", "run", "--role", seat.role]
        with seat.log.open("ab") as log:
            seat.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def someone(self, chance: random.Random) -> Seat | None:
        """A worker that runs and is not stopped."""
        well = [seat for seat in self.seats if seat.pid and not seat.frozen]
        return chance.choice(well) if well else None


def _port_of(dsn: str) -> str:
    """The part `:port/` of an address."""
    return ":" + dsn.rsplit(":", 1)[1].split("/", 1)[0] + "/"
