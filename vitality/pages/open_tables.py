"""The tables that are open while a page is read: which row and column each cell stands in, and which lines it holds."""

from __future__ import annotations

from vitality.pages.document import Cell, Document, Table
from vitality.pages.markup import CELLS
from vitality.pages.source_map import Tag, attributes_of

_MOST_SPANNED = 60


class OpenTables:
    """Open tables, innermost last; a finished one goes to the document's."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tables: list[Table] = []

    def start(self, box: int) -> None:
        """Begins a table, within the open one if there is any."""
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(Table(first=len(self.document.lines), box=box))

    def inside(self, name: str, tag: Tag) -> None:
        """Takes in an element that begins within the innermost table."""
        if not self.tables:
            return
        if name == "tr":
            self.tables[-1].rows += 1
        elif name in CELLS:
            self._start_cell(name, tag)
        elif name in ("h1", "h2", "h3"):
            self.tables[-1].nested = True

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

    def ended(self, name: str) -> None:
        """Takes in the end of an element: of a cell, or of the innermost table itself."""
        if not self.tables:
            return
        if name in CELLS and self.tables[-1].cells:
            self.tables[-1].cells[-1].last = len(self.document.lines)
        elif name == "table":
            self._end()

    def end_all(self) -> None:
        """Ends what the markup left open."""
        while self.tables:
            self._end()

    def _end(self) -> None:
        table = self.tables.pop()
        table.last = len(self.document.lines)
        if table.cells and not table.cells[-1].last:
            table.cells[-1].last = table.last
        table.taken.clear()
        self.document.tables.append(table)


def _span(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1").strip()
    return min(max(int(value), 1), _MOST_SPANNED) if value.isascii() and value.isdigit() and len(value) < 4 else 1
