"""What stands on a page, or under a heading, that is for something else is no service time."""

import pytest

from vitality.pages.page_reading import read_page
from vitality.pages.schedule import ScheduleReading
from vitality.records import Page

TIMES = "<p>Saturday 5:00 pm Mass</p><p>Sunday 9:00 am and 11:00 am Mass</p>"


def reading(body: str, *, path: str = "page", title: str = "St. Ann Church") -> ScheduleReading:
    text = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return read_page(Page(url=f"https://parish.example.org/{path}", text=text, content_hash="0"))


def starts(found: ScheduleReading) -> list[str | None]:
    return [time.start for time in found.times]


@pytest.mark.parametrize(
    "heading",
    ["Weddings", "Our History", "First Reconciliation", "Men's Retreat", "Watch Mass Online", "Mass Times Survey",
     "Pastoral Council Minutes", "Funerals", "Catequesis", "Altar Servers", "Mass Intentions", "St. Ann School"],
)  # fmt: skip
def test_a_heading_about_something_else_gives_no_times(heading: str) -> None:
    """Masses under such a heading are told in passing."""
    assert starts(reading(f"<h1>{heading}</h1>{TIMES}")) == []


@pytest.mark.parametrize("heading", ["Mass Times", "Welcome", "Sacraments", "Liturgy", "About Us", "Sunday Mass"])
def test_other_headings_do(heading: str) -> None:
    """A schedule's own heading, or one that says nothing, drops nothing."""
    assert starts(reading(f"<h1>{heading}</h1>{TIMES}")) == ["17:00", "09:00", "11:00"]


@pytest.mark.parametrize("path", ["school/faith", "weddings.html", "about/history", "ministries/choir"])
def test_the_address_tells_what_a_page_is_for(path: str) -> None:
    """Where the headings are silent, the address counts."""
    assert starts(reading(TIMES, path=path)) == []


def test_a_nearer_schedule_outweighs_the_page() -> None:
    """A history page may end with the times of today."""
    found = reading(
        "<h1>Our History</h1><p>In 1902 Mass was said on Sunday at 10:00 am.</p><h2>Mass Times</h2><p>Sunday 9:00 am</p>",
        path="history",
    )
    assert starts(found) == ["09:00"]


def test_a_devotion_may_be_a_ministry() -> None:
    """Adoration is listed among ministries with its own hour; the Mass at which a choir sings is only mentioned."""
    found = reading("<h1>Ministries</h1><h2>Eucharistic Adoration</h2><p>Every Friday 9:00 am to 5:00 pm</p>")
    assert starts(found) == ["09:00"]


def test_a_schools_page_on_mass_is_the_schools() -> None:
    """That pupils go to Mass on Fridays opens no door to others."""
    found = reading("<h1>Attending Mass</h1><p>Mass is every Friday at 8:30 am.</p>", title="Mass | St. Ann School")
    assert starts(found) == []


def test_a_parish_with_a_school_in_its_name_is_a_parish() -> None:
    """The name of the site is no purpose of the page."""
    assert len(reading(TIMES, title="Home | St. Ann Church and School").times) == 3


def test_what_is_dropped_counts_as_passed_over() -> None:
    """The lines' indexes hold in what is left, and a person can see why the rest was left out."""
    found = reading(
        "<h1>Visit</h1><h2>Weddings</h2><p>Mass on Saturdays at 1:00 pm</p><h2>Sunday Mass</h2><p>Sunday 9:00 am</p>"
    )
    assert starts(found) == ["09:00"]
    assert [n for line in found.lines for n in line.times] == [0]
    assert any("weddings" in passed.reason for passed in found.passed_over)


@pytest.mark.parametrize("tag", ["footer", 'div class="site-footer"', 'div id="footer"', "aside"])
def test_footers_and_sidebars_are_the_sites_own(tag: str) -> None:
    """The last heading of the page says nothing about what stands in its footer, nor does the page's address."""
    frame = f"<{tag}><p>Sunday Masses: 8:30 am, 11 am</p></{tag.split()[0]}>"
    assert starts(reading(f"<h1>Donate</h1><h2>Weddings</h2><p>Call us.</p>{frame}", path="donate")) == [
        "08:30",
        "11:00",
    ]


@pytest.mark.parametrize(
    "heading",
    ["Masses & Livestream", "Life Teen Mass", "Watch and Pray", "Confessions are heard 15 minutes before Mass",
     "Marriage and Reconciliation", "Ministries: Liturgy Schedule"],
)  # fmt: skip
def test_a_service_named_beside_something_else_stands(heading: str) -> None:
    """Such a heading is about services as well."""
    assert starts(reading(f"<h2>{heading}</h2>{TIMES}")) == ["17:00", "09:00", "11:00"]


@pytest.mark.parametrize("heading", ["Parish Office", "Donate", "Staff", "Gift Shop"])
def test_a_line_that_names_its_service_stands_beside_the_office(heading: str) -> None:
    """ "Sunday Masses: 8:30 and 11 am" says itself what it is."""
    assert starts(reading(f"<h3>{heading}</h3><p>Sunday Masses: 8:30 am, 11 am</p>")) == ["08:30", "11:00"]


def test_the_masses_of_other_parishes_nearby_are_theirs() -> None:
    """A schedule may end with where else Mass can be found."""
    found = reading(
        f"<h1>Mass Times</h1>{TIMES}<h3>Area Mass Times</h3><p>St. Ann, Tillman: Sat 4:00 PM, Sun 9:30 AM</p>"
    )
    assert starts(found) == ["17:00", "09:00", "11:00"]


def test_a_label_of_the_page_does_not_hold_in_its_footer() -> None:
    """On the page about confession the footer's hours are not those of confession."""
    found = reading(
        "<main><h1>Confession</h1><p>Saturday 3:30 pm</p></main><footer><p>Sat 5:00 pm, Sun 8:00 am, 10:00 am</p></footer>"
    )
    assert starts(found) == ["15:30"]
