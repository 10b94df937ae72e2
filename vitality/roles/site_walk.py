"""The walk over one parish's web site: which pages are asked for, and what they say together.

1. The home page, drawn by the browser when it shows nothing without its scripts.
2. Its links, ranked by what they promise; the sitemaps as well when no link promises a schedule.
3. The most promising page next, until the schedule is complete, nothing promising is left, or the budget is spent.
   Every page read adds its own links. The sitemaps are asked when the links are used up; a few pages that promise
   nothing are tried while no Sunday Mass is known.
4. A page or two for the parish's address, telephone, e-mail and pastor, when no page so far gave them.
5. One schedule and one parish out of all that was read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from anyio import to_thread

from vitality.errors import BrowserUnavailable, FetchError, HostWait, Refused, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.dom import Link, parse
from vitality.pages.links import Candidate, Purpose, page_key, page_links, rank_links, same_site
from vitality.pages.merge import merge, of_parish
from vitality.pages.own_name import is_of_no_parish
from vitality.pages.page_reading import read_page
from vitality.pages.page_trust import SourceReading, is_about
from vitality.pages.parish import read_parish
from vitality.pages.passing import parts
from vitality.pages.schedule import ScheduleReading
from vitality.pages.script_need import script_need
from vitality.records import Page, Service
from vitality.roles.link_queue import STRONG, LinkQueue
from vitality.roles.site_reading import PageFailed, PageRead, SiteReading, Stop
from vitality.roles.sitemap_walk import read_sitemaps

DEFAULT_BUDGET = 12
"""Requests per site and visit, sitemaps included, robots.txt not."""

_log = logging.getLogger(__name__)

_NO_PAGE = re.compile(
    r"\b404\b|(?:page|file|seite|p[áa]gina) (?:was |could )?not (?:be )?found|p[áa]gina no encontrada", re.IGNORECASE
)
"""Titles of answers that say 200 and mean 404."""
_WORTH_WHEN_COMPLETE = 4.9
_WORTH_WHEN_SUNDAY_KNOWN = 3.0
_FACTS_WORTH = 6.0
_LINKS = 2000
"""Links of one page that are ranked."""
_SITEMAP_PAGES = 1000
"""Pages of sitemaps that are ranked, the least deep first: the rest are posts and events of years."""
_FACTS_TRIES = 2
_MASS = (Service.MASS, Service.DIVINE_LITURGY)


async def read_site(fetcher: Fetcher, home_url: str, *, budget: int = DEFAULT_BUDGET) -> SiteReading:
    """Reads the schedule and the facts of one parish site within `budget` requests.

    Raises the `FetchError` of the home page when no page of the site could be read.
    """
    walk = _Walk(fetcher, home_url, budget)
    await walk.start()
    await walk.follow()
    await walk.look_for_facts()
    return await to_thread.run_sync(walk.result)


async def read_every_page(fetcher: Fetcher, home_url: str, urls: Sequence[str]) -> SiteReading:
    """Reads the given pages of a site, linked or not; pages that nothing links are trusted less.

    Raises the home page's `FetchError`, or `Unreadable`, when none of them could be read.
    """
    walk = _Walk(fetcher, home_url, budget=len(urls))
    for url in urls:
        await walk.read(Candidate(url=url, text="", score=0, reason="stored"))
    if not walk.pages:
        raise walk.home_error or Unreadable(f"no page could be read of {home_url}")
    return await to_thread.run_sync(walk.result, walk.reachable(await walk.sitemap_links()))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the pages so far state of the standing schedule; `dedicated`: on a page made for Masses."""

    sunday: bool
    weekday: bool
    confession: bool
    dedicated: bool


