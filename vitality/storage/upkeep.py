"""Making tomorrow's partitions, and dropping what is kept long enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from vitality.storage.database import Connection, Database

DAYS_AHEAD = 3
LOCK = 0x76697463
"""Key of the advisory lock that keeps two workers from the same upkeep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long history is kept."""

    runs: timedelta = timedelta(days=30)
    requests: timedelta = timedelta(days=90)
    workers: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round of upkeep did."""

    days_made: int
    days_dropped: int
    workers_forgotten: int


async def upkeep(database: Database, kept: Kept | None = None) -> Done | None:
    """One round; None when another worker is at it or the tables are busy. To be run at start and once a day."""
    try:
        async with database.transaction() as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
                return None
            # Making a partition locks the parent: waiting long behind a transaction would stop all writers.
            await connection.execute("SET LOCAL lock_timeout = '2s'")
            return await _round(connection, kept or Kept())
    except asyncpg.LockNotAvailableError:
        return None


async def _round(connection: Connection, kept: Kept) -> Done:
    made = await connection.fetchval("SELECT vitality_make_days($1)", DAYS_AHEAD)
    dropped = 0
    for table, age in (("work_run", kept.runs), ("request", kept.requests)):
        dropped += await connection.fetchval(
            "SELECT vitality_drop_days($1, current_date - $2::integer)", table, age.days
        )
    gone = await connection.fetch("DELETE FROM worker WHERE ended_at < now() - $1::interval RETURNING id", kept.workers)
    return Done(days_made=made, days_dropped=dropped, workers_forgotten=len(gone))
