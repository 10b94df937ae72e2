"""Whether a dated service only repeats the standing schedule: this week's Sunday Mass is the Mass of every Sunday."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from vitality.pages.page_trust import canonical
from vitality.pages.place_words import agree
from vitality.records import ServiceTime, Subtype, TimeStatus

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_GREAT_FEASTS = frozenset({"01-01", "08-15", "11-01", "11-02", "12-08", "12-24", "12-25", "12-31"})
"""Days with a schedule of their own: what it has in common with the weekday's is told all the same."""
_PRINTED_DAYS = (
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
)
_PRINTED_DAY = re.compile(rf"\b({'|'.join(_PRINTED_DAYS)})", re.IGNORECASE)
_WITHOUT_YEAR = re.compile(r"\d\d-\d\d")


def repeats(time: ServiceTime, standing: Sequence[ServiceTime]) -> bool:
    """Whether each date of a dated service is a weekday on which it is held at that time as a rule.

    Days with a schedule of their own, such as Christmas, repeat nothing.
    """
    if time.kind != "dated" or time.status is not TimeStatus.ACTIVE or not time.dates or time.start is None:
        return False
    if any(each[-5:] in _GREAT_FEASTS for each in time.dates):
        return False
    weekdays = [_weekday(each) or _told_weekday(time) for each in time.dates]
    same = [t for t in standing if _same_but_kind(t, time)]
    return all(day is not None and any(day in t.days for t in same) for day in weekdays)


def _same_but_kind(standing: ServiceTime, dated: ServiceTime) -> bool:
    return (
        canonical(standing.service) is canonical(dated.service)
        and standing.start == dated.start
        and standing.status is TimeStatus.ACTIVE
        and agree(standing.location, dated.location)
    )


def _weekday(iso: str) -> str | None:
    try:
        return _WEEKDAYS[date.fromisoformat(iso).weekday()] if len(iso) == len("2026-01-13") else None
    except ValueError:
        return None


def _told_weekday(time: ServiceTime) -> str | None:
    """The weekday in "Tue. Jan 13 - 8:00 AM", a date whose year nothing tells; or that of the Mass's kind."""
    if len(time.dates) != 1 or not _WITHOUT_YEAR.fullmatch(time.dates[0]):
        return None
    found = _PRINTED_DAY.search(time.evidence.quote)
    if found is None:
        return {Subtype.SUNDAY: "SU", Subtype.VIGIL: "SA"}.get(time.subtype) if time.subtype else None
    return _WEEKDAYS[_PRINTED_DAYS.index(found[1].lower()) % len(_WEEKDAYS)]
