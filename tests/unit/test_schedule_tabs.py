"""Tabs whose titles stand apart from their panels, and words that an editor's spans break apart."""

from __future__ import annotations

import pytest

from vitality.pages.broken_words import is_broken
from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page


def read(html: str) -> set[tuple[str, str, str | None]]:
    page = Page(url="http://parish.example.org/times", text=html, content_hash=ContentHash("sha256:0"))
    return {(t.service.value, day, t.start) for t in read_schedule(page).times for day in t.days}


PANELS = (
    '<div id="p2" {}><p>Saturday 3:30 - 4:30 pm</p></div><div id="p1" {}><p>Saturday 5 pm</p><p>Sunday 9 am</p></div>'
)
WANTED = {("mass", "SA", "17:00"), ("mass", "SU", "09:00"), ("confession", "SA", "15:30")}


@pytest.mark.parametrize(
    "tabs",
    [
        '<ul role="tablist"><li><a role="tab" href="#p1">Mass</a></li><li><a role="tab" href="#p2">Confession</a></li></ul>',
        '<div><button role="tab" aria-controls="p1"><span>Mass</span></button><button role="tab" aria-controls="p2">Confession</button></div>',
        '<ul><li><a data-toggle="tab" href="#p1">Mass</a></li><li><a data-toggle="tab" href="#p2">Confession</a></li></ul>',
    ],
)
def test_a_panel_is_read_under_the_title_of_its_tab(tabs: str) -> None:
    """The order of the panels may be another than that of the titles."""
    assert read("<h1>Worship</h1>" + tabs + PANELS.format("", "")) == WANTED


def test_panels_of_numbered_tabs_are_read_under_their_titles() -> None:
    """Divi numbers the tabs and the panels in their classes."""
    tabs = '<ul><li class="et_pb_tab_0"><a href="#">Mass</a></li><li class="et_pb_tab_1"><a href="#">Confession</a></li></ul>'
    assert read(tabs + PANELS.format('class="et_pb_tab et_pb_tab_1"', 'class="et_pb_tab et_pb_tab_0"')) == WANTED


def test_what_stands_below_the_tabs_is_not_of_the_last_panel() -> None:
    """A panel is a section of its own: its title ends with it."""
    tabs = '<ul><li><a role="tab" href="#p1">Mass</a></li></ul><div id="p1"><p>Sunday 9 am</p></div>'
    assert read(tabs + "<p>Tuesday 7 pm</p>") == {("mass", "SU", "09:00")}


@pytest.mark.parametrize(
    ("before", "after"),
    [("Sat", "urday Vigil"), ("RECONCIL", "IATION"), ("at 10:3", "0 AM"), ("1", "0:30"), ("5 p", "m"), ("8", ":00")],
)
def test_pieces_that_are_a_word_or_a_clock_time_only_together_are_joined(before: str, after: str) -> None:
    """Site builders part words where the style changes."""
    assert is_broken(before, after)


@pytest.mark.parametrize(("before", "after"), [("Saturday", "Vigil"), ("Sunday", "8:00"), ("8", "10:30"), ("a", "man")])
def test_pieces_that_are_words_of_their_own_stay_apart(before: str, after: str) -> None:
    """Most edges of spans part words, though no blank stands there."""
    assert not is_broken(before, after)


def test_a_day_in_two_spans_is_the_day() -> None:
    """`<span>Sat</span><span>urday</span>` says Saturday, and the quote is what stands in the page."""
    html = "<h2>Mass</h2><p><span>Sat</span><span>urday 5:0</span><span>0 PM</span></p>"
    assert read(html) == {("mass", "SA", "17:00")}
