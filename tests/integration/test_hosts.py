"""What all workers know and decide together about a host, against real Postgres."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

import pytest

from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable
from vitality.fetch.port import HostState
from vitality.records import Host, Role, StoredRobots, WorkKind
from vitality.storage.database import Database

pytestmark = pytest.mark.integration

HOST = Host("a.org")
SECOND = timedelta(seconds=1)
LONG = timedelta(hours=1)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


async def test_slots_of_one_host_lie_apart_over_all_processes(dsn: str) -> None:
    """Reserving from several pools at once gives start times with no gap below the delay."""
    databases = [Database(dsn) for _ in range(3)]
    states: list[HostState] = [Hosts(database) for database in databases]
    loop = asyncio.get_running_loop()

    async def start(state: HostState) -> float:
        wait = await state.reserve(HOST, SECOND / 20, within=LONG)
        return loop.time() + wait.total_seconds()

    starts = sorted(await asyncio.gather(*(start(state) for state in states for _ in range(5))))
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) >= 0.05
    for database in databases:
        await database.close()


async def test_a_slot_too_far_away_is_not_taken(database: Database) -> None:
    """A refusal answers when to come back, and moves nobody's turn."""
    hosts = Hosts(database)
    assert await hosts.reserve(HOST, 10 * SECOND, within=SECOND) == timedelta(0)
    for _ in range(3):
        assert 8 * SECOND < await hosts.reserve(HOST, 10 * SECOND, within=SECOND) < 12 * SECOND
    assert await hosts.reserve(HOST, 10 * SECOND, within=LONG) < 12 * SECOND


async def test_a_longer_delay_counts_from_the_last_start(database: Database) -> None:
    """A crawl-delay learned after the first request holds from that request on."""
    hosts = Hosts(database)
    await hosts.reserve(HOST, SECOND, within=LONG)
    assert await hosts.reserve(HOST, 30 * SECOND, within=LONG) > 29 * SECOND


async def test_a_slot_whose_answer_came_late_is_moved_not_wasted(database: Database) -> None:
    """When the answer took longer than the guard, the own slot is taken anew with a longer one, also far from `within`."""
    ticks = iter([0.0, 0.4, 1.0, 1.001])
    slow = Hosts(database, clock=lambda: next(ticks))
    assert await slow.reserve(HOST, 10 * SECOND, within=SECOND) <= SECOND
    wait = await Hosts(database).reserve(HOST, 10 * SECOND, within=LONG)
    assert wait > 10.7 * SECOND, "the next slot counts from the latest start of the slow one"


async def test_an_own_slot_with_another_behind_it_is_not_moved(database: Database, dsn: str) -> None:
    """If somebody has the next slot already, the late one takes a new slot behind that."""
    other = Hosts(database)

    class Interrupted(Hosts):
        calls = 0

        async def _slot(self, *arguments: object) -> object:  # type: ignore[override]
            slot = await super()._slot(*arguments)  # type: ignore[arg-type]
            self.calls += 1
            if self.calls == 1:
                await other.reserve(HOST, 10 * SECOND, within=LONG)
            return slot

    ticks = iter([0.0, 0.4, 1.0, 1.001])
    wait = await Interrupted(database, clock=lambda: next(ticks)).reserve(HOST, 10 * SECOND, within=LONG)
    assert wait > 19 * SECOND


async def test_a_slot_that_passed_unused_is_moved(database: Database) -> None:
    """The process that overslept its slot gets it anew at once, and the next one counts from there."""
    hosts = Hosts(database)
    await hosts.reserve(HOST, SECOND, within=LONG)
    await asyncio.sleep(0.1)
    assert await hosts.reserve(HOST, SECOND, within=LONG, unused=True) < SECOND / 20
    assert await hosts.reserve(HOST, SECOND, within=LONG) > SECOND * 0.95


async def test_an_unused_slot_is_not_moved_before_one_that_others_have(database: Database) -> None:
    """Whoever came later keeps its slot; the late one goes behind it."""
    hosts = Hosts(database)
    await hosts.reserve(HOST, SECOND, within=LONG)
    await Hosts(database).reserve(HOST, SECOND, within=LONG)
    assert await hosts.reserve(HOST, SECOND, within=LONG, unused=True) > SECOND * 1.9


async def test_the_next_slot_counts_from_when_a_late_answer_began(database: Database) -> None:
    """An answer that began 0.4 s after the slot, since connecting took so long, moves the next one on by as much."""
    hosts = Hosts(database)
    await hosts.reserve(HOST, SECOND, within=LONG)
    await asyncio.sleep(0.5)
    await hosts.succeeded(HOST, answered_ago=SECOND / 10)
    assert SECOND * 0.85 < await hosts.reserve(HOST, SECOND, within=LONG) < SECOND
    await hosts.succeeded(HOST, answered_ago=LONG)
    assert await hosts.reserve(HOST, SECOND, within=LONG) > SECOND * 1.8, "an early one changes nothing"


