"""What the walk over one parish's web site found: its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vitality.pages.schedule import ScheduleReading
from vitality.records import Page, Parish, ServiceTime


class Stop(StrEnum):
    """Why a walk ended."""

    COMPLETE = "complete"
    EXHAUSTED = "exhausted"
    BUDGET_SPENT = "budget_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """One page that was read, why it was asked for, and how many service times it gave."""

    page: Page
    reading: ScheduleReading
    why: str
    parts: tuple[ScheduleReading, ...]
    """The reading as its standing part and, where the page has one, the part about one occasion."""
    linked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailed:
    """One page that was asked for in vain; `kind` is the name of the error."""

    url: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """What one parish site says, and how it was read.

    `postponed` is the instant before which the host must not be asked again, where it said so midway;
    `browser_missed` the pages that show nothing without JavaScript and were read without it.
    """

    home_url: str
    times: tuple[ServiceTime, ...]
    parish: Parish | None
    pages: tuple[PageRead, ...]
    failed: tuple[PageFailed, ...] = ()
    blocked: tuple[PageFailed, ...] = ()
    requests: int = 0
    stop: Stop = Stop.EXHAUSTED
    postponed: datetime | None = None
    browser_missed: tuple[str, ...] = ()
