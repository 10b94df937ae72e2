"""The model of coordination on the real SQL: time jumps by moving what is stored, statements get lost one by one."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.leases_model import LEASE_S, LeasesModel, Look, Loss, Piece, Queue, World
from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Claim
from vitality.fetch.port import HostState
from vitality.records import Host
from vitality.storage.database import Connection, Database

pytestmark = pytest.mark.integration

PASS = """
UPDATE lease SET renewed_at = renewed_at - $1::interval, expires_at = expires_at - $1::interval;
UPDATE host SET last_slot_at = last_slot_at - $1::interval, closed_until = closed_until - $1::interval;
UPDATE work SET due_at = due_at - $1::interval, claimed_at = claimed_at - $1::interval;
UPDATE lane SET next_at = next_at - $1::interval
"""
FRESH = "TRUNCATE work, lane, host, lease, worker, work_run, model_finding"
FINDINGS = "CREATE TABLE IF NOT EXISTS model_finding (subject text, term integer)"
LOOK = """SELECT
    (SELECT coalesce(json_agg(json_build_array(subject, state, holder, term, attempt, max_attempts, host)), '[]') FROM work),
    (SELECT coalesce(json_agg(json_build_array(host, holder)), '[]') FROM host WHERE holder IS NOT NULL),
    (SELECT coalesce(json_agg(json_build_array(id)), '[]') FROM lease WHERE expires_at > clock_timestamp()),
    (SELECT coalesce(json_agg(json_build_array(subject, term)), '[]') FROM model_finding)"""


class Lossy:
    """A connection that breaks at the statement that its worker's world has chosen."""

    def __init__(self, connection: Connection, owner: LossyDatabase) -> None:
        self._connection = connection
        self._owner = owner
        self._in_transaction = False

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def call(*arguments: Any, **options: Any) -> object:
            async def sent(connection: Connection = self._connection) -> object:
                return await getattr(connection, name)(*arguments, **options)

            return await self._owner.sent(sent, in_transaction=self._in_transaction)

        return call

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        transaction = self._connection.transaction()
        await transaction.start()
        self._in_transaction = True
        try:
            yield
            await self._owner.sent(transaction.commit, in_transaction=True, commits=True)
        except BaseException:
            if self._connection.is_in_transaction():
                await transaction.rollback()
            raise
        finally:
            self._in_transaction = False


class LossyDatabase(Database):
    """A worker's pool; `loss` is how many statements from now which loss comes."""

    def __init__(self, dsn: str, world: SqlWorld) -> None:
        super().__init__(dsn, size=1)
        self.loss: tuple[int, Loss] | None = None
        self._world = world

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with super().connection() as connection:
            yield cast("Connection", Lossy(connection, self))

    async def sent(
        self, statement: Callable[..., Awaitable[object]], *, in_transaction: bool, commits: bool = False
    ) -> object:
        """Runs a statement, or loses it."""
        if self.loss is None:
            return await statement()
        nth, loss = self.loss
        if nth > 0:
            self.loss = (nth - 1, loss)
            return await statement()
        self.loss = None
        if loss is Loss.AFTER and (commits or not in_transaction):
            await statement()
        elif loss is Loss.LATE and not in_transaction:
            self._world.under_way.append(statement)
        raise ConnectionResetError("the connection was lost")


class LossyWorker(Leases):
    """A worker with a monotonic clock of its own, which stands still while its machine is suspended."""

    def __init__(self, database: LossyDatabase, world: SqlWorld) -> None:
        self.database = database
        self.lag = 0.0
        clock = lambda: world.moment() - self.lag  # noqa: E731 - a clock is a function of nothing
        super().__init__(database, Wakeups(database, listen_dsn=None), lease=timedelta(seconds=LEASE_S), clock=clock)


class SqlWorld:
    """One database, emptied for each example."""

    def __init__(self, dsn: str) -> None:
        self.under_way: list[Callable[..., Awaitable[object]]] = []
        self._dsn = dsn
        self._jumped = 0.0
        self._databases: list[LossyDatabase] = []

    async def fresh(self) -> None:
        self._own = await asyncpg.connect(self._dsn)
        await self._own.set_type_codec("json", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        await self._own.execute(FINDINGS)
        await self._own.execute(FRESH)

    def worker(self) -> tuple[Queue, HostState]:
        database = LossyDatabase(self._dsn, self)
        self._databases.append(database)
        return LossyWorker(database, self), Hosts(database)

    def lose(self, queue: Queue, nth: int, loss: Loss) -> None:
        cast("LossyWorker", queue).database.loss = (nth, loss)

    async def deliver(self) -> None:
        statements, self.under_way = self.under_way, []
        for statement in statements:
            await statement(self._own)

    async def jump(self, span: timedelta, *, stopped: Queue | None) -> None:
        self._jumped += span.total_seconds()
        for statement in PASS.split(";"):
            await self._own.execute(statement, span)
        if stopped is not None:
            cast("LossyWorker", stopped).lag += span.total_seconds()

    async def look(self) -> Look:
        pieces, held, alive, findings = await self._own.fetchrow(LOOK)
        return Look(
            pieces={subject: Piece(state, holder and UUID(holder), *rest) for subject, state, holder, *rest in pieces},
            held={Host(host): UUID(holder) for host, holder in held},
            alive=frozenset(UUID(holder) for (holder,) in alive),
            findings=tuple((subject, term) for subject, term in findings),
        )

    def id_of(self, queue: Queue) -> UUID | None:
        worker = cast("LossyWorker", queue)._worker
        return None if worker is None else worker.id

    async def note(self, connection: Connection, claim: Claim) -> None:
        await connection.execute("INSERT INTO model_finding VALUES ($1, $2)", claim.subject, claim.term)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def moment(self) -> float:
        return time.monotonic() + self._jumped

    async def close(self) -> None:
        for database in self._databases:
            await database.close()
        await self._own.close()


def test_the_invariants_hold_on_postgres_whatever_gets_lost(dsn: str) -> None:
    """The machine of tests/unit/leases_model.py on the real SQL."""

    class SqlModel(LeasesModel):
        def make_world(self) -> World:
            return SqlWorld(dsn)

    run_state_machine_as_test(
        SqlModel,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking takes minutes here; 40 steps can be read
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
