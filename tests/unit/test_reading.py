"""`vitality read` prints what stored pages say, and one line for each input that says nothing readable."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from vitality.reading import read

HOME = (
    "<title>St. Ann Church</title><h1>St. Ann Catholic Church</h1><p>12 Oak Street<br>Springfield, IL 62701</p>"
    "<p>Phone: (217) 555-0142</p>"
)


async def run(kind: str, *paths: Path, **options: bool) -> tuple[int, list[dict[str, object]], str]:
    out, err = io.StringIO(), io.StringIO()
    code = await read(kind, paths, out=out, err=err, **options)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


async def test_a_parish_folder_is_read_as_a_site(tmp_path: Path) -> None:
    """The parish's facts come as one record with the page that names it."""
    site = tmp_path / "st-ann.test"
    site.mkdir()
    (site / "index.html").write_text(HOME)
    code, (parish,), err = await run("parish", site)
    assert (code, err) == (0, "")
    assert parish["record"] == "parish"
    assert parish["name"] == "St. Ann Catholic Church"
    assert (parish["city"], parish["phone"], parish["page"]) == ("Springfield", "(217) 555-0142", "index.html")


async def test_what_cannot_be_read_is_said_and_the_rest_still_read(tmp_path: Path) -> None:
    """A missing, an empty and a binary file cost one line each and the exit code; a good one is still printed."""
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\x00\x00")
    (tmp_path / "good.html").write_text(HOME)
    paths = [tmp_path / name for name in ("missing.html", "empty.html", "photo.png", "good.html")]
    code, records, err = await run("parish", *paths)
    assert code == 1
    assert [r["page"] for r in records] == ["good.html"]
    assert len(err.splitlines()) == 3


@pytest.mark.parametrize("every_page", [True, False])
async def test_a_folder_without_a_home_page_is_unreadable(tmp_path: Path, every_page: bool) -> None:
    """An empty folder is no silent success."""
    code, records, err = await run("schedule", tmp_path, every_page=every_page)
    assert (code, records) == (1, [])
    assert str(tmp_path) in err


async def test_schedules_of_a_file_and_of_a_folder(tmp_path: Path) -> None:
    """A service time names its page within PATH, and its quote stands in that page."""
    site = tmp_path / "st-ann.test"
    site.mkdir()
    (site / "index.html").write_text('<title>St. Ann Church</title><a href="mass.html">Mass Times</a>')
    (site / "mass.html").write_text("<title>Mass Times</title><h1>Mass Times</h1><p>Sunday Mass: 9:00 AM</p>")
    for path in (site, site / "mass.html"):
        _, (found,), err = await run("schedule", path)
        assert (found["record"], found["page"], found["path"], err) == ("service_time", "mass.html", str(path), "")
        assert (found["service"], found["days"], found["start"]) == ("mass", ["SU"], "09:00")
        evidence = found["evidence"]
        assert isinstance(evidence, dict)
        assert (site / "mass.html").read_text()[evidence["start"] : evidence["end"]] == evidence["quote"]


async def test_explaining_shows_the_walk_the_lines_and_the_schedule(tmp_path: Path) -> None:
    """For a person: which pages were read and why, what came of each line, and the schedule they make."""
    (tmp_path / "index.html").write_text(
        "<title>St. Ann Church</title><h2>Mass Times</h2><p>Sunday: 9:00 AM</p><p>Bingo: Friday 7 PM</p>"
    )
    out = io.StringIO()
    assert await read("schedule", [tmp_path], explain=True, out=out, err=io.StringIO()) == 0
    told = out.getvalue()
    assert "because: home page" in told
    assert "→ mass SU 09:00" in told
    assert "passed over" in told
    assert "the site's schedule" in told


async def test_explaining_says_from_what_under_what_and_for_which_occasion(tmp_path: Path) -> None:
    """A person sees which words gave a time, which label its meaning, and what is set apart as passing or for something else."""
    page = tmp_path / "page.html"
    page.write_text(
        "<title>St. Ann Church</title><h2>Mass Times</h2><p>Sunday: 9:00 AM</p>"
        "<h2>Holy Week 2024</h2><p>Easter Sunday Mass 7:00 AM</p><h2>Weddings</h2><p>Mass on Saturdays at 1:00 PM</p>"
    )
    out = io.StringIO()
    assert await read("schedule", [page], explain=True, out=out, err=io.StringIO()) == 0
    told = out.getvalue()
    assert "from “Sunday: 9:00 AM” under “Mass Times”" in told
    assert "passing, for “Holy Week 2024”" in told
    assert "because: “weddings” is about: wedding" in told


async def test_explaining_says_why_a_time_was_set_aside(tmp_path: Path) -> None:
    """Beside a superseded time stands what the better page says."""
    (tmp_path / "index.html").write_text(
        "<title>St. Ann Church</title><a href='mass-times.html'>Mass Times</a><h2>Sunday Mass</h2><p>Sunday 8:00 AM</p>"
    )
    (tmp_path / "mass-times.html").write_text("<title>Mass Times</title><h1>Mass Times</h1><p>Sunday 9:00 AM</p>")
    out = io.StringIO()
    assert await read("schedule", [tmp_path], explain=True, out=out, err=io.StringIO()) == 0
    assert "superseded   0.48   [index.html]   because: a page of more trust says 09:00" in out.getvalue()


async def test_a_page_that_lists_nothing_of_the_kind_is_said(tmp_path: Path) -> None:
    """A page without dioceses or parishes is an input that cannot be read as such, not an empty success."""
    (tmp_path / "page.html").write_text("<title>Bakery</title><p>Bread at 7.</p>")
    for kind in ("dioceses", "directory"):
        code, records, err = await run(kind, tmp_path / "page.html")
        assert (code, records) == (1, [])
        assert "page.html" in err
