"""Which times of a page stand in a part of it that is about one week, feast or past year.

A home page often keeps last spring's "Holy Week 2024" above the fold: its "Sunday 7:00, 9:00" are no standing Masses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vitality.pages.links import fold
from vitality.pages.schedule import ScheduleReading
from vitality.pages.sections import Section, timed_sections

_ONE_OCCASION = re.compile(
    r"\b(?:holy week|triduum|easter|palm sunday|christmas|thanksgiving|new years?|this week|week of|bulletin|(?:mass )?intentions"
    r"|semana santa|pascua|navidad|esta semana|boletin|intenciones)\b"
)
_SERVICES_OF_AN_OCCASION = re.compile(r"\b(?:holy week|triduum|semana santa)\b|\b20[0-4]\d\b")
"""What makes an occasion's heading hold for the smaller headings under it; "Happy Easter!" does not."""
_STANDING = re.compile(r"\b(?:season|regular|ordinary|weekly schedule|year round)\b")
_SCHEDULE = re.compile(r"\b(?:times|schedules?|masses|weekends?|weekdays?|daily|sundays?|horarios?|misas)\b")
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\D{0,20}(?:20\d\d\s?[-–]\s?)?(20[0-4]\d)\b", re.IGNORECASE)


def parts(reading: ScheduleReading, html: str) -> tuple[ScheduleReading, ...]:
    """The reading of a page as its standing part and, where it has one, its passing part with the year it names.

    The parts share lines and title; each has only its own times, so that the lines' indexes hold in neither.
    """
    years = _passing_times(reading, html)
    if not years:
        return (reading,)
    standing = tuple(time for n, time in enumerate(reading.times) if n not in years)
    passing = tuple(time for n, time in enumerate(reading.times) if n in years)
    stated = max((year for year in years.values() if year is not None), default=reading.year)
    year = reading.year if reading.year != stated else None
    return (
        replace(reading, times=standing, year=year),
        replace(reading, times=passing, transient=True, dedicated=False, year=stated),
    )


def copyright_year(readings: Sequence[ScheduleReading]) -> int | None:
    """The latest year in the copyright lines of a site's pages: the least that "now" can be."""
    found = (_COPYRIGHT.search(line.text) for reading in readings for line in reading.lines)
    return max((int(each[1]) for each in found if each is not None), default=None)


def _passing_times(reading: ScheduleReading, html: str) -> dict[int, int | None]:
    """Indexes of the times under a heading about one occasion, each with the year that the heading names."""
    found: dict[int, int | None] = {}
    for section, inside in timed_sections(reading.lines, html):
        name = _occasion(section) if inside else None
        if name is None:
            continue
        year = _YEAR.search(name)
        found.update((n, int(year[1]) if year else None) for n in inside if not reading.times[n].season)
    return found


def _occasion(section: Section) -> str | None:
    """The heading about one occasion that a section is under, itself before those above it."""
    own = fold(section.name)
    if _ONE_OCCASION.search(own):
        return None if _STANDING.search(own) else section.name
    for between, name in zip((section.name, *section.above), section.above, strict=False):
        if _SCHEDULE.search(fold(between)):
            return None
        if _ONE_OCCASION.search(fold(name)) and _SERVICES_OF_AN_OCCASION.search(fold(name)):
            return name
    return None
