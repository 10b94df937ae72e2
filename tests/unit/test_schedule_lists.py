"""Days that stand in an item of their own, above the list of their hours."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import Page


@pytest.mark.parametrize(
    "hours",
    ["<li>Sunday:</li><ul><li>8 am</li><li>10 am</li></ul>", "<li>Sunday:<ul><li>8 am</li><li>10 am</li></ul></li>"],
)
def test_a_day_holds_for_the_list_after_it_nested_or_not(hours: str) -> None:
    """Editors close the item of the day before its list as often as after it; a later item has its own day."""
    text = f"<title>Mass Times</title><h1>Mass Times</h1><ul><li>Saturday 4 pm</li>{hours}<li>Monday 7 am</li></ul>"
    times = read_schedule(Page(url="https://parish.example.org/times", text=text, content_hash="0")).times
    assert [(time.days, time.start) for time in times] == [
        (("SA",), "16:00"),
        (("SU",), "08:00"),
        (("SU",), "10:00"),
        (("MO",), "07:00"),
    ]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("1ST THURSDAY...7:00 PM", ("1TH",)),
        ("2ND &amp; 4TH SUNDAY 7:00 PM", ("2SU", "4SU")),
        ("3Rd Friday 7 pm", ("3FR",)),
    ],
)
def test_ordinals_in_capitals_are_ordinals(line: str, days: tuple[str, ...]) -> None:
    """Who goes every week to what is once a month stands before a locked door."""
    text = f"<title>Mass Times</title><h1>Mass Times</h1><ul><li>{line}</li></ul>"
    times = read_schedule(Page(url="https://parish.example.org/times", text=text, content_hash="0")).times
    assert [(time.days, time.start) for time in times] == [(days, "19:00")]
