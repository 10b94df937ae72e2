"""Cuts a line into tokens: times, numbers, days, services and the other phrases of `vocabulary`, in one pass."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from vitality.pages.grammar.vocabulary import FIRST_WORDS, MEANINGS, Meaning, fold
from vitality.pages.grammar.words import Word, word_of

_HALF = r"(?:\s?[aApP]\.?\s?[mM]\b\.?|[aApP](?![A-Za-z])\.?|\s?[aApP]\.?[mM]\.?(?=[A-Z0-9]))"
_LEXEMES = re.compile(
    rf"""
    (?=\S)(?:
    (?P<plain>[A-Za-z]++(?=[\s,;()!?&|]|\Z))
  | (?P<junk>(?:https?://|www\.)[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]+|\(?\b\d{{3}}\)?[-.\s]{{1,2}}\d{{3}}[-.\s]\d{{4}}\b|\b\d{{3}}-\d{{4}}\b|[$£€]\s?\d[\d.,]*|\b\d+\s?%)
  | (?P<always>\b24\s?/\s?7\b)
  | (?P<iso>\b\d{{4}}-\d\d-\d\d\b)
  | (?P<half_hour>(?<![\d:./-])1/2(?=[\s-](?:an\s)?(?:hour|hr)))
  | (?P<slashed>(?<![\d:./])(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9])(?:/(?:20)?\d\d)?(?![\d/]|:\d))
  | (?P<scan>(?<![\w:])(?=[0-9]*[OSlI][0-9OSlI]*:|[0-9]+:[0-9]*[OSlI])[0-9OSlI]{{1,2}}:[0-5OSlI][0-9OSlI](?P<scan_half>\s?[aApP]\.?\s?[mM]\b\.?))
  | (?P<clock>(?<![\d:/])(?P<ch>\d{{1,2}})\s?(?::|(?<=\d)(?P<dot>\.|,(?=(?:00|[3-5]\d)\b(?!,)|[0-5]\d\s?[hH](?![A-Za-z])))(?=\d\d))\s?(?P<cm>[0-5]\d)(?!\d|:\d|\.\d)(?P<chalf>{_HALF})?)
  | (?P<hour_h>(?<![\d:/])(?P<hh>\d{{1,2}})\s?[hH](?P<hm>[0-5]\d)?(?![A-Za-z0-9]))
  | (?P<compact>(?<![\d:/])(?P<kh>\d{{1,2}})(?P<km>[0-5]\d)(?P<khalf>{_HALF}))
  | (?P<whole>(?<![\d:/.])(?P<wh>\d{{1,2}})(?P<whalf>{_HALF}))
  | (?P<ordinal>\b\d{{1,2}}(?:st|nd|rd|th|ST|ND|RD|TH|St|Nd|Rd|Th)\b)
  | (?P<number>\d+)
  | (?P<dash>(?:-|â€“|â€”|~(?=\s?\d))+)
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*\.?)
  | (?P<mark>[^\w\s])
    )""",
    re.VERBOSE,
)
_AS_PRINTED: Final = {
    "plain": "word",
    "word": "word",
    "half_hour": "word",
    "mark": "mark",
    "dash": "dash",
    "junk": "junk",
    "always": "perpetual",
    "iso": "iso",
    "slashed": "slashed",
}
"""Lexemes that their print says all about, and the kind of token that they are."""
_BOOKS: Final = frozenset(
    [
        "gn",
        "gen",
        "genesis",
        "ex",
        "exodus",
        "lv",
        "nm",
        "dt",
        "deut",
        "jos",
        "is",
        "isaiah",
        "jer",
        "ez",
        "dn",
        "hos",
        "mal",
        "mt",
        "matt",
        "matthew",
        "mk",
        "mark",
        "lk",
        "luke",
        "jn",
        "john",
        "acts",
        "rom",
        "romans",
        "cor",
        "corinthians",
        "gal",
        "eph",
        "phil",
        "col",
        "thes",
        "tim",
        "ti",
        "heb",
        "hebrews",
        "jas",
        "pt",
        "rv",
        "rev",
        "psalm",
        "ps",
        "sir",
        "wis",
        "prv",
        "mateo",
        "marcos",
        "lucas",
        "juan",
    ]
)


class Token(NamedTuple):
    """A piece of a line: `kind` says what, the other fields what it means."""

    kind: str
    start: int
    end: int
    text: str
    meaning: Meaning | None = None
    hour: int = -1
    minute: int = 0
    half: str = ""
    """`a`, `p`, or empty."""
    exact: bool = False
    """A time that is one by its form (minutes or a.m./p.m. are printed)."""
    scanned: bool = False
    """Read in spite of a slip of scanning or typing."""
    style: str = ""

    @property
    def code(self) -> str:
        """The meaning's code."""
        return self.meaning.code if self.meaning else ""

    @property
    def days(self) -> tuple[str, ...]:
        """The meaning's days."""
        return self.meaning.days if self.meaning else ()


def tokenize(text: str) -> list[Token]:
    """The tokens of a line in order."""
    return _phrases([_lexeme(match) for match in _LEXEMES.finditer(text)])


def _half(printed: str | None) -> str:
    letters = (printed or "").strip().lower()
    return letters[0] if letters else ""


