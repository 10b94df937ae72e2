"""What a parish's page shows: its facts and its times, grouped by service, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vitality.records import Parish, ParishStatus, Service, ServiceTime, Subtype, TimeStatus
from vitality.reports import words
from vitality.reports.recurrence import WEEKDAYS
from vitality.reports.rows import FactSource, ParishEntry, ParishRow, SiteState, TimeRow

ALWAYS_SHOWN = (Service.MASS, Service.CONFESSION, Service.ADORATION)
"""Where nothing is known, the page says so."""

SITE_STATES = {
    SiteState.READ: "read",
    SiteState.EMPTY: "read; it states no times that we can read",
    SiteState.BLOCKED: "the site asks not to be read",
    SiteState.FAILED: "could not be read",
    SiteState.NEW: "not read yet",
    SiteState.NONE: "no web site known",
}
SUBTYPES = {
    Subtype.SUNDAY: "Sunday Mass",
    Subtype.VIGIL: "vigil Mass",
    Subtype.DAILY: "weekday Mass",
    Subtype.HOLY_DAY: "holy day Mass",
    Subtype.HOLY_DAY_VIGIL: "vigil of a holy day",
    Subtype.SPECIAL: "special Mass",
}
HISTORY = timedelta(days=90)
"""How long a time that its site no longer shows stays on the page, struck."""

INFERRED = {"ampm": "AM or PM", "days": "the day", "end": "the end", "start": "the start", "service": "the service"}
_FACTS = (
    ("Address", "street"), ("Mailing address", "mailing_address"), ("Telephone", "phone"), ("E-mail", "email"),
    ("Web site", "website"), ("Pastor", "pastor"), ("Deanery or vicariate", "deanery"), ("Languages", "languages"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One fact of a parish; `value` is None when no page states it."""

    label: str
    value: str | None
    is_link: bool = False
    source: FactSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeView:
    """One service time in words; `verdict` says why it must not be relied on, None when it may be."""

    days: str
    hours: str
    details: tuple[str, ...]
    verdict: str | None
    row: TimeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """The times of one service, those that hold first; `absence` is said when there are none."""

    name: str
    times: tuple[TimeView, ...]
    absence: str | None


def facts(row: ParishRow) -> Iterator[FactView]:
    """The facts in the order of the page."""
    for label, name in _FACTS:
        value = _value(row.parish, name)
        source = _source(row, name, *(("city", "zip") if name == "street" else ()))
        yield FactView(label=label, value=value, is_link=name == "website", source=source if value else None)


def _value(parish: Parish, name: str) -> str | None:
    if name == "street":
        return words.address(parish) or None
    if name == "languages":
        return words.languages(parish.languages) or None
    return getattr(parish, name) or None


def _source(row: ParishRow, *names: str) -> FactSource | None:
    return next((row.sources[name] for name in names if name in row.sources), None)


def warnings(row: ParishRow) -> Iterator[str]:
    """What a visitor must know before anything else."""
    parish = row.parish
    if parish.status is not ParishStatus.ACTIVE:
        heir = f" into {parish.merged_into}" if parish.merged_into else ""
        since = f" (first read on {row.status_since:%B %-d, %Y})" if row.status_since else ""
        yield f"This parish is {parish.status.value}{heir}{since}."
    if row.missing_since:
        yield f"Its diocese's directory has not listed this parish since {row.missing_since:%B %-d, %Y}."
    for doubt in row.derived.doubts:
        yield f"What the pages say of its place does not fit together: {doubt}."


def services(entry: ParishEntry, today: date) -> Iterator[ServiceView]:
    """Each service with times, and always Mass, confession and adoration; what ended long ago is left to the exports."""
    absence = _absence(entry.row)
    recent = [row for row in entry.times if row.ended is None or today - row.ended <= HISTORY]
    for service, name in words.SERVICES.items():
        times = tuple(_view(entry.row, row) for row in sorted(recent, key=_order) if row.time.service is service)
        if times or service in ALWAYS_SHOWN:
            none_holds = all(time.verdict for time in times)
            yield ServiceView(name=name, times=times, absence=absence if none_holds else None)


def _absence(row: ParishRow) -> str:
    if gone := _gone(row):
        return f"None: {gone}"
    states = {site.state for site in row.sites} or {SiteState.NONE}
    if states & {SiteState.READ, SiteState.EMPTY}:
        return "Not stated"
    return "Not known: " + "; ".join(text for state, text in SITE_STATES.items() if state in states)


def _order(row: TimeRow) -> tuple[bool, bool, int, str, str, int]:
    """What holds comes first, then the week from Sunday, then the hour."""
    item = row.time
    first_day = min((_weekday(code) for code in item.days), default=9)
    return (not row.current, item.kind == "dated", first_day, "".join(item.dates[:1]), item.start or "99", row.id)


def _weekday(code: str) -> int:
    return next(((number + 1) % 7 for number, day in enumerate(WEEKDAYS) if day in code), 8)


def _view(parish: ParishRow, row: TimeRow) -> TimeView:
    item = row.time
    return TimeView(
        days=words.days(item),
        hours=words.hours(item),
        details=tuple(_details(row)),
        verdict=_verdict(item.status, row.ended) or _gone(parish),
        row=row,
    )


def _verdict(status: TimeStatus, ended: date | None) -> str | None:
    if ended:
        return f"no longer on the site since {ended:%B %-d, %Y}"
    return None if status is TimeStatus.ACTIVE else status.value


def _gone(parish: ParishRow) -> str | None:
    """Why no time of the parish must be relied on."""
    if parish.is_open:
        return None
    return "the parish is no longer listed" if parish.missing_since else f"the parish is {parish.parish.status.value}"


def _details(row: TimeRow) -> Iterator[str]:
    item = row.time
    if item.subtype:
        yield SUBTYPES[item.subtype]
    if item.language or item.rite:
        yield words.title(item).partition("(")[2].rstrip(")")
    yield from _conditions(item)
    if row.shared_with and not item.location:
        yield f"church not stated (the site also serves {', '.join(row.shared_with)})"
    if item.inferred:
        yield f"not printed but inferred: {', '.join(INFERRED.get(name, name) for name in item.inferred)}"


def _conditions(item: ServiceTime) -> Iterator[str]:
    if item.location:
        yield f"at {item.location}"
    if item.season:
        yield f"season: {words.season(item.season)}"
    if item.except_:
        yield f"except {' and '.join(words.exception(text) for text in item.except_)}"
    if item.by_appointment:
        yield "by appointment"
    if item.notes:
        yield item.notes
