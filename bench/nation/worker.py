"""One worker process of the simulation: the real pool, performer, leases and host slots; only the requests are played."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import psutil

from nation.plan import ANSWER_S, GUARD_S, LATENCY_S, RESTING, SCALE, SLOW_S, Mode, Piece, nation
from vitality.coordination import hosts, work
from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Claim, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import HostWait, LeaseLost, Unreachable
from vitality.fetch import turns
from vitality.fetch.pacing import Pace
from vitality.fetch.turns import Turns
from vitality.records import Host, Role, WorkKind
from vitality.roles.performer import Performer
from vitality.runtime.child import Pulse
from vitality.runtime.pool import Pool, Reason
from vitality.storage.database import Connection, Database
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

KINDS = (WorkKind.FIND_DIRECTORY, WorkKind.EXTRACT_PARISHES, WorkKind.READ_SCHEDULE)
WEEK = timedelta(days=7)
LEASE = timedelta(seconds=5)
FINDING = "INSERT INTO national_finding (subject, worker, term) VALUES ($1, $2, $3)"


def scale_times() -> None:
    """Closures and backoffs as the nation's clock runs; the guard of a slot as the machine allows."""
    hosts.CLOSE_BASE, hosts.CLOSE_FLOOR = hosts.CLOSE_BASE / SCALE, hosts.CLOSE_FLOOR / SCALE
    turns.LATE_S *= timedelta(seconds=GUARD_S) / hosts.GUARD
    hosts.GUARD = timedelta(seconds=GUARD_S)
    work.BACKOFF_BASE /= SCALE


class Journal:
    """What happened, a line each, written at once: a killed worker leaves what it had done."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, what: str, *values: object) -> None:
        os.write(self._file, (" ".join([what, *map(str, values)]) + "\n").encode())


class Visits:
    """The role's part: asks the host as often as the piece needs, in its turns, and settles."""

    kinds = KINDS

    def __init__(
        self, pieces: Mapping[str, Piece], state: Hosts, trusted: Callable[[], bool], journal: Journal
    ) -> None:
        self._pieces = pieces
        self._journal = journal
        self._turns = Turns(
            state,
            Pace(delay=timedelta(0)),
            sleep=asyncio.sleep,
            trusted=trusted,
        )

    async def perform(self, claim: Claim) -> Settlement:
        piece, begun = self._pieces[claim.subject], time.monotonic()
        try:
            for _ in range(piece.requests):
                await self._request(piece, claim)
        finally:
            self._journal.note("visit", piece.host, begun, time.monotonic())
        worker = os.getpid()

        async def write(connection: Connection) -> None:
            await connection.execute(FINDING, claim.subject, worker, claim.term)

        return Settlement(
            due_in=WEEK, write=write, follow_up=tuple(self._pieces[subject].work() for subject in piece.follows)
        )

    async def _request(self, piece: Piece, claim: Claim) -> None:
        host = Host(piece.host)
        await self._turns.wait(f"http://{host}/", host, piece.delay_s)
        sent_at = time.monotonic()
        self._journal.note("start", host, sent_at, piece.delay_s)
        await asyncio.sleep(ANSWER_S)
        began_at = time.monotonic()
        await asyncio.sleep((SLOW_S if piece.mode is Mode.SLOW else LATENCY_S) - ANSWER_S)
        await self._trouble(piece, claim)
        await self._turns.answered(host, began_at)

    async def _trouble(self, piece: Piece, claim: Claim) -> None:
        host, url = Host(piece.host), f"http://{piece.host}/"
        if piece.mode is Mode.GONE or (piece.mode is Mode.BROKEN and claim.attempt <= 2):
            await self._turns.gave_trouble(host, piece.mode)
            raise Unreachable(url, piece.mode)
        if piece.mode is Mode.BUSY and claim.term <= 1:
            pause = timedelta(seconds=30 / SCALE)
            raise HostWait(url, "429", until=await self._turns.gave_trouble(host, "429", retry_after=pause))
        if piece.mode is Mode.RESTING:
            raise HostWait(url, "asks to be left alone", until=datetime.now(UTC) + RESTING)


class Source:
    """The queue as the pool sees it."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases

    async def claim(self, limit: int) -> Sequence[Claim]:
        return await self._leases.claim(KINDS, limit)

    async def wait(self, seconds: float) -> None:
        due = await self._leases.next_due(KINDS)
        at_most = seconds if due is None else min(seconds, max(0.005, due.total_seconds()))
        await self._leases.wait(KINDS, timedelta(seconds=at_most))

    async def give_back(self, items: Sequence[Claim], reason: Reason) -> None:  # noqa: ARG002 - the port's
        try:
            await self._leases.give_back(items)
        except LeaseLost:
            return


def main(dsn: str, dioceses: int, sites: int, slots: int, journal: Path, ready, go) -> None:  # type: ignore[no-untyped-def]  # handles of multiprocessing
    scale_times()
    asyncio.run(_work(dsn, nation(dioceses, sites), slots, Journal(journal), ready, go))


async def _work(dsn: str, pieces: Mapping[str, Piece], slots: int, journal: Journal, ready, go) -> None:  # type: ignore[no-untyped-def]
    database = Database(dsn, size=4)
    wakeups = Wakeups(database, listen_dsn=dsn)
    leases = Leases(database, wakeups, lease=LEASE)
    await leases.open(WorkerInfo(roles=(Role.DISCOVERY, Role.EXTRACTION, Role.SCHEDULE)))
    visits = Visits(pieces, Hosts(database), leases.trusted, journal)
    log, metrics = make_log(level="error", form="json", stream=io.StringIO()), Metrics(version="bench")
    performer = Performer([visits], leases, log, metrics)
    pool: Pool[Claim] = Pool(
        "nation",
        Source(leases),
        performer.perform,
        slots=slots,
        log=log,
        metrics=metrics,
        linger_seconds=0.02 / SCALE,
        poll_seconds=1.0,
        grace_seconds=10,
    )
    ready.release()
    await asyncio.to_thread(go.wait)
    pulse = Pulse()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, pulse.ask_to_stop)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wakeups.run)
        tasks.start_soon(leases.keep)
        tasks.start_soon(_watch_memory, journal)
        await pool.run(pulse)
        tasks.cancel_scope.cancel()
    await leases.close()
    await database.close()


async def _watch_memory(journal: Journal) -> None:
    process = psutil.Process()
    while True:
        journal.note("memory", time.monotonic(), process.memory_info().rss, sum(process.cpu_times()[:2]))
        await asyncio.sleep(0.5)
