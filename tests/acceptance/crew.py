"""Worker processes for the acceptance tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import asyncpg

from vitality.localweb.server import LocalWeb
from vitality.storage.embedded import EmbeddedPostgres, ensure

CONFERENCE = "http://conference.example.org/dioceses"


class Crew:
    """Worker processes on one state folder and one web; none outlives the test."""

    def __init__(self, state: Path, web: LocalWeb) -> None:
        self.state = state
        self._web = web
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, role: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A worker; its log is `<number>.log` in the state folder."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "STATE_DIR": str(self.state),
            "CONFERENCE_URL": CONFERENCE,
            "CONTACT_URL": "https://example.org/bot",
            "HTTP_PROXY": self._web.proxy_url,
            "HOST_DELAY": "0.02",
            "HEALTH_HOST": "127.0.0.1",
            "HEALTH_PORT": "0",
            "LEASE_SECONDS": "6",
            "HEARTBEAT_SECONDS": "2",
            "POLL_SECONDS": "1",
            **settings,
        }
        log = (self.state / f"{len(self._processes)}.log").open("wb")
        command = [sys.executable, "-m", "vitality", "run", "--role", role, *arguments]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        log.close()
        self._processes.append(process)
        return process

    def log_of(self, process: subprocess.Popen[bytes]) -> str:
        """What the process has written so far."""
        return (self.state / f"{self._processes.index(process)}.log").read_text("utf-8", errors="replace")

    async def ended(self, process: subprocess.Popen[bytes], within: float = 60) -> int:
        """The exit code; fails the test when the process has not ended by then."""
        with anyio.fail_after(within):
            while process.poll() is None:
                await anyio.sleep(0.05)
        return process.returncode

    def end_all(self) -> None:
        """Kills what still runs."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()

    async def server(self) -> EmbeddedPostgres:
        """The embedded Postgres of these workers."""
        return await ensure(self.state)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        """A connection of the test's own."""
        connection = await asyncpg.connect((await self.server()).dsn)
        try:
            yield connection
        finally:
            await connection.close()

    async def until(self, sql: str, accept: Callable[[object], bool], within: float = 60) -> object:
        """Waits until the value of a query is accepted; an absent table or server is asked again."""
        value: object = None
        with anyio.fail_after(within):
            while True:
                try:
                    async with self.database() as connection:
                        value = await connection.fetchval(sql)
                    if accept(value):
                        return value
                except (asyncpg.UndefinedTableError, asyncpg.PostgresConnectionError, OSError):
                    pass
                await anyio.sleep(0.1)
