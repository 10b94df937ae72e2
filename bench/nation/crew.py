"""A crew of worker processes, and what their journals say afterwards."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from nation import worker

CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Crew:
    """Workers that begin at one instant; more may join, some may leave or be killed."""

    dsn: str
    dioceses: int
    sites: int
    slots: int
    folder: Path
    members: list[multiprocessing.process.BaseProcess] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def join(self, count: int) -> float:
        """Starts so many more; returns the instant at which they were let go."""
        ready, go = CONTEXT.Semaphore(0), CONTEXT.Event()
        for _ in range(count):
            journal = self.folder / f"{next(self.numbers)}.journal"
            values = (self.dsn, self.dioceses, self.sites, self.slots, journal, ready, go)
            member = CONTEXT.Process(target=worker.main, args=values, daemon=True)
            member.start()
            self.members.append(member)
        for _ in range(count):
            while not ready.acquire(timeout=5):
                self._all_alive()
        go.set()
        return time.monotonic()

    def _all_alive(self) -> None:
        if any(member.exitcode is not None for member in self.members):
            raise SystemExit("a worker of the simulation died at its start")

    def leave(self, count: int, *, killed: int = 0) -> None:
        """So many end in good order, and `killed` more without any."""
        for index in range(count + killed):
            member = self.members.pop(0)
            assert member.pid is not None
            os.kill(member.pid, signal.SIGKILL if index >= count else signal.SIGTERM)
            if index >= count:
                member.join()
            else:
                self._leaving(member)

    def disband(self) -> None:
        self.leave(len(self.members))

    def _leaving(self, member: multiprocessing.process.BaseProcess) -> None:
        member.join(timeout=30)
        if member.exitcode != 0:
            raise SystemExit(f"a worker ended with {member.exitcode}")


@dataclass
class Story:
    """What all journals tell."""

    short_gaps: list[str]
    overlaps: list[str]
    requests: int
    memory: list[list[tuple[float, int, float]]]
    """Per worker: (instant, resident bytes, seconds of processor)."""

    @property
    def growth_mb(self) -> float:
        """The most that any worker's memory grew from a third of its life to its end."""
        return max((seen[-1][1] - seen[len(seen) // 3][1] for seen in self.memory if len(seen) > 5), default=0) / 2**20

    @property
    def cpu_s(self) -> float:
        return sum(seen[-1][2] - seen[0][2] for seen in self.memory if seen)


def story(folder: Path) -> Story:
    """Reads the journals: starts at one host closer than its delay, visits to one host at the same time."""
    starts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    visits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    memory = []
    for path in sorted(folder.glob("*.journal")):
        seen = []
        for line in path.read_text().splitlines():
            what, *values = line.split()
            if what == "memory":
                seen.append((float(values[0]), int(values[1]), float(values[2])))
            else:
                (starts if what == "start" else visits)[values[0]].append((float(values[1]), float(values[2])))
        memory.append(seen)
    return Story(_short(starts), _overlapping(visits), sum(map(len, starts.values())), memory)


def _short(starts: dict[str, list[tuple[float, float]]]) -> list[str]:
    return [
        f"{host}: {(second[0] - first[0]) * 1e3:.2f} ms where {second[1] * 1e3:.0f} are due"
        for host, times in starts.items()
        for first, second in itertools.pairwise(sorted(times))
        if second[0] - first[0] < second[1]
    ]


def _overlapping(visits: dict[str, list[tuple[float, float]]]) -> list[str]:
    return [
        f"{host}: two visits at once"
        for host, times in visits.items()
        for first, second in itertools.pairwise(sorted(times))
        if second[0] < first[1]
    ]
