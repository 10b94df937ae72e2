"""Which times of a site are over: of a year, a season or a feast that it has left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vitality.pages.holy_week import day_beside, day_of
from vitality.pages.page_trust import SourceReading, is_transient, year_of
from vitality.pages.passing import copyright_year
from vitality.records import ServiceTime


@dataclass(frozen=True, slots=True)
class Now:
    """How late it is at least, by what a site says of itself.

    `year` by everything that names a year, `today` by the days on which pages were fetched or changed and by the
    copyright line, `printed` by that line alone.
    """

    year: int
    today: date
    printed: int | None


def now_of(sources: Sequence[SourceReading], newest: int | None) -> Now:
    """The least that "now" can be; `newest` is the latest year that a page speaks of or was changed in."""
    printed = copyright_year([s.reading for s in sources])
    fetched = max((s.fetched.date() for s in sources if s.fetched is not None), default=date.min)
    dated = (s.reading.page_date or (s.modified.date() if s.modified else None) for s in sources)
    years = [printed or 1, *(each.year for each in dated if each is not None)]
    return Now(year=max(newest or 0, printed or 0), today=max(fetched, date(max(years), 1, 1)), printed=printed)


def is_outdated(time: ServiceTime, source: SourceReading, now: Now) -> bool:
    """Whether a time is of an occasion of a past year, or each of its dates, with its year, lies before today."""
    return _of_past_occasion(time, source, now) or _is_over(time, source.reading.times, now.today)


def is_of_old_season(time: ServiceTime, source: SourceReading, sources: Sequence[SourceReading], now: Now) -> bool:
    """Whether a standing time is of a season of a named year, and neither copyright nor other pages are of that year."""
    year = source.reading.year
    if not time.season or year is None or time.kind == "dated":
        return False
    told = [now.printed, *(year_of(s) for s in sources if s.url != source.url)]
    return max((each for each in told if each is not None), default=year + 1) > year


def _of_past_occasion(time: ServiceTime, source: SourceReading, now: Now) -> bool:
    year = year_of(source)
    dated = bool(time.dates) and all(each[:4].isdigit() for each in time.dates)
    return is_transient(source) and year is not None and year < now.year and not dated


def _is_over(time: ServiceTime, beside: Sequence[ServiceTime], today: date) -> bool:
    days = [day_of(each) or day_beside(each, beside) for each in time.dates]
    return bool(days) and not time.days and all(day is not None and day < today for day in days)
