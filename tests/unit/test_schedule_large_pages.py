"""Hostile and very large pages are read in time linear in their length."""

from __future__ import annotations

import time

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page

HOSTILE = {
    "unclosed quotes": "<a '",
    "deep boxes": "<div>",
    "deep lists": "<ul><li>Mass",
    "one long statement": "Sunday 8:00 am, ",
    "rows": "<tr><td>Sunday</td><td>8:00 AM</td></tr>",
    "cells": "<td>",
    "entities": "&nbsp;&amp;",
    "labels": "<p>Mass:</p>",
    "bars": "a|b<br>",
    "nested tables": "<table><tr><td>",
    "brackets": "(",
    "numbers": "1 ",
}


def seconds(text: str) -> float:
    """Processor time of the quickest of three readings: other programs on the machine hardly count."""
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    page = Page(url="https://parish.example.org/", text=text, content_hash=ContentHash("sha256:" + "0" * 64))
    start = time.process_time()
    read_schedule(page)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_length_only(name: str) -> None:
    """Four times as long a page takes about four times as long, far from sixteen."""
    piece = HOSTILE[name]
    short = piece * (20_000 // len(piece))
    brief = max(seconds(short), 0.02)
    assert seconds(short * 4) < brief * 10
