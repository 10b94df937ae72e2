"""The live fetcher against servers that are functions, with a clock that jumps."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitality.errors import (
    AccessDenied,
    AddressForbidden,
    BadContent,
    BrowserUnavailable,
    FetchError,
    HostWait,
    NotFound,
    RobotsDisallowed,
    ServerFailed,
    Unreachable,
)
from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.http import Caps
from vitality.fetch.identity import Identity
from vitality.fetch.memory import MemoryHostState, MemoryPageStore
from vitality.fetch.pacing import Pace
from vitality.fetch.port import Accept
from vitality.records import Host, Outcome

PUBLIC = "93.184.216.34"
HTML = {"Content-Type": "text/html; charset=utf-8"}
Handler = Callable[[httpx.Request], httpx.Response]


def reply(status: int, headers: Mapping[str, str] | None = None, body: bytes | httpx.AsyncByteStream = b"") -> Handler:
    """A server that always says the same; a body of bytes announces its length."""

    def answer(_request: httpx.Request) -> httpx.Response:
        if isinstance(body, httpx.AsyncByteStream):
            return httpx.Response(status, headers=headers, stream=body)
        length = {"Content-Length": str(len(body))}
        return httpx.Response(status, headers={**length, **(headers or {})}, stream=httpx.ByteStream(body))

    return answer


def page(text: str = "<p>Mass</p>", **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return reply(200, {**HTML, **named}, text.encode())


class Endless(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 500


class World:
    """A fetcher, the servers it meets, and the time that passes only while it sleeps."""

    def __init__(self, **options: object) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.sites: dict[str, Handler | Exception] = {}
        self.names: dict[str, Sequence[str]] = {}
        self.asked: list[tuple[str, datetime]] = []
        self.requests: list[httpx.Request] = []
        self.hosts = MemoryHostState(clock=self.clock, chance=lambda: 1.0)
        self.pages = MemoryPageStore()
        self.seen: list[Outcome] = []
        defaults: dict[str, object] = {"pace": Pace(delay=timedelta(seconds=2)), "caps": Caps()}
        self.fetcher = PoliteFetcher(
            hosts=self.hosts,
            pages=self.pages,
            identity=Identity("https://example.org/bot"),
            observe=lambda row: self.seen.append(row.outcome),
            clock=self.clock,
            sleep=self.sleep,
            resolve=self.resolve,
            transport=httpx.MockTransport(self.answer),
            **{**defaults, **options},  # type: ignore[arg-type]  # options of the fetcher
        )

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def resolve(self, name: str, _port: int) -> Sequence[str]:
        return self.names.get(name, [PUBLIC])

    def answer(self, request: httpx.Request) -> httpx.Response:
        url = f"{request.url.scheme}://{request.headers['Host']}{request.url.raw_path.decode()}"
        self.asked.append((url, self.now))
        self.requests.append(request)
        site = self.sites.get(url, reply(404))
        if isinstance(site, Exception):
            raise site
        return site(request)

    @property
    def urls(self) -> list[str]:
        return [url for url, _ in self.asked]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    async with made.fetcher:
        yield made


async def test_a_page_is_fetched_kept_and_recorded(world: World) -> None:
    """robots.txt first, then the page two seconds later, both in the ledger; the page is in the store."""
    world.sites["http://a.org/x"] = page()
    got = await world.fetcher.get("http://a.org/x#mass")
    assert (got.text, got.url, got.requested_url) == ("<p>Mass</p>", "http://a.org/x", "http://a.org/x")
    assert got.fetched_at == world.now
    assert world.urls == ["http://a.org/robots.txt", "http://a.org/x"]
    assert world.asked[1][1] - world.asked[0][1] == timedelta(seconds=2)
    assert world.seen == [Outcome.NOT_FOUND, Outcome.FETCHED]
    row = world.pages.rows[1]
    assert (row.content_hash, row.status, row.bytes_on_wire) == (got.content_hash, 200, 11)
    assert world.pages.stored["http://a.org/x"].page == got


async def test_requests_carry_one_honest_name(world: World) -> None:
    """Every request, robots.txt too, names us; it goes to the checked address under the site's name."""
    world.sites["http://a.org/x"] = page()
    await world.fetcher.get("http://a.org/x")
    assert {request.headers["User-Agent"] for request in world.requests} == {
        Identity("https://example.org/bot").user_agent
    }
    assert {request.url.host for request in world.requests} == {PUBLIC}
    assert {request.headers["Host"] for request in world.requests} == {"a.org"}


