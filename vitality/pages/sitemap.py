"""Reads sitemaps (sitemaps.org 0.9): the addresses that a site names itself, and other sitemaps of an index.

Only the elements are looked for, in one pass; entities other than the five of XML stay as they are, so that no
document can expand into more than it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from vitality.errors import Unreadable
from vitality.pages.dom import absolute
from vitality.records import Page

MAX_ENTRIES = 50_000
"""As many as the protocol allows in one file; what follows is not read."""

_ROOT = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
_LOC = re.compile(
    r"<(?!image:|video:|news:)(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]][^<\]]{0,2047}?)\s*(?:\]\]>)?\s*</(?:\w+:)?loc>",
    re.IGNORECASE,
)
_ENTRY_LENGTH = 400
"""Characters after an address in which its `lastmod` is looked for, up to the next address."""
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
    root = _ROOT.search(page.text[:20_000])
    if root is not None:
        entries = tuple(_entries(page))
        return Sitemap(pages=entries) if root.group(1).lower() == "urlset" else Sitemap(sitemaps=entries)
    lines = page.text[:5_000_000].split()
    if lines and all(re.match(r"https?://", line) for line in lines):
        urls = (absolute(page.url, line) for line in lines[:MAX_ENTRIES])
        return Sitemap(pages=tuple(SitemapEntry(url=url) for url in urls if url is not None))
    raise Unreadable(f"no sitemap: {page.url}")


def _entries(page: Page) -> Iterator[SitemapEntry]:
    for found in islice(_LOC.finditer(page.text), MAX_ENTRIES):
        url = absolute(page.url, _unescape(found.group(1)))
        after = page.text[found.end() : found.end() + _ENTRY_LENGTH].partition("loc>")[0]
        if url is not None:
            yield SitemapEntry(url=url, last_modified=_day(_LASTMOD.search(after)))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda m: _ENTITIES.get(m.group(1), "&"), text)


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None
