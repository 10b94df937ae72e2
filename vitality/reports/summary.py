"""The figures of a report, added up from its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vitality.records import Service, TimeStatus
from vitality.reports.rows import CountRow, DioceseRow, DirectoryState, VerifiedRow
from vitality.reports.words import SERVICES

AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (365, "91 days to a year"))
OLDER = "more than a year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A labelled number and its share of the largest or of the whole, 0 to 100."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCount:
    """How many times of one service are kept, by what may be relied on."""

    service: str
    regular: int
    dated: int
    not_held: int
    superseded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all dioceses."""

    dioceses: int
    directories: dict[DirectoryState, int]
    parishes: int
    sites_known: int
    sites_read: int
    sites_blocked: int
    sites_failed: int
    sunday_mass_known: int
    service_times: int


def totals(dioceses: Iterable[DioceseRow]) -> Totals:
    """The sums of the rows; every state of a directory is named, also with 0."""
    rows = tuple(dioceses)
    return Totals(
        dioceses=len(rows),
        directories={state: sum(row.directory is state for row in rows) for state in DirectoryState},
        parishes=sum(row.parishes for row in rows),
        sites_known=sum(row.sites_known for row in rows),
        sites_read=sum(row.sites_read for row in rows),
        sites_blocked=sum(row.sites_blocked for row in rows),
        sites_failed=sum(row.sites_failed for row in rows),
        sunday_mass_known=sum(row.sunday_mass_known for row in rows),
        service_times=sum(row.service_times for row in rows),
    )


def percent(part: int, whole: int) -> int:
    """The share, rounded down so that 100 means all; 0 of nothing."""
    return part * 100 // whole if whole else 0


def freshness(verified: Iterable[VerifiedRow], today: date) -> tuple[Bar, ...]:
    """How many times were last verified how long before `today`; the bars are shares of all."""
    counts = dict.fromkeys([*(label for _, label in AGES), OLDER], 0)
    for row in verified:
        counts[_age((today - row.day).days)] += row.times
    whole = sum(counts.values())
    return tuple(Bar(label=label, count=count, percent=percent(count, whole)) for label, count in counts.items())


def _age(days: int) -> str:
    return next((label for limit, label in AGES if days <= limit), OLDER)


def by_service(counts: Iterable[CountRow]) -> tuple[ServiceCount, ...]:
    """The counts of all dioceses by service, in the order of `SERVICES`; services without a time are left out."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in counts:
        sums[row.service][_column(row)] += row.times
    return tuple(
        ServiceCount(
            service=SERVICES[service],
            regular=sums[service]["regular"],
            dated=sums[service]["dated"],
            not_held=sums[service]["not_held"],
            superseded=sums[service]["superseded"],
        )
        for service in map(Service, SERVICES)
        if service in sums
    )


def _column(row: CountRow) -> str:
    if row.status == TimeStatus.SUPERSEDED:
        return "superseded"
    return row.kind if row.status == TimeStatus.ACTIVE else "not_held"
