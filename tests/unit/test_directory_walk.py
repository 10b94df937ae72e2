"""The walk over a diocese's site: the directory is found by proof, read to its end, and what fails is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from vitality.errors import (
    BrowserUnavailable,
    DirectoryNotFound,
    FetchError,
    HostWait,
    NotFound,
    RobotsDisallowed,
    Unreachable,
)
from vitality.fetch.port import Accept
from vitality.records import CapturedJson, ContentHash, Directory, Page
from vitality.roles.directory_walk import extract_parishes, find_directory

HOME = "http://marlow.example/"
ROWS = [("St. Aldate", "Athens"), ("St. Joseph", "Marietta"), ("Holy Wisdom", "Pomeroy"), ("St. Thecla", "Troy"), ("San Isidro Mission", "Jackson"), ("St. Benno", "Amesville")]  # fmt: skip


class Web:
    """Pages by address; an error in place of a page is raised."""

    def __init__(self, pages: dict[str, str | FetchError], sitemaps: tuple[str, ...] = ()) -> None:
        self.pages = pages
        self.named_sitemaps = sitemaps
        self.asked: list[str] = []
        self.drawn: dict[str, Page] = {}

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        self.asked.append(url)
        found = self.pages.get(url, NotFound(url, "status 404", status=404))
        if isinstance(found, FetchError):
            raise found
        kind = "text/javascript" if url.endswith(".js") else "application/json" if found[:1] in "[{" else "text/html"
        return Page(url=url, text=found, content_hash=ContentHash("sha256:0"), content_type=kind)

    async def render(self, url: str) -> Page:
        if url not in self.drawn:
            raise BrowserUnavailable("no browser here")
        return self.drawn[url]

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        return self.named_sitemaps


def html(body: str, heading: str = "Parishes") -> str:
    return f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1>{body}</body></html>"


def listing(rows: list[tuple[str, str]], details: bool = False) -> str:
    name = '<a href="/parishes/{0}">{1}</a>' if details else "{1}"
    return (
        "<ul>" + "".join(f"<li><b>{name.format(i, n)}</b><br>{c}, OH</li>" for i, (n, c) in enumerate(rows)) + "</ul>"
    )


def home(*links: tuple[str, str]) -> str:
    return html("".join(f'<a href="{url}">{text}</a> ' for url, text in links), "Diocese of Marlow")


async def test_the_page_with_the_parishes_wins_over_what_only_sounds_like_it() -> None:
    """A page of resources and a menu are looked at or passed over; the list that can be read is the directory."""
    web = Web(
        {
            HOME: home(("/resources", "Parish Resources"), ("/parishes", "Parishes"), ("/staff", "Staff Directory")),
            "http://marlow.example/parishes": html('<a href="/parishes/find">Find a Parish</a>'),
            "http://marlow.example/parishes/find": html(listing(ROWS)),
        }
    )
    found = await find_directory(web, HOME)
    assert found.directory.url == "http://marlow.example/parishes/find"
    assert found.directory.parishes == len(ROWS)
    assert found.requests == len(web.asked) <= 4
    assert found.tried[0].url == HOME


async def test_an_application_is_proved_by_the_data_its_script_names() -> None:
    """A page without rows leads to its script, the script to the endpoint; the page is the directory."""
    data = json.dumps({"data": [{"title": n, "city": c, "phone": "740-555-0100"} for n, c in ROWS]})
    web = Web(
        {
            HOME: home(("/directory", "Parish Directory")),
            "http://marlow.example/directory": '<html><body><div id="app"></div><script src="/js/app.js"></script></body></html>',
            "http://marlow.example/js/app.js": 'fetch("/api/parishes.json").then(draw)',
            "http://marlow.example/api/parishes.json": data,
        }
    )
    found = await find_directory(web, HOME)
    assert found.directory.url == "http://marlow.example/directory"
    assert found.directory.data_url == "http://marlow.example/api/parishes.json"
    extracted = await extract_parishes(web, found.directory)
    assert len(extracted.parishes) == len(ROWS)


async def test_a_drawn_page_gives_the_json_it_captured() -> None:
    """Where only the browser shows the rows, the answers that its scripts fetched are read first."""
    web = Web(
        {
            HOME: home(("/directory", "Parish Directory")),
            "http://marlow.example/directory": '<html><body><div id="root"></div><script>boot()</script></body></html>',
        }
    )
    captured = CapturedJson(url="http://api.example/x", text=json.dumps([{"name": n, "city": c} for n, c in ROWS]))
    web.drawn["http://marlow.example/directory"] = Page(
        url="http://marlow.example/directory",
        text="<html><body><div id=root><p>6 results</p></div></body></html>",
        content_hash=ContentHash("sha256:1"),
        rendered=True,
        captured=(captured,),
    )
    found = await find_directory(web, HOME)
    assert found.directory.layout == "captured"
    assert found.directory.parishes == len(ROWS)


async def test_the_sitemap_is_asked_when_no_link_leads_there() -> None:
    """A list that no menu names is found by its address in the sitemap."""
    sitemap = '<?xml version="1.0"?><urlset><url><loc>http://marlow.example/our-parishes/</loc></url></urlset>'
    web = Web(
        {HOME: home(("/news", "News")), "http://marlow.example/map.xml": sitemap, "http://marlow.example/our-parishes/": html(listing(ROWS))},
        ("http://marlow.example/map.xml",),
    )  # fmt: skip
    found = await find_directory(web, HOME)
    assert found.directory.url == "http://marlow.example/our-parishes/"


@pytest.mark.parametrize(
    ("pages", "cause"),
    [
        ({HOME: home(("/news", "News"))}, "absent"),
        ({HOME: RobotsDisallowed(HOME, "robots.txt disallows it")}, "blocked"),
        ({HOME: Unreachable(HOME, "no route")}, "failed"),
    ],
)
async def test_not_found_tells_absent_from_blocked_and_failed(pages: dict[str, str | FetchError], cause: str) -> None:
    """No list, a site that says no, and a site that is down are three different things."""
    with pytest.raises(DirectoryNotFound) as raised:
        await find_directory(Web(pages), HOME)
    assert raised.value.cause == cause


async def test_the_search_keeps_to_its_budget() -> None:
    """However many links promise something, no more requests are made than allowed."""
    links = [(f"/parishes/{i}", "Find a Parish") for i in range(40)]
    web = Web({HOME: home(*links), **{f"http://marlow.example/parishes/{i}": html("<p>soon</p>") for i in range(40)}})
    with pytest.raises(DirectoryNotFound):
        await find_directory(web, HOME, budget=7)
    assert len(web.asked) == 7


def paged(last: int) -> dict[str, str | FetchError]:
    url = "http://marlow.example/parishes"
    links = "".join(f'<a href="?page={i}">{i}</a>' for i in range(1, last + 1))
    pages: dict[str, str | FetchError] = {}
    for number in range(1, last + 1):
        rows = [(f"St. Aldate {'I' * number}{k}", "Athens") for k in "VX"]
        pages[url if number == 1 else f"{url}?page={number}"] = html(listing(rows) + links)
    return pages


async def test_all_pages_of_a_list_are_read_once() -> None:
    """The pager is followed to its end without asking for a page twice."""
    web = Web(paged(5))
    extracted = await extract_parishes(web, Directory(url="http://marlow.example/parishes", layout="records"))
    assert len(extracted.parishes) == 10
    assert extracted.complete
    assert sorted(web.asked) == sorted(set(web.asked))


async def test_a_page_of_the_list_that_fails_makes_it_incomplete() -> None:
    """What was read is kept, and the missing page is named."""
    pages = paged(4)
    pages["http://marlow.example/parishes?page=3"] = Unreachable("http://marlow.example/parishes?page=3", "time-out")
    extracted = await extract_parishes(Web(pages), Directory(url="http://marlow.example/parishes", layout="records"))
    assert len(extracted.parishes) == 6
    assert not extracted.complete
    assert "page=3" in (extracted.reason or "")


async def test_letters_are_read_from_their_index() -> None:
    """An index without parishes leads to one list a letter."""
    url = "http://marlow.example/parishes"
    index = html("".join(f'<a href="/parishes/{c}">{c.upper()}</a> ' for c in "abcd"))
    pages: dict[str, str | FetchError] = {url: index}
    pages |= {
        f"{url}/{c}": html(listing([(f"St. {c.upper()}ldate", "Athens"), (f"St. {c.upper()}enno", "Troy")]))
        for c in "abcd"
    }
    found = await find_directory(Web({HOME: home(("/parishes", "Parishes")), **pages}), HOME)
    assert found.directory.url == url
    extracted = await extract_parishes(Web(pages), found.directory)
    assert len(extracted.parishes) == 8
    assert extracted.complete


def with_details(rows: list[tuple[str, str]]) -> dict[str, str | FetchError]:
    pages: dict[str, str | FetchError] = {"http://marlow.example/parishes": html(listing(rows, details=True))}
    for index, (name, city) in enumerate(rows):
        pages[f"http://marlow.example/parishes/{index}"] = html(
            f"<p>{index + 1} Elm Street<br>{city}, OH 45701</p><p>Phone: 740-555-010{index}</p><p>Pastor: Rev. Hugh Penn</p>"
            "<h3>Nearby parishes</h3><p>St. Other, 99 Far Road, Lima, OH 45801, 419-555-0000</p>",
            name,
        )
    return pages


async def test_detail_pages_fill_what_the_list_lacks() -> None:
    """Street, ZIP code, telephone and pastor come from each parish's own page, nothing from its neighbours."""
    extracted = await extract_parishes(
        Web(with_details(ROWS)), Directory(url="http://marlow.example/parishes", layout="records")
    )
    first = next(parish for parish in extracted.parishes if parish.name == "St. Aldate")
    assert (first.street, first.zip, first.phone, first.pastor) == (
        "1 Elm Street",
        "45701",
        "740-555-0100",
        "Rev. Hugh Penn",
    )
    assert first.sources["street"] == "http://marlow.example/parishes/0"
    assert first.sources["city"] == "http://marlow.example/parishes"
    assert extracted.details == len(ROWS)


