"""Backing up and restoring as docs/operating/backup.md has it, with Postgres' own tools."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from anyio import to_thread

from tests.acceptance.crew import Crew
from tests.acceptance.test_workers import TWICE
from vitality.storage import postgres_binaries

pytestmark = pytest.mark.acceptance

LEASED = "SELECT count(*) FROM work WHERE state = 'leased'"


def tool(major: int, name: str) -> str:
    """Postgres' tool of the server's own version; an older one does not read a newer server."""
    found = [one for one in postgres_binaries.installed() if one.major == major]
    return found[0].program(name)


async def done(*command: str, **environment: str) -> str:
    """What a command prints; it must succeed."""
    result = await to_thread.run_sync(
        lambda: subprocess.run(
            command, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, timeout=120
        )
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


async def totals(dsn: str) -> dict[str, int]:
    """What `vitality status` says is there."""
    told = await done(sys.executable, "-m", "vitality", "status", "--json", DATABASE_URL=dsn)
    found: dict[str, int] = json.loads(told)["totals"][0]
    return found


async def test_a_restored_database_goes_on_where_the_dump_was_taken(crew: Crew) -> None:
    """A dump taken while a worker works restores whole; what it held is taken up again, what was done is not done twice."""
    server = await crew.server()
    worker = crew.start("all", HOST_DELAY="0.3")
    await crew.until("SELECT count(*) FROM service_time", bool)
    await crew.until(LEASED, bool)
    dump = crew.state / "vitality.dump"
    await done(tool(server.major, "pg_dump"), "--format=custom", f"--file={dump}", server.dsn)
    worker.send_signal(signal.SIGKILL)
    assert "TABLE DATA" in await done(tool(server.major, "pg_restore"), "--list", str(dump))

    restored = server.dsn_of("restored")
    await done(tool(server.major, "createdb"), f"--maintenance-db={server.dsn_of('postgres')}", "restored")
    await done(tool(server.major, "pg_restore"), "--no-owner", f"--dbname={restored}", str(dump))
    assert "up to date" in await done(sys.executable, "-m", "vitality", "migrate", DATABASE_URL=restored)
    before = await totals(restored)
    assert min(before["dioceses"], before["parishes"], before["service_times"]) > 0

    connection = await asyncpg.connect(restored)
    try:
        finished = await connection.fetchval("SELECT count(*) FROM work_run WHERE outcome = 'done'")
        again = crew.start("all", "--until-idle", DATABASE_URL=restored)
        assert await crew.ended(again, 120) == 0, crew.log_of(again)
        assert await connection.fetchval(LEASED) == 0
        assert await connection.fetchval("SELECT count(*) FROM work_run WHERE outcome = 'done'") > finished
        assert await connection.fetchval(TWICE) == 0, "what the dump holds as done is not done again"
    finally:
        await connection.close()
    after = await totals(restored)
    assert all(
        after[name] >= count for name, count in before.items() if name in {"dioceses", "parishes", "service_times"}
    )


def test_the_guide_uses_tools_that_exist() -> None:
    """Each of Postgres' commands in the guide is one of its client tools."""
    page = (Path(__file__).parents[2] / "docs" / "operating" / "backup.md").read_text("utf-8")
    assert all(name in page for name in ("pg_dump --format=custom", "pg_restore --no-owner", "createdb"))