async def test_robots_are_asked_once_a_day(world: World) -> None:
    """Rules are kept for 24 hours and then asked for again."""
    world.sites["http://a.org/x"] = page()
    for _ in range(3):
        await world.fetcher.get("http://a.org/x")
    assert world.urls.count("http://a.org/robots.txt") == 1
    world.now += timedelta(hours=24)
    await world.fetcher.get("http://a.org/x")
    assert world.urls.count("http://a.org/robots.txt") == 2


async def test_a_disallowed_page_is_not_asked_for(world: World) -> None:
    """robots.txt holds, the refusal is in the ledger, the rest of the site is open."""
    world.sites["http://a.org/robots.txt"] = page("User-agent: VitalityBot\nDisallow: /no\n")
    world.sites["http://a.org/yes"] = page(X_Robots_Tag="noindex, nofollow")
    with pytest.raises(RobotsDisallowed):
        await world.fetcher.get("http://a.org/no/x")
    assert world.urls == ["http://a.org/robots.txt"]
    assert world.pages.rows[-1].outcome is Outcome.ROBOTS_DISALLOWED
    assert (await world.fetcher.get("http://a.org/yes")).status == 200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_robots_that_are_refused_allow_everything(world: World, status: int) -> None:
    """4xx means that there are no rules (RFC 9309 section 2.3.1.3)."""
    world.sites["http://a.org/robots.txt"] = reply(status, body=b"User-agent: *\nDisallow: /")
    world.sites["http://a.org/"] = page()
    assert (await world.fetcher.get("http://a.org/")).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_robots_in_trouble_allow_nothing_for_now(world: World, status: int) -> None:
    """A server error is no permission: the host waits, and is asked again afterwards."""
    world.sites["http://a.org/robots.txt"] = reply(status)
    world.sites["http://a.org/"] = page()
    with pytest.raises(HostWait) as wait:
        await world.fetcher.get("http://a.org/")
    assert wait.value.until > world.now
    with pytest.raises(HostWait):
        await world.fetcher.get("http://a.org/")
    assert len(world.asked) == 1
    world.now = wait.value.until
    world.sites["http://a.org/robots.txt"] = reply(404)
    assert (await world.fetcher.get("http://a.org/")).status == 200


async def test_unreachable_robots_say_that_the_host_is_unreachable(world: World) -> None:
    """No connection for robots.txt is no connection to the host, and rests it."""
    world.sites["http://a.org/robots.txt"] = httpx.ConnectError("refused")
    with pytest.raises(Unreachable) as caught:
        await world.fetcher.get("http://a.org/x")
    assert caught.value.url == "http://a.org/x"
    with pytest.raises(HostWait):
        await world.fetcher.get("http://a.org/x")


async def test_robots_follow_redirects_and_serve_both_names(world: World) -> None:
    """A robots.txt behind a redirect counts, and the host it stands on need not be asked again."""
    there = reply(301, headers={"Location": "http://www.a.org/robots.txt"})
    world.sites["http://a.org/robots.txt"] = there
    world.sites["http://www.a.org/robots.txt"] = page("User-agent: *\nDisallow: /no\n")
    with pytest.raises(RobotsDisallowed):
        await world.fetcher.get("http://a.org/no")
    with pytest.raises(RobotsDisallowed):
        await world.fetcher.get("http://www.a.org/no")
    assert world.urls == ["http://a.org/robots.txt", "http://www.a.org/robots.txt"]


