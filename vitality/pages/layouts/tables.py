"""The layout `table`: tables whose header row names what the columns hold."""

from __future__ import annotations

from collections.abc import Iterator

from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.table import entries_of_tables


def read(document: Document) -> Iterator[Candidate]:
    """All headed tables of a page together."""
    if document.is_markup and "<table" in document.page.text.lower():
        entries = entries_of_tables(document.flow)
        if entries:
            yield Candidate(layout="table", entries=tuple(entries))
