"""A service that comes with another, or ends it, does not take the hours of the other for itself."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page


def read(heading: str, line: str) -> set[tuple[str, str, str | None, str | None]]:
    html = f"<h1>St. A</h1><h2>{heading}</h2><p>{line}</p>"
    page = Page(url="http://parish.example.org/x", text=html, content_hash=ContentHash("sha256:0"))
    return {(t.service.value, day, t.start, t.end) for t in read_schedule(page).times for day in t.days}


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("Thursdays 9:00 am - 6:00 pm, closing with Benediction", "18:00"),
        ("Thursdays, 9 am to 6 pm, ending with Vespers", "18:00"),
        ("Thursday, beginning at 9:00 am and concluding at 6:00 pm with Night Prayer and Benediction.", "18:00"),
        ("Thursday 9 am, concluding at 6 pm", "18:00"),
    ],
)
def test_what_ends_adoration_is_not_what_is_kept(line: str, end: str) -> None:
    """The hours are those of the adoration that the heading names, and its end begins nothing."""
    assert read("Adoration", line) == {("adoration", "TH", "09:00", end)}


def test_adoration_until_benediction_is_both() -> None:
    """Each has the hour that stands beside it."""
    assert read("Adoration", "Mondays, 9 a.m. until Benediction at 4:30 p.m.") == {
        ("adoration", "MO", "09:00", None),
        ("benediction", "MO", "16:30", None),
    }


def test_a_mass_with_the_rosary_before_it_is_both() -> None:
    """The hour before "with" is that of the Mass."""
    assert read("Mass", "Saturday 9:00 AM with Rosary at 8:30 AM") == {
        ("mass", "SA", "09:00", None),
        ("rosary", "SA", "08:30", None),
    }


def test_benediction_and_adoration_are_hours_of_adoration() -> None:
    """Benediction is its end, whichever a heading names first."""
    assert ("adoration", "FR", "09:00", "15:00") in read("Benediction &amp; Adoration", "Friday 9 am to 3 pm")


def test_an_eve_behind_the_hours_of_holy_days_is_theirs() -> None:
    """ "Eve" alone is that of the day spoken of."""
    assert read("Masses", "Holydays: 7:00 a.m. and 5:30 p.m.; Eve 5:30 p.m.") == {
        ("mass", "HD", "07:00", None),
        ("mass", "HD", "17:30", None),
        ("mass", "HDV", "17:30", None),
    }


@pytest.mark.parametrize(
    "line",
    [
        "Committed adorers are needed: Monday 2 a.m., Wednesday 4 a.m., Friday 1 p.m.",
        "Between 9 p.m. and 6 a.m. please use the keypad.",
    ],
)
def test_hours_that_want_adorers_or_a_key_begin_nothing(line: str) -> None:
    """A chapel that is never closed asks for people at its empty hours, and locks its door at night."""
    assert not read("Perpetual Adoration", line)