async def test_robots_that_redirect_for_ever_allow_everything(world: World) -> None:
    """After five redirects the rules count as not there."""
    world.sites["http://a.org/robots.txt"] = reply(302, headers={"Location": "/robots.txt"})
    world.sites["http://a.org/"] = page()
    assert (await world.fetcher.get("http://a.org/")).status == 200
    assert world.urls.count("http://a.org/robots.txt") == 6


async def test_a_crawl_delay_is_slept(world: World) -> None:
    """The site's own delay holds from the very first page."""
    world.sites["http://a.org/robots.txt"] = page("User-agent: *\nCrawl-delay: 7\n")
    world.sites["http://a.org/x"] = page()
    for _ in range(3):
        await world.fetcher.get("http://a.org/x")
    times = [at for _, at in world.asked]
    assert [(b - a).total_seconds() for a, b in pairwise(times)] == [7, 7, 7]


async def test_a_very_long_crawl_delay_goes_back_as_a_time(world: World) -> None:
    """A delay beyond the longest we sleep is a HostWait that costs no slot, and is kept."""
    world.sites["http://a.org/robots.txt"] = page("User-agent: *\nCrawl-delay: 600\n")
    world.sites["http://a.org/x"] = page()
    until = world.now + timedelta(seconds=600)
    for _ in range(2):
        with pytest.raises(HostWait) as wait:
            await world.fetcher.get("http://a.org/x")
        assert wait.value.until == until
    world.now = until
    assert (await world.fetcher.get("http://a.org/x")).status == 200


