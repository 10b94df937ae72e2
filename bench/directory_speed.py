"""How long a parish directory takes to read, as a ratio to parsing the same bytes with selectolax alone.

    python bench/directory_speed.py

Prints, for lists of 50 to 5,000 parishes in four layouts, the milliseconds of processor time of the first reading
(caches empty, the ZIP table loaded), the milliseconds per row, and the ratio. Exits with 1 when a list of 200
parishes takes 150 ms or more, or when 5,000 rows take more than twice as long a row as 500 do.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.directory import read_directory
from vitality.pages.places import is_city
from vitality.records import ContentHash, Page

SIZES = (50, 200, 500, 1000, 5000)
SAINTS = ("Aldate", "Benno", "Cosmas", "Damian", "Edith", "Fidelis", "Giles", "Hilda", "Isidore", "Jude")
TOWNS = (("Athens", "45701"), ("Marietta", "45750"), ("Ironton", "45638"), ("Jackson", "45640"), ("Troy", "45373"))
LIMIT_MS = 150.0


def rows(count: int, salt: str) -> list[tuple[str, str, str, str, str]]:
    """Invented parishes; `salt` makes every text new, so that nothing is answered from a cache."""
    made = []
    for number in range(count):
        town, code = TOWNS[number % len(TOWNS)]
        phone = f"740-{number % 900 + 100:03d}-{number:04d}"
        made.append((f"St. {SAINTS[number % 10]} {salt} Parish {_roman(number)}", f"{number + 1} {salt} Street", f"{town}, OH {code}", phone, f"http://p{number}{salt}.example/"))  # fmt: skip
    return made


def _roman(number: int) -> str:
    return "".join("IVXLCDM"[int(digit) % 7] for digit in str(number))


def table(count: int, salt: str) -> tuple[str, str]:
    body = "".join(f"<tr><td>{n}</td><td>{s}<br>{c}</td><td>{p}</td><td><a href='{w}'>Web</a></td></tr>" for n, s, c, p, w in rows(count, salt))  # fmt: skip
    return (
        f"<h1>Parishes</h1><table><tr><th>Parish</th><th>Address</th><th>Phone</th><th>Website</th></tr>{body}</table>",
        "text/html",
    )


def blocks(count: int, salt: str) -> tuple[str, str]:
    body = "".join(f"<p><strong>{n}</strong><br>{s}<br>{c}<br>{p}<br><a href='{w}'>{w}</a></p>" for n, s, c, p, w in rows(count, salt))  # fmt: skip
    return f"<h1>Parishes</h1><div>{body}</div>", "text/html"


def cards(count: int, salt: str) -> tuple[str, str]:
    body = "".join(f"<div class='card'><h4><a href='/p/{i}'>{n}</a></h4><div>{s}</div><div>{c}</div><div>Phone: {p}</div></div>" for i, (n, s, c, p, w) in enumerate(rows(count, salt)))  # fmt: skip
    return f"<h1>Parishes</h1><div>{body}</div>", "text/html"


def endpoint(count: int, salt: str) -> tuple[str, str]:
    made = [{"name": n, "address": f"{s}, {c}", "phone": p, "website": w} for n, s, c, p, w in rows(count, salt)]
    return json.dumps({"data": made}), "application/json"


LAYOUTS: dict[str, Callable[[int, str], tuple[str, str]]] = {"table": table, "blocks": blocks, "cards": cards, "json": endpoint}  # fmt: skip


def measure(layout: str, count: int, salt: str) -> tuple[float, float]:
    """Milliseconds to read a list, and to parse its bytes alone."""
    text, kind = LAYOUTS[layout](count, salt)
    page = Page(
        url="http://www.marlow.example/parishes", text=text, content_hash=ContentHash("sha256:0"), content_type=kind
    )
    gc.collect()
    start = time.process_time()
    found = len(read_directory(page).parishes)
    took = 1000 * (time.process_time() - start)
    if found != count:
        sys.exit(f"{layout}: {found} of {count} parishes read")
    start = time.process_time()
    if kind == "text/html":
        LexborHTMLParser(text)
    else:
        json.loads(text)
    return took, 1000 * (time.process_time() - start)


def main() -> int:
    is_city("Athens")
    failed = False
    for layout in LAYOUTS:
        measure(layout, 20, "Warmup")
        per_row: dict[int, float] = {}
        for count in SIZES:
            runs = [measure(layout, count, f"{word}{count}") for word in ("Oak", "Elm", "Ash")]
            took, alone = min(run[0] for run in runs), min(run[1] for run in runs)
            per_row[count] = took / count
            print(
                f"{layout:8} {count:5} rows {took:9.1f} ms {took / count:7.3f} ms/row   {took / alone:6.1f} x parsing alone"
            )
            failed = failed or (count == 200 and took >= LIMIT_MS)
        growth = per_row[5000] / per_row[500]
        print(f"{layout:8} a row of 5,000 costs {growth:.2f} of a row of 500")
        failed = failed or growth > 2
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
