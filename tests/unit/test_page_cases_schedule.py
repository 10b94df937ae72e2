"""Every folder under tests/pages/schedule is a page and the times that it states."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page, ServiceTime

CASES = sorted((Path(__file__).parent.parent / "pages" / "schedule").glob("*/expected.json"))


def summary(time: ServiceTime) -> dict[str, object]:
    """The fields of a time that differ from their defaults, evidence and confidence aside."""
    kept = time.as_json()
    for name in (
        "evidence",
        "confidence",
        "extractor",
        "inferred",
        "notes",
        "first_seen",
        "last_seen",
        "last_verified",
    ):
        del kept[name]
    return {
        name: value
        for name, value in kept.items()
        if value not in (None, [], False) and (name, value) not in (("kind", "regular"), ("status", "active"))
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_the_page_states_exactly_these_times(case: Path) -> None:
    """What is read from the page is what `expected.json` lists, no more and no less."""
    text = (case.parent / "page.html").read_text("utf-8")
    page = Page(url="https://parish.example.org/page.html", text=text, content_hash=ContentHash("sha256:" + "0" * 64))
    found = [summary(time) for time in read_schedule(page).times]
    key = json.dumps
    assert sorted(found, key=lambda each: key(each, sort_keys=True)) == sorted(
        json.loads(case.read_text("utf-8")), key=lambda each: key(each, sort_keys=True)
    )


def test_there_are_cases() -> None:
    """The folder of cases is found."""
    assert len(CASES) >= 10
