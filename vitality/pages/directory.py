"""Reads a diocese's parish directory: which parishes a page lists, and what to fetch for the rest of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from vitality.pages import parish_detail
from vitality.pages.identity import ParishKey, distinct, filled, parish_key, same_parish
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.endpoints import endpoint_follows, script_follows
from vitality.pages.layouts.entry import Entry, line_text
from vitality.pages.layouts.entry_reading import ReadEntry, clean_name, read_entry
from vitality.pages.layouts.follows import (
    Follow,
    FollowKind,
    data_follows,
    has_scripted_pager,
    letter_follows,
    pager_follows,
    type_follows,
    wp_follows,
)
from vitality.pages.layouts.forms import form_follows, is_told_to_posts_only
from vitality.pages.layouts.groups import is_excluded, is_group_name, read_groups
from vitality.pages.layouts.labels import Label
from vitality.pages.layouts.name_places import as_headed, split_places
from vitality.pages.layouts.registry import LAYOUTS, UNLABELLED
from vitality.pages.parish_names import excludes, fold_name, name_evidence, not_a_parish, says_closed
from vitality.pages.places import is_city
from vitality.pages.provenance import sourced
from vitality.pages.structured import parse_json
from vitality.records import Page, Parish

__all__ = ["DirectoryReading", "Follow", "FollowKind", "merge_detail", "read_directory"]

MIN_PLAUSIBLE = 0.4
"""Share of the rows whose names must look like parishes' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryReading:
    """What one page of a directory says.

    `score` is plausibility (0 to 1) times yield, so that readings can be compared; 0 for a page that lists
    no parish, and then `reason` says why. `total` is how many parishes the page claims the whole list has.
    `complete` is False when the page shows that it is only a part of the list. `closed` holds the rows that
    the page itself marks as closed or merged; they are no part of `parishes`.
    """

    layout: str
    parishes: tuple[Parish, ...] = ()
    closed: tuple[Parish, ...] = ()
    score: float = 0.0
    complete: bool = True
    total: int | None = None
    follow: tuple[Follow, ...] = ()
    is_posted: bool = False
    """Whether the page shows no parish, and has a search for them that is sent by POST."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One candidate read in full."""

    candidate: Candidate
    rows: tuple[ReadEntry, ...]
    plausibility: float
    score: float


def read_directory(page: Page, *, site: str | None = None) -> DirectoryReading:
    """Reads the parishes of one page with the layout that yields most.

    `site` is any address of the diocese's own web site (by default the page's): links to it are no parish's
    web site. A page that is no directory gives a reading without parishes and with the reason.
    """
    document = Document(page, site)
    readings = [_read(candidate, document) for layout in LAYOUTS for candidate in layout(document)]
    if not any(_is_exhaustive(reading, document) for reading in readings):
        readings += [_read(candidate, document) for layout in UNLABELLED for candidate in layout(document)]
    best = max(readings, key=lambda reading: reading.score, default=None)
    reason = _objection(best, document)
    if best is None or reason is not None:
        return DirectoryReading(
            layout="none",
            reason=reason,
            follow=_follow(document, (), None),
            complete=False,
            is_posted=document.is_markup and is_told_to_posts_only(document),
        )
    rows = _supplemented(best, readings)
    parishes = distinct(sourced(row.parish, page) for row in rows if not row.closed)
    closed = distinct(sourced(row.parish, page) for row in rows if row.closed)
    if not parishes:
        return DirectoryReading(
            layout=best.candidate.layout, closed=closed, reason="every row is marked as closed", complete=False
        )
    follow = _follow(document, parishes, best.candidate)
    total = _total(document, best, parishes)
    return DirectoryReading(
        layout=best.candidate.layout,
        parishes=parishes,
        closed=closed,
        score=best.score,
        total=total,
        complete=_is_complete(document, best, total, follow),
        follow=follow,
    )


def merge_detail(parish: Parish, detail: Page) -> Parish:
    """The parish with what its own page in the directory adds; nothing known is overwritten with nothing.

    A town that was taken out of the name in the list goes back into it where the page is headed so and states a place.
    """
    whole = as_headed(parish, Document(detail).heading) if parish.street is None else None
    merged = parish_detail.merge_detail(whole, detail) if whole is not None else parish
    return merged if merged.city and whole is not None else parish_detail.merge_detail(parish, detail)


