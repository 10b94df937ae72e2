"""Feeds of places: KML placemarks, the markers of an XML file, the lines of a CSV file.

XML is read with the HTML parser, which knows neither entities to expand nor files to include.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vitality.pages.structured import Row, RowList

_MAX_ROWS = 20_000
_NO_ELEMENTS = (("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", ">"))
"""What an XML file holds besides elements and text."""


def kml_rows(text: str) -> Iterator[RowList]:
    """The placemarks of a KML document, folders as groups, extended data by their names."""
    opened = _without_cdata(text)
    opened = re.sub(r"<(/?)(?:\w+:)?(name|description|address|phoneNumber|value)\b", r"<\1kml-\2", opened)
    tree = LexborHTMLParser(
        re.sub(
            r"<(kml-[\w]+|Folder|Document|Placemark|coordinates|Data|ExtendedData|Point|SimpleData)([^<>]*)/>",
            r"<\1\2></\1>",
            opened,
        )
    )
    rows, groups = [], []
    for mark in tree.css("placemark"):
        row = {name: _kml_text(mark, f"kml-{name}") for name in ("name", "address", "phonenumber", "description")}
        for data in mark.css("data[name], simpledata[name]"):
            row[data.attributes.get("name") or ""] = _kml_text(data, "kml-value") or data.text().strip()
        point = re.match(r"\s*(-?\d+\.?\d*),\s*(-?\d+\.?\d*)", _kml_text(mark, "point coordinates"))
        if point:
            row["longitude"], row["latitude"] = point[1], point[2]
        rows.append({key: value for key, value in row.items() if value})
        groups.append(_folders(mark))
    if rows:
        yield RowList(source="kml", rows=rows, groups=groups)


def _without_cdata(text: str) -> str:
    return _replaced(text, "<![CDATA[", "]]>", _escaped)


def _replaced(text: str, opening: str, closing: str, by: Callable[[str], str]) -> str:
    """The text with what stands between the two replaced, and both gone; linear where a pattern would look on from each."""
    pieces, position = [], 0
    while (start := text.find(opening, position)) >= 0:
        inner = start + len(opening)
        end = text.find(closing, inner)
        if end < 0:
            break
        pieces += [text[position:start], by(text[inner:end])]
        position = end + len(closing)
    return "".join([*pieces, text[position:]])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _kml_text(node: LexborNode, selector: str) -> str:
    """The text of the first such element; of one whose end is broken only what stands before the next element."""
    found = node.css_first(selector)
    if found is None:
        return ""
    whole = all(each.mem_id == found.mem_id for each in found.css(_OF_A_PLACEMARK))
    return found.text(deep=whole).strip()


_OF_A_PLACEMARK = "kml-name, kml-description, kml-address, kml-phonenumber, kml-value, point"


def _folders(mark: LexborNode) -> tuple[str, ...]:
    names = []
    node = mark.parent
    while node is not None:
        if node.tag == "folder":
            child = node.child
            while child is not None and child.tag != "kml-name":
                child = child.next
            if child is not None:
                names.append(child.text().strip())
        node = node.parent
    return tuple(reversed(names))


def xml_rows(text: str) -> Iterator[RowList]:
    """The elements of an XML file that repeat: attributes and the texts of inner elements by their names."""
    opened = _without_cdata(text)
    for opening, closing in _NO_ELEMENTS:
        opened = _replaced(opened, opening, closing, lambda _inner: "")
    opened = re.sub(r"<(/?)(?:[\w-]+:)?([A-Za-z_][\w.-]*)", r"<\1x-\2", opened)
    opened = re.sub(r"<(x-[\w.-]+)((?:\s[^<>]*?)?)/>", r"<\1\2></\1>", opened)
    tree = LexborHTMLParser(opened)
    rows: dict[str, list[Row]] = defaultdict(list)
    for node in tree.body.traverse() if tree.body is not None else ():
        row = _xml_row(node) if (node.tag or "").startswith("x-") else {}
        if len(row) >= 2 and len(rows[node.tag or ""]) < _MAX_ROWS:
            rows[node.tag or ""].append(row)
    for tag, members in rows.items():
        yield RowList(source=tag, rows=members, groups=[()] * len(members))


def _xml_row(node: LexborNode) -> dict[str, str]:
    row = {key: value for key, value in node.attributes.items() if value}
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag.startswith("x-") and _is_leaf(child):
            row.setdefault(tag.removeprefix("x-"), (child.text() or "").strip())
        child = child.next
    return {key: value for key, value in row.items() if value}


def _is_leaf(node: LexborNode) -> bool:
    child = node.child
    while child is not None:
        if (child.tag or "").startswith("x-"):
            return False
        child = child.next
    return True


def csv_rows(text: str) -> Iterator[RowList]:
    """The lines of a CSV file whose first line names the columns."""
    sample = text.lstrip("\ufeff")[:4000]
    divider = max(",;\t|", key=sample.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=divider))[:_MAX_ROWS]
    except csv.Error:
        return
    if len(lines) < 2 or len(lines[0]) < 2:
        return
    names = [name.strip() or str(index) for index, name in enumerate(lines[0])]
    rows = [
        {name: value.strip() for name, value in zip(names, line, strict=False) if value.strip()} for line in lines[1:]
    ]
    rows = [row for row in rows if row]
    yield RowList(source="csv", rows=rows, groups=[()] * len(rows))
