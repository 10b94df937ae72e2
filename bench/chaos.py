"""The chaos command: real workers on an invented web, everything that can go wrong going wrong, and the books checked.

1. A run without faults gives the record that must come out.
2. Drills, one fault at a time: how soon a killed worker's hosts are leased again, how long SIGTERM takes, and how
   soon the rate is full after Postgres was away.
3. The storm: faults drawn from the seed, several at once. Work is due again every few seconds, so it never ends.
4. Calm: everything must be done again, and the audit that Postgres kept beside the program is examined.

`just chaos seed=1 minutes=10`; exit code 1 when any rule was broken. The same seed gives the same plan of faults; whom
they find at what still depends on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storm import audit
from storm.drills import Recovery, away_drill, kill_drill, term_drill
from storm.fleet import Fleet
from storm.landscape import Landscape
from storm.record import exported, fetch
from storm.weather import Server, Weather
from storm.web import Web, overlaps, serving, short_gaps

from vitality.storage.database import connect
from vitality.storage.schema import migrate

LEASE_S = 5.0
DELAY_S = 0.25
CLOCKS_S = 0.002
"""What two stamps of the site's log may be wrong by."""
ROLES = ["all", "schedule", "schedule", "extraction", "discovery"]
SETTINGS = {
    "LEASE_SECONDS": str(LEASE_S),
    "HEARTBEAT_SECONDS": "1",
    "POLL_SECONDS": "1",
    "SHUTDOWN_GRACE": "0.5",
    "HOST_DELAY": str(DELAY_S),
    "MAX_ATTEMPTS": "30",
    "CONCURRENCY": "16",
    "DATABASE_POOL_SIZE": "6",
    "REFRESH_DIOCESES": "20",
    "REFRESH_DIRECTORY": "15",
    "REFRESH_PARISHES": "10",
    "REFRESH_SCHEDULE": "4",
    "REPORT_CYCLE": "30",
}
DONE_SINCE = """SELECT count(*) FROM work w WHERE w.kind <> 'write_report' AND NOT EXISTS (
                    SELECT 1 FROM work_run r WHERE r.work_id = w.id AND r.outcome = 'done'
                    AND r.finished_at > to_timestamp($1))"""
KINDS = "SELECT kind, count(*) AS n FROM work GROUP BY kind ORDER BY kind"
HELD = """SELECT (SELECT count(*) FROM work WHERE holder IS NOT NULL)
              + (SELECT count(*) FROM host WHERE holder IS NOT NULL) + (SELECT count(*) FROM lease) AS n"""
BURIED = "SELECT kind, subject, error FROM work WHERE state = 'buried'"
OUTCOMES = "SELECT outcome, count(*) AS n FROM work_run GROUP BY outcome ORDER BY outcome"
CALM_S = 60.0


@dataclass(slots=True)
class Size:
    """How large the storm is: of the web, of the drills, of the faults and the time they are spread over."""

    dioceses: int
    parishes: int
    drills: int
    faults: int
    storm_s: float


