"""A model of coordination: whatever several workers do, lose and hear too late, the invariants of ARCHITECTURE.md hold.

The machine drives a `World`: the real SQL (tests/integration) or the queue in memory (tests/unit), alike. A world has a
clock that jumps, any number of workers, and connections that break at a chosen await: before the statement arrived,
after it took effect (its answer is lost), or so that it takes effect later, when nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from vitality.coordination.work import Claim, NewWork, Settlement, WorkQueue
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.fetch.port import HostState
from vitality.records import Host, Role, WorkKind
from vitality.storage.database import Connection

KIND = WorkKind.READ_SCHEDULE
LEASE_S = 30.9
"""Never a sum of the jumps: no lease runs out between two statements."""
MAX_ATTEMPTS = 2
DELAY = timedelta(seconds=10)
PATIENCE = timedelta(minutes=1)
SUBJECTS = tuple(f"http://site{n}.org/" for n in range(4))
HOSTS = (Host("a.org"), Host("b.org"), None)
T = TypeVar("T")


class Loss(StrEnum):
    """How a connection breaks at a statement."""

    BEFORE = "before"
    """It never arrived."""
    AFTER = "after"
    """It took effect, the answer was lost; within a transaction nothing took effect."""
    LATE = "late"
    """It takes effect when `World.deliver` is called, long after its sender gave up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work as the world holds it."""

    state: str
    holder: UUID | None
    term: int
    attempt: int
    max_attempts: int
    host: Host | None


@dataclass(frozen=True, slots=True)
class Look:
    """All of the world at once."""

    pieces: Mapping[str, Piece]
    """By subject."""
    held: Mapping[Host, UUID]
    """Hosts with their holders, as hosts tell."""
    alive: frozenset[UUID]
    """Leases that have not run out."""
    findings: tuple[tuple[str, int], ...]
    """Subject and term."""


class Queue(WorkQueue, Protocol):
    """A worker's queue, which it enters and leaves."""

    async def open(self, worker: WorkerInfo) -> None: ...

    async def close(self) -> None: ...


class World(Protocol):
    """What the machine needs of an implementation."""

    async def fresh(self) -> None:
        """Begins anew, with nothing in it."""
        ...

    def worker(self) -> tuple[Queue, HostState]:
        """One more worker, on connections of its own."""
        ...

    def lose(self, queue: Queue, nth: int, loss: Loss) -> None:
        """Breaks the worker's connection at the nth statement from now."""
        ...

    async def deliver(self) -> None:
        """What was sent and not yet heard arrives."""
        ...

    async def jump(self, span: timedelta, *, stopped: Queue | None) -> None:
        """Time passes; for the one that is stopped even its own clock stands still."""
        ...

    async def look(self) -> Look:
        """What there is now."""
        ...

    def id_of(self, queue: Queue) -> UUID | None:
        """Under which id a worker has entered."""
        ...

    async def note(self, connection: Connection, claim: Claim) -> None:
        """Writes a finding within a settlement."""
        ...

    def now(self) -> datetime:
        """The database's clock."""
        ...

    def moment(self) -> float:
        """Seconds since the world began, the jumps among them."""
        ...

    async def close(self) -> None: ...


