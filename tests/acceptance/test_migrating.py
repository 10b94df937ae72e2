"""The way over from the earlier system, step by step as docs/operating/migrating.md has it, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from anyio import to_thread

from tests.acceptance.crew import CONFERENCE, Crew
from tests.acceptance.test_workers import HELD, LEFT, TWICE

pytestmark = pytest.mark.acceptance

OLD = Path(__file__).with_name("legacy_sample.sql").read_text("utf-8")
GUIDE = (Path(__file__).parents[2] / "docs" / "operating" / "migrating.md").read_text("utf-8")
MOVE = GUIDE.partition("```sql\n")[2].partition("```")[0]
"""What the guide has an operator do with the old tables."""
OLD_TABLES = (
    '"Dioceses"', '"DiocesesParishDirectory"', '"DioceseParishDirectoryOverride"', '"Parishes"', '"ParishData"',
    "pipeline_workers", "diocese_work_assignments",
)  # fmt: skip
ROLES = ("discovery", "extraction", "schedule", "reporting")
WATCHED = {
    "workers": "SELECT count(*) FROM pipeline_workers WHERE status = 'active' AND last_heartbeat > now() - interval '2 minutes'",
    "assigned": "SELECT count(*) FROM diocese_work_assignments WHERE status = 'completed'",
    "dioceses": 'SELECT count(*) FROM "Dioceses"',
    "found": """SELECT count(*) FROM "DiocesesParishDirectory" WHERE found = 'Success'""",
    "parishes": """SELECT count(*) FROM "Parishes" WHERE "Status" = 'Active'""",
    "facts": """SELECT count(*) FROM "ParishData" WHERE fact_type = 'ReconciliationSchedule'""",
}
"""What a dashboard asked of the earlier system, by the earlier system's names."""


async def told(crew: Crew, *words: str) -> str:
    """What a command of the program prints; it must succeed."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": (await crew.server()).dsn, "CONFERENCE_URL": CONFERENCE}
    command = [sys.executable, "-m", "vitality", *words]
    done = await to_thread.run_sync(
        lambda: subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def watched(crew: Crew, path: str = "vitality, public") -> dict[str, int]:
    """What the old queries answer now to somebody with this search path."""
    async with crew.database() as connection:
        await connection.execute(f"SET search_path = {path}")
        return {name: await connection.fetchval(sql) for name, sql in WATCHED.items()}


async def old_rows(crew: Crew) -> list[object]:
    """All that the old tables hold."""
    async with crew.database() as connection:
        return [await connection.fetch(f"SELECT t::text FROM public.{name} t ORDER BY 1") for name in OLD_TABLES]


async def test_the_whole_way_over(crew: Crew) -> None:
    """Old tables are imported, the roles take over from one deployment, nothing is done twice, old queries go on."""
    async with crew.database() as connection:  # the database of the earlier system, scaled down
        await connection.execute(OLD)
        await connection.execute("CREATE SCHEMA vitality; ALTER ROLE vitality SET search_path = vitality")
    before = await old_rows(crew)

    assert "migrations applied" in await told(crew, "migrate")
    old_url = f"{(await crew.server()).dsn}?search_path=public"
    summary = await told(crew, "import-legacy", "--from", old_url)
    assert "Parishes                       taken         5" in summary
    assert "Dioceses                       joined        1  the same name" in summary
    assert "taken" not in await told(crew, "import-legacy", "--from", old_url)
    assert (await watched(crew))["facts"] == 0, "prose of the earlier system is no service time"

    legacy = crew.start(
        "all", DATABASE_URL=(await crew.server()).dsn, WORKER_ID="pipeline-deployment-0", HOST_DELAY="0.2"
    )
    await crew.until("SELECT count(*) FROM work WHERE state = 'leased' AND kind <> 'list_dioceses'", bool)
    roles = [crew.start(role, DATABASE_URL=(await crew.server()).dsn, HOST_DELAY="0.2") for role in ROLES]
    await crew.until("SELECT count(*) FROM pipeline_workers WHERE status = 'active'", lambda n: n == 5)
    legacy.send_signal(signal.SIGTERM)
    assert await crew.ended(legacy, 60) == 0, crew.log_of(legacy)
    await crew.until("SELECT count(*) FROM work WHERE kind = 'read_schedule'", lambda n: isinstance(n, int) and n > 10)
    await crew.until(LEFT, lambda n: n == 0, 120)

    assert await crew.until(TWICE, lambda _: True) == 0
    assert await old_rows(crew) == before, "the old tables are as they were"
    seen = await watched(crew)
    assert (seen["workers"], seen["dioceses"], seen["found"]) == (4, 4, 3)
    assert seen["assigned"] > 0
    assert seen["parishes"] >= 23
    assert seen["facts"] > 0
    async with crew.database() as connection:
        left = await connection.fetch("SELECT name FROM parish WHERE sources -> 'name' ->> 'url' LIKE 'legacy:%'")
        assert [row["name"] for row in left] == ["St. Nobody"], "what no directory names is still only the old word"
        await connection.execute(MOVE)
        await connection.execute("DROP SCHEMA before CASCADE")
    assert await watched(crew) == seen, "the old tables are gone, the old queries are answered as before"
    assert await watched(crew, path="public") == seen, "and so they are for those who look where the old tables were"

    for worker in roles:
        worker.send_signal(signal.SIGTERM)
    assert [await crew.ended(worker, 60) for worker in roles] == [0] * len(ROLES)
    assert await crew.until(HELD, lambda _: True) == 0


async def test_our_own_views_are_never_imported(crew: Crew) -> None:
    """An import that is pointed at our own database ends with a sentence, not with a copy of itself."""
    await told(crew, "migrate")
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": (await crew.server()).dsn}
    command = [sys.executable, "-m", "vitality", "import-legacy", "--from", environment["DATABASE_URL"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "has no table Dioceses" in done.stderr


async def test_a_role_of_its_own_sees_the_old_names(crew: Crew) -> None:
    """The role that watches gets the views by its search path and may read nothing else."""
    await told(crew, "migrate")
    async with crew.database() as connection:
        await connection.execute("CREATE ROLE watcher LOGIN PASSWORD 'w'")
        await connection.execute(f"GRANT SELECT ON {', '.join(OLD_TABLES)} TO watcher")
    dsn = (await crew.server()).dsn
    watcher = await asyncpg.connect(dsn, user="watcher", password="w")
    try:
        for sql in WATCHED.values():
            assert await watcher.fetchval(sql) == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await watcher.fetchval("SELECT count(*) FROM parish")
    finally:
        await watcher.close()
