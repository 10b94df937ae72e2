"""Reads U.S. addresses as directories print them: lines or one line, with organisations, boxes, grids and corners.

Our own reading comes first, by the shape "street, city, state ZIP"; where a street and a city stand side by
side without a comma, the library `usaddress` proposes the border and the ZIP table decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import usaddress

from vitality.pages.address_words import (
    BOX,
    CARE_OF,
    CITY,
    CITYISH,
    CORNER,
    COUNT,
    COUNTRY_BEFORE_ZIP,
    COUNTY,
    DIRECTION,
    JUNIOR,
    LABEL,
    MAIL_WITHIN,
    MAILING,
    NINE,
    NUMBER,
    NUMBERED,
    ROAD,
    RURAL,
    SMALL_STATE,
    SPANISH,
    STATE_ZIP,
    SUFFIX,
    SUFFIXED,
    UNIT,
    WITHIN,
    ZIP,
    ZIP_ONLY,
)
from vitality.pages.dom import squeeze
from vitality.pages.places import STATE_PATTERN, US_CODES, is_city, is_country, is_town_of, state_code, zip_lies_in


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


def looks_like_street(text: str) -> bool:
    """Whether a text by itself is a street line: a number and words, a box, a highway, a corner, a suffix."""
    text = CARE_OF.sub("", text)
    if len(text) > 90:
        return False
    if BOX.search(text) or RURAL.search(text) or SPANISH.match(text):
        return True
    if NUMBERED.match(text) and not COUNT.match(text):
        return not re.match(r"^[\d\s().+-]+$", text)
    if ROAD.search(text):
        return True
    return bool(SUFFIXED.search(text)) and len(text.split()) >= 2 and not text.endswith((".com", ".org"))


@lru_cache(maxsize=8192)
def read_address(text: str) -> Address:
    """Reads the address out of one text whose lines are divided by newlines; values stand in the text as given.

    `state` alone may be the postal code of the printed name.
    """
    lines, mail = _apart([_plain(line) for line in MAIL_WITHIN.sub("\n", text).split("\n")])
    address = _read_lines(lines)
    if not mail:
        return address
    return replace(address, mailing=", ".join(mail)) if address.street or address.city else _read_lines(mail)


def _apart(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The lines of the address, and those that a label says are for mail, both without their labels."""
    kept: tuple[list[str], list[str]] = [], []
    mail = False
    for line in lines:
        label = MAILING.match(line) or LABEL.match(line)
        mail = bool(MAILING.match(line)) if label else mail
        words = (line[label.end() :] if label else line).strip(" ,;")
        if words and not is_country(words):
            kept[mail].append(words)
    return kept


def _plain(line: str) -> str:
    """The line without what hides its parts: a country before the ZIP code, a county, a state in small letters."""
    line = squeeze(line)
    line = COUNTY.sub("", COUNTRY_BEFORE_ZIP.sub(" ", line))
    line = SMALL_STATE.sub(_in_capitals, line)
    return NINE.sub(r"\1", line)


def is_street(text: str) -> bool:
    """Whether a text is a street and not a town that is called like one ("Park Hills")."""
    return looks_like_street(text) and (bool(re.search(r"\d", text)) or not (CITYISH.search(text) or is_city(text)))


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
    if not before or "," in before or is_street(before) or not _is_city_like(before):
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
            and not _is_known(before, found["state"])
        ):
            continue
        if found["state"] == "NE" and looks_like_street(before.rstrip(" ,")):
            continue
        if (not after or is_country(after)) and (
            not before or before.endswith(",") or len(found["state"]) == 2 or _is_known(before, found["state"])
        ):
            return found
    return None


def _is_northeast(found: re.Match[str], line: str) -> bool:
    """Whether "NE" before a ZIP code of another state is the direction of a street."""
    code = found["zip"]
    return (
        found["state"] == "NE" and looks_like_street(line[: found.start()].strip(" ,")) and not zip_lies_in(code, "NE")
    )


def _is_known(before: str, state: str) -> bool:
    words = before.replace(",", " ").split()
    return any(is_city(" ".join(words[-size:]), state_code(state)) for size in (1, 2, 3) if len(words) >= size)


