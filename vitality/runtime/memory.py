"""Reads the machine: limits from cgroups, memory in use, and the actor that keeps an eye on it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

import anyio
import anyio.to_thread
import psutil

from vitality.runtime.budget import Budget, Pressure, parse_cpu_max, parse_limit, parse_membership
from vitality.runtime.child import Pulse
from vitality.telemetry.logs import Log

_ROOT = Path("/")


def memory_limit(root: Path = _ROOT) -> int | None:
    """The least memory limit of this process's cgroup and those above it, in bytes; None where none is set.

    `root` is where `/proc` and `/sys` are.
    """
    limits = [
        *_read_all(root, "", "memory.max", parse_limit),
        *_read_all(root, "memory", "memory.limit_in_bytes", parse_limit),
    ]
    return round(min(limits)) if limits else None


def cpu_count(root: Path = _ROOT) -> float:
    """The CPUs this process may use: its affinity, or the quota of cgroup v2 where that is less."""
    return min([float(len(os.sched_getaffinity(0))), *_read_all(root, "", "cpu.max", parse_cpu_max)])


def total_memory() -> int:
    """The memory of the machine in bytes."""
    return int(psutil.virtual_memory().total)


def budget_from(setting: int | None, root: Path = _ROOT) -> Budget:
    """The budget the operator set, else the cgroup's limit, else half the machine: others live there too."""
    return Budget(setting or memory_limit(root) or total_memory() // 2)


def _read_all(root: Path, controller: str, name: str, parse: Callable[[str], float | None]) -> Iterator[float]:
    """The limits that files of this name set, from the process's own cgroup up to the mount's root."""
    try:
        path = parse_membership((root / "proc/self/cgroup").read_text()).get(controller)
    except FileNotFoundError:  # not Linux
        return
    if path is None:
        return
    mount = root / "sys/fs/cgroup" / controller
    # In a container the path may be the host's, of which only the root is mounted; missing files are passed over.
    for folder in (PurePosixPath(path), *PurePosixPath(path).parents):
        file = mount / folder.relative_to("/") / name
        if file.exists() and (limit := parse(file.read_text())) is not None:
            yield limit


def memory_in_use() -> int:
    """Bytes used by this process and its descendants, the browser among them; blocks for milliseconds.

    Shared pages count once where the kernel tells (PSS), else in each process (RSS): rather too much than too little.
    """
    me = psutil.Process()
    return sum(_bytes_of(process) for process in (me, *me.children(recursive=True)))


def _bytes_of(process: psutil.Process) -> int:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) << 10
    except (OSError, StopIteration):
        return _resident(process)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


class Sheds(Protocol):
    """Something that can give up its newest piece of work; the pools."""

    def shed(self) -> bool: ...


class MemoryWatch:
    """Looks at the memory in use every now and then, and has work and browser given up when it is over the budget.

    Between two recyclings `recycle_seconds` pass at least: a fresh browser needs a while to be smaller.
    """

    def __init__(
        self,
        budget: Budget,
        *,
        log: Log,
        recycle: Callable[[], Awaitable[object]] | None = None,
        read: Callable[[], int] = memory_in_use,
        every_seconds: float = 1.0,
        recycle_seconds: float = 30.0,
    ) -> None:
        self.budget = budget
        self.used = 0
        self._log = log
        self._recycle = recycle
        self._read = read
        self._every_seconds = every_seconds
        self._recycle_seconds = recycle_seconds
        self._pools: list[Sheds] = []
        self._recycled_at: float | None = None

    @property
    def pressure(self) -> Pressure:
        """As of the last look."""
        return self.budget.pressure(self.used)

    def add(self, pool: Sheds) -> None:
        """Has the pool give up its newest work when memory runs over; later ones go first."""
        self._pools.append(pool)

    async def run(self, pulse: Pulse) -> None:
        """The actor: looks until cancelled."""
        await self.look()
        pulse.started()
        while not pulse.stopping:
            await anyio.sleep(self._every_seconds)
            await self.look()
            pulse.beat()

    async def look(self) -> None:
        """One look, and what follows from it."""
        before = self.pressure
        self.used = await anyio.to_thread.run_sync(self._read)
        if self.pressure is not before:
            self._log.warning("memory", pressure=self.pressure, used=self.used, budget=self.budget.total)
        if self.pressure is Pressure.OVER:
            any(pool.shed() for pool in reversed(self._pools))
            await self._recycle_sometimes()

    async def _recycle_sometimes(self) -> None:
        now = anyio.current_time()
        if self._recycle is None or (self._recycled_at is not None and now - self._recycled_at < self._recycle_seconds):
            return
        self._recycled_at = now
        await self._recycle()
