"""Which Mass "half an hour before Mass" means, where the site's schedule leaves only one on those days."""

from __future__ import annotations

from collections.abc import Sequence

from vitality.records import Service, ServiceTime, TimeStatus

_MOST_DAYS = 5
"""Days of the week that a statement must cover to be a summary of them."""
_ANCHORS = {
    "mass": frozenset({"mass", "divine_liturgy"}),
    "divine_liturgy": frozenset({"mass", "divine_liturgy"}),
    "vespers": frozenset({"vespers"}),
    "liturgy_of_hours": frozenset({"liturgy_of_hours"}),
    "adoration": frozenset({"adoration"}),
    "holy_hour": frozenset({"holy_hour"}),
    "rosary": frozenset({"rosary"}),
}


def without_summaries(times: Sequence[ServiceTime]) -> tuple[ServiceTime, ...]:
    """The times less the days of a summary like "adoration follows Mass daily" that the hours of those days replace."""
    kept = (_less_than_by_the_clock(time, times) if _is_summary(time) else time for time in times)
    return tuple(time for time in kept if time is not None)


def _is_summary(time: ServiceTime) -> bool:
    after_mass = time.start_rel is not None and time.start_rel.edge == "end" and not time.start_rel.offset_min
    return after_mass and time.service is Service.ADORATION and len(time.days) >= _MOST_DAYS


def _less_than_by_the_clock(time: ServiceTime, times: Sequence[ServiceTime]) -> ServiceTime | None:
    by_the_clock = {
        day
        for other in times
        if other.service is time.service and other.start is not None and other.status is TimeStatus.ACTIVE
        for day in other.days
    }
    left = tuple(day for day in time.days if day not in by_the_clock)
    return time.model_copy(update={"days": left}) if left else None


def with_anchor_times(times: Sequence[ServiceTime]) -> tuple[ServiceTime, ...]:
    """The times, each relative start tied to its anchor's clock time where that is certain, and marked as inferred.

    It is certain when on every day of the service the standing schedule has the anchor once, always at the same
    hour; with two Masses a day nothing is guessed.
    """
    return tuple(_anchored(time, times) for time in times)


def _anchored(time: ServiceTime, times: Sequence[ServiceTime]) -> ServiceTime:
    relative = time.start_rel
    if relative is None or relative.anchor_time is not None or not time.days or time.status is not TimeStatus.ACTIVE:
        return time
    starts = {start for day in time.days for start in _starts(relative.anchor, day, time, times)}
    if len(starts) != 1 or not all(_starts(relative.anchor, day, time, times) for day in time.days):
        return time
    tied = relative.model_copy(update={"anchor_time": starts.pop()})
    return time.model_copy(update={"start_rel": tied, "inferred": (*time.inferred, "start_rel.anchor_time")})


def _starts(anchor: str, day: str, time: ServiceTime, times: Sequence[ServiceTime]) -> frozenset[str]:
    """Clock times at which the anchor is held on a day, in the season and place of the service as far as stated."""
    return frozenset(
        other.start
        for other in times
        if other.start is not None
        and other.service.value in _ANCHORS.get(anchor, ())
        and other.kind == "regular"
        and other.status is TimeStatus.ACTIVE
        and (day in other.days or (len(day) > 2 and day[-2:] in other.days))
        and (not other.location or not time.location or other.location == time.location)
        and (not other.season or other.season == time.season)
    )
