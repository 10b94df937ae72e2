"""The earlier system's database, read as it is, and what is kept of it.

Its names are quoted (`"Street Address"`), its times are text, its facts are prose. Rows are read as JSON, so that a
column that some installation lacks is simply not stated, and every cell comes out as trimmed text or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NewType

from vitality.errors import SchemaMissing
from vitality.records import Diocese, Parish
from vitality.storage import dioceses, parishes
from vitality.storage.database import Connection, connect
from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("legacy.sql"))
TABLES: Final = ("Dioceses", "DiocesesParishDirectory", "DioceseParishDirectoryOverride", "Parishes", "ParishData")
UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where the earlier system stated no time that can be read: long ago, never "today"."""
FORMATS: Final = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
OldId = NewType("OldId", str)
OldTable = Literal["Dioceses", "Parishes"]
Cells = Mapping[str, str]
"""The stated cells of an old row by column; blank ones are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldData:
    """All rows of the earlier system that are taken over, in an order that is the same at each reading."""

    dioceses: Sequence[Cells]
    directories: Sequence[Cells]
    overrides: Sequence[Cells]
    parishes: Sequence[Cells]
    facts: Sequence[Cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A fact in the earlier system's words; nobody has verified it."""

    kind: str
    text: str
    source_url: str | None = None
    confidence: str | None = None
    method: str | None = None


async def read_old(dsn: str) -> OldData:
    """The earlier system's rows, of one instant; raises `SchemaMissing` where a table is not there."""
    async with connect(dsn) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(SQL["look_there"], list(TABLES))
        missing = [row["name"] for row in await connection.fetch(SQL["tables"], list(TABLES))]
        if missing:
            raise SchemaMissing(
                f"the database to import from has no table {', '.join(missing)} (docs/operating/migrating.md)"
            )
        return OldData(
            dioceses=await _rows(connection, "old_dioceses"),
            directories=await _rows(connection, "old_directories"),
            overrides=await _rows(connection, "old_overrides"),
            parishes=await _rows(connection, "old_parishes"),
            facts=await _rows(connection, "old_facts"),
        )


async def _rows(connection: Connection, query: str) -> list[Cells]:
    return [_cells(row["cells"]) for row in await connection.fetch(SQL[query])]


def _cells(row: Mapping[str, str | None]) -> Cells:
    texts = {name: value.strip() for name, value in row.items() if value is not None}
    return {name: text for name, text in texts.items() if text}


def parse_time(text: str | None) -> datetime | None:
    """A time kept as text, in ISO 8601 or American form; without a zone it is taken as UTC. None if it is neither."""
    if text is None:
        return None
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return _aware(datetime.strptime(text, form))  # noqa: DTZ007 - made aware at once
        except ValueError:
            continue
    return None


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


async def known_rows(connection: Connection, table: OldTable) -> dict[OldId, int]:
    """What earlier imports made of the rows of an old table."""
    return {OldId(row["old_id"]): row["new_id"] for row in await connection.fetch(SQL["known_rows"], table)}


async def keep_row(connection: Connection, table: OldTable, old_id: OldId, new_id: int) -> None:
    """Remembers what an old row became."""
    await connection.execute(SQL["keep_row"], table, old_id, new_id)


async def diocese_names(connection: Connection) -> dict[str, int]:
    """The ids of all dioceses by name, removed ones too."""
    return {row["name"]: row["id"] for row in await connection.fetch(SQL["diocese_names"])}


async def add_diocese(connection: Connection, diocese: Diocese, source: str, seen: datetime | None) -> int:
    """Adds a diocese that is not stored yet; returns its id."""
    values = (diocese.name, diocese.address, diocese.city, diocese.state, diocese.zip, diocese.website, source)
    diocese_id: int = await connection.fetchval(dioceses.SQL["save"], *values)
    await connection.execute(SQL["date_diocese"], diocese_id, seen or UNDATED)
    return diocese_id


async def add_parishes(
    connection: Connection, diocese_id: int, found: Mapping[str, Parish], seen: datetime | None
) -> tuple[dict[str, int], tuple[parishes.ParishSite, ...]]:
    """Adds parishes that are not stored yet, by identity; returns their ids and the sites that they name."""
    when = seen or UNDATED
    changes = await parishes.save(connection, diocese_id, list(found.items()), today=when.date(), complete=False)
    rows = await connection.fetch(SQL["date_parishes"], diocese_id, list(found), when)
    return {row["identity"]: row["id"] for row in rows}, changes.sites


async def keep_note(connection: Connection, parish_id: int, note: Note) -> bool:
    """Keeps a fact as a note; returns whether it was new."""
    values = (note.kind, note.text, note.source_url, note.confidence, note.method)
    return await connection.fetchval(SQL["keep_note"], parish_id, *values) is not None
