"""The schema's versions: applying them one by one, and refusing a database that does not fit this program.

A migration is a file `NNNN_name.sql` beside this module. It runs in one transaction together with the row that
records it, under an advisory lock, so that workers that start together apply it once. A file whose first line
is `-- outside a transaction` cannot be undone by Postgres: its row is marked dirty before it runs, and a
database with a dirty row is refused until a person has looked at it.

Old and new programs work side by side while an upgrade rolls. A line `-- works from: N` in a file's leading comment
promises that a program which knows the migrations up to N goes on working after this one (expand); such a program
accepts the newer schema. Without the line, programs that do not know the migration refuse the database. What is
taken away (contract) names the first migration whose programs no longer use it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from vitality.errors import SchemaHalfApplied, SchemaMissing, SchemaTooNew
from vitality.storage.database import connect

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x76697461
"""Key of the advisory lock: "vita"."""
OUTSIDE = "-- outside a transaction"
WORKS_FROM = re.compile(r"\A(?:--.*\n)*?-- works from: (\d+)$", re.MULTILINE)
CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
    version    integer PRIMARY KEY CHECK (version > 0),
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    dirty      boolean NOT NULL DEFAULT false
)"""
ADD_WORKS_FROM = "ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS works_from integer CHECK (works_from < version)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def transactional(self) -> bool:
        return not self.sql.startswith(OUTSIDE)

    @property
    def works_from(self) -> int | None:
        """The fewest migrations that a program must know to work beside this one; None: this one too."""
        said = WORKS_FROM.match(self.sql)
        return int(said[1]) if said else None


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of `schema_version`."""

    version: int
    checksum: str
    dirty: bool
    works_from: int | None = None


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The steps that this program knows, in order; a number may be left out, none stands twice."""
    found = []
    for path in sorted(folder.glob("[0-9]*.sql")):
        number, _, name = path.stem.partition("_")
        found.append(Migration(int(number), name, path.read_text(encoding="utf-8")))
    if not found or len({one.version for one in found}) < len(found):
        raise SchemaMissing(f"{folder} has no migrations, or two of one number: reinstall the program")
    return tuple(found)


def judge(applied: Sequence[Applied], known: Sequence[Migration]) -> tuple[Migration, ...]:
    """The steps that are still to be applied; raises what forbids applying any."""
    checksums = {one.version: one.checksum for one in known}
    newest = known[-1].version
    for row in applied:
        if row.version not in checksums and row.works_from is not None and row.works_from <= newest:
            continue  # a newer program's step, under way or done, that leaves us all we use
        if row.dirty:
            raise SchemaHalfApplied(
                f"migration {row.version} stopped midway, or another process is still at it (pg_stat_activity): wait, or "
                f"look at what it did (migrations/{row.version:04d}_*.sql), finish or "
                f"undo it by hand, then UPDATE schema_version SET dirty = false (or delete the row) WHERE version = {row.version}"
            )
        if row.version not in checksums:
            raise SchemaTooNew(
                f"the database is at schema version {row.version} and this program knows only {newest}: "
                "run a newer version of the program, or restore a backup made before the upgrade"
            )
        if row.checksum != checksums[row.version]:
            raise SchemaHalfApplied(
                f"migration {row.version} was applied in another form than this program has it: "
                "run the program that made the database, or restore a backup"
            )
    done = {row.version for row in applied}
    return tuple(one for one in known if one.version not in done)


async def migrate(dsn: str, *, folder: Path = FOLDER, pgbouncer: bool = False) -> int:
    """Brings the database up to date and returns how many steps that took; safe from many processes at once.

    `pgbouncer` says that a pooler in transaction mode stands between.

    Raises `SchemaTooNew`, `SchemaHalfApplied` or `DatabaseUnavailable`; nothing is changed then.
    """
    known = migrations(folder)
    async with connect(dsn, pgbouncer=pgbouncer) as connection:
        count = 0
        while await _apply_next(connection, known):
            count += 1
        return count


async def check(dsn: str, *, folder: Path = FOLDER, pgbouncer: bool = False) -> None:
    """Raises `SchemaMissing`, `SchemaTooNew` or `SchemaHalfApplied` unless the database fits this program."""
    known = migrations(folder)
    async with connect(dsn, pgbouncer=pgbouncer) as connection:
        if await connection.fetchval("SELECT to_regclass('schema_version')") is None:
            raise SchemaMissing("the database has no tables of Vitality: run `vitality migrate`")
        missing = judge(await _applied(connection), known)
    if missing:
        raise SchemaMissing(
            f"the database lacks schema version {missing[0].version} and this program needs {known[-1].version}: "
            "run `vitality migrate`"
        )


async def _apply_next(connection: asyncpg.Connection[asyncpg.Record], known: Sequence[Migration]) -> bool:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(CREATE_TABLE)
        await connection.execute(ADD_WORKS_FROM)
        pending = judge(await _applied(connection), known)
        if not pending:
            return False
        await _record(connection, pending[0], dirty=not pending[0].transactional)
        if pending[0].transactional:
            await connection.execute(pending[0].sql)
            return True
    await connection.execute(pending[0].sql)
    await connection.execute("UPDATE schema_version SET dirty = false WHERE version = $1", pending[0].version)
    return True


async def _applied(connection: asyncpg.Connection[asyncpg.Record]) -> list[Applied]:
    rows = await connection.fetch(
        "SELECT version, checksum, dirty, (to_jsonb(v) ->> 'works_from')::integer AS works_from "  # older tables lack it
        "FROM schema_version v ORDER BY version"
    )
    return [Applied(row["version"], row["checksum"], row["dirty"], row["works_from"]) for row in rows]


async def _record(connection: asyncpg.Connection[asyncpg.Record], one: Migration, *, dirty: bool) -> None:
    await connection.execute(
        "INSERT INTO schema_version (version, name, checksum, dirty, works_from) VALUES ($1, $2, $3, $4, $5)",
        one.version,
        one.name,
        one.checksum,
        dirty,
        one.works_from,
    )
