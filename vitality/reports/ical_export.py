"""iCalendar (RFC 5545): a calendar a parish, an event a rule or date; what no rule can say exactly is left out and counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, Timezone, vText

from vitality.records import ServiceTime
from vitality.reports.recurrence import DayRule, plan
from vitality.reports.rows import ParishEntry, ParishRow, TimeRow
from vitality.reports.words import address, printable, slug, title
from vitality.reports.writer import Writer

PRODUCT = "-//Vitality//Service times of Catholic parishes//EN"


class IcalWriter(Writer):
    """Writes `<diocese>/<parish>.ics` for each active parish with a current time whose day and start are stated."""

    def add(self, entry: ParishEntry) -> None:
        if not self.is_open(entry):
            return
        events = [event for row in self.current(entry) for event in self._events(entry.row, row)]
        if not events:
            self.left_out["parish: no time that a calendar can show"] += 1
            return
        folder = self.folder / slug(entry.row.diocese, entry.row.diocese_id)
        folder.mkdir(exist_ok=True)
        calendar = _calendar(entry.row, events)
        (folder / f"{slug(entry.row.parish.name, entry.row.id)}.ics").write_bytes(calendar.to_ical())
        self.rows += len(events)

    def _events(self, parish: ParishRow, row: TimeRow) -> Iterator[Event]:
        if reason := _unfit(row.time):
            self.left_out[f"service time: {reason}"] += 1
            return
        when = plan(row.time)
        self.left_out.update(f"service time: {reason}" for reason in when.left_out)
        for number, rule in enumerate(when.rules, 1):
            yield self._repeated(parish, row, rule, number, when.excluded)
        for day in when.dates:
            yield self._once(parish, row, day, day.isoformat())

    def _repeated(
        self, parish: ParishRow, row: TimeRow, rule: DayRule, number: int, excluded: frozenset[date]
    ) -> Event:
        first = rule.first(row.time.first_seen or self.made_at.date())
        event = self._once(parish, row, first, str(number))
        event.add("rrule", rule.recur())
        skipped = [
            _moment(day, row.time.start, parish) for day in sorted(excluded) if rule.matches(day) and day >= first
        ]
        if skipped:
            event.add("exdate", skipped)
        return event

    def _once(self, parish: ParishRow, row: TimeRow, day: date, part: str) -> Event:
        item, event = row.time, Event()
        event.add("uid", f"parish-{parish.id}-service-time-{row.id}-{part}@vitality.invalid")
        event.add("dtstamp", self.made_at)
        event.add("dtstart", _moment(day, item.start, parish))
        if item.end:
            over_midnight = item.start is not None and item.end <= item.start
            event.add("dtend", _moment(day + timedelta(days=over_midnight), item.end, parish))
        event.add("summary", printable(f"{title(item)} – {parish.parish.name}"))
        event.add("categories", [item.service.value])
        event.add("transp", "TRANSPARENT")
        _add_place(event, parish, row)
        _add_evidence(event, row)
        return event


def _unfit(item: ServiceTime) -> str | None:
    """Why nobody should find it in a calendar, whatever its days."""
    if item.by_appointment:
        return "by appointment"
    return None if item.start else "no start stated"


def _calendar(parish: ParishRow, events: list[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(printable(parish.parish.name)))
    if (zone := _zone(parish.timezone)) is not None:
        calendar.add_component(_timezone(zone.key))
    for event in events:
        calendar.add_component(event)
    return calendar


@cache
def _zone(name: str | None) -> ZoneInfo | None:
    """The zone, or None for floating time when its name is not known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _timezone(name: str) -> Timezone:
    return Timezone.from_tzid(name)


def _moment(day: date, clock: str | None, parish: ParishRow) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock or ""), tzinfo=_zone(parish.timezone))


def _add_place(event: Event, parish: ParishRow, row: TimeRow) -> None:
    """A site that serves several parishes does not say at which church it is: then neither do we."""
    item, home = row.time, parish.parish
    if item.location:
        event.add("location", printable(item.location))
    elif not row.shared_with:
        event.add("location", printable(", ".join(part for part in (home.name, address(home)) if part)))
        if home.latitude is not None and home.longitude is not None and not parish.derived.misplaced:
            event.add("geo", (home.latitude, home.longitude))


def _add_evidence(event: Event, row: TimeRow) -> None:
    item, found = row.time, row.time.evidence
    verified = item.last_verified.isoformat() if item.last_verified else "unknown"
    unsure = f"Not printed but inferred: {', '.join(item.inferred)}" if item.inferred else None
    shared = f"The site also serves {', '.join(row.shared_with)}." if row.shared_with and not item.location else None
    lines = [item.notes, unsure, shared, f"The site says: “{found.quote}”", f"Last verified: {verified}", found.url]
    event.add("description", printable("\n".join(line for line in lines if line)))
    event.add("url", "".join(printable(found.url).split()))
    event.add("x-vitality-quote", vText(printable(found.quote)))
    event.add("x-vitality-content-hash", found.content_hash)
    event.add("x-vitality-last-verified", verified)
