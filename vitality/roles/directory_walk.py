"""Walks a diocese's web site: finds the page that lists the parishes, then reads all of the list.

Finding: the home page, then its links by what they promise, at most two hops away, then the sitemaps. A page counts
when parishes can be read from it; the one whose list is largest wins. Reading the whole list is in `directory_reading`.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urljoin, urlsplit

from vitality.errors import DirectoryNotFound, FetchError, HostWait, Refused, Unreadable
from vitality.fetch.port import Accept, Fetcher
from vitality.pages.detail_pages import pages_of_parishes, read_detail
from vitality.pages.directory import DirectoryReading, FollowKind
from vitality.pages.dom import Link, parse
from vitality.pages.links import Purpose, is_page_address, page_key, page_links, rank_links, rate, same_site
from vitality.pages.sitemap import read_sitemap
from vitality.records import Directory, Page
from vitality.roles.directory_proof import Proof, prove
from vitality.roles.directory_reading import ExtractedParishes, FailedDetail, extract_parishes

__all__ = ["ExtractedParishes", "FailedDetail", "FoundDirectory", "Tried", "extract_parishes", "find_directory"]

_MAX_HOPS = 2
_STRONG = 9.0
"""A link that names the directory itself."""
_ENOUGH = 5
"""As many parishes make a list; fewer may be a teaser."""
_MORE_TRIES = 2
"""Pages still looked at after a list was found, when a link promised as much."""
_DOCUMENT_LAST = 4.0
"""How much less a PDF promises than a page of the same words."""
_MAX_SITEMAPS = 3
_LAST_RESORT = 4
"""Links without a promise that are followed when nothing else led to a list."""
_TRIED_PAGES = 3
"""Pages read of those that a sitemap names in a folder of parishes, to prove them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One page that the search looked at, and what came of it."""

    url: str
    outcome: str
    """`read`, or the name of the `FetchError` that it ended with."""
    layout: str | None = None
    parishes: int = 0
    score: float = 0.0
    why: str = ""
    """Why the page was a candidate: the words of the link, `sitemap`, `endpoint`, `home page`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDirectory:
    """The directory page that yielded most, and the evidence of the search."""

    directory: Directory
    tried: tuple[Tried, ...]
    requests: int


async def find_directory(fetcher: Fetcher, home_url: str, *, budget: int = 12) -> FoundDirectory:
    """Finds the page of a diocese's web site from which its parishes can be read, within `budget` requests.

    Raises `DirectoryNotFound` whose `cause` tells an absent list from a site that refuses or fails.
    """
    search = _Search(fetcher, home_url, budget)
    await search.home()
    await search.follow()
    if search.best is None:
        await search.add_sitemaps()
        await search.follow()
    if search.best is None:
        await search.try_single_pages()
    if search.best is None:
        search.add_unpromising()
        await search.follow()
    return search.result()


def _pages_of_its_list(proof: Proof) -> frozenset[tuple[str, ...]]:
    """The path and the parameters that tell the pages of the list at a page from one another."""
    pagers = [each.url for each in proof.reading.follow if each.kind is FollowKind.PAGER]
    path = urlsplit(proof.page.url).path
    if len(proof.reading.parishes) < _ENOUGH:
        return frozenset()
    return frozenset(_shape(url) for url in pagers if urlsplit(url).query and urlsplit(url).path == path)


def _shape(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    return (parts.path, *sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))


def _is_document(url: str, page_url: str) -> bool:
    return urlsplit(url).path.lower().endswith(".pdf") and same_site(url, page_url)


def _is_silent(link: Link, page_url: str) -> bool:
    """Whether a link within the site has words, and none that speak for or against a list of parishes."""
    return (
        bool(link.text)
        and same_site(link.url, page_url)
        and is_page_address(link.url)
        and not rate(link, Purpose.DIRECTORY).reason
    )


def _refreshed_to(page: Page) -> str | None:
    """Where a page sends its visitors by a refresh."""
    if "refresh" not in page.text[:4000].lower():
        return None
    return next((link.url for link in page_links(parse(page.text), page.url) if link.rel == "meta"), None)


@dataclass(order=True, slots=True)
class _Waiting:
    order: float
    number: int
    url: str = field(compare=False)
    why: str = field(compare=False)
    hops: int = field(compare=False)


