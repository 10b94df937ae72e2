"""Services under the names that an Orthodox church gives them."""

from __future__ import annotations

from vitality.pages.merge import of_parish
from vitality.pages.schedule import read_schedule
from vitality.records import Page

HTML = (
    "<title>Services</title><h1>Divine Services</h1><p>Saturday Vigil 6:00 PM</p><p>Sunday Divine Liturgy 9:30 AM</p>"
)


def services(name: str) -> list[tuple[str, str]]:
    """Day and service of each time, as a parish of the name means them."""
    times = read_schedule(Page(url="https://church.example.org/services", text=HTML, content_hash="0")).times
    return [(day, time.service.value) for time in of_parish(times, name, "byzantine") for day in time.days]


def test_an_orthodox_vigil_is_vespers_and_an_eastern_catholic_one_is_left_as_read() -> None:
    """The Saturday vigil of an Orthodox church is no Mass; in an Eastern Catholic parish it can be the Liturgy."""
    assert services("Holy Cross Orthodox Church") == [("SA", "vespers"), ("SU", "divine_liturgy")]
    assert services("Holy Cross Byzantine Catholic Church") == [
        (day, time.service.value)
        for time in read_schedule(Page(url="https://church.example.org/services", text=HTML, content_hash="0")).times
        for day in time.days
    ]