class LeasesModel(RuleBasedStateMachine):
    """Several workers on one world; `world` is made by the subclass."""

    workers: Bundle[tuple[Queue, HostState]] = Bundle("workers")
    claims: Bundle[tuple[Queue, Claim]] = Bundle("claims")

    def make_world(self) -> World:
        """The implementation."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = self.make_world()
        self.added: set[str] = set()
        self.slots: dict[Host, float] = {}
        self.seen = Look({}, {}, frozenset(), ())
        self.known: dict[int, set[tuple[str, int]]] = {}

    def run(self, action: Awaitable[T]) -> T:
        """Runs on the machine's own event loop."""
        return self.loop.run_until_complete(_awaited(action))

    @initialize(target=workers)
    def begin(self) -> object:
        self.run(self.world.fresh())
        self.adder, _ = self.world.worker()
        for subject, host in zip(SUBJECTS, HOSTS, strict=False):
            self._add(subject, host, 0)
        return multiple(*(self._entered() for _ in range(2)))

    def _entered(self) -> tuple[Queue, HostState]:
        queue, hosts = self.world.worker()
        self.run(queue.open(entering()))
        return queue, hosts

    def _add(self, subject: str, host: Host | None, priority: int) -> None:
        new = NewWork(kind=KIND, subject=subject, host=host, priority=priority, max_attempts=MAX_ATTEMPTS)
        self.run(self.adder.add(None, [new]))
        self.added.add(subject)

    @rule(subject=st.sampled_from(SUBJECTS), host=st.sampled_from(HOSTS), priority=st.sampled_from([0, 3]))
    def add(self, subject: str, host: Host | None, priority: int) -> None:
        """Adding again changes nothing that is leased or buried."""
        before = self.seen.pieces.get(subject)
        self._add(subject, host, priority)
        if before is not None and before.state != "waiting":
            assert self.run(self.world.look()).pieces[subject] == before

    @rule(worker=workers, nth=st.integers(0, 3), loss=st.sampled_from(Loss))
    def lose(self, worker: tuple[Queue, HostState], nth: int, loss: Loss) -> None:
        """The next statement but `nth` of this worker gets lost; what was under way before arrives now."""
        self.run(self.world.deliver())
        self.world.lose(worker[0], nth, loss)

    @rule(seconds=st.sampled_from([1, 10, 31, 7200]), stopped=st.none() | workers)
    def time_passes(self, seconds: int, stopped: tuple[Queue, HostState] | None) -> None:
        """For a suspended machine too, whose monotonic clock does not run: it trusts a lease that ran out."""
        self.run(self.world.jump(timedelta(seconds=seconds), stopped=stopped and stopped[0]))

    @rule(worker=workers, what=st.sampled_from(["renew", "renew", "enter", "leave"]))
    def tend(self, worker: tuple[Queue, HostState], what: str) -> None:
        """Renews the lease, enters anew as after its loss, or leaves."""
        queue, _ = worker
        self._answered({"renew": queue.renew, "enter": lambda: queue.open(entering()), "leave": queue.close}[what]())

    @rule(target=claims, worker=workers)
    def claim_one(self, worker: tuple[Queue, HostState]) -> object:
        return self._claimed(worker[0], 1)

    @rule(target=claims, worker=workers)
    def claim_several(self, worker: tuple[Queue, HostState]) -> object:
        return self._claimed(worker[0], 3)

    @rule(target=claims, worker=workers, nth=st.integers(0, 5), loss=st.sampled_from(Loss))
    def what_was_lost_comes_back(self, worker: tuple[Queue, HostState], nth: int, loss: Loss) -> object:
        """A claim gets lost; while its worker renews and claims, nothing stays held in its name that it does not know of."""
        queue, _ = worker
        self.world.lose(queue, nth, loss)
        for claim in self._answered(queue.claim([KIND], 3)) or []:
            self.known.setdefault(id(queue), set()).add((claim.subject, claim.term))
        self.run(self.world.deliver())
        for _ in range(2):
            self.run(self.world.jump(timedelta(seconds=20), stopped=None))
            try:
                self.run(queue.renew())
            except (DatabaseUnavailable, LeaseLost):
                return multiple()
        try:
            claimed = self.run(queue.claim([KIND], 3))
        except (DatabaseUnavailable, LeaseLost):
            return multiple()
        self.known.setdefault(id(queue), set()).update((claim.subject, claim.term) for claim in claimed)
        own = self.world.id_of(queue)
        held = {(name, piece.term) for name, piece in self.run(self.world.look()).pieces.items() if piece.holder == own}
        assert held <= self.known[id(queue)], "held in the name of a worker that does not know of it"
        return multiple(*((queue, claim) for claim in claimed))

    @rule(target=claims, worker=workers, others=workers)
    def claim_after_a_crash(self, worker: tuple[Queue, HostState], others: tuple[Queue, HostState]) -> object:
        """Whatever was held is free once its lease ran out."""
        self.run(self.world.jump(timedelta(seconds=31), stopped=others[0]))
        self._answered(worker[0].open(entering()))
        return self._claimed(worker[0], 3)

    def _claimed(self, queue: Queue, limit: int) -> object:
        """What is claimed is its holder's, at a new term."""
        claimed = self._answered(queue.claim([KIND], limit)) or []
        self.known.setdefault(id(queue), set()).update((claim.subject, claim.term) for claim in claimed)
        look = self.run(self.world.look())
        for claim in claimed:
            piece = look.pieces[claim.subject]
            assert (piece.state, piece.term, piece.attempt) == ("leased", claim.term, claim.attempt)
            before = self.seen.pieces[claim.subject]
            free = before.holder is None or before.holder not in look.alive
            assert free or piece.attempt == before.attempt + 1, "taken from a live holder"
        return multiple(*((queue, claim) for claim in claimed))

    @rule(held=claims)
    def settle(self, held: tuple[Queue, Claim]) -> None:
        """Findings and settlement are one."""
        queue, claim = held

        async def write(connection: Connection) -> None:
            await self.world.note(connection, claim)

        self._end(claim, queue.settle(claim, Settlement(due_in=timedelta(seconds=20), write=write)), writes=True)

    @rule(held=claims)
    def settle_without_findings(self, held: tuple[Queue, Claim]) -> None:
        self._end(held[1], held[0].settle(held[1], Settlement(due_in=timedelta(seconds=20))))

    @rule(held=claims)
    def retry(self, held: tuple[Queue, Claim]) -> None:
        self._end(held[1], held[0].retry(held[1], "it failed", after=timedelta(0)))

    @rule(held=claims, until=st.sampled_from([0, 40]))
    def snooze(self, held: tuple[Queue, Claim], until: int) -> None:
        self._end(held[1], held[0].snooze(held[1], self.world.now() + timedelta(seconds=until), "not now"))

    @rule(held=claims, heard=st.booleans())
    def give_back(self, held: tuple[Queue, Claim], heard: bool) -> None:
        if not heard:
            self.world.lose(held[0], 0, Loss.AFTER)
        self._end(held[1], held[0].give_back([held[1]]))

    @rule(worker=workers, host=st.sampled_from(HOSTS[:2]))
    def reserve(self, worker: tuple[Queue, HostState], host: Host) -> None:
        """Slots of one host lie at least the delay apart, whoever asks."""
        wait = self._answered(worker[1].reserve(host, DELAY, within=PATIENCE))
        if wait is None or wait > PATIENCE:
            return
        begins = self.world.moment() + wait.total_seconds()
        if host in self.slots:
            assert begins - self.slots[host] >= DELAY.total_seconds(), "two slots too close together"
        self.slots[host] = begins

    def _answered(self, action: Awaitable[T]) -> T | None:
        """A call that may lose its connection or its lease."""
        try:
            return self.run(action)
        except (DatabaseUnavailable, LeaseLost):
            return None

    def _end(self, claim: Claim, action: Awaitable[None], *, writes: bool = False) -> None:
        """Only the holder of the term ends a claim, and findings are there exactly when it was ended."""
        before = self.seen
        piece = before.pieces[claim.subject]
        current = (piece.state, piece.term) == ("leased", claim.term) and piece.holder in before.alive
        ended: bool | None
        try:
            self.run(action)
            ended = True
        except LeaseLost:
            ended = False
        except DatabaseUnavailable:
            ended = None
        after = self.run(self.world.look())
        assert ended is not True or current, "a stale end was accepted"
        assert ended is not False or after.pieces == before.pieces, "a stale end changed something"
        assert ended is not None or current or after.pieces == before.pieces, "a stale end whose answer was lost"
        freed = after.pieces[claim.subject].holder is None and current
        assert ended is not True or freed
        assert after.findings == before.findings or (writes and freed), "findings without a settlement"
        assert not (writes and freed) or len(after.findings) == len(before.findings) + 1, (
            "a settlement without findings"
        )

    @invariant()
    def all_invariants_hold(self) -> None:
        """Of terms, attempts, work, hosts and findings."""
        before, self.seen = self.seen, self.run(self.world.look())
        pieces = self.seen.pieces
        assert set(pieces) == self.added, "work was lost"
        for subject, piece in pieces.items():
            assert subject not in before.pieces or piece.term >= before.pieces[subject].term, "a term fell"
            assert 0 <= piece.attempt <= piece.max_attempts, "more attempts than allowed"
            assert piece.state != "waiting" or piece.attempt < piece.max_attempts, "not buried after its attempts"
            assert (piece.state == "leased") == (piece.holder is not None)
        leased = [piece for piece in pieces.values() if piece.holder is not None and piece.host is not None]
        assert len({piece.host for piece in leased}) == len(leased), "two hold one host"
        assert {piece.host: piece.holder for piece in leased} == self.seen.held
        assert len(self.seen.findings) == len(set(self.seen.findings)), "findings written twice"

    def teardown(self) -> None:
        """Whatever happened: once all leases ran out one fresh worker gets everything that is not buried."""
        try:
            if self.added:
                self.run(self._drained())
        finally:
            self.run(self.world.close())
            self.loop.close()

    async def _drained(self) -> None:
        await self.world.deliver()
        await self.world.jump(timedelta(hours=13), stopped=None)
        queue, _ = self.world.worker()
        await queue.open(entering())
        done: set[str] = set()
        for _ in range(len(self.added) + 1):
            for claim in await queue.claim([KIND], 10):
                await queue.settle(claim, Settlement(due_in=timedelta(days=30)))
                done.add(claim.subject)
            await self.world.jump(timedelta(seconds=2), stopped=None)
            await queue.renew()
        buried = {subject for subject, piece in (await self.world.look()).pieces.items() if piece.state == "buried"}
        assert done | buried == self.added, f"never given out again: {self.added - done - buried}"
        await queue.close()


async def _awaited(action: Awaitable[T]) -> T:
    return await action


def entering() -> WorkerInfo:
    """A process that starts."""
    return WorkerInfo(roles=(Role.SCHEDULE,), name="pod")
