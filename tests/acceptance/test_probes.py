"""What Kubernetes and Prometheus ask of a running worker."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request

import anyio
import pytest
from anyio import to_thread

from tests.acceptance.crew import Crew

pytestmark = pytest.mark.acceptance


def asked(url: str) -> tuple[int, str]:
    """Status and body of an answer, without any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def address_of(crew: Crew, log: str = "", *, worker: int = 0) -> str:
    """Where a worker answers, as its log says; `worker` counts from the first that was started."""
    with anyio.fail_after(60):
        while '"health"' not in log:
            await anyio.sleep(0.1)
            log = (crew.state / f"{worker}.log").read_text("utf-8")
    line = next(line for line in log.splitlines() if '"health"' in line and '"port"' in line)
    return f"http://127.0.0.1:{json.loads(line)['port']}"


async def ready(base: str) -> str:
    """The answer of /readyz once it is 200."""
    with anyio.fail_after(60):
        while True:
            status, body = await to_thread.run_sync(asked, f"{base}/readyz")
            if status == 200:
                return body
            await anyio.sleep(0.2)


async def test_a_working_worker_is_alive_ready_and_measured(crew: Crew) -> None:
    """/healthz and /readyz answer 200, /metrics counts the work that was done and what is waiting."""
    crew.start("all")
    base = await address_of(crew)
    body = await ready(base)
    assert all(name in body for name in ("children", "database", "schema", "browser"))
    assert (await to_thread.run_sync(asked, f"{base}/healthz"))[0] == 200
    await crew.until("SELECT count(*) FROM work_run WHERE kind = 'read_schedule'", lambda n: n >= 1)  # type: ignore[operator]  # a count
    status, metrics = await to_thread.run_sync(asked, f"{base}/metrics")
    assert status == 200
    names = {line.partition("{")[0].partition(" ")[0] for line in metrics.splitlines() if not line.startswith("#")}
    assert {name for name in names if name.startswith("vitality_")}, metrics[:2000]
    done = [line for line in metrics.splitlines() if 'kind="list_dioceses"' in line and not line.startswith("#")]
    assert done, "the list of dioceses was read, and is counted"
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: the exposition was not checked by it")
    checked = await to_thread.run_sync(
        lambda: subprocess.run(
            [promtool, "check", "metrics"], input=metrics, capture_output=True, text=True, timeout=30, check=False
        )
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stderr == "", "no complaint at all"


async def test_a_worker_without_its_database_is_alive_and_not_ready(crew: Crew) -> None:
    """Postgres is stopped: /readyz says 503 and why, /healthz stays 200, so nothing is restarted for it."""
    crew.start("reporting", DATABASE_URL=(await crew.server()).dsn)
    base = await address_of(crew)
    await ready(base)
    await (await crew.server()).stop()
    with anyio.fail_after(60):
        while True:
            status, body = await to_thread.run_sync(asked, f"{base}/readyz")
            if status == 503:
                break
            await anyio.sleep(0.2)
    assert "database" in body
    assert (await to_thread.run_sync(asked, f"{base}/healthz"))[0] == 200
