"""From the readings of a site's pages to its one schedule.

1. Pages are put in order of trust, for each service anew: pages that the site links before forgotten ones,
   standing before this-week and holiday pages, newer before older years, pages about the service before others.
2. What a less trusted page repeats is dropped; details that only it has are added.
3. What it says differently about the same service on the same day is kept as `superseded`: nobody should drive
   to a time that the page made for it does not list. Another church, language or season is no contradiction, nor is
   a Mass in Spanish that a page for the Spanish-speaking adds;
   where pages of a site are about several churches, their times are held there.
4. A this-week or holiday page adds nothing to the standing schedule of a service that another page states; what
   only a page that nothing links states besides it is `superseded`.
5. What is about a feast of a year that the site has left behind ("Holy Week 2024" beside © 2026), or dated before
   the day or year in which its pages were last fetched or changed, is `superseded`; Easter beside dates of its week too.
6. A dated service of such a page that only repeats the standing schedule on that weekday is dropped, great feasts apart.
7. What every page prints in its header or footer is not the word of the page made for the service (`furniture`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from operator import not_

from vitality.pages.anchors import with_anchor_times, without_summaries
from vitality.pages.eastern import in_orthodox_words
from vitality.pages.furniture import set_apart
from vitality.pages.outdated import Now, is_of_old_season, is_outdated, now_of
from vitality.pages.page_trust import (
    SourceReading,
    canonical,
    churches_of,
    is_given_up,
    is_transient,
    stated,
    trust,
    year_of,
)
from vitality.pages.place_words import agree, place_words
from vitality.pages.repetition import repeats
from vitality.records import RelativeTime, Service, ServiceTime, TimeStatus

_STRICT = frozenset({Service.MASS, Service.DIVINE_LITURGY, Service.CONFESSION, Service.ADORATION})
"""Services whose list on the best page is taken to be whole; devotions are often listed in part."""

_CHURCHES_BY = frozenset({Service.MASS, Service.DIVINE_LITURGY})
"""Services that show of how many churches a parish is: a chapel for adoration makes none."""
_VIGIL_FROM = "15:00"
"""Local time from which a Saturday's Mass is that of the Sunday."""
_WEEKEND = frozenset({"SU"})
_WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR"})
_DOUBTED = 0.5
_PASSING_FACTOR = 0.7


@dataclass(frozen=True, slots=True)
class _Claim:
    """One service time and the page that states it."""

    time: ServiceTime
    source: SourceReading


def merge(sources: Sequence[SourceReading]) -> tuple[ServiceTime, ...]:
    """One schedule out of the readings of a site's pages, the superseded times last and marked so."""
    newest = max((year for s in sources if (year := year_of(s)) is not None), default=None)
    now = now_of(sources, newest)
    churches = churches_of(sources)
    kept: list[_Claim] = []
    lost: list[_Claim] = []
    for service in {canonical(each): None for each in Service}:
        most = max((stated(s, service) for s in sources if not is_transient(s)), default=0)
        pages = set_apart(sources, service)
        ordered = sorted(pages, key=partial(trust, service=service, newest=newest, most=most), reverse=True)
        claims = [
            _Claim(_at(t, churches.get(s.url)), s)
            for s in ordered
            for t in s.reading.times
            if canonical(t.service) is service
        ]
        over = [is_outdated(c.time, c.source, now) or _of_old_season(c, claims, sources, now) for c in claims]
        _settle(compress(claims, map(not_, over)), kept, lost)
        lost += [claim for claim in compress(claims, over) if _without(claim, kept) is not None]
    active = [c.time for c in kept if not (is_transient(c.source) and repeats(c.time, _standing_beside(c, kept)))]
    return (*with_anchor_times(without_summaries(active)), *(_superseded(c.time) for c in lost))


def of_parish(times: Sequence[ServiceTime], name: str, rite: str | None) -> tuple[ServiceTime, ...]:
    """The times of a parish's site without what its name says anyway.

    A place that is only the parish's own name is no place, unless Mass is elsewhere as well; a rite that the name tells
    of is that of its services, and marked as inferred.
    """
    own = place_words(name)
    masses = [t for t in times if t.service in _CHURCHES_BY and t.status is TimeStatus.ACTIVE]
    places = {place_words(t.location) for t in masses if t.location}
    several = any(not (each <= own) or any(not _agreeing(each, other) for other in places) for each in places)
    placed = (t if several or not _is_own(t, own) else _without_place(t) for t in times)
    return in_orthodox_words([_with_rite(t, rite) for t in placed], name)


