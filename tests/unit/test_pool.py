"""The pool by the words of its docstring, over a source in memory and on a clock that jumps."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import pytest

from vitality.errors import DatabaseUnavailable
from vitality.runtime.budget import Pressure
from vitality.runtime.child import Pulse
from vitality.runtime.nap import Nap
from vitality.runtime.pool import Pool, Reason
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

jumping = pytest.mark.asyncio(loop_factories=["jumping"])


class Shelf:
    """A source: items lie there until they are claimed; it remembers every call."""

    def __init__(self, *items: int, answers_after: float = 0.0) -> None:
        self.items = list(items)
        self.claims: list[tuple[int, list[int]]] = []
        self.returned: list[tuple[int, Reason]] = []
        self.down = False
        self.answers_after = answers_after
        self._news = anyio.Event()

    def put(self, *items: int) -> None:
        self.items.extend(items)
        self._news.set()
        self._news = anyio.Event()

    async def claim(self, limit: int) -> list[int]:
        self._check()
        taken, self.items = self.items[:limit], self.items[limit:]
        await anyio.sleep(self.answers_after)
        self.claims.append((limit, taken))
        return taken

    async def wait(self, seconds: float) -> None:
        self._check()
        with anyio.move_on_after(seconds):
            await self._news.wait()

    async def give_back(self, items: Sequence[int], reason: Reason) -> None:
        self._check()
        await anyio.sleep(self.answers_after)
        self.returned.extend((item, reason) for item in items)

    def _check(self) -> None:
        if self.down:
            raise DatabaseUnavailable("connection refused")


class Work:
    """Performs items that take a given time each; remembers when each began and which were done."""

    def __init__(self, seconds: float = 1.0, **special: Callable[[], Awaitable[object]]) -> None:
        self.seconds = seconds
        self.begun: dict[int, float] = {}
        self.done: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self._special = special
        self._zero = anyio.current_time()

    async def perform(self, item: int) -> None:
        self.begun[item] = round(anyio.current_time() - self._zero, 3)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._special.get(f"item{item}", self._usual)()
            self.done.append(item)
        finally:
            self.at_once -= 1

    async def _usual(self) -> None:
        await anyio.sleep(self.seconds)


def make_pool(shelf: Shelf, work: Work, *, slots: int = 4, metrics: Metrics | None = None, **options: Any) -> Pool[int]:
    options = {"random": lambda: 0.5, "poll_seconds": 15.0, "linger_seconds": 0.02, **options}
    log = make_log(level="error", form="json", stream=io.StringIO())
    return Pool("p", shelf, work.perform, slots=slots, log=log, metrics=metrics or Metrics(version="1"), **options)


@asynccontextmanager
async def running(pool: Pool[int]) -> Any:
    """Runs the pool beside the block; at the end it is asked to stop, and waited for."""
    pulse = Pulse()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pool.run, pulse)
        yield pulse
        pulse.ask_to_stop()


@jumping
async def test_everything_is_performed_once_and_no_more_at_a_time_than_there_are_slots() -> None:
    """Forty items through four slots take ten rounds."""
    shelf, work = Shelf(*range(40)), Work(1.0)
    async with running(make_pool(shelf, work)):
        await anyio.sleep(10.9)
    assert sorted(work.done) == list(range(40))
    assert work.most_at_once == 4
    assert shelf.returned == []


@jumping
async def test_no_more_is_claimed_than_slots_are_free_nor_than_a_batch() -> None:
    """Claims are 4 at first, and later what became free."""
    shelf, work = Shelf(*range(100)), Work(5.0)
    async with running(make_pool(shelf, work, slots=6, batch=4)):
        await anyio.sleep(1)
    assert [limit for limit, _ in shelf.claims] == [4, 2]


@jumping
async def test_short_work_is_claimed_in_batches() -> None:
    """Slots that become free one after the other within a moment share a claim."""
    paces = {f"item{item}": partial(anyio.sleep, 0.001 * (1 + item % 10)) for item in range(200)}
    shelf, work = Shelf(*range(200)), Work(1.0, **paces)
    async with running(make_pool(shelf, work, slots=10)):
        await anyio.sleep(5)
    assert len(work.done) == 200
    assert len(shelf.claims) <= 30


@jumping
async def test_new_work_wakes_an_idle_pool() -> None:
    """It does not wait for the next poll."""
    shelf, work = Shelf(), Work()
    async with running(make_pool(shelf, work)):
        await anyio.sleep(3)
        shelf.put(1)
        await anyio.sleep(0.5)
    assert work.begun == {1: 3.0}


@jumping
async def test_an_idle_pool_polls() -> None:
    """Work that nobody announced is found within the poll interval; an idle pool asks no more often."""
    shelf, work = Shelf(), Work()
    async with running(make_pool(shelf, work)):
        await anyio.sleep(1)
        shelf.items.append(1)
        await anyio.sleep(60)
    assert work.begun == {1: 15.0}
    assert len(shelf.claims) <= 7


@jumping
async def test_a_finished_item_makes_the_pool_look_again() -> None:
    """Its host may be free for others now."""
    shelf, work = Shelf(1), Work(2.0)
    async with running(make_pool(shelf, work)):
        await anyio.sleep(1)
        shelf.items.append(2)
        await anyio.sleep(2)
    assert work.begun[2] == pytest.approx(2.0, abs=0.05)


@jumping
async def test_draining_lets_the_running_finish_and_claims_no_more() -> None:
    """What ends within the grace is done, not given back."""
    shelf, work = Shelf(*range(10)), Work(5.0)
    async with running(make_pool(shelf, work, grace_seconds=10)):
        await anyio.sleep(1)
    assert (sorted(work.done), shelf.returned, shelf.items) == ([0, 1, 2, 3], [], [4, 5, 6, 7, 8, 9])
    assert anyio.current_time() - work._zero == pytest.approx(5.0)


@jumping
async def test_after_the_grace_the_rest_is_cancelled_and_given_back() -> None:
    """In one call, as drained."""

    async def endless() -> None:
        await anyio.sleep_forever()

    shelf, work = Shelf(1, 2, 3), Work(2.0, item1=endless, item3=endless)
    async with running(make_pool(shelf, work, grace_seconds=10)):
        await anyio.sleep(1)
    assert (work.done, sorted(shelf.returned)) == ([2], [(1, Reason.DRAIN), (3, Reason.DRAIN)])
    assert anyio.current_time() - work._zero == pytest.approx(11.0)


@jumping
async def test_cancellation_gives_back_too() -> None:
    """Under a shield, since the cancellation still holds."""
    shelf, work = Shelf(1, 2, answers_after=0.5), Work(100.0)
    with anyio.move_on_after(3):
        await make_pool(shelf, work).run(Pulse())
    assert sorted(shelf.returned) == [(1, Reason.DRAIN), (2, Reason.DRAIN)]


@jumping
async def test_giving_back_at_the_end_is_bounded() -> None:
    """A database that hangs does not hold the process: the lease runs out by itself."""
    shelf, work = Shelf(1), Work(100.0)
    with anyio.move_on_after(3):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(make_pool(shelf, work, cleanup_seconds=5).run, Pulse())
            await anyio.sleep(1)
            shelf.answers_after = 1000
    assert anyio.current_time() - work._zero == pytest.approx(8.0)


@jumping
async def test_a_claim_that_is_under_way_is_not_lost() -> None:
    """Asked to stop, or cancelled, while the database claims: what it claimed is given back."""
    asked, cancelled = Shelf(1, 2, answers_after=2.0), Shelf(3, answers_after=2.0)
    work = Work(100.0)
    async with running(make_pool(asked, work, grace_seconds=0)):
        await anyio.sleep(1)
    with anyio.move_on_after(1):
        await make_pool(cancelled, work).run(Pulse())
    assert sorted(item for item, _ in asked.returned) == [1, 2]
    assert [item for item, _ in cancelled.returned] == [3]


@jumping
async def test_a_database_that_is_away_is_not_taken_for_no_work() -> None:
    """What runs goes on; claiming resumes soon after the database is back."""
    shelf, work = Shelf(1), Work(3.0)
    async with running(make_pool(shelf, work)):
        await anyio.sleep(1)
        shelf.down = True
        shelf.put(2)
        await anyio.sleep(9)
        shelf.down = False
        await anyio.sleep(15)
    assert work.done == [1, 2]
    assert 10 <= work.begun[2] <= 20


@jumping
async def test_a_claim_that_hangs_is_given_up() -> None:
    """After `claim_seconds`; the pool asks again."""
    shelf, work = Shelf(1, answers_after=1000.0), Work(1.0)
    async with running(make_pool(shelf, work, claim_seconds=5)):
        await anyio.sleep(1)
        shelf.answers_after = 0.0
        shelf.items = [2]
        await anyio.sleep(10)
    assert work.done == [2]


@jumping
async def test_under_pressure_nothing_new_is_claimed() -> None:
    """Near the budget the pool only finishes what it has."""
    pressure = [Pressure.OK]
    shelf, work = Shelf(*range(8)), Work(2.0)
    async with running(make_pool(shelf, work, pressure=lambda: pressure[0])):
        await anyio.sleep(1)
        pressure[0] = Pressure.NEAR
        await anyio.sleep(9)
        assert sorted(work.done) == [0, 1, 2, 3]
        pressure[0] = Pressure.OK
        await anyio.sleep(1.5)
        assert set(work.begun) == set(range(8))


@jumping
async def test_shedding_gives_up_the_newest_for_memory() -> None:
    """One at a call; the oldest, which has cost most already, is the last to go."""
    pressure = [Pressure.OK]
    shelf, work = Shelf(1), Work(100.0)
    pool = make_pool(shelf, work, pressure=lambda: pressure[0], grace_seconds=0)
    async with running(pool):
        await anyio.sleep(1)
        shelf.put(2)
        await anyio.sleep(1)
        pressure[0] = Pressure.OVER
        assert [pool.shed(), pool.shed(), pool.shed()] == [True, True, False]
        await anyio.sleep(1)
    assert sorted(shelf.returned) == [(1, Reason.MEMORY), (2, Reason.MEMORY)]
    fresh = make_pool(Shelf(1, 2, 3), work, slots=3, grace_seconds=0)
    async with running(fresh):
        await anyio.sleep(1)
        fresh.shed()
        await anyio.sleep(1)
    assert fresh._source.returned[0] == (3, Reason.MEMORY)  # type: ignore[attr-defined]  # it is a Shelf


@jumping
async def test_lost_items_are_cancelled_and_not_given_back() -> None:
    """They are another's already; the slot is free for other work."""
    shelf, work = Shelf(1, 2), Work(10.0)
    pool = make_pool(shelf, work, slots=2)
    async with running(pool):
        await anyio.sleep(1)
        assert pool.cancel(lambda item: item == 1) == 1
        shelf.put(3)
        await anyio.sleep(0.5)
        assert set(work.begun) == {1, 2, 3}
    assert sorted(work.done) == [2, 3]
    assert shelf.returned == []


