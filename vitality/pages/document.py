"""A page as a flat sequence of lines that remember their structure: role, box, table cell, headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from vitality.pages.source_map import Text

_DEEPEST: Final = 200


class Role(StrEnum):
    """What a line is in the page."""

    HEADING = "heading"
    TERM = "term"
    ITEM = "item"
    CELL = "cell"
    TEXT = "text"


@dataclass(slots=True)
class Line:
    """One line of a page with its structure."""

    words: Text
    role: Role
    box: int
    """Index into `Document.boxes` of the nearest enclosing block."""
    level: int = 0
    """Heading level 1 to 6, else 0."""
    bold: bool = False
    """All of its words stand out."""
    lead: int = 0
    """How many of its first characters stand out."""
    continued: bool = False
    """Parted from the line before by `<br>` only."""
    cell: tuple[int, int, int] | None = None
    """Table, row and column of a cell's line."""
    heads: tuple[Line, ...] = ()
    """Headers of the row and column it stands under."""
    record: bool = False
    """Joined from the cells of one row."""

    @property
    def text(self) -> str:
        """The words, look-alike characters replaced."""
        return self.words.text


@dataclass(slots=True)
class Box:
    """An element that holds lines."""

    tag: str
    parent: int


@dataclass(slots=True)
class Cell:
    """A table cell: where it stands and which lines it holds (`Document.lines[first:last]`)."""

    row: int
    column: int
    header: bool
    rows: int = 1
    columns: int = 1
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Table:
    """A table: its cells, and its lines in `Document.lines[first:last]`."""

    first: int
    box: int
    cells: list[Cell] = field(default_factory=list)
    rows: int = 0
    nested: bool = False
    """Holds another table or a heading: it only lays out the page."""
    last: int = 0
    taken: dict[tuple[int, int], bool] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """A page as lines, with what stands in its head."""

    source: str
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    title: Text = field(default_factory=Text)
    meta: dict[str, str] = field(default_factory=dict)
    language: str = ""
    data: list[tuple[int, int]] = field(default_factory=list)
    """Source ranges of JSON-LD scripts."""


def ancestors(document: Document, box: int) -> Iterator[int]:
    """The box and those around it, innermost first; of a very deep one only the innermost and the page itself."""
    for _step in range(_DEEPEST):
        if not box:
            break
        yield box
        box = document.boxes[box].parent
    yield 0
