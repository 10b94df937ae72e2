"""Gives table cells their meaning: rows joined to records, or cells under the headers of a matrix."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from vitality.pages.document import Cell, Document, Line, Role, Table
from vitality.pages.grammar.tokens import tokenize
from vitality.pages.source_map import Text

HAS_TIME: Final = re.compile(
    r"\d\s?[:.h]\s?\d\d|\d\s?[aApP]\.?\s?[mM]\b|\d[ap]\b|\b(?:noon|midnight|mediod[ií]a)\b|\b0\d{3}\b", re.IGNORECASE
)
_RECORD_HEADS: Final = re.compile(
    r"^\s*(?:time|hora|horario|day|day of (?:the )?week|d[ií]a|date|fecha|when|hour)s?\b", re.IGNORECASE
)
_RULE: Final = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
_CELLS_OF_A_LAYOUT: Final = 6


def arrange(document: Document) -> list[Line]:
    """The lines of a document with its tables read by row and column, and its text tables too."""
    lines = list(document.lines)
    for table in sorted(document.tables, key=lambda each: -each.first):
        if not table.nested and len(table.cells) > 1:
            lines[table.first : table.last] = _table(document, table) or document.lines[table.first : table.last]
    return _text_tables(lines)


def _table(document: Document, table: Table) -> list[Line]:
    grid: dict[tuple[int, int], Line] = {}
    for cell in table.cells:
        own = document.lines[cell.first : cell.last]
        if len(own) > _CELLS_OF_A_LAYOUT:
            return []
        if own:
            _spread(grid, cell, _join(own, " ; ", table.box))
    outside = document.lines[table.first : min((c.first for c in table.cells), default=table.first)]
    return outside + read_grid(grid) if grid else []


def _join(lines: list[Line], mark: str, box: int) -> Line:
    words = Text()
    for line in lines:
        words.join(line.words, mark)
    return Line(words=words, role=Role.CELL, box=box)


def _row(cells: list[Line]) -> Line:
    """The cells of a row as one line; a cell with a day and an hour of its own begins a statement: "Sat 5pm | Sun 8am"."""
    words = Text()
    for at, cell in enumerate(cells):
        alone = at > 0 and HAS_TIME.search(cell.text) and any(token.kind == "day" for token in tokenize(cell.text))
        words.join(cell.words, " ; " if alone and HAS_TIME.search(cells[at - 1].text) else " - ")
    return Line(words=words, role=Role.CELL, box=cells[0].box)


def _spread(grid: dict[tuple[int, int], Line], cell: Cell, line: Line) -> None:
    for row in range(cell.row, cell.row + cell.rows):
        for column in range(cell.column, cell.column + cell.columns):
            grid[row, column] = line


def read_grid(grid: dict[tuple[int, int], Line]) -> list[Line]:
    """The lines of a grid of cells: a matrix if its first row heads the columns, else one record a row."""
    rows = sorted({row for row, _column in grid})
    parts = _parts(grid, rows)
    if len(parts) > 1:
        return [line for title, part in parts for line in _under(title, read_grid(part))]
    heads = {column: line for (row, column), line in grid.items() if row == rows[0]}
    if _is_head(heads) and len(rows) > 1:
        if _is_matrix(heads):
            return _matrix(grid, rows, heads)
        rows = rows[1:]
        return _records(grid, rows)
    return _records(grid, rows)


def _parts(grid: dict[tuple[int, int], Line], rows: list[int]) -> list[tuple[Line | None, dict[tuple[int, int], Line]]]:
    """The parts of a grid that rows of one cell across all columns head, such as "CONFESSIONS"; one where only the first row may be such."""
    by_row, width = _by_row(grid), len({column for _row, column in grid})
    titles = {
        row: next(iter(cells.values()))
        for row, cells in by_row.items()
        if len(cells) == width > 1 and len({id(line) for line in cells.values()}) == 1
    }
    titles = {row: line for row, line in titles.items() if not HAS_TIME.search(line.text)}
    if not any(row != rows[0] for row in titles):
        return [(None, grid)]
    parts: list[tuple[Line | None, dict[tuple[int, int], Line]]] = [(None, {})]
    for row in rows:
        if row in titles:
            parts.append((titles[row], {}))
        else:
            parts[-1][1].update({(row, column): line for column, line in by_row[row].items()})
    return [part for part in parts if part[1]]


def _under(title: Line | None, lines: list[Line]) -> list[Line]:
    return [replace(line, heads=(title, *line.heads)) for line in lines] if title is not None else lines


def _is_head(heads: dict[int, Line]) -> bool:
    return len(heads) > 1 and not any(HAS_TIME.search(line.text) for line in heads.values())


def _is_matrix(heads: dict[int, Line]) -> bool:
    """Whether the columns are days, services or churches rather than fields of a record."""
    if any(_RECORD_HEADS.match(line.text) for column, line in heads.items() if column > 0):
        return False
    first = heads.get(min(heads))
    others = [line for column, line in heads.items() if column > min(heads)]
    kinds = [{token.kind for token in tokenize(line.text)} for line in others]
    if any("day" in kind or "feast" in kind or "service" in kind or "church" in kind for kind in kinds):
        return True
    if first is not None and _RECORD_HEADS.match(first.text) and len(heads) < 4:
        return not any("language" in kind for kind in kinds) and not any(
            re.match(
                r"\s*(?:location|place|language|idioma|lugar|church|notes?|type|service|event)\b",
                line.text,
                re.IGNORECASE,
            )
            for line in others
        )
    return all(
        re.match(r"\s*(?:st|saint|our lady|holy|sacred|san|santa)\b", line.text, re.IGNORECASE)
        for line in heads.values()
    )


def _matrix(grid: dict[tuple[int, int], Line], rows: list[int], heads: dict[int, Line]) -> list[Line]:
    found: list[Line] = []
    by_row = _by_row(grid)
    for row in rows[1:]:
        cells = by_row[row]
        side = cells.get(min(cells)) if not HAS_TIME.search(cells[min(cells)].text) else None
        seen: set[int] = set()
        for column, line in cells.items():
            if line is side or id(line) in seen:
                continue
            seen.add(id(line))
            above = (heads[column],) if column in heads and heads[column] is not side else ()
            if column not in heads:
                continue
            found.append(replace(line, heads=((side,) if side is not None else ()) + above))
    return found


def _by_row(grid: dict[tuple[int, int], Line]) -> dict[int, dict[int, Line]]:
    rows: dict[int, dict[int, Line]] = {}
    for (row, column), line in sorted(grid.items(), key=lambda item: item[0]):
        rows.setdefault(row, {})[column] = line
    return rows


def _records(grid: dict[tuple[int, int], Line], rows: list[int]) -> list[Line]:
    found = []
    by_row = _by_row(grid)
    for row in rows:
        cells = list({id(line): line for line in by_row[row].values()}.values())
        joined = _row(cells)
        found.append(replace(joined, record=True, bold=all(c.bold for c in cells)))
    return found


def _text_tables(lines: list[Line]) -> list[Line]:
    """Reads runs of lines with upright bars between columns as tables."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and "|" in lines[end].text and (end == at or lines[end].box == lines[at].box):
            end += 1
        if end - at > 1:
            found += _bars(lines[at:end])
            at = end
        else:
            found.append(lines[at])
            at += 1
    return found


def _bars(lines: list[Line]) -> list[Line]:
    grid: dict[tuple[int, int], Line] = {}
    for row, line in enumerate(lines):
        if _RULE.match(line.text):
            continue
        position = 0
        if line.text.lstrip().startswith("|"):
            position = line.text.index("|") + 1
        for column, part in enumerate(line.text[position:].split("|")):
            if part.strip():
                grid[row, column] = replace(line, words=line.words.part(position, position + len(part)), role=Role.CELL)
            position += len(part) + 1
    return read_grid(grid)
