"""Politeness from the sites' own log: several processes, one of them killed now and then, and every gap measured.

Prints how many requests started too soon after another of the same host, how many were under way at once from two
processes, and what part of the rate that the delay allows (hosts / delay) was reached. Exit code 1 where a gap was
short or two were at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from storm.polite_worker import KIND
from storm.weather import Server
from storm.web import BENCH, Seen, Web, overlaps, serving, short_gaps

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork
from vitality.records import Host
from vitality.storage.database import Database
from vitality.storage.schema import migrate

CLOCKS_S = 0.002
"""What two stamps of the site's log may be wrong by."""
IN_A_ROW = 5
WARM_S = 4.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    processes: int
    hosts: int
    delay: float
    seconds: float
    kills: int


@dataclass(frozen=True, slots=True)
class Kill:
    """When a process was killed, on the monotonic clock."""

    name: str
    at: float


class Politeness:
    """One run in a workspace of its own."""

    def __init__(self, plan: Plan, workspace: Path) -> None:
        self._plan = plan
        self._workspace = workspace
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._starts = 0
        self._kills: list[Kill] = []

    async def run(self) -> int:
        """Serves, works, kills, and prints."""
        folder = _web_of(self._workspace / "web", self._plan.hosts)
        with serving(folder, self._workspace) as web:
            async with Server(self._workspace / "postgres") as server:
                await _prepare(server.dsn, self._plan.hosts)
                with ExitStack() as stack:
                    stack.callback(self._end)
                    for _ in range(self._plan.processes):
                        self._start(server.dsn, web)
                    window = await self._work(server.dsn, web)
            return self._tell(web.seen(), *window)

    async def _work(self, dsn: str, web: Web) -> tuple[float, float]:
        """Lets them work; the window in which all hosts were known and asked."""
        while len({each.host for each in web.seen()}) < self._plan.hosts:
            await asyncio.sleep(0.5)
        await asyncio.sleep(WARM_S)
        begun = time.monotonic()
        for _ in range(self._plan.kills):
            await asyncio.sleep(self._plan.seconds / (self._plan.kills + 1))
            name, process = self._running.pop(0)
            process.kill()
            self._kills.append(Kill(name, time.monotonic()))
            process.wait()
            self._start(dsn, web)
        await asyncio.sleep(begun + self._plan.seconds - time.monotonic())
        return begun, time.monotonic()

    def _start(self, dsn: str, web: Web) -> None:
        self._starts += 1
        name = f"worker-{self._starts}"
        slots = 2 * self._plan.hosts // self._plan.processes
        command = [sys.executable, "-m", "storm.polite_worker", dsn, web.proxy_url, name]
        command += [str(self._plan.delay), str(IN_A_ROW), str(slots)]
        with (self._workspace / f"{name}.log").open("wb") as log:
            self._running.append((name, subprocess.Popen(command, cwd=BENCH, stdout=log, stderr=log)))

    def _end(self) -> None:
        for _, process in self._running:
            process.kill()
            process.wait()

    def _tell(self, seen: list[Seen], begun: float, ended: float) -> int:
        plan = self._plan
        short, at_once = short_gaps(seen, plan.delay - CLOCKS_S), overlaps(seen)
        inside = sum(begun <= each.started < ended for each in seen)
        allowed = plan.hosts * (ended - begun) / plan.delay
        orphaned = self._orphaned(seen, begun, ended) / plan.delay
        print(f"{plan.processes} processes, {plan.hosts} hosts, delay {plan.delay:g} s, {len(self._kills)} kills")
        print(f"requests              {len(seen)}, of them {inside} in {ended - begun:.0f} s")
        print(f"short gaps            {len(short)}")
        print(f"overlaps              {len(at_once)}")
        print(f"of hosts/delay        {inside / allowed:.3f}")
        print(f"  without the hosts that waited for a killed process's lease  {inside / (allowed - orphaned):.3f}")
        for each in [*short, *at_once][:20]:
            print(f"BROKEN  {each}")
        return 1 if short or at_once else 0

    def _orphaned(self, seen: list[Seen], begun: float, ended: float) -> float:
        """Seconds that hosts waited for somebody after the process that had them was killed."""
        waited = 0.0
        for kill in self._kills:
            last = {each.host: each.asker for each in seen if each.started <= kill.at}
            again = {each.host: each.started for each in reversed(seen) if each.started > kill.at}
            orphans = [host for host, asker in last.items() if asker == kill.name]
            waited += sum(max(0.0, min(again.get(host, ended), ended) - max(kill.at, begun)) for host in orphans)
        return waited


def _web_of(folder: Path, hosts: int) -> Path:
    names = [f"host{number}.polite.example.org" for number in range(hosts)]
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "index.html").write_text(f"<!doctype html><title>{name}</title><p>Mass")
    (folder / "hosts.json").write_text(json.dumps({name: {} for name in names}))
    return folder


async def _prepare(dsn: str, hosts: int) -> None:
    await migrate(dsn)
    database = Database(dsn)
    names = [Host(f"host{number}.polite.example.org") for number in range(hosts)]
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.add(None, [NewWork(kind=KIND, subject=f"http://{name}/", host=name) for name in names])
    await database.close()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--kills", type=int, default=2)
    plan = Plan(**vars(parser.parse_args()))
    workspace = Path(tempfile.mkdtemp(prefix="vitality-politeness-"))
    workspace.chmod(0o755)
    try:
        return asyncio.run(Politeness(plan, workspace).run())
    finally:
        shutil.rmtree(workspace)


if __name__ == "__main__":
    sys.exit(main())
