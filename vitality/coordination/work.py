"""Work as the roles see it: what to do, the right to do it for a while, and how it ended."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeAlias

from vitality.records import Host, WorkKind
from vitality.storage.database import Connection

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
Write: TypeAlias = Callable[[Connection], Awaitable[None]]
"""Writes findings inside the settlement's transaction; it may run again after a deadlock, so it only writes."""

MAX_ATTEMPTS = 5
BACKOFF_BASE = timedelta(minutes=1)
BACKOFF_CAP = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWork:
    """Work to be made if it does not exist; (kind, subject) is its identity.

    Where it exists and waits, `host` and `details` are brought up to date and its due time stays, unless `hasten`
    asks for the earlier of both. What is leased or buried is left alone. `details["diocese_id"]` shows the work
    in the view `diocese_work_assignments`.
    """

    kind: WorkKind
    subject: str
    host: Host | None = None
    details: Mapping[str, JSON] = field(default_factory=lambda: MappingProxyType({}))
    priority: int = 0
    """0 to 3; each step is worth one hour of waiting."""
    due_in: timedelta = timedelta(0)
    hasten: bool = False
    max_attempts: int = MAX_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do one piece of work, until the lease of this process runs out; `term` is the fencing token."""

    work_id: int
    kind: WorkKind
    subject: str
    host: Host | None
    details: Mapping[str, JSON]
    term: int
    attempt: int
    """Counted at the claim: 1 at the first."""
    max_attempts: int
    claimed_at: datetime
    """The database's clock."""
    trust_until: float
    """Local monotonic seconds at the claim; renewals move the limit on: ask `trusted()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a claim ended well: its next due time, what follows from it, and the findings to write."""

    due_in: timedelta
    follow_up: tuple[NewWork, ...] = ()
    write: Write | None = None
    changed: bool = False
    """Whether anything new was found."""
    note: str | None = None
    """One line for the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What there is of one kind."""

    kind: WorkKind
    due: int
    waiting: int
    leased: int
    buried: int
    oldest: timedelta | None
    """How long the oldest due piece has been due."""


class WorkQueue(Protocol):
    """What the roles and their pool ask of coordination; `Leases` on Postgres, `MemoryLeases` in tests.

    Every call raises `DatabaseUnavailable` when Postgres is away; that is never "no work". Calls on a claim raise
    `LeaseLost`, and write nothing, when the claim is no longer this process's.
    """

    async def claim(self, kinds: Collection[WorkKind], limit: int) -> list[Claim]: ...

    async def settle(self, claim: Claim, settlement: Settlement) -> None: ...

    async def retry(self, claim: Claim, error: str, *, after: timedelta | None = None) -> None: ...

    async def snooze(self, claim: Claim, until: datetime, reason: str) -> None: ...

    async def give_back(self, claims: Sequence[Claim]) -> None: ...

    async def renew(self) -> None: ...

    def trusted(self) -> bool: ...

    async def add(self, connection: Connection | None, works: Sequence[NewWork]) -> int: ...

    async def withdraw(self, connection: Connection, kinds: Collection[WorkKind], subjects: Collection[str]) -> int: ...

    async def next_due(self, kinds: Collection[WorkKind]) -> timedelta | None: ...

    async def wait(self, kinds: Collection[WorkKind], at_most: timedelta) -> None: ...

    async def backlog(self) -> list[Backlog]: ...


def backoff(attempt: int, draw: float | None = None) -> timedelta:
    """How long to wait after the given attempt (from 1) failed: full jitter under a doubling limit.

    `draw` in [0, 1) takes the place of chance. Exponential backoff with full jitter: M. Brooker, AWS
    Architecture Blog, 2015.
    """
    limit = min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt - 1, 30))
    return limit * (random.random() if draw is None else draw)  # noqa: S311 - jitter, no secret
