"""Links are ranked by what they promise for a purpose."""

from __future__ import annotations

import pytest

from vitality.pages.dom import Link, parse
from vitality.pages.links import Purpose, address_words, page_key, page_links, rank_links, same_site

HOME = "http://www.st-a.test/"


def urls(links: list[tuple[str, str]], purpose: Purpose) -> list[str]:
    found = rank_links(
        (Link(url=HOME + u if "://" not in u else u, text=t) for u, t in links), page_url=HOME, purpose=purpose
    )
    return [c.url.removeprefix(HOME) for c in found]


def test_schedule_pages_come_first() -> None:
    """Mass times come before confession, sacraments and the parish; bulletin archives and giving do not come at all."""
    links = [
        ("about", "About Us"),
        ("bulletin-archive", "Bulletin Archive"),
        ("give", "Donate"),
        ("sacraments", "Sacraments"),
        ("reconciliation", "Confession"),
        ("mass-times", "Mass Times"),
        ("school/mass-schedule", "School"),
        ("login", "Mass Schedule Login"),
    ]
    found = urls(links, Purpose.SCHEDULE)
    assert found[:4] == ["mass-times", "reconciliation", "sacraments", "about"]
    assert not {"give", "login", "bulletin-archive"} & set(found)


@pytest.mark.parametrize(
    "link", [("horarios", "Horario de Misas"), ("p?id=7", "Giờ lễ"), ("x", "Msze Święte"), ("MassTimes.aspx", "")]
)
def test_other_languages_and_bare_addresses_are_understood(link: tuple[str, str]) -> None:
    """Words of other languages and words run together in an address count as well."""
    assert urls([("about", "About"), link], Purpose.SCHEDULE)[0] == link[0]


def test_directory_decoys_stay_behind() -> None:
    """For a directory the parish finder wins over resources, staff, schools and closed parishes."""
    links = [
        ("parish-resources", "Parish Resources"),
        ("staff-directory", "Staff Directory"),
        ("find-a-school", "Find a School"),
        ("closed-parishes", "Closed Parishes"),
        ("parishes", "Find a Parish"),
    ]
    assert urls(links, Purpose.DIRECTORY)[0] == "parishes"
    assert "closed-parishes" not in urls(links, Purpose.DIRECTORY)[:2]


def test_only_pages_of_the_site_each_once() -> None:
    """Other hosts, documents, the page itself and repeated addresses are left out; subdomains are of the site."""
    links = [
        ("http://elsewhere.test/mass-times", "Mass Times"),
        ("mass.pdf", "Mass Times"),
        ("#x", "Mass Times"),
        ("mass/", "Mass"),
        ("mass/index.html?utm_source=x", "Mass Times"),
        ("http://es.st-a.test/misas", "Misas"),
    ]
    assert urls(links, Purpose.SCHEDULE) == ["mass/index.html?utm_source=x", "http://es.st-a.test/misas"]


def test_every_candidate_says_why() -> None:
    """The reason names the words and their weights."""
    (found,) = rank_links([Link(url=HOME + "liturgy", text="Mass times")], page_url=HOME, purpose=Purpose.SCHEDULE)
    assert "mass times" in found.reason
    assert "liturgy" in found.reason


def test_sites_are_told_apart() -> None:
    """A shared registrable domain does not make two sites one."""
    assert same_site("http://www.st-a.test/x", "http://st-a.test/")
    assert not same_site("http://b.parishes.test/", "http://a.parishes.test/")
    assert not same_site("http://notst-a.test/", "http://st-a.test/")


def test_addresses_are_compared_by_page() -> None:
    """Index files, slashes and tracking do not make another page; a query does."""
    assert page_key("https://www.st-a.test/a/index.html?utm_x=1") == page_key("http://st-a.test/a/")
    assert page_key("http://st-a.test/?p=2") != page_key("http://st-a.test/")
    assert address_words("http://st-a.test/About/MassTimes.html") == "about mass times"


def test_deep_nesting_costs_no_time() -> None:
    """A page nested beyond reason is cut there instead of holding up the reader; what stands before is read."""
    html = '<a href="/mass">Mass Times</a>' + "<div>" * 300_000 + '<a href="/deep">Mass</a>'
    assert [link.url for link in page_links(parse(html), HOME)] == ["http://www.st-a.test/mass"]


def test_links_that_scripts_and_frames_hide_are_found() -> None:
    """Frames, refreshes, option lists and click handlers lead to pages as well."""
    html = (
        '<meta http-equiv="refresh" content="0; url=/start"><iframe src="/menu"></iframe><option value="/es/">Es</option>'
        "<button onclick=\"location.href='/mass'\">Mass</button>"
    )
    assert {link.url.removeprefix(HOME) for link in page_links(parse(html), HOME)} == {"start", "menu", "es/", "mass"}
