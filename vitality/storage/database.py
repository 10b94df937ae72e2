"""The way to Postgres: a pool that is told apart from "nothing found" when the server is away.

Every error of the driver that means "not reachable now" becomes `DatabaseUnavailable`; the next use asks for a
new connection, so a server that comes back is used again without a restart of the worker. Other errors of
Postgres pass through: they are defects.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from vitality.errors import DatabaseError, DatabaseUnavailable

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    _Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    _Pool = asyncpg.Pool

COMMAND_S = 30.0
CONNECT_S = 10.0
SPARE = 2
"""Connections kept at hand in front of the pool."""
SESSION: Mapping[str, str] = {
    "application_name": "vitality",
    "timezone": "UTC",
    # A worker that is stopped in the middle of a transaction must not hold its row locks for ever.
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    # Plans for "the first few due rows" must not change with the row counts of the day.
    "jit": "off",
}
LOST: tuple[type[BaseException], ...] = (
    TimeoutError,
    ConnectionResetError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


AWAY: tuple[type[BaseException], ...] = (OSError, *LOST)
"""While connecting every OSError means so; while a connection is used, one may be the caller's own (a full disk)."""


UNFIT: tuple[type[BaseException], ...] = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""Values that Postgres does not take: the fault of what was read, which must not bring the worker down."""


@contextmanager
def translated(errors: tuple[type[BaseException], ...] = AWAY) -> Iterator[None]:
    """Errors that mean "Postgres is away" come out as `DatabaseUnavailable`, values it does not take as `DatabaseError`."""
    try:
        yield
    except UNFIT as error:
        raise DatabaseError(f"Postgres does not take a value: {error}") from error
    except errors as error:
        if _is_defect(error):
            raise
        raise DatabaseUnavailable(f"Postgres is not reachable: {str(error) or type(error).__name__}") from error


def _is_defect(error: BaseException) -> bool:
    """Misuse of the driver (wrong argument types, two queries at once) is ours, not the server's."""
    if isinstance(error, asyncpg.DataError):
        return True
    return isinstance(error, asyncpg.InterfaceError) and not _says_closed(error)


def _says_closed(error: asyncpg.InterfaceError) -> bool:
    return any(word in str(error) for word in ("closed", "closing", "connection was lost", "terminated"))


@asynccontextmanager
async def connect(dsn: str, *, pgbouncer: bool = False) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """One connection outside any pool, for migrations and for listening."""
    with translated():
        connection = await asyncpg.connect(
            dsn,
            timeout=CONNECT_S,
            statement_cache_size=0 if pgbouncer else 100,
            server_settings=None if pgbouncer else dict(SESSION),
        )
    with translated(LOST):
        try:
            await _prepare(connection)
            yield connection
        finally:
            await _close(connection)


async def _close(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    try:
        await connection.close(timeout=2)
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=_dump, decoder=_load, schema="pg_catalog")


async def _leave_as_is(_connection: Connection) -> None:
    """Nothing to reset: no code of ours changes a session outside a transaction (SET LOCAL, xact locks only)."""


def _open(connection: Connection) -> bool:
    """Whether it can be used; the pool takes back by itself what the server has ended, and then it cannot be asked."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


def _load(text: str) -> object:
    return {} if text == "{}" else json.loads(text)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Database:
    """A pool of connections to one database.

    `pgbouncer` says that a pooler in transaction mode stands between: no prepared statements are kept and no
    session settings are sent.
    """

    def __init__(self, dsn: str, *, size: int = 8, pgbouncer: bool = False) -> None:
        self.dsn = dsn
        self._size = size
        self._pgbouncer = pgbouncer
        self._pool: _Pool | None = None
        self._opening = asyncio.Lock()
        self._spare: list[PoolConnectionProxy[asyncpg.Record]] = []
        self._asking = 0
        """How many wait for a connection of the pool."""

    async def close(self) -> None:
        """Closes all connections; those in use are cut after two seconds."""
        pool, self._pool = self._pool, None
        spare, self._spare = self._spare, []
        if pool is None:
            return
        try:
            for connection in spare:
                await pool.release(connection)
            await asyncio.wait_for(pool.close(), 2)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for some statements; raises `DatabaseUnavailable` when there is none to be had."""
        with translated():
            pool = await self._opened()
            connection = await self._acquired(pool)
        with translated(LOST):
            sound = False
            try:
                yield connection
                sound = _open(connection) and not connection.is_in_transaction()
            finally:
                await self._released(pool, connection, sound=sound)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection with an open transaction: committed at the end, rolled back by any error."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def ping(self) -> None:
        """Raises `DatabaseUnavailable` unless Postgres answers."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")

    async def _acquired(self, pool: _Pool) -> PoolConnectionProxy[asyncpg.Record]:
        while self._spare:
            connection = self._spare.pop()
            if _open(connection):
                return connection
            await pool.release(connection)
        self._asking += 1
        try:
            async with asyncio.timeout(CONNECT_S):  # the pool's own timeout costs a task each time
                return await pool.acquire()
        finally:
            self._asking -= 1

    async def _released(self, pool: _Pool, connection: PoolConnectionProxy[asyncpg.Record], *, sound: bool) -> None:
        """Keeps a sound connection at hand unless somebody waits for the pool: giving it back costs a task each time."""
        if sound and pool is self._pool and not self._asking and len(self._spare) < SPARE:
            self._spare.append(connection)
        else:
            await pool.release(connection)

    async def _opened(self) -> _Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=0,
                    max_size=self._size,
                    timeout=CONNECT_S,
                    command_timeout=COMMAND_S,
                    max_inactive_connection_lifetime=60,
                    statement_cache_size=0 if self._pgbouncer else 200,
                    server_settings=None if self._pgbouncer else dict(SESSION),
                    init=_prepare,
                    reset=_leave_as_is,
                )
            return self._pool
