"""The live fetcher over real sockets against the local web."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import anyio
import pytest

from vitality.errors import BadContent, HostWait, LeaseLost, ServerFailed, Unreachable
from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.http import Caps
from vitality.fetch.identity import Identity
from vitality.fetch.memory import MemoryHostState, MemoryPageStore
from vitality.fetch.pacing import Pace
from vitality.localweb.faults import Fault, FaultKind
from vitality.localweb.server import LocalWeb
from vitality.records import Outcome

pytestmark = pytest.mark.integration

DELAY = timedelta(milliseconds=300)
CAPS = Caps(wire_bytes=200_000, page_bytes=400_000, total=timedelta(seconds=1))


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[LocalWeb]:
    for host in ("a.org", "b.org"):
        (tmp_path / host).mkdir()
        for name in range(6):
            (tmp_path / host / f"{name}.html").write_text(f"<p>{name} of {host}</p>")
    async with LocalWeb(tmp_path) as served:
        yield served


@pytest.fixture
def pages() -> MemoryPageStore:
    return MemoryPageStore()


def _fetcher(pages: MemoryPageStore, **options: object) -> PoliteFetcher:
    return PoliteFetcher(
        hosts=MemoryHostState(),
        pages=pages,
        identity=Identity("https://example.org/bot"),
        pace=Pace(delay=DELAY),
        caps=CAPS,
        **options,  # type: ignore[arg-type]  # options of the fetcher
    )


async def test_many_requests_at_once_are_paced_by_host(web: LocalWeb, pages: MemoryPageStore) -> None:
    """Requests to one host never overlap and start at least the delay apart; hosts do not wait for one another."""
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        urls = [f"http://{host}/{name}" for name in range(6) for host in ("a.org", "b.org")]
        got = await asyncio.gather(*(fetcher.get(url) for url in urls))
    assert [page.url for page in got] == urls
    for host in ("a.org", "b.org"):
        seen = web.asked(host)
        assert len(seen) == 7
        assert all(b.started - a.started >= 0.8 * DELAY.total_seconds() for a, b in pairwise(seen))
        span = seen[-1].started - seen[0].started
        assert span >= (len(seen) - 1.2) * DELAY.total_seconds(), "a late arrival shortens one gap, never the row"
        assert all(a.finished <= b.started for a, b in pairwise(seen))
    assert max(a.finished for a in web.accesses) - min(a.started for a in web.accesses) < 12 * DELAY.total_seconds()


async def test_a_process_stopped_between_its_turn_and_the_first_byte_sends_nothing(
    web: LocalWeb, pages: MemoryPageStore
) -> None:
    """Trust is asked for before the turn, after it, and once more when the connection stands: there it has ended."""
    asked = count(1)
    async with _fetcher(pages, proxy=web.proxy_url, trusted=lambda: next(asked) < 6) as fetcher:
        with pytest.raises(LeaseLost, match="nothing is sent"):
            await fetcher.get("http://a.org/1")
    assert next(asked) == 7, "three times for robots.txt, three times for the page"
    assert [access.path for access in web.asked("a.org")] == ["/robots.txt"]


async def test_the_distance_counts_from_when_a_request_was_given_up(web: LocalWeb, pages: MemoryPageStore) -> None:
    """A cancelled request may have reached the site at the last moment, so the next waits a whole delay from there."""
    web.faults.add("a.org", "/1", Fault(kind=FaultKind.SILENT, pause=1))
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        await fetcher.get("http://a.org/0")
        with anyio.move_on_after(3 * DELAY.total_seconds()):
            await fetcher.get("http://a.org/1")
        given_up = time.monotonic()
        await fetcher.get("http://a.org/2")
    (next_one,) = [access for access in web.asked("a.org") if access.path == "/2"]
    assert next_one.started - given_up >= 0.9 * DELAY.total_seconds()


async def test_the_second_visit_is_conditional(web: LocalWeb, pages: MemoryPageStore) -> None:
    """The local web answers 304 and the stored page comes back."""
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        first = await fetcher.get("http://a.org/1")
        again = await fetcher.get("http://a.org/1")
    assert web.asked("a.org")[-1].status == 304
    assert again.body == first.body
    assert pages.rows[-1].outcome is Outcome.NOT_MODIFIED


async def test_hosts_that_do_not_exist_are_unreachable(web: LocalWeb, pages: MemoryPageStore) -> None:
    """The proxy's 502 for an unknown host, for http and for a tunnel, is an unreachable host."""
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        for url in ("http://nowhere.org/", "https://b.org/"):
            with pytest.raises(Unreachable):
                await fetcher.get(url)
    assert {access.user_agent for access in web.accesses} == {Identity("https://example.org/bot").user_agent}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind=FaultKind.DROP), Unreachable),
        (Fault(kind=FaultKind.CUT), Unreachable),
        (Fault(kind=FaultKind.GARBAGE), ServerFailed),
        (Fault(kind=FaultKind.ENDLESS), BadContent),
        (Fault(kind=FaultKind.SILENT, pause=2), Unreachable),
        (Fault(kind=FaultKind.STATUS, status=503, headers={"Retry-After": "60"}), HostWait),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
async def test_broken_servers(web: LocalWeb, pages: MemoryPageStore, fault: Fault, error: type[Exception]) -> None:
    """Each way of breaking ends within bounds in the error that stands for it."""
    web.faults.add("a.org", "/1", fault)
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        with pytest.raises(error):
            await asyncio.wait_for(fetcher.get("http://a.org/1"), 5)
    assert not pages.stored


async def test_a_slow_body_is_cut_off(web: LocalWeb, pages: MemoryPageStore, tmp_path: Path) -> None:
    """A body that trickles is left after the total time."""
    (tmp_path / "a.org" / "big.html").write_text("x" * 10_000)
    web.faults.add("a.org", "/big", Fault(kind=FaultKind.SLOW, pause=0.1))
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        with pytest.raises(Unreachable, match="within 1 s"):
            await asyncio.wait_for(fetcher.get("http://a.org/big"), 5)


async def test_a_request_that_is_given_up_is_recorded(web: LocalWeb, pages: MemoryPageStore) -> None:
    """A request that was sent and then cancelled is in the ledger, one that still waited for its turn is not."""
    web.faults.add("a.org", "/1", Fault(kind=FaultKind.SILENT, pause=0.5))
    async with _fetcher(pages, proxy=web.proxy_url) as fetcher:
        both = [asyncio.create_task(fetcher.get(f"http://a.org/{name}")) for name in (1, 2)]
        while "/1" not in web.faults_met:
            await asyncio.sleep(0.01)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    assert [(row.url, row.reason) for row in pages.rows[1:]] == [("http://a.org/1", "given up by us")]


async def test_without_a_proxy_the_checked_address_is_connected_to(web: LocalWeb, pages: MemoryPageStore) -> None:
    """The name is looked up once, and the connection goes to the address that was checked, under the site's name."""
    port = int(web.proxy_url.rpartition(":")[2])
    looked_up: list[str] = []

    async def resolve(name: str, _port: int) -> list[str]:
        looked_up.append(name)
        return ["127.0.0.1"]

    async with _fetcher(pages, allow_loopback=True, resolve=resolve) as fetcher:
        page = await fetcher.get(f"http://a.org:{port}/1")
    assert page.text == "<p>1 of a.org</p>"
    assert looked_up == ["a.org", "a.org"]  # robots.txt and the page
