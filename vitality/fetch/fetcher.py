"""The live fetcher: one page for one URL, politely.

1. The URL's scheme and address are checked, then its host's robots.txt, circuit and slot (`gate`).
2. The page is asked for, with the validators of the stored version if there is one.
3. A redirect starts again at 1 with its target, five times at most.
4. What the answer means is decided from its status (`verdict`), its media type (`media`) and its size (`http`).
5. The page is decoded and kept; 304 gives the stored one. Each request becomes a row of the ledger.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

import anyio
import httpx

from vitality.errors import BadContent, BrowserUnavailable, FetchError, HostWait
from vitality.fetch.addresses import AddressGuard, Resolve, Target, parse, resolve
from vitality.fetch.archive import rendered_page, stored_page
from vitality.fetch.cookies import ChainCookies
from vitality.fetch.gate import Gate
from vitality.fetch.http import Answer, Ask, Caps, HttpExchange
from vitality.fetch.identity import Identity
from vitality.fetch.inflate import GZIP_MAGIC, BrokenEncoding, TooMuch, inflate
from vitality.fetch.ledger import Clock, Entry, Ledger, Observe, utc_now
from vitality.fetch.media import ACCEPT_HEADERS, is_readable, sniff
from vitality.fetch.pacing import Pace, retry_after
from vitality.fetch.port import Accept, HostState, PageStore
from vitality.fetch.robots_cache import RobotsCache
from vitality.fetch.subrequests import Subrequests
from vitality.fetch.turns import Sleep, Turns
from vitality.fetch.verdict import READABLE, WAIT, error_for, is_host_trouble, redirect_target
from vitality.records import Outcome, Page, StoredPage

if TYPE_CHECKING:
    from vitality.fetch.browser import Browser  # playwright is slow to import, and not needed without a browser

_DRAWABLE = frozenset({"text/html", "application/xhtml+xml"})
_JUST_FETCHED = timedelta(minutes=10)


@dataclass(slots=True)
class _Chain:
    """A page being asked for: what was asked, what is stored of it, and the cookies of its redirects."""

    requested: str
    accept: Accept
    stored: StoredPage | None
    cookies: ChainCookies


class PoliteFetcher:
    """`Fetcher` over the network; one a process, safe for concurrent use, closed by its context.

    `proxy` is the URL of a trusted forward proxy; `browser` is closed by who made it; `fresh_for` lets a page stored so lately stand for a request
    (zero: every request is sent); `observe` sees each row of the ledger; nothing is sent while `trusted` says no. `clock`,
    `ticks` (monotonic), `sleep`, `resolve` and `transport` stand for the world in tests.
    """

    def __init__(
        self,
        *,
        hosts: HostState,
        pages: PageStore,
        identity: Identity,
        pace: Pace | None = None,
        caps: Caps | None = None,
        proxy: str | None = None,
        allow_loopback: bool = False,
        browser: Browser | None = None,
        fresh_for: timedelta = timedelta(0),
        observe: Observe | None = None,
        clock: Clock = utc_now,
        sleep: Sleep = anyio.sleep,
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        ticks: Callable[[], float] = time.monotonic,
        trusted: Callable[[], bool] = lambda: True,
    ) -> None:
        proxied = proxy is not None
        self._caps = caps or Caps()
        self._proxied = proxied
        self._browser = browser
        self._fresh_for = fresh_for
        self._pages = pages
        self._clock = clock
        self._ledger = Ledger(pages, observe=observe, clock=clock)
        self._exchange = HttpExchange(
            user_agent=identity.user_agent, caps=self._caps, proxy=proxy, transport=transport, trusted=trusted
        )
        self._turns = Turns(hosts, pace or Pace(), sleep=sleep, ticks=ticks, trusted=trusted)
        guard = AddressGuard(allow_loopback=allow_loopback, proxied=proxied, resolve=resolve)
        robots = RobotsCache(
            state=hosts,
            turns=self._turns,
            guard=guard,
            exchange=self._exchange,
            ledger=self._ledger,
            clock=clock,
            proxied=proxied,
        )
        self._gate = Gate(guard=guard, robots=robots, turns=self._turns)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes connections."""
        await self._exchange.aclose()

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        """The page at `url` after redirects, its fragment left out; raises a `FetchError`."""
        url = _without_fragment(url)
        stored = await self._stored(url)
        if stored is not None and self._age(stored.page) < self._fresh_for:
            return stored.page
        chain = _Chain(requested=url, accept=accept, stored=stored, cookies=ChainCookies())
        for _ in range(self._caps.redirects + 1):
            found = await self._hop(chain, url)
            if isinstance(found, Page):
                return found
            url = found
        raise BadContent(chain.requested, f"more than {self._caps.redirects} redirects")

    async def render(self, url: str) -> Page:
        """Draws the page in the browser; raises a `FetchError` or `BrowserUnavailable`.

        The document is fetched as any page is, or taken from the store when it has just been.
        """
        if self._browser is None:
            raise BrowserUnavailable(f"no browser is set up, so {url} cannot be drawn")
        page = await self._document(_without_fragment(url))
        drawn = await self._browser.draw(page, self._subrequests())
        stored = rendered_page(page, drawn.url, drawn.html, captured=drawn.captured, at=self._clock())
        await self._pages.keep(stored)
        return stored.page

    async def _document(self, url: str) -> Page:
        stored = await self._stored(url)
        if stored is not None and self._age(stored.page) < max(self._fresh_for, _JUST_FETCHED):
            page = stored.page
        else:
            page = await self.get(url)
        if page.content_type not in _DRAWABLE:
            raise BadContent(url, f"{page.content_type} cannot be drawn", status=page.status)
        return page

    def _subrequests(self) -> Subrequests:
        return Subrequests(
            gate=self._gate,
            turns=self._turns,
            exchange=self._exchange,
            ledger=self._ledger,
            clock=self._clock,
            document=self._document,
            proxied=self._proxied,
        )

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the host's robots.txt names, as absolute URLs."""
        base = str(parse(host_url).join("/robots.txt"))
        return tuple(_joined(base, await self._gate.sitemaps(host_url)))

    async def _stored(self, url: str) -> StoredPage | None:
        stored = await self._pages.newest(url)
        return None if stored is None or stored.page.rendered else stored

    def _age(self, page: Page) -> timedelta:
        return timedelta.max if page.fetched_at is None else self._clock() - page.fetched_at

    async def _hop(self, chain: _Chain, url: str) -> Page | str:
        """One request of a chain: the page, or the URL that it redirects to."""
        async with self._ledger.entry(url) as entry, self._gate.turn(url) as target:
            entry.sent = True
            answer = None
            try:
                answer = await self._exchange.send(self._ask(chain, target))
            except FetchError as error:
                await self._count_trouble(target, error)
                raise
            finally:
                if answer is None:
                    await self._turns.abandoned(target.host)
            entry.note(answer)
            await self._raise_for_status(target, chain, answer)
            chain.cookies.learn(answer)
            following = redirect_target(answer.url, answer.status, answer.headers)
            if following is not None:
                entry.outcome = Outcome.REDIRECTED
                return following
            return await self._keep(chain, entry, answer)

    def _ask(self, chain: _Chain, target: Target) -> Ask:
        headers = {
            "Accept": ACCEPT_HEADERS[chain.accept],
            **_validators(chain.stored, str(target.url)),
            **chain.cookies.headers_for(target.url),
        }

        def wants(status: int, answered: httpx.Headers) -> bool:
            return status in READABLE and is_readable(answered.get("content-type"), chain.accept)

        return Ask(target=target, headers=headers, wants=wants)

    async def _count_trouble(self, target: Target, error: FetchError) -> None:
        if is_host_trouble(error):
            await self._turns.gave_trouble(target.host, error.reason)

    async def _raise_for_status(self, target: Target, chain: _Chain, answer: Answer) -> None:
        """Raises what the status stands for, and tells the host's circuit how the host is."""
        if answer.status in WAIT:
            asked = retry_after(answer.headers.get("retry-after"), self._clock())
            until = await self._turns.gave_trouble(target.host, str(answer.status), retry_after=asked)
            raise HostWait(answer.url, f"the host answered {answer.status}", until=until, status=answer.status)
        error = _error(chain, answer, proxied=self._proxied)
        if error is not None and is_host_trouble(error):
            await self._count_trouble(target, error)
        else:
            await self._turns.answered(target.host, answer.began_at)
        if error is not None:
            raise error

    async def _keep(self, chain: _Chain, entry: Entry, answer: Answer) -> Page:
        if answer.status == HTTPStatus.NOT_MODIFIED and chain.stored is not None:
            entry.outcome = Outcome.NOT_MODIFIED
            page = replace(chain.stored.page, fetched_at=self._clock(), requested_url=chain.requested)
            stored = replace(chain.stored, page=page)
        else:
            stored = self._read(chain, answer)
        entry.content_hash = stored.page.content_hash
        await self._pages.keep(stored)
        return stored.page

    def _read(self, chain: _Chain, answer: Answer) -> StoredPage:
        header = answer.headers.get("content-type")
        body = self._unpacked(answer)
        content_type = sniff(header, body) if is_readable(header, chain.accept) else None
        if content_type is None:
            raise BadContent(answer.url, f"media type {header or 'unknown'} cannot be read", status=answer.status)
        return stored_page(
            answer.url,
            body,
            answer.headers,
            content_type=content_type,
            status=answer.status,
            requested_url=chain.requested,
            fetched_at=self._clock(),
        )

    def _unpacked(self, answer: Answer) -> bytes:
        """The body; where that is a gzip file (sitemaps often are), what is in it."""
        if not answer.body.startswith(GZIP_MAGIC):
            return answer.body
        try:
            return inflate(answer.body, self._caps.page_bytes)
        except (BrokenEncoding, TooMuch) as error:
            raise BadContent(answer.url, f"a gzip file that cannot be read ({error})", status=answer.status) from error


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _joined(base: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        try:
            yield urljoin(base, value)
        except ValueError:
            continue  # a line of robots.txt that is no URL names no sitemap


def _validators(stored: StoredPage | None, url: str) -> dict[str, str]:
    """Headers that make a request conditional (RFC 9110 section 13.1), for the very URL that was stored."""
    if stored is None or stored.page.url != url:
        return {}
    headers = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {name: value for name, value in headers.items() if value}


def _error(chain: _Chain, answer: Answer, *, proxied: bool) -> FetchError | None:
    if redirect_target(answer.url, answer.status, answer.headers) is not None:
        return None
    if answer.status == HTTPStatus.NOT_MODIFIED and _validators(chain.stored, answer.url):
        return None
    return error_for(answer.url, answer.status, proxied=proxied)
