"""What a statement says of those before it: other days for the same hours, an hour that falls away, an end."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

from vitality.pages.grammar.clause import Clause
from vitality.pages.grammar.draft import Draft
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.vocabulary import WEEK

_SAME: Final = frozenset({"it", "this", "they", "these"})
"""Words that mean the service spoken of before."""
_HAPPENS: Final = frozenset({"is", "are", "happens", "happen", "takes", "take", "goes", "continues", "will"})
_BESIDES: Final = frozenset({"also", "too", "additional", "plus", "and"})
_KEPT_UP: Final = frozenset({"adoration", "holy_hour"})
"""Services that go on until another brings them to an end."""


def look_back(reading: Clause, drafts: list[Draft], found: list[Draft]) -> list[Draft]:
    """All drafts of the line so far, `found` being those of `reading`, with what it says of the earlier ones done."""
    bracket = bool(reading.elements) and bool(reading.elements[0].paren)
    if (reading.elements and reading.elements[0].code == "but") or (bracket and not _adds(reading)):
        _take_days(drafts, found)
    if bracket:
        drafts = [draft for draft in drafts if not _said_exactly(draft, found)]
        found = [draft for draft in found if not _falls_away(draft, drafts) and not _says_again(draft, drafts)]
    _keep_order(drafts, found)
    drafts = drafts + found
    _end(reading, drafts)
    return drafts + _other_days(reading, drafts)


def _adds(reading: Clause) -> bool:
    return any(e.code.lower() in _BESIDES for e in reading.elements)


def _take_days(drafts: list[Draft], found: list[Draft]) -> None:
    """Takes the days of "but Mon. and Thu. 6:30", or of "(Wed. 6:30)", away from the set before."""
    for later in found:
        if later.clock is None or later.cancelled:
            continue
        for draft in drafts:
            if draft.named != later.named or draft.dates or not draft.days or draft.place != later.place:
                continue
            rest = tuple(day for day in draft.days if day not in later.days)
            if rest:
                draft.days = rest
                draft.except_ += tuple(day for day in later.days if day[:-2] and day[-2:] in rest)


def _said_exactly(draft: Draft, found: list[Draft]) -> bool:
    """Whether a bracket prints the hours of what was told by another service: "after the 8:00 Mass (8:30-9:45)"."""
    return draft.relative is not None and any(
        later.clock is not None and later.named == draft.named and later.days == draft.days and not later.cancelled
        for later in found
    )


def _says_again(draft: Draft, drafts: list[Draft]) -> bool:
    """Whether a bracket repeats the hour before it in words: "12:00 AM (Midnight)"."""
    last = drafts[-1] if drafts else None
    if last is None or draft.clock is None or draft.minutes != last.minutes or draft.named != last.named:
        return False
    return (draft.days, draft.dates, draft.season) == (last.days, last.dates, last.season) and not draft.language


def _falls_away(draft: Draft, drafts: list[Draft]) -> bool:
    """Makes "(no 9:15 in July)" an exception of the 9:15 that was named before."""
    if not draft.cancelled or draft.season is None or draft.clock is None:
        return False
    for earlier in drafts:
        same = (
            earlier.clock is not None
            and earlier.minutes is not None
            and earlier.minutes % 720 == (draft.minutes or 0) % 720
        )
        if same and not earlier.cancelled:
            earlier.except_ += (draft.season,)
            return True
    return False


def _keep_order(drafts: list[Draft], found: list[Draft]) -> None:
    """A bare hour behind one of the afternoon of the same day is the next that comes: "6:45 Benediction; 7:00 Mass"."""
    if not drafts:
        return
    last = drafts[-1]
    for draft in found:
        same = (draft.days, draft.dates) == (last.days, last.dates) and draft.clock is not None
        if not same or "ampm" not in draft.inferred or draft.minutes is None or last.minutes is None:
            return
        if not last.minutes >= 720 or not draft.minutes < last.minutes <= draft.minutes + 720 < 1440:
            return
        draft.minutes += 720
        if draft.until_minutes is not None and draft.until is not None and not draft.until.half:
            draft.until_minutes = (
                (draft.until_minutes + 720) % 1440 if draft.until_minutes < 720 else draft.until_minutes
            )


def _end(reading: Clause, drafts: list[Draft]) -> None:
    """Such as "and closes with Benediction at 5:20" ends the adoration before it."""
    for start in reading.closing_times():
        closing = next((draft for draft in drafts if draft.at[0] == start), None)
        if closing is None or closing.clock is None:
            continue
        for earlier in reversed(drafts):
            if earlier is closing or earlier.named is None or earlier.named.service not in _KEPT_UP:
                continue
            if earlier.until is None and earlier.days == closing.days and earlier.dates == closing.dates:
                earlier.until, earlier.until_minutes = closing.clock, closing.minutes
                if closing.named == earlier.named:
                    drafts.remove(closing)
            break


def _only_says_where(reading: Clause) -> bool:
    """Whether a statement is a day and a place: the second of "8:00am: Mon at St. Ann; Tues at Holy Name"."""
    return all(e.kind in ("day", "place", "break") or (e.kind == "word" and not e.code) for e in reading.elements)


def _speaks_of_it(reading: Clause) -> bool:
    """Whether the statement's subject is the one before it: "it is held", "this happens"."""
    words = [e.code.lower() for e in reading.elements]
    return any(word in _SAME and after in _HAPPENS for word, after in itertools.pairwise(words))


def _says_more(reading: Clause, days: list[Element]) -> bool:
    """Whether a statement has a service or date of its own; what comes behind its day and a break is another matter."""
    parted = next((e.start for e in reading.elements if e.kind == "break" and days and e.start >= days[0].end), 1 << 30)
    return any(e.kind in ("service", "date", "no") and e.start < parted for e in reading.elements)


def _other_days(reading: Clause, drafts: list[Draft]) -> list[Draft]:
    """Such as "It takes place every Sunday": days for the statement before it, or further ones at the same hours."""
    days = [e for e in reading.elements if e.kind == "day"]
    if len(days) != 1 or reading.times or _says_more(reading, days) or not drafts:
        return []
    last = drafts[-1]
    if last.named is None or not last.named.service or last.dates or last.cancelled:
        return []
    if not last.days:
        if last.clock is not None:
            last.days = days[0].days
        return []
    places = [e.code for e in reading.elements if e.kind == "place"]
    elsewhere = bool(places) and last.place is not None and last.clock is not None and _only_says_where(reading)
    if not (elsewhere or _speaks_of_it(reading)) or not set(days[0].days) <= set(WEEK):
        return []
    seasons = [e.code for e in reading.elements if e.kind == "season"]
    where = (days[0].start, days[0].end)
    return [
        replace(
            draft,
            days=days[0].days,
            season=",".join(dict.fromkeys(seasons)) or (draft.season if elsewhere else None),
            place=places[0] if elsewhere else draft.place,
            except_=(),
            start=where[0],
            end=where[1],
            at=where,
            inferred=[*draft.inferred, "start"],
        )
        for draft in drafts
        if draft.group == last.group and draft.named == last.named
    ]
