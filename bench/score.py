"""Scores what `vitality read` prints against labelled pages: `just score [SHARED] [WHAT ...] [--errors N] [--slices]`.

SHARED holds `web/`, `gold/` and `eval/` (default `../shared`); WHAT is any of dioceses, directories, sites,
lines (default all). Prints what it finds and exits 0; exit code 2
when the material is absent.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import io
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from vitality.errors import VitalityError
from vitality.fetch.folder import FolderFetcher
from vitality.reading import read
from vitality.roles.site_reading import SiteReading
from vitality.roles.site_walk import read_every_page, read_site

Json = dict[str, Any]
FACTS = ("name", "street", "city", "state", "zip", "phone", "email", "pastor")
WHAT = ("dioceses", "directories", "sites", "lines")
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def records(kind: str, paths: Sequence[Path], **options: bool) -> list[Json]:
    out, err = io.StringIO(), io.StringIO()
    asyncio.run(read(kind, paths, out=out, err=err, **options))
    for line in err.getvalue().splitlines():
        print(f"  ! {line[:200]}")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def run_scorer(scorer: Path, what: str, gold: Path, predicted: Path, options: Sequence[str]) -> None:
    command = [sys.executable, str(scorer), what, "--gold", str(gold), "--predicted", str(predicted), *options]
    print(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def heading(text: str) -> None:
    print(f"\n== {text}")


async def site(folder: Path, every_page: bool) -> SiteReading:
    fetcher = FolderFetcher(folder)
    if every_page:
        return await read_every_page(fetcher, fetcher.home_url, await fetcher.stored_pages())
    return await read_site(fetcher, fetcher.home_url)


def read_sites(shared: Path, names: Iterable[str], every_page: bool) -> dict[str, SiteReading]:
    found = {}
    for name in names:
        try:
            found[name] = asyncio.run(site(shared / "web" / name, every_page))
        except VitalityError as error:
            print(f"  ! {name}: {error}")
    return found


def score_sites(shared: Path, work: Path, options: Sequence[str], *, every_page: bool) -> None:
    gold = shared / "gold" / "sites"
    names = [file.stem for file in sorted(gold.glob("*.json"))]
    began = time.perf_counter()
    found = read_sites(shared, names, every_page)
    heading(
        f"sites, {'every stored page' if every_page else 'the walk within its budget'}   {time.perf_counter() - began:.1f} s"
    )
    predicted = work / f"sites-{every_page}"
    predicted.mkdir()
    for name, reading in found.items():
        items = [each.as_json() for each in reading.times]
        (predicted / f"{name}.json").write_text(json.dumps({"site": name, "items": items}))
    run_scorer(shared / "eval" / "score.py", "schedule", gold, predicted, options)
    if not every_page:
        labels = {name: json.loads((gold / f"{name}.json").read_text()) for name in names}
        requests_used(found)
        empty_pages(found, labels, scorer_module(shared))
        parish_facts(found, labels)
        reliability(scorer_module(shared), found, labels)


def requests_used(found: dict[str, SiteReading]) -> None:
    requests = sum(r.requests for r in found.values())
    items = sum(1 for r in found.values() for t in r.times if t.status.value == "active")
    stops = Counter(r.stop.value for r in found.values())
    print(
        f"requests         {requests} for {len(found)} sites, {items / max(requests, 1):.2f} items a request; {dict(stops)}"
    )


def empty_pages(found: dict[str, SiteReading], labels: dict[str, Json], scorer: ModuleType) -> None:
    """False items on pages that the gold calls empty, before the pages of a site are merged.

    Counted apart: what the gold lists under another file, which the page includes.
    """
    pages = false = elsewhere = 0
    for name, reading in found.items():
        gold = set().union(*[scorer.atoms_of(i) for i in labels[name]["items"]], set())
        empty = {page["path"] for page in labels[name]["pages"] if not page["has_schedule"]}
        for each in reading.pages:
            path = each.page.url.split("/", 3)[3].removesuffix(".html")
            if {f"{path}.html", path, f"{path}index.html", f"{path.rstrip('/')}.html"} & empty:
                active = [t for t in each.reading.times if t.status.value == "active"]
                known = sum(scorer.atoms_of(t.as_json()) <= gold for t in active)
                pages, false, elsewhere = pages + 1, false + len(active) - known, elsewhere + known
    share = false / max(pages, 1)
    print(f"empty pages      {false} false items on {pages} pages with nothing to find ({share:.3f} a page)", end="")
    print(f", {elsewhere} that the gold lists under another file")


def same(field: str, a: str | None, b: str | None, fold: Any) -> bool:
    if field == "phone":
        return "".join(filter(str.isdigit, a or ""))[-9:] == "".join(filter(str.isdigit, b or ""))[-9:]
    return bool(fold(a) == fold(b)) if field != "email" else (a or "").lower() == (b or "").lower()


def parish_facts(found: dict[str, SiteReading], labels: dict[str, Json]) -> None:
    fold = _fold
    for which, wanted in (("all", lambda _: True), ("U.S.", lambda label: label["country"] == "US")):
        right, stated, wrong = Counter[str](), Counter[str](), Counter[str]()
        for name, reading in found.items():
            if not wanted(labels[name]):
                continue
            for field in FACTS:
                want = labels[name]["parish"].get(field)
                got = getattr(reading.parish, field) if reading.parish else None
                stated[field] += bool(want)
                right[field] += bool(want) and same(field, want, got, fold)
                wrong[field] += bool(got) and not same(field, want, got, fold)
        print(f"facts, {which:<10}" + "  ".join(f"{f} {right[f]}/{stated[f]} ({wrong[f]} wrong)" for f in FACTS))


def _fold(text: str | None) -> str:
    words = "".join(c if c.isalnum() else " " for c in (text or "").lower()).split()
    return " ".join(
        "st" if w == "saint" else w for w in words if w not in {"church", "parish", "catholic", "the", "of", "and"}
    )


def reliability(scorer: ModuleType, found: dict[str, SiteReading], labels: dict[str, Json]) -> None:
    """Predicted confidence against the share of items whose every atom is in the gold."""
    rows = []
    for name, reading in found.items():
        gold = set().union(*[scorer.atoms_of(i) for i in labels[name]["items"]], set())
        for each in reading.times:
            if each.status.value == "active":
                atoms = scorer.atoms_of(each.as_json())
                rows.append((each.confidence, len(atoms & gold) / len(atoms)))
    print("reliability      confidence   items   predicted   observed")
    for low, high in itertools.pairwise(BINS):
        inside = [(c, p) for c, p in rows if low <= c < high]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            print(f"                 {low:.2f}–{min(high, 1):.2f}   {len(inside):5}   {mean:9.2f}   {share:8.2f}")


def scorer_module(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scorer", shared / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score_lines(shared: Path, work: Path, options: Sequence[str]) -> None:
    heading("lines")
    lines, pages = shared / "gold" / "lines.jsonl", work / "lines"
    subprocess.run(
        [sys.executable, str(shared / "eval" / "lines_to_pages.py"), str(lines), str(pages)],
        check=True,
        capture_output=True,
    )
    items: dict[str, list[Json]] = {file.stem: [] for file in pages.glob("*.html")}
    for record in records("schedule", sorted(pages.glob("*.html"))):
        items[Path(record["page"]).stem].append(record)
    predicted = work / "lines.jsonl"
    predicted.write_text("\n".join(json.dumps({"id": name, "items": found}) for name, found in items.items()))
    run_scorer(shared / "eval" / "score.py", "lines", lines, predicted, options)


def score_directories(shared: Path, work: Path, options: Sequence[str]) -> None:
    heading("directories")
    gold, predicted, right = shared / "gold" / "directories", work / "directories", 0
    predicted.mkdir()
    files = sorted(gold.glob("*.json"))
    for file in files:
        label = json.loads(file.read_text())
        found = records("directory", [shared / "web" / file.stem])
        urls = {label.get("directory_url"), *label.get("accept_urls", [])}
        right += any(r["record"] == "directory" and (r["url"] in urls or r.get("data_url") in urls) for r in found)
        parishes = [r for r in found if r["record"] == "parish"]
        (predicted / file.name).write_text(json.dumps({"site": file.stem, "parishes": parishes}))
    print(f"directory pages  {right} of {len(files)} found")
    run_scorer(shared / "eval" / "score.py", "directory", gold, predicted, [o for o in options if o != "--slices"])


def score_dioceses(shared: Path) -> None:
    heading("dioceses")
    fields = ("address", "city", "state", "zip", "website")
    for host, file in (("www.usccb.org", "dioceses.json"), ("conference.example.org", "dioceses-demo.json")):
        gold = json.loads((shared / "gold" / file).read_text())
        gold = gold if isinstance(gold, list) else gold["dioceses"]
        found = {_fold(r["name"]): r for r in records("dioceses", [shared / "web" / host])}
        right, total = Counter[str](), Counter[str]()
        for row in gold:
            match = found.get(_fold(row["name"]), {})
            for field in fields:
                if row.get(field):
                    total[field] += 1
                    right[field] += _plain(match.get(field)) == _plain(row[field])
        hits = sum(_fold(row["name"]) in found for row in gold)
        told = "  ".join(f"{f} {right[f]}/{total[f]}" for f in fields if total[f])
        print(f"{host:<24} {hits} of {len(gold)} found, {len(found)} read   {told}")


def _plain(text: str | None) -> str:
    return " ".join((text or "").lower().replace(",", " ").split()).rstrip("/")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="SHARED | WHAT", default=[])
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show the differences of the first N")
    parser.add_argument("--slices", action="store_true", help="show each service on its own")
    given = parser.parse_args()
    shared = next((Path(each) for each in given.what if each not in WHAT), Path("../shared"))
    if not (shared / "gold").is_dir():
        print(f"no labelled material in {shared}", file=sys.stderr)
        return 2
    options = [*(["--slices"] if given.slices else []), "--errors", str(given.errors)]
    only = [each for each in given.what if each in WHAT] or WHAT
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if "dioceses" in only:
            score_dioceses(shared)
        if "directories" in only:
            score_directories(shared, work, options)
        if "sites" in only:
            score_sites(shared, work, options, every_page=False)
            score_sites(shared, work, options, every_page=True)
        if "lines" in only:
            score_lines(shared, work, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
