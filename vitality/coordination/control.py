"""What a person does with work: look, bring back, make due, bury."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg

from vitality.coordination.sql import SQL
from vitality.records import Host, WorkKind
from vitality.storage.database import Database

WorkState = Literal["waiting", "leased", "buried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A row of work as a person looks at it."""

    id: int
    kind: WorkKind
    subject: str
    host: Host | None
    state: WorkState
    due_at: datetime
    priority: int
    attempt: int
    max_attempts: int
    holder: UUID | None
    claimed_at: datetime | None
    settled_at: datetime | None
    error: str | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished run of a piece of work."""

    finished_at: datetime
    claimed_at: datetime
    outcome: str
    attempt: int
    term: int
    worker: UUID
    changed: bool
    note: str | None


class WorkControl:
    """Reads and changes work from outside of any worker; what is leased is never touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, *, kind: WorkKind | None = None, state: WorkState | None = None, limit: int = 50
    ) -> list[Work]:
        """Pieces of work, the next due first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL["list_work"], kind and kind.value, state, limit)
        return [_work(row) for row in rows]

    async def show(self, work_id: int, *, runs: int = 20) -> tuple[Work, list[Run]] | None:
        """One piece of work with its last runs, the newest first; None if there is none."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["show_work"], work_id)
            past = await connection.fetch(SQL["runs_of_work"], work_id, runs)
        return None if row is None else (_work(row), [Run(**dict(each)) for each in past])

    async def retry(self, ids: Collection[int] = (), *, kind: WorkKind | None = None) -> int:
        """Makes work due now with its attempts forgotten, buried work too; returns how many pieces.

        Without `ids`: all buried work, of `kind` if that is given.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL["bring_back"], sorted(ids) or None, kind and kind.value)
            if rows:
                await connection.execute(SQL["notify"], ",".join(sorted({row["kind"] for row in rows})))
        return len(rows)

    async def bury(self, ids: Sequence[int], why: str) -> int:
        """Takes waiting work out of the rounds until somebody brings it back; returns how many pieces."""
        async with self._database.connection() as connection:
            return len(await connection.fetch(SQL["bury"], sorted(ids), why))


def _work(row: asyncpg.Record) -> Work:
    values = {name: row[name] for name in Work.__dataclass_fields__}
    return Work(**{**values, "kind": WorkKind(row["kind"])})