def _lexeme(match: re.Match[str]) -> Token:
    kind, text = match.lastgroup or "mark", match[0]
    start, end = match.span()
    if kind in _AS_PRINTED:
        return Token(_AS_PRINTED[kind], start, end, text)
    if kind == "clock":
        return _time(
            start, end, text, match["ch"], match["cm"], _half(match["chalf"]), "dot" if match["dot"] else "colon"
        )
    if kind == "scan":
        return _scanned(match)
    if kind == "hour_h":
        return _time(start, end, text, match["hh"], match["hm"] or "0", "", "h")
    if kind == "compact":
        return _time(start, end, text, match["kh"], match["km"], _half(match["khalf"]), "compact")
    if kind == "whole":
        return _time(start, end, text, match["wh"], "0", _half(match["whalf"]), "whole")
    if kind == "ordinal":
        number = int(text.rstrip("stndrhSTNDRH"))
        return Token("ordinal", start, end, text, Meaning("ordinal", number=number), hour=number)
    return Token("number", start, end, text, hour=int(text) if len(text) < 6 and text.isascii() else -1)


def _scanned(match: re.Match[str]) -> Token:
    """A time with letters that a scanner took for digits: "S:OO AM"."""
    half = match["scan_half"]
    digits = match[0][: len(match[0]) - len(half)].translate(str.maketrans("OSlI", "0511"))
    hour, minute = digits.split(":")
    return _time(match.start(), match.end(), match[0], hour, minute, _half(half), "colon")._replace(scanned=True)


def _time(start: int, end: int, text: str, hour: str, minute: str, half: str, style: str) -> Token:
    value = int(hour)
    good = value <= 24 and not (half and (value > 12 or value == 0) and not (value < 24 and half == "p"))
    if not good:
        return Token("number", start, end, text)
    if half and value > 12:
        half = ""
    return Token(
        "time",
        start,
        end,
        text,
        None,
        value,
        int(minute),
        half,
        True,
        style=style if len(hour) == 1 or not hour.startswith("0") else style + "0",
    )


def _phrases(lexemes: list[Token]) -> list[Token]:
    """Joins words to the longest phrases known."""
    tokens: list[Token] = []
    position, count = 0, len(lexemes)
    while position < count:
        token = lexemes[position]
        if token.kind == "word":
            word = word_of(token.text)
            if word.seconds and position + 1 < count and _goes_on(word, lexemes[position + 1]):
                token, position = _phrase(lexemes, position, word)
            else:
                token = _named(lexemes, position, position + 1, word.folded) if word.known else _guessed(token, word)
                position += 1
            tokens.append(token)
            continue
        if token.kind == "number" and token.text in FIRST_WORDS:
            joined, after = _phrase(lexemes, position, word_of(token.text))
            if joined.meaning is not None:
                tokens.append(joined)
                position = after
                continue
        if ": " in token.text and tokens and tokens[-1].kind == "month":
            tokens += _day_and_hour(token)
            position += 1
            continue
        if token.kind == "time" and tokens and not token.half and fold(tokens[-1].text.rstrip(".")) in _BOOKS:
            token = Token("junk", token.start, token.end, token.text)
        tokens.append(token)
        position += 1
    return tokens


def _day_and_hour(token: Token) -> list[Token]:
    """The day and the hour behind a month, which look like one time: the "30: 11" of "March 30: 11 AM"."""
    day, _colon, rest = token.text.partition(":")
    at = token.start + len(day)
    behind = [
        each._replace(start=each.start + at + 1, end=each.end + at + 1)
        for each in map(_lexeme, _LEXEMES.finditer(rest))
    ]
    return [
        Token("number", token.start, at, day, hour=int(day)),
        Token("mark", at, at + 1, ":"),
        *behind,
    ]


def _goes_on(word: Word, following: Token) -> bool:
    """Whether a phrase may begin with a word and what follows it."""
    if following.kind in ("word", "number"):
        return word_of(following.text).folded in word.seconds
    return following.kind == "dash"


def _phrase(lexemes: list[Token], position: int, word: Word) -> tuple[Token, int]:
    """The longest phrase that begins with a word, and where it ends."""
    longest = word.longest
    words, best, best_words = word.folded, 0, ""
    end = position
    while True:
        if words in MEANINGS:
            best, best_words = end + 1, words
        end += 1
        if end - position >= longest or end >= len(lexemes):
            break
        token = lexemes[end]
        if (
            token.kind == "dash"
            and end + 1 < len(lexemes)
            and lexemes[end + 1].kind == "word"
            and token.start == lexemes[end - 1].end
        ):
            end += 1
            longest += 1
            token = lexemes[end]
        if token.kind not in ("word", "number") or (
            lexemes[end - 1].text.endswith(".") and len(lexemes[end - 1].text) > 4
        ):
            break
        words = f"{words} {word_of(token.text).folded}"
    if best:
        return _named(lexemes, position, best, best_words), best
    return _guessed(lexemes[position], word), position + 1


def _named(lexemes: list[Token], first: int, last: int, words: str) -> Token:
    meaning = MEANINGS[words]
    start, end = lexemes[first].start, lexemes[last - 1].end
    text = lexemes[first].text if last == first + 1 else " ".join([token.text for token in lexemes[first:last]])
    if meaning.kind == "noon":
        return Token("time", start, end, text, meaning, 12, half="p", exact=True, style="noon")
    if meaning.kind == "midnight":
        return Token("time", start, end, text, meaning, 0, half="a", exact=True, style="midnight")
    return Token(meaning.kind, start, end, text, meaning, meaning.number)


def _guessed(token: Token, word: Word) -> Token:
    """A token with what its word means though the vocabulary lacks it."""
    if word.kind == "word":
        return token
    hour = word.number if word.kind == "numeral" else token.hour
    return Token(word.kind, token.start, token.end, token.text, word.meaning, hour, scanned=word.scanned)