def _around(lines: list[str], index: int, found: re.Match[str]) -> Address:
    """The address whose state stands at `found` in line `index`: the city before it, the street before the city."""
    line, code = lines[index], found["zip"]
    state = state_code(found["state"]) or found["state"]
    before = line[: found.start()].strip(" ,;")
    if code is None:
        code = _zip_after(lines, index, line[found.end() :])
    pieces = [*_pieces(lines[:index]), *_pieces([before])]
    city = _take_city(
        pieces,
        state if state in US_CODES else None,
        code,
        own_line=bool(before) and "," not in before,
        same_line=bool(before),
    )
    pieces = [piece for piece in pieces if not _repeats(piece, city, state)]
    street, box = _streets(pieces)
    later_street, later_box = _streets(_pieces(lines[index + 1 :]), strict=True)
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


def _pieces(lines: Iterable[str]) -> list[str]:
    """The comma-separated pieces of lines, units joined to the piece before them."""
    pieces: list[str] = []
    for line in lines:
        for position, raw in enumerate(re.split(r"\s*[,;|•·~]\s*|\s+[–—-]\s+(?=\D)", line)):
            piece = raw.strip(" .") if raw.strip(" .").isdigit() else raw.strip()
            if not piece:
                continue
            last = pieces[-1] if pieces else ""
            together = bool(BOX.match(piece)) and (
                bool(RURAL.match(last)) or (position > 0 and bool(NUMBERED.match(last)))
            )
            together = together or (bool(WITHIN.match(piece)) and bool(SPANISH.match(last)))
            if pieces and (together or JUNIOR.match(piece) or (UNIT.match(piece) and looks_like_street(pieces[-1]))):
                pieces[-1] = f"{pieces[-1]}, {piece}"
            else:
                pieces.append(piece)
    return pieces


def _take_city(
    pieces: list[str], state: str | None, code: str | None, *, own_line: bool, same_line: bool
) -> str | None:
    """Removes the city from the end of the pieces and returns it."""
    if len(pieces) > 1 and re.fullmatch(r"[A-Z][\w.' ]+ County", pieces[-1]):
        pieces.pop()
    if not pieces:
        return None
    last = pieces[-1]
    if (
        code is not None
        and re.search(r"\d", last)
        and (by_code := _town_at_end(last, code))
        and looks_like_street(by_code[0])
    ):
        pieces[-1], town = by_code
        return town
    if not is_street(last) and _is_city_like(last):
        split = _city_at_end(last, state) if len(last.split()) > 2 and not own_line else None
        if split is None or split[0] == "":
            return pieces.pop()
    split = _city_at_end(last, state) or (_city_by_library(last) if same_line else None)
    if split is None:
        if own_line or re.search(r"\d", last) or len(pieces) == 1 or not _is_city_like(last):
            return None if re.search(r"\d", last) or not _is_city_like(last) else pieces.pop()
        return pieces.pop()
    street, city = split
    pieces[-1:] = [street] if street else []
    return city


def _is_city_like(text: str) -> bool:
    return bool(CITY.match(text)) and len(text) <= 40 and len(text.split()) <= 5


def _city_at_end(text: str, state: str | None) -> tuple[str, str] | None:
    """Splits "14 Oak St Springfield" by the ZIP table: the longest city at the end that leaves a street."""
    words = text.split()
    for size in range(min(4, len(words)), 0, -1):
        street, city = " ".join(words[:-size]), " ".join(words[-size:])
        if not (street and re.search(r"\d", city)) and is_city(city, state) and (not street or _stands_alone(street)):
            return street, city
    return None


def _town_at_end(text: str, code: str) -> tuple[str, str] | None:
    """Splits "90 Lake Rd Panguitch" by the towns of its ZIP code: the longest of them that ends it."""
    words = text.split()
    splits = ((" ".join(words[:-size]), " ".join(words[-size:])) for size in range(min(4, len(words)), 0, -1))
    return next(((at, town) for at, town in splits if not re.search(r"\d", town) and is_town_of(town, code)), None)


def _stands_alone(street: str) -> bool:
    return bool(SUFFIXED.search(street) or BOX.search(street) or ROAD.search(street)) and looks_like_street(street)


