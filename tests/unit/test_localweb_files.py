"""How files stand for URLs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vitality.errors import Unreadable
from vitality.localweb.files import HostFolder, UnknownHost


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    _write(
        tmp_path,
        {
            "a.org/index.html": "home",
            "a.org/list@page=2.html": "second",
            "a.org/list.html": "first",
            "a.org/deep/index.html": "deep",
            "a.org/é t.html": "accents",
            "a.org/api": "{}",
            "a.org/robots.txt": "",
            "secret.txt": "outside",
        },
    )
    special = {"/api": {"content_type": "application/json"}, "/api?x=1": {"status": 400}, "/old": {"status": 301}}
    special["/list"] = {"delay_ms": 20, "headers": {"X-A": "1"}}
    (tmp_path / "hosts.json").write_text(json.dumps({"a.org": {"aliases": ["www.a.org"], "special": special}}))
    return tmp_path


@pytest.mark.parametrize(
    ("path", "query", "text"),
    [
        ("/", "", "home"),
        ("/index.html", "", "home"),
        ("/list", "", "first"),
        ("/list", "page=2", "second"),
        ("/list", "page=3", "first"),
        ("/deep", "", "deep"),
        ("/deep/", "", "deep"),
        ("/%C3%A9%20t", "", "accents"),
        ("/", "utm=1", "home"),
    ],
)
def test_a_path_finds_its_file(root: Path, path: str, query: str, text: str) -> None:
    """A path is tried as a file, a folder with an index and a name without its ending; a query only if it has a file."""
    reply = HostFolder(root).resolve("A.org", path, query)
    assert reply.status == 200
    assert reply.file is not None
    assert reply.file.read_text() == text


@pytest.mark.parametrize(
    "path", ["/missing", "/List", "/../secret.txt", "/%2e%2e/secret.txt", "/a%00b", "/" + "x" * 5000]
)
def test_what_has_no_file_is_not_found(root: Path, path: str) -> None:
    """Other case, other folders and impossible names give 404, never a file outside the host."""
    assert HostFolder(root).resolve("a.org", path, "").status == 404


def test_special_answers(root: Path) -> None:
    """Special entries hold for their path, for its queries without a file, and need no file."""
    folder = HostFolder(root)
    assert folder.resolve("a.org", "/api", "").content_type == "application/json"
    assert folder.resolve("a.org", "/api", "x=1").status == 400
    assert folder.resolve("a.org", "/old", "").status == 301
    assert folder.resolve("a.org", "/list", "page=3").headers == {"X-A": "1"}
    assert folder.resolve("a.org", "/list", "page=2").headers == {}
    assert folder.resolve("a.org", "/list", "").delay.total_seconds() == 0.02


def test_an_alias_leads_to_the_real_name(root: Path) -> None:
    """An alias answers 301 to the same path and query of the host."""
    reply = HostFolder(root).resolve("www.a.org", "/list", "page=2")
    assert (reply.status, reply.headers["Location"]) == (301, "http://a.org/list?page=2")


def test_other_hosts_do_not_exist(root: Path) -> None:
    """A host that is not listed is unknown, whatever folders there are."""
    (root / "b.org").mkdir()
    with pytest.raises(UnknownHost):
        HostFolder(root).resolve("b.org", "/", "")


def test_without_a_listing_every_folder_is_a_host(tmp_path: Path) -> None:
    """hosts.json is optional."""
    _write(tmp_path, {"b.org/data.json": "{}"})
    assert HostFolder(tmp_path).resolve("b.org", "/data.json", "").content_type == "application/json"


def test_a_broken_listing_is_named(tmp_path: Path) -> None:
    """A hosts.json that is no JSON is an error that names the file."""
    (tmp_path / "hosts.json").write_text("{")
    with pytest.raises(Unreadable, match=r"hosts\.json"):
        HostFolder(tmp_path)
