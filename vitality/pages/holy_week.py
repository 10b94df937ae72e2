"""Which year's Holy Week a page is about when it names a feast alone: "Easter Sunday" beside "Good Friday, April 7, 2023"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

from vitality.records import ServiceTime

FROM_EASTER: Final = {"palm_sunday": -7, "holy_thursday": -3, "good_friday": -2, "holy_saturday": -1, "easter": 0}


def day_beside(feast: str, times: Sequence[ServiceTime]) -> date | None:
    """The day of a feast in the one Holy Week that printed dates are of; none where they are of two years or go on beyond it."""
    if feast not in FROM_EASTER:
        return None
    printed = {day for time in times for each in time.dates if (day := day_of(each)) is not None}
    away = {day: (day - easter(day.year)).days for day in printed}
    near = {easter(day.year) for day, days in away.items() if -8 <= days <= 1}
    beyond = any(1 < days <= 8 for days in away.values())  # an Eastern Holy Week is another
    return near.pop() + timedelta(days=FROM_EASTER[feast]) if len(near) == 1 and not beyond else None


def day_of(iso: str) -> date | None:
    """The day of a full date."""
    try:
        return date.fromisoformat(iso) if len(iso) == len("2026-01-13") else None
    except ValueError:
        return None
