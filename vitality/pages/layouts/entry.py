"""One row of a directory as a layout saw it: a name, lines of text, labelled values, links, the headings over it."""

from __future__ import annotations

from dataclasses import dataclass

from vitality.pages.dom import squeeze
from vitality.pages.layouts.labels import Label


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within a line: what it says, what its markup says it is, and where it links to."""

    text: str
    label: Label | None = None
    href: str | None = None
    bold: bool = False


Line = tuple[Piece, ...]


def line_text(line: Line) -> str:
    """The words of a line."""
    return squeeze("".join(piece.text for piece in line))


def plain(text: str) -> Line:
    """A line of one unmarked piece."""
    return (Piece(text),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as a layout saw it; `groups` are the headings over it, outermost first."""

    name: str
    lines: tuple[Line, ...] = ()
    values: tuple[tuple[Label, str], ...] = ()
    links: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    mother: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a row's values are judged against: the page's address and the diocese's host."""

    url: str
    base: str
    own_host: str
    country: str | None = None
