"""From a draft to a published service time: the checks, the subtype, the evidence, the confidence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

from vitality.pages.document import Line
from vitality.pages.grammar.draft import Draft, feast_of, weekday_of
from vitality.pages.grammar.vocabulary import FEASTS, WEEK
from vitality.pages.schedule_confidence import confidence_of
from vitality.pages.schedule_mentions import mention, sentence_around
from vitality.pages.source_map import Text
from vitality.records import (
    EVERY_OTHER_WEEK,
    Evidence,
    Page,
    RelativeTime,
    Service,
    ServiceTime,
    Span,
    Subtype,
    TimeStatus,
)

_FIRST_HOUR: Final = 4 * 60 + 30
_EVERY_OTHER: Final = re.compile(
    r"\b(?:every (?:other|second|2nd) (?:week|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|alternat(?:e|ing) (?:weeks?|\w+days?)"
    r"|bi-?weekly|fortnight(?:ly)?|cada (?:dos|2) semanas|cada quince d[ií]as|quincenal(?:mente)?)\b",
    re.IGNORECASE,
)
_THIS_DAY: Final = re.compile(
    r"\b(?:this|next|this coming|este|esta|pr[oó]xim[oa])\s+(?:sun|mon|tues|wednes|thurs|fri|satur)day\b"
    r"|\b(?:este|pr[oó]ximo)\s+(?:domingo|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado)\b",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(
    r"\b(?:sun|mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|week)(?:days?)?\b|\b(?:domingo|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado)s?\b",
    re.IGNORECASE,
)
_AGES: Final = re.compile(r"\b(?:ages?|aged|grades?|edades)\s+(?:of\s+)?(?:k|pre-?k|\d)", re.IGNORECASE)
HOLY_WEEK: Final = "holy_week"
_FEAST_OF_WEEKDAY: Final = {"TH": "holy_thursday", "FR": "good_friday"}
_BY_DAY: Final = frozenset({"mass", "confession", "divine_liturgy", "rosary", "stations"})


def item_of(
    draft: Draft, line: Line, page: Page, year: int | None, labels: list[Line], extractor: str
) -> ServiceTime | str:
    """The service time that a draft states, or the reason why it may not be published."""
    reason = _refusal(draft) or _refusal_by_line(draft, line.words.text)
    if reason:
        return reason
    evidence = _evidence(draft, line, page, labels)
    if evidence is None:
        return "its words are not found in the page"
    assert draft.named is not None  # noqa: S101  # _refusal has said so
    dates = with_years(draft.dates, draft.feast, year)
    dates = dates or _near(draft, year) or _of_holy_week(draft, year)
    if not dates and draft.beside:
        return "a day beside a feast whose year is not stated"
    if not dates and draft.season and HOLY_WEEK in draft.season.split(","):
        if not draft.recurring:
            return "a day of Holy Week whose date is not stated"
        draft.season = None
    days = () if dates else tuple("HDV" if day == "HD" and draft.vigil else day for day in draft.days)
    days = _night_of(days, draft)
    start = _wall(draft.minutes) if draft.relative is None and draft.clock is not None else None
    if draft.perpetual:
        start, days = "00:00", days or (() if dates else WEEK)
    dates = _midnight(dates, draft)
    end = "00:00" if draft.perpetual else _wall(draft.until_minutes) if draft.until is not None else None
    return ServiceTime(
        service=Service(draft.named.service),
        days=days,
        dates=dates,
        kind="dated" if dates else "regular",
        start=start,
        end=end,
        start_rel=_relative(draft),
        subtype=_subtype(draft, days, dates, start),
        language=draft.language,
        rite=draft.named.rite,
        location=draft.place,
        season=None if dates else draft.season,
        except_=draft.except_,
        by_appointment=draft.appointment,
        status=TimeStatus.CANCELLED if draft.cancelled else TimeStatus.ACTIVE,
        notes=_notes(draft, line),
        inferred=tuple(draft.inferred),
        evidence=evidence,
        confidence=confidence_of(draft, line),
        extractor=extractor,
    )


def _notes(draft: Draft, line: Line) -> str | None:
    """What the fields cannot say: a service of every second week is no weekly one."""
    named = draft.named.notes if draft.named is not None else None
    rhythm = EVERY_OTHER_WEEK if _EVERY_OTHER.search(line.words.text) else None
    return "; ".join(each for each in (named, rhythm) if each) or None


def _refusal_by_line(draft: Draft, words: str) -> str:
    """What the words around a time say against it: an occasion without its date, or numbers that are no hours."""
    sentence = sentence_around(words, draft.start, draft.end)
    if draft.days and not draft.dates and _THIS_DAY.search(sentence if _WEEKDAY.search(sentence) else words):
        return "one occasion whose date is not stated"
    if "ampm" in draft.inferred and _AGES.search(words):
        return "ages or grades, not hours"
    return mention(words, draft.start, draft.end)


def _refusal(draft: Draft) -> str:
    if draft.reason:
        return draft.reason
    if draft.named is None:
        return "no service is named"
    if not draft.named.service:
        return "belongs to another activity"
    if draft.perpetual and draft.named.service != "adoration":
        return "opening hours"
    if draft.named.service in _BY_DAY and draft.clock is not None and 30 <= (draft.minutes or 0) < _FIRST_HOUR:
        return "no such hour for this service: a slip of the page"
    if (
        draft.named.service in _BY_DAY
        and draft.clock is not None
        and not (draft.clock.hour or draft.clock.minute or draft.clock.half)
    ):
        return "a place kept for an hour"
    if draft.appointment and draft.clock is None:
        return ""
    if not draft.days and not draft.dates and not draft.perpetual and draft.relative is None:
        return "no day is known"
    if draft.relative is not None and not draft.days and not draft.dates:
        return "no day is known"
    return ""


def _wall(minutes: int | None) -> str | None:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}" if minutes is not None else None


def _relative(draft: Draft) -> RelativeTime | None:
    relative = draft.relative
    if relative is None:
        return None
    clock = _wall(draft.minutes) if relative.clock is not None else None
    edge = "end" if relative.edge == "end" else "start"
    return RelativeTime(
        anchor=relative.anchor, anchor_time=clock, edge="end" if edge == "end" else "start", offset_min=relative.offset
    )


def _night_of(days: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    """Midnight printed behind a day is the Mass of the night that follows it."""
    mass = draft.named is not None and draft.named.service in ("mass", "divine_liturgy")
    if not mass or draft.minutes != 0 or draft.clock is None or not all(day[-2:] in WEEK for day in days):
        return days
    return tuple(f"{day}+1" if len(day) > 2 else WEEK[(WEEK.index(day) + 1) % 7] for day in days)


def _midnight(dates: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    """Midnight printed under a date is the Mass of the night that follows it."""
    if dates and draft.minutes == 0 and draft.clock is not None and re.fullmatch(r"(?:\d{4}-)?12-24", dates[0]):
        return (dates[0][:-2] + "25",)
    return dates


def _subtype(draft: Draft, days: tuple[str, ...], dates: tuple[str, ...], start: str | None) -> Subtype | None:
    if draft.named is None or draft.named.service != "mass":
        return None
    named = draft.named.subtype
    if named == "special":
        return Subtype.SPECIAL
    if dates:
        return _dated_subtype(draft, dates, start)
    kinds = {re.sub(r"[-+]?\d", "", day) for day in days}
    if kinds & {"HDV"} or (kinds & {"HD"} and draft.vigil):
        return Subtype.HOLY_DAY_VIGIL
    if "HD" in kinds:
        return Subtype.HOLY_DAY
    if kinds == {"SU"}:
        return Subtype.SUNDAY
    if kinds == {"SA"}:
        return Subtype.VIGIL if draft.vigil or (start or "") >= "15:00" else Subtype.DAILY
    return Subtype.DAILY


def _dated_subtype(draft: Draft, dates: tuple[str, ...], start: str | None) -> Subtype:
    feast = feast_of(draft.feast) or next(
        (name for name, row in FEASTS.items() if row[1] and row[1] == dates[0][-5:]), ""
    )
    if dates[0][-5:] in ("08-14", "10-31", "12-07", "12-31", "12-24") or (feast and draft.vigil):
        return Subtype.HOLY_DAY_VIGIL
    if feast:
        return Subtype(FEASTS[feast][2])
    weekday = weekday_of(draft.feast) or _weekday(dates[0])
    if weekday == "SU":
        return Subtype.SUNDAY
    if weekday == "SA" and ((start or "") >= "15:00" or draft.vigil):
        return Subtype.VIGIL
    return Subtype.DAILY


def _weekday(day: str) -> str:
    try:
        return WEEK[date.fromisoformat(day).weekday()]
    except ValueError:
        return ""


def with_year(day: str, feast: str, year: int | None) -> str:
    """A date with the page's year, or the one next to it that fits the printed weekday."""
    if year is None or not re.fullmatch(r"\d\d-\d\d", day):
        return day
    weekday = weekday_of(feast)
    for candidate in (year, year + 1, year - 1):
        full = f"{candidate}-{day}"
        if _weekday(full) and (not weekday or _weekday(full) == weekday):
            return full
    return day


