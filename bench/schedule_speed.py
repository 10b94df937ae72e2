"""Pages per second and core from HTML bytes to service times, beside what parsing and plain text extraction take.

    python bench/schedule_speed.py [FOLDER] [--rounds N]

FOLDER holds stored pages, of which the `.html` files of 20 to 80 KB are read in the order of their paths, as a walk
of their sites would; without it forty different pages of about 40 KB are composed. All figures are processor time
of one core, medians of the rounds; the memory of short lines that come again is emptied before each round. The
peer is selectolax (the tree) and trafilatura (the main text) on the same bytes, in turn with the reader in each
round: what a general crawler pays before it has read a single time. Then one page of 5 MB: its seconds and the
peak of memory allocated while it is read. Exits with 1 below 100 pages per second, or above twice the peer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import trafilatura

from vitality.pages.dom import parse
from vitality.pages.grammar.reduction import kept_line
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.records import ContentHash, Page
from vitality.runtime import garbage

LEAST_PAGES_PER_SECOND = 100
MOST_TIMES_THE_PEER = 2.0
_SIZES = range(20_000, 80_000)
_MOST_PAGES = 100
_NAMES = ("Aldate", "Benno", "Cosmas", "Damian", "Edith", "Fidelis", "Giles", "Hilda", "Isidore", "Jude")
_WRAPPER = (
    '<div class="fl-module fl-module-rich-text fl-node-{n} has-padding has-background" data-node="m{n}" data-animation-delay="0.0"'
    ' style="width:100%;margin:0 auto 12px;padding:0 20px" data-settings="{{&quot;columns&quot;:1,&quot;background&quot;:&quot;classic&quot;,'
    '&quot;gap&quot;:&quot;default&quot;}}"><div class="fl-module-content fl-node-content"><p class="text-block has-medium-font-size">{sentence}</p>'
    "</div></div>\n"
)
"""What a page builder puts around a paragraph."""
_MENU = ("Home", "About", "Giving", "Our Parish", "Contact us", "Sacraments", "Staff", "Bulletins", "Photos", "Youth")
_STYLE = "".join(f".fl-node-{n}{{margin:0 auto;padding:{n}px 20px;background-color:#f7f7f7}}\n" for n in range(120))
_SENTENCES = (
    "We welcome all who come to pray with us at St. {name}; the parish serves families, students and the sick.",
    "In 19{n:02d} the people of the valley built a second church of stone, and its bells came from Ghent.",
    "Please call the office at 555-01{n:02d} before 4 pm if you would like to help the pantry of St. {name}.",
    "The council met on March {day}, 2024 and thanked Mr. {name} for {n} years at the organ.",
    "Many groups need your hands: gardeners, singers, readers, drivers, and whoever likes to cook for others.",
    "Children of grades {day} and up may join the choir, which practises on Wednesdays at 6:{n:02d} in the hall.",
    "Whoever has no way home will find a lift; nobody is left standing in the rain or the cold by our people.",
    "The roof fund of St. {name} stands at ${n},450; the raffle adds to it in October.",
)


def composed(size: int, number: int) -> bytes:
    """A parish page of about `size` bytes, unlike those with another number: menu, schedule, prose, footer.

    In 40 KB it has about as many tags (600), lines (120) and words that matter (1,000) as pages of parishes have.
    """
    name = _NAMES[number % len(_NAMES)]
    menu = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/{name.lower()}-{n}">{_MENU[n % 10]}{f" {name}" * (n % 3 > 1)}</a></li>'
        for n in range(60)
    )
    schedule = (
        f"<h2>Mass Times</h2><ul><li>Saturday: {number % 3 + 4}:00 PM (Vigil)</li><li>Sunday: 8:00, 10:30 AM</li>"
        "<li>Monday-Friday: 7:00 AM</li></ul><h2>Confessions</h2><p>Saturday 3:30-4:30 PM</p>"
    )
    parts = [
        f"<html><head><title>St. {name}</title><style>{_STYLE * (size < 100_000)}</style></head><body><nav><ul>{menu}</ul></nav>{schedule}<div>"
    ]
    length, n = len(parts[0]), number
    while length < size:
        sentence = _SENTENCES[n % len(_SENTENCES)].format(name=name, n=n % 60, day=n % 28 + 1)
        parts.append(_WRAPPER.format(n=n, sentence=sentence))
        length, n = length + len(parts[-1]), n + 1
    return ("".join(parts) + f"</div><footer>St. {name}, 12 Hill Road</footer></body></html>").encode()


def stored(folder: Path) -> list[bytes]:
    """The pages of a folder that are of the size in question."""
    paths = [path for path in sorted(folder.rglob("*.html")) if path.stat().st_size in _SIZES]
    return [path.read_bytes() for path in paths[:_MOST_PAGES]]


def read(body: bytes) -> ScheduleReading:
    """What is measured: from bytes to service times."""
    text = body.decode("utf-8", "replace")
    return read_schedule(
        Page(url="https://parish.example.org/", text=text, content_hash=ContentHash("sha256:" + "0" * 64))
    )


def tree(body: bytes) -> object:
    """The parse alone."""
    return parse(body.decode("utf-8", "replace"))


def main_text(body: bytes) -> object:
    """Text extraction by a library in wide use, which parses for itself."""
    return trafilatura.extract(body.decode("utf-8", "replace"))


def seconds(work: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    """Processor time for all pages."""
    kept_line.cache_clear()
    start = time.process_time()
    for body in bodies:
        work(body)
    return time.process_time() - start


def peak_megabytes(body: bytes) -> float:
    """The most memory that was allocated at once while a page was read, the page's text included."""
    tracemalloc.start()
    read(body)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def main() -> int:
    """Measures and prints; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    bodies = stored(given.folder) if given.folder else [composed(40_000, number) for number in range(40)]
    if not bodies:
        parser.error(f"no page of 20 to 80 KB below {given.folder}")
    seconds(read, bodies)
    garbage.settle()  # as every command does
    rounds = [[seconds(work, bodies) for work in (read, tree, main_text)] for _ in range(given.rounds)]
    ours, alone, text = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(one[0] / (one[1] + one[2]) for one in rounds)
    times = sum(len(read(body).times) for body in bodies)
    sizes = [len(body) / 1000 for body in bodies]
    print(f"{len(bodies)} {'stored' if given.folder else 'composed'} pages of {min(sizes):.0f} to {max(sizes):.0f} KB,", end=" ")  # fmt: skip
    print(f"{statistics.mean(sizes):.0f} KB on average, {times} service times; medians of {given.rounds} rounds")
    for name, spent in (("reader", ours), ("selectolax", alone), ("selectolax + trafilatura", alone + text)):
        print(f"{name:26}{len(bodies) / spent:8.0f} pages/s/core{spent / len(bodies) * 1000:9.2f} ms a page")
    print(f"ratio{ratio:29.2f} of selectolax + trafilatura in the same round (at most {MOST_TIMES_THE_PEER:.0f})")
    large = composed(5_000_000, 0)
    print(f"one page of 5 MB{seconds(read, [large]):18.2f} s{peak_megabytes(large):16.0f} MB at the peak")
    return int(len(bodies) / ours < LEAST_PAGES_PER_SECOND or ratio > MOST_TIMES_THE_PEER)


if __name__ == "__main__":
    sys.exit(main())
