"""A stored folder answers as the site it was captured from would."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vitality.errors import (
    AccessDenied,
    AddressForbidden,
    BadContent,
    BrowserUnavailable,
    HostWait,
    NotFound,
    RobotsDisallowed,
    ServerFailed,
    Unreachable,
    Unreadable,
)
from vitality.fetch.folder import FolderFetcher, page_of_file
from vitality.fetch.port import Accept

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def lay_out(root: Path, files: dict[str, str | bytes], hosts: dict[str, object] | None = None) -> Path:
    for name, body in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body if isinstance(body, bytes) else body.encode())
    if hosts is not None:
        (root / "hosts.json").write_text(json.dumps(hosts))
    return root


@pytest.fixture
def web(tmp_path: Path) -> Path:
    special = {
        "/old": {"status": 301, "headers": {"Location": "/mass/"}},
        "/loop": {"status": 302, "headers": {"Location": "/loop"}},
        "/away": {"status": 302, "headers": {"Location": "http://elsewhere.test/"}},
        "/members": {"status": 403},
        "/broken": {"status": 500},
        "/busy": {"status": 503, "headers": {"Retry-After": "120"}},
        "/latin": {"content_type": "text/html; charset=windows-1252"},
        "/api": {"status": 400},
        "/api?all=1": {"content_type": "application/json"},
        "/new": {"headers": {"Last-Modified": "Wed, 01 Oct 2025 10:00:00 GMT"}},
    }
    files: dict[str, str | bytes] = {
        "st-a.test/index.html": "home",
        "st-a.test/mass/index.html": "mass",
        "st-a.test/about.html": "about",
        "st-a.test/list@page=2.html": "second",
        "st-a.test/list.html": "first",
        "st-a.test/a b.html": "blank",
        "st-a.test/latin.html": b"se\xf1or",
        "st-a.test/api": "no",
        "st-a.test/api@all=1": "[1]",
        "st-a.test/new.html": "new",
        "st-a.test/private/x.html": "secret",
        "st-a.test/photo.png": b"\x89PNG",
        "st-a.test/robots.txt": "User-agent: *\nDisallow: /private/\nSitemap: http://st-a.test/map.xml\n",
        "st-b.test/index.html": "neighbour",
        "unlisted.test/index.html": "nobody",
    }
    hosts = {
        "st-a.test": {"base_url": "http://st-a.test/", "aliases": ["www.st-a.test"], "special": special},
        "st-b.test": {"base_url": "http://st-b.test/", "special": {"/robots.txt": {"status": 500}}},
    }
    return lay_out(tmp_path, files, hosts)


def fetcher(web: Path) -> FolderFetcher:
    return FolderFetcher(web / "st-a.test", clock=lambda: NOW)


@pytest.mark.parametrize(
    ("url", "text", "final"),
    [
        ("http://st-a.test/", "home", None),
        ("http://st-a.test", "home", None),
        ("http://ST-A.test:80/mass", "mass", None),
        ("http://st-a.test/mass/#sunday", "mass", "http://st-a.test/mass/"),
        ("http://st-a.test/about", "about", None),
        ("http://st-a.test/list?page=2", "second", None),
        ("http://st-a.test/list?page=9", "first", None),
        ("http://st-a.test/a%20b.html", "blank", None),
        ("http://st-a.test/latin", "señor", None),
        ("http://st-a.test/api?all=1", "[1]", None),
        ("http://st-a.test/old", "mass", "http://st-a.test/mass/"),
        ("http://www.st-a.test/about", "about", None),
        ("https://st-a.test/about", "about", None),
    ],
)
async def test_files_stand_for_urls(web: Path, url: str, text: str, final: str | None) -> None:
    """A URL gives the file that stands for it, through queries, aliases and redirects."""
    page = await fetcher(web).get(url)
    assert page.text == text
    assert final is None or page.url == final


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://st-a.test/none", NotFound),
        ("http://st-a.test/../unlisted.test/index.html", NotFound),
        ("http://st-a.test/%2e%2e/st-b.test/index.html", NotFound),
        ("http://st-a.test/api?some=1", NotFound),
        ("http://st-a.test/members", AccessDenied),
        ("http://st-a.test/broken", ServerFailed),
        ("http://st-a.test/loop", BadContent),
        ("http://st-a.test/photo.png", BadContent),
        ("http://st-a.test/private/x.html", RobotsDisallowed),
        ("http://st-a.test/away", Unreachable),
        ("http://unlisted.test/", Unreachable),
        ("http://st-b.test/", RobotsDisallowed),
        ("ftp://st-a.test/", AddressForbidden),
    ],
)
async def test_what_the_live_web_would_refuse_is_refused(web: Path, url: str, error: type[Exception]) -> None:
    """Statuses, robots rules and unknown hosts raise the error that the live fetcher would."""
    with pytest.raises(error):
        await fetcher(web).get(url)


async def test_a_busy_host_says_until_when(web: Path) -> None:
    """Retry-After becomes the instant before which the host must not be asked."""
    with pytest.raises(HostWait) as caught:
        await fetcher(web).get("http://st-a.test/busy")
    assert caught.value.until == NOW + timedelta(seconds=120)


async def test_no_browser_offline(web: Path) -> None:
    """Drawing a stored page raises: there is no server for its scripts."""
    with pytest.raises(BrowserUnavailable):
        await fetcher(web).render("http://st-a.test/")


async def test_robots_names_the_sitemaps(web: Path) -> None:
    """The Sitemap lines of robots.txt are given as they stand."""
    assert await fetcher(web).sitemaps("http://st-a.test/") == ("http://st-a.test/map.xml",)


async def test_pages_are_listed_home_first_and_named_by_path(web: Path) -> None:
    """All stored pages are listed by the address that leads to them, and each is found again by its path."""
    reader = fetcher(web)
    urls = await reader.stored_pages()
    assert urls[0] == "http://st-a.test/"
    assert "http://st-a.test/list?page=2" in urls
    assert not any(u.endswith((".png", ".txt")) for u in urls)
    assert reader.path_of("http://st-a.test/list?page=2") == "list@page=2.html"
    assert reader.path_of("http://st-a.test/mass/") == "mass/index.html"


async def test_dates_types_and_hashes_come_along(web: Path) -> None:
    """A page keeps its hash, media type and Last-Modified; JSON is given where the caller reads JSON."""
    page = await fetcher(web).get("http://st-a.test/new")
    assert page.content_hash.startswith("sha256:")
    assert page.last_modified == datetime(2025, 10, 1, 10, tzinfo=UTC)
    assert (await fetcher(web).get("http://st-a.test/photo.png", accept=Accept.JSON)).content_type == "image/png"


async def test_a_plain_folder_is_a_site(tmp_path: Path) -> None:
    """A folder without hosts.json answers under its own name."""
    reader = FolderFetcher(lay_out(tmp_path / "parish", {"index.html": "hello"}))
    assert (await reader.get(reader.home_url)).text == "hello"
    assert reader.home_url == "http://parish/"


def test_broken_input_is_unreadable(tmp_path: Path) -> None:
    """A missing folder, a broken hosts.json and an empty file say so."""
    lay_out(tmp_path, {"site/index.html": "x", "hosts.json": "{", "plain/empty.html": ""})
    for folder in ("site", "nowhere"):
        with pytest.raises(Unreadable):
            FolderFetcher(tmp_path / folder)
    with pytest.raises(Unreadable):
        page_of_file(tmp_path / "missing.html")
    (tmp_path / "hosts.json").unlink()
    with pytest.raises(Unreadable):
        page_of_file(tmp_path / "plain" / "empty.html")


def test_a_single_file_answers_as_part_of_its_site(web: Path) -> None:
    """A file below a listed host has that host's address and charset."""
    page = page_of_file(web / "st-a.test" / "mass" / "index.html")
    assert page.url == "http://st-a.test/mass/"
