"""Where a page says that its services are held."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.pages.whereabouts import is_place, placed
from vitality.records import Page


def places(html: str) -> dict[tuple[str, str], str | None]:
    """Day and start of each time on a page, to its place."""
    text = f"<title>Mass Times</title><h1>Mass Times</h1>{html}"
    page = Page(url="https://parish.example.org/mass-times", text=text, content_hash="0")
    reading = placed(read_schedule(page), page.text)
    return {(day, time.start or ""): time.location for time in reading.times for day in time.days}


def test_headings_with_a_mass_on_the_same_day_under_each_are_places() -> None:
    """Villages as headings, which no vocabulary knows, tell where the Masses below them are."""
    found = places("<h3>Alder Gap</h3><p>Sunday Mass: 9:00 am</p><h3>⛪ Tannery</h3><p>Sunday Mass: 11:00 am</p>")
    assert found == {("SU", "09:00"): "Alder Gap", ("SU", "11:00"): "Tannery"}


def test_headings_that_are_no_places_give_none() -> None:
    """Headings about the manner of a Mass, or of which only one holds times, name no place."""
    assert set(
        places("<h3>In Person</h3><p>Sunday Mass: 9:00 am</p><h3>Live Stream</h3><p>Sunday Mass: 11:00 am</p>").values()
    ) == {None}
    assert places("<h3>Alder Gap</h3><p>Sunday Mass: 9:00 am</p><h3>Parking</h3><p>Behind the hall.</p>") == {
        ("SU", "09:00"): None
    }


def test_a_heading_over_the_outstations_is_not_one_of_them() -> None:
    """What stands over several places gives way to the headings of each; "Main Parish:" is cut off."""
    found = places(
        "<h2>Our Parish Outstations</h2><h3>Main Parish: Saint Bruno</h3><p>Sunday Mass: 7:00 AM</p>"
        "<h3>Kilima</h3><p>Sunday Mass: 8:00 AM</p>"
    )
    assert found == {("SU", "07:00"): "Saint Bruno", ("SU", "08:00"): "Kilima"}


def test_the_line_below_tells_the_place() -> None:
    """A labelled place, or a name with its street below it, belongs to the time above."""
    assert places("<p>Sunday Mass 2:00 pm</p><p>Location: Saint Gall Hall</p><p>12 Elm St</p>") == {
        ("SU", "14:00"): "Saint Gall Hall"
    }
    assert places("<p>Sunday Mass 2:00 pm</p><p>Harbor Elementary School</p><p>400 Dock Street</p>") == {
        ("SU", "14:00"): "Harbor Elementary School"
    }


def test_each_panel_of_tabs_that_are_churches_holds_the_times_of_one() -> None:
    """A panel's times are at the church that its tab names; times before the tabs are not."""
    found = places(
        "<p>Friday Mass 6:00 pm</p><button data-tab='north'>North Church</button><button data-tab='south'>South Church</button>"
        "<div id='north-times'><p>Sunday Mass 8:00 am</p></div><div id='south-times'><p>Sunday Mass 10:00 am</p></div>"
        "<h2>Confession</h2><p>Saturday Confession 3:00 pm</p>"
    )
    assert found == {
        ("FR", "18:00"): None,
        ("SU", "08:00"): "North Church",
        ("SU", "10:00"): "South Church",
        ("SA", "15:00"): None,
    }


def test_tabs_that_are_days_are_no_places() -> None:
    """Tabs that name days or services tell nothing of where."""
    found = places(
        "<a href='#tab-a'>Sunday</a><a href='#tab-b'>Weekdays</a>"
        "<div id='tab-a'><p>Sunday Mass 8:00 am</p></div><div id='tab-b'><p>Monday Mass 10:00 am</p></div>"
    )
    assert set(found.values()) == {None}


def test_what_can_be_a_place() -> None:
    """A name is a place unless its words tell of pages, notices or times."""
    assert is_place("St. Kilian")
    assert not is_place("Church notes from Monsignor Day!")
    assert not is_place("Mission Statement")
    assert not is_place("Our Parish Outstations")


def test_a_service_is_no_place() -> None:
    """ "Matins & Divine Liturgy" is what is held, not where."""
    assert not is_place("Matins & Divine Liturgy")
    assert is_place("Divine Mercy Chapel")


@pytest.mark.parametrize("name", ["Holy Family Church", "Visitation Church"])
def test_churches_whose_names_hold_a_word_of_menus_are_places(name: str) -> None:
    """ "Family" and "Visit" are words of menus; Holy Family and the Visitation are names of churches."""
    assert is_place(name)
    assert not is_place("Family Life")
    assert not is_place("Plan Your Visit")
