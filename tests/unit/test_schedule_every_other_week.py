"""A service of every second week is never shown as a weekly one."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import EVERY_OTHER_WEEK, ContentHash, Page
from vitality.reports.recurrence import plan

PAGE = "<html><body><h1>Mass Times</h1><p>{}</p><p>Sunday 10:00 am</p></body></html>"


@pytest.mark.parametrize(
    "words",
    [
        "Every other Wednesday at 2:00 pm: Mass at the nursing home",
        "Wednesday 2:00 pm Mass (alternate weeks)",
        "Mass biweekly on Wednesdays at 2:00 pm",
    ],
)
def test_the_time_says_so_and_no_calendar_repeats_it_weekly(words: str) -> None:
    """The notes carry the rhythm, and the calendar leaves it out with the reason."""
    page = Page(
        url="https://parish.example.org/", text=PAGE.format(words), content_hash=ContentHash("sha256:" + "0" * 64)
    )
    times = {time.days: time for time in read_schedule(page).times}
    fortnightly, weekly = times[("WE",)], times[("SU",)]
    assert EVERY_OTHER_WEEK in (fortnightly.notes or "")
    assert plan(fortnightly).rules == ()
    assert "every other week" in plan(fortnightly).left_out[0]
    assert weekly.notes is None
    assert len(plan(weekly).rules) == 1
