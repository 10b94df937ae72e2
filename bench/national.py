"""A simulated national crawl on the real SQL: makespan, politeness, split, memory, scaling, and the cost of a backlog.

    python bench/national.py [crawl] [scaling] [backlog] [--workers 1 2 4 8] [--part 20] [--quick]

Real are the pool, the performer, the leases, the host slots and Postgres; the requests are played, at a hundredth of
the times of a real crawl (196 dioceses, 17,000 parish sites, 5 % of the hosts failing in five ways). `--part N` crawls an
Nth of the nation, `--quick` a fiftieth in all three parts, under a minute. docs/benchmarks.md tells what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import asyncpg
from nation import backlog
from nation.crew import Crew, Story, story
from nation.ideal import makespan
from nation.plan import Piece, nation
from queues.ending import end_on_sigterm
from queues.verdict import Sheet

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.records import WorkKind
from vitality.storage.database import Database
from vitality.storage.embedded import ensure
from vitality.storage.schema import migrate

DIOCESES, SITES = 196, 17_000
SLOTS = 4
"""Pieces that one worker does at a time: eight workers then leave two processors something to spare."""
JUDGED_S = 5.0
"""Of a shorter crawl the start is a large part: its makespan and its split are shown and not judged."""
EMPTY = """
TRUNCATE work, lane, host, lease, worker, work_run RESTART IDENTITY;
DROP TABLE IF EXISTS national_finding;
CREATE TABLE national_finding (subject text NOT NULL, worker int NOT NULL, term int NOT NULL,
                               at timestamptz NOT NULL DEFAULT clock_timestamp());
"""
FIRST_S = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="crawl, scaling or backlog; all without")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--part", type=int, default=1, help="crawl one of so many parts of the nation")
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    end_on_sigterm()
    if options.quick:
        options.part = 50
    parts = {"crawl": crawls, "scaling": scaling, "backlog": backlog.run}
    with tempfile.TemporaryDirectory(prefix="vitality-nation-") as folder:
        Path(folder).chmod(0o755)
        server = asyncio.run(ensure(Path(folder)))
        sheet = Sheet()
        try:
            asyncio.run(migrate(server.dsn))
            for name in options.parts or parts:
                print(f"\n== {name}", flush=True)
                parts[name](server.dsn, options, sheet)
        finally:
            asyncio.run(server.stop())
    raise SystemExit(sheet.close())


def crawls(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """The same nation by one worker, by two, and so on."""
    dioceses, sites = max(1, DIOCESES // options.part), SITES // options.part
    pieces = nation(dioceses, sites)
    print(f"{dioceses} dioceses, {sites} sites, {options.slots} slots a worker")
    for workers in options.workers:
        with tempfile.TemporaryDirectory(prefix="vitality-crew-") as name:
            crew = Crew(dsn, dioceses, sites, options.slots, Path(name))
            asyncio.run(_prepare(dsn, pieces))
            crew.join(workers)
            took = asyncio.run(_finish(dsn, pieces, limit_s=120 + 20 * makespan(pieces, workers * options.slots)))
            shares = asyncio.run(_shares(dsn))
            crew.disband()
            asyncio.run(_check(dsn, pieces, sheet, f"{workers} workers"))
            bound = makespan(pieces, workers * options.slots)
            _tell(f"{workers} workers", story(Path(name)), took, bound, shares, sheet)


def _tell(who: str, told: Story, took: float, bound: float, shares: list[int], sheet: Sheet) -> None:
    print(
        f"{who}: {took:.1f} s where politeness sets {bound:.1f} s; {told.requests} requests, {told.requests / took:.0f}/s; "
        f"workers' processor time {told.cpu_s:.1f} s; pieces a worker {min(shares)} to {max(shares)}"
    )
    for line in (told.short_gaps + told.overlaps)[:5]:
        print(f"  {line}")
    if bound >= JUDGED_S:
        sheet.at_most(f"{who}: makespan to the bound of politeness", took / bound, 1.15)
        sheet.at_most(f"{who}: the busiest worker to the mean", max(shares) * len(shares) / sum(shares), 1.2)
    sheet.at_most(f"{who}: gaps shorter than the delay", len(told.short_gaps), 0)
    sheet.at_most(f"{who}: two visits of a host at once", len(told.overlaps), 0)
    sheet.at_most(f"{who}: growth of a worker's memory, MiB", told.growth_mb, 8)


def scaling(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """Ten workers, three of them for a while, ten again; of the seven that go some are killed."""
    part = max(options.part, 10)
    dioceses, sites = max(1, DIOCESES // part), SITES // part
    pieces = nation(dioceses, sites)
    with tempfile.TemporaryDirectory(prefix="vitality-crew-") as name:
        crew = Crew(dsn, dioceses, sites, 3, Path(name))
        asyncio.run(_prepare(dsn, pieces))
        crew.join(10)
        asyncio.run(_until(dsn, len(pieces) // 4))
        crew.leave(5, killed=2)
        asyncio.run(_until(dsn, len(pieces) // 2))
        crew.join(7)
        took = asyncio.run(_finish(dsn, pieces, limit_s=300))
        crew.disband()
        told = story(Path(name))
    print(f"10, 3 and 10 workers: {took:.1f} s, {told.requests} requests")
    asyncio.run(_check(dsn, pieces, sheet, "scaled down and up"))
    for line in told.short_gaps[:5]:
        print(f"  {line}")
    sheet.at_most("scaled down and up: gaps shorter than the delay", len(told.short_gaps), 0)
    sheet.at_most("scaled down and up: two visits of a host at once", len(told.overlaps), 0)


async def _prepare(dsn: str, pieces: Mapping[str, Piece]) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(EMPTY)
    await connection.close()
    database = Database(dsn)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    firsts = [piece.work() for piece in pieces.values() if piece.kind is WorkKind.FIND_DIRECTORY]
    await leases.add(None, firsts)
    await database.close()


async def _finish(dsn: str, pieces: Mapping[str, Piece], limit_s: float) -> float:
    """Waits until all is done that can be; seconds from the first claim to the last finding, on the database's clock."""
    await _until(dsn, sum(piece.done_at_last for piece in pieces.values()), limit_s)
    connection = await asyncpg.connect(dsn)
    took: float = await connection.fetchval("""
        SELECT extract(epoch FROM (SELECT max(at) FROM national_finding) - (SELECT min(claimed_at) FROM work_run))::float8
    """)
    await connection.close()
    return took


