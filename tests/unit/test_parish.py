"""Parish facts are what the pages print, from the page that prints them."""

from __future__ import annotations

import pytest

from vitality.pages.contact import cloudflare_email
from vitality.pages.own_name import is_church_name
from vitality.pages.parish import read_parish
from vitality.pages.pastor import pastors
from vitality.pages.text_lines import TextLine
from vitality.records import ContentHash, Page, ParishKind

FOOTER = "<footer><p>St. Ann Catholic Church<br>12 Oak Street<br>Springfield, IL 62701</p><p>Phone: (217) 555-0142<br>Fax: (217) 555-0199</p></footer>"


def page(html: str, path: str = "") -> Page:
    return Page(url=f"http://www.st-ann.test/{path}", text=html, content_hash=ContentHash("sha256:0"))


def test_facts_come_with_their_pages() -> None:
    """Each field is as printed and names the page that states it."""
    home = page(f"<title>Home | St. Ann Catholic Church</title><h1>Welcome to St. Ann Catholic Church</h1>{FOOTER}")
    staff = page(
        f"<title>Staff | St. Ann</title><p>Rev. John Q. Smith, Pastor</p><p>Fr. Al Jones, Associate Pastor</p>{FOOTER}",
        "staff",
    )
    contact = page(
        f"<title>Contact | St. Ann</title><p>Email: <a href='mailto:office@st-ann.test'>write</a></p>{FOOTER}",
        "contact",
    )
    found = read_parish([home, staff, contact])
    assert found is not None
    assert found.name == "St. Ann Catholic Church"
    assert (found.street, found.city, found.state, found.zip) == ("12 Oak Street", "Springfield", "IL", "62701")
    assert found.phone == "(217) 555-0142"
    assert found.email == "office@st-ann.test"
    assert found.pastor == "Rev. John Q. Smith"
    assert found.website == "http://www.st-ann.test/"
    assert found.sources["pastor"].endswith("/staff")
    assert found.sources["name"] == "http://www.st-ann.test/"


def test_fields_that_no_page_states_are_none() -> None:
    """Nothing is made up: a page with a name alone gives a name alone."""
    found = read_parish([page("<title>Our Lady of Lourdes Parish</title>")])
    assert found is not None
    assert found.street is found.phone is found.email is found.pastor is found.zip is None
    assert set(found.sources) == {"name"}


@pytest.mark.parametrize(
    "title", ["St. Ann School", "Divine Mercy Apostolate", "Joe's Bakery", "Diocese of Springfield", ""]
)
def test_a_site_that_is_no_parish_gives_none(title: str) -> None:
    """A school, an apostolate, a diocese or a shop is not taken for a parish."""
    assert (
        read_parish([page(f"<title>{title}</title><h1>{title}</h1>{FOOTER.replace('St. Ann Catholic Church', title)}")])
        is None
    )


def test_somebody_elses_number_is_not_the_parishs() -> None:
    """A number or address in the midst of running text does not become the parish's."""
    text = "For rides to Mass please call Anne or Bill at 217-555-0111 or write to anne@mail.test, any time before the Friday of that week."
    found = read_parish([page(f"<title>St. Ann Church</title><p>{text}</p>")])
    assert found is not None
    assert found.email is None
    assert read_parish([page(f"<title>St. Ann Church</title><p>{text}</p>{FOOTER}")]).phone == "(217) 555-0142"  # type: ignore[union-attr] # a parish, as above


