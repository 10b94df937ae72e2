"""Tests for the year of a feast that a page names alone beside printed dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from vitality.pages.holy_week import day_beside
from vitality.pages.merge import merge
from vitality.pages.page_trust import SourceReading
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.records import ContentHash, Page, TimeStatus

_WEEK: Final = (
    "<h1>Holy Week</h1><p><b>Good Friday, April 7, 2023</b><br>Stations 3:00 PM</p>"
    "<p><b>Holy Saturday, April 8, 2023</b><br>Mass 8:30 PM</p><p><b>Easter Sunday</b><br>Mass 9:30 AM</p>"
)


def _read(html: str) -> ScheduleReading:
    return read_schedule(Page(url="http://st-a.test/", text=html, content_hash=ContentHash("sha256:0")))


def test_a_feast_is_of_the_week_whose_days_stand_beside_it() -> None:
    """Easter beside the Friday and Saturday of a year is the Sunday after them."""
    times = _read(_WEEK).times
    assert day_beside("easter", times) == date(2023, 4, 9)
    assert day_beside("palm_sunday", times) == date(2023, 4, 2)
    assert day_beside("ascension", times) is None


def test_dates_far_from_easter_or_of_an_eastern_week_say_nothing() -> None:
    """December's dates do not tell which Easter, nor do those of the week after the western one."""
    assert (
        day_beside("easter", _read("<p>Mass Dec 24, 2023 at 5:30 PM</p><p>Easter Sunday Mass 9 AM</p>").times) is None
    )
    eastern = "<p>Palm Sunday April 9, 2023 Liturgy 9 AM</p><p>Good Friday April 14, 2023 Vespers 4 PM</p>"
    assert day_beside("easter", _read(eastern).times) is None


def test_easter_of_a_week_that_is_past_is_superseded() -> None:
    """A Holy Week left on the page for years does not come back each spring by its Easter alone."""
    source = SourceReading(url="http://st-a.test/", reading=_read(_WEEK), fetched=datetime(2026, 3, 3, tzinfo=UTC))
    assert [time for time in merge([source]) if time.status is TimeStatus.ACTIVE] == []
