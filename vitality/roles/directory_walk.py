"""Walks a diocese's web site: finds the page that lists the parishes, then reads all of the list."""

from __future__ import annotations

from dataclasses import dataclass

from vitality.fetch.port import Fetcher
from vitality.records import Directory, Parish


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


async def find_directory(fetcher: Fetcher, home_url: str, *, budget: int = 12) -> FoundDirectory:
    """Finds the page of a diocese's web site from which its parishes can be read, within `budget` requests.

    Raises `DirectoryNotFound` whose `cause` tells an absent list from a site that refuses or fails.
    """
    raise NotImplementedError


async def extract_parishes(
    fetcher: Fetcher, directory: Directory, *, budget: int = 600, concurrency: int = 4
) -> ExtractedParishes:
    """Reads the whole directory: its pages, letters and data files, and the parishes' detail pages.

    A page of the list that fails makes the result incomplete; a detail page that fails is listed in `failed`
    and its parish keeps what the list says. Raises the `FetchError` of the directory page itself.
    """
    raise NotImplementedError
