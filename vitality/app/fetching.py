"""The fetching of a process, built from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from vitality.fetch.browser import Browser
from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.http import Caps
from vitality.fetch.identity import Identity
from vitality.fetch.pacing import Pace
from vitality.fetch.port import Fetcher, HostState, PageStore
from vitality.records import RequestRow
from vitality.settings import Settings
from vitality.telemetry.logs import Log
from vitality.telemetry.metrics import Metrics, Request


@dataclass(frozen=True, slots=True)
class Fetching:
    """The way out to the network, and the browser where one may be used."""

    fetcher: Fetcher
    browser: Browser | None

    async def recycle(self) -> None:
        """Gives back the memory of the browser."""
        if self.browser is not None:
            await self.browser.recycle()

    async def browser_state(self) -> str:
        """A readiness check: whether pages that need JavaScript can be drawn, and in which sandbox."""
        return "off" if self.browser is None else self.browser.how


@asynccontextmanager
async def make_fetching(
    settings: Settings,
    *,
    hosts: HostState,
    pages: PageStore,
    metrics: Metrics,
    log: Log,
    trusted: Callable[[], bool] = lambda: True,
) -> AsyncIterator[Fetching]:
    """The live fetcher; its requests show in the metrics, and none is sent while `trusted` says no. The browser starts with the first page that needs it."""
    identity = Identity(contact=settings.contact_url)

    def observe(row: RequestRow) -> None:
        metrics.request_done(
            Request(
                outcome=row.outcome.value,
                seconds=row.duration.total_seconds(),
                received=row.bytes_on_wire,
                scheme=row.url.partition(":")[0],
                status=row.status,
            )
        )
        log.debug("request", url=row.url, outcome=row.outcome.value, status=row.status)

    async with AsyncExitStack() as stack:
        browser = None
        if settings.browser == "auto":
            browser = Browser(
                user_agent=identity.user_agent, executable=settings.browser_path, recycled=metrics.browser_recycled
            )
            await stack.enter_async_context(browser)
        fetcher = PoliteFetcher(
            hosts=hosts,
            pages=pages,
            identity=identity,
            pace=Pace(delay=timedelta(seconds=settings.host_delay)),
            caps=Caps(
                wire_bytes=settings.wire_bytes,
                page_bytes=settings.page_bytes,
                total=timedelta(seconds=settings.request_timeout),
            ),
            proxy=settings.http_proxy.get_secret_value() if settings.http_proxy else None,
            browser=browser,
            allow_loopback=settings.allow_loopback,
            observe=observe,
            trusted=trusted,
        )
        yield Fetching(await stack.enter_async_context(fetcher), browser)
