"""The seams of fetching: what the roles ask of it, and what it asks of the shared state.

`Fetcher` is implemented by the live fetcher and by the one that reads a stored folder; `HostState` and
`PageStore` are implemented on Postgres (coordination and storage) and in memory (tests, reading folders).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from vitality.records import Host, Outcome, Page, RequestRow, StoredPage, StoredRobots

__all__ = [
    "Accept",
    "Fetcher",
    "HostState",
    "PageStore",
    "Outcome",
    "RequestRow",
    "StoredPage",
    "StoredRobots",
]


class Accept(StrEnum):
    """What kind of answer the caller can read."""

    PAGE = "page"
    """HTML or XHTML, JSON, XML (KML, sitemap), PDF or plain text."""
    JSON = "json"
    """JSON, whatever the media type says."""


class Fetcher(Protocol):
    """The only way from a role to a web site.

    Both calls raise a `FetchError`. `render` draws the page in the browser and raises `BrowserUnavailable`
    where none works.
    """

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page: ...

    async def render(self, url: str) -> Page: ...

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the site's robots.txt names (RFC 9309 hosts them as extension lines)."""
        ...


class HostState(Protocol):
    """What all workers know and decide together about a host."""

    async def reserve(self, host: Host, delay: timedelta, *, within: timedelta, unused: bool = False) -> timedelta:
        """Takes the next start slot, at least `delay` after the last one; returns how long until it begins.

        A slot that begins later than `within` from now is not taken: an answer above `within` says when to
        come back, and costs nobody else a turn. `unused` says that the slot which this process took last passed
        without a request: it is moved, if nobody has one behind it.
        """
        ...

    def instant(self, wait: timedelta) -> datetime:
        """The instant so long from now on the clock by which all instants here are told: not this machine's own."""
        ...

    async def closed_until(self, host: Host) -> datetime | None:
        """When a host that is backed off, or whose circuit is open, may be asked again; None: now."""
        ...

    async def failed(self, host: Host, reason: str, *, retry_after: timedelta | None = None) -> datetime:
        """Notes a failure of the host itself; returns the instant before which it must not be asked."""
        ...

    async def succeeded(self, host: Host, *, answered_ago: timedelta) -> None:
        """Notes an answer: failures in a row start at zero again.

        The answer began so long ago; where that was after its request's slot, the next slot counts from there.
        """
        ...

    async def robots(self, host: Host) -> StoredRobots | None: ...

    async def keep_robots(self, host: Host, robots: StoredRobots) -> None: ...


class PageStore(Protocol):
    """Fetched pages by content, and the ledger of requests."""

    async def newest(self, url: str) -> StoredPage | None:
        """What was kept last of a page asked for at `url` (before redirects) without the browser."""
        ...

    async def keep(self, stored: StoredPage) -> None: ...

    async def record(self, row: RequestRow) -> None: ...
