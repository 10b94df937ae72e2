"""Reads a parish's own page in its diocese's directory: what the list lacks."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from vitality.pages.dom import text_of
from vitality.pages.identity import filled
from vitality.pages.layouts.document import Document
from vitality.pages.layouts.entry import Entry, Line, line_text
from vitality.pages.layouts.entry_reading import read_entry
from vitality.pages.layouts.flow import flow_of
from vitality.pages.layouts.rows import entries_of_rows
from vitality.pages.parish_names import fold_name
from vitality.pages.provenance import sourced
from vitality.pages.structured import json_ld_lists
from vitality.records import Page, Parish, ParishStatus


def merge_detail(parish: Parish, detail: Page) -> Parish:
    """The parish with what its own page in the directory adds; nothing known is overwritten with nothing."""
    document = Document(detail, parish.directory_url)
    if not document.is_markup:
        return parish
    found = read_entry(
        Entry(name=parish.name, lines=_detail_lines(document, parish), groups=(), point=_detail_point(document)),
        document.around,
    )
    readings = [read_entry(entry, document.around) for entry in _detail_data(document, parish)]
    for reading in (*readings, found):
        if reading is not None:
            parish = _more(parish, sourced(reading.parish, detail), detail)
    return parish


def _more(parish: Parish, other: Parish, detail: Page) -> Parish:
    other = other.model_copy(
        update={"detail_url": None, "mother_parish": None, "sources": dict.fromkeys(other.sources, detail.url)}
    )
    parish = filled(parish, other)
    if other.status is not ParishStatus.ACTIVE and parish.status is ParishStatus.ACTIVE:
        return parish.model_copy(update={"status": other.status, "merged_into": other.merged_into})
    return parish


_STOP = re.compile(
    r"(?i)^(?:nearby|related|other|more|similar|neighbou?ring|upcoming|recent|share|latest|browse|search|back to|all parishes|events|news|find (?:a|another))\b"
)


def _detail_lines(document: Document, parish: Parish) -> tuple[Line, ...]:
    """The lines of the page's own content, from its heading to whatever is about something else."""
    flow = flow_of(f"<div>{_content(document).html or ''}</div>") if _content(document) is not None else document.flow
    lines: list[Line] = []
    name = fold_name(parish.name)
    start = next((index + 1 for index, text in enumerate(flow.texts) if fold_name(text) == name), 0)
    for index in range(start, min(len(flow.lines), start + 200)):
        if _STOP.match(flow.texts[index]) and (flow.rank[index] or len(flow.texts[index]) < 30):
            break
        lines.append(flow.lines[index])
    return tuple(line for line in lines if len(line_text(line)) <= 400)


def _content(document: Document) -> LexborNode:
    for selector in ("main article", "article", "main", "[role=main]", "#content", "#main", ".content"):
        nodes = document.tree.css(selector)
        if len(nodes) == 1 and len(text_of(nodes[0])) > 20:
            return nodes[0]
    return document.tree.body or document.tree.root  # type: ignore[return-value]  # lexbor always makes a root


def _detail_point(document: Document) -> tuple[float, float] | None:
    return next((box.point for box in document.flow.boxes if box.point is not None), None)


def _detail_data(document: Document, parish: Parish) -> list[Entry]:
    """What the page's JSON-LD says of the same parish."""
    entries = (
        [entry for rows in json_ld_lists(document.tree) for entry in entries_of_rows(rows)]
        if "ld+json" in document.page.text
        else []
    )
    return [entry for entry in entries if fold_name(entry.name) == fold_name(parish.name)]
