"""Service times in a page's data: JSON-LD events and offers with their hours, and iCalendar events printed in the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from vitality.pages.grammar.tokens import tokenize
from vitality.pages.grammar.vocabulary import WEEK
from vitality.records import Evidence, Page, Service, ServiceTime, Subtype

_DAYS: Final = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_EVENT: Final = re.compile(r"BEGIN:VEVENT(.*?)END:VEVENT", re.DOTALL)
_FIELD: Final = re.compile(r"^\s*(?:<br\s*/?>)?\s*([A-Z-]+)((?:;[^:\n]*)?):([^\n<]*)", re.MULTILINE)
_STAMP: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?")
_TIME: Final = re.compile(r"(?:T|^)(\d\d):(\d\d)")
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST_EVENT: Final = 8_000
_OBJECT: Final = re.compile(r"\{[^<>]{0,4000}\"eventSchedule\"[^<>]{0,4000}\}")


def times_in_data(page: Page, scripts: list[tuple[int, int]], extractor: str) -> Iterator[ServiceTime]:
    """The service times that a page states as data; `scripts` are the ranges of its JSON-LD."""
    for start, end in scripts:
        yield from _json_ld(page, start, end, extractor)
    if '"eventSchedule"' in page.text:
        inside = [range(start, end) for start, end in scripts]
        for match in _OBJECT.finditer(page.text):
            if not any(match.start() in each for each in inside):
                yield from _json_ld(page, match.start(), match.end(), extractor)
    if "BEGIN:VEVENT" in page.text:
        for match in _EVENT.finditer(page.text):
            if match.end() - match.start() < _LONGEST_EVENT:
                yield from _calendar_event(page, match, extractor)


def not_repeated(found: Iterable[ServiceTime], standing: Sequence[ServiceTime]) -> list[ServiceTime]:
    """What the data adds: no occasion that only is one of the standing times in a calendar of the page."""
    regular = {(time.service, day, time.start) for time in standing if time.kind == "regular" for day in time.days}
    return [
        time
        for time in found
        if time.kind == "regular" or not all((time.service, _day_of(day), time.start) in regular for day in time.dates)
    ]


def _day_of(day: str) -> str:
    return WEEK[date.fromisoformat(day).weekday()]


def _service(name: str) -> Service | None:
    """The one service that a title names."""
    named = {token.code for token in tokenize(name) if token.kind == "service" and token.code}
    return Service(named.pop()) if len(named) == 1 else None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, list):
            stack += reversed(each)
        elif isinstance(each, dict):
            yield each
            stack += [inner for inner in each.values() if isinstance(inner, (list, dict))]


def _json_ld(page: Page, start: int, end: int, extractor: str) -> Iterator[ServiceTime]:
    try:
        data = json.loads(page.text[start:end], strict=False)
    except (ValueError, RecursionError):
        return
    for each in _objects(data):
        name = each.get("name")
        service = _service(name) if isinstance(name, str) else None
        if service is None:
            continue
        for schedule in _listed(each.get("eventSchedule")):
            yield from _scheduled(page, start, end, service, schedule, extractor)
        for hours in _listed(each.get("hoursAvailable")) + ([each] if "opens" in each else []):
            yield from _scheduled(page, start, end, service, _of_opening_hours(hours), extractor)
        if "startDate" in each and "eventSchedule" not in each:
            yield from _event(page, start, end, service, each, extractor)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _of_opening_hours(hours: dict[str, Any]) -> dict[str, Any]:
    """Hours at which a named service is offered (schema.org OpeningHoursSpecification) in the words of a Schedule."""
    return {"byDay": hours.get("dayOfWeek"), "startTime": hours.get("opens"), "endTime": hours.get("closes")}


def _event(
    page: Page, start: int, end: int, service: Service, event: dict[str, Any], extractor: str
) -> Iterator[ServiceTime]:
    """One occasion (schema.org Event), where its start is a local date and time."""
    quote = str(event["startDate"])
    day, opens = _ISO_DAY.match(quote), _wall(quote)
    at = page.text.find(quote, start, end)
    if day is None or opens is None or at < 0 or "cancel" in str(event.get("eventStatus", "")).lower():
        return
    closes = str(event.get("endDate", ""))
    finish = _wall(closes) if closes[:10] == day[0] else None
    yield _item(page, service, extractor, at, at + len(quote), dates=(day[0],), start=opens, finish=finish)


def _scheduled(
    page: Page, start: int, end: int, service: Service, schedule: dict[str, Any], extractor: str
) -> Iterator[ServiceTime]:
    by_day = schedule.get("byDay")
    named = [str(day).rsplit("/", 1)[-1] for day in (by_day if isinstance(by_day, list) else [by_day])]
    days = tuple(_DAYS.get(day.lower(), day.upper() if day.upper() in WEEK else "") for day in named)
    opens, closes = _wall(schedule.get("startTime")), _wall(schedule.get("endTime"))
    frequency = str(schedule.get("repeatFrequency", "P1W")).lower()
    if opens is None or not all(days) or frequency not in ("p1w", "weekly"):
        return
    quote = str(schedule["startTime"])
    at = page.text.find(quote, start, end)
    if at >= 0:
        yield _item(page, service, extractor, at, at + len(quote), days=days, start=opens, finish=closes)


def _wall(value: object) -> str | None:
    match = _TIME.search(str(value or ""))
    return f"{match[1]}:{match[2]}" if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def _item(
    page: Page,
    service: Service,
    extractor: str,
    low: int,
    high: int,
    *,
    days: tuple[str, ...] = (),
    dates: tuple[str, ...] = (),
    start: str,
    finish: str | None,
    excepted: tuple[str, ...] = (),
) -> ServiceTime:
    evidence = Evidence(url=page.url, content_hash=page.content_hash, quote=page.text[low:high], start=low, end=high)
    return ServiceTime(
        service=service,
        days=() if dates else days,
        dates=dates,
        kind="dated" if dates else "regular",
        start=start,
        end=finish,
        subtype=_subtype(days, start) if service is Service.MASS else None,
        except_=excepted,
        evidence=evidence,
        confidence=0.95,
        extractor=extractor,
    )


def _subtype(days: tuple[str, ...], start: str) -> Subtype:
    if days == ("SU",):
        return Subtype.SUNDAY
    return Subtype.VIGIL if days == ("SA",) and start >= "15:00" else Subtype.DAILY


def _calendar_event(page: Page, match: re.Match[str], extractor: str) -> Iterator[ServiceTime]:
    fields: dict[str, tuple[str, int, int]] = {}
    for field in _FIELD.finditer(page.text, match.start(1), match.end(1)):
        fields.setdefault(field[1], (field[3].strip(), field.start(3), field.end(3)))
    summary, begins, rule = fields.get("SUMMARY"), fields.get("DTSTART"), fields.get("RRULE")
    service = _service(summary[0]) if summary else None
    stamp = _STAMP.search(begins[0]) if begins else None
    if service is None or stamp is None or begins is None or stamp[4] is None:
        return
    day = _date(stamp)
    if day is None:
        return
    low, high = begins[1] + stamp.start(), begins[1] + stamp.end()
    ends = _STAMP.search(fields["DTEND"][0]) if "DTEND" in fields else None
    finish = f"{ends[4]}:{ends[5]}" if ends and ends[4] else None
    days, dates = _recurrence(day, rule[0] if rule else "")
    excepted = (
        tuple(each.isoformat() for each in (_date(m) for m in _STAMP.finditer(fields["EXDATE"][0])) if each)
        if "EXDATE" in fields
        else ()
    )
    if days or dates:
        yield _item(
            page,
            service,
            extractor,
            low,
            high,
            days=days,
            dates=dates,
            start=f"{stamp[4]}:{stamp[5]}",
            finish=finish,
            excepted=excepted,
        )


def _date(stamp: re.Match[str]) -> date | None:
    try:
        return date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    except ValueError:
        return None


def _recurrence(first: date, rule: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The days of an RRULE without an end, or the dates of a finite weekly one (RFC 5545 section 3.3.10)."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    frequency, count = parts.get("FREQ", ""), parts.get("COUNT", "")
    if not frequency:
        return (), (first.isoformat(),)
    if parts.get("INTERVAL", "1") != "1" or "UNTIL" in parts:
        return (), ()
    if count:
        if frequency != "WEEKLY" or not count.isdigit() or not 0 < int(count) < 60 or "," in parts.get("BYDAY", ""):
            return (), ()
        return (), tuple((first + timedelta(weeks=week)).isoformat() for week in range(int(count)))
    days = tuple(
        day
        for day in parts.get("BYDAY", WEEK[first.weekday()]).split(",")
        if re.fullmatch(r"(?:-?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)", day)
    )
    if frequency == "DAILY":
        return WEEK, ()
    return (days, ()) if frequency in ("WEEKLY", "MONTHLY") else ((), ())
