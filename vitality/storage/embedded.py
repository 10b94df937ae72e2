"""A real Postgres of our own for when no `DATABASE_URL` is given: started once, shared by all local workers.

    <state>/<major>/data         the data folder, made by initdb beside it and renamed
    <state>/<major>/server.lock  held by the server's own processes as long as one of them lives
    <state>/<major>/start.lock   held by whoever is starting or stopping the server
    <state>/<major>/password     of the superuser; readable by the owner only
    <state>/<major>/port         asked for again after a restart, so that connections can come back
    <state>/<major>/server.log   what the server says, warnings and worse

The server outlives the worker that started it, also when that is killed; the next one finds it. Whether a
server is there is answered by the kernel: `server.lock` is locked (flock) through a descriptor that the server
inherits, so a stale `postmaster.pid`, or one whose number another process has by now, deceives nobody. It
listens on 127.0.0.1 only, with a random password.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import asyncpg
import psutil

from vitality.errors import DatabaseUnavailable
from vitality.storage.postgres_binaries import Installation, choose

USER = "vitality"
DATABASE = "vitality"
START_S = 120.0
"""Upper bound of a start, crash recovery included."""
STOP_S = 60.0
LEFTOVER_S = 30.0
"""How long the orphans of a killed server may take to notice and leave."""
LOG_KEPT_BYTES = 8 * 1024 * 1024
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPostgres:
    """A running server: where it listens, who it is, and what it takes to stop it."""

    dsn: str
    """Of the database `vitality`; holds the password: do not log."""
    host: str
    port: int
    pid: int
    major: int
    folder: Path
    state_dir: Path
    _install: Installation = field(repr=False)

    def dsn_of(self, database: str) -> str:
        """The same server, another database."""
        return f"{self.dsn.rsplit('/', 1)[0]}/{database}"

    def alive(self) -> bool:
        """Whether this very server process still runs; never blocks."""
        return _Cluster(self._install).is_postmaster(self.pid)

    async def stop(self) -> None:
        """Stops the server: open transactions are rolled back, everything is written to disk."""
        await asyncio.to_thread(_Cluster(self._install).stop)


async def ensure(state_dir: Path, *, settings: Mapping[str, str] | None = None) -> EmbeddedPostgres:
    """The server of this state folder, started (and made) if it is not there; `settings` only count at a start.

    Safe to call from any number of processes at once, and again whenever the server has died. Raises
    `DatabaseUnavailable` with what to do.
    """
    server = await asyncio.to_thread(_ensure, state_dir, {**SETTINGS, **(settings or {})})
    await _create_database(server)
    return server


async def keep_running(server: EmbeddedPostgres, *, every_s: float = 1.0) -> None:
    """Watches the server for ever and starts it again when it has died; to be run as a task."""
    while True:
        await asyncio.sleep(every_s)
        if not server.alive():
            server = await ensure(server.state_dir)


def _ensure(state_dir: Path, settings: Mapping[str, str]) -> EmbeddedPostgres:
    state_dir = state_dir.expanduser().resolve()
    state_dir.mkdir(parents=True, exist_ok=True)
    install = choose(state_dir)
    cluster = _Cluster(install)
    cluster.folder.mkdir(parents=True, exist_ok=True)
    with cluster.starting():
        port = cluster.running_port()
        if port is None:
            cluster.initialise()
            port = cluster.start(settings)
        return cluster.describe(port, state_dir)


async def _create_database(server: EmbeddedPostgres) -> None:
    try:
        connection = await asyncpg.connect(server.dsn_of("postgres"), timeout=30)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f'CREATE DATABASE "{DATABASE}"')
        finally:
            await connection.close()
    except asyncpg.DuplicateDatabaseError:
        return  # another worker was quicker
    except asyncpg.UniqueViolationError:
        return  # the same, seen through the catalogue's index
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"the embedded Postgres in {server.folder} does not answer: {error}") from error


class _Cluster:
    """One data folder and the files beside it; blocking, to be used in a thread."""

    def __init__(self, install: Installation) -> None:
        self._way = install.way
        self._binaries = install.binaries
        self._install = install
        self.folder = install.home / str(install.binaries.major)
        self.data = self.folder / "data"
        self._log = self.folder / "server.log"

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Holds the right to start or stop; waits for another process that is at it."""
        with (self.folder / "start.lock").open("a") as file:
            _lock(file, START_S, f"another process has been starting Postgres in {self.folder} for too long")
            yield

    def running_port(self) -> int | None:
        """The port of the running server, once it is ready; None when no server runs."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            state = self._pid_file()
            if state is None or not self.is_postmaster(int(state[0])):
                return None
            if len(state) > 7 and state[7].strip() == "ready":
                return int(state[3])
            time.sleep(0.05)
        raise DatabaseUnavailable(f"Postgres in {self.folder} does not get ready: see {self._log}")

    def is_postmaster(self, pid: int) -> bool:
        """Whether this process lives and works in our data folder (a postmaster's working directory)."""
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.data
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            return False
        except psutil.AccessDenied:
            return self._held()

    def initialise(self) -> None:
        """Makes the data folder if there is none; a half-made one never gets its name."""
        if self.data.exists():
            return
        for half in self.folder.glob("making-*"):
            shutil.rmtree(half)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=self.folder))
        making.chmod(0o755)
        password = self._new_password()
        for name, content in (("data", None), ("pw", password)):
            path = making / name
            path.mkdir(0o700) if content is None else _write_private(path, content)
            self._way.own(path)
        self._initdb(making)
        _write_private(self.folder / "password", password)
        (making / "data").rename(self.data)
        shutil.rmtree(making)

    def start(self, settings: Mapping[str, str]) -> int:
        """Starts the server and waits until it is ready; returns its port."""
        with (self.folder / "server.lock").open("a") as held:
            _lock(held, LEFTOVER_S, f"processes of a killed Postgres still work in {self.data}: end them")
            # The lock is ours, so no process of an older server lives, whatever the file says.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._prepare_log()
            for port in (*self._last_port(), _free_port(), _free_port(), _free_port()):
                if self._pg_ctl_start(port, settings, held.fileno()):
                    (self.folder / "port").write_text(f"{port}\n")
                    return port
        raise DatabaseUnavailable(f"Postgres in {self.folder} does not start: {self._log_tail()}")

    def stop(self) -> None:
        """Asks for a fast shutdown and waits for it."""
        with self.starting():
            state = self._pid_file()
            if state is None or not self.is_postmaster(int(state[0])):
                return
            os.kill(int(state[0]), signal.SIGINT)
            deadline = time.monotonic() + STOP_S
            while self.is_postmaster(int(state[0])):
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(f"Postgres in {self.folder} does not stop: see {self._log}")
                time.sleep(0.02)

    def describe(self, port: int, state_dir: Path) -> EmbeddedPostgres:
        password = (self.folder / "password").read_text().strip()
        state = self._pid_file()
        if state is None:
            raise DatabaseUnavailable(f"Postgres in {self.folder} has gone again: {self._log_tail()}")
        return EmbeddedPostgres(
            dsn=f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}",
            host="127.0.0.1",
            port=port,
            pid=int(state[0]),
            major=self._binaries.major,
            folder=self.folder,
            state_dir=state_dir,
            _install=self._install,
        )

    def _initdb(self, making: Path) -> None:
        argv = [self._binaries.program("initdb"), "-D", str(making / "data"), "-U", USER, f"--pwfile={making / 'pw'}"]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--data-checksums"]
        done = self._way.run([*argv, *options], timeout_s=START_S)
        if done.returncode:
            raise DatabaseUnavailable(f"initdb failed in {making}: {done.stdout.strip()[-500:]}")

    def _pg_ctl_start(self, port: int, settings: Mapping[str, str], lock_fd: int) -> bool:
        options = " ".join(f"-c {name}='{value}'" for name, value in {**settings, "port": str(port)}.items())
        argv = [self._binaries.program("pg_ctl"), "start", "-D", str(self.data), "-l", str(self._log), "-w"]
        argv += ["-t", str(int(START_S)), "-o", options]
        try:
            return self._way.run(argv, timeout_s=START_S + 10, keep_open=(lock_fd,)).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def _held(self) -> bool:
        with (self.folder / "server.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def _pid_file(self) -> list[str] | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return lines if lines and lines[0].strip().isdigit() else None

    def _last_port(self) -> tuple[int, ...]:
        try:
            return (int((self.folder / "port").read_text()),)
        except (FileNotFoundError, ValueError):
            return ()

    def _new_password(self) -> str:
        return secrets.token_urlsafe(24)

    def _prepare_log(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_KEPT_BYTES:
            self._log.unlink()
        self._log.touch()
        self._way.own(self._log)

    def _log_tail(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return " / ".join(lines[-3:]) or f"see {self._log}"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _lock(file: IO[str], within_s: float, failure: str) -> None:
    deadline = time.monotonic() + within_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(failure) from None
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
