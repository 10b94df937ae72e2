"""The walk over a parish site asks for little, and says what it read, what failed and what was refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vitality.errors import BrowserUnavailable, FetchError, HostWait, NotFound, RobotsDisallowed, Unreachable
from vitality.fetch.port import Accept
from vitality.records import ContentHash, Page, Service, TimeStatus
from vitality.roles.site_reading import Stop
from vitality.roles.site_walk import read_every_page, read_site

HOME = "http://st-ann.test/"
MASSES = (
    "<title>Mass Times</title><h1>Mass Times</h1><ul><li>Saturday Vigil Mass: 5:00 PM</li><li>Sunday Mass: 9:00 AM and 11:00 AM</li>"
    "<li>Weekday Mass, Monday through Friday: 8:00 AM</li><li>Confession: Saturday 4:00 PM</li></ul>"
)


class FakeWeb:
    """Pages by path; a path may stand for an error, or for another path that it redirects to."""

    def __init__(
        self, pages: dict[str, str | FetchError], *, drawn: dict[str, str] | None = None, sitemaps: tuple[str, ...] = ()
    ) -> None:
        self.pages = {self._url(path): body for path, body in pages.items()}
        self.drawn = {self._url(path): body for path, body in (drawn or {}).items()}
        self.named = tuple(self._url(each) for each in sitemaps)
        self.asked: list[str] = []

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        self.asked.append(url.removeprefix(HOME))
        found = self.pages.get(url, NotFound(url, "status 404", status=404))
        if isinstance(found, FetchError):
            raise found
        if found.startswith("→"):
            return await self.get(self._url(found[1:]))
        return self._page(url, found)

    async def render(self, url: str) -> Page:
        if url not in self.drawn:
            raise BrowserUnavailable("no browser here")
        return self._page(url, self.drawn[url], rendered=True)

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        return self.named

    @staticmethod
    def _url(path: str) -> str:
        return path if "://" in path else HOME + path

    @staticmethod
    def _page(url: str, text: str, *, rendered: bool = False) -> Page:
        kind = "application/xml" if url.endswith(".xml") else "text/html"
        return Page(url=url, text=text, content_hash=ContentHash("sha256:0"), content_type=kind, rendered=rendered)


def home(*links: tuple[str, str], more: str = "") -> str:
    listed = "".join(f'<a href="{path}">{text}</a>' for path, text in links)
    return f"<title>St. Ann Church</title><nav>{listed}</nav>{more}"


def masses(times: object) -> set[tuple[str, str | None]]:
    return {(day, t.start) for t in times if t.service is Service.MASS for day in t.days}  # type: ignore[attr-defined] # service times


async def test_a_complete_schedule_stops_the_walk() -> None:
    """When the Mass page says all, the pages about the parish are left alone."""
    web = FakeWeb(
        {
            "": home(("about", "About Us"), ("mass", "Mass Times"), ("history", "Welcome")),
            "mass": MASSES,
            "about": home(),
        }
    )
    found = await read_site(web, HOME)
    assert web.asked[:2] == ["", "mass"]
    assert found.stop is Stop.COMPLETE
    assert ("SU", "09:00") in masses(found.times)
    assert ("SA", "17:00") in masses(found.times)
    assert found.parish is not None
    assert found.parish.name == "St. Ann Church"


async def test_the_budget_is_never_overdrawn() -> None:
    """A site of endless promises is left when its requests are spent."""
    links = [(f"mass-times-{n}", "Mass Times") for n in range(50)]
    web = FakeWeb({"": home(*links), **{path: home(*links) for path, _ in links}})
    found = await read_site(web, HOME, budget=6)
    assert found.stop is Stop.BUDGET_SPENT
    assert found.requests == len(web.asked) == 6


async def test_the_sitemap_is_asked_when_links_promise_nothing() -> None:
    """A page that only the sitemap names is found."""
    entry = "<urlset><url><loc>http://st-ann.test/mass-schedule</loc></url></urlset>"
    web = FakeWeb({"": home(), "map.xml": entry, "mass-schedule": MASSES}, sitemaps=("map.xml",))
    found = await read_site(web, HOME)
    assert ("SU", "11:00") in masses(found.times)


async def test_failures_and_refusals_are_told_apart() -> None:
    """What failed and what the site forbids are listed each with its kind; the rest is read."""
    pages: dict[str, str | FetchError] = {
        "": home(("mass", "Mass Times"), ("worship", "Worship"), ("confession", "Confession")),
        "mass": RobotsDisallowed(HOME + "mass", "robots.txt disallows it"),
        "worship": MASSES,
    }
    found = await read_site(FakeWeb(pages), HOME)
    assert [(b.url, b.kind) for b in found.blocked] == [(HOME + "mass", "RobotsDisallowed")]
    assert (HOME + "confession", "NotFound") in [(f.url, f.kind) for f in found.failed]
    assert ("SU", "09:00") in masses(found.times)


@pytest.mark.parametrize(
    "error",
    [
        RobotsDisallowed(HOME, "no"),
        Unreachable(HOME, "no such host"),
        HostWait(HOME, "busy", until=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_site_whose_home_cannot_be_read_raises(error: FetchError) -> None:
    """A site that refuses, is gone or is busy is an error, never an empty schedule."""
    with pytest.raises(type(error)):
        await read_site(FakeWeb({"": error}), HOME)


async def test_a_busy_host_midway_says_until_when() -> None:
    """A host that asks to wait midway is not read as silent: the instant is told."""
    until = datetime(2026, 1, 1, tzinfo=UTC)
    pages: dict[str, str | FetchError] = {
        "": home(("mass", "Mass Times")),
        "mass": HostWait(HOME + "mass", "status 503", until=until),
    }
    assert (await read_site(FakeWeb(pages), HOME)).postponed == until


async def test_a_page_that_needs_scripts_is_drawn() -> None:
    """An empty application page is drawn by the browser where there is one."""
    empty = '<title>St. Ann Church</title><body><div id="root"></div><script src="a.js"></script></body>'
    found = await read_site(FakeWeb({"": empty}, drawn={"": MASSES}), HOME)
    assert ("SU", "09:00") in masses(found.times)
    assert found.browser_missed == ()


async def test_without_a_browser_the_rest_is_still_read() -> None:
    """Where no browser works the page is noted, and the walk goes on."""
    empty = '<body><div id="root"></div><a href="mass">Mass Times</a><script src="a.js"></script></body>'
    found = await read_site(FakeWeb({"": empty, "mass": MASSES}), HOME)
    assert found.browser_missed == (HOME,)
    assert ("SU", "09:00") in masses(found.times)


async def test_the_walk_stays_on_the_site() -> None:
    """Links and redirects to other hosts are not followed, except that the home page may live under another name."""
    pages: dict[str, str | FetchError] = {
        "": "→http://www.stannparish.test/",
        "http://www.stannparish.test/": home(("mass", "Mass Times"), ("http://other.test/mass", "Mass Times")),
        "http://www.stannparish.test/mass": "→http://other.test/mass",
        "http://other.test/mass": MASSES,
    }
    found = await read_site(FakeWeb(pages), HOME)
    assert found.home_url == "http://www.stannparish.test/"
    assert found.times == ()


async def test_every_page_trusts_linked_pages_more() -> None:
    """Reading all stored pages, an old page that nothing links cannot overrule the linked one."""
    old = MASSES.replace("9:00 AM and 11:00 AM", "10:30 AM")
    web = FakeWeb({"": home(("mass", "Mass Times")), "mass": MASSES, "mass-old": old})
    found = await read_every_page(web, HOME, [HOME, HOME + "mass", HOME + "mass-old"])
    active = [t for t in found.times if t.status.value == "active"]
    assert ("SU", "10:30") not in masses(active)
    assert ("SU", "09:00") in masses(active)


async def test_last_years_holy_week_on_the_home_page_neither_ends_the_walk_nor_adds_to_the_schedule() -> None:
    """The Sundays of an old Holy Week do not stand for the Sunday Masses, which the linked page has."""
    old = "<h2>Holy Week 2024</h2><p>Palm Sunday Masses: Saturday 5:30 PM, Sunday 7:00 AM</p><p>Confessions Monday 6:00 PM</p>"
    web = FakeWeb({"": home(("times", "Mass Times"), more=old), "times": MASSES})
    found = await read_site(web, HOME)
    active = {(day, t.start) for t in found.times if t.status is TimeStatus.ACTIVE for day in t.days}
    assert "times" in web.asked
    assert not {("SA", "17:30"), ("SU", "07:00"), ("MO", "18:00")} & active
    assert {("SA", "17:00"), ("SU", "09:00"), ("SU", "11:00")} <= active


@pytest.mark.parametrize("title", ["St. Ann Catholic School", "Home | Holy Angels Academy", "Diocese of Rye"])
async def test_a_school_or_diocese_has_no_times_of_its_own(title: str) -> None:
    """Its pupils' Mass opens no door to others, and no parish is made of it."""
    found = await read_site(FakeWeb({"": f"<title>{title}</title><p>Mass is every Friday at 8:30 AM.</p>"}), HOME)
    assert (found.times, found.parish) == ((), None)