def _city_by_library(text: str) -> tuple[str, str] | None:
    """Splits a street from its city where `usaddress` sees a place name at the end."""
    if not re.search(r"\d", text):
        return None
    tokens: Sequence[tuple[str, str]] = usaddress.parse(f"{text}, IL 60000")
    place = [token for token, label in tokens if label == "PlaceName"]
    city = " ".join(place).strip(" ,")
    if not city or not text.endswith(city) or re.search(r"\d", city) or not _is_city_like(city):
        return None
    street = text[: -len(city)].strip(" ,")
    return (street, city) if street and looks_like_street(street) else None


def _repeats(piece: str, city: str | None, state: str) -> bool:
    """Whether a piece only says the place again ("Cincinnati, OH 45206, Cincinnati, OH, 45206")."""
    found = STATE_ZIP.fullmatch(piece)
    return piece == city or (found is not None and state_code(found["state"]) == state)


def _streets(pieces: list[str], *, strict: bool = False) -> tuple[str | None, str | None]:
    """The street and the box among pieces; organisation names and remarks before the street are left out."""
    box = next((piece for piece in pieces if _is_box(piece)), None)
    streets = [piece for piece in pieces if piece != box and is_street(piece)]
    numbered = [piece for piece in streets if NUMBERED.match(piece)]
    chosen = next(iter(numbered or streets), None)
    if chosen is None and not strict and box is None:
        chosen = next((piece for piece in pieces if _is_corner(piece)), None)
    if chosen is not None:
        beside = None if RURAL.search(chosen) else BOX.search(chosen)
        if beside and box is None and beside.start() > 0:
            box = beside[0]
        chosen = _with_following(chosen, pieces)
    inner = BOX.search(box) if box else None
    return chosen, inner[0] if inner else box


def _is_box(piece: str) -> bool:
    """Whether a piece is a post-office box, and not a street or a rural route with its box beside it."""
    return bool(BOX.search(piece)) and not RURAL.search(piece) and not NUMBERED.match(CARE_OF.sub("", piece))


def _with_following(street: str, pieces: list[str]) -> str:
    """A street number that a comma divides from its street is joined again ("12, Oak Street"; "25 Boulevard, NE")."""
    index = pieces.index(street) if street in pieces else -1
    if index > 0 and re.fullmatch(NUMBER, pieces[index - 1]):
        return f"{pieces[index - 1]} {street}"
    return street


def _is_corner(piece: str) -> bool:
    return bool(CORNER.search(piece)) and bool(SUFFIXED.search(piece) or re.search(SUFFIX, piece, re.IGNORECASE))


def _without_state(lines: list[str]) -> Address:
    """An address without a state: a street, perhaps a ZIP code, perhaps a city the ZIP table knows."""
    pieces = _pieces(lines)
    code, town = _take_zip(pieces)
    street, box = _streets(pieces, strict=True)
    after = pieces[pieces.index(street) + 1 :] if street in pieces else [] if street else pieces
    city = town or next((piece for piece in after if _is_town(piece, code)), None)
    if street is None and box is None:
        city = city if code else None
    return _with_box(Address(street=street, city=city, zip=_zip(code)), box, "")


def _take_zip(pieces: list[str]) -> tuple[str | None, str | None]:
    """Removes the last ZIP code from the pieces, and the town before it if it is one of that code's."""
    for index in range(len(pieces) - 1, -1, -1):
        found = ZIP_ONLY.search(pieces[index])
        before = pieces[index][: found.start()].strip(" ,") if found else ""
        if not found or (index == 0 and before.isdigit()):
            continue
        split = _town_at_end(before, found["zip"])
        if split is None and looks_like_street(before) and not re.search(rf"\b{DIRECTION}$", before):
            continue
        pieces[index : index + 1] = [part for part in ((split[0],) if split else (before,)) if part]
        return found["zip"], split[1] if split else None
    return None, None


def _is_town(piece: str, code: str | None) -> bool:
    if code is not None and is_town_of(piece, code):
        return True
    return _is_city_like(piece) and not is_street(piece) and (code is not None or is_city(piece))


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
