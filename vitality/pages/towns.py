"""Which words of an address are its town: by commas and the ZIP table, else as the library `usaddress` proposes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import usaddress

from vitality.pages.address_words import BOX, CITY, DIRECTION, ROAD, SUFFIXED, UNIT, ZIP_ONLY
from vitality.pages.places import is_city, is_town_of, state_code
from vitality.pages.streets import is_street, looks_like_street


def ends_in_city_of(before: str, state: str) -> bool:
    """Whether the last words of a text are a town of the state."""
    words = before.replace(",", " ").split()
    return any(is_city(" ".join(words[-size:]), state_code(state)) for size in (1, 2, 3) if len(words) >= size)


def take_city(pieces: list[str], state: str | None, code: str | None, *, own_line: bool, same_line: bool) -> str | None:
    """Removes the city from the end of the pieces and returns it."""
    if len(pieces) > 1 and re.fullmatch(r"[A-Z][\w.' ]+ County", pieces[-1]):
        pieces.pop()
    if not pieces:
        return None
    last = pieces[-1]
    if code is not None and re.search(r"\d", last) and (by_code := _town_at_end(last, code)):
        before, town = by_code
        if len(pieces) > 1 and UNIT.match(before):
            pieces[-2:] = [f"{pieces[-2]}, {before}"]
            return town
        if looks_like_street(before):
            pieces[-1] = before
            return town
    if not is_street(last) and is_city_like(last):
        split = _city_at_end(last, state) if len(last.split()) > 2 and not own_line else None
        if split is None or split[0] == "":
            return pieces.pop()
    split = _city_at_end(last, state) or (_city_by_library(last) if same_line else None)
    if split is None:
        if own_line or re.search(r"\d", last) or len(pieces) == 1 or not is_city_like(last):
            return None if re.search(r"\d", last) or not is_city_like(last) else pieces.pop()
        return pieces.pop()
    street, city = split
    pieces[-1:] = [street] if street else []
    return city


def is_city_like(text: str) -> bool:
    """Whether a text has the shape of a town's name, known or not."""
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
    if not city or not text.endswith(city) or re.search(r"\d", city) or not is_city_like(city):
        return None
    street = text[: -len(city)].strip(" ,")
    return (street, city) if street and looks_like_street(street) else None


def take_zip(pieces: list[str]) -> tuple[str | None, str | None]:
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


def is_town(piece: str, code: str | None) -> bool:
    """Whether a piece of an address without a state is its town."""
    if code is not None and is_town_of(piece, code):
        return True
    return is_city_like(piece) and not is_street(piece) and (code is not None or is_city(piece))
