"""One run of the image on a stored web: its containers side by side, and what is seen of them."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import asyncpg

from manifests.image.container import Container, engine, options
from manifests.image.pod import Pod, migration, pod
from vitality.app.demo import conference_of
from vitality.localweb.server import LocalWeb
from vitality.storage.embedded import ensure

ROLES = ("discovery", "extraction", "schedule", "reporting")
SAMPLE = Path(str(files("vitality.localweb").joinpath("sample")))
SAMPLE_START = "http://conference.example.org/dioceses"
WORK_S = 90.0
QUIET_LOOKS = 8
"""So many looks in a row must find nothing left: between two steps of the line there may be nothing for a moment."""
FOUND = {
    "discovery": "SELECT count(*) FROM directory WHERE state = 'found'",
    "extraction": "SELECT count(*) FROM parish",
    "schedule": "SELECT count(*) FROM service_time WHERE ended_at IS NULL",
    "reporting": "SELECT count(*) FROM report",
    "all": "SELECT count(*) FROM service_time WHERE ended_at IS NULL",
}
"""The rows that show that a role did its work."""
DRAWN = "SELECT count(*) FROM page_version WHERE rendered"
"""Pages that Chromium drew."""
LEFT = """SELECT (SELECT count(*) FROM work WHERE kind <> 'write_report' AND (state = 'leased' OR (state = 'waiting' AND due_at <= now())))
               + (NOT EXISTS (SELECT FROM report) OR NOT EXISTS (SELECT FROM service_time))::int"""


HELD = "SELECT count(*) FROM work WHERE state = 'leased'"


@dataclass(slots=True)
class Seen:
    """What was seen of one role; `faults` are sentences."""

    rows: int = 0
    peak: int = 0
    drained: float = 0.0
    code: int = -1
    faults: list[str] = field(default_factory=list)


def answer(url: str) -> tuple[int, str]:
    """Status and body; 0 where nobody answers."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


