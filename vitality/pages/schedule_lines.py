"""Which lines of a page are worth reading: those that may tell something of services, days or hours."""

from __future__ import annotations

import re
from typing import Final

from vitality.pages.grammar.vocabulary import MEANINGS

_SHORT: Final = 120
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[a-z]+")
_NAMING: Final = frozenset(
    [
        "suspended",
        "suspend",
        "confession",
        "confessions",
        "reconciliation",
        "penance",
        "adoration",
        "exposed",
        "mass",
        "masses",
        "misa",
        "misas",
        "confesiones",
    ]
)
"""Words without which a long line without a digit or a word of `_TIMING` tells nothing."""
_TIMING: Final = frozenset(
    [
        "noon",
        "midnight",
        "mediod",
        "medianoche",
        "appointment",
        "appointments",
        "arrangement",
        "cita",
        "before",
        "prior",
        "after",
        "antes",
        "despu",
        "request",
        "requests",
        "perpetual",
        "around",
        "truoc",
        "tr",
        "przed",
        "once",
        "soon",
        "follow",
        "follows",
        "following",
        "followed",
        "afterward",
        "afterwards",
        "call",
        "terminar",
        "ahead",
    ]
)
"""Words, or their beginnings before an accent, without which a line without a digit states no time."""
_TELLING: Final = frozenset(
    [
        "service",
        "day",
        "feast",
        "season",
        "language",
        "month",
        "no",
        "appointment",
        "perpetual",
        "noon",
        "midnight",
        "church",
        "past",
    ]
)
"""Kinds of the words that tell something of a schedule."""
_CONNECTIVES: Final = frozenset(
    [
        "the",
        "a",
        "of",
        "in",
        "all",
        "and",
        "for",
        "by",
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "en",
        "on",
        "to",
        "at",
        "i",
        "we",
        "s",
        "m",
        "t",
        "w",
        "f",
        "r",
        "not",
        "is",
        "as",
        "if",
        "be",
        "no",
        "do",
    ]
)
"""Words that begin phrases of those kinds, and most other sentences too."""
_BEGINNINGS: Final = frozenset(
    phrase.split(" ", 1)[0][:4]
    for phrase, meaning in MEANINGS.items()
    if meaning.kind in _TELLING and phrase.split(" ", 1)[0] not in _CONNECTIVES
) | {"sain", "our", "holy", "sacr", "st"}
"""First letters of the words that tell something of a schedule."""


def may_matter(text: str) -> bool:
    """Whether a line has a digit or a word of schedules; a long one must speak of hours, or name a service."""
    if len(text) <= _SHORT or text.rstrip().endswith(":"):
        return may_tell(text)
    if _DIGIT.search(text):
        return True
    words = _WORD.findall(text.lower())
    return not (_TIMING.isdisjoint(words) and _NAMING.isdisjoint(words))


def may_tell(text: str) -> bool:
    """Whether a line holds a digit, a letter beyond ASCII, or a word of the vocabulary."""
    if not text.isascii() or _DIGIT.search(text):
        return True
    return not _BEGINNINGS.isdisjoint([word[:4] for word in _WORD.findall(text.lower())])


def may_time(text: str) -> bool:
    """Whether a line may state a time, in figures or in words."""
    return bool(_DIGIT.search(text)) or not _TIMING.isdisjoint(_WORD.findall(text.lower()))
