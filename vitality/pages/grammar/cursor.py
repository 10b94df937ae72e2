"""The tokens of a line, the elements found so far, and the moves that all readers of parts share."""

from __future__ import annotations

from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.tokens import Token

_SENTENCE_STARTS = frozenset(
    [
        "The",
        "On",
        "In",
        "There",
        "At",
        "This",
        "We",
        "A",
        "It",
        "Our",
        "Please",
        "For",
        "All",
        "No",
        "None",
        "Every",
        "Each",
        "During",
        "Now",
        "Los",
        "El",
        "La",
        "Las",
        "En",
    ]
)
_VERBS = frozenset(
    [
        "is",
        "are",
        "will",
        "may",
        "can",
        "begin",
        "begins",
        "start",
        "starts",
        "follow",
        "follows",
        "take",
        "takes",
        "has",
        "have",
        "es",
        "son",
        "sera",
        "seran",
        "hay",
    ]
)
"""Words that tell after a service's name that a sentence begins with it."""

_SHORTENED = frozenset(
    [
        "st",
        "fr",
        "dr",
        "mr",
        "ms",
        "sr",
        "jr",
        "mt",
        "vs",
        "etc",
        "am",
        "pm",
        "no",
        "ave",
        "apt",
        "ext",
        "min",
        "mins",
        "hr",
        "hrs",
        "eng",
        "sp",
        "span",
        "esp",
        "ing",
        "sra",
        "msgr",
        "rev",
        "incl",
        "aprox",
    ]
)
"""Abbreviations in small letters."""


class Cursor:
    """Tokens by index; an index behind the last has kind and text empty."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens, self.text = tokens, text
        self.found: list[Element] = []
        self.paren = 0
        self.depth: list[int] = []

    def add(self, element: Element) -> None:
        element.paren = self.depth[-1] if self.depth else 0
        self.found.append(element)

    def kind_at(self, at: int) -> str:
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def text_at(self, at: int) -> str:
        return self.tokens[at].text if at < len(self.tokens) else ""

    def break_after(self, at: int) -> None:
        """Puts a break behind a token that ends a sentence."""
        token = self.tokens[at]
        if not token.text.endswith("."):
            return
        following = self.text_at(at + 1)
        if not (following[:1].isupper() or following[:1].isdigit()):
            return
        if token.kind == "time" and token.text[-3:-2] in (".", " "):
            ends = (
                following.split(" ", 1)[0] in _SENTENCE_STARTS
                or self._new_statement(at + 1)
                or self._plain_words(at + 1)
                or self._labelled(at + 1)
            )
        elif token.kind == "time":
            ends = True
        else:
            ends = len(token.text) > (6 if token.kind in ("month", "day", "feast") else 4) or self._short_word(token)
        if ends:
            self.add(Element("break", token.end - 1, token.end, weight=3))

    def _new_statement(self, at: int) -> bool:
        """Whether a service name behind "p.m." has a time of its own ("7:00 p.m. Vigil at 5:30") or begins a sentence."""
        if self.kind_at(at) != "service":
            return False
        after = at + 1
        if self.text_at(after).lower() in _VERBS and self._served():
            return True
        while self.kind_at(after) in ("at", "from") or self.text_at(after) in (":", "-"):
            after += 1
        return self.kind_at(after) == "time" and after > at + 1

    def _short_word(self, token: Token) -> bool:
        """Whether a short word in small letters is no abbreviation: the "me." of "a concern for me. Beginning ..."."""
        word = token.text[:-1]
        return token.kind == "word" and word.isalpha() and word.islower() and len(word) > 1 and word not in _SHORTENED

    def _plain_words(self, at: int) -> bool:
        """Whether words of no schedule begin behind "p.m.": "9:00 a.m. Make this Lent a retreat"."""
        after = self.text_at(at + 1)
        return self.kind_at(at) == "word" and len(self.text_at(at)) > 1 and after.isalpha() and after.islower()

    def _labelled(self, at: int) -> bool:
        """Whether a day with a colon begins a statement: "11:30 a.m. Weekdays: 8:00"."""
        return self.kind_at(at) == "day" and self.text_at(at + 1) == ":"

    def _served(self) -> bool:
        """Whether the sentence so far has named a service."""
        for element in reversed(self.found):
            if element.kind == "service":
                return True
            if element.kind == "break" and element.weight > 2:
                return False
        return False
