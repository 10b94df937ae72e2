"""Takes pieces of work from a source and does several at a time; knows nothing of what they are.

Life of an item: claimed (as many as there are free slots) → performed → forgotten. What was claimed and not
performed to its end, because the pool drains, memory runs out or a sibling failed, goes back to the source.

Draining: claim no more → let the running finish within the grace → cancel → give back, in a bounded shield.
What `perform` raises is a failure of the whole pool: errors of an item are its own to settle.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Generic, Protocol, TypeVar

import anyio
from anyio.abc import TaskGroup

from vitality.errors import DatabaseUnavailable
from vitality.runtime.attempt import attempt
from vitality.runtime.budget import Pressure
from vitality.runtime.child import ChildSpec, Pulse
from vitality.runtime.nap import Nap
from vitality.telemetry.logs import Log
from vitality.telemetry.metrics import Metrics, Occupancy

T = TypeVar("T")


class Reason(StrEnum):
    """Why an item goes back undone."""

    DRAIN = "drain"
    MEMORY = "memory"
    """It was the newest when memory ran out: perhaps its own fault, so it should cost an attempt."""
    OVERDUE = "overdue"
    """It took longer than any item may."""
    FAILURE = "failure"
    """Its error made the pool fail."""


class WorkSource(Protocol[T]):
    """Where work comes from. Each call may raise DatabaseUnavailable: that is never "no work"."""

    async def claim(self, limit: int) -> Sequence[T]:
        """At most so many items, which are ours from now on; fewer when no more are to be had now."""
        ...

    async def wait(self, seconds: float) -> None:
        """Returns when there may be work, at the latest after so many seconds; may be cancelled."""
        ...

    async def give_back(self, items: Sequence[T], reason: Reason) -> None:
        """Lets others have these; passes over any that were settled or lost meanwhile."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Debt(Generic[T]):
    """An item that goes back to the source."""

    item: T
    reason: Reason