@pytest.mark.parametrize("title", ["St. Ann Church and School", "St. Ann Church | Diocese of Rye"])
async def test_a_parish_with_a_school_or_of_a_diocese_keeps_its_times(title: str) -> None:
    """The church beside it in the title counts."""
    found = await read_site(FakeWeb({"": f"<title>{title}</title><p>Mass is every Friday at 8:30 AM.</p>"}), HOME)
    assert masses(found.times) == {("FR", "08:30")}


async def test_a_page_for_the_spanish_speaking_is_read_though_the_schedule_is_complete() -> None:
    """The Spanish Mass often stands only there."""
    site = FakeWeb(
        {
            "": home(("masses", "Mass Times"), ("espanol", "Español"), ("news", "News")),
            "masses": MASSES,
            "espanol": "<title>Español</title><p>Misa en español: domingo 1:00 PM</p>",
        }
    )
    found = await read_site(site, HOME)
    assert ("SU", "13:00") in masses(found.times)
    assert "news" not in site.asked


async def test_the_pages_of_all_churches_of_a_parish_are_read() -> None:
    """A menu that names several churches leads to Masses at each, however complete the first page looks."""
    site = FakeWeb(
        {
            "": home(
                ("masses", "Mass Times"), ("mary", "St. Mary, Elkton"), ("rita", "Star of the Sea"), ("news", "News")
            ),
            "masses": MASSES,
            "mary": "<title>St. Mary</title><h1>St. Mary</h1><p>Mass Wednesday 6:30 PM</p>",
            "rita": "<title>St. Rita</title><h1>St. Rita</h1><p>Mass Thursday 6:45 PM</p>",
        }
    )
    await read_site(site, HOME)
    assert {"mary", "rita"} <= set(site.asked)


