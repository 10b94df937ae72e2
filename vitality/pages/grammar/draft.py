"""What is known before a statement is read, and one service time as the statement gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from vitality.pages.grammar.elements import Clock, Relative
from vitality.pages.grammar.vocabulary import FEASTS, Named


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a line before it is read: from headings, labels, table headers and the lines above."""

    named: Named | None = None
    days: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    feast: str = ""
    place: str | None = None
    season: str | None = None
    language: tuple[str, ...] = ()
    rite: str | None = None
    half: str = ""
    appointment: bool = False
    cancelled: bool = False
    clock24: bool = False
    above: tuple[str, str] | None = None
    """The date that holds before the line, and its weekday or feast."""
    carried: bool = False
    """The days come from an earlier statement of the same line."""


@dataclass(slots=True)
class Draft:
    """One service time as a line states it; `start` and `end` are the statement in the line, `at` is the time."""

    named: Named | None
    days: tuple[str, ...]
    dates: tuple[str, ...]
    start: int
    end: int
    at: tuple[int, int]
    clock: Clock | None = None
    until: Clock | None = None
    relative: Relative | None = None
    language: tuple[str, ...] = ()
    place: str | None = None
    season: str | None = None
    except_: tuple[str, ...] = ()
    appointment: bool = False
    cancelled: bool = False
    perpetual: bool = False
    feast: str = ""
    minutes: int | None = None
    until_minutes: int | None = None
    inferred: list[str] = field(default_factory=list)
    reason: str = ""
    """Why it may not be published; empty when it may."""
    vigil: bool = False
    group: int = 0
    half: str = ""
    recurring: bool = False
    """The line says that its day comes again and again ("Saturdays", "every Saturday")."""
    near: tuple[str, str] | None = None
    """The date of the heading above, where the line itself names a weekday; and that date's weekday or feast."""
    beside: bool = False
    """`near` is a date of the same line: the weekday is the one beside it, never a standing one."""


def feast_of(code: str) -> str:
    """The feast in what is said beside a date ("christmas", "weekday:FR", or both with a blank between); else empty."""
    return next((word for word in code.split() if word in FEASTS), "")


def weekday_of(code: str) -> str:
    """The printed weekday in what is said beside a date, as RFC 5545's two letters; else empty."""
    return next((word[8:] for word in code.split() if word.startswith("weekday:")), "")
