"""What a feast in the heading says about the hours below it: whose date they have, its eve, and that they are Masses."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from vitality.pages.grammar.draft import Context, Draft, feast_of, weekday_of
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.vocabulary import EASTER_VIGIL, FEASTS

_KEPT_BY_MASS: Final = frozenset(
    {
        "christmas_eve",
        "christmas",
        "new_years_eve",
        "new_year",
        "assumption",
        "all_saints",
        "immaculate_conception",
        "palm_sunday",
        "easter",
        "ascension",
    }
)
"""Feasts whose bare hours are Masses."""
_NOVENA: Final = 10
"""Days of the longest stretch that is read as each of its days: a novena and its feast."""
_NIGHT_OFFICE: Final = range(3, 7)
"""Hours a.m. in which the night office of monks begins."""
_EVENING: Final = range(4, 10)
"""Hours p.m. of the Mass of the Lord's Supper (Roman Missal, Holy Thursday 1: "in the evening")."""
_OF_DATE: Final = {row[1]: name for name, row in FEASTS.items() if row[1]}


def day_before(day: str) -> str:
    """The eve of `MM-DD`, as `MM-DD`, or of an ISO date, as an ISO date."""
    year = "" if len(day) == 10 else "2023-"
    return (date.fromisoformat(year + day) - timedelta(days=1)).isoformat()[len(year) :]


def feast_at(dates: tuple[str, ...], code: str) -> str:
    """The feast that is named beside a date, or that always falls on it; empty when there is none."""
    return feast_of(code) or (_OF_DATE.get(dates[0][-5:], "") if dates else "")


def kept_by_mass(draft: Draft, context: Context) -> bool:
    """Whether bare hours stand under a feast that people keep by going to Mass: "Christmas Day: 8:00 and 10:30"."""
    feast = feast_at(draft.dates, draft.feast) or feast_at(context.dates, context.feast)
    clock = draft.clock
    evening = clock is not None and clock.half == "p" and clock.hour in _EVENING
    return feast in _KEPT_BY_MASS or (feast == "holy_thursday" and evening)


def settle_feast(draft: Draft, context: Context, *, own_date: bool) -> None:
    """Gives a draft the date of the feast above it ("Holy Day: 9 am"), or of its eve ("Vigil: 5 pm").

    `own_date`: the statement has a day or date of its own.
    """
    feast = feast_at(context.dates, context.feast)
    fixed = FEASTS[feast][1] if feast else ""
    other_day = draft.dates in ((), ("good_friday",), ("holy_thursday",))
    if draft.named is not None and draft.named.notes == EASTER_VIGIL and other_day and draft.near is None:
        _move(draft, ("holy_saturday",), "holy_saturday")
        draft.inferred.append("dates")
    elif fixed and context.dates[0][-5:] == fixed and draft.days in (("HD",), ("HDV",)):
        eve = draft.days == ("HDV",) or draft.vigil
        _move(draft, tuple(map(day_before, context.dates)) if eve else context.dates, context.feast)
    elif fixed and context.dates[0][-5:] == fixed and _is_vigil(draft) and not own_date and _has_eve(feast):
        _move(draft, tuple(map(day_before, context.dates)), context.feast)


def _is_vigil(draft: Draft) -> bool:
    return draft.named is not None and draft.named.subtype == "vigil"


def vigil_of_sunday(draft: Draft) -> bool:
    """Whether "Vigil 5:00 pm" belongs to "Sunday" or "Weekend", so that it is on Saturday."""
    mass = draft.named is not None and draft.named.service in ("mass", "divine_liturgy")
    late = draft.clock is not None and draft.clock.half != "a" and 3 <= draft.clock.minutes("p") // 60 - 12 < 10
    return mass and late and _is_vigil(draft) and draft.days in (("SU",), ("SA", "SU"))


def is_holy_day(date_said: Element) -> bool:
    """Whether a date is named as a holy day that always falls on it, and on no Saturday, whose vigil is Sunday's."""
    feast = feast_of(date_said.code)
    fixed = bool(feast) and date_said.dates[0][-5:] == FEASTS[feast][1] and _has_eve(feast)
    return fixed and weekday_of(date_said.code) != "SA"


def of_holy_day(draft: Draft, said: Element, *, vigil: bool) -> None:
    """Gives "Vigil Mass 5:40 p.m., Holy Day Masses 7:10 a.m." the dates beside "Assumption, August 15"."""
    named = draft.days in (("HD",), ("HDV",))
    late = draft.clock is not None and draft.clock.half != "a" and draft.relative is None
    eve = draft.days == ("HDV",) or (vigil and late)
    if named or (eve and draft.dates == said.dates):
        _move(draft, (day_before(said.dates[0]),) if eve else said.dates, said.code)


def early_vigil(draft: Draft) -> bool:
    """Whether a bare "Vigils" is before seven in the morning, and so the night office of monks."""
    clock, named = draft.clock, draft.named
    bare = named is not None and named.weak and named.notes is None
    return bare and _is_vigil(draft) and clock is not None and clock.half == "a" and clock.hour in _NIGHT_OFFICE


def each_day(season: str | None, year: int = 2023) -> tuple[str, ...]:
    """The days `MM-DD` of a short stretch `MM-DD..MM-DD`, such as that of a novena; none of a longer one."""
    first, _dots, last = (season or "").partition("..")
    if not (re.fullmatch(r"\d\d-\d\d", first) and re.fullmatch(r"\d\d-\d\d", last)):
        return ()
    try:
        low, high = (date.fromisoformat(f"{year}-{day}") for day in (first, last))
    except ValueError:
        return ()
    count = (high - low).days % 365 + 1
    days = [low + timedelta(days=step) for step in range(count)] if count <= _NOVENA else []
    return tuple(day.isoformat()[5:] for day in days)


def _move(draft: Draft, dates: tuple[str, ...], feast: str) -> None:
    draft.days, draft.dates, draft.feast, draft.near = (), dates, feast, None


def _has_eve(feast: str) -> bool:
    return FEASTS[feast][2] == "holy_day"
