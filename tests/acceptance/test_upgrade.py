"""A rolling upgrade rehearsed with processes: two versions of the program side by side across a migration."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.acceptance.crew import Crew
from tests.acceptance.test_probes import address_of, ready
from tests.acceptance.test_workers import HELD, TWICE, all_found, until_done
from vitality.localweb.server import LocalWeb
from vitality.storage.schema import migrations

pytestmark = pytest.mark.acceptance

ROLES = ("discovery", "extraction", "schedule", "reporting")
NEXT = migrations()[-1].version + 1
SETTINGS = {"HOST_DELAY": "0.4", "LEASE_SECONDS": "20"}
"""Slow enough that the old version is in mid-work when the new one comes; leases that outlive eight starts on a busy machine."""
MIGRATED = f"SELECT count(*) FROM schema_version WHERE version = {NEXT} AND NOT dirty"
AFTER = f"""SELECT count(*) FROM work_run r WHERE r.outcome = 'done' AND r.finished_at > (
            SELECT applied_at FROM schema_version WHERE version = {NEXT}) AND r.worker = ANY (
            SELECT id FROM worker WHERE started_at < (SELECT applied_at FROM schema_version WHERE version = {NEXT}))"""


@pytest.fixture
def next_version() -> Iterator[Path]:
    """A folder with the program as its next version will be: one migration more, which only adds."""
    folder = Path(tempfile.mkdtemp(prefix="vitality-next-"))
    folder.chmod(0o755)
    package = folder / "vitality"
    shutil.copytree(str(files("vitality")), package, ignore=shutil.ignore_patterns("__pycache__"))
    expand = (
        f"-- works from: {NEXT - 1}\n"
        "ALTER TABLE parish ADD COLUMN founded date;\nALTER TABLE work ADD COLUMN remark text NOT NULL DEFAULT '';\n"
    )
    (package / "storage" / "migrations" / f"{NEXT:04d}_expand.sql").write_text(expand, "utf-8")
    yield folder
    shutil.rmtree(folder)


async def test_old_and_new_side_by_side_lose_nothing(crew: Crew, web: LocalWeb, next_version: Path) -> None:
    """The old version goes on after the new one has migrated, drains with exit code 0, and all is found, once."""
    together = crew.start("all", "--until-idle")
    assert await crew.ended(together, 120) == 0, crew.log_of(together)
    alone = await all_found(crew)
    async with crew.database() as connection:
        await connection.execute(
            "TRUNCATE service_time, site_reading, parish_site, site, parish, directory, diocese, work, lane, work_run, host CASCADE"
        )
    old = [crew.start(role, **SETTINGS) for role in ROLES]
    await crew.until("SELECT count(*) FROM work WHERE state = 'leased' AND kind <> 'list_dioceses'", bool)
    new = [crew.start(role, **SETTINGS, PYTHONPATH=str(next_version), PYTHONSAFEPATH="1") for role in ROLES]
    await crew.until(MIGRATED, lambda n: n == 1)
    assert "schema" in await ready(await address_of(crew, worker=1)), "an old worker is ready on the newer schema"
    await crew.until(AFTER, bool)
    for worker in old:
        worker.send_signal(signal.SIGTERM)
        assert await crew.ended(worker, 60) == 0, crew.log_of(worker)
    await until_done(crew)
    assert await all_found(crew) == alone
    assert await crew.until(TWICE, lambda _: True) == 0
    for worker in new:
        worker.send_signal(signal.SIGTERM)
    assert [await crew.ended(worker, 60) for worker in new] == [0] * len(ROLES)
    assert await crew.until(HELD, lambda _: True) == 0


async def test_an_old_pod_serves_on_the_newer_schema(crew: Crew, next_version: Path) -> None:
    """After a migration that only adds, an old worker that is restarted becomes ready and works."""
    ahead = crew.start("discovery", "--until-idle", PYTHONPATH=str(next_version), PYTHONSAFEPATH="1")
    assert await crew.ended(ahead, 120) == 0, crew.log_of(ahead)
    assert await crew.until(MIGRATED, bool) == 1
    late = crew.start("all")
    base = await address_of(crew, worker=1)
    assert "schema" in await ready(base)
    await crew.until("SELECT count(*) FROM work_run WHERE kind = 'read_schedule' AND outcome = 'done'", bool)
    late.send_signal(signal.SIGTERM)
    assert await crew.ended(late, 60) == 0, crew.log_of(late)


async def test_the_old_version_refuses_what_takes_something_away(crew: Crew, next_version: Path) -> None:
    """Where the newer schema no longer has what it uses, an old worker says why it ends, and writes nothing."""
    contract = next_version / "vitality" / "storage" / "migrations" / f"{NEXT + 1:04d}_contract.sql"
    contract.write_text(f"-- works from: {NEXT}\nALTER TABLE parish DROP COLUMN deanery;\n", "utf-8")
    ahead = crew.start("discovery", "--until-idle", PYTHONPATH=str(next_version), PYTHONSAFEPATH="1")
    assert await crew.ended(ahead, 120) == 0, crew.log_of(ahead)
    late = crew.start("all")
    assert await crew.ended(late, 30) != 0
    assert f"schema version {NEXT + 1}" in crew.log_of(late)
