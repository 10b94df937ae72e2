"""The model of coordination on the queue in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast
from uuid import UUID

from hypothesis import settings

from tests.unit.leases_model import LEASE_S, LeasesModel, Look, Loss, Piece, Queue, World
from vitality.coordination.memory import MemoryLeases, MemoryQueue
from vitality.coordination.work import Claim, Settlement
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.fetch.memory import MemoryHostState
from vitality.fetch.port import HostState
from vitality.records import WorkKind
from vitality.storage.database import Connection

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
T = TypeVar("T")


class LossyLeases(MemoryLeases):
    """A worker whose calls can get lost: each call is one statement."""

    def __init__(self, world: MemoryWorld) -> None:
        self.lag = 0.0
        self.loss: tuple[int, Loss] | None = None
        self._world = world
        super().__init__(world.queue, clock=lambda: world.moment() - self.lag, lease_s=LEASE_S)

    async def claim(self, kinds: Collection[WorkKind], limit: int) -> list[Claim]:
        async def unheard() -> list[Claim]:
            claims = await super(LossyLeases, self).claim(kinds, limit)
            self.forget(claims)
            return claims

        claims = await self._sent(unheard)
        self._known.update((claim.work_id, claim.term) for claim in claims)
        return claims

    async def settle(self, claim: Claim, settlement: Settlement) -> None:
        await self._sent(lambda: super(LossyLeases, self).settle(claim, settlement))

    async def retry(self, claim: Claim, error: str, *, after: timedelta | None = None) -> None:
        await self._sent(lambda: super(LossyLeases, self).retry(claim, error, after=after))

    async def snooze(self, claim: Claim, until: datetime, reason: str) -> None:
        await self._sent(lambda: super(LossyLeases, self).snooze(claim, until, reason))

    async def give_back(self, claims: Sequence[Claim]) -> None:
        await self._sent(lambda: super(LossyLeases, self).give_back(claims))

    async def renew(self) -> None:
        await self._sent(lambda: super(LossyLeases, self).renew())

    async def _sent(self, call: Callable[[], Awaitable[T]]) -> T:
        if self.loss is None:
            return await call()
        nth, loss = self.loss
        if nth > 0:
            self.loss = (nth - 1, loss)
            return await call()
        self.loss = None
        if loss is Loss.AFTER:
            await call()
        elif loss is Loss.LATE:
            self._world.under_way.append(call)
        raise DatabaseUnavailable("the connection was lost")


class MemoryWorld:
    """One queue in memory."""

    def __init__(self) -> None:
        self.queue = MemoryQueue()
        self.under_way: list[Callable[[], Awaitable[object]]] = []
        self._findings: list[tuple[str, int]] = []
        self._hosts = MemoryHostState(clock=lambda: self.queue.now)

    async def fresh(self) -> None:
        return

    def worker(self) -> tuple[Queue, HostState]:
        return LossyLeases(self), self._hosts

    def lose(self, queue: Queue, nth: int, loss: Loss) -> None:
        cast("LossyLeases", queue).loss = (nth, loss)

    async def deliver(self) -> None:
        calls, self.under_way = self.under_way, []
        for call in calls:
            try:
                await call()
            except (LeaseLost, DatabaseUnavailable):
                continue

    async def jump(self, span: timedelta, *, stopped: Queue | None) -> None:
        self.queue.pass_time(span)
        if stopped is not None:
            cast("LossyLeases", stopped).lag += span.total_seconds()

    async def look(self) -> Look:
        rows = self.queue.work.values()
        return Look(
            pieces={r.subject: Piece(r.state, r.holder, r.term, r.attempt, r.max_attempts, r.host) for r in rows},
            held={r.host: r.holder for r in rows if r.state == "leased" and r.host and r.holder},
            alive=frozenset(holder for holder in self.queue.expires if self.queue.alive(holder)),
            findings=tuple(self._findings),
        )

    def id_of(self, queue: Queue) -> UUID | None:
        worker = cast("LossyLeases", queue)._worker
        return None if worker is None else worker.id

    async def note(self, connection: Connection, claim: Claim) -> None:
        self._findings.append((claim.subject, claim.term))

    def now(self) -> datetime:
        return self.queue.now

    def moment(self) -> float:
        return (self.queue.now - BEGIN).total_seconds()

    async def close(self) -> None:
        return


class MemoryModel(LeasesModel):
    """The machine on memory."""

    def make_world(self) -> World:
        return MemoryWorld()


TestMemoryModel = MemoryModel.TestCase
TestMemoryModel.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, derandomize=True)
