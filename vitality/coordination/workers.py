"""Who works: the registry of processes, each under an id that is new at every start."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from vitality.coordination.sql import SQL
from vitality.records import Role
from vitality.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerInfo:
    """What a process says of itself when it enters."""

    roles: tuple[Role, ...]
    name: str = field(default_factory=socket.gethostname)
    """The pod's name; two starts of one pod share it, so it never identifies anything."""
    pid: int = field(default_factory=os.getpid)
    version: str | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A row of the registry."""

    id: UUID
    name: str
    roles: tuple[Role, ...]
    pid: int | None
    version: str | None
    started_at: datetime
    ended_at: datetime | None
    ending: str | None
    """`closed` in good order, `expired` when its lease ran out; None while it lives."""
    renewed_at: datetime | None
    expires_at: datetime | None
    draining: bool
    held: int
    """Pieces of work that it holds."""


class Workers:
    """Reads the registry; entering and leaving it is the business of `Leases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, *, ended_within: timedelta = timedelta(hours=1)) -> list[Worker]:
        """The live workers and those that ended lately, by start."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL["workers"], ended_within)
        return [Worker(**{**dict(row), "roles": tuple(Role(role) for role in row["roles"])}) for row in rows]
