"""A request's turn, in a process that is stopped, busy or without a lease, with a clock that jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyio
import pytest

from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.fetch.memory import MemoryHostState
from vitality.fetch.pacing import Pace
from vitality.fetch.turns import TRIES, Turns
from vitality.records import Host

HOST = Host("a.org")
URL = "http://a.org/"
DELAY = timedelta(seconds=2)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Process:
    """One process and the hosts' state; each sleep oversleeps by the next of `stops` seconds."""

    def __init__(self, *stops: float) -> None:
        self.seconds = 0.0
        self.trusted = True
        self.stops = list(stops)
        self.hosts = MemoryHostState(clock=self.clock)
        self.turns = Turns(
            self.hosts,
            Pace(delay=DELAY),
            sleep=lambda seconds: self.sleep(seconds),  # noqa: PLW0108 - a test puts another in its place
            ticks=lambda: self.seconds,
            trusted=lambda: self.trusted,
        )

    def clock(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds + (self.stops.pop(0) if self.stops else 0)


async def test_a_slot_that_was_overslept_is_moved_and_the_next_counts_from_there() -> None:
    """Stopped for 0.5 s while it waits, the process does not ask with a slot that has passed."""
    process = Process(0.5)
    await process.turns.wait(URL, HOST)
    await process.turns.wait(URL, HOST)
    assert process.seconds == pytest.approx(2.5)
    await process.turns.wait(URL, HOST)
    assert process.seconds == pytest.approx(4.5), "a full delay after the moved slot, and no slot was wasted"


async def test_a_process_that_may_not_trust_its_lease_asks_nothing() -> None:
    """Neither before it waits for its slot nor when it wakes up after its lease ran out."""
    process = Process()
    await process.turns.wait(URL, HOST)

    async def stopped(seconds: float) -> None:
        process.seconds += seconds + 60
        process.trusted = False

    process.sleep = stopped  # type: ignore[method-assign]  # the process is stopped while it sleeps
    with pytest.raises(LeaseLost, match=r"a\.org is not asked"):
        await process.turns.wait(URL, HOST)
    with pytest.raises(LeaseLost):
        await process.turns.check_open(URL, HOST)


async def test_a_process_that_is_always_late_asks_nothing() -> None:
    """A request that cannot keep its slot is not made at all."""
    process = Process(*[0.5] * 20)
    await process.hosts.reserve(HOST, DELAY, within=DELAY)
    ticks = iter(range(2 * TRIES + 2))
    late = Turns(process.hosts, Pace(delay=DELAY), sleep=process.sleep, ticks=lambda: float(next(ticks)) * 9)
    with pytest.raises(DatabaseUnavailable, match="too busy"):
        await late.wait(URL, HOST)


async def test_a_request_that_was_given_up_makes_the_next_one_wait() -> None:
    """Cancelled without an answer, it may have reached the site at the last moment; noting it outlives the cancellation."""
    process = Process()
    await process.turns.wait(URL, HOST)
    process.seconds += 1.5
    with anyio.CancelScope() as scope:
        scope.cancel()
        await process.turns.abandoned(HOST)
    await process.turns.wait(URL, HOST)
    assert process.seconds == pytest.approx(3.5)


async def test_a_request_that_arrived_late_makes_the_next_one_wait() -> None:
    """What it took to reach the site is added to the distance."""
    process = Process()
    await process.turns.wait(URL, HOST)
    process.seconds += 1.5  # a slow handshake: only then did the request leave
    began_at = process.seconds
    process.seconds += 0.1
    await process.turns.answered(HOST, began_at)
    await process.turns.wait(URL, HOST)
    assert process.seconds == pytest.approx(3.5)
