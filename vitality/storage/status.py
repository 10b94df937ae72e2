"""What the operator sees of the whole: totals, throughput, hosts left alone, last failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from vitality.records import Host
from vitality.storage.database import Connection
from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("status.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What has been found so far."""

    dioceses: int
    directories_found: int
    directories_not_found: int
    directories_blocked: int
    directories_failed: int
    parishes: int
    sites: int
    sites_read: int
    sites_empty: int
    sites_blocked: int
    sites_failed: int
    service_times: int
    masses: int
    confessions: int
    adorations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Runs of one kind that ended lately."""

    kind: str
    done: int
    failed: int
    snoozed: int
    rescued: int
    per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedHost:
    """A host that is left alone for now."""

    host: Host
    until: datetime
    failures: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A run that failed."""

    at: datetime
    work_id: int
    kind: str
    subject: str
    host: Host | None
    outcome: str
    attempt: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """What makes claims slow before anybody notices."""

    oldest_snapshot: timedelta
    """Of an open transaction in this database: rows that died since then stay. Zero without any.

    Other users' transactions are seen by a member of `pg_read_all_stats` only.
    """
    dead_rows: Mapping[str, int]
    """By table of coordination."""


async def totals(connection: Connection) -> Totals:
    """Counts of everything that is current."""
    row = await connection.fetchrow(SQL["totals"])
    if row is None:
        raise LookupError("totals")
    return Totals(**dict(row))


async def throughput(connection: Connection, *, within: timedelta = timedelta(hours=1)) -> list[Throughput]:
    """Ended runs by kind."""
    rows = await connection.fetch(SQL["throughput"], within)
    return [Throughput(**dict(row)) for row in rows]


async def strain(connection: Connection) -> Strain:
    """The oldest snapshot and the dead rows, as the server's statistics tell (a second old)."""
    rows = await connection.fetch(SQL["dead_rows"])
    age = await connection.fetchval(SQL["oldest_snapshot"])
    return Strain(oldest_snapshot=age, dead_rows={row["table"]: row["dead"] for row in rows})


async def parked_hosts(connection: Connection, *, limit: int = 20) -> list[ParkedHost]:
    """Hosts that must not be asked now, those that come back last first."""
    return [ParkedHost(**dict(row)) for row in await connection.fetch(SQL["parked_hosts"], limit)]


async def last_failures(connection: Connection, *, limit: int = 20) -> list[Failure]:
    """The last runs that failed, the newest first."""
    return [Failure(**dict(row)) for row in await connection.fetch(SQL["last_failures"], limit)]
