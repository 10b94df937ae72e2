"""The process's single lease, and the claims under it; the package's docstring is the design."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import asyncpg

from vitality.coordination.sql import SQL
from vitality.coordination.statements import (
    End,
    claim_sql,
    claimed,
    done,
    exchange_sql,
    finish_sql,
    finish_values,
)
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Backlog, Claim, NewWork, Settlement, backoff
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.records import WorkKind
from vitality.storage.database import Connection, Database

LEASE = timedelta(seconds=30)
TRUSTED_SHARE = 0.8
"""The part of the lease for which the process trusts it."""
RENEWALS = 4
"""Renewals within one lease: three may fail."""
RESCUE_EVERY_S = 2.0
RESCUE_AGAIN_S = 0.2
"""The longest and the shortest time between two looks for leases that ran out; between them the next expiry decides."""
SWEEP_EVERY_S = 1.0
"""How often a claimer looks at all due rows, and not only at those due since its last find."""
TRIES = 3
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
SOURCES = ("claim_hosted", "claim_free")
"""The queries of claims: work has a host or not."""

T = TypeVar("T")


class Leases:
    """Implements `WorkQueue` on Postgres: one lease for this process, any number of claims under it."""

    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        *,
        lease: timedelta = LEASE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._lease = lease
        self._clock = clock
        self._worker: WorkerInfo | None = None
        self._trust_until = float("-inf")
        self._rescue_at = float("-inf")
        self._busy = False
        self._mark = 0
        self._scans: dict[tuple[str, frozenset[WorkKind]], _Scan] = {}
        self._held: set[tuple[int, int]] = set()
        """(work id, term): a term that has ended says nothing of a later one."""
        self._to_announce: set[str] = set()
        self._doubtful = False
        self._under_way = 0
        self._compared_at = float("-inf")
        self._claiming = asyncio.Lock()

    async def open(self, worker: WorkerInfo) -> None:
        """Enters with a fresh lease; after `LeaseLost` call it again: the id is a new one then."""
        if self._worker is not None:
            worker = WorkerInfo(
                roles=worker.roles, name=worker.name, pid=worker.pid, version=worker.version, id=uuid4()
            )
        sent_at = self._clock()
        roles = [role.value for role in worker.roles]
        async with self._database.connection() as connection:
            await connection.execute(
                SQL["open_lease"], worker.id, worker.name, roles, worker.pid, worker.version, self._lease
            )
        self._worker = worker
        self._held.clear()
        self._compared_at = sent_at
        self._trust(sent_at)

    async def close(self) -> None:
        """Leaves in good order: what is still held goes back and costs no attempt."""
        worker, self._worker = self._worker, None
        self._trust_until = float("-inf")
        if worker is not None:
            async with self._database.connection() as connection:
                await connection.execute(SQL["close_lease"], worker.id)

    async def drain(self) -> None:
        """From now on nothing is claimed under this lease, whoever asks."""
        async with self._database.connection() as connection:
            await connection.execute(SQL["drain"], self._me().id)

    async def renew(self) -> None:
        """Renews everything held by one statement; raises `LeaseLost` when the lease has run out or is gone.

        A connection that answers nothing is given up after a quarter of the lease: the next one may be well.
        """
        sent_at = self._clock()
        try:
            async with (
                asyncio.timeout(self._lease.total_seconds() / RENEWALS),
                self._database.connection() as connection,
            ):
                renewed = await connection.fetchval(SQL["renew"], self._me().id, self._lease)
        except TimeoutError as error:
            raise DatabaseUnavailable("the renewal of the lease was not answered") from error
        if renewed is None:
            self._trust_until = float("-inf")
            raise LeaseLost("the lease of this process ran out; its work is another's by now")
        self._trust(sent_at)

    async def keep(self, *, beat: Callable[[], None] = lambda: None, every: timedelta | None = None) -> None:
        """Renews for ever; to be run as one task. `beat` is called after each renewal; `LeaseLost` ends it.

        `every` is at most so long between two renewals; a quarter of the lease if it is not given.
        """
        pause = (every or self._lease / RENEWALS).total_seconds()
        while True:
            wait = pause
            try:
                await self.renew()
                beat()
            except DatabaseUnavailable:
                if not self.trusted():
                    raise LeaseLost("Postgres was away for longer than this process may trust its lease") from None
                wait = pause / 4
            await asyncio.sleep(wait * random.uniform(0.8, 1))  # noqa: S311 - jitter

    def trusted(self) -> bool:
        """Whether this process may still act on its claims."""
        return self._clock() < self._trust_until

    @property
    def trust_until(self) -> float:
        """The monotonic instant at which trust ends unless a renewal comes first."""
        return self._trust_until

    async def claim(self, kinds: Collection[WorkKind], limit: int) -> list[Claim]:
        """Up to `limit` pieces of due work, one a host, the most urgent first; [] only when nothing is due and free.

        The first call after an empty one may give fewer than there are: what has come is answered at once.
        """
        if not self.trusted():
            raise LeaseLost("this process has no lease that it may trust")
        if limit < 1 or not kinds:
            return []
        async with self._claiming:
            self._mark = self._wakeups.mark()
            await self._drop_unknown()
            if self._busy:
                await self._rescue_sometimes()
            claims = await self._claim_due(frozenset(kinds), limit)
            if not claims and await self._rescue_sometimes():
                claims = await self._claim_due(frozenset(kinds), limit)
            self._busy = bool(claims)
        return claims

    async def settle(self, claim: Claim, settlement: Settlement) -> None:
        """Findings, follow-up work and the settlement in one transaction, or `LeaseLost` and nothing at all."""
        if settlement.write is None and not settlement.follow_up:
            await self.settle_all([(claim, settlement)])
            return
        try:
            kinds = await self._retried(lambda: self._settle_with_findings(claim, settlement))
        except LeaseLost:
            self._held.discard((claim.work_id, claim.term))
            raise
        self._held.discard((claim.work_id, claim.term))
        self._wakeups.announce({*kinds, *self._to_announce})
        self._to_announce.clear()

    async def settle_all(self, pairs: Sequence[tuple[Claim, Settlement]]) -> None:
        """Many settlements without findings in one statement; raises `LeaseLost` if any was lost (the rest count)."""
        await self._finish_all([done(claim, settlement) for claim, settlement in pairs])

    async def exchange(
        self, pairs: Sequence[tuple[Claim, Settlement]], kinds: Collection[WorkKind], limit: int
    ) -> tuple[list[Claim], list[Claim]]:
        """`settle_all` and `claim` in one statement, for a busy worker; returns the new claims, and those that were lost.

        May give fewer claims than there are, or none: `claim` tells then.
        """
        if not self.trusted():
            raise LeaseLost("this process has no lease that it may trust")
        ends = [done(claim, settlement) for claim, settlement in pairs]
        async with self._claiming:
            await self._drop_unknown()
            await self._rescue_sometimes()
            self._under_way += 1
        try:
            rows = await self._retried(lambda: self._exchange(ends, frozenset(kinds), limit))
        finally:
            self._under_way -= 1
        self._held.difference_update(end.key for end in ends)
        ended = {row["id"] for row in rows if row["term"] is None}
        claims = [claimed(row, self._trust_until) for row in rows if row["term"] is not None]
        return claims, [end.claim for end in ends if end.claim.work_id not in ended]

    async def retry(self, claim: Claim, error: str, *, after: timedelta | None = None) -> None:
        """The attempt failed: due again after a backoff with full jitter, or buried when it was the last."""
        due_in = backoff(claim.attempt) if after is None else after
        await self._finish_all([End(claim, "failed", due_in=due_in, note=error)])

    async def snooze(self, claim: Claim, until: datetime, reason: str) -> None:
        """Not now, and not its fault: due again at `until`, and no attempt is counted."""
        await self._finish_all([End(claim, "snoozed", until=until, note=reason)])

    async def give_back(self, claims: Sequence[Claim]) -> None:
        """Undone and due as before, for others to take; no attempt is counted."""
        await self._finish_all([End(claim, "given_back") for claim in claims])
        self._wakeups.announce({claim.kind.value for claim in claims})

    def forget(self, claims: Sequence[Claim]) -> None:
        """Gives up on claims whose ending cannot be got through; the next `claim` frees them, the attempt counted."""
        self._held.difference_update((claim.work_id, claim.term) for claim in claims)
        self._doubtful = True

    async def add(self, connection: Connection | None, works: Sequence[NewWork]) -> int:
        """Makes what does not exist (see `NewWork`); returns how many.

        In the caller's transaction, if one is given: others are then woken after the next settlement, since a
        wake-up before the commit would find nothing.
        """
        if connection is not None:
            made, kinds = await _add(connection, works)
            self._to_announce.update(kinds)
        else:
            made, kinds = await self._retried(lambda: self._add_alone(works))
            self._wakeups.heard(kinds)
        return made

    async def withdraw(self, connection: Connection, kinds: Collection[WorkKind], subjects: Collection[str]) -> int:
        """Forgets work whose subjects are gone, in the caller's transaction; what is leased stays. Returns how many."""
        return len(await connection.fetch(SQL["withdraw"], _values(kinds), sorted(subjects)))

    async def replace(self, work: NewWork) -> None:
        """Makes this the only work of its kind, such as the list of another address; what is leased stays."""
        await self.add(None, [work])
        async with self._database.connection() as connection:
            await connection.execute(SQL["supersede"], work.kind.value, work.subject)

    async def next_due(self, kinds: Collection[WorkKind]) -> timedelta | None:
        """How long until it is worth while to claim again; None when nothing is in sight."""
        async with self._database.connection() as connection:
            wait: timedelta | None = await connection.fetchval(SQL["next_due"], self._me().id, _values(kinds))
        return None if wait is None else max(wait, timedelta(0))

    async def wait(self, kinds: Collection[WorkKind], at_most: timedelta) -> None:
        """Sleeps until work of these kinds may be due (since the last claim), at most so long."""
        await self._wakeups.wait(kinds, at_most, since=self._mark)

    async def backlog(self) -> list[Backlog]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL["backlog"], _values(WorkKind))
        return [Backlog(**{**dict(row), "kind": WorkKind(row["kind"])}) for row in rows]

    async def rescue(self) -> int:
        """Frees what is held under leases that ran out; returns how many pieces that were."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL["rescue"])
        self._wakeups.announce([row["kind"] for row in rows if row["freed"]])
        expires_in = min(
            (row["expires_in"].total_seconds() for row in rows if row["expires_in"]), default=RESCUE_EVERY_S
        )
        self._rescue_at = self._clock() + min(RESCUE_EVERY_S, max(RESCUE_AGAIN_S, expires_in))
        return sum(row["freed"] + row["buried"] for row in rows)

    def _me(self) -> WorkerInfo:
        if self._worker is None:
            raise LeaseLost("this process has not entered: it holds no lease")
        return self._worker

    def _trust(self, sent_at: float) -> None:
        self._trust_until = sent_at + self._lease.total_seconds() * TRUSTED_SHARE

    async def _rescue_sometimes(self) -> int:
        return await self.rescue() if self._clock() >= self._rescue_at else 0

    @contextmanager
    def _doubt(self) -> Iterator[None]:
        """If the answer to a claim gets lost, we hold what we do not know of."""
        try:
            yield
        except BaseException:
            self._doubtful = True
            raise

    async def _drop_unknown(self) -> None:
        """Frees what the database says we hold and we do not know of: the answer to a claim got lost.

        Once a lease's length without any doubt, too: a claim that was given up may still reach Postgres later.
        """
        now = self._clock()
        if self._under_way:  # the answer to an exchange is yet to come: nothing is unknown before
            return
        if not self._doubtful and now - self._compared_at < self._lease.total_seconds():
            return
        ids, terms = zip(*sorted(self._held), strict=True) if self._held else ((), ())
        async with self._database.connection() as connection:
            await connection.execute(SQL["drop_unknown"], self._me().id, ids, terms)
        self._doubtful, self._compared_at = False, now

    async def _claim_due(self, kinds: frozenset[WorkKind], limit: int) -> list[Claim]:
        """From both kinds of due work, the one that gave last first.

        A single piece that comes while nothing else is to be done is answered at once; the next call asks for both.
        """
        claims: list[Claim] = []
        for name in sorted(SOURCES, key=lambda name: -self._scan(name, kinds).found_at):
            if len(claims) == limit or (claims and not self._busy):
                break
            claims += await self._claim_from(name, kinds, limit - len(claims))
        return claims

    def _scan(self, name: str, kinds: frozenset[WorkKind]) -> _Scan:
        return self._scans.setdefault((name, kinds), _Scan())

    async def _claim_from(self, name: str, kinds: frozenset[WorkKind], limit: int) -> list[Claim]:
        scan = self._scan(name, kinds)
        with self._doubt():
            rows = await self._take(name, kinds, limit, scan.floor(self._clock()))
            if len(rows) < limit and not scan.swept:
                rows += await self._take(name, kinds, limit - len(rows), scan.sweep(self._clock()))
        scan.found([row["due_at"] for row in rows], full=len(rows) == limit, now=self._clock())
        self._held.update((row["id"], row["term"]) for row in rows)
        return [claimed(row, self._trust_until) for row in rows]

    async def _exchange(self, ends: Sequence[End], kinds: frozenset[WorkKind], limit: int) -> list[asyncpg.Record]:
        name = max(SOURCES, key=lambda name: self._scan(name, kinds).found_at)
        scan = self._scan(name, kinds)
        sql, floor = exchange_sql(ends, name, kinds, limit), scan.floor(self._clock())
        with self._doubt():
            async with self._database.connection() as connection:
                rows = await connection.fetch(sql, self._me().id, *finish_values(ends), floor)
        taken = [row for row in rows if row["term"] is not None]
        scan.found([row["due_at"] for row in taken], full=len(taken) == limit, now=self._clock())
        self._held.update((row["id"], row["term"]) for row in taken)
        return rows

    async def _take(self, name: str, kinds: frozenset[WorkKind], limit: int, floor: datetime) -> list[asyncpg.Record]:
        async with self._database.connection() as connection:
            return await connection.fetch(claim_sql(name, kinds, limit), self._me().id, floor)

    async def _settle_with_findings(self, claim: Claim, settlement: Settlement) -> list[str]:
        async with self._database.transaction() as connection:
            await self._fence(connection, claim)
            if settlement.write is not None:
                await settlement.write(connection)
            _, kinds = await _add(connection, settlement.follow_up)
            if await self._finish(connection, [done(claim, settlement)]):
                raise LeaseLost(f"the lease ran out while {claim.subject} was written")
        return kinds

    async def _fence(self, connection: Connection, claim: Claim) -> None:
        if await connection.fetchval(SQL["fence"], self._me().id, claim.work_id, claim.term) is None:
            raise LeaseLost(f"{claim.kind} {claim.subject}: term {claim.term} has ended")

    async def _finish_all(self, ends: Sequence[End]) -> None:
        if not ends:
            return
        lost = await self._retried(lambda: self._finish_alone(ends))
        self._held.difference_update(end.key for end in ends)
        if lost:
            raise LeaseLost(f"{len(lost)} of {len(ends)} claims have passed to others: {', '.join(lost[:5])}")

    async def _finish_alone(self, ends: Sequence[End]) -> list[str]:
        async with self._database.connection() as connection:
            return await self._finish(connection, ends)

    async def _finish(self, connection: Connection, ends: Sequence[End]) -> list[str]:
        """Runs `finish`; returns the subjects of those that were lost."""
        rows = await connection.fetch(finish_sql(ends), self._me().id, *finish_values(ends))
        ended = {row["id"] for row in rows}
        return [end.claim.subject for end in ends if end.claim.work_id not in ended]

    async def _add_alone(self, works: Sequence[NewWork]) -> tuple[int, list[str]]:
        async with self._database.connection() as connection:
            return await _add(connection, works, announce=True)

    async def _retried(self, action: Callable[[], Awaitable[T]]) -> T:
        """Runs a transaction again that Postgres ended to break a deadlock.

        Raises `DatabaseUnavailable` when it always ended so: that passes, and is neither the work's fault nor this process's.
        """
        for tried in itertools.count(1):
            try:
                return await action()
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
                if tried == TRIES:
                    raise DatabaseUnavailable(f"ended by Postgres {TRIES} times: {error}") from error
                await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311 - jitter
        raise AssertionError("counting never ends")


class _Scan:
    """Where one query of claims may begin to look.

    Under an old snapshot the entries of finished rows stay at the front of the index; a claimer that remembers
    how far it came does not wade through them at each claim. Once a second, and before it says that nothing is
    due, it looks from the very beginning.
    """

    __slots__ = ("_floor", "_swept_at", "found_at", "swept")

    def __init__(self) -> None:
        self._floor = LONG_AGO
        self._swept_at = float("-inf")
        self.swept = False
        self.found_at = float("-inf")

    def floor(self, now: float) -> datetime:
        if now - self._swept_at >= SWEEP_EVERY_S:
            return self.sweep(now)
        self.swept = False
        return self._floor

    def sweep(self, now: float) -> datetime:
        self._swept_at, self.swept = now, True
        return LONG_AGO

    def found(self, due: Sequence[datetime], *, full: bool, now: float) -> None:
        self.found_at = now if due else self.found_at
        self._floor = min(due) if full else LONG_AGO
        if not full:
            self._swept_at = float("-inf")


async def _add(connection: Connection, works: Sequence[NewWork], *, announce: bool = False) -> tuple[int, list[str]]:
    """Runs `add`; returns how many were made, and the kinds of which something is due now."""
    if not works:
        return 0, []
    row = await connection.fetchrow(
        SQL["add"],
        [work.kind.value for work in works],
        [work.subject for work in works],
        [work.host.lower() if work.host else None for work in works],
        [dict(work.details) for work in works],
        [work.priority for work in works],
        [work.due_in for work in works],
        [work.hasten for work in works],
        [work.max_attempts for work in works],
        announce,
    )
    return (row["made"], row["due_kinds"] or []) if row is not None else (0, [])


def _values(kinds: Collection[WorkKind] | type[WorkKind]) -> list[str]:
    return sorted(kind.value for kind in kinds)