async def _until(dsn: str, count: int, limit_s: float = 300) -> None:
    connection = await asyncpg.connect(dsn)
    ends = time.monotonic() + limit_s
    while await connection.fetchval("SELECT count(DISTINCT subject) FROM national_finding") < count:
        if time.monotonic() > ends:
            rows = await connection.fetch("SELECT subject, state, due_at - now() AS due, error FROM work LIMIT 5")
            raise SystemExit(f"not done after {limit_s:.0f} s: {[dict(row) for row in rows]}")
        await asyncio.sleep(0.25)
    await connection.close()


async def _shares(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT count(*) FROM national_finding GROUP BY worker")
    await connection.close()
    return [row[0] for row in rows]


async def _check(dsn: str, pieces: Mapping[str, Piece], sheet: Sheet, who: str) -> None:
    """Each piece that can be done was done once, and nothing is held by anybody who has left."""
    connection = await asyncpg.connect(dsn)
    found = {
        row[0]: row[1] for row in await connection.fetch("SELECT subject, count(*) FROM national_finding GROUP BY 1")
    }
    held = await connection.fetchval("SELECT count(*) FROM work WHERE state = 'leased'")
    held += await connection.fetchval("SELECT count(*) FROM host WHERE holder IS NOT NULL")
    over = await connection.fetchval("SELECT count(*) FROM work WHERE attempt > max_attempts")
    await connection.close()
    expected = {subject for subject, piece in pieces.items() if piece.done_at_last}
    sheet.at_most(f"{who}: pieces lost", len(expected - set(found)), 0)
    sheet.at_most(f"{who}: pieces done twice", sum(count > 1 for count in found.values()), 0)
    sheet.at_most(f"{who}: held by the departed, or over their attempts", held + over, 0)


if __name__ == "__main__":
    main()