@dataclass(slots=True)
class _Search:
    fetcher: Fetcher
    home_url: str
    budget: int
    requests: int = 0
    tried: list[Tried] = field(default_factory=list)
    errors: list[FetchError] = field(default_factory=list)
    best: Proof | None = None
    best_promise: float = 0.0
    waiting: list[_Waiting] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    after: int = 0
    posted: str | None = None
    """A page whose list is told only to a form that is sent by POST."""
    silent: list[Link] = field(default_factory=list)
    """Links of the home page that promise nothing, in its order."""
    single: tuple[Page, tuple[str, ...]] | None = None
    """A sitemap and the pages of single parishes that it names."""

    async def home(self) -> None:
        """Reads the home page: a candidate itself, and the first source of links."""
        page = await self.get(self.home_url)
        if page is not None and (target := _refreshed_to(page)) is not None and same_site(target, self.home_url):
            self.seen.add(page_key(page.url))
            page = await self.get(target, why="refresh")
        if page is None:
            return
        self.seen |= {page_key(self.home_url), page_key(page.url)}
        proof = await prove(page, self.home_url, self.get, self.fetcher, render=False)
        self._keep(proof, "home page", 0.0)
        self._add_links(page, hops=1)
        if not self.waiting and self.best is None:
            proof = await prove(page, self.home_url, self.get, self.fetcher)
            self._keep(proof, "home page", 0.0)
            self._add_links(proof.page, hops=1)

    async def follow(self) -> None:
        """Looks at the waiting pages, the most promising first, until a list is found and nothing promises more."""
        while self.waiting and self.requests < self.budget:
            if self._is_enough(-self.waiting[0].order):
                return
            candidate = heapq.heappop(self.waiting)
            page = await self.get(candidate.url, why=candidate.why)
            if page is None or (page_key(page.url) in self.seen and page_key(page.url) != page_key(candidate.url)):
                continue
            self.seen.add(page_key(page.url))
            proof = await prove(page, self.home_url, self.get, self.fetcher)
            self._keep(proof, candidate.why, -candidate.order)
            if candidate.hops < _MAX_HOPS:
                self._add_links(proof.page, hops=candidate.hops + 1, but=_pages_of_its_list(proof))

    def _is_enough(self, promise: float) -> bool:
        if self.best is None or len(self.best.reading.parishes) < _ENOUGH:
            return False
        if promise < _STRONG:
            return True
        self.after += 1
        return self.after > _MORE_TRIES

    def _keep(self, proof: Proof, why: str, promise: float) -> None:
        reading = proof.reading
        if reading.is_posted:
            self.posted = self.posted or proof.page.url
        self.tried.append(
            Tried(
                url=proof.page.url,
                outcome="read",
                layout=reading.layout,
                parishes=len(reading.parishes),
                score=round(proof.promise, 1),
                why=why,
            )
        )
        if reading.parishes and (self.best is None or proof.promise > self.best.promise):
            self.best, self.best_promise = proof, promise

    def _add_links(self, page: Page, *, hops: int, but: frozenset[tuple[str, ...]] = frozenset()) -> None:
        """Adds the links of a page by what they promise, `but` those to further pages of the list that it holds."""
        if (
            any(kind in page.content_type for kind in ("json", "xml", "pdf", "csv"))
            and "xhtml" not in page.content_type
        ):
            return
        found = page_links(parse(page.text), page.url)
        documents = [rate(each, Purpose.DIRECTORY) for each in found if _is_document(each.url, page.url)]
        for candidate in rank_links(found, page_url=page.url, purpose=Purpose.DIRECTORY):
            if _shape(candidate.url) not in but:
                self._wait(candidate.url, candidate.score - 0.5 * (hops - 1), candidate.text or candidate.reason, hops)
        if hops == 1:
            self.silent = [each for each in found if _is_silent(each, page.url)]
        for document in documents:
            self._wait(document.url, document.score - _DOCUMENT_LAST, document.text or document.reason, hops)

    def _wait(self, url: str, score: float, why: str, hops: int) -> None:
        if score > 0 and page_key(url) not in self.seen:
            self.seen.add(page_key(url))
            heapq.heappush(self.waiting, _Waiting(-score, len(self.seen), url, why[:120], hops))

    async def add_sitemaps(self) -> None:
        """Adds the pages of the sitemaps whose addresses promise a list."""
        try:
            queue = [*await self.fetcher.sitemaps(self.home_url)][:_MAX_SITEMAPS]
        except FetchError as error:
            self.errors.append(error)
            return
        queue = queue or [urljoin(self.home_url, "/sitemap.xml")]
        asked = 0
        while queue and asked < _MAX_SITEMAPS:
            page = await self.get(queue.pop(0), why="sitemap")
            asked += 1
            try:
                sitemap = read_sitemap(page) if page is not None else None
            except Unreadable:
                continue
            if sitemap is None:
                continue
            queue.extend(entry.url for entry in sitemap.sitemaps if "post" not in entry.url.rpartition("/")[2])
            queue.sort(key=lambda url: not re.search(r"(?i)parish|church|location|wpsl", url))
            own = pages_of_parishes(entry.url for entry in sitemap.pages if same_site(entry.url, self.home_url))
            if page is not None and len(own) > len(self.single[1] if self.single else ()):
                self.single = page, own
            for entry in sitemap.pages:
                if entry.url not in own and same_site(entry.url, self.home_url):
                    self._wait(
                        entry.url, rate(Link(url=entry.url, text=""), Purpose.DIRECTORY).score, "sitemap", _MAX_HOPS
                    )

    def add_unpromising(self) -> None:
        """Adds the first links of the home page whose words say nothing, neither for nor against."""
        for link in [each for each in self.silent if page_key(each.url) not in self.seen][:_LAST_RESORT]:
            self._wait(link.url, 0.1, f"last resort: {link.text}", 1)

    async def try_single_pages(self) -> None:
        """Takes a sitemap for the directory when some of the pages that it names are a parish's each."""
        sitemap, urls = self.single or (None, ())
        if sitemap is None:
            return
        pages = [page for url in urls[:_TRIED_PAGES] if (page := await self.get(url, why="sitemap")) is not None]
        found = tuple(parish for page in pages if (parish := read_detail(page)) is not None)
        if len(found) >= max(2, len(pages) - 1):
            reading = DirectoryReading(layout="single_pages", parishes=found, score=float(len(urls)))
            self._keep(Proof(page=sitemap, reading=reading), "sitemap", 0.0)

    async def get(self, url: str, accept: Accept = Accept.PAGE, *, why: str = "endpoint") -> Page | None:
        """One request of the budget; a failure is evidence of its own."""
        if self.requests >= self.budget:
            return None
        self.requests += 1
        try:
            return await self.fetcher.get(url, accept=accept)
        except FetchError as error:
            self.errors.append(error)
            self.tried.append(Tried(url=url, outcome=type(error).__name__, why=why))
            return None

    def result(self) -> FoundDirectory:
        """The directory found; raises `DirectoryNotFound` with the cause."""
        if self.best is None:
            raise self._not_found()
        reading: DirectoryReading = self.best.reading
        directory = Directory(
            url=self.best.page.url, layout=reading.layout, data_url=self.best.data_url, parishes=len(reading.parishes)
        )
        return FoundDirectory(directory=directory, tried=tuple(self.tried), requests=self.requests)

    def _not_found(self) -> DirectoryNotFound:
        tried = tuple(f"{each.url}: {each.outcome}" for each in self.tried)
        read = sum(each.outcome == "read" for each in self.tried)
        cause: Literal["absent", "blocked", "failed"] = "absent"
        reason = f"no page of {read} read lists parishes"
        if read == 0 and self.errors:
            cause = "blocked" if isinstance(self.errors[0], Refused) else "failed"
            reason = f"the home page could not be read ({self.errors[0].reason})"
        elif any(isinstance(each, HostWait) for each in self.errors):
            cause, reason = "failed", f"{reason}, and the host asked to wait"
        if self.posted and read:
            reason = f"{reason}; the search of {self.posted} is sent by POST, which is not done"
        error = DirectoryNotFound(self.home_url, reason, cause=cause, tried=tried)
        error.__cause__ = self.errors[0] if self.errors and read == 0 else None
        return error
