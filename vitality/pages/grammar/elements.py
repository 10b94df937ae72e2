"""The parts of a schedule statement, built from tokens: day sets, dates, times, services, modifiers, breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vitality.pages.grammar.vocabulary import Named

MERE_WORDS: Final = frozenset({"word", "break", "open", "close", "phone"})
"""Kinds of elements that by themselves state nothing, and that no reader changes."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as printed; `half` is `a` or `p`, or empty where it is not printed."""

    hour: int
    minute: int
    half: str = ""
    around: bool = True
    """Counts in hours to 12; False when its form shows a 24-hour clock."""

    def minutes(self, half: str = "") -> int:
        """Minutes after midnight, with `half` standing in where none is printed."""
        which = self.half or half
        if not self.around or not which:
            return (self.hour % 24) * 60 + self.minute
        return (self.hour % 12 + (12 if which == "p" else 0)) * 60 + self.minute


@dataclass(frozen=True, slots=True)
class Relative:
    """A time given by another service: `offset` minutes (negative: before), None when not said."""

    anchor: str
    edge: str
    offset: int | None
    clock: Clock | None = None


@dataclass(slots=True)
class Element:
    """One part of a statement; `kind` is one of day, date, time, service, language, place, season, except, no, appointment, past, half, perpetual, break, open, close, word."""

    kind: str
    start: int
    end: int
    days: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    clock: Clock | None = None
    until: Clock | None = None
    relative: Relative | None = None
    named: Named | None = None
    code: str = ""
    weight: int = 0
    """Of a break: 1 parts list members, 2 parts statements."""
    paren: int = 0
    """Number of the bracket pair it stands in, 0 outside."""
    scanned: bool = False
    more: tuple[Named, ...] = ()
    half: str = ""
    flags: tuple[str, ...] = ()
