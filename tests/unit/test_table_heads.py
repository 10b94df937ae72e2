"""Headers of tables: titles across all columns, and churches that are named for a feast."""

from __future__ import annotations

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page


def read(html: str) -> set[tuple[str, str, str | None, str | None]]:
    page = Page(url="http://parish.example.org/x", text=html, content_hash=ContentHash("sha256:0"))
    return {
        (t.service.value, day, t.start, t.location)
        for t in read_schedule(page).times
        for day in (*t.days, *t.dates, *(("-",) if not t.days and not t.dates else ()))
    }


def test_a_row_of_one_cell_in_the_middle_heads_the_rows_below_it() -> None:
    """Old pages put Masses and confessions into one table, with a title across it before each."""
    html = (
        "<table><tr><td colspan=2>MASSES</td></tr><tr><td>Saturday:</td><td>6:30 p.m.</td></tr>"
        "<tr><td>Sunday:</td><td>8:00 and 10:00 a.m.</td></tr>"
        "<tr><td colspan=2>CONFESSIONS</td></tr><tr><td>Saturday:</td><td>5:30 - 6:15 p.m.</td></tr></table>"
    )
    assert read(html) == {
        ("mass", "SA", "18:30", None),
        ("mass", "SU", "08:00", None),
        ("mass", "SU", "10:00", None),
        ("confession", "SA", "17:30", None),
    }


CHURCHES = (
    "<h1>Masses</h1><table><tr><th></th><th>St. John, Ashby</th><th>All Saints, Castle</th></tr>"
    "<tr><td>{}</td><td>{}</td><td>{}</td></tr></table>"
)


def test_beside_a_weekday_all_saints_is_a_church() -> None:
    """Its hours are of every week, and at that church."""
    assert read(CHURCHES.format("Friday", "8 AM", "9 AM")) == {
        ("mass", "FR", "08:00", "St. John, Ashby"),
        ("mass", "FR", "09:00", "All Saints, Castle"),
    }


def test_a_feast_in_a_header_without_weekdays_is_the_feast() -> None:
    """A table of the year's holy days has feasts for columns."""
    html = "<h1>Holy Day Masses</h1><table><tr><th></th><th>Assumption</th><th>All Saints</th></tr><tr><td>Mass</td><td>7 PM</td><td>8 AM</td></tr></table>"
    assert {day for _service, day, _start, _place in read(html)} <= {"08-15", "11-01", "assumption", "all_saints"}
    assert read(html)


def test_a_row_without_a_day_goes_on_from_the_row_before() -> None:
    """The title "WEEKEND" does not make a Sunday's later Mass one of Saturday too."""
    html = (
        "<h1>Mass</h1><table><tr><th colspan=2>WEEKEND</th></tr><tr><td>Saturday</td><td>4:00 PM</td></tr>"
        "<tr><td>Sunday</td><td>8:00 AM</td></tr><tr><td></td><td>10:00 AM</td></tr>"
        "<tr><th colspan=2>WEEKDAY</th></tr><tr><td>Tuesday</td><td>6:00 PM</td></tr></table>"
    )
    assert {(day, start) for _service, day, start, _place in read(html)} == {
        ("SA", "16:00"),
        ("SU", "08:00"),
        ("SU", "10:00"),
        ("TU", "18:00"),
    }