def _read(candidate: Candidate, document: Document) -> _Reading:
    rows = [row for entry in candidate.entries if (row := read_entry(entry, document.around)) is not None]
    astray = _holding_others(candidate.entries)
    rows = split_places(_with_places(rows, [entry for entry in candidate.entries if entry.name]))
    named = [entry for entry in candidate.entries if entry.name]
    likely = sum(row.evidence >= 0.5 for row in rows)
    kept = {row.parish.name for row in rows}
    excluded = sum(_is_excluded(entry, kept) for entry in named)
    plausibility = min(1.0, likely / max(1, len(named) - excluded) / 0.7) * (1 if len(rows) >= excluded else 0.5)
    rows = _without_strays(_with_own_details(rows))
    worth: dict[ParishKey, float] = {}
    for row in rows:
        key = parish_key(row.parish)
        worth[key] = max(worth.get(key, 0.0), _worth(row, plausibility))
    value = sum(worth.values()) * _TRUST.get(candidate.layout, 1.0)
    return _Reading(candidate, tuple(rows), plausibility, plausibility * value * (1 - astray))


def _holding_others(entries: Sequence[Entry]) -> float:
    """The share of rows that hold another row's name in a line of its own: their borders run through the rows."""
    names = {entry.name for entry in entries}
    astray = sum(
        any(text in names and text != entry.name and name_evidence(text) >= 0.7 for text in map(line_text, entry.lines))
        for entry in entries
    )
    return astray / max(1, len(entries))


def _is_excluded(entry: Entry, kept: set[str]) -> bool:
    """Whether a row says itself, by name, kind or heading, that it is no parish: it counts neither way."""
    if not_a_parish(entry.name) or read_groups(entry.groups).excluded:
        return True
    return clean_name(entry.name) not in kept and any(
        label is Label.KIND and excludes(value) for label, value in entry.values
    )


def _is_exhaustive(reading: _Reading, document: Document) -> bool:
    """Whether a labelled reading states enough of enough rows that no other way to read the page can add to it."""
    if not document.is_markup:
        return bool(reading.rows)
    sure = reading.plausibility >= 0.9 and sum(row.facts for row in reading.rows) >= 3 * len(reading.rows)
    names = (
        {text for text, value in zip(document.flow.texts, document.signals.names, strict=True) if value >= 0.7}
        if sure
        else set()
    )
    return sure and len(reading.rows) >= 0.9 * len(names)


def _worth(row: ReadEntry, plausibility: float) -> float:
    """What a row counts: more with more facts; less with a name that looks like none, unless its list is sound."""
    sure = 1.0 if row.evidence >= 0.5 or (row.evidence > 0 and plausibility >= 0.9) else 0.3
    return sure * (0.4 + 0.15 * min(row.facts + 2 * (row.parish.city is not None), 7))


def _with_own_details(rows: Sequence[ReadEntry]) -> list[ReadEntry]:
    """The rows, each with the first page it links to that no other row links to; a page of all rows is none of theirs."""
    counts = Counter(url for row in rows for url in row.details)
    return [
        replace(row, parish=row.parish.model_copy(update={"detail_url": own}))
        if (own := next((url for url in row.details if counts[url] == 1), row.parish.detail_url))
        != row.parish.detail_url
        else row
        for row in rows
    ]


_TRUST = {"table": 1.3, "microdata": 1.05, "records": 0.95, "text": 0.88, "pdf": 0.9, "options": 0.8}
"""Rows whose values are labelled are preferred, all else being equal."""


def _without_strays(rows: list[ReadEntry]) -> list[ReadEntry]:
    """Without the rows that state nothing, where nearly all others state something: they are captions.

    The name of a group of parishes over them is one, too, whatever their common pastor.
    """
    placed = sum(bool(row.parish.city or row.parish.street or row.parish.phone) for row in rows)
    if placed >= 0.6 * len(rows):
        rows = [
            row
            for row in rows
            if row.parish.city or row.parish.street or row.parish.phone or not is_group_name(row.parish.name)
        ]
    bare = [row for row in rows if not row.facts and row.parish.city is None]
    return rows if len(bare) * 8 > len(rows) else [row for row in rows if row.facts or row.parish.city is not None]


def _objection(best: _Reading | None, document: Document) -> str | None:
    """Why the best reading is not believed; None when it is."""
    heading = document.heading
    if best is None or not best.rows:
        return "no rows with names of parishes"
    if heading and is_excluded(heading):
        return f"the page is headed {heading!r}"
    if heading and says_closed(heading) and "parish" in heading.lower():
        return f"the page is headed {heading!r}"
    if best.plausibility < MIN_PLAUSIBLE:
        return "most rows are not named like parishes"
    return _thin(best, document)


_LISTS = re.compile(
    r"\b(?:parishes|churches|missions|communities|parroquias|iglesias|director(?:y|io)|locations)\b|"
    r"\b(?:parish|church)[\s_-]*(?:finder|list|listings?|map|locator|search|directory)\b|\bfind[\s_-]*(?:a|your)[\s_-]*(?:parish|church)\b",
    re.IGNORECASE,
)


