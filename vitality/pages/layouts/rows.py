"""Rows of structured data as entries: keys by their meaning, the name by what most rows hold under a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.address import is_street
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import is_profile, phone_of
from vitality.pages.layouts.entry import Entry, Line, line_text, plain
from vitality.pages.layouts.flow import flow_of
from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city, state_code
from vitality.pages.structured import Row, RowList

_META = frozenset(("icon", "image", "images", "photo", "meta", "_links", "author", "guid", "yoast_head_json", "_embedded", "thumbnail", "logo", "openingHours", "openingHoursSpecification", "contactPoint"))  # fmt: skip
_BARE = frozenset(("number", "value", "formatted", "display", "raw", "rendered", "plain"))
"""Keys that say nothing of their own: what stands above them counts."""
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
_PREFERRED = {"name": 0.1, "title": 0.08, "title.rendered": 0.1, "store": 0.08, "parish": 0.06, "parish_name": 0.1}


def entries_of_rows(rows: RowList) -> list[Entry]:
    """The rows of one list as entries; none when no key holds names of parishes."""
    key = _name_key(rows.rows)
    if key is None:
        return []
    guessed = _guessed(rows.rows, key)
    return [_entry(row, key, groups, guessed) for row, groups in zip(rows.rows, rows.groups, strict=True)]


_SHAPES: tuple[tuple[Label, Callable[[str], bool]], ...] = (
    (Label.ZIP, lambda value: bool(re.fullmatch(r"\d{5}(?:-\d{4})?", value))),
    (Label.PHONE, lambda value: phone_of(value) is not None),
    (Label.STATE, lambda value: len(value) > 1 and state_code(value) is not None),
    (Label.STREET, lambda value: is_street(value) and bool(re.search(r"\d", value))),
    (Label.CITY, is_city),
    (Label.LINK, lambda value: bool(re.match(r"https?://[^\s<>]+$|www\.[^\s<>]+$", value))),
)
_OTHER_PLACES = re.compile(r"(?i)ima?ge?|pic|photo|logo|icon|src|map|direct|giv|donat|bulletin|video|live|stream|calendar|facebook|insta|twitter|youtube|social|school|feed|api|form|register|diocese")  # fmt: skip
"""Keys of addresses on the web that are not where the parish is at home."""
_MOST = 0.8


def _guessed(rows: Sequence[Row], name_key: str) -> dict[str, Label]:
    """What keys whose names say nothing hold, by the shape that most of their values have; each meaning once."""
    sample = rows[:: max(1, len(rows) // 40)]
    known = {_label(key) for row in sample for key in row}
    found: dict[str, Label] = {}
    for key in dict.fromkeys(key for row in sample for key in row):
        values = [row[key] for row in sample if row.get(key)]
        if key == name_key or key.isdigit() or _label(key) is not None or len(values) < _FEWEST:
            continue
        for label, fits in _SHAPES:
            free = (
                label not in known
                and label not in found.values()
                and not (label is Label.STREET and Label.ADDRESS in known)
                and not (label is Label.LINK and (Label.WEBSITE in known or _OTHER_PLACES.search(key)))
            )
            if free and sum(map(fits, values)) >= _MOST * len(values):
                found[key] = label
                break
    return found


_FEWEST = 4


def _name_key(rows: Sequence[Row]) -> str | None:
    """The key under which most rows hold something like a parish's name."""
    votes: dict[str, float] = {}
    sample = rows[:: max(1, len(rows) // 60)]
    for row in sample:
        for key, value in row.items():
            label = _label(key)
            if (
                value
                and len(value) <= 400
                and not value.startswith("http")
                and label in (Label.NAME, None, Label.LINK, Label.PLACE, Label.TEXT)
            ):
                weight = 1.0 if label is Label.NAME else 0.7 if label is None else 0.4
                votes[key] = votes.get(key, 0.0) + weight * name_evidence(_first_line(value)) / len(sample)
    if not votes:
        return None
    best = max(
        votes,
        key=lambda key: (
            votes[key]
            + (
                _PREFERRED.get(key.lower().rpartition("properties.")[2].rpartition("attributes.")[2], 0.0)
                if votes[key]
                else 0.0
            )
        ),
    )
    return best if votes[best] >= 0.2 else None


@lru_cache(maxsize=4096)
def _label(path: str) -> Label | None:
    """The meaning of a key's path: the whole path, then its last part; nothing below pictures and metadata."""
    parts = path.split(".")
    if any(part in _META for part in parts):
        return Label.IGNORED
    if any(label_of(part) is Label.MAILING for part in parts[:-1]):
        return Label.MAILING
    if parts[-1].lower() in _BARE and len(parts) > 1:
        parts = parts[:-1]
    own = label_of(parts[-1])
    if own is Label.NAME and len(parts) > 1:
        above = label_of(parts[-2])
        return own if above in (None, Label.TEXT, Label.LINK) else above
    if own is None or own is Label.TEXT:
        return label_of(" ".join(parts[-2:])) or own
    return own


def _entry(row: Row, name_key: str, groups: tuple[str, ...], guessed: Mapping[str, Label]) -> Entry:
    values: list[tuple[Label, str]] = []
    lines: list[Line] = []
    name, rest = _name_and_rest(row[name_key]) if name_key in row else ("", [])
    lines.extend(rest)
    values.extend(_links_of_name(row.get(name_key, "")))
    for key, value in row.items():
        label = _label(key) or guessed.get(key)
        if key == name_key or not value or label in (Label.IGNORED, Label.NAME):
            continue
        if label is Label.TEXT or (label is None and _MARKUP.search(value)):
            lines.extend(line for line in markup_lines(value) if line_text(line) != name)
        elif label is not None:
            values.extend(_values(label, _with_number(row, key, value) if label is Label.STREET else value))
        elif key.isdigit():
            lines.append(plain(squeeze(value)))
    values.extend(_bare_point(row))
    return Entry(
        name=name,
        lines=tuple(lines),
        values=tuple(sorted(values, key=lambda each: each[0] is Label.LINK)),
        links=tuple(_profiles(row)),
        groups=groups,
    )


def _with_number(row: Row, key: str, street: str) -> str:
    """A street with its house number, where that stands under a key of its own beside it."""
    number = row.get(re.sub(r"(?i)(?:street_?)?name$|route$|street$", "", key) + "street_number", "").strip()
    return f"{number} {street}" if re.fullmatch(r"\d+[\w-]*", number) and not street.startswith(number) else street


def _profiles(row: Row) -> Iterator[str]:
    """Pages in a social network that stand where a web site would, and not under a key of that network."""
    for key, value in row.items():
        if is_profile(value) and (key.isdigit() or (_label(key) is Label.LINK and not _NETWORK.search(key))):
            yield value


_NETWORK = re.compile(r"(?i)facebook|\bfb|social|same_?as")


def _values(label: Label, value: str) -> Iterator[tuple[Label, str]]:
    if label in (Label.LINK, Label.WEBSITE, Label.LATITUDE, Label.LONGITUDE) and "<" not in value:
        yield label, value
        return
    lines = markup_lines(value) if _MARKUP.search(value) else ()
    if lines:
        for line in lines:
            yield from ((Label.LINK, piece.href) for piece in line if piece.href)
        yield label, "\n".join(filter(None, map(line_text, lines)))
    else:
        yield label, value


def _name_and_rest(value: str) -> tuple[str, list[Line]]:
    if not _MARKUP.search(value) and "\n" not in value:
        return value, []
    lines = [line for line in markup_lines(value) if line_text(line)]
    return (line_text(lines[0]), list(lines[1:])) if lines else ("", [])


def _links_of_name(value: str) -> Iterator[tuple[Label, str]]:
    """Where a name leads that is a link."""
    if "<a" in value.lower():
        lines = [line for line in markup_lines(value) if line_text(line)][:1]
        yield from ((Label.LINK, piece.href) for line in lines for piece in line if piece.href)


def _first_line(value: str) -> str:
    return _name_and_rest(value)[0]


@lru_cache(maxsize=4096)
def markup_lines(value: str) -> tuple[Line, ...]:
    """The lines of a value that holds markup or entities; entities that were escaped twice are read once more."""
    text = value.replace("\r\n", "\n")
    if "<" not in text and "&lt;" in text:
        text = LexborHTMLParser(f"<p>{text}</p>").text() if "<" not in text else text
    if "<" not in text:
        text = text.replace("\n", "<br>")
    return tuple(flow_of(f"<div>{text}</div>").lines)


def _bare_point(row: Row) -> Iterator[tuple[Label, str]]:
    """Two numbers side by side in a row without keys that can only be latitude and longitude."""
    cells = [(key, value) for key, value in row.items() if key.isdigit()]
    for (_, first), (_, second) in pairwise(cells):
        if re.fullmatch(r"\d{1,2}\.\d{3,}", first) and re.fullmatch(r"-\d{2,3}\.\d{3,}", second):
            yield Label.LATITUDE, first
            yield Label.LONGITUDE, second
            return
