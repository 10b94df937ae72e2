"""Reads U.S. addresses as directories print them: lines or one line, with organisations, boxes, grids and corners.

Our own reading comes first, by the shape "street, city, state ZIP"; where a street and a city stand side by
side without a comma, the library `usaddress` proposes the border and the ZIP table decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from vitality.pages.address_words import (
    BOX,
    COUNTRY_BEFORE_ZIP,
    COUNTY,
    DANGLING,
    HOUSE,
    LABEL,
    MAIL_WITHIN,
    MAILING,
    NINE,
    SMALL_STATE,
    STATE_ZIP,
    ZIP,
    ZIP_BEFORE_STATE,
)
from vitality.pages.dom import squeeze
from vitality.pages.places import STATE_PATTERN, US_CODES, is_city, is_country, state_code, zip_lies_in
from vitality.pages.streets import is_street, looks_like_street, pieces_of, streets_of
from vitality.pages.towns import ends_in_city_of, is_city_like, is_town, take_city, take_zip

__all__ = [
    "Address",
    "has_state_and_zip",
    "is_street",
    "looks_like_street",
    "place_line",
    "read_abroad",
    "read_address",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The parts of an address that the text states; None for the others.

    `mailing` is a post-office box (with the city line that belongs to it) that stands beside a street address.
    """

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    mailing: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing of an address was found."""
        return not (self.street or self.city or self.state or self.zip)


@lru_cache(maxsize=8192)
def read_address(text: str) -> Address:
    """Reads the address out of one text whose lines are divided by newlines; values stand in the text as given.

    `state` alone may be the postal code of the printed name.
    """
    apart = MAIL_WITHIN.sub("\n", text) if ":" in text else text
    parts = (part for line in apart.split("\n") for part in _by_slash(line))
    lines, mail = _apart([_plain(part) for part in parts])
    address = _read_lines(lines)
    if not mail:
        return address
    return replace(address, mailing=", ".join(mail)) if address.street or address.city else _read_lines(mail)


def _apart(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The lines of the address, and those that a label says are for mail, both without their labels."""
    kept: tuple[list[str], list[str]] = [], []
    mail = False
    for line in lines:
        sent = MAILING.match(line)
        label = sent or LABEL.match(line) or (HOUSE.match(line) if ":" in line else None)
        mail = sent is not None if label else mail
        words = (line[label.end() :] if label else line).strip(" ,;")
        if words and not is_country(words):
            kept[mail].append(words)
    return kept


def _by_slash(line: str) -> list[str]:
    """A street and a box that a slash divides."""
    return re.split(r"\s+/\s+", line) if "/" in line and BOX.search(line) else [line]


def _plain(line: str) -> str:
    """The line without what hides its parts: a country before the ZIP code, a county, a state in small letters."""
    line = squeeze(line)
    if "(" in line:
        line = COUNTY.sub("", line)
    if not line[-1:].isdigit():
        return DANGLING.sub("", line)
    line = SMALL_STATE.sub(_in_capitals, COUNTRY_BEFORE_ZIP.sub(" ", line))
    return NINE.sub(r"\1", line) if line[-9:].isdigit() else line


def has_state_and_zip(text: str) -> bool:
    """Whether a text holds a state followed by a ZIP code."""
    return any(found["zip"] for found in STATE_ZIP.finditer(text))


def place_line(text: str) -> Address | None:
    """Reads "City, ST" or "City, ST ZIP" and nothing else; None for a text that says more or less."""
    found = _last_state(text)
    if found is None or found.end() < len(text.rstrip(" .,")):
        return None
    printed = text[: found.start()].rstrip()
    before = printed.strip(" ,")
    if not printed.endswith(",") and not found["zip"] and not is_city(before, state_code(found["state"])):
        return None
    if not before or "," in before or is_street(before) or not is_city_like(before):
        return None
    return Address(city=before, state=state_code(found["state"]) or found["state"], zip=_zip(found["zip"]))


def _in_capitals(found: re.Match[str]) -> str:
    """The state letters "Oh" and "Ill" before a ZIP code as postal codes; "Ohio" is well as it is."""
    return found[0] if re.fullmatch(STATE_PATTERN, found[0]) else state_code(found[0]) or found[0]


def _read_lines(lines: list[str]) -> Address:
    found = [(index, state) for index, line in enumerate(lines) if (state := _last_state(line)) is not None]
    if not found:
        return _without_state(lines)
    index, state = next(((index, state) for index, state in found if state["zip"]), found[-1])
    return _around(lines, index, state)


