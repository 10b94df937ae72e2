"""Dioceses as the conference lists them, and what is known of each one's parish directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import asyncpg

from vitality.records import Diocese, DioceseId, Directory
from vitality.storage.database import Connection
from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("dioceses.sql"))
Absence = Literal["not_found", "blocked", "failed"]
SHORTEST_SHARE = 0.8
"""A list with less than this part of the known dioceses is taken for a broken page: nobody is removed by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDiocese:
    """A diocese with what is known of its directory."""

    id: DioceseId
    diocese: Diocese
    former_names: tuple[str, ...]
    directory: Directory | None
    """The one named by a person, else the last one found, though a later look may have failed."""
    directory_state: str | None
    reason: str | None
    override_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What a reading of the list changed; `ids` holds every listed name."""

    ids: Mapping[str, DioceseId]
    added: tuple[str, ...]
    renamed: Mapping[str, str]
    """Old name to new name."""
    removed: tuple[str, ...]
    removed_ids: tuple[DioceseId, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Which listed dioceses are which stored ones, by name; `renamed` maps old names to new ones."""

    renamed: Mapping[str, str]
    added: tuple[str, ...]
    gone: tuple[str, ...]


def match(known: Sequence[Diocese], listed: Sequence[Diocese]) -> Match:
    """By name; a name that vanished and a new one are the same diocese if web site or address say so.

    Only what identifies exactly one on either side counts.
    """
    names, known_names = {each.name for each in listed}, {each.name for each in known}
    left = [each for each in known if each.name not in names]
    new = [each for each in listed if each.name not in known_names]
    renamed: dict[str, str] = {}
    for trait in (_site, _address):
        for old, fresh in _pairs(trait, left, new):
            if old not in renamed and fresh not in renamed.values():
                renamed[old] = fresh
    return Match(
        renamed=renamed,
        added=tuple(each.name for each in new if each.name not in renamed.values()),
        gone=tuple(each.name for each in left if each.name not in renamed),
    )


def _pairs(
    trait: Callable[[Diocese], Hashable | None], left: Sequence[Diocese], new: Sequence[Diocese]
) -> list[tuple[str, str]]:
    counts = [Counter(trait(each) for each in side) for side in (left, new)]
    by_trait = {trait(each): each.name for each in new}
    return [
        (each.name, by_trait[trait(each)])
        for each in left
        if trait(each) is not None and counts[0][trait(each)] == counts[1][trait(each)] == 1
    ]


def _site(diocese: Diocese) -> Hashable | None:
    host = urlsplit(diocese.website or "").netloc.lower().removeprefix("www.")
    return host or None


def _address(diocese: Diocese) -> Hashable | None:
    return (diocese.address.casefold(), diocese.zip) if diocese.address and diocese.zip else None


async def save_list(connection: Connection, listed: Sequence[Diocese], source: str) -> ListChanges:
    """Brings the dioceses of one source in line with its list; renames and removals are kept, nothing is deleted."""
    known = [_diocese(row) for row in await connection.fetch(SQL["of_source"], source)]
    found = match(known, listed)
    for old, new in found.renamed.items():
        await connection.execute(SQL["rename"], source, old, new)
    ids = {each.name: await _save(connection, each, source) for each in listed}
    gone = found.gone if len(listed) >= SHORTEST_SHARE * len(known) else ()
    removed = await connection.fetch(SQL["remove"], source, list(gone))
    return ListChanges(
        ids=ids,
        added=found.added,
        renamed=found.renamed,
        removed=tuple(row["name"] for row in removed),
        removed_ids=tuple(DioceseId(row["id"]) for row in removed),
    )


async def _save(connection: Connection, each: Diocese, source: str) -> DioceseId:
    values = (each.name, each.address, each.city, each.state, each.zip, each.website, source)
    return DioceseId(await connection.fetchval(SQL["save"], *values))


async def get(connection: Connection, diocese_id: int) -> StoredDiocese | None:
    """A diocese by its id, removed or not; None if there is none."""
    row = await connection.fetchrow(SQL["get"], diocese_id)
    return None if row is None else _stored(row)


async def everyone(connection: Connection) -> list[StoredDiocese]:
    """The dioceses that are in the list, by name."""
    return [_stored(row) for row in await connection.fetch(SQL["everyone"])]


async def save_directory(
    connection: Connection, diocese_id: int, found: Directory, *, evidence: Mapping[str, object]
) -> None:
    """A directory that proved itself; an override stays."""
    values = (diocese_id, found.url, found.layout, found.data_url, found.parishes, dict(evidence))
    await connection.execute(SQL["save_directory"], *values)


async def save_no_directory(
    connection: Connection, diocese_id: int, state: Absence, reason: str, *, evidence: Mapping[str, object]
) -> None:
    """The search or the reading ended without; a directory found earlier stays as the last one known."""
    await connection.execute(SQL["save_no_directory"], diocese_id, state, reason.replace("\x00", "�"), dict(evidence))


async def override(connection: Connection, diocese_id: int, url: str | None, note: str = "") -> bool:
    """A person names the directory (None takes it back); returns whether there is such a diocese."""
    return await connection.fetchval(SQL["override"], diocese_id, url, note) is not None


def _diocese(row: asyncpg.Record) -> Diocese:
    return Diocese(**{name: row[name] for name in Diocese.model_fields})


def _stored(row: asyncpg.Record) -> StoredDiocese:
    return StoredDiocese(
        id=DioceseId(row["id"]),
        diocese=_diocese(row),
        former_names=tuple(row["former_names"]),
        directory=_directory(row),
        directory_state=row["directory_state"],
        reason=row["reason"],
        override_url=row["override_url"],
    )


def _directory(row: asyncpg.Record) -> Directory | None:
    if row["override_url"] is not None and row["override_url"] != row["url"]:
        return Directory(url=row["override_url"], layout="override")
    if row["url"] is None:
        return None
    return Directory(url=row["url"], layout=row["layout"], data_url=row["data_url"], parishes=row["parishes"])
