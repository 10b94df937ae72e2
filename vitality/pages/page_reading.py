"""What one page of a parish's site says about services: its times, held where they are and on pages made for them."""

from __future__ import annotations

from vitality.pages.page_purpose import on_purpose
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.pages.whereabouts import placed
from vitality.records import Page


def read_page(page: Page) -> ScheduleReading:
    """The service times of one page, with their places; what is for something else counts as passed over."""
    return on_purpose(placed(read_schedule(page), page.text), page.url, page.text)
