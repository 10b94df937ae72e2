"""Pages drawn by a real Chromium from the local web."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from vitality.errors import BadContent, BrowserUnavailable, HostWait, RobotsDisallowed, Unreachable
from vitality.fetch import browser_binary
from vitality.fetch.browser import Browser, BrowserLimits
from vitality.fetch.browser_page import DrawLimits
from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.identity import Identity
from vitality.fetch.memory import MemoryHostState, MemoryPageStore
from vitality.fetch.pacing import Pace
from vitality.localweb.faults import Fault, FaultKind
from vitality.localweb.server import LocalWeb
from vitality.records import Outcome

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(browser_binary.find(None, None) is None, reason="there is no Chromium on this machine"),
]

AGENT = Identity("https://example.org/bot")
LIMITS = DrawLimits(
    total=timedelta(seconds=6),
    settle=timedelta(seconds=3),
    quiet=timedelta(milliseconds=300),
    quiet_when_empty=timedelta(milliseconds=600),
    page_bytes=200_000,
)

APP = """<!doctype html><html><head><title>App</title>
<link rel="stylesheet" href="/site.css" onload="document.title = 'styled'">
<script src="http://stats.example.net/track.js"></script>
</head><body><div id="list"></div><img src="/photo.png">
<script src="/app.js"></script></body></html>"""
APP_JS = """
fetch('/api/parishes.json').then(r => r.json()).then(rows => {
  document.getElementById('list').innerHTML = rows.map(r => '<h3>' + r.name + '</h3>').join('');
  fetch('/private/x.json').catch(() => document.body.append('no private'));
});
"""
FILES = {
    "robots.txt": "User-agent: *\nDisallow: /private\n",
    "app.html": APP,
    "app.js": APP_JS,
    "site.css": "h3 { color: red }",
    "photo.png": "png",
    "api/parishes.json": '[{"name": "St. Brendan"}, {"name": "Holy Name"}]',
    "private/x.json": "{}",
    "hang.html": "<p>before</p><script>while (true) {}</script>",
    "big.html": "<div id=x></div><script>x.textContent = 'y'.repeat(300000)</script>",
    "leads.html": "<script>location.href = '/old'</script>",
    "old.html": "old",
    "new/index.html": "<p>arrived</p><a href='next'>next</a>",
    "data.json": "{}",
    "plain.html": "<p>plain</p>",
    "restless.html": "<p id=p></p><script>setInterval(() => p.append('Mass at 8. '), 50)</script>",
    "socket.html": "<script>s = new WebSocket('ws://127.0.0.1:1/'); s.onclose = () => document.body.append('shut')</script>",
    "inside.html": "<script>fetch('http://127.0.0.1/').catch(() => document.body.append('walled'))</script>",
    "who.html": "<script>document.write(navigator.userAgent)</script>",
    "hosts.json": "",
}


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[LocalWeb]:
    for name, text in FILES.items():
        path = tmp_path / "a.org" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    listing = '{"a.org": {"special": {"/old": {"status": 301, "headers": {"Location": "http://a.org/new/"}}}}}'
    (tmp_path / "hosts.json").write_text(listing)
    async with LocalWeb(tmp_path) as served:
        yield served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with Browser(user_agent=AGENT.user_agent, draw_limits=LIMITS, limits=BrowserLimits(pages=3)) as made:
        yield made


@pytest.fixture
def pages() -> MemoryPageStore:
    return MemoryPageStore()


@pytest.fixture
async def fetcher(web: LocalWeb, browser: Browser, pages: MemoryPageStore) -> AsyncIterator[PoliteFetcher]:
    async with PoliteFetcher(
        hosts=MemoryHostState(),
        pages=pages,
        identity=AGENT,
        pace=Pace(delay=timedelta(milliseconds=10)),
        proxy=web.proxy_url,
        browser=browser,
    ) as made:
        yield made


async def test_a_javascript_page_is_drawn(web: LocalWeb, fetcher: PoliteFetcher, pages: MemoryPageStore) -> None:
    """The drawn page shows what its scripts made; data is captured; pictures, styles and trackers are not asked for."""
    page = await fetcher.render("http://a.org/app")
    assert page.rendered
    assert "<h3>St. Brendan</h3><h3>Holy Name</h3>" in page.text
    assert "no private" in page.text
    assert [(captured.url, captured.text) for captured in page.captured] == [
        ("http://a.org/api/parishes.json", FILES["api/parishes.json"])
    ]
    assert page.text == page.body.decode()
    assert "<title>styled</title>" in page.text
    paths = [access.path for access in web.accesses]
    assert paths == ["/robots.txt", "/app", "/app.js", "/api/parishes.json"]
    assert {access.user_agent for access in web.accesses} == {AGENT.user_agent}
    assert [access.by_browser for access in web.accesses] == [False, False, True, True]
    drawn = [row for row in pages.rows if row.by_browser]
    assert [(row.url, row.outcome) for row in drawn] == [
        ("http://a.org/app.js", Outcome.FETCHED),
        ("http://a.org/api/parishes.json", Outcome.FETCHED),
        ("http://a.org/private/x.json", Outcome.ROBOTS_DISALLOWED),
    ]


async def test_a_page_just_fetched_is_not_asked_for_again(web: LocalWeb, fetcher: PoliteFetcher) -> None:
    """A reader that sees that a page needs JavaScript costs the site no second request for it."""
    plain = await fetcher.get("http://a.org/app")
    assert "St. Brendan" not in plain.text
    assert "St. Brendan" in (await fetcher.render("http://a.org/app")).text
    assert [access.path for access in web.accesses].count("/app") == 1


async def test_the_browser_says_who_it_is(fetcher: PoliteFetcher) -> None:
    """Scripts see the same honest name."""
    assert AGENT.user_agent in (await fetcher.render("http://a.org/who")).text


async def test_a_page_that_leads_on_is_followed(web: LocalWeb, fetcher: PoliteFetcher) -> None:
    """A script's change of page passes our own checks, redirects too, and the last address is the page's."""
    page = await fetcher.render("http://a.org/leads")
    assert "arrived" in page.text
    assert page.url == "http://a.org/new/"
    assert [access.path for access in web.accesses] == ["/robots.txt", "/leads", "/old", "/new/"]


async def test_the_browser_has_no_way_out_of_its_own(fetcher: PoliteFetcher) -> None:
    """Sockets are shut and private addresses are out of reach."""
    assert "shut" in (await fetcher.render("http://a.org/socket")).text
    assert "walled" in (await fetcher.render("http://a.org/inside")).text


async def test_the_rules_hold_for_drawn_pages(web: LocalWeb, fetcher: PoliteFetcher) -> None:
    """What may not be fetched is not drawn either, and no byte is asked for."""
    with pytest.raises(RobotsDisallowed):
        await fetcher.render("http://a.org/private/x")
    with pytest.raises(BadContent, match="application/json cannot be drawn"):
        await fetcher.render("http://a.org/data.json")
    assert "/private/x" not in [access.path for access in web.accesses]


async def test_a_host_that_asks_for_rest_gets_it_from_the_browser_too(web: LocalWeb, fetcher: PoliteFetcher) -> None:
    """429 to a script's request closes the host."""
    web.faults.add("a.org", "/api/parishes.json", Fault(kind=FaultKind.STATUS, status=429))
    await fetcher.render("http://a.org/app")
    with pytest.raises(HostWait):
        await fetcher.get("http://a.org/plain")


