"""The database of a command: the one that is set, else the embedded one, with its schema up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from vitality.errors import SettingsError
from vitality.settings import Settings
from vitality.storage import embedded, schema
from vitality.storage.database import Database
from vitality.storage.embedded import EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is there; `server` is set when it is the embedded one."""

    database: Database
    dsn: str
    listen_dsn: str | None
    server: EmbeddedPostgres | None
    pooled: bool = False
    """Whether a pooler in transaction mode stands between."""


async def located(settings: Settings) -> tuple[str, EmbeddedPostgres | None]:
    """The DSN to work on; starts the embedded server where none is set."""
    if settings.database_url is not None:
        return _checked(settings.database_url.get_secret_value()), None
    server = await embedded.ensure(settings.state_dir)
    return server.dsn, server


def _checked(dsn: str) -> str:
    """The address as it is; raises SettingsError, without showing it, where it can be none."""
    try:
        _ = urlsplit(dsn).port
    except ValueError as error:
        raise SettingsError(
            "DATABASE_URL is no address; write it like postgresql://user:password@host:5432/name"
        ) from error
    return dsn


@asynccontextmanager
async def opened(settings: Settings, *, migrate: bool = True) -> AsyncIterator[Opened]:
    """A pool on the database; raises a `DatabaseError` where its schema is not the one that this version needs."""
    dsn, server = await located(settings)
    pooled = is_pooled(settings)
    if migrate:
        await schema.migrate(dsn, pgbouncer=pooled)
    else:
        await schema.check(dsn, pgbouncer=pooled)
    database = Database(dsn, size=settings.database_pool_size, pgbouncer=pooled)
    try:
        yield Opened(database, dsn, _listen_dsn(settings, dsn, pooled=pooled), server, pooled)
    finally:
        await database.close()


def is_pooled(settings: Settings) -> bool:
    """Whether the operator says that a pooler in transaction mode stands before the database."""
    return settings.database_statement_cache == 0


def _listen_dsn(settings: Settings, dsn: str, *, pooled: bool) -> str | None:
    """LISTEN needs a session of its own: without one behind a pooler there is polling."""
    if settings.listen_database_url is not None:
        return settings.listen_database_url.get_secret_value()
    return None if pooled else dsn
