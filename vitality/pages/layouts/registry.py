"""All layouts; a new one is added here."""

from __future__ import annotations

from vitality.pages.layouts import data, options, pdf, repeated, tables
from vitality.pages.layouts.document import Layout

LAYOUTS: tuple[Layout, ...] = (
    data.json_document,
    data.captured,
    data.kml,
    data.xml,
    data.table_file,
    data.script,
    pdf.read,
    tables.read,
    data.json_ld,
    data.microdata,
    data.inline_data,
    data.attributes,
)
"""In no order that matters: all are tried, and the reading that yields most wins."""

UNLABELLED: tuple[Layout, ...] = (repeated.read, options.read)
"""Tried besides, unless a labelled layout has read every name of the page with its facts."""