def test_hidden_addresses_are_read() -> None:
    """Cloudflare's codes and "(at)" are addresses all the same."""
    key = 0x5A
    code = bytes([key, *(byte ^ key for byte in b"office@st-ann.test")]).hex()
    assert cloudflare_email(code) == "office@st-ann.test"
    for html in (
        f'<a href="#"><span data-cfemail="{code}">[email protected]</span></a>',
        "<p>office (at) st-ann (dot) test</p>",
    ):
        found = read_parish([page(f"<title>St. Ann Church</title>{html}", "contact")])
        assert found is not None
        assert found.email == "office@st-ann.test"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["Pastor: Rev. Juan de la Cruz, O.P."], "Rev. Juan de la Cruz, O.P."),
        (["Father Michael O'Brien - Pastor"], "Father Michael O'Brien"),
        (["Msgr. Charles P. Vance", "Pastor"], "Msgr. Charles P. Vance"),
        (["Párroco: Padre José Núñez"], "Padre José Núñez"),
        (["Our pastor, Fr. Paul Kim, will gladly meet you."], "Fr. Paul Kim"),
        (["Parochial Vicar: Fr. Al Jones"], None),
        (["Fr. Al Jones, Associate Pastor"], None),
        (["Rev. Old Man, Pastor Emeritus"], None),
        (["Deacon Bob Hill, Pastoral Associate"], None),
        (["In 1950 Father Doyle became pastor of the new parish."], None),
    ],
)
def test_the_pastor_is_the_pastor(lines: list[str], name: str | None) -> None:
    """Only who is called pastor, parish priest or administrator counts: no associates, deacons or former ones."""
    assert next(pastors([TextLine(text=each) for each in lines]), None) == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Cathedral of St. Paul", ParishKind.CATHEDRAL),
        ("St. Rita Mission", ParishKind.MISSION),
        ("St. Paul Cathedral Parish", ParishKind.PARISH),
    ],
)
def test_the_kind_follows_the_name(name: str, kind: ParishKind) -> None:
    """A cathedral or mission that says so is one."""
    found = read_parish([page(f"<title>{name}</title>")])
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "html",
    [
        "<p>📍 12 Oak Street, Springfield, IL 62701</p>",
        "<p>Parish office: 12 Oak Street, Springfield, IL 62701</p>",
        "<p>We are located at 12 Oak Street, Springfield, Illinois 62701.</p>",
        "<p>12 Oak Street<br>Springfield, IL<br>62701</p>",
        "<div><span>12 Oak Street</span></div><div><span>Springfield, IL 62701</span></div>",
    ],
)
def test_streets_come_without_what_stands_before_them(html: str) -> None:
    """Icons, labels and sentences around an address are not part of it."""
    found = read_parish([page(f"<title>St. Ann Church</title>{html}")])
    assert found is not None
    assert (found.street, found.city, found.state, found.zip) == ("12 Oak Street", "Springfield", "IL", "62701")


def test_the_host_of_a_community_is_not_its_parish() -> None:
    """Where all titles repeat a name that is no church's, a church named in passing is not the site's."""
    home = page(
        "<title>Dignity House | Home</title><h2>We worship at St. John's Episcopal Church</h2><footer>St. John's Church</footer>"
    )
    contact = page("<title>Dignity House | Contact</title><p>12 Oak Street, Springfield, IL 62701</p>", "contact")
    assert read_parish([home, contact]) is None


def test_a_number_behind_a_persons_name_gives_way_to_the_offices() -> None:
    """A camp's or a helper's number, though first on the page, is not the parish's."""
    found = read_parish(
        [page("<title>St. Ann Church</title><p>Info Rita Vale 217-555-0111</p><p>Parish Office: 217-555-0100</p>")]
    )
    assert found is not None
    assert found.phone == "217-555-0100"


def test_numbers_of_other_countries_are_read() -> None:
    """A number with a country's code or a leading zero is read as printed; filler of templates is not."""
    assert read_phone("<p>Parish priest - Fr John Vale 020 7946 0958</p>") == "020 7946 0958"
    assert read_phone("<p>(07) 5550 2386</p>") == "(07) 5550 2386"
    assert read_phone("<p>+111-222-3333</p>") is None
    assert read_phone("<p>01 02 2024 to 05 03 2024</p>") is None


def read_phone(html: str) -> str | None:
    """The telephone number of a parish whose home page is this."""
    found = read_parish([page(f"<title>St. Ann Church</title>{html}")])
    assert found is not None
    return found.phone


def test_the_town_behind_a_name_is_no_part_of_it() -> None:
    """ "St. Ann Church, Rye, NY" is called St. Ann Church; so is one whose titles say the town once."""
    for title in ("St. Ann Church, Rye, NY", "St. Ann Church, NY"):
        found = read_parish([page(f"<title>{title}</title>")])
        assert found is not None
        assert found.name == "St. Ann Church"


def test_a_patrons_group_in_a_heading_is_not_the_name_of_the_site() -> None:
    """Where titles name no church, a heading that only mentions saints makes no parish."""
    assert read_parish([page("<title>Mercy House</title><h1>Franciscan Martyrs</h1>")]) is None


def test_a_group_of_parishes_goes_by_its_own_name() -> None:
    """The home page's full name is taken where the churches' pages repeat a short form of it."""
    found = read_parish(
        [
            page("<title>Three Rivers Catholic Parishes</title>"),
            page("<title>St. Leo | Three Rivers</title><h1>St. Leo</h1>"),
            page("<title>St. Wenceslaus | Three Rivers</title><h1>St. Wenceslaus</h1>"),
        ]
    )
    assert found is not None
    assert found.name == "Three Rivers Catholic Parishes"


def test_a_menu_of_churches_is_no_name() -> None:
    """Churches side by side in one line are not the name of a parish."""
    assert not is_church_name("North Church South Church St. Gall Church")
    assert is_church_name("Church of St. Gall")