@jumping
async def test_an_item_that_takes_for_ever_is_cancelled_and_given_back_as_overdue() -> None:
    """It does not hold its slot until the next release."""
    shelf, work = Shelf(1), Work(1000.0)
    async with running(make_pool(shelf, work, item_seconds=60, grace_seconds=0)):
        await anyio.sleep(61)
        assert shelf.returned == [(1, Reason.OVERDUE)]


@jumping
async def test_an_error_that_escapes_fails_the_pool_and_gives_everything_back() -> None:
    """The guilty item is marked, its siblings are not."""

    async def broken() -> None:
        await anyio.sleep(1)
        raise ZeroDivisionError

    shelf, work = Shelf(1, 2, 3), Work(10.0, item2=broken)
    with pytest.raises(ExceptionGroup) as caught:
        await make_pool(shelf, work).run(Pulse())
    assert caught.group_contains(ZeroDivisionError)
    assert sorted(shelf.returned) == [(1, Reason.DRAIN), (2, Reason.FAILURE), (3, Reason.DRAIN)]


@jumping
async def test_slots_and_returns_are_metered() -> None:
    """Busy and all slots while it runs, what went back afterwards."""
    metrics = Metrics(version="1")
    shelf, work = Shelf(1, 2), Work(100.0)
    async with running(make_pool(shelf, work, metrics=metrics, grace_seconds=0)):
        await anyio.sleep(1)
        during = metrics.exposition().decode()
    assert 'vitality_pool_busy{pool="p"} 2.0' in during
    assert 'vitality_pool_slots{pool="p"} 4.0' in during
    assert 'vitality_work_returned_total{pool="p",reason="drain"} 2.0' in metrics.exposition().decode()


@jumping
async def test_an_idle_pool_beats_within_the_limit_of_its_child() -> None:
    """The longest silence of a healthy pool is well below what counts as hung."""
    pool = make_pool(Shelf(), Work())
    limit = pool.child().beat_seconds
    assert limit is not None
    async with running(pool) as pulse:
        for _ in range(300):
            await anyio.sleep(1)
            assert anyio.current_time() - pulse.last_beat < limit / 2


@jumping
async def test_a_poke_while_awake_ends_the_next_nap() -> None:
    """No call to wake is missed, and one poke ends one nap."""
    nap, begun = Nap(), anyio.current_time()
    nap.poke()
    await nap.take(10)
    assert anyio.current_time() == begun
    await nap.take(10)
    assert anyio.current_time() == pytest.approx(begun + 10)
