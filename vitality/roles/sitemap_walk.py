"""The pages that a site names itself: the sitemaps of its robots.txt, else the usual address, indexes followed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import urljoin

from vitality.errors import FetchError, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.sitemap import Sitemap, SitemapEntry, read_sitemap

MAX_SITEMAPS = 3
"""Files read of one site, indexes included."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapReading:
    """The pages that sitemaps name, and the requests it took to learn them."""

    pages: tuple[SitemapEntry, ...] = ()
    requests: int = 0


async def read_sitemaps(fetcher: Fetcher, home_url: str, *, budget: int = MAX_SITEMAPS) -> SitemapReading:
    """Reads at most `budget` sitemaps of a site; what is missing, refused or broken is passed over.

    Of an index, the sitemaps of pages come before those of posts and the like.
    """
    queue = list(await _named(fetcher, home_url)) or [urljoin(home_url, "/sitemap.xml")]
    pages: list[SitemapEntry] = []
    requests = 0
    while queue and requests < min(budget, MAX_SITEMAPS):
        requests += 1
        found = await _one(fetcher, queue.pop(0))
        pages.extend(found.pages)
        queue.extend(sorted((s.url for s in found.sitemaps), key=lambda each: "page" not in each))
    return SitemapReading(pages=tuple(pages), requests=requests)


async def _named(fetcher: Fetcher, home_url: str) -> tuple[str, ...]:
    try:
        return await fetcher.sitemaps(home_url)
    except FetchError as error:
        _log.debug("no sitemaps known: %s", error)
        return ()


async def _one(fetcher: Fetcher, url: str) -> Sitemap:
    try:
        return read_sitemap(await fetcher.get(url))
    except (FetchError, Unreadable) as error:
        _log.debug("sitemap passed over: %s", error)
        return Sitemap()