async def test_no_page_is_tried_in_vain_once_the_sunday_masses_are_known() -> None:
    """What promises nothing is asked for only while not even Sunday is known."""
    links = home(("alpha", "Alpha"), ("beta", "Beta"), more="<h2>Sunday Mass</h2><p>Sunday 9:00 AM</p>")
    site = FakeWeb({"": links, "alpha": "<title>A</title>", "beta": "<title>B</title>"})
    await read_site(site, HOME)
    assert not {"alpha", "beta"} & set(site.asked)


async def test_behind_a_splash_page_the_site_begins() -> None:
    """A page that only says "Enter" leads to home.htm, which is another page."""
    site = FakeWeb(
        {
            "": "<title>St. Ann</title><a href='home.htm'><img alt='Enter'></a>",
            "home.htm": home(("masses", "Mass Times")),
            "masses": MASSES,
        }
    )
    found = await read_site(site, HOME)
    assert ("SU", "09:00") in masses(found.times)


async def test_the_page_of_a_mission_is_read_though_the_schedule_is_complete() -> None:
    """A mission beside the parish's own church has Masses of its own; "Our Mission" is no church."""
    mission = "<title>St. Hubert's Mission</title><h1>St. Hubert's Mission</h1><p>Sunday Mass: 1:00 PM</p>"
    links = home(("/masses", "Mass Times"), ("/hubert", "St. Hubert's Mission"), ("/aims", "Our Mission"))
    web = FakeWeb({"": links, "masses": MASSES, "hubert": mission, "aims": "<p>We love.</p>"})
    reading = await read_site(web, HOME)
    assert ("SU", "13:00") in masses(reading.times)
    assert "aims" not in web.asked
