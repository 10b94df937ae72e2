"""Churches that are named for a feast or a devotion, and days of the month."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page


def read(html: str) -> set[tuple[str, str, str | None, str | None]]:
    page = Page(url="http://parish.example.org/x", text=html, content_hash=ContentHash("sha256:0"))
    return {
        (t.service.value, day, t.start, t.location) for t in read_schedule(page).times for day in (*t.days, *t.dates)
    }


@pytest.mark.parametrize(
    "name",
    [
        "Visitation Church",
        "Our Lady of the Rosary",
        "Assumption Catholic Church",
        "Church of the Epiphany",
        "All Saints Chapel",
    ],
)
def test_a_church_named_for_a_feast_is_a_place(name: str) -> None:
    """Its name is neither a date nor another service."""
    html = f"<h1>Mass Times</h1><h2>St. Kevin Church</h2><p>Sunday 9 AM</p><h2>{name}</h2><p>Sunday 11 AM</p>"
    assert read(html) == {("mass", "SU", "09:00", "St. Kevin Church"), ("mass", "SU", "11:00", name)}


def test_the_feast_and_the_devotion_themselves_are_no_places() -> None:
    """Without the word church, or another word behind the name, a heading says what it says."""
    assert read("<h1>Mass Times</h1><h2>Holy Rosary</h2><p>Monday 6 PM</p>") == {("rosary", "MO", "18:00", None)}
    assert {day for _s, day, _t, _p in read("<h1>St. A</h1><h2>Assumption</h2><p>Masses at 7 AM</p>")} == {"08-15"}


def test_a_day_of_the_month_is_no_weekday_of_the_label_above() -> None:
    """What is on the 13th is not on every weekday; no rule of days can say it, so it is not published."""
    assert not read("<h1>Mass</h1><h2>Weekdays</h2><p>The 13th of every month: Mass at 7:00 PM</p>")
