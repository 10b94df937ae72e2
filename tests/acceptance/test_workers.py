"""The real program as real processes: drained, killed, stopped and continued, with its database killed too."""

from __future__ import annotations

import os
import signal

import pytest

from tests.acceptance.crew import Crew
from vitality.localweb.faults import Fault, FaultKind
from vitality.localweb.server import LocalWeb

pytestmark = pytest.mark.acceptance

PARISHES = "SELECT string_agg(identity, ';' ORDER BY identity) FROM parish"
TIMES = "SELECT string_agg(identity || status, ';' ORDER BY identity) FROM service_time WHERE ended_at IS NULL"
DIRECTORIES = "SELECT string_agg(state || coalesce(url, ''), ';' ORDER BY diocese_id) FROM directory"
LEFT = "SELECT count(*) FROM work WHERE kind <> 'write_report' AND (state = 'leased' OR (state = 'waiting' AND due_at <= now()))"
HELD = "SELECT count(*) FROM work WHERE state = 'leased'"
TWICE = """SELECT count(*) FROM (SELECT work_id FROM work_run WHERE outcome = 'done' AND kind <> 'write_report'
           GROUP BY work_id HAVING count(*) > 1) t"""
SLOW_HOST = "www.cedarplains.example.org"


async def all_found(crew: Crew) -> tuple[object, ...]:
    """What the database holds, without ids and instants."""
    async with crew.database() as connection:
        return tuple([await connection.fetchval(sql) for sql in (DIRECTORIES, PARISHES, TIMES)])


async def until_done(crew: Crew, within: float = 120) -> None:
    """Waits until there is work, and all of it is done."""
    await crew.until("SELECT count(*) FROM work WHERE kind = 'read_schedule'", bool, within)
    await crew.until(LEFT, lambda n: n == 0, within)


async def test_roles_as_processes_find_what_one_process_finds_and_do_nothing_twice(crew: Crew, web: LocalWeb) -> None:
    """Four roles, extraction twice, on one database give the rows that `all` gives, each piece done once."""
    together = crew.start("all", "--until-idle")
    assert await crew.ended(together, 240) == 0, crew.log_of(together)
    alone = await all_found(crew)
    assert all(alone)
    async with crew.database() as connection:
        await connection.execute(
            "TRUNCATE service_time, site_reading, parish_site, site, parish, directory, diocese, work, lane, work_run, host CASCADE"
        )
    workers = [crew.start(role) for role in ("discovery", "extraction", "extraction", "schedule", "reporting")]
    await until_done(crew)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [await crew.ended(worker, 30) for worker in workers] == [0] * 5
    assert await all_found(crew) == alone
    assert await crew.until(TWICE, lambda _: True) == 0


async def test_sigterm_in_mid_work_drains_and_gives_leases_back(crew: Crew, web: LocalWeb) -> None:
    """A worker told to stop while a site keeps it waiting ends within its grace, holding nothing."""
    web.faults.add(SLOW_HOST, "*", Fault(kind=FaultKind.SILENT, pause=60), times=50)
    worker = crew.start("all", SHUTDOWN_GRACE="1")
    await crew.until(f"SELECT count(*) FROM work WHERE state = 'leased' AND host = '{SLOW_HOST}'", lambda n: n == 1)
    worker.send_signal(signal.SIGTERM)
    assert await crew.ended(worker, 20) == 0, crew.log_of(worker)
    assert await crew.until(HELD, lambda _: True) == 0
    async with crew.database() as connection:
        row = await connection.fetchrow("SELECT state, attempt FROM work WHERE host = $1", SLOW_HOST)
    assert tuple(row) == ("waiting", 0), "given back without costing an attempt"