async def test_a_stored_page_is_asked_for_conditionally(world: World) -> None:
    """The second request carries both validators, and 304 gives the stored page again."""
    world.sites["http://a.org/x"] = page(ETag='"1"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")
    first = await world.fetcher.get("http://a.org/x")
    world.sites["http://a.org/x"] = reply(304)
    again = await world.fetcher.get("http://a.org/x")
    sent = world.requests[-1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Thu, 01 Jan 2026 00:00:00 GMT")
    assert (again.text, again.content_hash) == (first.text, first.content_hash)
    assert again.fetched_at == world.now
    assert world.seen[-1] is Outcome.NOT_MODIFIED
    assert first.last_modified == datetime(2026, 1, 1, tzinfo=UTC)


async def test_304_without_a_stored_page_is_no_page(world: World) -> None:
    """A server that says 304 unasked gives nothing to read."""
    world.sites["http://a.org/x"] = reply(304)
    with pytest.raises(BadContent):
        await world.fetcher.get("http://a.org/x")


async def test_a_fresh_page_needs_no_request() -> None:
    """Within `fresh_for` the stored page stands for the request; after it the site is asked."""
    world = World(fresh_for=timedelta(minutes=10))
    world.sites["http://a.org/x"] = page()
    first = await world.fetcher.get("http://a.org/x")
    assert await world.fetcher.get("http://a.org/x") == first
    assert world.urls.count("http://a.org/x") == 1
    world.now += timedelta(minutes=10)
    await world.fetcher.get("http://a.org/x")
    assert world.urls.count("http://a.org/x") == 2


async def test_a_redirect_passes_all_checks_again(world: World) -> None:
    """The new host's robots.txt, slot and address are checked like the first one's."""
    world.sites["http://a.org/"] = reply(301, headers={"Location": "http://b.org/home"})
    world.sites["http://b.org/robots.txt"] = page("User-agent: *\nDisallow: /home\n")
    with pytest.raises(RobotsDisallowed):
        await world.fetcher.get("http://a.org/")
    assert world.urls == ["http://a.org/robots.txt", "http://a.org/", "http://b.org/robots.txt"]
    assert Outcome.REDIRECTED in world.seen


async def test_a_redirect_to_a_private_address_is_refused(world: World) -> None:
    """A site cannot send us into the network that we run in."""
    world.names["inside.org"] = ["10.0.0.1"]
    world.sites["http://a.org/"] = reply(302, headers={"Location": "http://inside.org/"})
    with pytest.raises(AddressForbidden):
        await world.fetcher.get("http://a.org/")
    assert all("inside" not in url for url in world.urls)


async def test_redirects_end(world: World) -> None:
    """Five redirects are followed, a sixth is an error."""
    world.sites["http://a.org/"] = reply(302, headers={"Location": "/"})
    with pytest.raises(BadContent, match="5 redirects"):
        await world.fetcher.get("http://a.org/")
    assert world.urls.count("http://a.org/") == 6


async def test_cookies_live_within_a_chain_only(world: World) -> None:
    """A cookie that a redirect sets comes back in that chain, and never in another request."""

    def gatekeeper(request: httpx.Request) -> httpx.Response:
        if "Cookie" in request.headers:
            return page()(request)
        return reply(302, {"Location": "/", "Set-Cookie": "seen=1; Path=/"})(request)

    world.sites["http://a.org/"] = gatekeeper
    world.sites["http://a.org/y"] = page()
    await world.fetcher.get("http://a.org/")
    await world.fetcher.get("http://a.org/y")
    assert [request.headers.get("Cookie") for request in world.requests] == [None, None, "seen=1", None]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(403), AccessDenied),
        (reply(404), NotFound),
        (reply(500), ServerFailed),
        (reply(418), BadContent),
        (httpx.ConnectTimeout("slow"), Unreachable),
        (httpx.ReadError("reset"), Unreachable),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Unreachable),
        (httpx.RemoteProtocolError("illegal status line"), ServerFailed),
        (reply(200, headers={"Content-Type": "image/png"}, body=b"x"), BadContent),
        (reply(200, headers={**HTML, "Content-Encoding": "br"}, body=b"x"), BadContent),
    ],
)
async def test_each_failure_has_its_error(world: World, answer: Handler | Exception, error: type[FetchError]) -> None:
    """What goes wrong is raised as the one error that stands for it, and recorded."""
    world.sites["http://a.org/x"] = answer
    with pytest.raises(error) as caught:
        await world.fetcher.get("http://a.org/x")
    assert type(caught.value) is error
    assert world.pages.rows[-1].reason == caught.value.reason
    assert not world.pages.stored


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_rest_gets_it(world: World, status: int) -> None:
    """Retry-After closes the whole host, whichever page answered it."""
    world.sites["http://a.org/x"] = reply(status, headers={"Retry-After": "300"})
    world.sites["http://a.org/y"] = page()
    with pytest.raises(HostWait) as wait:
        await world.fetcher.get("http://a.org/x")
    assert wait.value.until == world.now + timedelta(seconds=300)
    with pytest.raises(HostWait):
        await world.fetcher.get("http://a.org/y")
    world.now = wait.value.until
    assert (await world.fetcher.get("http://a.org/y")).status == 200


async def test_one_broken_page_does_not_close_its_host(world: World) -> None:
    """A 500 or a 404 is a page's trouble; the next page is asked for."""
    world.sites["http://a.org/x"] = reply(500)
    world.sites["http://a.org/y"] = page()
    with pytest.raises(ServerFailed):
        await world.fetcher.get("http://a.org/x")
    assert (await world.fetcher.get("http://a.org/y")).status == 200
    assert await world.hosts.closed_until(Host("a.org")) is None


async def test_sizes_are_bounded() -> None:
    """Announced length, bytes on the wire and bytes after decompression each have their cap."""
    world = World(caps=Caps(wire_bytes=2_000, page_bytes=10_000))
    bomb = {**HTML, "Content-Encoding": "gzip"}
    world.sites["http://a.org/announced"] = page("x" * 2_001)
    world.sites["http://a.org/bomb"] = reply(200, headers=bomb, body=gzip.compress(b"x" * 20_000))
    world.sites["http://a.org/good"] = reply(200, headers=bomb, body=gzip.compress(b"x" * 9_000))

    world.sites["http://a.org/endless"] = reply(200, headers=HTML, body=Endless())
    for path in ("announced", "bomb", "endless"):
        with pytest.raises(BadContent):
            await world.fetcher.get(f"http://a.org/{path}")
    assert len((await world.fetcher.get("http://a.org/good")).text) == 9_000


