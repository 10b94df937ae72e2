"""The web of the storm, in a process of its own: what it writes down is the site's log.

Run as `python -m storm.web FOLDER PORT_FILE LOG_FILE`, it serves the folder as a proxy until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from vitality.localweb.server import Access, LocalWeb

BENCH = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Seen:
    """One request in the site's log; seconds of the machine's monotonic clock. `asker` is the process that sent it."""

    host: str
    path: str
    status: int
    started: float
    finished: float
    asker: str


@dataclass(frozen=True, slots=True)
class Web:
    """The running web."""

    proxy_url: str
    log: Path

    def seen(self) -> list[Seen]:
        """All requests so far, by their start."""
        lines = self.log.read_text().splitlines()
        return sorted((Seen(**json.loads(line)) for line in lines), key=lambda each: each.started)


@contextmanager
def serving(folder: Path, workspace: Path) -> Iterator[Web]:
    """Serves a folder of hosts from a process of its own."""
    port_file, log = workspace / "web.port", workspace / "web.log"
    log.touch()
    command = [sys.executable, "-m", "storm.web", str(folder), str(port_file), str(log)]
    process = subprocess.Popen(command, cwd=BENCH, stdin=subprocess.PIPE)
    try:
        yield Web(f"http://127.0.0.1:{_port(port_file, process)}", log)
    finally:
        process.kill()
        process.wait()


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    while not (file.exists() and file.read_text().endswith("\n")):
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError("the web did not start")
    return int(file.read_text())


def short_gaps(seen: list[Seen], delay: float) -> list[str]:
    """Requests of one host that started closer together than `delay` seconds."""
    found = []
    for host, requests in _by_host(seen).items():
        for one, other in pairwise(requests):
            gap = other.started - one.started
            if gap < delay:
                found.append(f"{host}: {gap:.4f} s between {one.path} of {one.asker} and {other.path} of {other.asker}")
    return found


def overlaps(seen: list[Seen]) -> list[str]:
    """Requests of one host that were under way at once, by different processes."""
    found = []
    for host, requests in _by_host(seen).items():
        for number, one in enumerate(requests):
            for other in requests[number + 1 :]:
                if other.started >= one.finished:
                    break
                if other.asker != one.asker:
                    found.append(f"{host}: {one.asker} and {other.asker} at once")
    return found


def _by_host(seen: list[Seen]) -> dict[str, list[Seen]]:
    hosts: dict[str, list[Seen]] = defaultdict(list)
    for request in sorted(seen, key=lambda each: each.started):
        hosts[request.host].append(request)
    return hosts


class _LoggedWeb(LocalWeb):
    """Writes each request down when it is over."""

    def __init__(self, folder: Path, log: Path) -> None:
        super().__init__(folder)
        self.accesses = _Log(log)  # type: ignore[assignment]  # only `append` is called on it while serving


class _Log:
    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def append(self, access: Access) -> None:
        line = {
            "host": access.host,
            "path": access.path,
            "status": access.status,
            "started": access.started,
            "finished": access.finished,
            "asker": _asker(access.user_agent),
        }
        self._file.write(json.dumps(line) + "\n")


def _asker(user_agent: str) -> str:
    """The process that asks stands in its contact address, which stands in its user agent."""
    address = next((word for word in user_agent.split() if "://" in word), "").strip("(+);,")
    return parse_qs(urlsplit(address).query).get("process", ["?"])[0]


async def _serve(folder: Path, port_file: Path, log: Path) -> None:
    async with _LoggedWeb(folder, log) as web:
        port_file.write_text(f"{urlsplit(web.proxy_url).port}\n")
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(*(Path(each) for each in sys.argv[1:4])))
