"""How far the pipeline has come, asked of real Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Host, Role, WorkKind
from vitality.storage import overview
from vitality.storage.database import Database

pytestmark = pytest.mark.integration

KIND = WorkKind.READ_SCHEDULE
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


async def test_work_put_off_or_failed_is_told_from_work_that_is_done(database: Database) -> None:
    """Done work comes due again too, but nothing of it is outstanding."""
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,), name="pod-1"))
    await leases.add(None, [NewWork(kind=KIND, subject=name, host=Host(f"{name}.test")) for name in "abc"])
    claims = {claim.subject: claim for claim in await leases.claim([KIND], 3)}
    async with database.connection() as conn:
        assert await overview.unfinished(conn, [KIND]) == 3
        assert await overview.postponed(conn, [KIND]) == (0, None)

    await leases.settle(claims["a"], Settlement(due_in=HOUR))
    await leases.snooze(claims["b"], datetime.now(UTC) + HOUR, "429")
    await leases.retry(claims["c"], "no answer")
    async with database.connection() as conn:
        pieces, next_at = await overview.postponed(conn, [KIND])
        assert await overview.postponed(conn, [WorkKind.WRITE_REPORT]) == (0, None)
    assert pieces == 2
    assert next_at is not None
    assert next_at < datetime.now(UTC) + HOUR
