"""The embedded Postgres: found again, shared, and alive after every kind of death."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from vitality.errors import DatabaseUnavailable
from vitality.storage import embedded, postgres_binaries
from vitality.storage.embedded import EmbeddedPostgres, ensure

pytestmark = pytest.mark.integration


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """A folder that every account can reach; its server is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="vitality-embedded-"))
    folder.chmod(0o755)
    yield folder
    asyncio.run(_stop(folder))
    shutil.rmtree(folder)


async def _stop(folder: Path) -> None:
    if any(folder.glob("*/data/postmaster.pid")):
        await (await ensure(folder)).stop()


async def _one(server: EmbeddedPostgres, sql: str) -> object:
    connection = await asyncpg.connect(server.dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def _gone(server: EmbeddedPostgres) -> None:
    deadline = time.monotonic() + 10
    while server.alive() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert not server.alive()


async def test_a_second_ensure_finds_the_same_server(state_dir: Path) -> None:
    """Workers of one state folder share one server."""
    first, second = await ensure(state_dir), await ensure(state_dir)
    assert (first.pid, first.port) == (second.pid, second.port)
    assert await _one(first, "SHOW listen_addresses") == "127.0.0.1"


async def test_two_processes_at_once_start_one_server(state_dir: Path) -> None:
    """Several workers that start together wait for one another and end with the same server."""
    servers = await asyncio.gather(*(ensure(state_dir) for _ in range(4)))
    assert len({server.pid for server in servers}) == 1


async def test_committed_data_survive_a_killed_server(state_dir: Path) -> None:
    """After kill -9 of Postgres the next ensure() recovers everything committed, on the same port."""
    server = await ensure(state_dir)
    connection = await asyncpg.connect(server.dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    await connection.close()
    os.kill(server.pid, signal.SIGKILL)
    await _gone(server)
    again = await ensure(state_dir)
    assert again.port == server.port
    assert await _one(again, "SELECT n FROM kept") == 7


async def test_the_watcher_starts_a_dead_server_again(state_dir: Path) -> None:
    """keep_running() brings the server back without being asked."""
    server = await ensure(state_dir)
    watcher = asyncio.create_task(embedded.keep_running(server, every_s=0.05))
    os.kill(server.pid, signal.SIGKILL)
    await _gone(server)
    try:
        async with asyncio.timeout(30):
            while not any(state_dir.glob("*/data/postmaster.pid")) or (await ensure(state_dir)).pid == server.pid:
                await asyncio.sleep(0.05)
    finally:
        watcher.cancel()
    assert await _one(await ensure(state_dir), "SELECT 1") == 1


async def test_a_stale_pid_file_of_another_process_deceives_nobody(state_dir: Path) -> None:
    """A postmaster.pid whose number now belongs to a foreign process does not keep the server from starting."""
    server = await ensure(state_dir)
    pid_file = server.folder / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    await server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = await ensure(state_dir)
    assert again.pid != os.getpid()
    assert await _one(again, "SELECT 1") == 1


async def test_the_server_outlives_a_killed_worker(state_dir: Path) -> None:
    """kill -9 of the process that started the server leaves the server up for the next one."""
    worker = _worker([sys.executable], state_dir)
    worker.kill()
    worker.wait()
    server = await ensure(state_dir)
    assert (state_dir / "pid").read_text() == str(server.pid)
    assert await _one(server, "SELECT 1") == 1


async def test_a_half_made_data_folder_is_made_anew(state_dir: Path) -> None:
    """What a killed initdb leaves behind never counts as a data folder."""
    major = str(postgres_binaries.installed()[0].major)
    (state_dir / major / "making-x" / "data").mkdir(parents=True)
    assert await _one(await ensure(state_dir), "SELECT 1") == 1
    assert not list((state_dir / major).glob("making-*"))


async def test_a_wrong_password_is_refused(state_dir: Path) -> None:
    """Nobody on the machine gets in without the password file."""
    server = await ensure(state_dir)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://vitality:wrong@127.0.0.1:{server.port}/vitality")
    assert (server.folder / "password").stat().st_mode & 0o777 == 0o600


async def test_data_of_a_version_that_is_gone_are_not_passed_over(state_dir: Path) -> None:
    """An empty new database beside old data would look like a loss: it is refused with what to do."""
    (state_dir / "9" / "data").mkdir(parents=True)
    with pytest.raises(DatabaseUnavailable, match="data of Postgres 9"):
        await ensure(state_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="already a plain user")
async def test_a_plain_user_runs_it_directly(state_dir: Path) -> None:
    """Without root no account is changed."""
    if subprocess.run([*postgres_binaries.NAMESPACE, "true"], check=False).returncode:
        pytest.skip("user namespaces are forbidden here")
    worker = _worker([*postgres_binaries.NAMESPACE, sys.executable], state_dir)
    worker.kill()
    worker.wait()
    server = await ensure(state_dir)
    assert (state_dir / "pid").read_text() == str(server.pid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that others cannot reach")
async def test_root_can_keep_the_state_where_others_cannot_go(tmp_path: Path) -> None:
    """A state folder below an untraversable home works for root all the same."""
    tmp_path.chmod(0o700)
    server = await ensure(tmp_path / "state")
    try:
        assert await _one(server, "SELECT 1") == 1
    finally:
        await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs to move")
async def test_programs_and_data_move_when_nothing_else_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without namespaces, root copies the programs to where an unprivileged account can run them."""
    tmp_path.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="vitality-home-") as home:
        Path(home).chmod(0o755)
        monkeypatch.setattr(postgres_binaries, "SYSTEM_HOME", Path(home))
        monkeypatch.setattr(postgres_binaries, "NAMESPACE", ("no-such-program",))
        server = await ensure(tmp_path / "state")
        try:
            assert server.folder.is_relative_to(home)
            assert await _one(server, "SELECT 1") == 1
        finally:
            await server.stop()


def _worker(python: list[str], state_dir: Path) -> subprocess.Popen[bytes]:
    """A process that ensures the server, writes its pid, and then sleeps until it is killed."""
    code = (
        "import asyncio, pathlib, sys, time\n"
        "from vitality.storage.embedded import ensure\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "server = asyncio.run(ensure(folder))\n"
        "(folder / 'making').write_text(str(server.pid)); (folder / 'making').rename(folder / 'pid')\n"
        "time.sleep(600)\n"
    )
    worker = subprocess.Popen([*python, "-c", code, str(state_dir)])
    deadline = time.monotonic() + 60
    while not (state_dir / "pid").exists() and time.monotonic() < deadline and worker.poll() is None:
        time.sleep(0.05)
    return worker
