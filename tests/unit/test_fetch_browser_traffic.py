"""What a page in the browser may load, and how the browser is found and started."""

from __future__ import annotations

from pathlib import Path

import pytest

from vitality.fetch.browser_binary import find, plans, wrapper
from vitality.fetch.browser_traffic import Treatment, headers_to_give, headers_to_send, same_site, treatment

PAGE = "http://www.stmary.org/app"


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("script", "http://www.stmary.org/a.js", Treatment.LOAD),
        ("script", "https://cdn.stmary.org/a.js", Treatment.LOAD),
        ("script", "https://code.jquery.com/jquery.js", Treatment.LOAD),
        ("script", "https://www.googletagmanager.com/gtag.js", Treatment.BLOCK),
        ("xhr", "http://api.stmary.org/x", Treatment.LOAD),
        ("fetch", "https://services1.arcgis.com/x/FeatureServer/0/query", Treatment.LOAD),
        ("fetch", "https://code.jquery.com/x.json", Treatment.BLOCK),
        ("fetch", "https://stmary.org.evil.net/x", Treatment.BLOCK),
        ("document", "http://www.stmary.org/frame", Treatment.LOAD),
        ("document", "https://www.youtube.com/embed/1", Treatment.BLOCK),
        ("stylesheet", "http://www.stmary.org/a.css", Treatment.EMPTY),
        ("image", "http://www.stmary.org/a.png", Treatment.BLOCK),
        ("font", "http://www.stmary.org/a.woff2", Treatment.BLOCK),
        ("media", "http://www.stmary.org/a.mp4", Treatment.BLOCK),
        ("ping", "http://www.stmary.org/ping", Treatment.BLOCK),
        ("eventsource", "http://www.stmary.org/live", Treatment.BLOCK),
        ("script", "ftp://www.stmary.org/a.js", Treatment.BLOCK),
    ],
)
def test_treatment(kind: str, url: str, expected: Treatment) -> None:
    """Scripts and data of the site and of a short list are loaded, the rest is not."""
    assert treatment(kind=kind, method="GET", url=url, page_url=PAGE, main_frame=False) is expected


def test_the_page_itself_may_go_elsewhere_by_get_only() -> None:
    """A change of page is fetched as a page; a form that is sent off is not."""
    asked = {"kind": "document", "url": "http://other.org/", "page_url": PAGE, "main_frame": True}
    assert treatment(method="GET", **asked) is Treatment.DOCUMENT  # type: ignore[arg-type]  # a mixed dict
    assert treatment(method="POST", **asked) is Treatment.BLOCK  # type: ignore[arg-type]  # a mixed dict


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("http://a.parish.org/", "https://parish.org:8080/", True),
        ("http://one.github.io/", "http://two.github.io/", True),
        ("http://one.co.uk/", "http://two.co.uk/", False),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("http://localhost/", "http://localhost/x", True),
    ],
)
def test_sites_by_the_public_suffix_list(url: str, other: str, same: bool) -> None:
    """Two hosts are one site within a registrable domain; the list comes with the program."""
    assert same_site(url, other) is same


def test_headers_are_passed_but_for_ours() -> None:
    """Cookies, identity and encodings are ours to send; a decoded body has no encoding."""
    sent = headers_to_send(
        {"Cookie": "a", "User-Agent": "x", "x-api-key": "k"}, url="http://api.stmary.org/", page_url=PAGE, kind="fetch"
    )
    assert sent == {"x-api-key": "k", "origin": "http://www.stmary.org"}
    assert headers_to_give({"content-encoding": "gzip", "set-cookie": "a", "content-type": "t"}) == {
        "content-type": "t"
    }


def test_the_browser_is_found_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting wins over PATH, PATH over playwright's own; without any there is none."""
    own, on_path = tmp_path / "own", tmp_path / "bin" / "chromium"
    on_path.parent.mkdir()
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert find(None, own) is None
    own.touch()
    assert find(None, own) == own
    on_path.touch(mode=0o755)
    assert find(None, own) == on_path
    assert find(tmp_path / "set", own) == tmp_path / "set"


def test_an_unpacked_chromium_that_others_can_write_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the folder for everybody's temporary files is run only if it is ours alone."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    unpacked = tmp_path / "chromium"
    unpacked.touch()
    unpacked.chmod(0o700)
    assert find(None, None) == unpacked
    unpacked.chmod(0o777)
    assert find(None, None) is None


def test_the_sandbox_is_tried_first() -> None:
    """Every way to start with a sandbox comes before the one without, and that one says so."""
    binary = Path("/opt/chromium")
    assert [plan.sandbox for plan in plans(binary, root=False, unshare=None)] == [True, False]
    as_root = plans(binary, root=True, unshare="/usr/bin/unshare")
    assert [(plan.sandbox, plan.in_namespace) for plan in as_root] == [(True, True), (False, False)]
    assert [plan.sandbox for plan in plans(binary, root=True, unshare=None)] == [False]
    assert "without" in as_root[-1].how


def test_the_wrapper_starts_the_binary_in_a_namespace(tmp_path: Path) -> None:
    """The script passes all arguments on, and quotes odd paths."""
    plan = plans(Path("/opt/my chromium"), root=True, unshare="/usr/bin/unshare")[0]
    script = wrapper(plan, tmp_path, "/usr/bin/unshare")
    assert script.stat().st_mode & 0o777 == 0o700
    assert script.read_text().endswith("-- '/opt/my chromium' \"$@\"\n")