async def test_a_restless_page_is_taken_as_it_is(fetcher: PoliteFetcher) -> None:
    """A page that never comes to rest is taken after the settling time."""
    assert "Mass at 8." in (await asyncio.wait_for(fetcher.render("http://a.org/restless"), 15)).text


async def test_a_page_that_hangs_is_bounded_and_the_next_is_drawn(fetcher: PoliteFetcher, browser: Browser) -> None:
    """An endless script costs its time limit, and the browser is replaced behind it."""
    with pytest.raises(Unreachable, match="within 6 s"):
        await asyncio.wait_for(fetcher.render("http://a.org/hang"), 30)
    assert "plain" in (await fetcher.render("http://a.org/plain")).text


async def test_a_page_too_large_is_an_error(fetcher: PoliteFetcher) -> None:
    """A page that grows beyond its cap is not taken."""
    with pytest.raises(BadContent, match="larger"):
        await fetcher.render("http://a.org/big")


def _chromiums() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if any(argument.startswith("--vitality-browser") for argument in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


async def test_a_crashed_browser_is_started_again(fetcher: PoliteFetcher, web: LocalWeb) -> None:
    """kill -9 while a page is drawn is an error of that page; the next page is drawn by a new Chromium."""
    web.faults.add("a.org", "/app.js", Fault(kind=FaultKind.SILENT, pause=1.5))
    drawing = asyncio.create_task(fetcher.render("http://a.org/app"))
    while "/app.js" not in [access.path for access in web.accesses] and not _chromiums():
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    for process in _chromiums():
        process.kill()
    with pytest.raises(Unreachable):
        await asyncio.wait_for(drawing, 15)
    assert "plain" in (await asyncio.wait_for(fetcher.render("http://a.org/plain"), 15)).text


async def test_a_crashed_tab_is_an_error_of_its_page(browser: Browser, fetcher: PoliteFetcher, web: LocalWeb) -> None:
    """A renderer that dies ends its page at once; the browser draws on."""
    web.faults.add("a.org", "/app.js", Fault(kind=FaultKind.SILENT, pause=2))
    await fetcher.render("http://a.org/plain")
    drawing = asyncio.create_task(fetcher.render("http://a.org/app"))
    await asyncio.sleep(0.8)
    for process in psutil.Process().children(recursive=True):
        if "--type=renderer" in process.cmdline():
            process.kill()
    with pytest.raises(Unreachable, match="crashed"):
        await asyncio.wait_for(drawing, 4)
    assert "plain" in (await fetcher.render("http://a.org/plain")).text


@pytest.mark.parametrize(
    ("limits", "reason"), [(BrowserLimits(pages=1), "pages"), (BrowserLimits(memory_bytes=2**20), "memory")]
)
async def test_the_browser_is_recycled_and_leaves_nothing_behind(
    web: LocalWeb, pages: MemoryPageStore, limits: BrowserLimits, reason: str
) -> None:
    """After its share of pages, or beyond its memory, Chromium is replaced and the reason told; closing ends every process."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    seen = set()
    told: list[str] = []
    made = Browser(user_agent=AGENT.user_agent, draw_limits=LIMITS, limits=limits, recycled=told.append)
    async with made as browser:
        fetcher = PoliteFetcher(
            hosts=MemoryHostState(),
            pages=pages,
            identity=AGENT,
            pace=Pace(delay=timedelta(0)),
            proxy=web.proxy_url,
            browser=browser,
        )
        async with fetcher:
            for _ in range(2):
                await fetcher.render("http://a.org/plain")
                seen.add(_chromiums()[0].pid)
    assert len(seen) == 2
    assert told == [reason]
    await asyncio.sleep(0.2)
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


async def test_the_state_of_the_sandbox_is_true(browser: Browser) -> None:
    """What the browser says of its sandbox is what the kernel says of its renderers."""
    assert browser.how == "not started"
    await browser.check()
    renderers = [p for p in psutil.Process().children(recursive=True) if "--type=zygote" in p.cmdline()]
    assert renderers
    own = Path(f"/proc/{_chromiums()[0].pid}/ns/user").readlink()  # the sandbox is within the browser's own
    nested = {Path(f"/proc/{process.pid}/ns/user").readlink() for process in renderers}
    assert browser.sandboxed is (len(nested - {own}) > 0)
    assert ("without" in browser.how) is not browser.sandboxed


async def test_without_a_sandbox_it_says_so(tmp_path: Path) -> None:
    """A Chromium that starts without its sandbox only is used, and never called sandboxed."""
    real = browser_binary.find(None, None)
    picky = tmp_path / "chromium"
    picky.write_text(f'#!/bin/sh\ncase "$*" in *--no-sandbox*) exec {real} "$@";; esac\nexit 1\n')
    picky.chmod(0o755)
    async with Browser(user_agent="T/1", executable=picky) as browser:
        await browser.check()
        assert browser.sandboxed is False
        assert "without sandbox" in browser.how


async def test_no_chromium_is_said_so(tmp_path: Path) -> None:
    """A setting that leads nowhere is an error that names it."""
    async with Browser(user_agent="T/1", executable=tmp_path / "nothing") as browser:
        with pytest.raises(BrowserUnavailable, match="nothing"):
            await browser.check()