def _thin(best: _Reading, document: Document) -> str | None:
    """Why rows that state little are not believed: a list of links needs a heading that calls it a list of parishes."""
    size = len(best.rows)
    placed = sum(bool(row.parish.city or row.parish.street or row.parish.zip or row.parish.phone) for row in best.rows)
    linked = sum(bool(row.parish.website or row.parish.detail_url) for row in best.rows)
    likely = sum(row.evidence >= 0.7 for row in best.rows)
    called = document.is_markup and bool(
        _LISTS.search(f"{document.heading} {document.title} {urlsplit(document.page.url).path}")
    )
    if not document.is_markup:
        return None if placed or linked else "the rows are names only, without place, contact or link"
    if placed < 0.3 * size and not (called and size >= _FEW and linked >= 0.7 * size and likely >= 0.6 * size):
        return "the rows are names without place or contact"
    if size < _FEW and not called and (likely < size or placed < 0.7 * size):
        return "a few names are no list"
    if size == 1 and not called and best.rows[0].facts < 2:
        return "a single name is no list"
    return None


_FEW = 5


# -- places from what stands around ----------------------------------------------------------------------


def _with_places(rows: list[ReadEntry], entries: Sequence[Entry]) -> list[ReadEntry]:
    """Rows without a city get it from the heading over them, or from the line that holds a city in most rows."""
    headings = {row.places[-1] for row in rows if row.places}
    by_heading = (len(headings) > 1 or all(row.parish.street for row in rows)) and (
        sum(is_city(place) for place in headings) >= 0.5 * len(headings)
    )
    bare = [row for row in rows if row.parish.city is None]
    loose = [row for row in bare if any(map(is_city, row.loose))]
    by_line = len(loose) >= 0.5 * max(1, len(bare)) and (
        len(loose) >= 3 or all(row.parish.phone or row.parish.street or row.details for row in loose)
    )
    return [_placed(row, row.places if by_heading else (), by_line=by_line) for row in rows] if entries else rows


def _placed(row: ReadEntry, places: tuple[str, ...], *, by_line: bool) -> ReadEntry:
    if row.parish.city is not None:
        return row
    city = next((line for line in row.loose if by_line and is_city(line)), None)
    city = city or (row.loose[0] if by_line and len(row.loose) == 1 and _is_plain(row.loose[0]) else None)
    city = city or (places[-1] if places else None)
    if city is None:
        return row
    # A town that is called like a state ("Oregon", Ohio) was taken for one.
    state = None if row.state_above and places else row.parish.state
    return replace(row, parish=row.parish.model_copy(update={"city": city, "state": state}))


def _is_plain(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){0,3}", text))


def _supplemented(best: _Reading, readings: Iterable[_Reading]) -> list[ReadEntry]:
    """The best reading's rows, with what another reading of the same page says of the same parishes."""
    rows = list(best.rows)
    names = Counter(fold_name(row.parish.name) for row in rows)
    stated = Counter(value for row in rows for value in _told(row.parish))
    for other in readings:
        if not _is_of_the_same_list(best, other):
            continue
        partners: dict[str, list[Parish]] = {}
        for row in other.rows:
            partners.setdefault(fold_name(row.parish.name), []).append(row.parish)
        if sum(name in partners for name in names) * 2 < len(names):
            continue
        same_lines = {best.candidate.layout, other.candidate.layout} <= _PRINTED
        rows = [
            row
            if same_lines and (row.facts > 1 or any(stated[v] for p in others for v in _told(p)))
            else replace(row, parish=_completed(row.parish, others, names))
            for row in rows
            for others in (partners.get(fold_name(row.parish.name), ()),)
        ]
    return rows


_PRINTED = frozenset(("table", "records", "text", "pdf"))
"""Layouts that read the same printed lines: where they differ, one of them has divided the lines wrongly.

So one fills from another only rows that state next to nothing, and nothing that another row states."""


def _told(parish: Parish) -> tuple[str, ...]:
    return tuple(value for value in (parish.street, parish.phone, parish.website, parish.email) if value)


def _is_of_the_same_list(best: _Reading, other: _Reading) -> bool:
    """Whether another reading is a plausible one of about as many rows."""
    return (
        best.candidate.layout != other.candidate.layout
        and other.plausibility >= MIN_PLAUSIBLE
        and 0.8 * len(best.rows) <= len(other.rows) <= 1.25 * len(best.rows)
    )


