"""Every folder under tests/pages/directory is a page of a directory and what it says; a page that says nothing expects no parish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vitality.pages.directory import read_directory
from vitality.records import ContentHash, Page

CASES = Path(__file__).parent.parent / "pages" / "directory"


def page_of(case: Path, expected: dict[str, Any]) -> Page:
    file = next(each for each in case.iterdir() if each.stem == "page")
    body = file.read_bytes()
    text = "" if file.suffix == ".pdf" else body.decode()
    return Page(
        url=expected["url"],
        text=text,
        body=body,
        content_hash=ContentHash("sha256:0"),
        content_type=expected.get("content_type", "text/html"),
    )


def load(case: Path) -> tuple[Page, dict[str, Any]]:
    expected = json.loads((case / "expected.json").read_text())
    return page_of(case, expected), expected


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_page_is_read_as_expected(case: Path) -> None:
    """Exactly the expected parishes are read, each with the fields that the page states, none invented."""
    page, expected = load(case)
    reading = read_directory(page)
    found = sorted(({key: getattr(parish, key) for key in ("name", "city")} for parish in reading.parishes), key=str)
    wanted = sorted(({"name": row["name"], "city": row.get("city")} for row in expected["parishes"]), key=str)
    assert found == wanted, reading.reason
    for row in expected["parishes"]:
        parish = next(p for p in reading.parishes if (p.name, p.city) == (row["name"], row.get("city")))
        dumped = parish.model_dump(mode="json")
        assert {key: dumped[key] for key in row} == row
    for key in ("layout", "complete", "total", "reason"):
        if key in expected:
            assert getattr(reading, key) == expected[key]
    if "closed" in expected:
        assert sorted(parish.name for parish in reading.closed) == sorted(expected["closed"])
    if "follow" in expected:
        assert [[each.kind.value, each.url] for each in reading.follow if each.kind.value != "detail"] == expected[
            "follow"
        ]
