"""Words and clock times that an editor's markup breaks apart: `<span>Sat</span><span>urday</span>`.

Site builders wrap each change of style in a span of its own. A reader sees one word; so the edge of a span parts
words unless the two pieces make a word of schedules, or a clock time, only together.
"""

from __future__ import annotations

import re
from typing import Final

from vitality.pages.grammar.vocabulary import MEANINGS

_SHORTEST: Final = 4
_WORDS: Final = frozenset(
    word for phrase in MEANINGS for word in phrase.split(" ") if len(word) >= _SHORTEST and word.isalpha()
)
_END: Final = re.compile(r"(?<![a-z])[a-z]{1,14}\Z", re.IGNORECASE)
_BEGINNING: Final = re.compile(r"[a-z]{1,14}(?![a-z])", re.IGNORECASE)
_CLOCKS: Final = (
    (re.compile(r"(?<!\d)\d{1,2}:\d\Z"), re.compile(r"\d(?!\d)")),
    (re.compile(r"(?<!\d)\d{1,2}\Z"), re.compile(r":\d\d(?!\d)")),
    (re.compile(r"(?<![\d:])1\Z"), re.compile(r"[0-2]:\d\d(?!\d)")),
    (re.compile(r"\d ?[ap]\Z", re.IGNORECASE), re.compile(r"m\b", re.IGNORECASE)),
    (re.compile(r"\d ?[ap]\.\Z", re.IGNORECASE), re.compile(r"m\.", re.IGNORECASE)),
)
"""Ends of what stands before an edge, and beginnings of what stands after it, that make one clock time."""


def is_broken(before: str, after: str) -> bool:
    """Whether the edge of an element between two runs of text parts a single word or clock time."""
    tail = before[-16:]
    if any(end.search(tail) and beginning.match(after) for end, beginning in _CLOCKS):
        return True
    end, beginning = _END.search(tail), _BEGINNING.match(after)
    return end is not None and beginning is not None and f"{end[0]}{beginning[0]}".lower() in _WORDS