async def test_failed_details_are_kept_apart_and_the_others_read() -> None:
    """A detail page that fails is listed for a retry; its parish keeps what the list says."""
    pages = with_details(ROWS)
    pages["http://marlow.example/parishes/1"] = Unreachable("http://marlow.example/parishes/1", "time-out")
    extracted = await extract_parishes(Web(pages), Directory(url="http://marlow.example/parishes", layout="records"))
    assert [each.url for each in extracted.failed] == ["http://marlow.example/parishes/1"]
    assert sum(parish.street is not None for parish in extracted.parishes) == len(ROWS) - 1
    assert len(extracted.parishes) == len(ROWS)


async def test_a_host_that_asks_to_wait_is_left_alone() -> None:
    """After one "not now" no further detail page is asked for."""
    pages = with_details(ROWS)
    wait = HostWait(
        "http://marlow.example/parishes/0", "status 503", until=datetime(2026, 1, 1, tzinfo=UTC), status=503
    )
    pages["http://marlow.example/parishes/0"] = wait
    web = Web(pages)
    extracted = await extract_parishes(
        web, Directory(url="http://marlow.example/parishes", layout="records"), concurrency=1
    )
    assert len(web.asked) == 2
    assert len(extracted.failed) == len(ROWS)


async def test_addresses_that_lead_nowhere_are_no_details() -> None:
    """When a sample of detail pages does not exist, the rest is not asked for and nothing counts as failed."""
    rows = [(f"St. Aldate {c}", "Athens") for c in "BCDEFGHKLM"]
    web = Web({"http://marlow.example/parishes": html(listing(rows, details=True))})
    extracted = await extract_parishes(web, Directory(url="http://marlow.example/parishes", layout="records"))
    assert len(web.asked) < 1 + len(rows)
    assert not extracted.failed
    assert all(parish.detail_url is None for parish in extracted.parishes)


async def test_a_failing_directory_page_is_an_error() -> None:
    """Down is not empty."""
    url = "http://marlow.example/parishes"
    with pytest.raises(Unreachable):
        await extract_parishes(Web({url: Unreachable(url, "time-out")}), Directory(url=url, layout="records"))