class Running(Generic[T]):
    """One item in its slot."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.scope = anyio.CancelScope()
        self.reason: Reason | None = None
        """Why it goes back, where that is its own fault; what is cancelled without a reason is drained."""
        self.over = False
        """It was performed, or is no longer ours: nothing is owed."""


class Pool(Generic[T]):
    """So many slots over one source; times in seconds.

    `batch` is the most that one claim takes. A slot that becomes free waits up to `linger_seconds` for others, so
    that short pieces of work do not cost a claim each. `pressure` says whether memory allows more. An item that takes
    longer than `item_seconds` is cancelled.
    """

    def __init__(
        self,
        name: str,
        source: WorkSource[T],
        perform: Callable[[T], Awaitable[object]],
        *,
        slots: int,
        log: Log,
        metrics: Metrics,
        pressure: Callable[[], Pressure] = lambda: Pressure.OK,
        batch: int = 10,
        poll_seconds: float = 15.0,
        linger_seconds: float = 0.02,
        grace_seconds: float = 25.0,
        cleanup_seconds: float = 5.0,
        claim_seconds: float = 30.0,
        item_seconds: float = 3600.0,
        random: Callable[[], float] = randomness.random,
    ) -> None:
        self.name = name
        self._source = source
        self._perform = perform
        self._slots = slots
        self._log = log
        self._metrics = metrics
        self._pressure = pressure
        self._batch = batch
        self._poll_seconds = poll_seconds
        self._linger_seconds = linger_seconds
        self._grace_seconds = grace_seconds
        self._cleanup_seconds = cleanup_seconds
        self._claim_seconds = claim_seconds
        self._item_seconds = item_seconds
        self._random = random
        self._numbers = count()
        self._running: dict[int, Running[T]] = {}
        self._owed: list[Debt[T]] = []
        self._nap = Nap()
        self._away_since: float | None = None
        metrics.watch_pool(name, lambda: Occupancy(len(self._running), self._slots))

    def child(self, *, beat_seconds: float = 120.0) -> ChildSpec:
        """The pool as a child of the supervisor, with time enough to drain."""
        return ChildSpec(
            name=self.name,
            run=self.run,
            shutdown_seconds=self._grace_seconds + self._cleanup_seconds,
            beat_seconds=beat_seconds + self._poll_seconds + self._claim_seconds,
        )

    async def run(self, pulse: Pulse) -> None:
        """The actor: works until asked to stop, then drains."""
        pulse.on_stop(self._nap.poke)
        try:
            async with anyio.create_task_group() as tasks:
                pulse.started()
                while not pulse.stopping:
                    pulse.beat()
                    await self._turn(pulse, tasks)
                await self._finish()
                tasks.cancel_scope.cancel()
        finally:
            await self._give_back_at_last()

    def cancel(self, predicate: Callable[[T], bool]) -> int:
        """Stops work on the items that are no longer ours (their lease was lost); how many that were.

        Nothing is given back: it is another's already.
        """
        lost = [running for running in self._running.values() if predicate(running.item)]
        for running in lost:
            running.over = True
            running.scope.cancel()
        return len(lost)

    def shed(self) -> bool:
        """Gives up the newest item that is not given up yet; whether there was one."""
        for running in reversed(self._running.values()):
            if running.reason is None and not running.over:
                running.reason = Reason.MEMORY
                running.scope.cancel()
                return True
        return False

    async def _turn(self, pulse: Pulse, tasks: TaskGroup) -> None:
        """One round: pay what is owed, claim what fits, and sleep where nothing more is to be done."""
        try:
            await self._give_back()
            wanted = await self._wanted()
            claimed = await self._claim(wanted) if wanted and not pulse.stopping else ()
            self._back()
        except (DatabaseUnavailable, TimeoutError) as error:
            await self._away(error)
            return
        for item in claimed:
            self._begin(item, tasks)
        if len(claimed) < max(1, wanted):
            await self._rest(hungry=wanted > 0)

    async def _wanted(self) -> int:
        """How many items to claim now."""
        if self._slots - len(self._running) < self._slots / 2:
            await anyio.sleep(self._linger_seconds)
        if self._pressure() is not Pressure.OK:
            return 0
        return min(self._batch, self._slots - len(self._running))

    async def _claim(self, limit: int) -> Sequence[T]:
        """Shielded: a claim that Postgres committed and nobody received would be held for the length of a lease."""
        with anyio.fail_after(self._claim_seconds, shield=True):
            return await self._source.claim(limit)

    async def _rest(self, *, hungry: bool) -> None:
        """Sleeps until work may be there or a slot becomes free; a full or pressed pool looks again every second."""
        if not hungry:
            await self._nap.take(1.0)
            return
        try:
            await self._nap.take(self._poll_seconds * (0.75 + self._random() / 2), self._source.wait)
        except DatabaseUnavailable as error:
            await self._away(error)

    async def _away(self, error: Exception) -> None:
        """The database does not answer: what runs goes on, and we ask again after a while that grows to 15 seconds."""
        now = anyio.current_time()
        if self._away_since is None:
            self._away_since = now
            self._log.warning("no answer from the database", pool=self.name, reason=str(error))
        longest = min(15.0, max(1.0, now - self._away_since))
        await self._nap.take(longest * (1 + self._random()) / 2)

    def _back(self) -> None:
        if self._away_since is not None:
            seconds = round(anyio.current_time() - self._away_since, 1)
            self._log.info("the database answers again", pool=self.name, away_seconds=seconds)
            self._away_since = None

    def _begin(self, item: T, tasks: TaskGroup) -> None:
        number, running = next(self._numbers), Running(item)
        self._running[number] = running
        tasks.start_soon(self._run_one, number, running, name=f"{self.name} {number}")

    async def _run_one(self, number: int, running: Running[T]) -> None:
        running.scope.deadline = anyio.current_time() + self._item_seconds
        try:
            with running.scope:
                await self._perform_one(running)
            if running.scope.cancelled_caught:
                running.reason = running.reason or Reason.OVERDUE
        finally:
            del self._running[number]
            if not running.over:
                self._owed.append(Debt(running.item, running.reason or Reason.DRAIN))
            self._nap.poke()

    async def _perform_one(self, running: Running[T]) -> None:
        error = await attempt(self._perform(running.item))
        if error is not None:
            running.reason = Reason.FAILURE
            raise error
        running.over = True

    async def _finish(self) -> None:
        """Lets the running items end, within the grace."""
        with anyio.move_on_after(self._grace_seconds):
            while self._running:
                await self._nap.take(self._grace_seconds)

    async def _give_back(self) -> None:
        """Pays what is owed, by reason; what could not be paid stays owed."""
        while self._owed:
            reason = self._owed[0].reason
            debts = [debt for debt in self._owed if debt.reason is reason]
            await self._source.give_back([debt.item for debt in debts], reason)
            self._owed = [debt for debt in self._owed if debt not in debts]
            self._metrics.work_returned(self.name, reason, len(debts))

    async def _give_back_at_last(self) -> None:
        """Bounded and shielded; what cannot be given back even so waits for the end of the lease."""
        try:
            with anyio.fail_after(self._cleanup_seconds, shield=True):
                await self._give_back()
        except (DatabaseUnavailable, TimeoutError) as error:
            self._log.warning("not given back", pool=self.name, items=len(self._owed), reason=str(error))
