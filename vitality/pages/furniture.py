"""Hours that stand on every page of a site, in its header, side or footer, apart from what a page says itself.

They are the last to be brought up to date. Where the page made for a service states at least as much in its own
words, what stands on every page is weighed as a page of its own that is not made for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from vitality.pages.page_trust import SourceReading, canonical, is_about, is_transient, stated
from vitality.records import Service, ServiceTime

_FEWEST_PAGES: Final = 3
_Fact = tuple[Service, tuple[str, ...], str | None, str]


def set_apart(sources: Sequence[SourceReading], service: Service) -> list[SourceReading]:
    """The sources for one service, with what stands on every page as a source of its own, the last, where that matters."""
    everywhere = _everywhere(sources, service)
    if not everywhere:
        return list(sources)
    own = [_less(source, everywhere, service) for source in sources]
    said = replace(sources[0], reading=replace(sources[0].reading, times=tuple(everywhere.values())))
    most = stated(said, service)
    made = [s for s in own if s.reading.dedicated and is_about(s, service) and not is_transient(s)]
    whole = [s for s in made if stated(s, service) >= most]
    if not any(_contradicts(s, time, service) for s in whole for time in everywhere.values()):
        return list(sources)
    plain = replace(said.reading, title="", heading="", dedicated=False, transient=False, lines=())
    return [*own, replace(said, reading=plain)]


def _contradicts(source: SourceReading, time: ServiceTime, service: Service) -> bool:
    """Whether a page has the service on a day of `time`, but not then."""
    own = {(day, t.start) for t in source.reading.times if canonical(t.service) is service for day in t.days}
    days = {day for day, _start in own}
    return any(day in days and (day, time.start) not in own for day in time.days)


def _everywhere(sources: Sequence[SourceReading], service: Service) -> dict[_Fact, ServiceTime]:
    """The standing times of a service that all pages but one at most print in the same words, once each."""
    if len(sources) < _FEWEST_PAGES:
        return {}
    first: dict[_Fact, ServiceTime] = {}
    pages: Counter[_Fact] = Counter()
    for source in sources:
        for fact, time in _facts(source, service).items():
            pages[fact] += 1
            first.setdefault(fact, time)
    least = max(_FEWEST_PAGES, len(sources) - 1)
    return {fact: time for fact, time in first.items() if pages[fact] >= least}


def _facts(source: SourceReading, service: Service) -> dict[_Fact, ServiceTime]:
    times = [t for t in source.reading.times if canonical(t.service) is service and t.kind == "regular" and t.start]
    return {_fact(time): time for time in times}


def _fact(time: ServiceTime) -> _Fact:
    return canonical(time.service), time.days, time.start, time.evidence.quote


def _less(source: SourceReading, everywhere: dict[_Fact, ServiceTime], service: Service) -> SourceReading:
    """A source without what stands everywhere; what it prints a second time is its own."""
    counted = Counter(_fact(t) for t in source.reading.times if canonical(t.service) is service)
    own = tuple(t for t in source.reading.times if _fact(t) not in everywhere or counted[_fact(t)] > 1)
    return replace(source, reading=replace(source.reading, times=own))
