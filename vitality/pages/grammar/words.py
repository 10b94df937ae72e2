"""What a printed word means by itself: known, plural of a day, a number, or a day or service with one slip of the pen."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from vitality.pages.grammar.vocabulary import FIRST_WORDS, MEANINGS, NUMBER_WORDS, Meaning, fold

_MISTYPED: Final = (
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "adoration",
    "confession",
    "confessions",
    "reconciliation",
    "benediction",
    "exposition",
)
"""Words that are known in spite of one slip."""


def _second_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for first, second, *_more in (phrase.split(" ") for phrase in MEANINGS if " " in phrase):
        found.setdefault(first, set()).add(second)
    return {first: frozenset(seconds) for first, seconds in found.items()}


_SECONDS: Final = _second_words()


class Word(NamedTuple):
    """A word as printed: folded, and what it means where no longer phrase begins with it."""

    folded: str
    longest: int
    """Words of the longest phrase that begins with it; 0 when none does."""
    seconds: frozenset[str]
    """Words that may follow it in a phrase."""
    known: bool
    """It is a phrase of the vocabulary by itself."""
    kind: str = "word"
    meaning: Meaning | None = None
    number: int = -1
    scanned: bool = False
    """Known in spite of a slip."""


@lru_cache(maxsize=20_000)
def word_of(printed: str) -> Word:
    """The meaning of a printed word; kept, since a page says the same few words again and again."""
    folded = fold(printed.rstrip("."))
    word = Word(folded, FIRST_WORDS.get(folded, 0), _SECONDS.get(folded, frozenset()), folded in MEANINGS)
    return word if word.known else _guessed(word)


def _guessed(word: Word) -> Word:
    bare = word.folded.replace("-", "")
    if bare.endswith("s") and bare[:-1] in MEANINGS and len(bare) > 4 and MEANINGS[bare[:-1]].kind == "day":
        return word._replace(kind="day", meaning=MEANINGS[bare[:-1]])
    if bare in NUMBER_WORDS:
        return word._replace(kind="numeral", number=NUMBER_WORDS[bare])
    if len(bare) >= 6:
        for right in _MISTYPED:
            if abs(len(right) - len(bare)) <= 1 and bare[0] == right[0] and _one_slip(bare, right):
                return word._replace(kind=MEANINGS[right].kind, meaning=MEANINGS[right], scanned=True)
    return word


def _one_slip(one: str, other: str) -> bool:
    """Whether the words differ by one letter put in, left out, changed, or two swapped."""
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    a, b = one[head:], other[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