def _completed(parish: Parish, others: Sequence[Parish], names: Counter[str]) -> Parish:
    alike = [other for other in others if same_parish(parish, other)]
    if len(alike) == 1 and (parish.city or (len(others) == 1 and names[fold_name(parish.name)] == 1)):
        return filled(parish, alike[0])
    return parish


# -- completeness and what to follow ----------------------------------------------------------------------

_CLAIMS = (
    re.compile(r"(?i)\b(?:displaying|showing|results?|viewing)?\s*\d+\s*(?:-|–|to|through)\s*\d+\s+of\s+(?P<total>\d{1,5})\b"),
    re.compile(r"(?i)\b(?P<total>\d{1,5})\s+(?:parish(?:es)?(?:\s+(?:and|&)\s+\w+)?|entries|churches|results|locations|places)\s*(?:found|in alphabetical order|listed|\.|$)"),
)  # fmt: skip


def _total(document: Document, best: _Reading, parishes: Sequence[Parish]) -> int | None:
    """How many parishes the page or its data says the whole list has."""
    if best.candidate.total is not None:
        return best.candidate.total if best.candidate.total >= len(parishes) else None
    if not document.is_markup:
        return None
    for text in document.flow.texts:
        for claim in _CLAIMS:
            found = claim.search(text) if len(text) < 120 else None
            if found and int(found["total"]) >= len(parishes):
                return int(found["total"])
    return None


def _is_complete(document: Document, best: _Reading, total: int | None, follow: Sequence[Follow]) -> bool:
    """False where the page says that there is more than it shows, or is full to a limit it was asked for."""
    if best.candidate.more or any(each.kind in (FollowKind.PAGER, FollowKind.LETTER) for each in follow):
        return False
    if document.is_markup and has_scripted_pager(document):
        return False
    limit = re.search(
        r"(?i)[?&](?:max_results|limit|per_page|page_?size|rows|count|length|top|max)=(\d+)", document.page.url
    )
    if limit and len(best.candidate.entries) >= int(limit[1]):
        return False
    return (
        total is None
        or total <= len(best.rows) + sum(row.closed for row in best.rows)
        or total <= len(best.candidate.entries)
    )


def _follow(document: Document, parishes: Sequence[Parish], best: Candidate | None) -> tuple[Follow, ...]:
    page = document.page
    follows: list[Follow] = []
    if not document.is_markup:
        follows.extend(_data_follow(document, best))
    else:
        if best is not None:
            follows.extend(pager_follows(document))
        follows.extend(letter_follows(document, empty=best is None))
        if best is None or len(parishes) < 5:
            follows.extend(endpoint_follows(_scripts(document), document.around.base))
            follows.extend(script_follows(document))
            follows.extend(form_follows(document) if best is None else ())
            follows.extend(wp_follows(document))
    details = dict.fromkeys(parish.detail_url for parish in parishes if parish.detail_url)
    follows.extend(Follow(kind=FollowKind.DETAIL, url=url) for url in details)
    unique: dict[str, Follow] = {}
    for each in follows:
        if each.url != page.url:
            unique.setdefault(each.url, each)
    return tuple(unique.values())


def _data_follow(document: Document, best: Candidate | None) -> tuple[Follow, ...]:
    page = document.page
    if "javascript" in page.content_type.lower():
        return endpoint_follows(page.text, page.url)
    if "/wp/v2/types" in page.url:
        return _wp_types(page)
    if best is None:
        return ()
    more = best.more or (best.total or 0) > len(best.entries)
    return data_follows(page.url, len(best.entries), more=more, following=best.following)


def _wp_types(page: Page) -> tuple[Follow, ...]:
    try:
        types = parse_json(page.text)
    except ValueError:
        return ()
    pairs = (
        [(str(name), str(each.get("rest_base", name))) for name, each in types.items() if isinstance(each, dict)]
        if isinstance(types, dict)
        else []
    )
    return type_follows(pairs, page.url)


def _scripts(document: Document) -> str:
    """The text in which a page names its data: its inline scripts, frames, and the attributes of its elements."""
    texts = [node.text() for node in document.tree.css("script:not([src])")]
    for node in document.tree.css("iframe[src], [data-url], [data-src], [data-source], [data-endpoint], [data-ajax], [data-ajax-url], [data-json], [data-feed], [data-api], [data-rest], [data-rest-url], [data-remote], [data-load], [data-path], [data-kml], [data-geojson], link[type='application/json'], link[rel='preload'][as='fetch']"):  # fmt: skip
        texts.extend(
            f'{name}="{value}"'
            for name, value in node.attributes.items()
            if value and (name.startswith("data-") or name in ("src", "href"))
        )
    if "wpsl" in document.page.text:
        texts.append("wpsl-")
    return "\n".join(texts)
