"""Through PgBouncer in transaction mode: LISTEN on an address of its own, all else through the pooler, or by polling alone."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.records import Host, Role, WorkKind
from vitality.storage import schema
from vitality.storage.database import Connection, Database

BINARY = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(BINARY is None, reason="pgbouncer is not installed (Debian: apt-get install pgbouncer)"),
]

KIND = WorkKind.READ_SCHEDULE
DONE = Settlement(due_in=timedelta(hours=1))
CONFIG = """[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = {folder}/log
pidfile = {folder}/pid
"""


@pytest.fixture
def pooled(dsn: str) -> Iterator[str]:
    """The address of the test's database by way of a PgBouncer with three connections for all clients together."""
    assert BINARY is not None
    parts = urlsplit(dsn)
    folder = Path(tempfile.mkdtemp(prefix="vitality-pgbouncer-"))
    port = _free_port()
    (folder / "users").write_text(f'"{parts.username}" "{parts.password}"\n')
    (folder / "pgbouncer.ini").write_text(CONFIG.format(server=parts.port, port=port, folder=folder))
    user = _not_root(folder)
    process = subprocess.Popen([BINARY, "-q", str(folder / "pgbouncer.ini")], user=user, stderr=subprocess.DEVNULL)
    try:
        _until_open(port, process)
        yield dsn.replace(f":{parts.port}/", f":{port}/")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _not_root(folder: Path) -> int | None:
    """PgBouncer refuses to run as root: it gets another user and the folder with it."""
    if os.getuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    for path in (folder, *folder.iterdir()):
        os.chown(path, nobody, -1)
    return nobody


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("pgbouncer does not start")


def site(number: int) -> NewWork:
    return NewWork(kind=KIND, subject=f"http://site{number}.org/", host=Host(f"site{number}.org"))


async def entered(database: Database, wakeups: Wakeups) -> Leases:
    leases = Leases(database, wakeups)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    return leases


async def test_the_schema_is_made_and_checked_through_the_pooler(empty_dsn: str, pooled: str) -> None:
    """Migrations lock and run in one transaction each, whichever server connection they get."""
    through = pooled.rsplit("/", 1)[0] + "/" + empty_dsn.rsplit("/", 1)[1]
    assert await schema.migrate(through, pgbouncer=True) > 0
    await schema.check(through, pgbouncer=True)


async def test_many_workers_claim_and_settle_over_three_server_connections(pooled: str) -> None:
    """No statement relies on a session: findings, follow-up and settlement are one transaction on any connection."""
    databases = [Database(pooled, size=6, pgbouncer=True) for _ in range(4)]
    workers = [await entered(database, Wakeups(database, listen_dsn=None)) for database in databases]
    await workers[0].add(None, [site(number) for number in range(60)])

    async def write(connection: Connection) -> None:
        await connection.execute("INSERT INTO diocese (name, source) VALUES (gen_random_uuid()::text, 'test')")

    async def work(leases: Leases) -> int:
        done = 0
        while claims := await leases.claim([KIND], 7):
            await asyncio.gather(
                *(leases.settle(claim, Settlement(due_in=timedelta(hours=1), write=write)) for claim in claims)
            )
            await leases.renew()
            done += len(claims)
        return done

    assert sum(await asyncio.gather(*(work(leases) for leases in workers))) == 60
    async with databases[0].connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM diocese WHERE source = 'test'") == 60
        assert await connection.fetchval("SELECT count(*) FROM work_run WHERE outcome = 'done'") == 60
    waits = await asyncio.gather(
        *(Hosts(each).reserve(Host("a.org"), timedelta(seconds=1), within=timedelta(minutes=1)) for each in databases)
    )
    assert max(waits) > timedelta(seconds=2.9)
    for leases, database in zip(workers, databases, strict=True):
        await leases.close()
        await database.close()


async def test_a_notice_comes_by_the_address_for_listening(dsn: str, pooled: str) -> None:
    """The one sends through the pooler, the other hears directly: it wakes at once, not at its next poll."""
    database = Database(pooled, pgbouncer=True)
    hearing = Wakeups(database, listen_dsn=dsn)
    telling = Wakeups(database, listen_dsn=None)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(each.run()) for each in (hearing, telling)]
        while not hearing.listening:
            await asyncio.sleep(0.01)
        leases = await entered(database, hearing)
        assert await leases.claim([KIND], 1) == []
        begun = time.monotonic()
        waiting = tasks.create_task(leases.wait([KIND], timedelta(seconds=30)))
        await asyncio.sleep(0.05)
        await (await entered(database, telling)).add(None, [site(1)])
        await waiting
        assert time.monotonic() - begun < 10
        assert len(await leases.claim([KIND], 1)) == 1
        for task in running:
            task.cancel()
    await database.close()


@pytest.mark.parametrize("listens", [True, False])
def test_a_worker_process_works_through_the_pooler(dsn: str, pooled: str, listens: bool, tmp_path: Path) -> None:
    """The real program, with and without LISTEN: it takes work that comes later, and ends in good order."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATABASE_URL": pooled,
        "DATABASE_STATEMENT_CACHE": "0",
        "STATE_DIR": str(tmp_path),
        "HEALTH_HOST": "127.0.0.1",
        "HEALTH_PORT": "0",
        "POLL_SECONDS": "120" if listens else "1",
        **({"LISTEN_DATABASE_URL": dsn} if listens else {}),
    }
    log = tmp_path / "log"
    with log.open("wb") as stream:
        command = [sys.executable, "-m", "vitality", "run", "--role", "reporting"]
        process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    try:
        assert asyncio.run(_reports(dsn, 1)), log.read_text()
        time.sleep(0.5)
        assert asyncio.run(_reports(dsn, 2)), log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()
        assert 'level": "error' not in log.read_text()
    finally:
        process.kill()
        process.wait()


async def _reports(dsn: str, runs: int, within: float = 60) -> bool:
    """Waits for so many runs of the report; the second is asked for, and announced as any worker would."""
    connection = await asyncpg.connect(dsn)
    try:
        if runs > 1:
            await connection.execute("UPDATE work SET due_at = now() WHERE kind = 'write_report'")
            await connection.execute("SELECT pg_notify('vitality_work', 'write_report')")
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if await connection.fetchval("SELECT count(*) FROM work_run WHERE kind = 'write_report'") >= runs:
                return True
            await asyncio.sleep(0.1)
        return False
    finally:
        await connection.close()
