"""Reads the bishops' conference's list of dioceses: by the structure of its rows, whatever their markup.

A row begins with the name of a diocese; its lines up to "City, ST ZIP" are the address, and its first link to
another site is the diocese's web site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vitality.errors import Unreadable
from vitality.pages.address import has_state_and_zip, place_line, read_address
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import may_be_site, mended_href, phone_of, printed_url
from vitality.pages.layouts.divisions import MAX_READ, hypotheses
from vitality.pages.layouts.document import Document
from vitality.pages.layouts.entry import Entry, Line, Surroundings, line_text
from vitality.pages.layouts.records import entries_of
from vitality.pages.layouts.signals import Signals, name_of_line
from vitality.pages.places import state_code
from vitality.records import Diocese, Page

FEWEST, MOST = 3, 400
"""A page with fewer rows is no list, and one with more is something else: the country has about 200."""

_NAME = re.compile(
    r"\b(?:arch)?(?:diocese|eparchy|exarchate|ordinariate|vicariate apostolic)\b|\barcheparchy\b|\bprelature\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:most|very|his|rev|bishop|archbishop|find|see|view|about|the (?:conference|bishops))\b|\b(?:is|are|was|were|all|which|please|click|search)\b|[?!]$|[|>»]", re.IGNORECASE
)  # fmt: skip
_LABEL = re.compile(r"^(?:phone|tel|telephone|fax|e-?mail|web ?site|bishop|archbishop|ordinary|map)\b", re.IGNORECASE)


def read_dioceses(page: Page) -> tuple[Diocese, ...]:
    """The dioceses, archdioceses, eparchies and ordinariates that a page lists, in its order.

    Raises `Unreadable` with the reason when the page is not such a list.
    """
    document = Document(page)
    if not document.is_markup:
        raise Unreadable(f"the list of dioceses is no HTML: {page.url}")
    found = max(
        _readings(document),
        key=lambda rows: sum(1 + (row.city is not None) + (row.website is not None) for row in rows),
        default=(),
    )
    dioceses = _distinct(found)
    if not FEWEST <= len(dioceses) <= MOST:
        raise Unreadable(f"{len(dioceses)} rows with names of dioceses, expected {FEWEST} to {MOST}: {page.url}")
    return dioceses


def _readings(document: Document) -> Iterable[tuple[Diocese, ...]]:
    flow = document.flow
    signals = Signals([_is_name(line) for line in flow.lines], document.signals.places, document.signals.facts)
    for hypothesis in hypotheses(flow, signals)[: 2 * MAX_READ]:
        entries = entries_of(flow, signals, hypothesis)
        rows = [_diocese(entry, document.around) for entry in entries if entry.name]
        named = sum(_is_diocese(row.name) for row in rows)
        if named * 2 >= len(rows):
            yield tuple(row for row in rows if _is_diocese(row.name) or _is_stated(row))


def _is_stated(row: Diocese) -> bool:
    """Whether a row without the word in its name ("St. Nicholas of Chicago for Ukrainians") is one by its place and site."""
    return len(row.name) <= 110 and row.website is not None


def _is_name(line: Line) -> float:
    return 1.0 if _is_diocese(name_of_line(line)[0]) else 0.0


def _is_diocese(text: str) -> bool:
    return (
        bool(_NAME.search(text))
        and not _NO_NAME.search(text)
        and 8 <= len(text) <= 110
        and not re.search(r"\d|https?:", text)
    )


def _diocese(entry: Entry, around: Surroundings) -> Diocese:
    street: list[str] = []
    place = None
    for text in _joined_cells([line_text(line) for line in entry.lines]):
        if (
            place is not None
            or not text
            or _LABEL.match(text)
            or phone_of(text)
            or (printed_url(text) and not re.search(r"\s", text))
        ):
            continue
        place = place_line(text)
        if place is None and has_state_and_zip(text):
            place = read_address(text)
            before = text.rpartition(place.city)[0] if place.city else ""
            street.extend(part for part in [squeeze(before).strip(" ,")] if part)
        elif place is None and not re.match(r"(?i)(?:most|very)? ?rev", text):
            street.append(text.strip(" ,"))
    return Diocese(
        name=entry.name,
        address=", ".join(street) or None if place else None,
        city=place.city if place else None,
        state=place.state if place else None,
        zip=place.zip if place else None,
        website=_website(entry, around),
    )


def _joined_cells(texts: Sequence[str]) -> list[str]:
    """The lines of a row, a city, a state and a ZIP code that stand in cells of their own put into one line."""
    for index in range(1, len(texts) - 1):
        if state_code(texts[index]) and re.fullmatch(r"\d{5}(?:-\d{4})?", texts[index + 1]):
            place = f"{texts[index - 1]}, {texts[index]} {texts[index + 1]}"
            return [*texts[: index - 1], place, *texts[index + 2 :]]
    return list(texts)


def _website(entry: Entry, around: Surroundings) -> str | None:
    """The first link of the row that leads to another site, as the page gives it; else an address it prints."""
    hrefs = [*entry.links, *(piece.href for line in entry.lines for piece in line if piece.href)]
    for href in hrefs:
        url = mended_href(href, around.base)
        if url is not None and may_be_site(url, around.own_host):
            return url
    return next(
        (url for line in entry.lines if (url := printed_url(line_text(line))) and may_be_site(url, around.own_host)),
        None,
    )


def _distinct(rows: Iterable[Diocese]) -> tuple[Diocese, ...]:
    """Each name once; a repetition fills what the first mention lacks."""
    kept: dict[str, Diocese] = {}
    for row in rows:
        known = kept.get(row.name)
        if known is None:
            kept[row.name] = row
        else:
            kept[row.name] = known.model_copy(update={key: value for key, value in row if getattr(known, key) is None})
    return tuple(kept.values())
