"""Pages per second and core (processor time) from HTML text to service times, and the ratio to a bare parse with text extraction.

    python bench/schedule_speed.py [FOLDER]

FOLDER holds .html files; without it a page of about 40 KB is composed. The yardstick is selectolax (the tree)
plus trafilatura (the main text), what a general crawler would pay before it had read a single time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from vitality.pages.dom import parse
from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page

_ROUNDS = 3


def composed(size: int) -> str:
    """A parish page of about `size` characters: a menu, prose, a schedule, a footer."""
    menu = "".join(f'<li class="menu-item"><a href="/page-{n}">Parish page {n}</a></li>' for n in range(60))
    prose = "<p>We welcome all who come to pray with us. The parish serves families, students and the sick, and its many groups need your hands.</p>"
    schedule = "<h2>Mass Times</h2><ul><li>Saturday: 5:00 PM (Vigil)</li><li>Sunday: 8:00, 10:30 AM</li><li>Monday-Friday: 7:00 AM</li></ul><h2>Confessions</h2><p>Saturday 3:30-4:30 PM</p>"
    head = f"<html><head><title>St. Example</title></head><body><nav><ul>{menu}</ul></nav>{schedule}"
    return head + "<div class='entry'>" + prose * max(1, (size - len(head)) // len(prose)) + "</div></body></html>"


def pages(folder: str | None) -> list[Page]:
    """The pages to read."""
    texts = (
        [
            path.read_text("utf-8", "replace")
            for path in sorted(Path(folder).rglob("*.html"))
            if 20_000 < path.stat().st_size < 80_000
        ][:100]
        if folder
        else [composed(40_000)] * 40
    )
    return [
        Page(url="https://parish.example.org/", text=text, content_hash=ContentHash("sha256:" + "0" * 64))
        for text in texts
    ]


def seconds(work: Callable[[str], object], texts: list[str]) -> float:
    """The best of some rounds, in seconds for all texts."""
    best = float("inf")
    for _round in range(_ROUNDS):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return best


def main() -> int:
    found = pages(sys.argv[1] if len(sys.argv) > 1 else None)
    texts = [page.text for page in found]
    by_text = {page.text: page for page in found}
    ours = seconds(lambda text: read_schedule(by_text[text]), texts)
    tree = seconds(parse, texts)
    mean = sum(map(len, texts)) / len(texts) / 1000
    print(f"{len(texts)} pages, {mean:.0f} KB on average")
    print(f"read_schedule      {len(texts) / ours:8.0f} pages/s")
    print(f"selectolax alone   {len(texts) / tree:8.0f} pages/s")
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed: no ratio to text extraction")
    else:
        text = tree + seconds(trafilatura.extract, texts)
        print(f"selectolax + trafilatura {len(texts) / text:2.0f} pages/s")
        print(f"ratio {ours / text:.2f}   of the time that parsing and text extraction take (at most 2)")
    large = Page(
        url="https://parish.example.org/", text=composed(5_000_000), content_hash=ContentHash("sha256:" + "0" * 64)
    )
    start = time.process_time()
    read_schedule(large)
    print(f"one page of 5 MB   {time.process_time() - start:8.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
