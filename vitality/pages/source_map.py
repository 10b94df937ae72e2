"""Splits a page's source into tags and text runs, keeping where every character came from.

A tree made by an HTML parser does not say where its text stood in the source; evidence needs exactly that.
So readers that must quote the page scan its source once, from left to right, in time linear in its length.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_PLAIN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"([^\s=/\"'>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"']++)))?")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")

RAW_TEXT: Final = frozenset({"script", "style", "textarea", "title", "template", "svg", "select", "iframe", "math"})
"""Elements whose content is taken in one piece, up to their end tag."""

_LONGEST_TAG: Final = 20_000
_QUOTE_FAILURES: Final = 40
"""After so many tags with broken quotes the scan stops honouring quotes, or it would be quadratic."""

_ALIKE: Final = {
    **dict.fromkeys(
        map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "
    ),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad\t\r\n\f\v"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ`´′"), "'"),
    **dict.fromkeys(map(ord, "“”„″"), '"'),
    **dict.fromkeys(map(ord, "∶：﹕"), ":"),
    **dict.fromkeys(map(ord, "●▪■◦‣⁃∙⋅・‧·"), "•"),
    ord("ᴀ"): "a",
    ord("ᴘ"): "p",
    ord("ᴍ"): "m",
    ord("｜"): "|",
    ord("，"): ",",
    ord("～"): "~",
    **{ord("０") + digit: str(digit) for digit in range(10)},
}
"""Characters that mean the same to a reader; each is replaced by exactly one, so that offsets hold."""


class Tag(NamedTuple):
    """A tag, `source[start:end]`, and the run of text before it, `source[text:start]`; nameless where only text ends."""

    name: str
    closing: bool
    attributes: str
    """Its raw inside."""
    text: int
    start: int
    end: int
    content: int = 0
    """Where the content of an element of `RAW_TEXT` ends, which begins at `end`; 0 for other tags."""


def attributes_of(tag: Tag) -> dict[str, str]:
    """The attributes of a tag, names in lower case, entities decoded; the first of a repeated one counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag.attributes):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value))
    return found


def scan(source: str) -> Iterator[Tag]:
    """The tags of a page in order with the text before each; nameless ones for text that no tag follows directly.

    Comments, doctypes and instructions are left out; what an element of `RAW_TEXT` holds is not looked into.
    """
    position, failures, size, lowered = 0, 0, len(source), ""
    while position < size:
        opening = source.find("<", position)
        if opening < 0:
            yield _text(position, size)
            return
        match = _TAG.match(source, opening, opening + _LONGEST_TAG) if failures < _QUOTE_FAILURES else None
        if match is None:
            after = _past_markup(source, opening)
            failures += not after
            match = None if after else _PLAIN.match(source, opening, opening + 50 * _LONGEST_TAG)
            if match is None:
                yield _text(position, opening)
                yield _text(opening, opening + (not after))
                position = after or opening + 1
                continue
        closing, printed, attributes = match.groups()
        name, end, content = printed.lower(), match.end(), 0
        if name in RAW_TEXT and not closing and not attributes.endswith("/"):
            lowered = lowered or source.lower()
            content = _raw_end(lowered if len(lowered) == size else source, name, end)
        yield Tag(name, bool(closing), attributes, position, opening, end, content)
        position = content or end


def _text(start: int, end: int) -> Tag:
    return Tag("", False, "", start, end, end)


def _past_markup(source: str, opening: int) -> int:
    """The position behind a comment, doctype or processing instruction at `opening`, else 0."""
    if source.startswith("<!--", opening):
        end = source.find("-->", opening + 4)
        return end + 3 if end >= 0 else len(source)
    if source.startswith(("<!", "<?"), opening):
        end = source.find(">", opening)
        return end + 1 if end >= 0 else len(source)
    return 0


def _raw_end(lowered: str, name: str, start: int) -> int:
    end = lowered.find(f"</{name}", start)
    return end if end >= 0 else len(lowered)


class Piece(NamedTuple):
    """`size` characters of a line from `at` on; they stand in the source at `start` to `end`.

    Where the two lengths differ the source holds an entity, or nothing at all (a separator that was put in).
    """

    at: int
    size: int
    start: int
    end: int


@dataclass(slots=True)
class Text:
    """Words of a line together with the places in the source they came from."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)

    def append(self, source: str, start: int, end: int) -> None:
        """Adds `source[start:end]`, entities decoded and look-alike characters replaced."""
        raw = source[start:end]
        if "&" not in raw:
            self._add(raw, start, end)
            return
        position = 0
        for match in _ENTITY.finditer(raw):
            if match.start() > position:
                self._add(raw[position : match.start()], start + position, start + match.start())
            self._add(html.unescape(match[0]), start + match.start(), start + match.end())
            position = match.end()
        if position < len(raw):
            self._add(raw[position:], start + position, end)

    def _add(self, words: str, start: int, end: int) -> None:
        self.pieces.append(Piece(len(self.text), len(words), start, end))
        self.text += words.translate(_ALIKE)

    def separate(self, mark: str = " ") -> None:
        """Puts in a separator that does not stand in the source."""
        if self.text:
            at = self.pieces[-1].end if self.pieces else 0
            self.pieces.append(Piece(len(self.text), len(mark), at, at))
            self.text += mark

    def join(self, other: Text, mark: str) -> None:
        """Appends another line's words after a separator."""
        self.separate(mark)
        shift = len(self.text)
        self.pieces += [piece._replace(at=piece.at + shift) for piece in other.pieces]
        self.text += other.text

    def part(self, start: int, end: int) -> Text:
        """The words from `start` to `end` as a line of their own."""
        cut = Text(self.text[start:end])
        for piece in self.pieces:
            low, high = max(piece.at, start), min(piece.at + piece.size, end)
            if low < high:
                cut.pieces.append(_clip(piece, low, high, start))
        return cut

    def source_start(self, index: int) -> int:
        """Where in the source the character at `index` begins."""
        piece = self._piece(index)
        return piece.start + (index - piece.at if piece.size == piece.end - piece.start else 0)

    def source_end(self, index: int) -> int:
        """Where in the source the characters before `index` end."""
        piece = self._piece(index - 1)
        return piece.start + index - piece.at if piece.size == piece.end - piece.start else piece.end

    def run_at(self, index: int) -> tuple[int, int]:
        """The source range of the unbroken run of literal characters around `index`."""
        piece = self._piece(index)
        return piece.start, piece.end

    def _piece(self, index: int) -> Piece:
        at = bisect_right(self.pieces, index, key=lambda piece: piece.at) - 1
        return self.pieces[max(at, 0)]


def _clip(piece: Piece, low: int, high: int, base: int) -> Piece:
    if piece.size != piece.end - piece.start:
        return Piece(low - base, high - low, piece.start, piece.end)
    return Piece(low - base, high - low, piece.start + low - piece.at, piece.start + high - piece.at)
