"""Proves that a page lists parishes: by reading it, then the data its scripts name, then the page as the browser draws it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vitality.errors import BrowserUnavailable, FetchError
from vitality.fetch.port import Accept, Fetcher
from vitality.pages.directory import DirectoryReading, FollowKind
from vitality.pages.script_need import script_need
from vitality.records import Page
from vitality.roles.reading_thread import directory_of

Get = Callable[[str, Accept], Awaitable[Page | None]]
"""Fetches one address within the walk's budget; None when it failed or the budget is spent."""

_FEW = 5
"""A page with fewer parishes may show a teaser of what its data holds."""
_MAX_DATA = 4
"""Data files and scripts asked for to prove one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The best reading that a page leads to; `data_url` names the data file when the rows do not stand in the page."""

    page: Page
    reading: DirectoryReading
    data_url: str | None = None

    @property
    def promise(self) -> float:
        """The score of the whole list, when this is one page of it."""
        read = len(self.reading.parishes)
        if not read:
            return 0.0
        pages = sum(each.kind in (FollowKind.PAGER, FollowKind.LETTER) for each in self.reading.follow)
        return self.reading.score * max(1.0, (self.reading.total or 0) / read, 1.0 + min(pages, 30))


async def prove(page: Page, site: str, get: Get, fetcher: Fetcher, *, render: bool = True) -> Proof:
    """Reads a page and, where it shows no parishes itself, what its scripts fetch."""
    best = Proof(page=page, reading=await directory_of(page, site))
    if len(best.reading.parishes) >= _FEW:
        return best
    data = await _data_of(best.reading, site, get)
    if data is not None and len(data[1].parishes) > len(best.reading.parishes):
        return Proof(page=page, reading=data[1], data_url=data[0].url)
    letter = await _fullest_letter(best.reading, site, get)
    if letter is not None and len(letter.parishes) > len(best.reading.parishes):
        return Proof(page=page, reading=_as_index(best.reading, letter))
    if best.reading.parishes:
        return best
    answer = await _sent_form(best.reading, site, get)
    if answer is not None:
        return Proof(page=page, reading=answer[1], data_url=answer[0].url)
    section = await _first_section(best.reading, site, get)
    if section is not None:
        return Proof(page=page, reading=_as_index(best.reading, section))
    if render and script_need(page).needed:
        return await _drawn(page, site, fetcher, best)
    return best


async def _data_of(reading: DirectoryReading, site: str, get: Get) -> tuple[Page, DirectoryReading] | None:
    """The first data file named by the page, or by its scripts, that lists parishes."""
    queue = [each for each in reading.follow if each.kind in (FollowKind.ENDPOINT, FollowKind.SCRIPT)]
    asked: set[str] = set()
    while queue and len(asked) < _MAX_DATA:
        follow = queue.pop(0)
        if follow.url in asked:
            continue
        asked.add(follow.url)
        page = await get(follow.url, Accept.JSON)
        if page is None:
            continue
        found = await directory_of(page, site)
        if found.parishes:
            return page, found
        queue[:0] = [each for each in found.follow if each.kind is FollowKind.ENDPOINT]
    return None


async def _sent_form(reading: DirectoryReading, site: str, get: Get) -> tuple[Page, DirectoryReading] | None:
    """What the page's search form answers when it is sent as it stands."""
    for follow in [each for each in reading.follow if each.kind is FollowKind.PAGER][:1]:
        page = await get(follow.url, Accept.PAGE)
        found = await directory_of(page, site) if page is not None else None
        if page is not None and found is not None and len(found.parishes) >= _FEW:
            return page, found
    return None


async def _fullest_letter(reading: DirectoryReading, site: str, get: Get) -> DirectoryReading | None:
    """What an index by the alphabet lists under S, where the saints stand, though the page names a parish or two itself."""
    letters = [each for each in reading.follow if each.kind is FollowKind.LETTER]
    saints = next((each for each in letters if _SAINTS.search(each.url)), None)
    if saints is None or len(letters) < _ALPHABET:
        return None
    page = await get(saints.url, Accept.PAGE)
    return await directory_of(page, site) if page is not None else None


_ALPHABET = 10
_SAINTS = re.compile(r"(?i)[/=_-]s(?:\.\w{3,5})?/?$")


async def _first_section(reading: DirectoryReading, site: str, get: Get) -> DirectoryReading | None:
    """What the first section of an index by letters, counties or deaneries lists."""
    for follow in [each for each in reading.follow if each.kind is FollowKind.LETTER][:2]:
        page = await get(follow.url, Accept.PAGE)
        found = await directory_of(page, site) if page is not None else None
        if found is not None and found.parishes:
            return found
    return None


def _as_index(index: DirectoryReading, section: DirectoryReading) -> DirectoryReading:
    return DirectoryReading(
        layout=section.layout,
        parishes=section.parishes,
        score=section.score,
        complete=False,
        follow=tuple(each for each in index.follow if each.kind is FollowKind.LETTER),
    )


async def _drawn(page: Page, site: str, fetcher: Fetcher, plain: Proof) -> Proof:
    """The page as the browser draws it, and the data that it fetched meanwhile."""
    try:
        drawn = await fetcher.render(page.url)
    except (BrowserUnavailable, FetchError):
        return plain
    reading = await directory_of(drawn, site)
    return Proof(page=drawn, reading=reading) if reading.parishes else plain
