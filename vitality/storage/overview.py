"""How far the pipeline has come: what is left to do now, and what was found below each diocese."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vitality.records import WorkKind
from vitality.storage import queries
from vitality.storage.database import Connection

SQL = queries.load(Path(__file__).with_name("overview.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DioceseFound:
    """A diocese, how the search for its directory stands, and how much was read below it."""

    id: int
    name: str
    directory: str
    url: str | None
    layout: str | None
    reason: str | None
    parishes: int
    sites_read: int
    sites_blocked: int
    sites_failed: int
    service_times: int


async def unfinished(conn: Connection, kinds: Collection[WorkKind]) -> int:
    """How many pieces of work of these kinds are held or claimable now; a host that is closed for now holds none up."""
    return int(await conn.fetchval(SQL["unfinished"], [kind.value for kind in kinds]))


async def postponed(conn: Connection, kinds: Collection[WorkKind]) -> tuple[int, datetime | None]:
    """How many pieces of work of these kinds wait for another try or the rest of their run, and when the first is due."""
    (row,) = await conn.fetch(SQL["postponed"], [kind.value for kind in kinds])
    return int(row["pieces"]), row["next_at"]


async def by_diocese(conn: Connection) -> list[DioceseFound]:
    """Every diocese of the list, by name."""
    return [DioceseFound(**dict(row)) for row in await conn.fetch(SQL["by_diocese"])]
