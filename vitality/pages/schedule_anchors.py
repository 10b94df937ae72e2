"""The hour of a service that another one leans on, where the page names only one for the day: "after the morning Mass"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vitality.records import ServiceTime, TimeStatus

_MORNING: Final = re.compile(r"\b(?:morning|ma[nñ]ana)\b", re.IGNORECASE)
_EVENING: Final = re.compile(r"\b(?:evening|night|vigil|noche|tarde|vespertina)\b", re.IGNORECASE)
_NOON: Final = "12:00"


def with_anchor_hours(times: Sequence[ServiceTime]) -> list[ServiceTime]:
    """The times, those after another service with its hour where all their days have one and the same; it is inferred."""
    if not any(_open(time) for time in times):
        return list(times)
    hours = _hours(times)
    return [_told(time, hours) if _open(time) else time for time in times]


def _open(time: ServiceTime) -> bool:
    """Whether a time follows a service without an hour; one before a service may be before any of several."""
    relative = time.start_rel
    return relative is not None and relative.anchor_time is None and relative.edge == "end" and bool(time.days)


def _hours(times: Sequence[ServiceTime]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for time in times:
        if time.start is not None and time.kind == "regular" and time.status is TimeStatus.ACTIVE:
            for day in time.days:
                found.setdefault((time.service.value, day), set()).add(time.start)
    return found


def _told(time: ServiceTime, hours: dict[tuple[str, str], set[str]]) -> ServiceTime:
    relative = time.start_rel
    assert relative is not None  # noqa: S101  # _open has said so
    words = time.evidence.quote
    by_day = [hours.get((relative.anchor, day)) or hours.get((relative.anchor, day[-2:])) or set() for day in time.days]
    fitting = [{hour for hour in each if _fits(hour, words)} for each in by_day]
    if any(len(each) != 1 for each in fitting) or len(set.union(*fitting)) != 1:
        return time
    named = relative.model_copy(update={"anchor_time": next(iter(fitting[0]))})
    return time.model_copy(update={"start_rel": named, "inferred": (*time.inferred, "start_rel.anchor_time")})


def _fits(hour: str, words: str) -> bool:
    if _MORNING.search(words):
        return hour < _NOON
    return hour >= _NOON if _EVENING.search(words) else True
