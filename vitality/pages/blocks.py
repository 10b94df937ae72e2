"""Turns a page into a flat sequence of lines that remember their structure: headings, boxes, cells, lists.

Footers, sidebars and folded panels are kept (schedules stand there); scripts, styles and templates are not.
The builder is a stack machine over the scan of the source: linear, without recursion, whatever the markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from vitality.pages.source_map import RawText, Run, Tag, Text, attributes_of, scan

_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "option",
        "noscript",
    ]
)
_BOLD: Final = frozenset({"b", "strong", "u"})
_WORD_BREAKING: Final = frozenset({"span", "a", "button", "label", "time", "img", "input", "small", "tt", "code"})
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "base", "source", "area", "embed"})
_ENDED_BY_SIBLING: Final = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "option": (frozenset({"option"}), frozenset({"table", "div"})),
}
_LONGEST_LINE: Final = 4_000
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
        self.tables: list[Table] = []
        self.words = Text()
        self.bold_depth = 0
        self.standing_out = 0
        self.lead_open = True
        self.after_break = False
        self.document.boxes.append(Box("", 0))

    def build(self) -> Document:
        for event in scan(self.source):
            if isinstance(event, Run):
                self._run(event)
            elif isinstance(event, Tag):
                self._tag(event)
            else:
                self._raw(event)
        self._flush()
        while self.tables:
            self._end_table()
        return self.document

    def _run(self, run: Run) -> None:
        raw = self.source[run.start : run.end]
        if "\n" in raw and "pre" in self.open and self.open["pre"]:
            self._preformatted(run)
            return
        if not self.words.text and raw.isspace():
            return
        self._words(run.start, run.end)

    def _preformatted(self, run: Run) -> None:
        position = run.start
        while position < run.end:
            newline = self.source.find("\n", position, run.end)
            end = newline if newline >= 0 else run.end
            self._words(position, end)
            if newline >= 0:
                self._break()
            position = end + 1

    def _words(self, start: int, end: int) -> None:
        for low in range(start, end, _LONGEST_LINE):
            high = min(low + _LONGEST_LINE, end)
            before = len(self.words.text)
            self.words.append(self.source, low, high)
            self._note_emphasis(before)
            if len(self.words.text) > _LONGEST_LINE:
                self._flush()

    def _note_emphasis(self, before: int) -> None:
        added = self.words.text[before:]
        if self.bold_depth:
            self.standing_out += _visible(added)
        elif added.strip(" :-"):
            self.lead_open = False
        if self.lead_open:
            self._lead = len(self.words.text)

    _lead = 0

    def _break(self) -> None:
        self._flush()
        self.after_break = True

    def _flush(self) -> None:
        words, self.words = self.words, Text()
        if words.text.strip():
            line = Line(words=words, role=Role.TEXT, box=self._box())
            line.bold = bool(self.standing_out) and self.standing_out >= _visible(words.text)
            line.lead = 0 if self._lead >= len(words.text) else self._lead
            line.continued = self.after_break
            self._place(line)
            self.document.lines.append(line)
            self.after_break = False
        self.standing_out, self.lead_open, self._lead = 0, True, 0

    def _place(self, line: Line) -> None:
        for tag, _box in reversed(self.stack[-8:]):
            if tag in _HEADINGS:
                line.role, line.level = Role.HEADING, _HEADINGS[tag]
                return
            if tag in ("dt", "summary", "legend", "caption", "figcaption"):
                line.role = Role.TERM
                return
            if tag == "li":
                line.role = Role.ITEM
                return
            if tag in ("td", "th"):
                line.role = Role.CELL
                return

    def _box(self) -> int:
        return self.stack[-1][1] if self.stack else 0

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name in _BLOCKS:
            self._flush()
            self.after_break = False
            if tag.closing:
                self._close(name)
            elif name not in _VOID:
                self._open(name, tag)
        elif name == "br":
            self._break()
        elif name in _BOLD:
            self.bold_depth = max(0, self.bold_depth + (-1 if tag.closing else 1))
        elif name in _WORD_BREAKING:
            if self.words.text and not self.words.text[-1].isspace():
                self.words.separate(" ")
        elif name == "meta":
            self._meta(tag)

    def _meta(self, tag: Tag) -> None:
        attributes = attributes_of(tag)
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        if name:
            self.document.meta.setdefault(name.lower(), attributes.get("content", ""))

    def _raw(self, raw: RawText) -> None:
        if raw.tag.name == "title" and not self.document.title.text:
            self.document.title.append(self.source, raw.start, raw.end)
        elif raw.tag.name == "script" and "ld+json" in raw.tag.attributes:
            self.document.data.append((raw.start, raw.end))

    def _open(self, name: str, tag: Tag) -> None:
        self.bold_depth = 0
        if name == "html":
            self.document.language = attributes_of(tag).get("lang", "")[:2].lower()
        if name in _ENDED_BY_SIBLING:
            self._end_siblings(*_ENDED_BY_SIBLING[name])
        elif self.stack and self.stack[-1][0] in ("p", "summary") and name != "summary":
            self._pop()
        box = len(self.document.boxes)
        self.document.boxes.append(Box(name, self._box()))
        self.stack.append((name, box))
        self.open[name] = self.open.get(name, 0) + 1
        if name == "table":
            self._start_table(box)
        elif self.tables:
            self._in_table(name, tag)

    def _in_table(self, name: str, tag: Tag) -> None:
        if name == "tr":
            self.tables[-1].rows += 1
        elif name in ("td", "th"):
            self._start_cell(name, tag)
        elif name in ("h1", "h2", "h3"):
            self.tables[-1].nested = True

    def _end_siblings(self, siblings: frozenset[str], limits: frozenset[str]) -> None:
        """Ends an open sibling that the markup left open, not looking past `limits`."""
        for depth in range(len(self.stack) - 1, max(-1, len(self.stack) - 40), -1):
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
        inside_cell = name not in ("table", "tr", "td", "th", "tbody", "thead", "tfoot", "body", "html")
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.stack[depth][0] == name:
                while len(self.stack) > depth:
                    self._pop()
                return
            if inside_cell and self.stack[depth][0] in ("td", "th"):
                return

    def _pop(self) -> None:
        name, _box = self.stack.pop()
        self.open[name] -= 1
        if name in ("td", "th") and self.tables and self.tables[-1].cells:
            self.tables[-1].cells[-1].last = len(self.document.lines)
        elif name == "table" and self.tables:
            self._end_table()

    def _start_table(self, box: int) -> None:
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(Table(first=len(self.document.lines), box=box))

    def _end_table(self) -> None:
        table = self.tables.pop()
        table.last = len(self.document.lines)
        if table.cells and not table.cells[-1].last:
            table.cells[-1].last = table.last
        table.taken.clear()
        self.document.tables.append(table)

    def _start_cell(self, name: str, tag: Tag) -> None:
        table = self.tables[-1]
        attributes = attributes_of(tag) if "span" in tag.attributes.lower() else {}
        row, column = max(table.rows - 1, 0), 0
        last = table.cells[-1] if table.cells else None
        if last is not None and last.row == row:
            column = last.column + last.columns
        while (row, column) in table.taken:
            column += 1
        cell = Cell(row, column, name == "th", _span(attributes, "rowspan"), _span(attributes, "colspan"))
        cell.first = len(self.document.lines)
        for down in range(1, cell.rows):
            for across in range(cell.columns):
                table.taken[row + down, column + across] = True
        table.cells.append(cell)


def _visible(text: str) -> int:
    return len("".join(text.split()))


def _span(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1").strip()
    return min(max(int(value), 1), 60) if value.isascii() and value.isdigit() and len(value) < 4 else 1


def ancestors(document: Document, box: int) -> Iterator[int]:
    """The box and those around it, innermost first; of a very deep one only the innermost and the page itself."""
    for _step in range(_DEEPEST):
        if not box:
            break
        yield box
        box = document.boxes[box].parent
    yield 0
