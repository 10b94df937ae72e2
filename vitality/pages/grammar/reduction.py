"""Turns the tokens of a line into elements: each part by the reader that knows it, the rest by what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vitality.pages.grammar.anchors import HALF_HOURS
from vitality.pages.grammar.elements import MERE_WORDS, Element
from vitality.pages.grammar.places import PlaceReader
from vitality.pages.grammar.tokens import Token, tokenize
from vitality.pages.grammar.vocabulary import Named, fold

_BREAKS: Final = {";": 2, "|": 2, "•": 2, "/": 2, ",": 1, "&": 1, "+": 1}
_TURNS: Final = frozenset({"while", "but", "mientras"})
_LEADING: Final = _TURNS | {fold(word) for word in HALF_HOURS}
"""Words without a meaning of their own at which a reader must look all the same."""
_SILENT: Final = frozenset({"to", "from", "on", "church", "monthly", "oclock"})
"""Kinds of tokens that only tell something to the reader of what stands beside them; none of `_READERS` begins there."""
_FOR_THE_DEAD: Final = frozenset({"†", "✝", "✞"})
"""Signs before a name of a dead person: the Mass is for them."""

_KEPT: Final = {
    "no": "no",
    "except": "except",
    "appointment": "appointment",
    "past": "past",
    "am": "half",
    "pm": "half",
    "perpetual": "perpetual",
    "language": "language",
    "other": "other",
    "only": "only",
    "announced": "announced",
    "alternate": "alternate",
    "followed": "followed",
    "replaced": "replaced",
    "theday": "theday",
    "theeve": "theeve",
}


_LONGEST_KEPT: Final = 120
"""Characters of a line that may come again: in a menu, a footer, on the next page of the site."""


def elements_of(text: str) -> list[Element]:
    """The elements of a line in order, with breaks between statements and list members."""
    if len(text) > _LONGEST_KEPT:
        return reduce_tokens(tokenize(text), text)
    line = kept_line(text)
    if line.mere_words:
        return line.elements
    # The reading of a statement changes its elements, so each reading gets its own.
    elements, line.elements = line.elements or reduce_tokens(line.tokens, text), []
    return elements


@dataclass(slots=True)
class KeptLine:
    """A short line: its elements where they are mere words or not handed out yet, its tokens where they are not."""

    tokens: list[Token]
    elements: list[Element]
    mere_words: bool


@lru_cache(maxsize=2_000)
def kept_line(text: str) -> KeptLine:
    """A short line, read once for all the places where it stands."""
    tokens = tokenize(text)
    elements = reduce_tokens(tokens, text)
    mere_words = {e.kind for e in elements} <= MERE_WORDS
    return KeptLine([] if mere_words else tokens, elements, mere_words)


def reduce_tokens(tokens: list[Token], text: str) -> list[Element]:
    """The elements that the tokens of a line make."""
    return Reduction(tokens, text).run()


class Reduction(PlaceReader):
    """One pass over the tokens of a line."""

    def run(self) -> list[Element]:
        tokens, at = self.tokens, 0
        while at < len(tokens):
            token = tokens[at]
            kind, text = token.kind, token.text
            if kind == "word" and fold(text) not in _LEADING:
                self.found.append(
                    Element("word", token.start, token.end, code=text, paren=self.depth[-1] if self.depth else 0)
                )
            elif kind in _SILENT or (kind == "each" and self.kind_at(at + 1) not in ("each", "ordinal")):
                self.add(Element("word", token.start, token.end))
            else:
                at = self.step(at)
                continue
            if text[-1] == ".":
                self.break_after(at)
            at += 1
        return self.found

    def step(self, at: int) -> int:
        for read in _READERS.get(self.tokens[at].kind, ()):
            after = read(self, at)
            if after:
                if self.found and self.found[-1].kind != "break":
                    self.break_after(after - 1)
                return after
        return self.read_rest(at)

    def read_rest(self, at: int) -> int:
        """What no other reader took: brackets, services, modifiers, marks and words."""
        token = self.tokens[at]
        if token.text in ("(", "[", "{"):
            return self._open(at)
        if token.text in (")", "]", "}"):
            return self._close(at)
        if token.kind == "service":
            self._service(token)
        elif token.kind == "season":
            self.add(Element("season", token.start, token.end, code=token.code))
        elif token.kind in _KEPT:
            half = token.kind[0] if token.kind in ("am", "pm") else ""
            self.add(Element(_KEPT[token.kind], token.start, token.end, code=token.code, half=half))
        elif token.kind == "dash" and self._denies_another_day(at + 1):
            self.add(Element("break", token.start, token.end, weight=2))
        elif token.kind in ("at", "dash") or token.text in ("@", "~"):
            after = self.read_place(at)
            if after:
                self.break_after(after - 1)
                return after
        elif token.kind == "junk" and token.text[:1] in "(0123456789":
            self.add(Element("phone", token.start, token.end))
        else:
            self._mark_or_word(at)
            after = self.read_listed_place(at) if token.text in (",", ":") else 0
            if after:
                return after
        self.break_after(at)
        return at + 1

    def _denies_another_day(self, at: int) -> bool:
        """Whether words behind a dash deny a day of their own: "8 pm - no exposition on Easter Sunday"."""
        if self.kind_at(at) != "no" or not any(e.kind == "time" for e in self.found):
            return False
        return any(
            self.kind_at(step) in ("day", "feast", "month") for step in range(at + 1, min(at + 6, len(self.tokens)))
        )

    def _open(self, at: int) -> int:
        token = self.tokens[at]
        self.paren += 1
        self.depth.append(self.paren)
        self.add(Element("open", token.start, token.end))
        return self.read_place(at) or at + 1

    def _close(self, at: int) -> int:
        token = self.tokens[at]
        self.add(Element("close", token.start, token.end))
        if self.depth:
            self.depth.pop()
        return at + 1

    def _mark_or_word(self, at: int) -> None:
        token = self.tokens[at]
        if token.kind == "and" or token.text in _BREAKS:
            spaced = token.text != "/" or self.text[max(0, token.start - 1) : token.start].isspace()
            self.add(
                Element(
                    "break",
                    token.start,
                    token.end,
                    weight=_BREAKS.get(token.text, 1) if spaced else 1,
                    code=fold(token.text),
                )
            )
        elif token.text in _FOR_THE_DEAD and self.found and self.found[-1].kind == "time":
            self.add(Element("service", token.start, token.end, named=Named("mass")))
        elif token.text in (".", "!", "?") and not (token.text == "." and self.kind_at(at - 1) == "dash"):
            self.add(Element("break", token.start, token.end, weight=3))
        elif fold(token.text) in _TURNS and not (self.found and self.found[-1].kind == "except"):
            self.add(Element("break", token.start, token.end, weight=2, code=fold(token.text)))
        else:
            self.add(
                Element(
                    "word", token.start, token.end, code=token.text if token.kind == "word" or token.text == ":" else ""
                )
            )

    def _service(self, token: Token) -> None:
        named = token.meaning.named if token.meaning else None
        if token.text.lower() == "mass" and self._text_after(token).startswith(("achusetts",)):
            return
        code = fold(token.text) if named is not None and not named.service else ""
        self.add(Element("service", token.start, token.end, named=named, code=code, scanned=token.scanned))

    def _text_after(self, token: Token) -> str:
        return self.text[token.end : token.end + 12]


_READERS: Final[dict[str, tuple[Callable[[Reduction, int], int], ...]]] = {
    "word": (Reduction.read_relative,),
    "numeral": (Reduction.read_relative, Reduction.read_time),
    "number": (Reduction.read_relative, Reduction.read_time, Reduction.read_dates, Reduction.read_day),
    "time": (Reduction.read_time,),
    **dict.fromkeys(("before", "after", "during", "between"), (Reduction.read_relative,)),
    **dict.fromkeys(
        ("day", "ordinal", "each", "month", "iso", "slashed", "feast"), (Reduction.read_dates, Reduction.read_day)
    ),
}
"""Which readers are worth asking, by the kind of the token at hand."""