@dataclass(slots=True)
class Table:
    """The printed result: rules that must hold, and figures."""

    broken: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    slack: float = 1.0

    def rule(self, name: str, wrong: Sequence[str], *, checked: str = "") -> None:
        """A rule and its breaches; none are right."""
        self.rows.append((name, f"{len(wrong)} broken{', of ' + checked if checked else ''}"))
        self.broken += [f"{name}: {each}" for each in wrong]

    def bound(self, name: str, seen: Sequence[float], limit: float) -> None:
        """Times that may not be above a limit (`slack` times it), by their 99th percentile."""
        if seen:
            worst = sorted(seen)[min(len(seen) - 1, int(len(seen) * 0.99))]
            middle = sorted(seen)[len(seen) // 2]
            self.rows.append((name, f"p50 {middle:.2f} s, p99 {worst:.2f} s of {len(seen)}; at most {limit:g} s"))
            if worst > limit * self.slack:
                self.broken.append(f"{name}: {worst:.2f} s")

    def figure(self, name: str, value: object) -> None:
        """A figure that nothing is demanded of."""
        self.rows.append((name, str(value)))

    def print(self) -> None:
        """For a person."""
        width = max(len(name) for name, _ in self.rows)
        for name, value in self.rows:
            print(f"{name:<{width}}  {value}")
        for each in self.broken[:40]:
            print(f"BROKEN  {each}")
        print("chaos: " + ("nothing is broken" if not self.broken else f"{len(self.broken)} things are broken"))


class Chaos:
    """One run of the command in a workspace of its own."""

    def __init__(self, size: Size, seed: int, workspace: Path, *, slack: float = 1.0) -> None:
        self._size = size
        self._chance = random.Random(seed)
        self._workspace = workspace
        self._table = Table(slack=slack)
        self._recovery = Recovery()
        self._kinds: list[tuple[str, int]] = []
        self._begun = time.monotonic()

    async def run(self) -> Table:
        """All four parts."""
        land = Landscape(self._workspace / "web", self._size.dioceses, self._size.parishes)
        land.write()
        settings = {**SETTINGS, "CONFERENCE_URL": land.conference_url}
        with serving(land.root, self._workspace) as web:
            async with Server(self._workspace / "postgres") as server:
                settings["HTTP_PROXY"] = web.proxy_url
                async with Fleet(ROLES, settings, self._workspace) as fleet:
                    fleet.connect(server.running.port)
                    expected = await self._reference(fleet, server)
                    await self._prepare(server)
                    fleet.start(server.dsn)
                    await self._drill(fleet, server, web)
                    await self._storm(fleet, server)
                    await self._calm(fleet, server)
                    await self._check(fleet, server, web, expected)
        self._table.figure("took", f"{time.monotonic() - self._begun:.0f} s")
        return self._table

    async def _reference(self, fleet: Fleet, server: Server) -> list[str]:
        """What comes out without faults."""
        await self._prepare(server)
        fleet.start(server.dsn)
        await self._until_done(server, 0.0)
        await fleet.end(signal.SIGTERM)
        self._say("the run without faults is over")
        self._kinds = [(row["kind"], row["n"]) for row in await fetch(server.dsn, KINDS)]
        found = await exported(server.dsn, self._workspace / "expected")
        assert len(found) >= self._size.dioceses * self._size.parishes * 5, "the invented web is not read as meant"
        return found

    async def _prepare(self, server: Server) -> None:
        async with connect(server.dsn) as connection:
            await connection.execute(
                "DROP SCHEMA IF EXISTS audit CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
            )
        await migrate(server.dsn)
        async with connect(server.dsn) as connection:
            await audit.install(connection)

    async def _until_done(self, server: Server, since: float) -> None:
        """Waits until every piece of work was done since then; the number of pieces must be all there are."""
        deadline = time.monotonic() + CALM_S
        while time.monotonic() < deadline:
            (row,) = await fetch(server.dsn, DONE_SINCE, since)
            kinds = {each["kind"]: each["n"] for each in await fetch(server.dsn, KINDS)}
            if row["count"] == 0 and kinds.get("read_schedule", 0) == self._size.dioceses * self._size.parishes:
                return
            await asyncio.sleep(0.2)

    async def _drill(self, fleet: Fleet, server: Server, web: Web) -> None:
        await self._until_done(server, 0.0)
        if not self._size.drills:
            return
        for _ in range(self._size.drills):
            await kill_drill(fleet, server, self._chance, self._recovery)
            await term_drill(fleet, server, self._chance, self._recovery)
        for _ in range(max(1, self._size.drills // 3)):
            await away_drill(fleet, server, web, self._recovery)
        self._say("the drills are over")

    async def _storm(self, fleet: Fleet, server: Server) -> None:
        weather = Weather(fleet, server, self._chance, lease_s=LEASE_S)
        begun = time.monotonic()
        await weather.blow(self._size.faults, self._size.storm_s)
        self._say(f"the storm is over: {sum(weather.done.values())} faults in {time.monotonic() - begun:.0f} s")
        self._table.figure("faults in the storm", sum(weather.done.values()))
        for kind, count in sorted(weather.done.items()):
            self._table.figure(f"  {kind}", count)

    async def _calm(self, fleet: Fleet, server: Server) -> None:
        (row,) = await fetch(server.dsn, "SELECT extract(epoch FROM clock_timestamp())::float8 AS now")
        begun = time.monotonic()
        await self._until_done(server, row["now"])
        self._table.figure("all done again after the storm", f"{time.monotonic() - begun:.1f} s")
        left = [
            f"{each['n']} pieces not done"
            for each in await fetch(server.dsn, DONE_SINCE.replace("count(*)", "count(*) AS n"), row["now"])
            if each["n"]
        ]
        if left:
            for seat in fleet.seats:
                fleet.send(seat, signal.SIGUSR1)  # its log then says what every task waits for
            await asyncio.sleep(1)
        self._table.rule("every piece done", left, checked=f"{sum(n for _, n in self._kinds)} pieces")
        together = await fleet.end(signal.SIGTERM)
        self._table.figure("SIGTERM of all at once, the last exit", f"{max(together):.1f} s")

    async def _check(self, fleet: Fleet, server: Server, web: Web, expected: list[str]) -> None:
        found = await exported(server.dsn, self._workspace / "found")
        self._table.rule("findings as without faults", _differences(expected, found), checked=f"{len(expected)} rows")
        kinds = [(row["kind"], row["n"]) for row in await fetch(server.dsn, KINDS)]
        self._table.rule("no work lost or doubled", [] if kinds == self._kinds else [f"{self._kinds} became {kinds}"])
        senders = audit.Senders(passage for seat in fleet.seats for passage in seat.wire.passages)
        async with connect(server.dsn) as connection:
            books = await audit.examine(connection, senders)
        self._table.rule("stale writes accepted", books.stale, checked=f"{books.ends} ends, {books.findings} findings")
        self._table.rule("live double holders (database)", books.double, checked=f"{books.turns} turns")
        self._table.rule("terms rise by one, claims end once", books.out_of_turn, checked=f"{books.turns} turns")
        self._table.rule("none over its attempts", books.over_attempts, checked=f"{books.turns} turns")
        self._table.rule("nothing buried", [str(tuple(row)) for row in await fetch(server.dsn, BURIED)])
        await self._check_the_sites(web)
        (held,) = await fetch(server.dsn, HELD)
        self._table.rule("nothing held by the dead", [f"{held['n']} rows"] if held["n"] else [])
        self._table.rule("no process ended by itself", fleet.unexpected, checked=f"{fleet.starts} starts")
        self._recovered()
        outcomes = {row["outcome"]: row["n"] for row in await fetch(server.dsn, OUTCOMES)}
        self._table.figure("runs by outcome", json.dumps(outcomes))

    async def _check_the_sites(self, web: Web) -> None:
        seen = web.seen()
        self._table.rule("live double holders (sites' log)", overlaps(seen), checked=f"{len(seen)} requests")
        self._table.rule(f"gaps at the sites below {DELAY_S:g} s", short_gaps(seen, DELAY_S - CLOCKS_S))

    def _recovered(self) -> None:
        self._table.bound("kill -9 to hosts leased again", self._recovery.leased_again, LEASE_S + 2)
        self._table.bound("SIGTERM to exit", self._recovery.sigterm, 2.0)
        self._table.bound("full rate after Postgres was away 5 s", self._recovery.full_rate, 5.0)
        self._table.rule(
            "exits while Postgres was away", [f"{self._recovery.exits} exits"] if self._recovery.exits else []
        )

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._begun:5.0f} s] {text}", file=sys.stderr, flush=True)


def _differences(expected: list[str], found: list[str]) -> list[str]:
    missing = [f"missing: {each[:300]}" for each in sorted(set(expected) - set(found))]
    added = [f"added: {each[:300]}" for each in sorted(set(found) - set(expected))]
    doubled = [] if len(found) == len(set(found)) or len(found) == len(expected) else ["rows twice"]
    return missing + added + doubled


def size_of(minutes: float) -> Size:
    """The storm that fits into so many minutes, the rest of the run included; 10 minutes hold more than 200 faults."""
    if minutes >= 4:
        storm_s = minutes * 60 - 190
        return Size(dioceses=4, parishes=10, drills=6, faults=int(storm_s / 1.8), storm_s=storm_s)
    storm_s = max(20.0, minutes * 60 - 65)
    return Size(dioceses=3, parishes=5, drills=1, faults=int(storm_s), storm_s=storm_s)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10, help="length of the whole run; 10 hold over 200 faults")
    parser.add_argument("--faults", type=int, help="another number of faults in the storm")
    parser.add_argument(
        "--slack",
        type=float,
        default=1.0,
        help="factor on the limits of times, for a machine that does other things beside",
    )
    parser.add_argument("--no-drills", action="store_true", help="the storm only")
    parser.add_argument("--keep", action="store_true", help="leave the folder with logs and database behind")
    given = parser.parse_args()
    size = size_of(given.minutes)
    size.faults = given.faults or size.faults
    size.drills = 0 if given.no_drills else size.drills
    workspace = Path(tempfile.mkdtemp(prefix="vitality-chaos-"))
    workspace.chmod(0o755)
    print(f"chaos: seed {given.seed}, {size.faults} faults in {size.storm_s:.0f} s", flush=True)
    try:
        table = asyncio.run(Chaos(size, given.seed, workspace, slack=given.slack).run())
    finally:
        if given.keep:
            print(f"the folder: {workspace}")
        else:
            shutil.rmtree(workspace)
    table.print()
    return 1 if table.broken else 0


if __name__ == "__main__":
    sys.exit(main())