async def test_the_next_address_is_tried(world: World) -> None:
    """Where the first of a name's addresses refuses, the second is asked; no byte was sent before."""
    world.names["a.org"] = ["93.184.216.35", PUBLIC]

    def only_second(request: httpx.Request) -> httpx.Response:
        if request.url.host != PUBLIC:
            raise httpx.ConnectError("refused")
        return page()(request)

    world.sites["http://a.org/robots.txt"] = world.sites["http://a.org/x"] = only_second
    assert (await world.fetcher.get("http://a.org/x")).status == 200


async def test_json_is_taken_under_any_name(world: World) -> None:
    """A caller that reads JSON gets it whatever the server calls it."""
    world.sites["http://a.org/x"] = page('{"a": 1}')
    got = await world.fetcher.get("http://a.org/x", accept=Accept.JSON)
    assert got.text == '{"a": 1}'
    assert world.requests[-1].headers["Accept"].startswith("application/json")


async def test_a_gzip_file_is_unpacked(world: World) -> None:
    """A sitemap that is a gzip file is read as what it holds; a broken or swollen one is no page."""
    packed = gzip.compress(b"<urlset/>")
    file = {"Content-Type": "application/x-gzip"}
    world.sites["http://a.org/sitemap.xml.gz"] = reply(200, file, packed)
    world.sites["http://a.org/cut.gz"] = reply(200, file, packed[:-5])
    world.sites["http://a.org/image.gz"] = reply(200, file, gzip.compress(b"\x89PNG\x00"))
    got = await world.fetcher.get("http://a.org/sitemap.xml.gz")
    assert (got.text, got.body) == ("<urlset/>", b"<urlset/>")
    for name in ("cut.gz", "image.gz"):
        with pytest.raises(BadContent):
            await world.fetcher.get(f"http://a.org/{name}")


async def test_sitemaps_come_from_robots(world: World) -> None:
    """The Sitemap lines are given as absolute URLs."""
    world.sites["http://a.org/robots.txt"] = page("Sitemap: /s.xml\nSitemap: http://b.org/t.xml\n")
    assert await world.fetcher.sitemaps("http://a.org/deep/page") == ("http://a.org/s.xml", "http://b.org/t.xml")


URLS = st.one_of(
    st.text(max_size=60),
    st.builds("http://{}/{}".format, st.text(max_size=12), st.text(max_size=30)),
    st.builds(
        "{}://a.org:{}?{}#{}".format,
        st.sampled_from(["http", "HTTPS", "ftp"]),
        st.text(max_size=6),
        st.text(),
        st.text(),
    ),
)


@settings(deadline=None, max_examples=150)
@given(url=URLS, location=URLS)
async def test_any_url_gives_a_page_or_an_error_of_ours(url: str, location: str) -> None:
    """Whatever is written in a link, a redirect or a Sitemap line, no foreign error comes out."""
    world = World()
    raw = "".join(filter(str.isprintable, location)).encode("utf-8", "replace")
    world.sites["http://a.org/"] = lambda _: httpx.Response(302, headers=[(b"Location", raw)])
    world.sites["http://a.org/robots.txt"] = page(f"Sitemap: {location.encode('utf-8', 'replace').decode()}\n")
    async with world.fetcher:
        for asked in (url, "http://a.org/"):
            with contextlib.suppress(FetchError):
                await world.fetcher.get(asked)
        await world.fetcher.sitemaps("http://a.org/")


async def test_without_a_browser_nothing_is_drawn(world: World) -> None:
    """Where no browser is set up the caller is told so."""
    with pytest.raises(BrowserUnavailable):
        await world.fetcher.render("http://a.org/")
