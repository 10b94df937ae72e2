"""How service times and places are said in English, for pages and calendars that people read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, time

from vitality.records import Parish, RelativeTime, Service, ServiceTime
from vitality.reports.recurrence import WEEKDAYS

SERVICES: dict[Service, str] = {
    Service.MASS: "Mass",
    Service.DIVINE_LITURGY: "Divine Liturgy",
    Service.CONFESSION: "Confession",
    Service.PENANCE_SERVICE: "Penance service",
    Service.ADORATION: "Adoration",
    Service.HOLY_HOUR: "Holy hour",
    Service.BENEDICTION: "Benediction",
    Service.ROSARY: "Rosary",
    Service.STATIONS: "Stations of the Cross",
    Service.NOVENA: "Novena",
    Service.CHAPLET: "Chaplet",
    Service.LITURGY_OF_HOURS: "Liturgy of the Hours",
    Service.ORTHROS_MATINS: "Orthros or Matins",
    Service.VESPERS: "Vespers",
    Service.COMMUNION_SERVICE: "Communion service",
    Service.ANOINTING: "Anointing of the Sick",
    Service.DEVOTION_OTHER: "Other devotion",
}
"""In the order in which pages show them."""

DAYS = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
) | {"HD": "Holy days of obligation", "HDV": "Eves of holy days of obligation", "PH": "Civil holidays"}
NO_YEAR = " (no year stated)"
ORDINALS = {1: "First", 2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", -1: "Last", -2: "Second to last"}
LANGUAGES = {
    "ar": "Arabic", "cu": "Church Slavonic", "en": "English", "es": "Spanish", "fr": "French", "ht": "Haitian Creole",
    "it": "Italian", "ko": "Korean", "la": "Latin", "ml": "Malayalam", "pl": "Polish", "pt": "Portuguese", "sk": "Slovak",
    "sw": "Swahili", "tl": "Tagalog", "uk": "Ukrainian", "vi": "Vietnamese", "ase": "American Sign Language",
}  # fmt: skip

_NTH_DAY = re.compile(r"(-?[1-5])?([A-Z]{2})([+-]\d)?")


def printable(text: str) -> str:
    """The text without control characters, which neither HTML nor RFC 5545 allows; line ends become newlines."""
    text = re.sub(r"\r\n?", "\n", text)
    return "".join(char if char in "\n\t" or unicodedata.category(char) != "Cc" else " " for char in text)


def slug(name: str, number: int) -> str:
    """A file name of ASCII letters that is unique by its number: `St. Mary`, 7 → `st-mary-7`."""
    words = folded(name)
    return f"{words}-{number}" if words else str(number)


def folded(name: str) -> str:
    """The name in lower-case ASCII with hyphens; it may be empty."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].rstrip("-")


def clock(text: str) -> str:
    """`16:30` → `4:30 PM`."""
    moment = time.fromisoformat(text)
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def hours(item: ServiceTime) -> str:
    """From when to when, or `time not stated`."""
    start = clock(item.start) if item.start else relative(item.start_rel) if item.start_rel else None
    end = clock(item.end) if item.end else relative(item.end_rel) if item.end_rel else None
    if start is None:
        return f"time not stated, until {end}" if end else "time not stated"
    return f"{start} to {end}" if end else start


def relative(point: RelativeTime) -> str:
    """`30 minutes before the 8:00 AM Mass`."""
    anchor = point.anchor.replace("_", " ").replace("mass", "Mass")
    which = f"the {clock(point.anchor_time)} {anchor}" if point.anchor_time else anchor
    if not point.offset_min:
        at_once = "at the start of" if point.offset_min == 0 else "before"
        return f"{'after' if point.edge == 'end' else at_once} {which}"
    side = "before" if point.offset_min < 0 else "after"
    edge = "the end of " if point.edge == "end" else "the start of " if side == "after" else ""
    return f"{abs(point.offset_min)} minutes {side} {edge}{which}"


def days(item: ServiceTime) -> str:
    """The days or dates in words, or `day not stated`."""
    said = [*_runs(item.days), *(dated(text) for text in item.dates)]
    return ", ".join(said) or "day not stated"


def _runs(codes: Sequence[str]) -> Iterable[str]:
    """Three or more weekdays in a row are said as a span."""
    weekdays = sorted({WEEKDAYS.index(code) for code in codes if code in WEEKDAYS})
    spans: list[list[int]] = []
    for number in weekdays:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    for span in spans:
        names = [DAYS[WEEKDAYS[number]] for number in span]
        yield from [f"{names[0]} to {names[-1]}"] if len(span) > 2 else names
    yield from (day(code) for code in codes if code not in WEEKDAYS)


def day(code: str) -> str:
    """A day code (RFC 5545, `HD`, `HDV`, `PH`) in words; an unknown one stays as it is."""
    match = _NTH_DAY.fullmatch(code)
    if code in DAYS or match is None or match[2] not in WEEKDAYS:
        return DAYS.get(code, code)
    nth = ORDINALS.get(int(match[1]), match[1]) if match[1] else "Every"
    said = f"{nth} {DAYS[match[2]]}"
    if not match[3]:
        return said
    count, side = abs(int(match[3])), "after" if match[3][0] == "+" else "before"
    return f"{'Day' if count == 1 else f'{count} days'} {side} the {said[0].lower()}{said[1:]}"


def dated(text: str) -> str:
    """An ISO date, `MM-DD`, a range of either, or a feast id, in words."""
    first, range_mark, last = text.partition("..")
    if range_mark:
        return f"{dated(first)} to {dated(last)}"
    try:
        if re.fullmatch(r"\d\d-\d\d", text):
            return f"{date.fromisoformat(f'2024-{text}'):%B %-d}{NO_YEAR}"
        return f"{date.fromisoformat(text):%A, %B %-d, %Y}"
    except ValueError:
        return text.replace("_", " ").capitalize()


def languages(codes: Iterable[str]) -> str:
    """Names of languages, or the code where we have no name."""
    return ", ".join(LANGUAGES.get(code, code) for code in codes)


def title(item: ServiceTime) -> str:
    """The service with its language and rite: `Mass (Spanish)`."""
    details = [part for part in (languages(item.language), item.rite and item.rite.replace("_", " ")) if part]
    return SERVICES[item.service] + (f" ({', '.join(details)})" if details else "")


def address(parish: Parish) -> str:
    """The address on one line; empty when none is known."""
    region = " ".join(part for part in (parish.state, parish.zip) if part)
    return ", ".join(part for part in (parish.street, parish.city, region) if part)


def season(text: str) -> str:
    """`06-01..08-31` → `June 1 to August 31`; `lent` → `Lent`."""
    return ", ".join(_yearly(part.strip()) for part in text.split(","))


def exception(text: str) -> str:
    """A day code, a date, a range or the page's own words."""
    return day(text) if _NTH_DAY.fullmatch(text) or text in DAYS else _yearly(text)


def _yearly(text: str) -> str:
    """A date or range; days of the year need no remark that they have no year. Other words stay as they are."""
    if re.match(r"\d", text):
        return dated(text).replace(NO_YEAR, "")
    return dated(text) if re.fullmatch(r"[a-z0-9_.]+", text) else text