@dataclass(slots=True)
class _Walk:
    fetcher: Fetcher
    home_url: str
    budget: int
    site_urls: list[str] = field(default_factory=list)
    pages: list[PageRead] = field(default_factory=list)
    failed: list[PageFailed] = field(default_factory=list)
    blocked: list[PageFailed] = field(default_factory=list)
    links: LinkQueue = field(default_factory=LinkQueue)
    seen: set[str] = field(default_factory=set)
    found_links: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    browser_missed: list[str] = field(default_factory=list)
    requests: int = 0
    stop: Stop = Stop.EXHAUSTED
    postponed: datetime | None = None
    home_error: FetchError | None = None
    sitemap_read: bool = False
    sitemap: tuple[Link, ...] = ()

    async def start(self) -> None:
        """Reads the home page, and the sitemaps when its links promise too little."""
        self.site_urls.append(self.home_url)
        await self.read(Candidate(url=self.home_url, text="", score=0, reason="home page"))
        if isinstance(self.home_error, (Refused, HostWait)):
            raise self.home_error
        if self.links.best_score() < STRONG:
            await self._offer_sitemap()
        if not self.pages and self.links.empty and self.home_error is not None:
            raise self.home_error

    async def follow(self) -> None:
        """Reads the most promising pages until there is enough, nothing is left, or the budget is spent."""
        while (candidate := self._next() or await self._next_of_sitemap() or self._next_neutral()) is not None:
            if self.requests >= self.budget:
                self.stop = Stop.BUDGET_SPENT
                return
            await self.read(candidate)
        if not self.pages and self.home_error is not None:
            raise self.home_error

    async def look_for_facts(self) -> None:
        """Asks for a contact and a staff page while the pages so far lack address, telephone, e-mail or pastor."""
        links = [*(link for found in self.found_links.values() for link in found), *self.sitemap]
        ranked = rank_links(links, page_url=self.pages[0].page.url, purpose=Purpose.PARISH_FACTS)
        for candidate in [c for c in ranked if page_key(c.url) not in self.seen and c.score >= _FACTS_WORTH][
            :_FACTS_TRIES
        ]:
            facts = await to_thread.run_sync(read_parish, [p.page for p in self.pages])
            known = facts is not None and facts.street and facts.phone and facts.email and facts.pastor
            if known or self.requests >= self.budget:
                return
            await self.read(candidate)

    async def read(self, candidate: Candidate) -> None:
        """Asks for one page and reads it; a failure is noted, not raised."""
        self.seen.add(page_key(candidate.url))
        try:
            page = await self._get(candidate.url)
        except FetchError as error:
            self._note(error, is_home=candidate.url == self.home_url)
            return
        if page_key(page.url) in {page_key(p.page.url) for p in self.pages} or not self._of_site(page.url, candidate):
            return
        self.seen.add(page_key(page.url))
        if not _is_html(page):
            return
        # A page of megabytes takes seconds to read: not in the event loop, whose heartbeats must go on.
        reading, split, links = await to_thread.run_sync(_read, page)
        if _NO_PAGE.search(reading.title):
            self.failed.append(PageFailed(url=page.url, kind="NotFound", reason=f"its title says “{reading.title}”"))
            return
        self.pages.append(PageRead(page=page, reading=reading, why=candidate.reason, parts=split))
        self.found_links[page_key(page.url)] = links
        self._offer(links, "")

    async def sitemap_links(self) -> tuple[Link, ...]:
        """The pages that the site's sitemaps name."""
        home = self.pages[0].page.url if self.pages else self.home_url
        found = await read_sitemaps(self.fetcher, home, budget=max(1, self.budget - self.requests))
        self.requests += found.requests
        shallow = sorted((entry.url for entry in found.pages), key=lambda url: url.count("/"))[:_SITEMAP_PAGES]
        return tuple(Link(url=url, text="") for url in shallow)

    async def _offer_sitemap(self) -> None:
        self.sitemap_read = True
        self.sitemap = await self.sitemap_links()
        self._offer(self.sitemap, "sitemap")

    def reachable(self, sitemap: Sequence[Link]) -> frozenset[str]:
        """Keys of the pages that the home page leads to over any number of links, or that a sitemap names."""
        known = {page_key(link.url) for link in sitemap}
        frontier = [page_key(self.pages[0].page.url)] if self.pages else []
        frontier += list(known)
        known |= set(frontier)
        while frontier:
            targets = {page_key(link.url) for link in self.found_links.get(frontier.pop(), ())}
            frontier += list(targets - known)
            known |= targets
        return frozenset(known)

    def result(self, linked: frozenset[str] | None = None) -> SiteReading:
        """All that was read, as one."""
        sources = [self._source(p, linked) for p in self.pages]
        trusted = [p.page for p, s in zip(self.pages, sources, strict=True) if s.linked]
        divided = [replace(s, reading=r) for p, s in zip(self.pages, sources, strict=True) for r in p.parts]
        parish, times = read_parish(trusted), merge(divided)
        if parish is None and self.pages and is_of_no_parish(self.pages[0].reading.title):
            times = ()  # a school's Masses are its pupils', a diocese's those of its broadcasts
        return SiteReading(
            home_url=self.pages[0].page.url if self.pages else self.home_url,
            times=of_parish(times, parish.name, parish.rite) if parish is not None else times,
            parish=parish,
            pages=tuple(replace(p, linked=s.linked) for p, s in zip(self.pages, sources, strict=True)),
            failed=tuple(self.failed),
            blocked=tuple(self.blocked),
            requests=self.requests,
            stop=self.stop,
            postponed=self.postponed,
            browser_missed=tuple(self.browser_missed),
        )

    async def _get(self, url: str) -> Page:
        self.requests += 1
        page = await self.fetcher.get(url)
        if _is_html(page) and script_need(page).needed:
            try:
                self.requests += 1
                return await self.fetcher.render(page.url)
            except BrowserUnavailable:
                self.requests -= 1
                self.browser_missed.append(page.url)
        return page

    def _next(self) -> Candidate | None:
        worth = self._worth()
        best = self.links.best(self.seen, worth)
        if best is None and worth == _WORTH_WHEN_COMPLETE:
            self.stop = Stop.COMPLETE
        return best

    async def _next_of_sitemap(self) -> Candidate | None:
        """The best page that only a sitemap names, when the links are used up and the schedule is not complete."""
        if self.sitemap_read or self._worth() == _WORTH_WHEN_COMPLETE or self.requests + 1 >= self.budget:
            return None
        await self._offer_sitemap()
        return self._next()

    def _next_neutral(self) -> Candidate | None:
        """A page that promises nothing, while not even the Sunday Masses are known."""
        return None if self._known().sunday else self.links.unpromising(self.seen)

    def _worth(self) -> float:
        """The score above which another page is worth a request, given what is known by now."""
        known = self._known()
        if known.sunday and known.weekday and known.confession and known.dedicated:
            return _WORTH_WHEN_COMPLETE
        return _WORTH_WHEN_SUNDAY_KNOWN if known.sunday and known.dedicated else 0.0

    def _known(self) -> _Known:
        standing = ((p, p.parts[0]) for p in self.pages)
        times = [(t, p) for p, part in standing if not part.transient for t in part.times if t.kind == "regular"]
        return _Known(
            sunday=any(t.service in _MASS and {"SU", "SA"} & set(t.days) for t, _ in times),
            weekday=any(t.service in _MASS and {"MO", "TU", "WE", "TH", "FR"} & set(t.days) for t, _ in times),
            confession=any(t.service is Service.CONFESSION for t, _ in times),
            dedicated=any(t.service in _MASS and is_about(self._source(p, None), Service.MASS) for t, p in times),
        )

    def _offer(self, links: Iterable[Link], why: str) -> None:
        self.links.offer(links, self.pages[0].page.url if self.pages else self.home_url, why)

    def _source(self, read: PageRead, linked: frozenset[str] | None) -> SourceReading:
        key = page_key(read.page.url)
        return SourceReading(
            url=read.page.url,
            reading=read.reading,
            linked=linked is None or key in linked,
            modified=read.page.last_modified,
            fetched=read.page.fetched_at,
        )

    def _of_site(self, url: str, candidate: Candidate) -> bool:
        """Whether a page, after redirects, is of this site; the home page's own redirect may lead to another name."""
        if candidate.url == self.home_url and not self.pages:
            self.site_urls.append(url)
            return True
        if any(same_site(url, site) for site in self.site_urls or [self.home_url]):
            return True
        _log.debug("left the site: %s", url)
        return False

    def _note(self, error: FetchError, *, is_home: bool) -> None:
        failed = PageFailed(url=error.url, kind=type(error).__name__, reason=error.reason)
        (self.blocked if isinstance(error, Refused) else self.failed).append(failed)
        if isinstance(error, HostWait):
            self.postponed = max(self.postponed or error.until, error.until)
        if is_home:
            self.home_error = error


def _read(page: Page) -> tuple[ScheduleReading, tuple[ScheduleReading, ...], tuple[Link, ...]]:
    reading = read_page(page)
    return reading, parts(reading, page.text), page_links(parse(page.text), page.url)[:_LINKS]


def _is_html(page: Page) -> bool:
    return "html" in page.content_type or page.content_type == "text/plain"
