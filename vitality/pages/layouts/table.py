"""Tables with a header row: columns by the meaning of their headings, rows that only name a group, cells that span rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vitality.pages.address import looks_like_street, place_line
from vitality.pages.layouts.contacts import phone_of, printed_url
from vitality.pages.layouts.entry import Entry, Line, line_text
from vitality.pages.layouts.flow import Box, Flow
from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.layouts.signals import name_of_line
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city


@dataclass(slots=True)
class Cell:
    """One cell: its lines, whether it is a heading, and whether it reaches down from a row above."""

    lines: list[Line] = field(default_factory=list)
    heading: bool = False
    span: int = 1
    repeated: bool = False

    @property
    def text(self) -> str:
        """The words of the cell, lines divided by newlines."""
        return "\n".join(filter(None, map(line_text, self.lines)))


Row = list[Cell]


def entries_of_tables(flow: Flow) -> list[Entry]:
    """The rows of all tables of a page that have a header row which names what the columns hold."""
    found: list[Entry] = []
    for index, rows in _tables(flow):
        header, heading = _header(rows), _heading_over(flow, index)
        if header is not None:
            found.extend(_entries(rows, header, heading))
        elif (turned := _turned(rows)) is not None:
            found.extend(_entries(turned, 0, heading))
        elif (columns := _towns_before_names(rows)) is not None:
            labels = [Label.CITY if column == columns[0] else None for column in range(columns[1] + 1)]
            found.extend(_entries_below(rows, labels, [], columns[1], heading))
    return found


_FEWEST_ROWS = 3
_MOST = 0.8


def _towns_before_names(rows: Sequence[Row]) -> tuple[int, int] | None:
    """The columns of towns and of names of a table without a header, where a town stands before each name.

    Read line by line, the town of the next row would end the row before it.
    """
    sample = [row for row in rows if sum(bool(cell.text) for cell in row) >= 2]
    if len(sample) < _FEWEST_ROWS:
        return None
    for column in range(min(map(len, sample)) - 1):
        if sum(is_city(row[column].text.strip(" ,:")) for row in sample) < _MOST * len(sample):
            continue
        behind = _name_column(sample, [Label.IGNORED] * (column + 1))
        return (column, behind) if behind is not None and behind > column else None
    return None


def _tables(flow: Flow) -> Iterator[tuple[int, list[Row]]]:
    table_of: dict[int, int] = {}
    rows: dict[int, list[int]] = defaultdict(list)
    cells: dict[int, list[int]] = defaultdict(list)
    for index, box in enumerate(flow.boxes):
        table_of[index] = index if box.tag == "table" else table_of.get(box.parent, -1)
        if box.tag == "tr":
            rows[table_of[index]].append(index)
        elif box.tag in ("td", "th"):
            cells[box.parent].append(index)
    for table in sorted(rows):
        if table >= 0:
            yield table, _grid(flow, [[flow.boxes[cell] for cell in cells[row]] for row in rows[table]])


def _grid(flow: Flow, rows: Sequence[Sequence[Box]]) -> list[Row]:
    """The cells by column, spanning cells repeated in the rows that they reach into."""
    grid: list[Row] = []
    open_spans: dict[int, tuple[Cell, int]] = {}
    for boxes in rows:
        row: Row = []
        queue = list(boxes)
        while queue or len(row) in open_spans:
            column = len(row)
            if column in open_spans:
                cell, left = open_spans[column]
                row.append(Cell(cell.lines, cell.heading, 1, repeated=True))
                open_spans[column] = (cell, left - 1)
                if left <= 1:
                    del open_spans[column]
                continue
            box = queue.pop(0)
            cell = Cell(flow.lines[box.start : box.end], box.tag == "th", box.colspan)
            if box.rowspan > 1:
                open_spans[column] = (cell, box.rowspan - 1)
            row.append(cell)
            row.extend(Cell(span=0) for _ in range(min(box.colspan, 40) - 1))
        grid.append(row)
    return grid


def _header(rows: Sequence[Row]) -> int | None:
    """The index of the row that names the columns, among the first few."""
    for index, row in enumerate(rows[:6]):
        labels = [label_of(cell.text.replace("\n", " ")) for cell in row]
        known = [label for label in labels if label is not None]
        if (
            len(row) >= 2
            and len(known) >= 2
            and len(set(known)) >= 2
            and not any(re.search(r"\d{3}", cell.text) for cell in row)
        ):
            return index if any(label is not Label.IGNORED for label in known) else None
    return None


def _turned(rows: Sequence[Row]) -> list[Row] | None:
    """A table whose first column names what the rows hold, one parish a column, turned upright."""
    width = max((len(row) for row in rows), default=0)
    if width < 3 or len(rows) < 2:
        return None
    known = [label for row in rows if row and (label := label_of(row[0].text)) is not None]
    if len(known) < max(2, len(rows) // 2) or Label.NAME not in known:
        return None
    return [[row[column] if column < len(row) else Cell() for row in rows] for column in range(width)]


def _entries(rows: Sequence[Row], header: int, heading: str | None) -> Iterator[Entry]:
    labels = [label_of(cell.text.replace("\n", " ")) for cell in rows[header]]
    titles = [cell.text for cell in rows[header]]
    column = _name_column(rows[header + 1 :], labels)
    if column is not None:
        yield from _entries_below(rows[header + 1 :], labels, titles, column, heading)


def _entries_below(
    rows: Sequence[Row], labels: Sequence[Label | None], titles: Sequence[str], column: int, heading: str | None
) -> Iterator[Entry]:
    group: str | None = None
    last: Entry | None = None
    mother: str | None = None
    for row in rows:
        filled = [cell for cell in row if cell.text]
        if not filled or [cell.text for cell in row] == titles:
            continue
        if last is not None and len(filled) == 1 and filled[0].span > 1 and _states(filled[0]):
            last = replace(last, lines=(*last.lines, *filled[0].lines))
            continue
        if last is not None:
            yield last
            last = None
        if len(filled) == 1 and (
            filled[0].span > 1 or len(row) == 1 or filled[0].heading or _is_group(row, filled[0], column)
        ):
            group = filled[0].text.split("\n")[0]
        elif column < len(row) and row[column].text and not row[column].repeated:
            *before, last = [
                _entry(each, labels, column, tuple(filter(None, (heading, group)))) for each in _split(row, column)
            ]
            yield from before
            if _IS_MISSION.match(last.name):
                last = replace(last, mother=mother)
            else:
                mother = last.name
    if last is not None:
        yield last


_IS_MISSION = re.compile(r"\s*missions?\s*:", re.IGNORECASE)
"""A row below its mother parish's."""


