"""Service times as rules that a calendar can repeat (RFC 5545, section 3.3.10), or the reason why they are none.

A rule that would name a day on which the doors may be locked is not made: what cannot be said exactly is left out with a reason.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vitality.records import EVERY_OTHER_WEEK, ServiceTime

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY_DAY_OF_MONTH = frozenset(range(1, 32))
EVERY_MONTH = frozenset(range(1, 13))
LONGEST_DATE_RANGE = 366
LONGEST_SEARCH = 30 * 366
"""Days. The rarest rule, a fifth weekday in February, recurs within 28 years, or 40 about 2100."""

_DAY_CODE = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)([+-][1-6])?")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}


class NotARule(ValueError):
    """The words cannot be said as a rule; the message is the reason, in words, to be counted."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """The days that are one of `weekdays`, in one of `months`, on one of `month_days` (negative from the month's end)."""

    weekdays: tuple[str, ...]
    month_days: frozenset[int] = EVERY_DAY_OF_MONTH
    months: frozenset[int] = EVERY_MONTH

    def matches(self, day: date) -> bool:
        from_end = day.day - calendar.monthrange(day.year, day.month)[1] - 1
        on_month_day = day.day in self.month_days or from_end in self.month_days
        return on_month_day and day.month in self.months and WEEKDAYS[day.weekday()] in self.weekdays

    def first(self, base: date) -> date:
        """The first day on or after `base`, or NotARule if there is none."""
        for offset in range(LONGEST_SEARCH):
            if self.matches(day := base + timedelta(days=offset)):
                return day
        raise NotARule("no day fits the rule")

    def recur(self) -> dict[str, list[str | int]]:
        """The parts of the RRULE, in the shortest form: `BYDAY=1FR` rather than Fridays from the 1st to the 7th."""
        parts: dict[str, list[str | int]] = {"FREQ": ["MONTHLY"], "BYDAY": list(self.weekdays)}
        nth = _blocks_of(self.month_days)
        if self.month_days == EVERY_DAY_OF_MONTH:
            parts["FREQ"] = ["WEEKLY"]
        elif nth:
            parts["BYDAY"] = [f"{n}{day}" for day in self.weekdays for n in nth]
        else:
            parts["BYMONTHDAY"] = [*sorted(self.month_days)]
        if self.months != EVERY_MONTH:
            parts["BYMONTH"] = [*sorted(self.months)]
        return parts


@dataclass(frozen=True, slots=True)
class Plan:
    """When a service is: rules and single dates, both without the days in `excluded`; and what could not be said."""

    rules: tuple[DayRule, ...] = ()
    dates: tuple[date, ...] = ()
    excluded: frozenset[date] = frozenset()
    left_out: tuple[str, ...] = ()


def plan(time: ServiceTime) -> Plan:
    """The days of a service time as rules and dates; what is neither stands in `left_out`, one reason a part."""
    try:
        if time.kind == "dated" or time.dates:
            return _dated(time)
        return _regular(time)
    except NotARule as reason:
        return Plan(left_out=(str(reason),))


def _dated(time: ServiceTime) -> Plan:
    dates: set[date] = set()
    left_out = []
    for text in time.dates:
        try:
            dates.update(_dates_of(text))
        except NotARule as reason:
            left_out.append(str(reason))
    if time.days or time.season:
        raise NotARule("dates and days or a season together")
    excluded = _excluded_dates(time.except_)
    if len(excluded) < len(time.except_):
        raise NotARule("an exception that no rule can say")
    if not time.dates:
        left_out.append("no days stated")
    return Plan(dates=tuple(sorted(dates - excluded)), left_out=tuple(left_out))


def _dates_of(text: str) -> Iterable[date]:
    first, _, last = text.partition("..")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise NotARule("a date without a year") from None
    if not 0 <= (end - start).days < LONGEST_DATE_RANGE:
        raise NotARule("a range of dates that is no range")
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def _excluded_dates(exceptions: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in exceptions if re.fullmatch(r"\d{4}-\d\d-\d\d", text))


_MonthDays = dict[int, frozenset[int]]
"""Month to the days of it."""


def _regular(time: ServiceTime) -> Plan:
    if not time.days:
        raise NotARule("no days stated")
    if EVERY_OTHER_WEEK in (time.notes or ""):
        raise NotARule("every other week, and which is not stated")
    by_weekday, left_out = _weekday_sets(time.days)
    season = _season(time.season)
    excluded = _excluded_dates(time.except_)
    for text in time.except_:
        if _DAY_CODE.fullmatch(text):
            by_weekday = _without(by_weekday, text)
        elif span := _span(text):
            season = _minus(season, span)
        elif not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise NotARule("an exception that no rule can say")
    rules = tuple(_rules(by_weekday, season))
    if not rules and not left_out:
        raise NotARule("no day is left of it")
    return Plan(rules, (), excluded, tuple(left_out))


_WeekdaySets = list[tuple[str, frozenset[int]]]
"""Weekday and the days of the month on which it counts; a weekday may stand several times."""


def _weekday_sets(codes: Iterable[str]) -> tuple[_WeekdaySets, list[str]]:
    sets: _WeekdaySets = []
    left_out = []
    for code in codes:
        if _DAY_CODE.fullmatch(code):
            sets.append(_month_days(code))
        else:
            left_out.append(
                "holy days" if code in {"HD", "HDV"} else "civil holidays" if code == "PH" else "an unknown day"
            )
    return _united(sets), left_out


def _month_days(code: str) -> tuple[str, frozenset[int]]:
    """`FR` → every day; `1FR` → 1 to 7; `1FR+1` → Saturdays from 2 to 8; `-1FR` → -7 to -1."""
    match = _DAY_CODE.fullmatch(code)
    if match is None:
        raise NotARule("an unknown day")
    nth, weekday, shift = match[1], match[2], int(match[3] or 0)
    moved = WEEKDAYS[(WEEKDAYS.index(weekday) + shift) % 7]
    days = {day + shift for day in _block(int(nth))} if nth else EVERY_DAY_OF_MONTH
    if not nth or not shift:
        return moved, frozenset(days)
    if not -28 <= min(days) <= max(days) <= 28 or (int(nth) < 0 <= max(days)):
        raise NotARule("a day counted past the end of the month")
    return moved, frozenset(day if day > 0 or int(nth) < 0 else day - 1 for day in days)


def _block(nth: int) -> range:
    if nth > 0:
        return range(7 * nth - 6, min(7 * nth, 31) + 1)
    return range(max(7 * nth, -31), 7 * nth + 7)


def _blocks_of(month_days: frozenset[int]) -> list[int]:
    """The nth weeks that make up the days exactly, or nothing."""
    found = [nth for nth in (1, 2, 3, 4, 5, -1, -2, -3, -4, -5) if month_days.issuperset(_block(nth))]
    return found if frozenset(day for nth in found for day in _block(nth)) == month_days else []


def _united(sets: _WeekdaySets) -> _WeekdaySets:
    """Sets of the same weekday and direction become one, so that no day is said twice."""
    united: dict[tuple[str, bool], frozenset[int]] = {}
    for weekday, days in sets:
        key = (weekday, min(days) < 0)
        united[key] = united.get(key, frozenset()) | days
    weekly = {weekday for (weekday, _), days in united.items() if days == EVERY_DAY_OF_MONTH}
    return [(day, days) for (day, _), days in united.items() if day not in weekly or days == EVERY_DAY_OF_MONTH]


def _without(sets: _WeekdaySets, code: str) -> _WeekdaySets:
    weekday, gone = _month_days(code)
    return [(day, _difference(days, gone) if day == weekday else days) for day, days in sets]


def _difference(days: frozenset[int], gone: frozenset[int]) -> frozenset[int]:
    if not days or gone == EVERY_DAY_OF_MONTH:
        return frozenset()
    if days == EVERY_DAY_OF_MONTH and max(gone) < 0:
        return frozenset(-day for day in EVERY_DAY_OF_MONTH) - gone
    if (min(days) < 0) != (min(gone) < 0) or min(gone) < 0 < max(gone):
        raise NotARule("an exception that no rule can say")
    return days - gone


def _season(text: str | None) -> _MonthDays:
    """Month and day ranges (`06-01..08-31`, also several with commas, or a month's name) as the days of each month."""
    if text is None:
        return dict.fromkeys(EVERY_MONTH, EVERY_DAY_OF_MONTH)
    season: _MonthDays = {}
    for part in text.split(","):
        span = _span(part.strip())
        if span is None:
            raise NotARule("a season without fixed days")
        for month, days in span.items():
            season[month] = season.get(month, frozenset()) | days
    return season


def _span(text: str) -> _MonthDays | None:
    if text in _MONTHS:
        return {_MONTHS[text]: EVERY_DAY_OF_MONTH}
    first, _, last = text.partition("..")
    ends = [_MONTH_DAY.fullmatch(first), _MONTH_DAY.fullmatch(last or first)]
    if ends[0] is None or ends[1] is None:
        return None
    start, end = [(int(match[1]), int(match[2])) for match in ends if match]
    if not all(1 <= month <= 12 and 1 <= day <= 31 for month, day in (start, end)):
        return None
    return _days_between(start, end)


def _days_between(start: tuple[int, int], end: tuple[int, int]) -> _MonthDays:
    """Both ends belong to it; it may run over the new year. The last day a month can have closes the month."""
    end = (end[0], 31) if end[1] >= calendar.monthrange(2023, end[0])[1] else end
    inside = (
        (month, day)
        for month in EVERY_MONTH
        for day in EVERY_DAY_OF_MONTH
        if (start <= (month, day) <= end if start <= end else (month, day) >= start or (month, day) <= end)
    )
    days: dict[int, set[int]] = {}
    for month, day in inside:
        days.setdefault(month, set()).add(day)
    return {month: frozenset(found) for month, found in days.items()}


def _minus(season: _MonthDays, gone: _MonthDays) -> _MonthDays:
    return {month: left for month, days in season.items() if (left := days - gone.get(month, frozenset()))}


def _rules(sets: _WeekdaySets, season: _MonthDays) -> Iterable[DayRule]:
    """One rule for each set of month days and the months in which it is the same."""
    grouped: dict[tuple[frozenset[int], frozenset[int]], list[str]] = {}
    for weekday, days in sets:
        for month_days, inside in _within(days, season).items():
            grouped.setdefault((month_days, frozenset(inside)), []).append(weekday)
    for (month_days, months), weekdays in grouped.items():
        yield DayRule(tuple(sorted(weekdays, key=WEEKDAYS.index)), month_days, months)


def _within(days: frozenset[int], season: _MonthDays) -> dict[frozenset[int], set[int]]:
    """The days that lie in the season, to the months in which they do."""
    months_of: dict[frozenset[int], set[int]] = {}
    for month, allowed in season.items():
        if min(days, default=1) < 0 and (allowed != EVERY_DAY_OF_MONTH or (max(days) > 0 and len(season) < 12)):
            raise NotARule("a season that cuts through a day counted from the month's end")
        inside = days if min(days, default=1) < 0 else days & allowed
        if inside:
            months_of.setdefault(inside, set()).add(month)
    return months_of
