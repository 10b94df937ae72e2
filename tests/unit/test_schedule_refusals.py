"""Words around a number that make it no standing time."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page

PAGE = "<html><body><h1>Mass</h1><h3>Weekend</h3><p>Saturday 5 pm, Sunday 9 am</p><p>{}</p></body></html>"


@pytest.mark.parametrize(
    "words",
    [
        "Special Mass this Friday at 6 PM for the sick.",
        "Misa especial este viernes a las 6:00 pm",
        "Children between the ages 4-11 are welcome.",
        "Children of grades 1-5 are welcome.",
    ],
)
def test_occasions_without_a_date_and_ages_are_no_times(words: str) -> None:
    """Only the two standing Masses are read."""
    page = Page(
        url="https://parish.example.org/", text=PAGE.format(words), content_hash=ContentHash("sha256:" + "0" * 64)
    )
    assert sorted((time.days, time.start) for time in read_schedule(page).times) == [
        (("SA",), "17:00"),
        (("SU",), "09:00"),
    ]
