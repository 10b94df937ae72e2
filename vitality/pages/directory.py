"""Reads a diocese's parish directory: which parishes a page lists, and what to fetch for the rest of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vitality.records import Page, Parish


class FollowKind(StrEnum):
    """Why a further address belongs to the same directory."""

    PAGER = "pager"
    """Another page of the same list."""
    LETTER = "letter"
    """The list of another letter, county or city."""
    ENDPOINT = "endpoint"
    """Data that the page's scripts fetch and draw."""
    SCRIPT = "script"
    """A script of the site that may name the endpoint."""
    DETAIL = "detail"
    """The page of one parish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """An address to fetch next, and why."""

    kind: FollowKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryReading:
    """What one page of a directory says.

    `score` is plausibility (0 to 1) times yield, so that readings can be compared; 0 for a page that lists
    no parish, and then `reason` says why. `total` is how many parishes the page claims the whole list has.
    `complete` is False when the page shows that it is only a part of the list. `closed` holds the rows that
    the page itself marks as closed or merged; they are no part of `parishes`.
    """

    layout: str
    parishes: tuple[Parish, ...] = ()
    closed: tuple[Parish, ...] = ()
    score: float = 0.0
    complete: bool = True
    total: int | None = None
    follow: tuple[Follow, ...] = ()
    reason: str | None = None


def read_directory(page: Page, *, site: str | None = None) -> DirectoryReading:
    """Reads the parishes of one page with the layout that yields most.

    `site` is any address of the diocese's own web site (by default the page's): links to it are no parish's
    web site. A page that is no directory gives a reading without parishes and with the reason.
    """
    raise NotImplementedError


def merge_detail(parish: Parish, detail: Page) -> Parish:
    """The parish with what its own page in the directory adds; nothing known is overwritten with nothing."""
    raise NotImplementedError
