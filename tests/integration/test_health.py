"""The health endpoints over a real socket, and the metrics before the judge that Prometheus ships."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp
import anyio
import pytest

from vitality.errors import DatabaseUnavailable, SettingsError
from vitality.telemetry.health import Beat, Check, Health
from vitality.telemetry.metrics import Metrics, Occupancy, Request, Waiting

pytestmark = pytest.mark.integration


def _health(
    *,
    beats: Sequence[Beat] = (),
    checks: Mapping[str, Check] | None = None,
    exposition: Callable[[], bytes] = lambda: b"",
    check_seconds: float = 2.0,
) -> Health:
    return Health(beats=lambda: beats, checks=checks or {}, exposition=exposition, check_seconds=check_seconds)


async def _get(port: int, path: str, method: str = "GET") -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.request(method, f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.json() if method == "GET" else await answer.read()


async def _well() -> str:
    return "version 16.4"


async def _down() -> str:
    raise DatabaseUnavailable("connection refused")


async def _silent() -> str:
    await anyio.sleep_forever()
    return ""


async def test_alive_while_every_actor_beats() -> None:
    """An actor without a limit is never late; the body tells each one's age."""
    health = _health(beats=[Beat("pool", 3.0, 30.0), Beat("health", 500.0, None)])
    async with health.serving("127.0.0.1", 0) as port:
        status, body = await _get(port, "/healthz")
    assert status == 200
    assert body == {
        "ok": True,
        "actors": {
            "pool": {"age": 3.0, "limit": 30.0, "ok": True},
            "health": {"age": 500.0, "limit": None, "ok": True},
        },
    }


async def test_not_alive_when_an_actor_is_late() -> None:
    """One missing beat is enough for 503."""
    async with _health(beats=[Beat("pool", 31.0, 30.0)]).serving("127.0.0.1", 0) as port:
        status, body = await _get(port, "/healthz")
    assert (status, body["ok"], body["actors"]["pool"]["ok"]) == (503, False, False)


async def test_ready_when_every_check_is_well() -> None:
    """Each check's detail is in the body."""
    async with _health(checks={"database": _well}).serving("127.0.0.1", 0) as port:
        status, body = await _get(port, "/readyz")
    assert (status, body["checks"]["database"]["detail"]) == (200, "version 16.4")


async def test_not_ready_says_which_check_and_why() -> None:
    """A check that fails and one that hangs are both told, the others too; a database away leaves liveness alone."""
    health = _health(checks={"a": _well, "database": _down, "browser": _silent}, check_seconds=0.05)
    async with health.serving("127.0.0.1", 0) as port:
        status, body = await _get(port, "/readyz")
        alive, _ = await _get(port, "/healthz")
    assert (status, alive) == (503, 200)
    assert {name: (check["ok"], check["detail"]) for name, check in body["checks"].items()} == {
        "a": (True, "version 16.4"),
        "database": (False, "connection refused"),
        "browser": (False, "no answer within 0.05 s"),
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_head_is_answered_too(path: str) -> None:
    """Load balancers ask with HEAD; the answer has no body."""
    async with _health(exposition=lambda: b"a 1\n").serving("127.0.0.1", 0) as port:
        assert await _get(port, path, "HEAD") == (200, b"")


async def test_a_port_in_use_is_said_in_one_sentence() -> None:
    """The operator learns which setting to change."""
    async with _health().serving("127.0.0.1", 0) as port:
        with pytest.raises(SettingsError, match=f"HEALTH_HOST:HEALTH_PORT 127.0.0.1:{port} is in use"):
            async with _health().serving("127.0.0.1", port):
                pytest.fail("bound twice")


async def test_a_scrape_does_not_block_the_event_loop() -> None:
    """The exposition is made in another thread."""
    made_in: list[str] = []

    def exposition() -> bytes:
        made_in.append(threading.current_thread().name)
        return b"a 1\n"

    async with _health(exposition=exposition).serving("127.0.0.1", 0) as port:
        await _get(port, "/metrics", "HEAD")
    assert made_in != [threading.main_thread().name]
    assert len(made_in) == 1


def _metrics_after_a_day() -> Metrics:
    metrics = Metrics(version="1.2.3", worker="w1")
    for kind in ("list_dioceses", "read_schedule"):
        metrics.work_claimed(kind, 3)
        metrics.work_settled(kind, 1.2)
        metrics.work_failed(kind, "Unreachable", 30)
        metrics.work_buried(kind)
    metrics.work_returned("schedule", "drain")
    metrics.request_done(Request(outcome="fetched", seconds=0.2, received=2048, status=200))
    metrics.request_done(Request(outcome="unreachable", seconds=10, error="timeout"))
    metrics.browser_page("drawn")
    metrics.browser_recycled("memory")
    metrics.child_restarted("pool", "hung")
    metrics.watch_memory(lambda: 100, 200)
    metrics.watch_pool("schedule", lambda: Occupancy(2, 8))
    metrics.watch_backlog(lambda: {"schedule": Waiting(7, 60.0)})
    return metrics


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
async def test_promtool_finds_nothing_to_say() -> None:
    """`promtool check metrics` accepts what /metrics serves, without a single remark."""
    async with (
        _health(exposition=_metrics_after_a_day().exposition).serving("127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        text, content_type = await answer.read(), answer.headers["Content-Type"]
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    judged = await anyio.run_process(
        ["promtool", "check", "metrics"], input=text, check=False, stderr=subprocess.STDOUT
    )
    assert (judged.returncode, judged.stdout) == (0, b"")
