"""Parts of a page that are about one occasion, and what becomes of their times."""

from __future__ import annotations

from vitality.pages.merge import merge
from vitality.pages.page_trust import SourceReading
from vitality.pages.passing import copyright_year, parts
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.records import Page, TimeStatus

STANDING = "<title>Mass Times</title><h1>Mass Times</h1><p>Sunday Mass 8:30 AM</p><footer>© 2026 Saint Kevin</footer>"


def split(html: str) -> tuple[ScheduleReading, ...]:
    """The parts of a home page."""
    page = Page(url="https://parish.example.org/", text=f"<title>Saint Kevin</title>{html}", content_hash="0")
    return parts(read_schedule(page), page.text)


def active(*pages: str) -> set[tuple[str, str]]:
    """Days and start of the active times that pages make together."""
    sources = []
    for number, html in enumerate(pages):
        page = Page(url=f"https://parish.example.org/{number}", text=html, content_hash="0")
        sources += [SourceReading(url=page.url, reading=part) for part in parts(read_schedule(page), page.text)]
    return {
        (day, time.start or "")
        for time in merge(sources)
        if time.status is TimeStatus.ACTIVE
        for day in (*time.days, *time.dates)
    }


def test_last_springs_holy_week_on_the_home_page_is_no_standing_schedule() -> None:
    """Sundays and feasts under "Holy Week 2024" are not active beside the page of Mass times."""
    home = "<title>Saint Kevin</title><h2>Holy Week 2024</h2><h3>Masses</h3><p>Sunday Masses 7:00 AM, 9:00 AM</p><p>Easter Sunday Mass 10:00 AM</p>"
    assert active(home.replace("<h3>Masses</h3>", ""), STANDING) == {("SU", "08:30")}


def test_a_feast_of_the_year_that_is_now_stays() -> None:
    """What is said for this year's feast is kept, as what it is."""
    home = "<title>Saint Kevin</title><h2>Easter 2026</h2><p>Easter Sunday Mass 10:00 AM</p>"
    assert active(home, STANDING) == {("SU", "08:30"), ("easter", "10:00")}


def test_a_schedule_below_a_greeting_stands() -> None:
    """A greeting for a feast or a hint at the bulletin does not make the Mass times below it pass."""
    (only,) = split(
        "<h1>Happy Easter!</h1><h2>See our bulletin</h2><h3>Weekend Mass Times</h3><p>Sunday Mass 9:00 AM</p>"
    )
    assert len(only.times) == 1


def test_smaller_headings_under_a_feast_of_a_year_are_part_of_it() -> None:
    """ "Confessions" under "Christmas 2025" are for that feast; the next larger heading ends it."""
    standing, passing = split(
        "<h2>Christmas 2025</h2><h3>Confessions</h3><p>Confessions Monday 6:00 PM</p><h2>Every week</h2><p>Confessions Saturday 3:00 PM</p>"
    )
    assert [time.start for time in passing.times] == ["18:00"]
    assert [time.days for time in standing.times] == [("SA",)]
    assert passing.transient


def test_the_latest_copyright_year_tells_how_late_it_is() -> None:
    """Of a span of years the last counts; without one nothing is said."""
    assert copyright_year(split("<p>© 2019-2025 Saint Kevin</p><p>Sunday Mass 9:00 AM</p>")) == 2025
    assert copyright_year(split("<p>Sunday Mass 9:00 AM</p>")) is None


def test_the_year_of_a_holy_week_left_behind_is_not_that_of_this_week() -> None:
    """A heading's year holds for what stands under it, not for the section beside it."""
    found = split(
        "<h2>Holy Week 2024</h2><p>Thursday, March 28: Mass 7:00 PM</p>"
        "<h2>This Week</h2><p>Friday, January 16: Mass 10:00 AM</p>"
    )
    dates = {time.start: time.dates for part in found for time in part.times}
    assert dates == {"19:00": ("2024-03-28",), "10:00": ("01-16",)}


def test_each_year_left_behind_has_a_part_of_its_own() -> None:
    """Last year's Holy Week beside this week's box: the year is not that of the week."""
    found = split(
        "<h2>Holy Week 2024</h2><p>Easter Sunday Mass 7:00 AM</p><h2>This Week</h2><p>Thu. Jan 15 - 9:00 AM Mass</p>"
        "<h2>Mass Times</h2><p>Sunday 8:00 AM Mass</p>"
    )
    assert [(part.transient, part.year, [t.start for t in part.times]) for part in found] == [
        (False, None, ["08:00"]),
        (True, 2024, ["07:00"]),
        (True, None, ["09:00"]),
    ]


def test_a_week_that_repeats_the_schedule_adds_nothing() -> None:
    """Of "Tue. Jan 13 - 8:00 AM Mass" on the home page only what differs from every Tuesday is left."""
    schedule = "<title>Mass Times</title><h1>Mass Times</h1><p>Tuesday 8:00 AM; Sunday 8:30 AM</p><p>© 2026 St. A</p>"
    week = "<h2>This Week</h2><p>Tue. Jan 13 - 8:00 AM Mass</p><p>Fri. Jan 16 - 10:00 AM Mass at Maple Manor</p>"
    assert active(week, schedule) == {("TU", "08:00"), ("SU", "08:30"), ("01-16", "10:00")}
