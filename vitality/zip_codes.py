"""The post office's ZIP codes: of each its state, towns, middle point and time zone, from the bundled package `zipcodes`.

The package holds the table (1.4 MB, MIT) and asks no network. A look-up of one code costs 0.3 ms and is kept; the
index of towns is built at the first question that needs it, about 0.5 s and 65 MiB once a process.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

import zipcodes

ZONE_IN_DISPUTE: Final = frozenset(
    """36854 36863 36867 36868 36869 36870 36874 36877 37405 42757 57532 58535 58838 67857 79847 79942 83522 86003 86040
    86045 86502 89883 99634""".split()  # noqa: SIM905 - a table of codes
)
"""Codes whose zone in the table is not that of the polygon around their point, or that keep another clock than the law's
(Phenix City, West Wendover): no zone is told for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipCode:
    """One five-digit code: a check on what pages print and a source of derived facts, never a value that a page states."""

    code: str
    state: str
    """Two-letter postal code; AA, AE and AP are the armed forces'."""
    towns: frozenset[str]
    """Keys (`city_key`) of the names under which the post office accepts mail for the code."""
    point: tuple[float, float] | None
    """Latitude and longitude of its middle, in degrees."""
    timezone: str | None
    """IANA name; None where it is unknown or in dispute."""


def city_key(text: str) -> str:
    """The form under which towns are compared: "St. Louis" and "Saint Louis" are one."""
    words = re.sub(r"[^a-z]+", " ", text.replace("'", "").replace("’", "").lower()).strip()
    for short, full in (("st", "saint"), ("ste", "sainte"), ("mt", "mount"), ("ft", "fort")):
        words = re.sub(rf"\b{short}\b", full, words)
    return words


@lru_cache(maxsize=4096)
def zip_code(text: str) -> ZipCode | None:
    """What is known of a printed ZIP code or ZIP+4; None for a code that does not exist."""
    if not re.fullmatch(r"\d{5}(-\d{4})?", text):
        return None
    rows = zipcodes.matching(text[:5])  # type: ignore[no-untyped-call]  # the library ships no types
    return _zip_code(rows[0]) if rows else None


def states_of(city: str) -> frozenset[str]:
    """The states in which mail is addressed to a town of this name."""
    return frozenset(_towns().get(city_key(city), {}))


def timezone_of(city: str, state: str) -> str | None:
    """The zone that all ZIP codes of a town share; None when they do not, or when there is no such town."""
    return _only(_towns().get(city_key(city), {}).get(state, frozenset()))


def timezone_of_state(state: str) -> str | None:
    """The zone of a state that has one only."""
    return _only(_zones_of_states().get(state, frozenset()))


def _only(zones: frozenset[str]) -> str | None:
    return next(iter(zones)) if len(zones) == 1 else None


def _zip_code(row: Mapping[str, object]) -> ZipCode:
    code, latitude, longitude = str(row["zip_code"]), float(str(row["lat"])), float(str(row["long"]))
    return ZipCode(
        code=code,
        state=str(row["state"]),
        towns=frozenset(map(city_key, _names(row))),
        point=(latitude, longitude) if latitude and longitude else None,
        timezone=_zone(row),
    )


def _names(row: Mapping[str, object]) -> list[str]:
    more = row["acceptable_cities"]
    return [str(row["city"]), *(map(str, more) if isinstance(more, list) else ())]


def _zone(row: Mapping[str, object]) -> str | None:
    return None if row["zip_code"] in ZONE_IN_DISPUTE else str(row["timezone"]) or None


def _rows() -> Iterator[Mapping[str, object]]:
    """The whole table, a hundredth at a time: read at once it would take 150 MiB."""
    for start in range(100):
        yield from zipcodes.similar_to(f"{start:02}")  # type: ignore[no-untyped-call]  # the library ships no types


@cache
def _towns() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Town to state to the zones of its codes."""
    towns: dict[str, dict[str, frozenset[str]]] = {}
    for row in _rows():
        zones = frozenset(filter(None, [_zone(row)]))
        for key in map(city_key, _names(row)):
            states = towns.setdefault(key, {})
            known = states.get(str(row["state"]), frozenset())
            states[str(row["state"])] = known if zones <= known else known | zones
    return MappingProxyType(towns)


@cache
def _zones_of_states() -> Mapping[str, frozenset[str]]:
    zones: dict[str, frozenset[str]] = defaultdict(frozenset)
    for states in _towns().values():
        for state, found in states.items():
            zones[state] |= found
    return dict(zones)
