"""The plans of coordination's queries on a million rows: no large table is read through, however the plan is made."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from vitality.coordination.leases import Leases
from vitality.coordination.sql import SQL
from vitality.coordination.statements import FINISH_FREE, FINISH_HOSTED, claim_sql, joined
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Role, WorkKind
from vitality.storage.database import SESSION, Connection, Database

pytestmark = pytest.mark.integration

ROWS, HOSTS = 1_000_000, 20_000
FILL = f"""
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
DROP INDEX work_of_host, work_of_none, work_held, work_buried;
ALTER TABLE work DROP CONSTRAINT work_kind_subject_key;
INSERT INTO host (host) SELECT 'h' || n FROM generate_series(0, {HOSTS - 1}) n;
INSERT INTO work (kind, subject, host, due_at, state, error)
SELECT CASE n % 50 WHEN 0 THEN 'extract_parishes' ELSE 'read_schedule' END, n::text,
       CASE WHEN n % 10 = 0 THEN NULL WHEN n % 10 < 3 THEN 'h0' ELSE 'h' || n % {HOSTS} END,
       now() + (n % 1000 - 300) * interval '1 minute',
       CASE WHEN n % 997 = 0 THEN 'buried' ELSE 'waiting' END, CASE WHEN n % 997 = 0 THEN 'broken' END
FROM generate_series(1, {ROWS}) n;
INSERT INTO lane (host, kind, priority, next_at)
SELECT host, kind, priority, min(due_at) FROM work WHERE host IS NOT NULL GROUP BY host, kind, priority;
INSERT INTO work_run (finished_at, work_id, kind, subject, worker, term, attempt, claimed_at, outcome)
SELECT now() - n * interval '1 second', n, 'read_schedule', n::text, gen_random_uuid(), 1, 1, now(), 'done'
FROM generate_series(1, 100000) n;
"""
ME = UUID(int=1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KIND = WorkKind.READ_SCHEDULE
KINDS = frozenset({KIND, WorkKind.EXTRACT_PARISHES})
ENDS = ([1, 2], [1, 1], [1, 1], ["done", "done"], [SECOND, SECOND], [None, None], [False, False], [None, None])
ONE_ROW_EACH = ([KIND.value], ["x"], ["h1"], ["{}"], [0], [SECOND], [True], [5], False)
QUERIES: Mapping[str, tuple[str, tuple[object, ...]]] = {
    **{
        f"{name} of {len(kinds)} kinds, {limit}": (claim_sql(name, kinds, limit), (ME, floor))
        for name in ("claim_hosted", "claim_free")
        for kinds in (frozenset({KIND}), KINDS)
        for limit in (1, 10)
        for floor in (NOW,)
    },
    "exchange without hosts": (joined(FINISH_FREE, claim_sql("claim_free", KINDS, 10)), (ME, *ENDS, NOW)),
    "exchange with hosts": (joined(FINISH_HOSTED, claim_sql("claim_hosted", KINDS, 10)), (ME, *ENDS, NOW)),
    "finish without hosts": (FINISH_FREE, (ME, *ENDS)),
    "finish with hosts": (FINISH_HOSTED, (ME, *ENDS)),
    **{
        name: (SQL[name], values)
        for name, values in {
            "fence": (ME, 1, 1),
            "rescue": (),
            "drop_unknown": (ME, [1, 2], [1, 1]),
            "close_lease": (ME,),
            "add": ONE_ROW_EACH,
            "next_due": (ME, [KIND.value]),
            "reserve": ("h1", SECOND, SECOND, SECOND, None, None),
            "closed_until": ("h1",),
            "host_failed": ("h1", "503", SECOND, 0.5, SECOND, SECOND),
            "host_succeeded": ("h1", SECOND),
            "workers": (SECOND,),
            "show_work": (1,),
            "bury": ([1, 2], "why"),
        }.items()
    },
}
TIMES = 14
"""Postgres plans a statement for its values five times before it compares."""
LARGE = ("work", "lane", "host")


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(dsn, server_settings=dict(SESSION))
    yield connection
    await connection.close()


async def fill(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """A million rows: the indexes are made again behind them, which takes half the time."""
    indexes = await connection.fetch(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'work' "
        "AND indexname IN ('work_of_host', 'work_of_none', 'work_held', 'work_buried')"
    )
    await connection.execute(FILL, timeout=120)
    await connection.execute("ALTER TABLE work ADD UNIQUE (kind, subject)", timeout=120)
    for index in indexes:
        await connection.execute(index["indexdef"], timeout=120)
    await connection.execute("ANALYZE work, lane, host, work_run")


async def test_no_query_reads_a_large_table_through(dsn: str, connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """With a million rows each query of the hot path goes by an index, planned once for all values or for each anew.

    And it is planned once: planning costs more than the rest of a claim.
    """
    await fill(connection)
    found = []
    for mode in ("force_custom_plan", "force_generic_plan"):
        await connection.execute(f"SET plan_cache_mode = {mode}")
        for name, (query, values) in QUERIES.items():
            plan = await explained(connection, query, values)
            found += [f"{name}, {mode}: {scan}" for scan in scans(plan)]
    assert found == []
    assert await planned_anew(dsn) == []


async def planned_anew(dsn: str) -> list[str]:
    """Claims and settles by the program's own code; the statements whose plan was made anew each time."""
    database = Database(dsn, size=1)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    async with database.connection() as connection:
        await connection.execute("SET plan_cache_mode = auto")
    for _ in range(TIMES):
        for claim in await leases.claim([KIND], 1):
            await leases.settle(claim, Settlement(due_in=SECOND, write=nothing))
            others = await leases.claim([KIND], 1)
            others, _ = await leases.exchange([(each, Settlement(due_in=SECOND)) for each in others], [KIND], 1)
            await leases.settle_all([(each, Settlement(due_in=SECOND)) for each in others])
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT left(statement, 300) AS statement FROM pg_prepared_statements WHERE custom_plans > $1", TIMES / 2
        )
    await database.close()
    return [row["statement"] for row in rows]


async def nothing(_: Connection) -> None:
    return


async def explained(
    connection: asyncpg.Connection[asyncpg.Record], query: str, values: tuple[object, ...]
) -> Mapping[str, object]:
    await connection.execute(f"PREPARE asked AS {query}")
    arguments = f"({', '.join(map(literal, values))})" if values else ""
    try:
        text: str = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{arguments}")
    finally:
        await connection.execute("DEALLOCATE asked")
    plan: Mapping[str, object] = json.loads(text)[0]["Plan"]
    return plan


def literal(value: object) -> str:
    """A value as SQL text; Postgres reads it as the parameter's type."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "'{" + ", ".join("NULL" if each is None else json.dumps(str(each)) for each in value) + "}'"
    return f"'{value}'"


def scans(node: Mapping[str, object]) -> Iterator[str]:
    """Every sequential scan of a large table below this node of a plan."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
        yield f"Seq Scan on {node['Relation Name']} {node.get('Filter', '')}"
    below = node.get("Plans", [])
    assert isinstance(below, list)
    for each in below:
        yield from scans(each)


def test_a_sequential_scan_would_be_seen() -> None:
    """The check itself finds a scan at any depth of a plan, and passes over small tables."""
    deep = {
        "Node Type": "Limit",
        "Plans": [{"Node Type": "Sort", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "work"}]}],
    }
    small = {"Node Type": "Seq Scan", "Relation Name": "lease"}
    assert (list(scans(deep)), list(scans(small))) == (["Seq Scan on work "], [])
