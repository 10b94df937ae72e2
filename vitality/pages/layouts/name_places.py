"""Lists whose names carry their town: "Alton – St. Mary", "St. Mary, Alton", "St. Mary (Alton)".

Only where most rows of a list are written so, and state no town otherwise, is the town taken out of the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vitality.pages.layouts.entry_reading import ReadEntry
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import city_key, is_city
from vitality.records import Parish

_SHAPES = (
    re.compile(r"^(?P<city>[A-Z][\w.'’ -]{1,40}?)\s*(?:\s[–—-]{1,2}|:|[–—]|,|\s[|•·])\s+(?P<name>.{4,})$"),
    re.compile(r"^(?P<name>.{4,}?)\s*(?:\s[–—-]{1,2}|[–—]|,|\s[|•·])\s+(?P<city>[A-Z][\w.'’ -]{1,40})$"),
    re.compile(r"^(?P<name>.{4,}?)\s*\((?P<city>[A-Z][\w.'’ -]{1,40})\)$"),
)
_MOST = 0.6


def split_places(rows: Sequence[ReadEntry]) -> list[ReadEntry]:
    """The rows with their towns taken out of their names, where the list is written so; missions are a list of their own."""
    missions = [row for row in rows if row.parish.mother_parish is not None]
    if not missions or len(missions) == len(rows):
        return _split_list(rows)
    others = iter(_split_list([row for row in rows if row.parish.mother_parish is None]))
    told = iter(_split_list(missions))
    return [next(others if row.parish.mother_parish is None else told) for row in rows]


def _split_list(rows: Sequence[ReadEntry]) -> list[ReadEntry]:
    bare = [row for row in rows if row.parish.city is None]
    if len(bare) < max(2, _MOST * len(rows)):
        return [_without_its_town(row) for row in rows]
    for shape in _SHAPES:
        fitting = [found for row in bare if (found := shape.match(row.parish.name)) and _fits(found)]
        if len(fitting) >= _MOST * len(bare):
            return [_split(row, shape) for row in rows]
    return list(rows)


_BESIDE = re.compile(r"^(?P<name>.{4,}?)\s+[|•·]\s+(?P<city>[A-Z][\w.'’ -]{1,40})$")


def _without_its_town(row: ReadEntry) -> ReadEntry:
    """A row headed "St. Mary | Alton" that states Alton as its town again: the bar is no part of a name."""
    found = _BESIDE.match(row.parish.name)
    if found is None or row.parish.city is None or city_key(found["city"]) != city_key(row.parish.city):
        return row
    return replace(row, parish=row.parish.model_copy(update={"name": found["name"].strip()}))


def as_headed(parish: Parish, heading: str) -> Parish | None:
    """The parish before its town was taken out of its name, where its own page is headed with both; None elsewhere."""
    if parish.city is None or parish.street is not None:
        return None
    for shape in _SHAPES:
        found = shape.match(heading)
        if found and found["name"].strip() == parish.name and city_key(found["city"]) == city_key(parish.city):
            return parish.model_copy(update={"name": heading, "city": None})
    return None


def _fits(found: re.Match[str]) -> bool:
    return is_city(found["city"]) and name_evidence(found["name"]) >= 0.3


def _split(row: ReadEntry, shape: re.Pattern[str]) -> ReadEntry:
    found = shape.match(row.parish.name) if row.parish.city is None else None
    if found is None or not name_evidence(found["name"]):
        return row
    parish = row.parish.model_copy(update={"name": found["name"].strip(), "city": found["city"].strip()})
    return replace(row, parish=parish, evidence=max(row.evidence, name_evidence(parish.name)))
