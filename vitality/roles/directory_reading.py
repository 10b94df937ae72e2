"""Reads the whole of a directory: its pages, letters and data files, then the parishes' own pages in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio

from vitality.errors import FetchError, HostWait, NotFound, Refused, Unreadable
from vitality.fetch.port import Accept, Fetcher
from vitality.pages.detail_pages import pages_of_parishes
from vitality.pages.directory import DirectoryReading, FollowKind
from vitality.pages.identity import distinct
from vitality.pages.site_facts import without_site_facts
from vitality.pages.sitemap import read_sitemap
from vitality.records import Directory, Page, Parish
from vitality.roles.directory_proof import Proof, prove
from vitality.roles.reading_thread import directory_of, parish_of, with_detail

_SAMPLE = 6
"""Detail pages asked for first: when none exists, or none adds anything, the others are left alone."""
_MAX_LISTS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDetail:
    """A page of the directory that could not be fetched; to be retried alone."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedParishes:
    """All parishes that a directory lists, as far as it could be read.

    `complete` is False when a page of the list is missing or the list says it has more rows than were read.
    """

    parishes: tuple[Parish, ...]
    closed: tuple[Parish, ...] = ()
    complete: bool = True
    reason: str | None = None
    """Why it is not complete."""
    pages: int = 0
    """Pages of the list (and data files) read."""
    details: int = 0
    """Detail pages read."""
    failed: tuple[FailedDetail, ...] = ()
    requests: int = 0


async def extract_parishes(
    fetcher: Fetcher, directory: Directory, *, budget: int = 600, concurrency: int = 4
) -> ExtractedParishes:
    """Reads the whole directory: its pages, letters and data files, and the parishes' detail pages.

    A page of the list that fails makes the result incomplete; a detail page that fails is listed in `failed`
    and its parish keeps what the list says. Raises the `FetchError` of the directory page itself.
    """
    walk = _Extraction(fetcher, directory, budget, concurrency)
    await walk.read_lists()
    await walk.read_details()
    return walk.result()


