"""What a worker with nothing to do asks of the database: the real program, counted by the server."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time

import asyncpg

from queues.ours import EMPTY
from queues.verdict import Sheet

WARM_S = 10.0
COUNT_S = 40.0
NOTHING_DUE = "UPDATE work SET due_at = now() + interval '1 day', state = 'waiting' WHERE state = 'waiting'"


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """One schedule worker, as in a pod, on a database where nothing is due for a day."""
    with tempfile.TemporaryDirectory(prefix="vitality-idle-") as state:
        worker = subprocess.Popen(
            [sys.executable, "-m", "vitality", "run", "--role", "schedule"],
            env=os.environ | _environment(dsn, state),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            rate = asyncio.run(_count(dsn, COUNT_S / (4 if options.quick else 1)))
            if worker.poll() is not None:
                raise SystemExit(f"the idle worker ended with {worker.returncode}")
        finally:
            worker.terminate()
            worker.wait(timeout=30)
    sheet.at_most("idle schedule worker: statements a second", rate, 2.0)


def _environment(dsn: str, state: str) -> dict[str, str]:
    return {
        "DATABASE_URL": dsn,
        "STATE_DIR": state,
        "HEALTH_PORT": "0",
        "HEALTH_HOST": "127.0.0.1",
        "ALLOW_LOOPBACK": "true",
        "BROWSER": "off",
        "CONCURRENCY": "schedule=4",
    }


async def _count(dsn: str, seconds: float) -> float:
    """Statements a second: outside a transaction each is one commit, and an idle worker has no others."""
    await _execute(dsn, EMPTY)
    await asyncio.sleep(WARM_S)
    await _execute(dsn, NOTHING_DUE)
    await asyncio.sleep(3)
    connection = await asyncpg.connect(dsn)
    before, started = await _commits(connection), time.monotonic()
    await asyncio.sleep(seconds)
    after = await _commits(connection)
    took = time.monotonic() - started
    await connection.close()
    return max(0, after - before - 1) / took


async def _commits(connection: asyncpg.Connection) -> int:
    await asyncio.sleep(1.1)  # the counters lag by up to a second
    commits: int = await connection.fetchval(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    )
    return commits


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()