async def test_a_second_signal_ends_at_once(crew: Crew, web: LocalWeb) -> None:
    """The second SIGTERM does not wait for the grace."""
    web.faults.add(SLOW_HOST, "*", Fault(kind=FaultKind.SILENT, pause=60), times=50)
    worker = crew.start("all", SHUTDOWN_GRACE="60")
    await crew.until(f"SELECT count(*) FROM work WHERE state = 'leased' AND host = '{SLOW_HOST}'", lambda n: n == 1)
    worker.send_signal(signal.SIGTERM)
    await crew.until("SELECT 1", lambda _: "stopping" in crew.log_of(worker), 10)
    worker.send_signal(signal.SIGTERM)
    assert await crew.ended(worker, 5) == 143


async def test_another_worker_finishes_what_a_killed_one_held(crew: Crew, web: LocalWeb) -> None:
    """kill -9 in mid-work: the lease runs out and the other does the work, at the cost of one attempt."""
    web.faults.add(SLOW_HOST, "*", Fault(kind=FaultKind.SILENT, pause=60), times=1)
    victim = crew.start("all")
    await crew.until(f"SELECT count(*) FROM work WHERE state = 'leased' AND host = '{SLOW_HOST}'", lambda n: n == 1)
    victim.kill()
    assert await crew.ended(victim) == -signal.SIGKILL
    heir = crew.start("all", "--until-idle")
    assert await crew.ended(heir, 120) == 0, crew.log_of(heir)
    assert await crew.until(
        "SELECT count(*) FROM parish p JOIN diocese d ON d.id = p.diocese_id WHERE d.name = 'Diocese of Cedar Plains'",
        bool,
    )
    assert await crew.until(HELD, lambda _: True) == 0
    assert await crew.until("SELECT count(*) FROM work_run WHERE outcome = 'expired'", bool)


async def test_all_goes_on_when_postgres_is_killed_and_comes_back(crew: Crew, web: LocalWeb) -> None:
    """kill -9 of the embedded server in mid-crawl: no worker exits, and in the end everything is found."""
    reference = crew.start("all", "--until-idle")
    assert await crew.ended(reference, 120) == 0, crew.log_of(reference)
    expected = await all_found(crew)
    async with crew.database() as connection:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
    web.faults.add(SLOW_HOST, "*", Fault(kind=FaultKind.SLOW, pause=0.1), times=3)
    worker = crew.start("all", "--until-idle")
    await crew.until("SELECT count(*) FROM work WHERE state = 'leased'", lambda n: isinstance(n, int) and n > 0)
    os.kill((await crew.server()).pid, signal.SIGKILL)
    assert await crew.ended(worker, 180) == 0, crew.log_of(worker)
    assert await all_found(crew) == expected


async def test_a_worker_whose_lease_ran_out_writes_nothing(crew: Crew, web: LocalWeb) -> None:
    """Stopped past its lease and continued, a worker finds its claim gone and changes no row."""
    web.faults.add(SLOW_HOST, "*", Fault(kind=FaultKind.SILENT, pause=4), times=1)
    sleeper = crew.start("all")
    await crew.until(f"SELECT count(*) FROM work WHERE state = 'leased' AND host = '{SLOW_HOST}'", lambda n: n == 1)
    sleeper.send_signal(signal.SIGSTOP)
    heir = crew.start("all", "--until-idle")
    assert await crew.ended(heir, 120) == 0, crew.log_of(heir)
    async with crew.database() as connection:
        runs = await connection.fetchval("SELECT count(*) FROM work_run WHERE outcome = 'done'")
    before = await all_found(crew)
    sleeper.send_signal(signal.SIGCONT)
    await crew.until("SELECT 1", lambda _: "lease" in crew.log_of(sleeper).lower(), 30)
    sleeper.send_signal(signal.SIGTERM)
    assert await crew.ended(sleeper, 40) == 0, crew.log_of(sleeper)
    assert await all_found(crew) == before
    async with crew.database() as connection:
        done = await connection.fetchval(
            "SELECT count(*) FROM work_run WHERE outcome = 'done' AND kind <> 'write_report'"
        )
    assert done <= runs
    assert await crew.until(TWICE, lambda _: True) == 0
