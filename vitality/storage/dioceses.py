"""Dioceses and their directories, as kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import asyncpg

from vitality.records import Diocese, DioceseId, Directory
from vitality.storage import queries
from vitality.storage.database import Connection

SQL = queries.load(Path(__file__).with_name("findings.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDiocese:
    """A diocese with its id and what is known of its directory.

    `directory` is the one to read: an operator's override before what the finder found.
    """

    id: DioceseId
    diocese: Diocese
    directory: Directory | None = None
    override_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What a reading of the conference's list changed."""

    ids: Mapping[str, DioceseId]
    """Name to id of every diocese that the list names."""
    added: int
    renamed: int
    removed: int


async def save_list(conn: Connection, dioceses: Sequence[Diocese], source: str) -> ListChanges:
    """Brings the stored dioceses in line with the list: new, renamed (same web site) and removed ones noticed."""
    known = await conn.fetch(SQL["current_dioceses"])
    names = {each.name for each in dioceses}
    vanished = {row["id"]: row for row in known if row["name"] not in names}
    fresh = [each for each in dioceses if each.name not in {row["name"] for row in known}]
    renamed = _renames(fresh, vanished)
    for diocese_id, name in renamed.items():
        await conn.execute(SQL["rename_diocese"], diocese_id, name)
    removed = sorted(set(vanished) - set(renamed))
    await conn.execute(SQL["remove_dioceses"], removed)
    ids: dict[str, DioceseId] = {}
    added = 0
    for each in dioceses:
        row = await conn.fetchrow(
            SQL["save_diocese"], each.name, each.address, each.city, each.state, each.zip, each.website, source
        )
        assert row is not None  # noqa: S101 - INSERT … RETURNING gives a row
        ids[each.name] = DioceseId(row["id"])
        added += row["added"]
    return ListChanges(ids=ids, added=added, renamed=len(renamed), removed=len(removed))


def _renames(fresh: Sequence[Diocese], vanished: Mapping[int, asyncpg.Record]) -> dict[int, str]:
    """Ids of vanished names whose web site stands under a new name now."""
    by_host = {_host(row["website"]): key for key, row in vanished.items() if row["website"]}
    return {by_host[host]: each.name for each in fresh if (host := _host(each.website)) and host in by_host}


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


async def get(conn: Connection, diocese_id: int) -> StoredDiocese | None:
    """One diocese, or None where no such id exists."""
    row = await conn.fetchrow(SQL["diocese"], diocese_id)
    if row is None:
        return None
    return StoredDiocese(
        id=DioceseId(row["id"]),
        diocese=Diocese(**{name: row[name] for name in Diocese.model_fields}),
        directory=_directory(row),
        override_url=row["override_url"],
    )


def _directory(row: asyncpg.Record) -> Directory | None:
    if row["override_url"]:
        return Directory(url=row["override_url"], layout="override")
    if row["directory_state"] != "found":
        return None
    return Directory(url=row["url"], layout=row["layout"], data_url=row["data_url"], parishes=row["parishes"])


async def save_directory(
    conn: Connection, diocese_id: int, directory: Directory, *, evidence: Mapping[str, object]
) -> None:
    """Keeps the directory that was found, with the evidence of the search."""
    await conn.execute(
        SQL["save_directory"],
        diocese_id,
        "found",
        directory.url,
        directory.layout,
        directory.data_url,
        directory.parishes,
        None,
        dict(evidence),
    )


async def save_no_directory(
    conn: Connection,
    diocese_id: int,
    state: Literal["not_found", "blocked", "failed"],
    reason: str,
    *,
    evidence: Mapping[str, object],
) -> None:
    """Keeps that, and why, no directory was found this time."""
    await conn.execute(SQL["save_directory"], diocese_id, state, None, None, None, None, reason, dict(evidence))


async def override_directory(conn: Connection, diocese_id: int, url: str, note: str) -> None:
    """Keeps a directory that a person named; no finder changes it."""
    await conn.execute(SQL["override_directory"], diocese_id, url, note)
