"""How far a page is to be trusted about a service, judged by what it says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vitality.pages.links import address_words, fold
from vitality.pages.own_name import is_church_name, title_pieces
from vitality.pages.schedule import ScheduleReading
from vitality.records import Service

_ABOUT: dict[Service, str] = {
    Service.MASS: r"qurbana|mass(?:es)?|masstimes|liturg\w*|worship|eucharist|misas?|horarios?|missas?|messes?|msze|services|schedule",
    Service.CONFESSION: r"confessions?|reconciliation|penance|confesion(?:es)?|reconciliacion",
    Service.ADORATION: r"adoration|adoracion|holy hour|exposition",
}
_PASSING_WORDS = re.compile(
    r"\b(?:christmas|easter|holy week|triduum|lent|lenten|advent|thanksgiving|week|weekly|today|news\w*|bulletins?|events?|announcements?"
    r"|navidad|pascua|semana|cuaresma|adviento|noticias|boletin|eventos|19\d\d|20\d\d)\b"
)
_NOT_A_NAME = re.compile(
    r"\b(?:about|history|mass(?:es)?|times?|schedules?|services|liturg\w*|welcome|contact|staff|home|sacraments?|reconciliation|confessions?|adoration"
    r"|news|events?|visit|life|notes?|from|statement|feast|join|how|why|what|when|we|you|your|should|in church|community of|mystery|baptism|marriage|prayers?|novena|rosary|devotions?|holy (?:week|day|hour|communion|orders|eucharist))\b"
)
_GIVEN_UP = re.compile(
    r"\bthis (?:mass |old )?(?:schedule|page|list|timetable)\b[^.]{0,40}\b(?:no longer|replaced|superseded|out ?dated|expired|archived?)\b"
    r"|\b(?:schedule|times)\b[^.]{0,20}\bno longer (?:in effect|valid|current)\b|\beste horario\b[^.]{0,30}\bya no\b",
    re.IGNORECASE,
)
_FAIR_PART = 4
"""The fullest page's times over those of a page from which that one is hardly the schedule, whatever its title."""
_UNDATED = 9999
"""A page that names no year is kept up to date, if any is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """The reading of one page, with what the walk knows of it."""

    url: str
    reading: ScheduleReading
    linked: bool = True
    """Whether a page of the site, or its sitemap, leads there."""
    modified: datetime | None = None
    fetched: datetime | None = None


def canonical(service: Service) -> Service:
    """The service under which several names of it are compared: the Divine Liturgy is the Eastern churches' Mass."""
    return Service.MASS if service is Service.DIVINE_LITURGY else service


def trust(
    source: SourceReading, service: Service, newest: int | None, most: int = 0
) -> tuple[bool, bool, bool, bool, int, int, int]:
    """The order of pages for one service, the greater the more trusted.

    `newest` is the latest year that a page names, `most` the number of times that the fullest page states. Linked
    before forgotten, standing before passing, in effect before outdated, made for service times before others, if they
    state a fair part of them; among those by year, by how plainly the page is about this service, by how much it says.
    """
    reading, year = source.reading, year_of(source)
    outdated = is_given_up(source) or (newest is not None and year is not None and year < newest - 1)
    about, count = is_about(source, service), stated(source, service)
    made_for_it = (about or reading.dedicated) and count * _FAIR_PART >= most
    plainly = made_for_it * (about + reading.dedicated + _is_named_for(source, service))
    return source.linked, not is_transient(source), not outdated, made_for_it, year or _UNDATED, plainly, count


def stated(source: SourceReading, service: Service) -> int:
    """How many standing times of a service a page states, each day counted."""
    times = (t for t in source.reading.times if canonical(t.service) is service and t.kind == "regular")
    return sum(max(1, len(t.days)) for t in times)


def is_given_up(source: SourceReading) -> bool:
    """Whether a page says of itself that its schedule is no longer in effect."""
    return any(_GIVEN_UP.search(line.text) for line in source.reading.lines)


def churches_of(sources: Sequence[SourceReading]) -> Mapping[str, str]:
    """The church that a page is about, by the page's address, where a site has pages about several churches.

    It stands in the title or first heading of one page and in no other's; empty when fewer than two pages with
    times name one, for then it is the site's only church.
    """
    named = {s.url: {*title_pieces(s.reading.title), s.reading.heading} for s in sources}
    used = Counter(piece for pieces in named.values() for piece in pieces)
    found: dict[str, str] = {}
    for source in sources:
        own = [p for p in named[source.url] if used[p] == 1 and is_church_name(p) and not _NOT_A_NAME.search(fold(p))]
        if own and source.reading.times:
            found[source.url] = max(own, key=len)
    return found if len(set(found.values())) > 1 else {}


def is_transient(source: SourceReading) -> bool:
    """Whether a page is about one week or feast.

    A page made for the standing schedule is not, though it holds a calendar as well.
    """
    return source.reading.transient and not (source.reading.dedicated and not _PASSING_WORDS.search(_words(source)))


def is_about(source: SourceReading, service: Service) -> bool:
    """Whether title, heading or address say that the page is about this service."""
    pattern = _ABOUT.get(service)
    return bool(pattern and re.search(rf"\b(?:{pattern})\b", _words(source))) or (
        source.reading.dedicated and pattern is None
    )


def _is_named_for(source: SourceReading, service: Service) -> bool:
    """Whether title or address name the service: a home page that begins with "Sunday Mass" is not made for it alone."""
    pattern = _ABOUT.get(service)
    named = f"{fold(source.reading.title)} | {address_words(source.url)}"
    return bool(pattern and re.search(rf"\b(?:{pattern})\b", named))


def year_of(source: SourceReading) -> int | None:
    """The year that a page speaks of or was last changed in; None when it does not say."""
    stated = source.reading.page_date or source.modified
    return source.reading.year or (stated.year if stated else None)


def _words(source: SourceReading) -> str:
    """What a page calls itself: title, first heading, address."""
    return f"{fold(source.reading.title)} | {fold(source.reading.heading)} | {address_words(source.url)}"
