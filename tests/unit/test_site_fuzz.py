"""Odd pages of a site neither raise nor hang, and what is said of them stands in them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from vitality.pages.merge import merge
from vitality.pages.page_reading import read_page
from vitality.pages.page_trust import SourceReading
from vitality.pages.parish import read_parish
from vitality.pages.passing import parts
from vitality.records import ContentHash, Page

PIECES = st.sampled_from(
    ["<h1>Mass Times</h1>", "<h2>Holy Week 2024</h2>", "<h2>This Week</h2>", "<h3>Weddings", "</h3>", "<h2>School</h2>", "<aside>",
     "</aside>", "<footer>", "<div class='footer'>", "<p>Sunday 9:00 am", "<p>Sat. 5 pm Mass", "Tue. Jan 13 - 8:00 AM Mass", "<table><tr><td>",
     "Confession: 3:30", "© 2026 St. Ann Church", "St. Ann Church is a parish", "12 Oak Street, Rye, NY 10580", "914-555-0101",
     "Fr. John Smith, Pastor", "office(at)rye.org", "<script type='application/ld+json'>{\"@type\":\"Church\",\"address\":[1]}</script>",
     "<span itemprop=streetAddress>", "<title>St. Ann | School", "</title>", "<", "&#0;", "\u202e", "BT99 8AU", "Co. Antrim", "31 February"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["", "school/faith", "2024/12/news", "a//b?c=d", "%ff"]))
def test_any_page_is_read_without_a_slip(pieces: list[str], path: str) -> None:
    """Whatever stands where, reading ends, the quotes are literal, and the parts hold each time once."""
    page = Page(url=f"https://parish.example.org/{path}", text=" ".join(pieces), content_hash=ContentHash("0"))
    reading = read_page(page)
    split = parts(reading, page.text)
    assert sorted(map(id, reading.times)) == sorted(id(time) for part in split for time in part.times)
    assert all(0 <= number < len(reading.times) for line in reading.lines for number in line.times)
    times = merge([SourceReading(url=page.url, reading=part) for part in split])
    for time in times:
        assert page.text[time.evidence.start : time.evidence.end] == time.evidence.quote
    read_parish([page])
