"""Reads sitemaps (sitemaps.org 0.9): the addresses that a site names itself, and other sitemaps of an index.

Only the elements are looked for, in one pass; entities other than the five of XML stay as they are, so that no
document can expand into more than it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vitality.errors import Unreadable
from vitality.pages.dom import absolute
from vitality.records import Page

MAX_ENTRIES = 50_000
"""As many as the protocol allows in one file; what follows is not read."""

_ENTRY = re.compile(r"<(?:\w+:)?(url|sitemap)>(.{1,4000}?)</(?:\w+:)?\1>", re.DOTALL | re.IGNORECASE)
_LOC = re.compile(
    r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]][^<\]]{0,2047}?)\s*(?:\]\]>)?\s*</(?:\w+:)?loc>", re.IGNORECASE
)
_LASTMOD = re.compile(r"<(?:\w+:)?lastmod>\s*(?:<!\[CDATA\[)?\s*(\d{4}-\d\d-\d\d)", re.IGNORECASE)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|#38);")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """One address of a sitemap, and the day it says the page last changed."""

    url: str
    last_modified: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap file names: pages, and further sitemaps where it is an index."""

    pages: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def read_sitemap(page: Page) -> Sitemap:
    """The pages and sitemaps that a sitemap file names, at most `MAX_ENTRIES`, in its order.

    A plain list of addresses, one a line, is a sitemap too. Raises `Unreadable` when the file is neither.
    """
    if re.search(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", page.text[:20_000], re.IGNORECASE):
        entries = list(_entries(page))
        pages = tuple(entry for kind, entry in entries if kind == "url")
        return Sitemap(pages=pages, sitemaps=tuple(entry for kind, entry in entries if kind == "sitemap"))
    lines = page.text[:5_000_000].split()
    if lines and all(re.match(r"https?://", line) for line in lines):
        urls = (absolute(page.url, line) for line in lines[:MAX_ENTRIES])
        return Sitemap(pages=tuple(SitemapEntry(url=url) for url in urls if url is not None))
    raise Unreadable(f"no sitemap: {page.url}")


def _entries(page: Page) -> Iterator[tuple[str, SitemapEntry]]:
    for count, found in enumerate(_ENTRY.finditer(page.text)):
        if count >= MAX_ENTRIES:
            return
        loc = _LOC.search(found.group(2))
        url = absolute(page.url, _unescape(loc.group(1))) if loc else None
        if url is not None:
            yield found.group(1).lower(), SitemapEntry(url=url, last_modified=_day(_LASTMOD.search(found.group(2))))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda m: _ENTITIES.get(m.group(1), "&"), text)


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None
