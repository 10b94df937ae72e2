"""Coordination in memory, for tests and for reading without a database: the same rules, a clock that jumps.

Several `MemoryLeases` on one `MemoryQueue` are several workers of one database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from vitality.coordination.work import JSON, Backlog, Claim, NewWork, Settlement, backoff
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.records import Host, WorkKind
from vitality.storage.database import Connection

LEASE_S = 30.0
TRUSTED_SHARE = 0.8
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class MemoryWork:
    """One row of work."""

    id: int
    kind: WorkKind
    subject: str
    host: Host | None
    details: Mapping[str, JSON]
    priority: int
    due_at: datetime
    max_attempts: int
    state: str = "waiting"
    holder: UUID | None = None
    term: int = 0
    attempt: int = 0
    error: str | None = None


@dataclass(slots=True)
class MemoryQueue:
    """What the database would hold; `now` is its clock and can be set forward, `away` makes every call fail."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    away: bool = False
    connection: Connection = field(default_factory=lambda: cast("Connection", None))
    """Handed to `Settlement.write`."""
    work: dict[tuple[WorkKind, str], MemoryWork] = field(default_factory=dict)
    expires: dict[UUID, datetime] = field(default_factory=dict)
    closed_until: dict[Host, datetime] = field(default_factory=dict)
    history: list[tuple[int, str]] = field(default_factory=list)
    """(work id, outcome) of every finished run."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def pass_time(self, span: timedelta) -> None:
        """Lets the clock jump."""
        self.now += span

    def alive(self, holder: UUID | None) -> bool:
        """Whether a lease has not run out."""
        return holder in self.expires and self.expires[holder] > self.now

    def held_hosts(self) -> set[Host]:
        """The hosts that have a holder."""
        return {work.host for work in self.work.values() if work.state == "leased" and work.host is not None}

    def rescue(self) -> None:
        """Frees what is held under leases that ran out."""
        for work in self.work.values():
            if work.state == "leased" and not self.alive(work.holder):
                self.end(work, "expired", f"the lease ran out in attempt {work.attempt} of {work.max_attempts}")

    def end(self, work: MemoryWork, outcome: str, error: str | None) -> None:
        """Takes the holder off; a failure or a crash in the last attempt buries."""
        spent = work.attempt >= work.max_attempts and outcome in ("failed", "expired")
        work.state, work.holder = ("buried" if spent else "waiting"), None
        if outcome == "done":
            work.attempt, work.error = 0, None
        elif outcome in ("snoozed", "given_back"):
            work.attempt -= 1
        else:
            work.error = error
        self.history.append((work.id, "buried" if spent else outcome))

    def due(self, kinds: Collection[WorkKind]) -> list[MemoryWork]:
        """What can be claimed now, one piece a host, the most urgent first."""
        taken = self.held_hosts()
        ready = []
        for work in sorted(self.work.values(), key=lambda each: (each.due_at - each.priority * HOUR, each.id)):
            if work.kind not in kinds or work.state != "waiting" or work.due_at > self.now:
                continue
            if work.host is None:
                ready.append(work)
            elif work.host not in taken and self.closed_until.get(work.host, self.now) <= self.now:
                taken.add(work.host)
                ready.append(work)
        return ready


class MemoryLeases:
    """Implements `WorkQueue` on a `MemoryQueue`."""

    def __init__(
        self, queue: MemoryQueue, *, clock: Callable[[], float] | None = None, lease_s: float = LEASE_S
    ) -> None:
        self._queue = queue
        self._lease_s = lease_s
        self._clock = clock or (lambda: queue.now.timestamp())  # noqa: PLW0108 - `now` is replaced as time passes
        self._worker: WorkerInfo | None = None
        self._trust_until = float("-inf")
        self._known: set[tuple[int, int]] = set()

    async def open(self, worker: WorkerInfo) -> None:
        """Enters with a fresh lease."""
        self._asked()
        if self._worker is not None:
            worker = WorkerInfo(roles=worker.roles, name=worker.name)
        self._worker = worker
        self._known.clear()
        self._grant(worker.id)

    async def close(self) -> None:
        """Leaves; what is held goes back and costs no attempt."""
        if self._worker is None:
            return
        self._asked()
        for work in self._queue.work.values():
            if work.holder == self._worker.id:
                self._queue.end(work, "given_back", None)
        self._queue.expires.pop(self._worker.id, None)
        self._worker, self._trust_until = None, float("-inf")

    async def claim(self, kinds: Collection[WorkKind], limit: int) -> list[Claim]:
        """As `Leases.claim`."""
        if not self.trusted():
            raise LeaseLost("this process has no lease that it may trust")
        self._asked()
        self._drop_unknown()
        self._queue.rescue()
        if not self._queue.alive(self._me()):
            return []
        claims = [self._take(work) for work in self._queue.due(kinds)[: max(0, limit)]]
        self._known.update((claim.work_id, claim.term) for claim in claims)
        return claims

    def forget(self, claims: Sequence[Claim]) -> None:
        """As `Leases.forget`: the next `claim` frees them, the attempt counted."""
        self._known.difference_update((claim.work_id, claim.term) for claim in claims)

    def _drop_unknown(self) -> None:
        """Frees what the queue says we hold and we do not know of: the answer to a claim got lost."""
        for work in self._queue.work.values():
            if work.state == "leased" and work.holder == self._me() and (work.id, work.term) not in self._known:
                self._queue.end(work, "expired", f"the connection was lost in attempt {work.attempt}")

    async def settle(self, claim: Claim, settlement: Settlement) -> None:
        """As `Leases.settle`: nothing is settled when the writing fails."""
        self._held(claim)
        if settlement.write is not None:
            await settlement.write(self._queue.connection)
        work = self._held(claim)
        await self.add(None, settlement.follow_up)
        self._end(work, "done", self._queue.now + settlement.due_in)

    async def retry(self, claim: Claim, error: str, *, after: timedelta | None = None) -> None:
        """As `Leases.retry`."""
        wait = backoff(claim.attempt) if after is None else after
        self._end(self._held(claim), "failed", self._queue.now + wait, error)

    async def snooze(self, claim: Claim, until: datetime, reason: str) -> None:
        """As `Leases.snooze`."""
        self._end(self._held(claim), "snoozed", until, reason)

    async def give_back(self, claims: Sequence[Claim]) -> None:
        """As `Leases.give_back`."""
        lost = 0
        for claim in claims:
            try:
                work = self._held(claim)
            except LeaseLost:
                lost += 1
                continue
            self._end(work, "given_back", work.due_at)
        if lost:
            raise LeaseLost(f"{lost} of {len(claims)} claims have passed to others")

    async def renew(self) -> None:
        """As `Leases.renew`."""
        self._asked()
        if not self._queue.alive(self._me()):
            self._trust_until = float("-inf")
            raise LeaseLost("the lease of this process ran out")
        self._grant(self._me())

    def trusted(self) -> bool:
        return self._clock() < self._trust_until

    async def add(self, connection: Connection | None, works: Sequence[NewWork]) -> int:  # noqa: ARG002 - the port's
        """As `Leases.add`."""
        self._asked()
        made = sum(self._add(work) for work in works)
        self._queue.woken.set()
        return made

    async def withdraw(self, connection: Connection, kinds: Collection[WorkKind], subjects: Collection[str]) -> int:  # noqa: ARG002 - the port's
        """As `Leases.withdraw`."""
        self._asked()
        gone = [
            key
            for key, work in self._queue.work.items()
            if work.kind in kinds and work.subject in subjects and work.state != "leased"
        ]
        for key in gone:
            del self._queue.work[key]
        return len(gone)

    async def next_due(self, kinds: Collection[WorkKind]) -> timedelta | None:
        """As `Leases.next_due`, leaving other workers' leases aside."""
        self._asked()
        held = self._queue.held_hosts()
        times = [
            w.due_at
            for w in self._queue.work.values()
            if w.kind in kinds and w.state == "waiting" and w.host not in held
        ]
        return max(min(times) - self._queue.now, timedelta(0)) if times else None

    async def wait(self, kinds: Collection[WorkKind], at_most: timedelta) -> None:  # noqa: ARG002 - wakes for any kind
        """Sleeps (really) until something was added."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._queue.woken.wait(), at_most.total_seconds())
        self._queue.woken.clear()

    async def backlog(self) -> list[Backlog]:
        self._asked()
        return [self._count(kind) for kind in WorkKind]

    def _asked(self) -> None:
        if self._queue.away:
            raise DatabaseUnavailable("the queue in memory plays dead")

    def _me(self) -> UUID:
        if self._worker is None:
            raise LeaseLost("this process has not entered: it holds no lease")
        return self._worker.id

    def _grant(self, worker: UUID) -> None:
        self._queue.expires[worker] = self._queue.now + timedelta(seconds=self._lease_s)
        self._trust_until = self._clock() + self._lease_s * TRUSTED_SHARE

    def _take(self, work: MemoryWork) -> Claim:
        work.state, work.holder = "leased", self._me()
        work.term += 1
        work.attempt += 1
        return Claim(
            work_id=work.id,
            kind=work.kind,
            subject=work.subject,
            host=work.host,
            details=work.details,
            term=work.term,
            attempt=work.attempt,
            max_attempts=work.max_attempts,
            claimed_at=self._queue.now,
            trust_until=self._trust_until,
        )

    def _held(self, claim: Claim) -> MemoryWork:
        self._asked()
        work = self._queue.work[claim.kind, claim.subject]
        if (work.term, work.holder, work.state) != (claim.term, self._me(), "leased") or not self._queue.alive(
            work.holder
        ):
            raise LeaseLost(f"{claim.kind} {claim.subject}: term {claim.term} has ended")
        return work

    def _end(self, work: MemoryWork, outcome: str, due_at: datetime, error: str | None = None) -> None:
        self._queue.end(work, outcome, error)
        work.due_at = due_at
        self._queue.woken.set()

    def _add(self, new: NewWork) -> int:
        known = self._queue.work.get((new.kind, new.subject))
        due_at = self._queue.now + new.due_in
        if known is None:
            values: dict[str, Any] = {
                "details": new.details,
                "priority": new.priority,
                "max_attempts": new.max_attempts,
            }
            number = len(self._queue.work) + 1
            work = MemoryWork(id=number, kind=new.kind, subject=new.subject, host=new.host, due_at=due_at, **values)
            self._queue.work[new.kind, new.subject] = work
            return 1
        if known.state == "waiting":
            known.host, known.details = new.host, new.details
            known.due_at = min(known.due_at, due_at) if new.hasten else known.due_at
        return 0

    def _count(self, kind: WorkKind) -> Backlog:
        mine = [work for work in self._queue.work.values() if work.kind is kind]
        due = [work.due_at for work in mine if work.state == "waiting" and work.due_at <= self._queue.now]
        return Backlog(
            kind=kind,
            due=len(due),
            waiting=sum(work.state == "waiting" for work in mine) - len(due),
            leased=sum(work.state == "leased" for work in mine),
            buried=sum(work.state == "buried" for work in mine),
            oldest=self._queue.now - min(due) if due else None,
        )
