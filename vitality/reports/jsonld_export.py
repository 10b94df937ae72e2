"""JSON-LD in the terms of schema.org: a `CatholicChurch` a parish, with its services as events on a `Schedule`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from vitality.records import ServiceTime
from vitality.reports.array_file import ArrayFile
from vitality.reports.columns import name_source
from vitality.reports.recurrence import EVERY_DAY_OF_MONTH, DayRule, plan
from vitality.reports.rows import ParishEntry, ParishRow, TimeRow
from vitality.reports.words import DAYS, title
from vitality.reports.writer import Writer

Node = dict[str, object]


class JsonLdWriter(Writer):
    """Writes active parishes with those of their current times whose days can be said exactly."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        super().__init__(folder, made_at)
        self._file = ArrayFile(folder / "parishes.jsonld", {"@context": "https://schema.org"}, "@graph")

    def add(self, entry: ParishEntry) -> None:
        if not self.is_open(entry):
            return
        events = [event for row in self.current(entry) if (event := self._event(entry.row, row))]
        self._file.add(_stated(_church(entry) | {"event": events}))
        self.rows += 1 + len(events)

    def close(self) -> None:
        self._file.close()

    def _event(self, parish: ParishRow, row: TimeRow) -> Node | None:
        when = plan(row.time)
        self.left_out.update(f"service time: {reason}" for reason in when.left_out)
        schedules = [
            *(_repeated(rule, row.time, parish, when.excluded) for rule in when.rules),
            *(_once(day, row.time, parish) for day in when.dates),
        ]
        if not schedules:
            return None
        item = row.time
        return _stated(
            {
                "@type": "Event",
                "@id": f"urn:vitality:parish:{parish.id}:service-time:{row.id}",
                "name": title(item),
                "description": _description(row),
                "eventStatus": "https://schema.org/EventScheduled",
                "inLanguage": list(item.language),
                "location": _location(parish, row),
                "eventSchedule": schedules,
                "subjectOf": _page(
                    item.evidence.url, item.evidence.quote, item.evidence.content_hash, item.last_verified
                ),
            }
        )


def _church(entry: ParishEntry) -> Node:
    row, parish, name = entry.row, entry.row.parish, name_source(entry)
    address: Node = {
        "@type": "PostalAddress",
        "streetAddress": parish.street,
        "addressLocality": parish.city,
        "addressRegion": parish.state,
        "postalCode": parish.zip,
    }
    geo = {"@type": "GeoCoordinates", "latitude": parish.latitude, "longitude": parish.longitude}
    return {
        "@type": "CatholicChurch",
        "@id": f"urn:vitality:parish:{row.id}",
        "name": parish.name,
        "alternateName": list(parish.alternate_names),
        "address": _stated(address) if parish.street or parish.city or parish.zip else None,
        "geo": None if parish.latitude is None or parish.longitude is None or row.derived.misplaced else geo,
        "telephone": parish.phone,
        "email": parish.email,
        "url": parish.website,
        "parentOrganization": {"@type": "Organization", "name": row.diocese},
        "subjectOf": _page(name.url, name.quote, name.content_hash, name.last_seen or row.last_seen) if name else None,
    }


def _location(parish: ParishRow, row: TimeRow) -> Node | None:
    """Where it is: the place named, else the parish; nobody knows which when the site serves several parishes."""
    if row.time.location:
        return {"@type": "Place", "name": row.time.location}
    return None if row.shared_with else {"@id": f"urn:vitality:parish:{parish.id}"}


def _description(row: TimeRow) -> str | None:
    shared = (
        f"The site also serves {', '.join(row.shared_with)}." if row.shared_with and not row.time.location else None
    )
    appointment = "By appointment." if row.time.by_appointment else None
    return " ".join(part for part in (row.time.notes, appointment, shared) if part) or None


def _repeated(rule: DayRule, item: ServiceTime, parish: ParishRow, excluded: frozenset[date]) -> Node:
    parts = rule.recur()
    weekly = rule.month_days == EVERY_DAY_OF_MONTH
    days = [f"https://schema.org/{DAYS[code]}" for code in rule.weekdays] if weekly else parts["BYDAY"]
    return _stated(
        _hours(item, parish)
        | {
            "repeatFrequency": "P1W" if weekly else "P1M",
            "byDay": days,
            "byMonth": parts.get("BYMONTH"),
            "byMonthDay": parts.get("BYMONTHDAY"),
            "exceptDate": [day.isoformat() for day in sorted(excluded) if rule.matches(day)],
        }
    )


def _once(day: date, item: ServiceTime, parish: ParishRow) -> Node:
    return _stated(_hours(item, parish) | {"startDate": day.isoformat(), "endDate": day.isoformat(), "repeatCount": 1})


def _hours(item: ServiceTime, parish: ParishRow) -> Node:
    clock = {"startTime": item.start, "endTime": item.end}
    return {"@type": "Schedule", **clock, "scheduleTimezone": parish.timezone}


def _page(url: str, quote: str | None, content_hash: str | None, verified: date | None) -> Node:
    return _stated(
        {
            "@type": "WebPage",
            "url": url,
            "text": quote,
            "identifier": content_hash,
            "lastReviewed": verified.isoformat() if verified else None,
        }
    )


def _stated(node: Node) -> Node:
    """The node without what is not known."""
    return dict(_known(node))


def _known(node: Node) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, value in node.items() if value is not None and value != [])
