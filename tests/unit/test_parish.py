"""Parish facts are what the pages print, from the page that prints them."""

from __future__ import annotations

import pytest

from vitality.pages.contact import cloudflare_email
from vitality.pages.own_name import is_church_name
from vitality.pages.parish import read_parish
from vitality.pages.pastor import pastors
from vitality.pages.text_lines import TextLine
from vitality.records import ContentHash, Page, Parish, ParishKind

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


def facts_of(*bodies: str, title: str = "St. Ann Church") -> Parish | None:
    pages = [
        Page(
            url=f"https://parish.example.org/{'' if n == 0 else f'page{n}'}",
            text=f"<title>{title}</title>{body}",
            content_hash=ContentHash("0"),
        )
        for n, body in enumerate(bodies)
    ]
    return read_parish(pages)


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("<p>8 Minorca Lane, Ballyfoyle, Co. Antrim BT99 8AU</p>", ("8 Minorca Lane", "Ballyfoyle", "Co. Antrim", "BT99 8AU")),
        ("<p>Church Road, Ballyfoyle, Co. Limerick</p>", ("Church Road", "Ballyfoyle", "Co. Limerick", None)),
        ("<p>25 Main Avenue, Riverton QLD 4999</p>", ("25 Main Avenue", "Riverton", "QLD", "4999")),
        ("<p>306 Garden Lane<br>London<br>SW99 4EH</p>", ("306 Garden Lane", "London", None, "SW99 4EH")),
        ("<p>118 Granville Street, Port Howe, NS</p>", ("118 Granville Street", "Port Howe", "NS", None)),
        ("<p>Join us on Sunday, in Co. Antrim, 8 miles away</p>", (None, None, None, None)),
    ],
)  # fmt: skip
def test_addresses_of_other_countries(printed: str, address: tuple[str | None, ...]) -> None:
    """Street, town, county and postcode as Ireland, Britain, Australia and Canada print them."""
    found = facts_of(f"<footer>{printed}</footer>")
    assert found is not None
    assert (found.street, found.city, found.state, found.zip) == address


def test_the_address_with_its_zip_code_wins() -> None:
    """A page may name the address again without it."""
    found = facts_of("<p>12 Elm Street, Rye, NY</p><footer>12 Elm Street, Rye, NY 10580</footer>")
    assert found is not None
    assert found.zip == "10580"


@pytest.mark.parametrize(
    "body",
    [
        "<footer>©2025 by St. Ann Catholic Church. Proudly created with Some.com</footer>",
        "<footer>St. Ann Catholic Church · 12 Elm Street, Rye, NY 10580</footer>",
        "<p>Our address is St. Ann Catholic Church, 12 Elm Street, Rye, New York 10580</p>",
        "<p>St. Ann Catholic Church is a parish of the Diocese of Rye.</p>",
        "<p>St. Ann Catholic Church<br>12 Elm Street<br>Rye, NY 10580</p>",
    ],
)
def test_the_name_in_full_is_found_where_pages_print_it(body: str) -> None:
    """The title says less than copyright, footer, address or first sentence."""
    found = facts_of(body, title="St. Ann")
    assert found is not None
    assert found.name == "St. Ann Catholic Church"


def test_the_offices_email_goes_before_those_of_persons() -> None:
    """A staff list begins with the pastor's address."""
    found = facts_of("<p>Welcome</p>", "<p>jsmith@rye.org</p><p>Secretary: office@rye.org</p>")
    assert found is not None
    assert found.email == "office@rye.org"


def test_an_email_with_the_parishs_name_is_the_parishs() -> None:
    """Coordinators are named before it on the home page."""
    found = facts_of(
        "<p>olga1960@gmail.com</p><p>petra@gmail.com</p><p>sophiemtl@gmail.com</p>", title="Saint Sophie Church"
    )
    assert found is not None
    assert found.email == "sophiemtl@gmail.com"


def test_a_number_told_within_a_sentence_of_the_home_page_is_somebodys() -> None:
    """For a brotherhood's number nobody reaches the parish."""
    text = (
        "Members are invited to join the Brotherhood; for more information please phone Olia Kost, 514-555-1579 soon."
    )
    found = facts_of(f"<p>{text}</p>")
    assert found is not None
    assert found.phone is None


def test_a_number_is_told_as_printed() -> None:
    """A link dials the country's code; the page prints the number of the place."""
    found = facts_of('<a href="tel:+35361999077">Call</a>', '<p>Office: <a href="tel:+35361999077">061–999 077</a></p>')
    assert found is not None
    assert found.phone == "061–999 077"


def test_letters_behind_a_name_may_be_its_role() -> None:
    """P.P. is the parish priest."""
    found = facts_of("<p>Very Rev. Fr Peter Owens P.P.</p>")
    assert found is not None
    assert found.pastor == "Very Rev. Fr Peter Owens"


def test_a_pastor_is_named_though_the_deacon_follows() -> None:
    """The next sentence is about somebody else."""
    found = facts_of("<p>Established in 1988. Rev. Joel Landry, Pastor. Deacon Ron Guidry.</p>")
    assert found is not None
    assert found.pastor == "Rev. Joel Landry"