def _agreeing(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one name of a place says no more than the other."""
    return a <= b or b <= a


def _is_own(time: ServiceTime, own: frozenset[str]) -> bool:
    return time.location is not None and place_words(time.location) <= own


def _of_old_season(claim: _Claim, claims: Sequence[_Claim], sources: Sequence[SourceReading], now: Now) -> bool:
    """Whether a time is of "Summer 2023" while the standing schedule stands elsewhere and nothing says it is 2023."""
    others = [c for c in claims if c.source.url != claim.source.url]
    standing = any(c.time.kind == "regular" and not c.time.season for c in others)
    return standing and is_of_old_season(claim.time, claim.source, sources, now)


def _at(time: ServiceTime, church: str | None) -> ServiceTime:
    """A service time that names no place, at the church that its page is about."""
    if church is None or time.location or (time.by_appointment and time.start is None):
        return time
    return time.model_copy(update={"location": church, "inferred": (*time.inferred, "location")})


def _without_place(time: ServiceTime) -> ServiceTime:
    return time.model_copy(update={"location": None})


def _with_rite(time: ServiceTime, rite: str | None) -> ServiceTime:
    if rite is None or time.rite is not None:
        return time
    return time.model_copy(update={"rite": rite, "inferred": (*time.inferred, "rite")})


def _settle(claims: Iterable[_Claim], kept: list[_Claim], lost: list[_Claim]) -> None:
    for claim in claims:
        new = _without(claim, kept)
        if new is None:
            continue
        rivals = [k for k in kept if _rival(k, new)]
        if is_given_up(new.source) or any(_overrules(k, new) for k in rivals):
            if _without(new, lost) is not None and not any(_stated(k, new) for k in kept):
                lost.append(new)
        elif new.time.kind == "dated" or not any(_states_standing(k, new) for k in kept):
            kept.append(new if not _passing(new) else _Claim(_doubt(new.time, _PASSING_FACTOR), new.source))
        elif not new.source.linked:
            lost.append(new)
        elif not _passing(new):
            kept.append(new)


def _without(claim: _Claim, others: list[_Claim]) -> _Claim | None:
    """The claim less the days that another states already (whose details it may complete); None: nothing is left."""
    left = list(days_of(claim.time))
    for index, other in enumerate(others):
        shared = [d for d in left if d in days_of(other.time)]
        if shared and _same_fact(other.time, claim.time):
            left = [d for d in left if d not in shared]
            if len(shared) == len(days_of(other.time)):
                others[index] = _Claim(_completed(other.time, claim.time), other.source)
    if not left:
        return None
    return claim if len(left) == len(days_of(claim.time)) else _Claim(_with_days(claim.time, left), claim.source)


def days_of(time: ServiceTime) -> tuple[str, ...]:
    """Day codes, dates and feasts of a service time; `-` when it has none."""
    return (*time.days, *time.dates) or ("-",)


def _same_fact(a: ServiceTime, b: ServiceTime) -> bool:
    """The same service at the same time, place and season, as far as both say."""
    return (
        canonical(a.service) is canonical(b.service)
        and start_key(a) == start_key(b)
        and a.kind == b.kind
        and (a.status is TimeStatus.ACTIVE) == (b.status is TimeStatus.ACTIVE)
        and agree(a.location, b.location)
        and (a.season or "") == (b.season or "")
        and (not a.language or not b.language or set(a.language) == set(b.language))
    )


def _rival(kept: _Claim, new: _Claim) -> bool:
    """Whether two claims of different pages speak of the same service, day, place, season and language."""
    a, b = kept.time, new.time
    return (
        kept.source is not new.source
        and canonical(a.service) is canonical(b.service)
        and a.kind == b.kind == "regular"
        and bool(set(days_of(a)) & set(days_of(b)))
        and agree(a.location, b.location)
        and (a.season or "") == (b.season or "")
        and a.start is not None
        and b.start is not None
        and not _speak_of_other_masses(kept, new)
        and a.status is b.status is TimeStatus.ACTIVE
        and not (a.language and b.language and not set(a.language) & set(b.language))
        and not (b.language and not a.language and "en" not in b.language)
    )


def _speak_of_other_masses(kept: _Claim, new: _Claim) -> bool:
    """Whether a Saturday's Mass is of the other half of the day than those of a page that tells of that half only.

    A page of daily Masses that has Saturday at 8:00 says nothing against Saturday's vigil at 17:00 elsewhere.
    """
    a, b = kept.time, new.time
    both = set(days_of(a)) & set(days_of(b))
    if canonical(a.service) is not Service.MASS or both != {"SA"} or a.start is None or b.start is None:
        return False
    morning, evening = a.start < _VIGIL_FROM, b.start >= _VIGIL_FROM
    if morning is not evening:
        return False
    others = _WEEKEND if evening else _WEEKDAYS
    return not any(_is_mass_of(t, others) for t in kept.source.reading.times)


def _is_mass_of(time: ServiceTime, days: frozenset[str]) -> bool:
    vigil = time.days == ("SA",) and time.start is not None and time.start >= _VIGIL_FROM
    own = bool(days & set(time.days)) or (vigil and days is _WEEKEND)
    return canonical(time.service) is Service.MASS and time.kind == "regular" and own


def _stated(kept: _Claim, new: _Claim) -> bool:
    """Whether the trusted pages have a service at that time anyway, perhaps for another season or church."""
    same = canonical(kept.time.service) is canonical(new.time.service) and start_key(kept.time) == start_key(new.time)
    return same and set(days_of(new.time)) <= set(days_of(kept.time))


def _overrules(kept: _Claim, new: _Claim) -> bool:
    if not new.source.linked and kept.source.linked:
        return True
    ours, theirs = year_of(kept.source), year_of(new.source)
    if ours is not None and theirs is not None and ours > theirs:
        return True
    return new.time.service in _STRICT


def _passing(claim: _Claim) -> bool:
    """Whether a standing service stands on a page that is about one week or feast, or that nothing links."""
    if claim.time.kind == "dated":
        return False
    return not claim.source.linked or (is_transient(claim.source) and claim.time.start is not None)


def _states_standing(kept: _Claim, new: _Claim) -> bool:
    return (
        kept.time.kind == "regular"
        and canonical(kept.time.service) is canonical(new.time.service)
        and not _passing(kept)
    )


def _standing_beside(claim: _Claim, kept: Sequence[_Claim]) -> list[ServiceTime]:
    return [k.time for k in kept if k.time.kind == "regular" and k.source is not claim.source]


def start_key(time: ServiceTime) -> str:
    """When a service starts, comparable: a clock time where it can be resolved, else what the page says."""
    if time.start is not None:
        return time.start
    if time.start_rel is not None:
        return _resolved(time.start_rel) or f"{time.start_rel.anchor}{time.start_rel.edge}{time.start_rel.offset_min}"
    return "by appointment" if time.by_appointment else ""


def _resolved(relative: RelativeTime) -> str | None:
    if relative.anchor_time is None or relative.offset_min is None or relative.edge != "start":
        return None
    hours, minutes = map(int, relative.anchor_time.split(":"))
    total = (hours * 60 + minutes + relative.offset_min) % 1440
    return f"{total // 60:02d}:{total % 60:02d}"


def _completed(time: ServiceTime, other: ServiceTime) -> ServiceTime:
    """A service time with the details that only the other page states."""
    missing = {
        name: getattr(other, name)
        for name in ("end", "end_rel", "language", "rite", "location", "notes")
        if not getattr(time, name) and getattr(other, name)
    }
    if "end" in missing and (time.end_rel or (time.start or "") >= missing["end"]):
        del missing["end"]
    if not missing:
        return time
    stated = time.evidence.model_copy(update={"also": (*time.evidence.also, other.evidence)})
    return time.model_copy(update={**missing, "evidence": stated})


def _with_days(time: ServiceTime, left: Sequence[str]) -> ServiceTime:
    days = tuple(d for d in time.days if d in left)
    return time.model_copy(update={"days": days, "dates": tuple(d for d in time.dates if d in left)})


def _superseded(time: ServiceTime) -> ServiceTime:
    status = TimeStatus.SUPERSEDED if time.status is TimeStatus.ACTIVE else time.status
    return _doubt(time.model_copy(update={"status": status}), _DOUBTED)


def _doubt(time: ServiceTime, factor: float) -> ServiceTime:
    return time.model_copy(update={"confidence": round(time.confidence * factor, 3)})
