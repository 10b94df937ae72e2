"""What the commands show and change: work, workers, hosts, what was found below each diocese."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from vitality.records import WorkKind
from vitality.storage import queries
from vitality.storage.database import Connection

SQL = queries.load(Path(__file__).with_name("console.sql"))

Row = dict[str, Any]


async def _rows(conn: Connection, name: str, *args: object) -> list[Row]:
    return [dict(row) for row in await conn.fetch(SQL[name], *args)]


async def unfinished(conn: Connection, kinds: Collection[WorkKind]) -> int:
    """How many pieces of work of these kinds are held or claimable now."""
    return int(await conn.fetchval(SQL["unfinished"], [kind.value for kind in kinds]))


async def overview(conn: Connection) -> dict[str, list[Row]]:
    """Workers, backlog by kind, parked hosts and the last failures."""
    return {name: await _rows(conn, name) for name in ("workers", "backlog", "parked_hosts", "failures")}


async def totals(conn: Connection) -> dict[str, int]:
    """How much the record holds, by what it is."""
    return (await _rows(conn, "totals"))[0]


async def by_diocese(conn: Connection) -> list[Row]:
    """Each diocese with the state of its directory and what was read below it."""
    return await _rows(conn, "by_diocese")


async def work_list(conn: Connection, kind: str | None, state: str | None, limit: int) -> list[Row]:
    """Pieces of work, the next due first."""
    return await _rows(conn, "list", kind, state, limit)


async def work_show(conn: Connection, work_id: int) -> Row | None:
    """One piece of work with its last runs under `runs`; None where there is no such work."""
    found = await _rows(conn, "show", work_id)
    return {**found[0], "runs": await _rows(conn, "runs", work_id)} if found else None


async def work_retry(conn: Connection, work_ids: Sequence[int], kind: str | None) -> int:
    """Makes work due now, its attempts forgotten; returns how many pieces. Call it in a transaction."""
    rows = await _rows(conn, "retry", list(work_ids), kind)
    hosted = [row for row in rows if row["host"] is not None]
    columns = ([row[name] for row in hosted] for name in ("host", "kind", "priority"))
    await conn.execute(SQL["hasten_lanes"], *columns)
    return len(rows)


async def work_bury(conn: Connection, work_ids: Sequence[int], why: str) -> int:
    """Takes work out of the rounds; returns how many pieces."""
    return len(await _rows(conn, "bury", list(work_ids), why))