def with_years(days: tuple[str, ...], feast: str, year: int | None) -> tuple[str, ...]:
    """The dates of one list with their years: the printed weekday is that of the first, the others are near it."""
    if not days:
        return ()
    first = with_year(days[0], feast, year)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", first):
        return (first, *days[1:])
    return (first, *(_beside(day, first) for day in days[1:]))


def _beside(day: str, first: str) -> str:
    """A date `MM-DD` in the year in which it is less than half a year from `first`; any other as it is."""
    if not re.fullmatch(r"\d\d-\d\d", day):
        return day
    months = int(day[:2]) - int(first[5:7])
    full = f"{int(first[:4]) + (months < -6) - (months > 6)}-{day}"
    return full if _weekday(full) else day


def _near(draft: Draft, year: int | None) -> tuple[str, ...]:
    """The dates of the weekdays that a line names under a dated heading: within three days of it."""
    if draft.near is None:
        return ()
    anchor = with_year(*draft.near, year)
    weekday = weekday_of(draft.near[1]) or _weekday(anchor)
    if weekday not in WEEK or any(day not in WEEK for day in draft.days):
        return ()
    shifts = [(WEEK.index(day) - WEEK.index(weekday) + 3) % 7 - 3 for day in draft.days]
    try:
        base = date.fromisoformat(anchor if len(anchor) == 10 else f"2024-{anchor}")
    except ValueError:
        return ()
    return tuple((base + timedelta(days=shift)).isoformat()[-len(anchor) :] for shift in shifts)


