"""Lines that begin with a church's name, and the label "Holy Days" beside that of another service."""

from __future__ import annotations

import pytest

from vitality.pages.church_leads import lead_church
from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page


def times(html: str) -> set[tuple[str, str, str | None, str | None]]:
    page = Page(url="http://parish.example.org/", text=html, content_hash=ContentHash("sha256:0"))
    return {(t.service.value, day, t.start, t.location) for t in read_schedule(page).times for day in t.days}


def test_lines_of_several_churches_give_each_its_masses() -> None:
    """No word says Mass; the page tells of confessions, so the weekends of its churches are those of Masses."""
    html = (
        "<h1>Our Parish</h1><p><b>St. Kevin, Arlow:</b> Saturday 5 pm; Sunday 9 am.</p>"
        "<p><b>St. Bride Mission, Benning:</b> 2nd &amp; 4th Sundays, 11 am.</p><p>Confessions on request.</p>"
    )
    assert {
        ("mass", "SA", "17:00", "St. Kevin, Arlow"),
        ("mass", "SU", "09:00", "St. Kevin, Arlow"),
        ("mass", "2SU", "11:00", "St. Bride Mission, Benning"),
        ("mass", "4SU", "11:00", "St. Bride Mission, Benning"),
    } <= times(html)


def test_a_single_such_line_tells_nothing() -> None:
    """A name and an hour alone may be of anything."""
    assert not times("<p>St. Kevin, Arlow: Saturday 5 pm.</p><p>Confessions are heard in the chapel.</p>")


@pytest.mark.parametrize(
    "line",
    [
        "St. Vincent de Paul Society: Sunday 9 am",
        "St. Anne's Guild: first Sunday, 10 am",
        "Holy Hour: Sunday 6 pm",
        "St. Joseph School: Monday 8 am",
        "Holy Family Hall: Saturday 7 pm",
    ],
)
def test_names_of_groups_rooms_and_services_are_no_churches(line: str) -> None:
    """They begin like the names of churches."""
    assert lead_church(line) is None


def test_holy_days_beside_confession_are_of_masses() -> None:
    """Each label is a paragraph of its own: the second is not under the first."""
    html = "<h1>Mass</h1><p><b>Sunday</b><br>9 AM</p><p><b>Confession</b><br>Saturday 4 PM</p><p><b>Holy Days</b><br>7 PM</p>"
    assert ("mass", "HD", "19:00", None) in times(html)
    assert not {each for each in times(html) if each[:2] == ("confession", "HD")}


def test_holy_days_under_the_heading_of_confessions_are_of_confessions() -> None:
    """A heading holds for the labels below it."""
    html = "<h1>Parish</h1><h2>Confession</h2><p><b>Saturday</b><br>4 PM</p><p><b>Holy Days</b><br>7 PM</p>"
    assert ("confession", "HD", "19:00", None) in times(html)
