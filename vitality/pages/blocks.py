"""Turns a page into a flat sequence of lines that remember their structure: headings, boxes, cells, lists.

Footers, sidebars and folded panels are kept (schedules stand there); scripts, styles and templates are not.
The builder is a stack machine over the scan of the source: linear, without recursion, whatever the markup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vitality.pages.broken_words import is_broken
from vitality.pages.document import Box, Document, Line, Role
from vitality.pages.markup import (
    BLOCKS,
    BOLD,
    CELL_EDGES,
    CELLS,
    ENDED_BY_SIBLING,
    HEADINGS,
    TERMS,
    VOID,
    WORD_BREAKING,
)
from vitality.pages.open_tables import OpenTables
from vitality.pages.source_map import Tag, Text, attributes_of, scan
from vitality.pages.tab_panels import TabTitles, may_have_tabs

_LONGEST_LINE: Final = 4_000
_PLACING: Final = 8
"""Innermost open elements that say what a line is."""
_SIBLING_DEPTH: Final = 40
"""Innermost open elements among which a sibling left open is looked for."""
_ROLES: Final = {
    **dict.fromkeys(HEADINGS, Role.HEADING),
    **dict.fromkeys(TERMS, Role.TERM),
    **dict.fromkeys(CELLS, Role.CELL),
    "li": Role.ITEM,
}


def read_blocks(source: str) -> Document:
    """The lines of an HTML page."""
    return _Builder(source).build()


class _Builder:
    """The open elements, the line being filled, and the document so far."""

    def __init__(self, source: str) -> None:
        self.document = Document(source)
        self.source = source
        self.stack: list[tuple[str, int]] = []
        self.open: dict[str, int] = {}
        self.tables = OpenTables(self.document)
        self.words = Text()
        self.bold_depth = 0
        self.standing_out = 0
        self.lead = 0
        self.lead_open = True
        self.after_break = False
        self.edge = False
        self.tabs = TabTitles()
        self.level = 1
        self.document.boxes.append(Box("", 0))

    def build(self) -> Document:
        tabbed = may_have_tabs(self.source)
        for tag in scan(self.source):
            if tag.text < tag.start:
                self._run(tag.text, tag.start)
            if tabbed:
                self.tabs.tag(tag, self.level)
            take_in = _TAKING_IN.get(tag.name)
            if take_in is not None:
                take_in(self, tag)
        self._flush()
        self.tables.end_all()
        return self.document

    def _run(self, start: int, end: int) -> None:
        raw = self.source[start:end]
        if not raw.isspace():
            self.tabs.text(self.source, start, end)
        if self.open.get("pre") and "\n" in raw:
            self._preformatted(start, end)
        elif self.words.text or not raw.isspace():
            self._words(start, end)

    def _preformatted(self, position: int, limit: int) -> None:
        while position < limit:
            newline = self.source.find("\n", position, limit)
            end = newline if newline >= 0 else limit
            self._words(position, end)
            if newline >= 0:
                self._break()
            position = end + 1

    def _words(self, start: int, end: int) -> None:
        if self.edge:
            self.edge = False
            self._part_words(start)
        for low in range(start, end, _LONGEST_LINE):
            before = len(self.words.text)
            self.words.append(self.source, low, min(low + _LONGEST_LINE, end))
            self._note_emphasis(before)
            if len(self.words.text) > _LONGEST_LINE:
                self._flush()

    def _part_words(self, start: int) -> None:
        text = self.words.text
        if text and not text[-1].isspace() and not is_broken(text, self.source[start : start + 16]):
            self.words.separate(" ")

    def _note_emphasis(self, before: int) -> None:
        if self.bold_depth:
            self.standing_out += _visible(self.words.text[before:])
        elif self.lead_open and self.words.text[before:].strip(" :-"):
            self.lead_open = False
        if self.lead_open:
            self.lead = len(self.words.text)

    def _break(self) -> None:
        self._flush()
        self.after_break = True

    def _flush(self) -> None:
        """Ends the line being filled, if there is any."""
        words = self.words
        if not words.pieces:
            return
        self.words = Text()
        self.edge = False
        if words.text.strip():
            line = Line(words=words, role=Role.TEXT, box=self._box())
            line.bold = bool(self.standing_out) and self.standing_out >= _visible(words.text)
            line.lead = 0 if self.lead >= len(words.text) else self.lead
            line.continued = self.after_break
            self._place(line)
            self.document.lines.append(line)
            self.after_break = False
        self.standing_out, self.lead_open, self.lead = 0, True, 0

    def _place(self, line: Line) -> None:
        for tag, _box in reversed(self.stack[-_PLACING:]):
            role = _ROLES.get(tag)
            if role is not None:
                line.role, line.level = role, HEADINGS.get(tag, 0)
                self.level = line.level or self.level
                return

    def _box(self) -> int:
        return self.stack[-1][1] if self.stack else 0

    def block(self, tag: Tag) -> None:
        """Takes in a tag that begins or ends an element with lines of its own."""
        self._flush()
        self.after_break = False
        if tag.closing:
            self._close(tag.name)
        elif tag.name not in VOID:
            self._open(tag.name, tag)

    def line_break(self, _tag: Tag) -> None:
        """Takes in `<br>`."""
        self._break()

    def emphasis(self, tag: Tag) -> None:
        """Takes in a tag that makes words stand out."""
        self.bold_depth = max(0, self.bold_depth + (-1 if tag.closing else 1))

    def word_edge(self, _tag: Tag) -> None:
        """Takes in a tag within a line at which a word ends."""
        self.edge = True

    def meta(self, tag: Tag) -> None:
        """Takes in a name and value of the page's head."""
        attributes = attributes_of(tag)
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        if name:
            self.document.meta.setdefault(name.lower(), attributes.get("content", ""))

    def title(self, tag: Tag) -> None:
        """Takes in the page's title."""
        if tag.content and not self.document.title.text:
            self.document.title.append(self.source, tag.end, tag.content)

    def script(self, tag: Tag) -> None:
        """Takes in a script where it is JSON-LD."""
        if tag.content and "ld+json" in tag.attributes:
            self.document.data.append((tag.end, tag.content))

    def _open(self, name: str, tag: Tag) -> None:
        self.bold_depth = 0
        if name == "html":
            self.document.language = attributes_of(tag).get("lang", "")[:2].lower()
        if name in ENDED_BY_SIBLING:
            self._end_siblings(*ENDED_BY_SIBLING[name])
        elif self.stack and self.stack[-1][0] in ("p", "summary") and name != "summary":
            self._pop()
        box = len(self.document.boxes)
        self.document.boxes.append(Box(name, self._box()))
        self.stack.append((name, box))
        self.open[name] = self.open.get(name, 0) + 1
        self._panel(tag, box)
        if name == "table":
            self.tables.start(box)
        else:
            self.tables.inside(name, tag)

    def _panel(self, tag: Tag, box: int) -> None:
        """Puts a tab's title at the head of its panel, which is a section of the page."""
        title = self.tabs.of_panel(tag)
        if title is None:
            return
        self.document.boxes[box].tag = "section"
        self.document.boxes.append(Box("h6", box))
        line = Line(words=title.words, role=Role.HEADING, box=len(self.document.boxes) - 1, level=title.level)
        self.document.lines.append(line)

    def _end_siblings(self, siblings: frozenset[str], limits: frozenset[str]) -> None:
        """Ends an open sibling that the markup left open, not looking past `limits`."""
        for depth in range(len(self.stack) - 1, max(-1, len(self.stack) - _SIBLING_DEPTH), -1):
            name = self.stack[depth][0]
            if name in limits:
                return
            if name in siblings:
                while len(self.stack) > depth:
                    self._pop()
                self._end_siblings(siblings, limits)
                return

    def _close(self, name: str) -> None:
        if not self.open.get(name):
            return
        inside_cell = name not in CELL_EDGES
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.stack[depth][0] == name:
                while len(self.stack) > depth:
                    self._pop()
                return
            if inside_cell and self.stack[depth][0] in CELLS:
                return

    def _pop(self) -> None:
        name, _box = self.stack.pop()
        self.open[name] -= 1
        self.tables.ended(name)


_TAKING_IN: Final[dict[str, Callable[[_Builder, Tag], None]]] = {
    **dict.fromkeys(BLOCKS, _Builder.block),
    **dict.fromkeys(BOLD, _Builder.emphasis),
    **dict.fromkeys(WORD_BREAKING, _Builder.word_edge),
    "br": _Builder.line_break,
    "meta": _Builder.meta,
    "title": _Builder.title,
    "script": _Builder.script,
}
"""Which tags tell the builder something; the others only part runs of text."""


def _visible(text: str) -> int:
    return len("".join(text.split()))