def _of_holy_week(draft: Draft, year: int | None) -> tuple[str, ...]:
    """The dates of weekdays that are said to be those of Holy Week, in a year that the page states."""
    if not draft.season or HOLY_WEEK not in draft.season.split(",") or draft.recurring:
        return ()
    if any(day not in WEEK[:5] for day in draft.days):
        return ()  # two Sundays and the eve of either bound it
    if year is None:
        feasts = tuple(_FEAST_OF_WEEKDAY[day] for day in draft.days if day in _FEAST_OF_WEEKDAY)
        return feasts if len(feasts) == len(draft.days) else ()
    monday = easter(year) - timedelta(days=6)
    return tuple((monday + timedelta(days=WEEK.index(day))).isoformat() for day in draft.days)


def _evidence(draft: Draft, line: Line, page: Page, labels: list[Line]) -> Evidence | None:
    words = line.words
    low, high = _trim(words.text, draft.start, draft.end)
    start, end = words.source_start(low), words.source_end(high)
    context = [_span(label.words, page) for label in labels]
    if "<" in page.text[start:end] or "&" in page.text[start:end] or end <= start:
        at, to = _trim(words.text, *draft.at)
        start, end = words.source_start(at), words.source_end(to)
        if "<" in page.text[start:end]:
            start, end = words.run_at(at)
    quote = page.text[start:end]
    if not quote.strip():
        return None
    spans = tuple(span for span in context if span is not None)
    return Evidence(url=page.url, content_hash=page.content_hash, quote=quote, start=start, end=end, context=spans)


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high - 1 and text[low].isspace():
        low += 1
    while high > low + 1 and text[high - 1].isspace():
        high -= 1
    return low, high


def _span(words: Text, page: Page) -> Span | None:
    """The longest literal piece of a label."""
    piece = max((p for p in words.pieces if p.end > p.start), key=lambda p: p.end - p.start, default=None)
    if piece is None:
        return None
    quote = page.text[piece.start : piece.end]
    return Span(quote=quote, start=piece.start, end=piece.end)