async def until(condition: object, within: float) -> bool:
    """Waits until an asynchronous question is answered with yes; whether it was in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if await condition():  # type: ignore[operator]
            return True
        await asyncio.sleep(0.25)
    return False


def hardened(container: Container, each: Pod) -> Iterator[str]:
    """What the kernel says against a hardened pod."""
    status = container.status()
    if status["Uid"].split()[1] != each.user.partition(":")[0]:
        yield f"runs as {status['Uid'].split()[1]}"
    if int(status["CapEff"], 16) or int(status["CapBnd"], 16):
        yield "has capabilities"
    if status["NoNewPrivs"] != "1" or status["Seccomp"] != "2":
        yield "may gain privileges, or has no seccomp filter"
    if container.told("python", "-c", "open('/opt/vitality/x', 'w')").returncode == 0:
        yield "its root can be written"
    if zombies := container.zombies():
        yield f"leaves ended children unwaited for: {', '.join(zombies)}"


async def probes(container: Container, base: str) -> list[str]:
    """What the probes of a working pod say against it."""
    faults = []
    for path in ("/healthz", "/readyz", "/metrics"):
        status, body = await asyncio.to_thread(answer, base + path)
        if status != 200 or (path == "/metrics" and "vitality_" not in body):
            faults.append(f"{path} answers {status} {body[:300]}")
    if engine("healthcheck", "run", container.name).returncode:
        faults.append("the image's own health check fails")
    return faults


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that the embedded Postgres, which is not root, may enter."""
    folder = Path(tempfile.mkdtemp(prefix="vitality-image-check-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


async def check(
    image: str, roles: Sequence[str] = ROLES, web: Path = SAMPLE, within: float = WORK_S
) -> dict[str, Seen]:
    """Runs roles side by side on a stored web until nothing is left or time is up; what was seen of each."""
    start = await conference_of(web)
    with scratch() as folder:
        server = await ensure(folder)
        try:
            async with LocalWeb(web) as serving:
                trial = Trial(image, roles, folder / "disk", server.dsn, serving.proxy_url, start)
                return await trial.run(within)
        finally:
            await server.stop()


class Trial:
    """One run of the image: its containers, and what was seen of them."""

    def __init__(self, image: str, roles: Sequence[str], disk: Path, dsn: str, proxy: str, start: str) -> None:
        self.image = image
        self.disk = disk
        self.dsn = dsn
        self.pods = {role: pod(role) for role in roles}
        self.reader = "schedule" if "schedule" in roles else roles[-1]
        """The role to which is told what no single one has done."""
        self.must_draw = start == SAMPLE_START
        self.quiet = 0
        self.containers: dict[str, Container] = {}
        self.ports = {role: free_port() for role in roles}
        self.seen = {role: Seen() for role in roles}
        self.environment = {
            "DATABASE_URL": dsn,
            "HTTP_PROXY": proxy,
            "CONTACT_URL": "https://example.org/bot",
            "CONFERENCE_URL": start,
            "HOST_DELAY": "0.02",
            "POLL_SECONDS": "1",
            "REPORT_CYCLE": "2",
        }

    async def run(self, within: float) -> dict[str, Seen]:
        """Starts, waits, looks and drains; what was seen of each role."""
        try:
            await self._migrate()
            for role, each in self.pods.items():
                own = {**self.environment, "HEALTH_HOST": "127.0.0.1", "HEALTH_PORT": str(self.ports[role])}
                self.containers[role] = Container(
                    f"vitality-check-{os.getpid()}-{role}", self.image, each, self.disk, own
                )
            await self._work(within)
            await self._look()
            await self._make_busy()
            await asyncio.gather(*(self._drain(role) for role in self.pods))
            if left := await self._value(HELD):
                self.seen[self.reader].faults.append(f"{left} pieces of work are still leased after the drain")
        finally:
            for container in self.containers.values():
                container.remove()
        return self.seen

    async def _migrate(self) -> None:
        """What the migration job does."""
        job = migration()
        words = [*options(job, self.disk), "--rm", f"--env=DATABASE_URL={self.dsn}", self.image, *job.arguments]
        done = await asyncio.to_thread(engine, "run", *words)
        if done.returncode:
            raise RuntimeError(f"migrate failed: {done.stdout}{done.stderr}")

    async def _work(self, within: float) -> None:
        """Waits until the roles are done; what is left over is a fault of those that did nothing."""
        await until(self._is_quiet, within)
        for role, sql in ((each, FOUND[each]) for each in self.pods):
            self.seen[role].rows = await self._value(sql)
            if not self.seen[role].rows:
                self.seen[role].faults.append("did no work")
        if self.must_draw and not await self._value(DRAWN):
            self.seen[self.reader].faults.append("Chromium drew no page")

    async def _is_quiet(self) -> bool:
        self.quiet = self.quiet + 1 if await self._is(LEFT, 0) else 0
        return self.quiet >= QUIET_LOOKS

    async def _is(self, sql: str, wanted: int) -> bool:
        return await self._value(sql) == wanted

    async def _value(self, sql: str) -> int:
        connection = await asyncpg.connect(self.dsn)
        try:
            return int(await connection.fetchval(sql))
        finally:
            await connection.close()

    async def _look(self) -> None:
        for role, container in self.containers.items():
            seen, each = self.seen[role], self.pods[role]
            if engine("inspect", "--format={{.State.Running}}", container.name).stdout.strip() != "true":
                seen.faults.append("ended by itself")
                continue
            seen.faults += [
                *hardened(container, each),
                *await probes(container, f"http://127.0.0.1:{self.ports[role]}"),
            ]
            seen.peak = container.peak()
            if killed := container.killed():
                seen.faults.append(f"{killed} processes killed for want of memory")

    async def _make_busy(self) -> None:
        """Makes all sites due again, by operators' commands in a pod, so that SIGTERM meets work under way."""
        pod = self.containers[self.reader]
        listed = await asyncio.to_thread(pod.told, "vitality", "work", "list", "--kind", "read_schedule", "--json")
        ids = [str(each["id"]) for each in json.loads(listed.stdout or "[]")]
        done = await asyncio.to_thread(pod.told, "vitality", "work", "retry", *ids)
        if listed.returncode or done.returncode:
            self.seen[self.reader].faults.append(f"commands fail in the pod: {listed.stderr}{done.stderr}")
        elif not await until(lambda: self._is(f"SELECT (({HELD}) > 0)::int", 1), 20):
            self.seen[self.reader].faults.append("did not take up work that was made due")

    async def _drain(self, role: str) -> None:
        container, seen, grace = self.containers[role], self.seen[role], self.pods[role].grace
        seen.code, seen.drained = await asyncio.to_thread(container.stop, grace)
        if seen.code != 0 or seen.drained >= grace:
            seen.faults.append(f"SIGTERM: exit code {seen.code} after {seen.drained:.1f} s")
        if seen.faults:
            seen.faults.append(f"its log ends with\n{container.log()[-3000:]}")