def test_a_street_is_without_the_name_before_it() -> None:
    """Footers put name and street between dashes or bars on one line."""
    found = facts_of("<footer>St. Ann Church - 300 Center Road, Millbrook, MD 21999 - 410.555.0177</footer>")
    assert found is not None
    assert (found.street, found.city) == ("300 Center Road", "Millbrook")


@pytest.mark.parametrize(
    "card",
    [
        "<h4>Fr. Bill Lugger</h4><p>Pastor | blugger@rye.org</p>",
        "<h4>Fr. Bill Lugger</h4><p>Pastor 914-555-0101</p>",
        "<p>Fr. Bill Lugger - Father in Charge</p>",
    ],
)
def test_cards_name_the_pastor_with_his_contacts(card: str) -> None:
    """The role's line holds an address or number as well."""
    found = facts_of(card)
    assert found is not None
    assert found.pastor == "Fr. Bill Lugger"


def test_a_row_of_numbers_is_of_several_churches() -> None:
    """Whose of three the parish's is nobody says."""
    cells = "".join(f"<td>309-555-010{n}</td>" for n in range(3))
    found = facts_of("<p>Welcome</p>", f"<table><tr>{cells}</tr></table>")
    assert found is not None
    assert found.phone is None


def test_facts_that_stand_only_in_data_for_machines() -> None:
    """JSON-LD names address, telephone and e-mail that the page shows as a picture."""
    data = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"CatholicChurch","name":"St. Ann Church",'
        '"telephone":"(217) 555-0142","email":"mailto:office@rye.org","address":{"@type":"PostalAddress",'
        '"streetAddress":"12 Oak Street","addressLocality":"Springfield","addressRegion":"Illinois","postalCode":"62701"}}</script>'
    )
    found = facts_of(f"{data}<p>Welcome</p>")
    assert found is not None
    assert (found.street, found.city, found.state, found.zip) == ("12 Oak Street", "Springfield", "IL", "62701")
    assert (found.phone, found.email) == ("(217) 555-0142", "office@rye.org")


def test_facts_in_microdata() -> None:
    """The parts of an address are marked one by one."""
    found = facts_of(
        '<div itemscope><span itemprop="streetAddress">7 Cedar Ln</span><span itemprop="addressLocality">Oconto</span>'
        '<span itemprop="addressRegion">WI</span><span itemprop="postalCode">54155</span></div>'
    )
    assert found is not None
    assert (found.street, found.city, found.state, found.zip) == ("7 Cedar Ln", "Oconto", "WI", "54155")


@pytest.mark.parametrize("title", ["Assumption Church, Ore Bluff, Minnesota", "Assumption Church, Ore Bluff, MN"])
def test_town_and_state_are_no_part_of_a_name(title: str) -> None:
    """Whether the state is printed in full or as its code."""
    found = facts_of("<p>Welcome</p>", title=title)
    assert found is not None
    assert found.name == "Assumption Church"


def test_a_page_at_a_church_is_no_name() -> None:
    """ "Worship at St. Ann Church" is about St. Ann Church."""
    found = facts_of("<p>Welcome</p>", title="Worship at St. Ann Church")
    assert found is not None
    assert found.name == "St. Ann Church"


@pytest.mark.parametrize(
    "title",
    ["Knights of Columbus Council 4421 - St. Mary", "Trattoria San Marco", "St. Joseph Retreat House",
     "Catholic Charities of Rye", "St. Luke's Episcopal Church"],
)  # fmt: skip
def test_who_meets_at_a_church_or_bears_a_saints_name_is_no_parish(title: str) -> None:
    """Groups, houses of retreat and restaurants get no record."""
    assert facts_of("<p>10 Elm St, Rye, NY 10580</p><p>914-555-0100</p>", title=title) is None


def test_the_church_stands_at_its_street_though_mail_goes_to_a_box() -> None:
    """The box is printed first on many pages."""
    found = facts_of("<p>Mailing Address: P.O. Box 77, Bethel, PA 18999</p><p>Church: 9 Slav St, Bethel, PA 18999</p>")
    assert found is not None
    assert found.street == "9 Slav St"


def test_a_long_footer_between_bars_is_no_sentence() -> None:
    """Name, street, town and telephone stand on one line."""
    found = facts_of(
        "<div>The Catholic Community of St. Ann | 940 Carmichael St | Chapel Ridge, NC 27999 | 919-555-0140</div>"
    )
    assert found is not None
    assert found.phone == "919-555-0140"


def test_what_is_told_of_our_pastor_is_told_of_him_who_is() -> None:
    """His ordination lies in the past, his office does not."""
    found = facts_of(
        "<p>Our pastor, Fr. George Smiga, was ordained in 1990.</p><p>Former pastors: Fr. Al Bach (1980-1992)</p>"
    )
    assert found is not None
    assert found.pastor == "Fr. George Smiga"