def _last_state(line: str) -> re.Match[str] | None:
    """The state of a line: the last that a ZIP follows, else one that ends the line after a comma or a city."""
    matches = list(STATE_ZIP.finditer(line))
    zipped = [found for found in matches if found["zip"] and not _is_northeast(found, line)]
    if zipped:
        return zipped[-1]
    for found in reversed([] if any(found["zip"] for found in matches) else matches):
        before, after = line[: found.start()].rstrip(), line[found.end() :].strip(" ,.")
        if (
            len(found["state"]) == 2
            and not before.endswith(",")
            and looks_like_street(before)
            and not ends_in_city_of(before, found["state"])
        ):
            continue
        if found["state"] == "NE" and looks_like_street(before.rstrip(" ,")):
            continue
        if (not after or is_country(after)) and (
            not before or before.endswith(",") or len(found["state"]) == 2 or ends_in_city_of(before, found["state"])
        ):
            return found
    return None


def _is_northeast(found: re.Match[str], line: str) -> bool:
    """Whether "NE" before a ZIP code of another state is the direction of a street."""
    code = found["zip"]
    return (
        found["state"] == "NE" and looks_like_street(line[: found.start()].strip(" ,")) and not zip_lies_in(code, "NE")
    )


def _around(lines: list[str], index: int, found: re.Match[str]) -> Address:
    """The address whose state stands at `found` in line `index`: the city before it, the street before the city."""
    line, code = lines[index], found["zip"]
    state = state_code(found["state"]) or found["state"]
    before = line[: found.start()].strip(" ,;")
    if code is None:
        code = _zip_after(lines, index, line[found.end() :])
    if code is None and (turned := ZIP_BEFORE_STATE.match(before)) and zip_lies_in(turned["zip"], state):
        before, code = turned["town"].strip(" ,"), turned["zip"]
    pieces = [*pieces_of(lines[:index]), *pieces_of([before])]
    city = take_city(
        pieces,
        state if state in US_CODES else None,
        code,
        own_line=bool(before) and "," not in before,
        same_line=bool(before),
    )
    pieces = [piece for piece in pieces if not _repeats(piece, city, state)]
    street, box = streets_of(pieces)
    later_street, later_box = streets_of(pieces_of(lines[index + 1 :]), strict=True)
    street, box = street or later_street, box or later_box
    place = " ".join(part for part in (f"{city}," if city else None, found["state"], code) if part)
    return _with_box(Address(street=street, city=city, state=state, zip=_zip(code)), box, place)


def _with_box(address: Address, box: str | None, place: str) -> Address:
    """A box beside a street is the mailing address; a box alone is where the parish says it is."""
    if box is None:
        return address
    street = address.street or box
    mailing = f"{box}, {place}" if address.street and place else box if address.street else None
    return Address(street=street, city=address.city, state=address.state, zip=address.zip, mailing=mailing)


def _zip_after(lines: list[str], index: int, rest: str) -> str | None:
    """A ZIP code that stands after the state with something between, or alone on the next line."""
    for text in (rest.strip(" ,."), *(lines[index + 1 : index + 2])):
        found = re.match(rf"{ZIP}$", text.strip())
        if found:
            return found[0]
    return None


def _zip(code: str | None) -> str | None:
    return re.sub(r"\s?[-–]\s?", "-", code) if code else None


def _repeats(piece: str, city: str | None, state: str) -> bool:
    """Whether a piece only says the place again ("Cincinnati, OH 45206, Cincinnati, OH, 45206")."""
    found = STATE_ZIP.fullmatch(piece)
    return piece == city or (found is not None and state_code(found["state"]) == state)


def _without_state(lines: list[str]) -> Address:
    """An address without a state: a street, perhaps a ZIP code, perhaps a city the ZIP table knows."""
    pieces = pieces_of(lines)
    code, town = take_zip(pieces)
    street, box = streets_of(pieces, strict=True)
    after = pieces[pieces.index(street) + 1 :] if street in pieces else [] if street else pieces
    city = town or next((piece for piece in after if is_town(piece, code)), None)
    if street is None and box is None:
        city = city if code else None
    return _with_box(Address(street=street, city=city, zip=_zip(code)), box, "")


def read_abroad(lines: Sequence[str]) -> Address:
    """An address outside the United States, by position: street, city, county or state with its code."""
    pieces = [piece for piece in re.split(r"\s*[,\n]\s*", "\n".join(lines)) if piece]
    code = None
    found = (
        re.search(r"(?:^|\s)(?P<code>\d{4,6}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$", pieces[-1])
        if pieces
        else None
    )
    if found:
        code = found["code"]
        pieces[-1] = pieces[-1][: found.start()].strip()
    alone = bool(found) and not pieces[-1]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) >= 3:
        return Address(street=", ".join(pieces[:-2]), city=pieces[-2], state=pieces[-1], zip=code)
    if len(pieces) == 2 and (alone or looks_like_street(pieces[0])):
        return Address(street=pieces[0], city=pieces[1], zip=code)
    return Address(city=pieces[0] if pieces else None, state=pieces[1] if len(pieces) == 2 else None, zip=code)
