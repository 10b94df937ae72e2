"""The project's own sample web hangs together, and what is expected of it stands on its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "vitality" / "localweb" / "sample"
HOSTS: dict[str, dict[str, Any]] = json.loads((SAMPLE / "hosts.json").read_text("utf-8"))
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests" / "acceptance" / "sample_web_expected.json").read_text("utf-8"))
PAGES = sorted(SAMPLE.glob("*/**/*.html"))
MISSING_ON_PURPOSE = {"www.stbonifaceoxbow.test"}
_INVENTED = (".example.org", ".example.com", ".test")


def _file(host: str, path: str, query: str) -> Path | None:
    name = path.strip("/")
    names = [f"{name}@{query}", name] if query else [name]
    candidates = [SAMPLE / host / f for n in names for f in (n, f"{n}/index.html".lstrip("/"), f"{n}.html")]
    return next((c for c in candidates if c.is_file()), None)


def _url(page: Path) -> str:
    return f"http://{page.relative_to(SAMPLE).as_posix().removesuffix('index.html').removesuffix('.html').replace('@', '?')}"


def _links(page: Path) -> Iterator[str]:
    for href in re.findall(r"""(?:href|src)=["']([^"']+)["']""", page.read_text("utf-8")):
        if not href.startswith(("#", "tel:", "mailto:")):
            yield urljoin(_url(page), href.strip())


def test_every_host_has_its_folder_and_every_folder_its_host() -> None:
    """hosts.json and the folders name the same hosts."""
    assert sorted(HOSTS) == sorted(p.name for p in SAMPLE.iterdir() if p.is_dir())


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_invented_and_described(host: str) -> None:
    """A host lies under a domain kept for examples and says what it is."""
    assert host.endswith(_INVENTED)
    assert HOSTS[host]["base_url"] == f"http://{host}/"
    assert HOSTS[host]["kind"] in {"conference", "diocese", "parish"}
    assert HOSTS[host]["notes"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(SAMPLE).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link leads to a stored file, or to the one host that is missing on purpose."""
    for link in _links(page):
        parts = urlsplit(link)
        if parts.hostname not in MISSING_ON_PURPOSE and parts.netloc != "www.sitemaps.org":
            assert _file(parts.netloc, parts.path, parts.query), f"{page.name}: {link}"


def test_all_telephone_numbers_are_invented() -> None:
    """Numbers are of the range 555-0100 to 555-0199, which nobody has."""
    numbers = [
        n
        for f in SAMPLE.rglob("*.*")
        if f.is_file()
        for n in re.findall(r"\(\d{3}\) (\d{3}-\d{4})", f.read_text("utf-8"))
    ]
    assert len(numbers) > 50
    assert all(re.fullmatch(r"555-01\d\d", n) for n in numbers)


def test_the_sample_has_the_kinds_of_site_that_the_demo_promises() -> None:
    """A conference, three dioceses, a dozen parishes or more; one blocked, one broken, one drawn by scripts."""
    kinds = [h["kind"] for h in HOSTS.values()]
    assert (kinds.count("conference"), kinds.count("diocese")) == (1, 3)
    assert kinds.count("parish") >= 12
    for host in EXPECTED["blocked"]:
        assert "Disallow: /\n" in (SAMPLE / host / "robots.txt").read_text("utf-8")
    assert HOSTS["stwenceslausharrow.example.org"]["special"]["/"]["status"] == 500
    for host in EXPECTED["needs_browser"]:
        assert '<div id="root"></div>' in (SAMPLE / host / "index.html").read_text("utf-8")


@pytest.mark.parametrize("host", EXPECTED["directories"])
def test_expected_parishes_stand_in_the_directory(host: str) -> None:
    """Each expected name, street, telephone number and web site is printed on the diocese's site."""
    text = "\n".join(f.read_text("utf-8") for f in (SAMPLE / host).rglob("*.*") if f.is_file())
    for parish in EXPECTED["directories"][host]["parishes"]:
        for field in ("name", "street", "city", "zip", "phone", "pastor", "website"):
            assert parish[field] is None or parish[field] in text, (parish["name"], field)


def test_every_expected_site_is_some_parish_s() -> None:
    """The sites with expected times are the ones that the directories name."""
    named = {
        urlsplit(p["website"]).hostname for d in EXPECTED["directories"].values() for p in d["parishes"] if p["website"]
    }
    assert set(EXPECTED["service_times"]) == named - MISSING_ON_PURPOSE


@pytest.mark.parametrize("host", sorted(set(EXPECTED["service_times"]) - set(EXPECTED["needs_browser"])))
def test_expected_times_stand_on_their_pages(host: str) -> None:
    """Each expected start and end is printed on the page that it is expected from."""
    for row in EXPECTED["service_times"][host]:
        text = (SAMPLE / host / row["page"]).read_text("utf-8").replace("&nbsp;", " ")
        for time in filter(None, (row["start"], row["end"])):
            assert re.search(_printed(time), text), row


def _printed(time: str) -> str:
    hour, minute = (int(x) for x in time.split(":"))
    return rf"\b{(hour + 11) % 12 + 1}:{minute:02}\b"