async def test_instants_are_told_by_the_clock_of_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose date is wrong by a day says the right time at which to come back."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Wrong:
            return cls.fromtimestamp(time.time() + 86_400, tz)

    hosts = Hosts(database)
    monkeypatch.setattr("vitality.coordination.hosts.datetime", Wrong)
    assert await hosts.reserve(HOST, SECOND, within=LONG) == timedelta(0)
    assert abs(hosts.instant(LONG) - (datetime.now(UTC) + LONG)) < SECOND * 5
    wait = await hosts.reserve(HOST, 2 * LONG, within=LONG)
    assert wait > LONG
    assert abs(hosts.instant(LONG) - (datetime.now(UTC) + LONG)) < SECOND * 5, "a refusal tells it too"


async def test_rules_from_a_worker_whose_clock_is_ahead_are_replaced(database: Database) -> None:
    """Fetched "tomorrow", they give way to what is fetched a moment later."""
    hosts = Hosts(database)
    await hosts.keep_robots(
        HOST, StoredRobots(status=200, text="old", fetched_at=datetime.now(UTC) + timedelta(days=1))
    )
    await hosts.keep_robots(HOST, StoredRobots(status=200, text="new", fetched_at=datetime.now(UTC) + SECOND))
    kept = await hosts.robots(HOST)
    assert kept is not None
    assert kept.text == "new"


async def test_a_database_that_is_too_slow_for_slots_is_an_error(database: Database) -> None:
    """Rather than shortening a gap the request is not made."""
    clock = itertools.count(0.0, 100.0)
    with pytest.raises(DatabaseUnavailable, match="too slowly"):
        await Hosts(database, clock=lambda: next(clock)).reserve(HOST, SECOND, within=LONG)


async def test_failures_close_a_host_longer_and_longer(database: Database) -> None:
    """The closure doubles with each failure in a row, and an answer starts the count anew."""
    hosts = Hosts(database, draw=lambda: 1.0)
    assert await hosts.closed_until(HOST) is None
    waits = []
    for _ in range(3):
        until = await hosts.failed(HOST, "DNS")
        waits.append(round((until - datetime.now(UTC)).total_seconds()))
    assert waits == [30, 60, 120]
    assert await hosts.closed_until(HOST) == until
    await hosts.succeeded(HOST, answered_ago=LONG)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT failures FROM host") == 0


async def test_retry_after_is_never_undercut(database: Database) -> None:
    """However the jitter falls, the server's own time is kept, and a later small failure does not shorten it."""
    hosts = Hosts(database, draw=lambda: 0.0)
    until = await hosts.failed(HOST, "429", retry_after=timedelta(minutes=10))
    assert until - datetime.now(UTC) > timedelta(minutes=9)
    assert await hosts.failed(HOST, "503") == until


async def test_work_of_a_closed_host_is_not_given_out(database: Database) -> None:
    """A failing host is parked as a host: its work waits, without standing in the way of others."""
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    works = [NewWork(kind=WorkKind.READ_SCHEDULE, subject=name, host=Host(name)) for name in ("a.org", "b.org")]
    await leases.add(None, works)
    await Hosts(database).failed(HOST, "429", retry_after=LONG)
    assert [claim.host for claim in await leases.claim([WorkKind.READ_SCHEDULE], 10)] == ["b.org"]
    await leases.add(None, [NewWork(kind=WorkKind.READ_SCHEDULE, subject="a.org/2", host=HOST)])
    assert await leases.claim([WorkKind.READ_SCHEDULE], 10) == [], "nor what came after the closure"
    async with database.connection() as connection:
        assert await connection.fetchval(
            "SELECT closed_until > now() + interval '59 min' FROM host WHERE host = 'a.org'"
        )


async def test_robots_are_shared_for_a_day_at_most(database: Database) -> None:
    """One worker's robots.txt serves all, the newest counts, and after 24 hours it is asked for anew."""
    hosts, now = Hosts(database), datetime.now(UTC)
    assert await hosts.robots(HOST) is None
    fresh = StoredRobots(status=200, text="User-agent: *\nDisallow: /x", fetched_at=now)
    await hosts.keep_robots(HOST, fresh)
    await hosts.keep_robots(HOST, StoredRobots(status=None, text="", fetched_at=now - SECOND))
    assert await hosts.robots(HOST) == fresh
    await hosts.keep_robots(Host("b.org"), StoredRobots(status=404, text="", fetched_at=now - timedelta(hours=25)))
    assert await hosts.robots(Host("b.org")) is None


async def test_nothing_is_remembered_of_hosts_that_are_done_with(database: Database) -> None:
    """A worker that visits every host of the nation does not grow with them."""
    hosts = Hosts(database)
    for n in range(4):
        await hosts.reserve(Host(f"h{n}.org"), timedelta(0), within=timedelta(seconds=1))
        if n % 2:
            await hosts.failed(Host(f"h{n}.org"), "503")
        else:
            await hosts.succeeded(Host(f"h{n}.org"), answered_ago=timedelta(0))
    assert hosts._last == {}