@dataclass(slots=True)
class _Extraction:
    fetcher: Fetcher
    directory: Directory
    budget: int
    concurrency: int
    requests: int = 0
    pages: int = 0
    details: int = 0
    useful: int = 0
    rows: list[Parish] = field(default_factory=list)
    closed: list[Parish] = field(default_factory=list)
    failed: list[FailedDetail] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    """Pages of single parishes that were read as the list."""
    sampling: bool = True
    samples: dict[str, str] = field(default_factory=dict)
    """Texts of the first detail pages: what all of them state is no parish's own."""
    missing: list[str] = field(default_factory=list)
    total: int = 0
    waiting: HostWait | None = None
    unfinished: str | None = None

    # -- the list ----------------------------------------------------------------------------------------

    async def read_lists(self) -> None:
        """Reads the first page and every page that belongs to the same list."""
        first = await self._first()
        if not first.reading.parishes:
            await self._read_single_pages(first.page)
        if self.rows:
            return
        queue = [each.url for each in first.reading.follow if each.kind in (FollowKind.PAGER, FollowKind.LETTER)]
        self._add(first.reading)
        seen = {self.directory.url, first.page.url, *(each for each in [first.data_url] if each)}
        while queue and self.pages < _MAX_LISTS:
            batch, queue = self._batch(queue, seen)
            for reading in await self._read_all(batch):
                before = len(self.rows)
                self._add(reading)
                if len(self.rows) > before and not self._is_whole(reading):
                    queue.extend(
                        each.url for each in reading.follow if each.kind in (FollowKind.PAGER, FollowKind.LETTER)
                    )
        further = any(each.kind is not FollowKind.DETAIL for each in first.reading.follow)
        if not first.reading.complete and not further:
            self.unfinished = "the list is only a part, and names no further page"

    async def _read_single_pages(self, sitemap: Page) -> None:
        """Reads the parishes' pages that a sitemap names, where it is the directory."""
        try:
            urls = pages_of_parishes(entry.url for entry in read_sitemap(sitemap).pages)
        except Unreadable:
            return
        found: dict[str, Parish] = {}
        for part in (urls[: _SAMPLE + 1], urls[_SAMPLE + 1 :]):
            await self._single_pages(part, found)
            self.sampling = False
        found = {
            url: self._own_facts(row, self.samples[url]) if url in self.samples else row for url, row in found.items()
        }
        self.rows = list(distinct(found[url] for url in urls if url in found))

    async def _single_pages(self, urls: Sequence[str], found: dict[str, Parish]) -> None:
        limiter = anyio.CapacityLimiter(self.concurrency)

        async def read(url: str) -> None:
            async with limiter:
                page = await self._get(url)
            if page is None:
                self.missing.append(url)
                return
            self.details += 1
            self.read.add(url)
            if self.sampling:
                self.samples[url] = page.text
            parish = await parish_of(page)
            if parish is not None:
                found[url] = parish if self.sampling else self._own_facts(parish, page.text)

        async with anyio.create_task_group() as tasks:
            for url in urls:
                tasks.start_soon(read, url)

    def _is_whole(self, reading: DirectoryReading) -> bool:
        """Whether as many rows were read as the answer says there are: the numbered page after it does not exist."""
        return bool(reading.total) and len(self.rows) + len(self.closed) >= (reading.total or 0)

    def _batch(self, queue: list[str], seen: set[str]) -> tuple[list[str], list[str]]:
        fresh = [url for url in dict.fromkeys(queue) if url not in seen][: self.concurrency]
        seen.update(fresh)
        return fresh, [url for url in dict.fromkeys(queue) if url not in seen]

    async def _first(self) -> Proof:
        """The directory page, or the data file that it was proved by."""
        if self.directory.data_url is not None:
            page = await self._get(self.directory.data_url, Accept.JSON)
            reading = await directory_of(page, self.directory.url) if page is not None else None
            if page is not None and reading is not None and reading.parishes:
                self.pages += 1
                return Proof(page=page, reading=reading, data_url=page.url)
        self.requests += 1
        page = await self.fetcher.get(self.directory.url)
        self.pages += 1
        return await prove(page, self.directory.url, self._get, self.fetcher)

    async def _read_all(self, urls: list[str]) -> list[DirectoryReading]:
        found: dict[str, DirectoryReading] = {}

        async def read(url: str) -> None:
            page = await self._get(url, Accept.JSON if "json" in url else Accept.PAGE)
            if page is None:
                self.missing.append(url)
            else:
                self.pages += 1
                found[url] = await directory_of(page, self.directory.url)

        async with anyio.create_task_group() as tasks:
            for url in urls:
                tasks.start_soon(read, url)
        return [found[url] for url in urls if url in found]

    def _add(self, reading: DirectoryReading) -> None:
        self.total = max(self.total, reading.total or 0)
        self.rows = list(distinct([*self.rows, *reading.parishes]))
        self.closed = list(distinct([*self.closed, *reading.closed]))

    async def _get(self, url: str, accept: Accept = Accept.PAGE) -> Page | None:
        if self.requests >= self.budget:
            self.unfinished = f"the budget of {self.budget} requests is spent"
            return None
        if self.waiting is not None:
            return None
        self.requests += 1
        try:
            return await self.fetcher.get(url, accept=accept)
        except HostWait as error:
            self.waiting = error
        except FetchError:
            return None
        return None

    # -- the parishes' own pages -------------------------------------------------------------------------

    async def read_details(self) -> None:
        """Fetches the pages of those parishes of which the list leaves something open; a sample first."""
        counts = Counter(row.detail_url for row in self.rows)
        shared = {url for url, count in counts.items() if url and count > 1}
        wanted = [
            index
            for index, row in enumerate(self.rows)
            if row.detail_url and row.detail_url not in shared | self.read and _is_open(row)
        ]
        self.rows = [
            row.model_copy(update={"detail_url": None}) if row.detail_url in shared else row for row in self.rows
        ]
        sample, rest = wanted[:_SAMPLE], wanted[_SAMPLE:]
        await self._fan_out(sample)
        self.sampling = False
        for index in sample:
            self.rows[index] = self._own_facts(
                self.rows[index], self.samples.get(self.rows[index].detail_url or "", "")
            )
        if sample and not self.useful:
            self._forget_sample(sample)
        else:
            await self._fan_out(rest)

    def _own_facts(self, row: Parish, text: str) -> Parish:
        """The row without what the sampled pages of other parishes state as well."""
        return without_site_facts(row, text, [each for url, each in self.samples.items() if url != row.detail_url])

    def _forget_sample(self, sample: list[int]) -> None:
        """Addresses that lead nowhere are no detail pages, and no failures."""
        gone = {each.url for each in self.failed if each.reason.startswith(NotFound.__name__)}
        if len(gone) == len(sample):
            self.failed = [each for each in self.failed if each.url not in gone]
            self.rows = [row.model_copy(update={"detail_url": None}) for row in self.rows]

    async def _fan_out(self, indexes: list[int]) -> None:
        limiter = anyio.CapacityLimiter(self.concurrency)
        async with anyio.create_task_group() as tasks:
            for index in indexes:
                tasks.start_soon(self._detail, index, limiter)

    async def _detail(self, index: int, limiter: anyio.CapacityLimiter) -> None:
        async with limiter:
            url = self.rows[index].detail_url or ""
            if self.requests >= self.budget:
                self.failed.append(FailedDetail(url=url, reason=f"the budget of {self.budget} requests is spent"))
                return
            if self.waiting is not None:
                self.failed.append(FailedDetail(url=url, reason=f"the host asked to wait ({self.waiting.reason})"))
                return
            self.requests += 1
            try:
                page = await self.fetcher.get(url)
            except FetchError as error:
                self.waiting = error if isinstance(error, HostWait) else self.waiting
                kind = type(error).__name__ if not isinstance(error, Refused) else "Refused"
                self.failed.append(FailedDetail(url=url, reason=f"{kind}: {error.reason}"))
                return
        self.details += 1
        merged = await with_detail(self.rows[index], page)
        if self.sampling:
            self.samples[url] = page.text
        else:
            merged = self._own_facts(merged, page.text)
        self.useful += merged != self.rows[index]
        self.rows[index] = merged

    # -- the whole ---------------------------------------------------------------------------------------

    def result(self) -> ExtractedParishes:
        """Everything read, with what is missing."""
        reason = self._reason()
        placed = [row.model_copy(update={"directory_url": self.directory.url}) for row in self.rows]
        return ExtractedParishes(
            parishes=tuple(placed),
            closed=tuple(row.model_copy(update={"directory_url": self.directory.url}) for row in self.closed),
            complete=reason is None,
            reason=reason,
            pages=self.pages,
            details=self.details,
            failed=tuple(sorted(self.failed, key=lambda each: each.url)),
            requests=self.requests,
        )

    def _reason(self) -> str | None:
        if self.missing:
            return f"{len(self.missing)} pages of the list could not be fetched, first {self.missing[0]}"
        if self.unfinished:
            return self.unfinished
        listed = len(self.rows) + len(self.closed)
        if self.total and listed < 0.9 * self.total:
            return f"the list says it has {self.total} rows, {listed} were read"
        return None


def _is_open(row: Parish) -> bool:
    """Whether the list leaves out something that a parish's own page usually has."""
    return row.street is None or row.phone is None or row.website is None or row.city is None
