"""What follows from a parish's printed facts by the table of ZIP codes, kept apart from what pages print.

A printed value is never replaced. Where the printed state and the printed ZIP code contradict each other, both stay,
the doubt is noted, and nothing is derived from that code.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from typing import Any

from pydantic import BaseModel, ConfigDict

from vitality.records import Parish
from vitality.zip_codes import ZipCode, city_key, timezone_of, timezone_of_state, zip_code

FAR: float = 150.0
"""Kilometres between printed coordinates and the middle of the printed ZIP code that no large code explains."""
_COORDINATES = "the coordinates"


class Derived(BaseModel):
    """Facts that no page prints; a field that does not follow is None."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: str | None = None
    """Of the ZIP code, where a town of that code is printed and no state."""
    latitude: float | None = None
    longitude: float | None = None
    """The middle of the ZIP code, where no coordinates are printed: good for a map, not for finding the door."""
    timezone: str | None = None
    """IANA name: of the ZIP code, else of the town, else of the state, if that has one only."""
    doubts: tuple[str, ...] = ()
    """Printed values that contradict each other, in words."""

    @property
    def misplaced(self) -> bool:
        """Whether the printed coordinates lie far from the printed ZIP code: no map should send anybody there."""
        return any(doubt.startswith(_COORDINATES) for doubt in self.doubts)

    def stored(self) -> dict[str, Any]:
        """The JSON form: what follows, and nothing else."""
        return self.model_dump(mode="json", exclude_defaults=True)


def derive(parish: Parish) -> Derived:
    """What follows from the parish's address and coordinates."""
    code = zip_code(parish.zip) if parish.zip else None
    doubts = tuple(_doubts(parish, code))
    if code is not None and not _fits(parish, code):
        code = None
    state = parish.state or (code.state if code else None)
    point = code.point if code and code.point and parish.latitude is None else (None, None)
    return Derived(
        state=state if parish.state is None else None,
        latitude=point[0],
        longitude=point[1],
        timezone=_timezone(code, parish.city, state),
        doubts=doubts,
    )


def _fits(parish: Parish, code: ZipCode) -> bool:
    """Whether the ZIP code may speak for the parish: its state is the printed one or, without one, its town."""
    if parish.state is not None:
        return parish.state == code.state
    return parish.city is not None and city_key(parish.city) in code.towns


def _timezone(code: ZipCode | None, city: str | None, state: str | None) -> str | None:
    if code is not None:
        return code.timezone
    if state is None:
        return None
    return (timezone_of(city, state) if city else None) or timezone_of_state(state)


def _doubts(parish: Parish, code: ZipCode | None) -> Iterator[str]:
    if code is None:
        return
    if parish.state is not None and parish.state != code.state:
        yield f"the ZIP code {parish.zip} lies in {code.state}, not in {parish.state}"
    if parish.latitude is not None and parish.longitude is not None and code.point is not None:
        distance = kilometres((parish.latitude, parish.longitude), code.point)
        if distance > FAR:
            yield f"{_COORDINATES} lie {distance:,.0f} km from the ZIP code {parish.zip}"


def kilometres(left: tuple[float, float], right: tuple[float, float]) -> float:
    """The great-circle distance of two points in degrees (haversine, mean radius of the earth)."""
    (lat, lon), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (left, right))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))
