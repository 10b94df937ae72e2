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
        "Los",
        "El",
        "La",
        "Las",
        "En",
    ]
)


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
        following = self.text_at(at + 1)
        if not token.text.endswith(".") or not (following[:1].isupper() or following[:1].isdigit()):
            return
        dotted = token.text[-3:-2] == "." or token.text[-4:-2] in (". ", ".\u00a0")
        if token.kind == "time" and dotted:
            ends = self.kind_at(at + 1) in ("word", "each") and following in (
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
                "Los",
                "El",
                "La",
                "Las",
                "En",
            )
        elif token.kind == "time":
            ends = True
        else:
            ends = len(token.text) > (6 if token.kind in ("month", "day", "feast") else 4)
        if ends:
            self.add(Element("break", token.end - 1, token.end, weight=3))
