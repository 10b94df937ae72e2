"""Which times of a page stand in a part of it that is about one week, feast or past year.

A home page often keeps last spring's "Holy Week 2024" above the fold: its "Sunday 7:00, 9:00" are no standing Masses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vitality.pages.dom import squeeze
from vitality.pages.links import address_words, fold
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
    """The reading of a page as its standing part, and a passing part for each year that a heading names, or for none.

    The parts share lines and title; each has only its own times, so that the lines' indexes hold in none.
    """
    names = occasions(reading, html)
    if not names:
        return (reading,)
    years = {n: _year(name) for n, name in names.items()}
    stated = {year for year in years.values() if year is not None}
    page_year = None if reading.year in stated else reading.year
    standing = tuple(time for n, time in enumerate(reading.times) if n not in names)
    passing = (
        replace(
            reading,
            times=tuple(time for n, time in enumerate(reading.times) if n in years and years[n] == year),
            transient=True,
            dedicated=False,
            year=year if year is not None else page_year,
        )
        for year in dict.fromkeys(years[n] for n in sorted(years))
    )
    return (replace(reading, times=standing, year=page_year, transient=_is_passing(reading, names)), *passing)


def _is_passing(reading: ScheduleReading, names: Mapping[int, str]) -> bool:
    """Whether a page is about one occasion as a whole, and not only by its first heading, whose times are set apart."""
    address = address_words(reading.times[0].evidence.url)
    return reading.transient and (squeeze(reading.heading) not in names.values() or bool(_ONE_OCCASION.search(address)))


def occasions(reading: ScheduleReading, html: str) -> dict[int, str]:
    """Indexes of the times under a heading about one week, feast or past year, each with that heading."""
    found: dict[int, str] = {}
    for section, inside in timed_sections(reading.lines, html):
        name = _occasion(section) if inside else None
        if name is not None:
            found.update((n, name) for n in inside if not reading.times[n].season)
    return found


def copyright_year(readings: Sequence[ScheduleReading]) -> int | None:
    """The latest year in the copyright lines of a site's pages: the least that "now" can be."""
    found = (_COPYRIGHT.search(line.text) for reading in readings for line in reading.lines)
    return max((int(each[1]) for each in found if each is not None), default=None)


def _year(name: str) -> int | None:
    found = _YEAR.search(name)
    return int(found[1]) if found else None


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
