"""The layouts of structured data: `json_ld`, `microdata`, `inline_data`, `attributes`, `json`, `geojson`, `captured`, `kml`, `xml`, `csv`, `script`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from vitality.pages.feeds import csv_rows, kml_rows, xml_rows
from vitality.pages.layouts import repeated, tables
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.layouts.rows import entries_of_rows
from vitality.pages.script_values import values_in_script
from vitality.pages.structured import (
    Row,
    RowList,
    island_values,
    json_ld_lists,
    microdata_lists,
    parse_json,
    row_lists,
)


def json_ld(document: Document) -> Iterator[Candidate]:
    """Places of the page's JSON-LD."""
    if document.is_markup and "ld+json" in document.page.text:
        yield from _candidates("json_ld", json_ld_lists(document.tree))


def microdata(document: Document) -> Iterator[Candidate]:
    """Places of the page's microdata or RDFa."""
    if document.is_markup and ("itemscope" in document.page.text or "typeof=" in document.page.text):
        yield from _candidates("microdata", microdata_lists(document.tree))


def inline_data(document: Document) -> Iterator[Candidate]:
    """Lists that stand in the page's scripts and attributes for its map or its application."""
    if document.is_markup:
        for source, value in island_values(document.tree):
            yield from _candidates("inline_data", row_lists(value, source))


def attributes(document: Document) -> Iterator[Candidate]:
    """Elements that carry what their places are called and where they stand in `data-` attributes."""
    if not document.is_markup or document.tree.body is None or not _TELLING.search(document.page.text):
        return
    rows: dict[str, list[Row]] = defaultdict(list)
    for node in document.tree.body.traverse():
        row = {name[5:]: value for name, value in node.attributes.items() if value and name.startswith("data-")}
        if sum(label_of(name) in _TOLD for name in row) >= _LEAST_TOLD:
            rows[node.tag or ""].append(row)
    yield from _candidates(
        "attributes",
        (RowList(source=tag, rows=members, groups=[()] * len(members)) for tag, members in rows.items()),
    )


_TELLING = re.compile(r"""\sdata-[\w-]*(?:name|title)\s*=[^<>]*\sdata-|\sdata-[^<>]*\sdata-[\w-]*(?:name|title)\s*=""")
_LEAST_TOLD = 3
_TOLD = frozenset((Label.NAME, Label.ADDRESS, Label.STREET, Label.CITY, Label.ZIP, Label.PHONE, Label.WEBSITE, Label.LATITUDE, Label.PASTOR, Label.EMAIL))  # fmt: skip


def json_document(document: Document) -> Iterator[Candidate]:
    """The answer of a JSON endpoint."""
    text = document.page.text.lstrip("\ufeff \t\r\n")
    kind = document.page.content_type.lower()
    if (
        "json" not in kind
        and text[:1] not in ("{", "[")
        and not ("javascript" in kind and text.rstrip(" ;\n").endswith(")"))
    ):
        return
    try:
        value = parse_json(text)
    except (ValueError, RecursionError):
        return
    geo = isinstance(value, dict) and value.get("type") == "FeatureCollection"
    yield from _candidates("geojson" if geo else "json", row_lists(value, ""))
    for answer in value[:_COMMANDS] if isinstance(value, list) else [value]:
        if isinstance(answer, dict):
            yield from _markup_within(answer, document)


_COMMANDS = 20
"""As many commands of an answer that changes a page (Drupal's) are looked at for markup."""


def _markup_within(value: dict[str, Any], document: Document) -> Iterator[Candidate]:
    """Lists that an answer carries as ready-made HTML."""
    inner = [
        *value.values(),
        *(each for key in ("data", "results") if isinstance(value.get(key), dict) for each in value[key].values()),
    ]
    for text in inner:
        if isinstance(text, str) and text.count("</") > 5:
            fragment = Document(
                replace(document.page, text=text, content_type="text/html"), f"http://{document.own_host}/"
            )
            for layout in (tables.read, repeated.read):
                yield from layout(fragment)


def captured(document: Document) -> Iterator[Candidate]:
    """JSON answers that the page's scripts fetched while the browser drew it."""
    for answer in document.page.captured:
        try:
            value = parse_json(answer.text)
        except (ValueError, RecursionError):
            continue
        yield from _candidates("captured", row_lists(value, answer.url))


def kml(document: Document) -> Iterator[Candidate]:
    """Placemarks of a KML feed."""
    if "<placemark" in document.page.text[:200_000].lower():
        yield from _candidates("kml", kml_rows(document.page.text))


def xml(document: Document) -> Iterator[Candidate]:
    """Markers of an XML file."""
    text = document.page.text.lstrip("\ufeff \t\r\n")
    if not document.is_markup and text.startswith("<") and not _OTHER_XML.match(text):
        yield from _candidates("xml", xml_rows(text))


_OTHER_XML = re.compile(r"(?is)(?:<\?.*?\?>|<!--.*?-->|\s)*<(?:\w+:)?(?:kml|urlset|sitemapindex|rss|feed|svg|html)\b")


def table_file(document: Document) -> Iterator[Candidate]:
    """Lines of a CSV file."""
    if "csv" in document.page.content_type.lower():
        yield from _candidates("csv", csv_rows(document.page.text))


def script(document: Document) -> Iterator[Candidate]:
    """Lists written out in a script file."""
    if "javascript" in document.page.content_type.lower():
        for value in values_in_script(document.page.text):
            yield from _candidates("script", row_lists(value, ""))


def _candidates(layout: str, lists: Iterable[RowList]) -> Iterator[Candidate]:
    for rows in lists:
        entries = entries_of_rows(rows)
        if entries:
            yield Candidate(
                layout=layout, entries=tuple(entries), total=rows.total, more=rows.more, following=rows.following
            )
