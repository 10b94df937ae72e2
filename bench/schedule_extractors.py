"""How general extractors and this project's grammar do on the same lines of schedules.

    python bench/schedule_extractors.py CASES.jsonl

CASES.jsonl holds one {"id", "text", "context", "items"} a line. What is compared is the pair (day, start) of every
regular time whose start is printed: general extractors know no services. Without the file, or without a library,
a sentence says so.
"""

from __future__ import annotations

import html
import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page

Pairs = set[tuple[str, str]]

_CODES = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?\s*([ap])\.?m\b", re.IGNORECASE)
_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def naive(text: str) -> Pairs:
    """A regular expression: each time with a.m. or p.m. belongs to the last day named on its line."""
    found: Pairs = set()
    for line in plain(text).splitlines():
        day = None
        for match in sorted([*_DAY.finditer(line), *_TIME.finditer(line)], key=lambda each: each.start()):
            if match.re is _DAY:
                day = _CODES[match[1].lower()]
            elif day:
                hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
                found.add((day, f"{hour:02d}:{int(match[2] or 0):02d}"))
    return found


def with_dateparser(module: Any) -> Callable[[str], Pairs]:
    """dateparser's search: a found instant counts with its weekday."""
    search = importlib.import_module("dateparser.search").search_dates
    del module

    def read(text: str) -> Pairs:
        found = search(plain(text), languages=["en", "es"]) or []
        return {(list(_CODES.values())[moment.weekday()], moment.strftime("%H:%M")) for _words, moment in found}

    return read


def with_recurrent(module: Any) -> Callable[[str], Pairs]:
    """recurrent: its rule's days and hours, statement by statement."""

    def read(text: str) -> Pairs:
        found: Pairs = set()
        for part in re.split(r"[\n;.]", plain(text)):
            event = module.RecurringEvent()
            try:
                event.parse(part)
                rule = event.get_RFC_rrule() or ""
            except Exception:  # noqa: BLE001, S112  # a foreign library's failure on odd input counts as "nothing found"
                continue
            fields = dict(
                piece.split("=", 1)
                for piece in re.sub(r"^.*RRULE:", "", rule, flags=re.DOTALL).split(";")
                if "=" in piece
            )
            if "BYHOUR" in fields and "BYDAY" in fields:
                start = (
                    f"{int(fields['BYHOUR'].split(',')[0]):02d}:{int(fields.get('BYMINUTE', '0').split(',')[0]):02d}"
                )
                found |= {(day, start) for day in fields["BYDAY"].split(",")}
        return found

    return read


def ours(case: dict[str, Any]) -> Pairs:
    """This project's reader on the case laid out as a page."""
    heading = (case.get("context") or {}).get("page", "Parish")
    text = case["text"]
    body = (
        text
        if re.search(r"</?(p|div|li|ul|td|tr|table|h\d|br|dt|dd|dl)\b", text)
        else "".join(f"<p>{html.escape(p, quote=False)}</p>".replace("\n", "<br>") for p in re.split(r"\n\s*\n", text))
    )
    page = Page(
        url="https://parish.example.org/",
        text=f"<html><body><h1>{html.escape(heading)}</h1>{body}</body></html>",
        content_hash=ContentHash("sha256:" + "0" * 64),
    )
    return {
        (day, time.start)
        for time in read_schedule(page).times
        if time.status == "active" and time.start
        for day in time.days
    }


def wanted(case: dict[str, Any]) -> tuple[Pairs, Pairs]:
    """The pairs that count, and those that count neither way."""
    sure: Pairs = set()
    doubtful: Pairs = set()
    for item in case["items"]:
        pairs = {(day, item["start"]) for day in item.get("days") or [] if item.get("start")}
        if item.get("unsure") or item.get("status", "active") != "active":
            doubtful |= pairs
        else:
            sure |= pairs
    return sure, doubtful - sure


def line_of(name: str, cases: list[dict[str, Any]], read: Callable[[dict[str, Any]], Pairs]) -> str:
    hit = extra = missed = 0
    for case in cases:
        sure, doubtful = wanted(case)
        found = read(case)
        hit, extra, missed = hit + len(found & sure), extra + len(found - sure - doubtful), missed + len(sure - found)
    precision, recall = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return f"{name:<22}{precision:>10.3f}{recall:>10.3f}{2 * precision * recall / max(1e-9, precision + recall):>10.3f}"


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("cases.jsonl")
    if not path.is_file():
        print(f"no cases at {path}: give the path of a JSON Lines file of schedule texts")
        return 0
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    print(f"{len(cases)} texts; pairs of day and start\n{'':<22}{'precision':>10}{'recall':>10}{'F1':>10}")
    print(line_of("vitality", cases, ours))
    print(line_of("naive regex", cases, lambda case: naive(case["text"])))
    for name, make in (("dateparser", with_dateparser), ("recurrent", with_recurrent)):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed")
            continue
        read = make(module)
        print(line_of(name, cases, lambda case, read=read: read(case["text"])))  # type: ignore[misc]  # bound at once
    return 0


if __name__ == "__main__":
    sys.exit(main())