def _split(row: Row, column: int) -> list[Row]:
    """The row once for each parish of its cell of names, where each line there is one with what is known of it."""
    cell = row[column]
    lines = [line for line in cell.lines if line_text(line)]
    parted = [name_of_line(line) for line in lines]
    if len(lines) < 2 or not all(rest and name_evidence(name) >= 0.3 for name, rest in parted):
        return [row]
    return [[*row[:column], replace(cell, lines=[line]), *row[column + 1 :]] for line in lines]


def _states(cell: Cell) -> bool:
    """Whether a cell across the table holds the address or the numbers of the row above it, and heads no group."""
    texts = [line_text(line) for line in cell.lines]
    return any(phone_of(text) or looks_like_street(text) or place_line(text) for text in texts) and (
        len(texts) > 1 or len(texts[0]) > _LONG_HEADING
    )


_LONG_HEADING = 30


def _is_group(row: Row, only: Cell, column: int) -> bool:
    return len(row) > 1 and row.index(only) == 0 and (column != 0 or only.lines[0][0].bold)


def _name_column(rows: Sequence[Row], labels: Sequence[Label | None]) -> int | None:
    """The column with the parishes' names: of those headed so, or not headed at all, the one that looks most like names."""
    best, best_value = None, 0.25
    sample = [row for row in rows if sum(bool(cell.text) for cell in row) >= 2][:80]
    for column in range(max((len(row) for row in rows), default=0)):
        label = labels[column] if column < len(labels) else None
        if label not in (
            Label.NAME,
            None,
            Label.MOTHER,
            Label.PLACE,
            Label.LINK,
            Label.WEBSITE,
            Label.TEXT,
            Label.ADDRESS,
            Label.CITY,
        ):
            continue
        texts = [row[column].text.split("\n")[0] for row in sample if column < len(row) and row[column].text]
        if not texts:
            continue
        value = sum(
            name_evidence(text) or name_evidence(name_of_line(row_line)[0]) for text, row_line in _heads(sample, column)
        ) / len(texts)
        value *= {Label.NAME: 1.3, None: 1.0}.get(label, 0.55)
        if value > best_value:
            best, best_value = column, value
    return best


def _heads(rows: Sequence[Row], column: int) -> Iterator[tuple[str, Line]]:
    for row in rows:
        if column < len(row) and row[column].text:
            first = next(line for line in row[column].lines if line_text(line))
            yield line_text(first), first


def _entry(row: Row, labels: Sequence[Label | None], column: int, groups: tuple[str, ...]) -> Entry:
    values: list[tuple[Label, str]] = []
    lines: list[Line] = []
    links: list[str] = []
    name = ""
    for index, cell in enumerate(row):
        label = labels[index] if index < len(labels) else None
        if index == column:
            name, rest = _name_and_rest(cell)
            lines.extend(rest)
            links.extend(piece.href for line in cell.lines for piece in line if piece.href)
        elif label is None or label in (Label.TEXT, Label.NAME):
            lines.extend(cell.lines if label is not Label.NAME else ())
        elif label is not Label.IGNORED:
            values.extend(_values(label, cell))
            lines.extend(line for line in cell.lines if label in (Label.ADDRESS, Label.PLACE) and _has_contact(line))
    return Entry(name=name, lines=tuple(lines), values=tuple(values), links=tuple(links), groups=groups)


def _name_and_rest(cell: Cell) -> tuple[str, list[Line]]:
    lines = [line for line in cell.lines if line_text(line)]
    name, rest = name_of_line(lines[0])
    return name, [*([rest] if rest else []), *lines[1:]]


def _has_contact(line: Line) -> bool:
    return any(piece.href for piece in line)


def _values(label: Label, cell: Cell) -> Iterator[tuple[Label, str]]:
    """A cell's value; of links the target where the label is of an address on the web."""
    hrefs = [piece.href for line in cell.lines for piece in line if piece.href]
    if label in (Label.WEBSITE, Label.LINK):
        yield from ((Label.LINK, href) for href in hrefs)
        if not hrefs and printed_url(cell.text):
            yield Label.WEBSITE, cell.text
        return
    if label is Label.EMAIL:
        yield from ((Label.EMAIL, href) for href in hrefs if href.startswith("mailto:"))
    if cell.text:
        yield label, cell.text


_LONG_CAPTION = 100


def _heading_over(flow: Flow, table: int) -> str | None:
    """The caption of a table, or the heading right over it."""
    for box in flow.boxes[table + 1 : table + 3]:
        if box.tag == "caption" and box.parent == table:
            return " ".join(flow.texts[box.start : box.end])[:_LONG_CAPTION] or None
    start = flow.boxes[table].start
    for index in range(start - 1, max(-1, start - 4), -1):
        if flow.rank[index] > 1 and len(flow.texts[index]) <= 60:
            return flow.texts[index]
    return None
