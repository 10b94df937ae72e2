"""A line that says when there is no Mass is no name of the hours above it."""

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page, TimeStatus


def test_the_day_without_mass_leaves_the_others_alone() -> None:
    """Of two items of a list the second one speaks of its own day."""
    text = "<h2>Weekday Masses</h2><ul><li>Tuesday – Friday: 8:00 AM</li><li>Monday: no Mass</li></ul>"
    times = read_schedule(Page(url="https://parish.example.org/times", text=text, content_hash=ContentHash("0"))).times
    assert [(t.days, t.start) for t in times if t.status is TimeStatus.ACTIVE] == [(("TU", "WE", "TH", "FR"), "08:00")]
