"""Structured data in pages: JSON documents, JSON-LD, data in scripts and attributes, microdata and GeoJSON.

Whatever the source, it becomes lists of rows; a row is a flat mapping from the path of a key to its text.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vitality.pages.flat_payload import is_flat, unfolded
from vitality.pages.references import with_references
from vitality.pages.script_values import values_in_script

Row = Mapping[str, str]
"""Path of a key (`location.city`) to its value as text, in the order of the source."""

_MAX_DEPTH = 14
_MAX_ROWS = 20_000
_LONG = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowList:
    """Objects of one kind that stand in one list; `groups` gives for each the keys it was filed under."""

    source: str
    rows: Sequence[Row]
    groups: Sequence[tuple[str, ...]]
    total: int | None = None
    """How many rows the data says there are in all."""
    more: bool = False
    """Whether the data says that it is only a part."""
    following: str | None = None
    """The address of the next part, as the data gives it."""


def parse_json(text: str) -> Any:
    """Parses a JSON answer, passing over a guard or callback before it (`)]}'`, `callback(…)`); raises ValueError."""
    text = text.strip().lstrip("\ufeff")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        found = re.match(r"^(?:/\*.*?\*/\s*)?(?:\)\]\}'?,?|[\w.$]+\s*\(|while\s*\(1\);)\s*", text)
        if found is None:
            raise
        value, _ = json.JSONDecoder(strict=False).raw_decode(text[found.end() :])
        return value


def row_lists(value: Any, source: str) -> Iterator[RowList]:
    """All lists of at least one object within a JSON value, alike objects of sibling lists joined."""
    found: dict[str, list[tuple[Row, tuple[str, ...]]]] = defaultdict(list)
    value = with_references(value)
    _collect(value, "", (), found, 0)
    total, more, following = _claims(value)
    for path, members in found.items():
        rows = [row for row, _ in members]
        if rows:
            yield RowList(
                source=f"{source}{path}",
                rows=rows,
                groups=[groups for _, groups in members],
                total=total,
                more=more,
                following=following,
            )


def _collect(
    value: Any, path: str, groups: tuple[str, ...], found: dict[str, list[tuple[Row, tuple[str, ...]]]], depth: int
) -> None:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        _collect_list(value, path, groups, found, depth)
    elif isinstance(value, dict):
        for row in _chart_rows(value):
            _add(row, f"{path}/rows[]", groups, found)
        keyed = _is_keyed(value)
        for key, inner in value.items():
            if keyed and isinstance(inner, dict):
                _add(inner, f"{path}/*", groups, found)
                _collect_within(inner, f"{path}/*", groups, found, depth)
            elif isinstance(inner, list | dict):
                _collect(
                    inner,
                    f"{path}/*" if keyed else f"{path}/{key}",
                    (*groups, str(key)) if keyed else groups,
                    found,
                    depth + 1,
                )
            elif isinstance(inner, str) and len(inner) > 40 and inner.lstrip()[:1] in ("[", "{"):
                _collect_text(inner, f"{path}/{key}", groups, found, depth)


def _chart_rows(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a chart's data table, which names its columns apart: `{"cols": [{"label"}], "rows": [{"c": [{"v"}]}]}`."""
    columns, rows = value.get("cols"), value.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return
    names = [
        str(each.get("label") or index) if isinstance(each, dict) else str(index) for index, each in enumerate(columns)
    ]
    for row in rows[:_MAX_ROWS]:
        cells = row.get("c") if isinstance(row, dict) else None
        if isinstance(cells, list):
            shown = [cell.get("f", cell.get("v")) if isinstance(cell, dict) else None for cell in cells]
            yield {name: cell for name, cell in zip(names, shown, strict=False) if cell is not None}


def _collect_list(
    value: list[Any],
    path: str,
    groups: tuple[str, ...],
    found: dict[str, list[tuple[Row, tuple[str, ...]]]],
    depth: int,
) -> None:
    for inner in value[:_MAX_ROWS]:
        if isinstance(inner, dict):
            _add(inner, f"{path}[]", groups, found)
            _collect_within(inner, f"{path}[]", groups, found, depth)
        elif (
            isinstance(inner, list)
            and inner
            and not any(isinstance(each, list | dict) for each in inner)
            and len(inner) > 1
        ):
            _add({str(index): each for index, each in enumerate(inner)}, f"{path}[][]", groups, found)
        elif isinstance(inner, list):
            _collect(inner, f"{path}[]", groups, found, depth + 1)


def _collect_within(
    row: dict[str, Any],
    path: str,
    groups: tuple[str, ...],
    found: dict[str, list[tuple[Row, tuple[str, ...]]]],
    depth: int,
) -> None:
    """Lists within a row (the parishes of a county), filed under the row's own name."""
    for key, inner in row.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            title = next(
                (
                    str(row[name])
                    for name in ("name", "title", "label", "city", "county", "deanery", "letter")
                    if isinstance(row.get(name), str)
                ),
                "",
            )
            _collect(inner, f"{path}/{key}", (*groups, title) if title else groups, found, depth + 1)
        elif isinstance(inner, dict) and any(isinstance(each, list) for each in inner.values()):
            _collect(inner, f"{path}/{key}", groups, found, depth + 1)


def _collect_text(
    text: str, path: str, groups: tuple[str, ...], found: dict[str, list[tuple[Row, tuple[str, ...]]]], depth: int
) -> None:
    try:
        inner = json.loads(text, strict=False)
    except ValueError:
        return
    _collect(inner, path, groups, found, depth + 1)


def _is_keyed(value: dict[str, Any]) -> bool:
    """Whether an object is a list in disguise: ids or group names as keys, all values alike."""
    inner = list(value.values())
    if len(inner) < 2:
        return False
    if all(isinstance(each, list) and each and isinstance(each[0], dict) for each in inner):
        return True
    if not all(isinstance(each, dict) for each in inner):
        return False
    first = set(inner[0])
    return len(first) >= 2 and all(len(first & set(each)) * 2 >= len(first) for each in inner)


def _add(
    value: dict[str, Any], path: str, groups: tuple[str, ...], found: dict[str, list[tuple[Row, tuple[str, ...]]]]
) -> None:
    row: dict[str, str] = {}
    _flatten(value, "", row, 0)
    if row:
        found[path].append((row, groups))


def _flatten(value: Any, path: str, row: dict[str, str], depth: int) -> None:
    """Scalars of a row by the path of their keys; GeoJSON points as latitude and longitude."""
    if depth > 6 or len(row) > 200:
        return
    if isinstance(value, dict):
        _flatten_object(value, path, row, depth)
    elif isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            row[path] = ", ".join(value)[:_LONG]
        elif len(value) == 1 and isinstance(value[0], dict):
            _flatten_member(value[0], path, row, depth + 1)
        elif len(value) <= _MAX_MEMBERS and all(isinstance(each, dict) for each in value):
            for each in value:
                _flatten_member(each, path, row, depth + 1)
    elif value is not None and not isinstance(value, bool):
        row[path] = _scalar(value)[:_LONG]


_MAX_MEMBERS = 8
_KIND_KEYS = ("kind", "type", "label", "role", "title", "usage", "category", "key", "field")


def _flatten_object(value: dict[str, Any], path: str, row: dict[str, str], depth: int) -> None:
    if value.get("type") == "Point" and _is_pair(value.get("coordinates")):
        row["geometry.longitude"], row["geometry.latitude"] = map(_scalar, value["coordinates"][:2])
    elif path.endswith("geometry") and {"x", "y"} <= value.keys():
        _esri_point(value, row)
    elif path and _is_person_of_a_role(value):
        _flatten_member(value, path, row, depth + 1)
    else:
        for key, inner in value.items():
            _flatten(inner, f"{path}.{key}" if path else str(key), row, depth + 1)


def _is_person_of_a_role(value: Mapping[str, Any]) -> bool:
    """Whether an object tells a name and what its bearer is: `{"title": "Pastor", "name": "Rev. …"}`."""
    role = next((value[key] for key in ("role", "title", "position") if isinstance(value.get(key), str)), "")
    return bool(_ROLE.match(role)) and any(isinstance(value.get(key), str) for key in ("name", "fullName", "full_name"))


_ROLE = re.compile(
    r"(?i)\s*(?:pastor|parochial|administrator|rector|p[aá]rroco|deacon|priest|moderator|principal|secretary)"
)


def _flatten_member(value: dict[str, Any], path: str, row: dict[str, str], depth: int) -> None:
    """One of a row's several telephones, addresses or persons, filed under its kind; the first of a kind counts."""
    key = next(
        (key for key in _KIND_KEYS if isinstance(value.get(key), str) and value[key].strip() and len(value) > 1), None
    )
    inner: dict[str, str] = {}
    _flatten({name: each for name, each in value.items() if name != key}, "", inner, depth)
    filed = f"{path}.{value[key]}".replace("/", " ") if key else path
    scalars = {
        name: each
        for name, each in inner.items()
        if name.rpartition(".")[2].lower() not in ("id", "primary", "order", "sort")
    }
    for name, each in scalars.items():
        row.setdefault(filed if len(scalars) == 1 and key else f"{filed}.{name}", each)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(isinstance(each, int | float) for each in value[:2])


def _esri_point(value: dict[str, Any], row: dict[str, str]) -> None:
    """A point of ArcGIS, where it is in degrees; projected coordinates are left out."""
    x, y = value.get("x"), value.get("y")
    if isinstance(x, int | float) and isinstance(y, int | float) and abs(x) <= 180 and abs(y) <= 90:
        row["geometry.longitude"], row["geometry.latitude"] = _scalar(x), _scalar(y)


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)


_TOTALS = ("total", "totalCount", "total_count", "recordsTotal", "recordsFiltered", "numberOfItems", "count", "found", "totalResults", "total_results", "iTotalRecords", "total_items", "totalItems")  # fmt: skip


def _claims(value: Any) -> tuple[int | None, bool, str | None]:
    """What an answer says of itself: its total, whether more is to come, and the address of the next page."""
    if not isinstance(value, dict):
        return None, False, None
    scopes = [
        value,
        *(value[key] for key in _ABOUT if isinstance(value.get(key), dict)),
        *(value[key]["pagination"] for key in _ABOUT if isinstance(value.get(key), dict) and isinstance(value[key].get("pagination"), dict)),
    ]  # fmt: skip
    total = next(
        (
            scope[key]
            for scope in scopes
            for key in _TOTALS
            if isinstance(scope.get(key), int) and not isinstance(scope[key], bool)
        ),
        None,
    )
    more = any(
        scope.get(key) is True
        for scope in scopes
        for key in ("exceededTransferLimit", "has_more", "hasMore", "hasNextPage", "more", "has_next", "hasNext")
    )
    following = (scope.get(key) for scope in scopes for key in _NEXT)
    links = (each.get("href") if isinstance(each, dict) else each for each in following)
    return total, more, next((link for link in links if isinstance(link, str) and re.search(r"[/?]", link)), None)


_ABOUT = ("meta", "pagination", "paging", "page", "info", "data", "links", "_links")
_NEXT = ("next", "next_page_url", "nextPageUrl", "nextLink", "@odata.nextLink", "next_url", "nextUrl", "next_page", "nextPage")  # fmt: skip


# -- data within HTML -----------------------------------------------------------------------------------


def json_ld_lists(tree: LexborHTMLParser) -> Iterator[RowList]:
    """Rows of the page's JSON-LD: list items unwrapped, things that are no places left out."""
    rows: list[Row] = []
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            value = json.loads(script.text(), strict=False)
        except ValueError:
            continue
        rows.extend(_things(value, 0))
    if rows:
        yield RowList(source="json-ld", rows=rows, groups=[()] * len(rows))


_PLACES = re.compile(
    r"Church|PlaceOfWorship|Place$|Organization|LocalBusiness|CivicStructure|ListItem|Landmark|NGO", re.IGNORECASE
)


def _things(value: Any, depth: int) -> Iterator[Row]:
    if depth > 8:
        return
    if isinstance(value, list):
        for each in value:
            yield from _things(each, depth + 1)
    elif isinstance(value, dict):
        inner = [value[key] for key in ("@graph", "itemListElement", "item", "mainEntity", "hasPart", "subOrganization", "member", "department", "containsPlace") if isinstance(value.get(key), list | dict)]  # fmt: skip
        for each in inner:
            yield from _things(each, depth + 1)
        if not inner and isinstance(value.get("name"), str) and _PLACES.search(str(value.get("@type", ""))):
            row: dict[str, str] = {}
            _flatten(
                {
                    key: each
                    for key, each in value.items()
                    if key not in ("@context", "@type", "@id", "openingHours", "image")
                },
                "",
                row,
                0,
            )
            yield row


def microdata_lists(tree: LexborHTMLParser) -> Iterator[RowList]:
    """Rows of the page's microdata (`itemscope`) and RDFa (`typeof`) that are places or organizations."""
    rows: list[Row] = []
    for node in tree.css("[itemscope][itemtype], [typeof]"):
        kind = node.attributes.get("itemtype") or node.attributes.get("typeof") or ""
        if re.search(r"Church|PlaceOfWorship|Place\b|Organization|LocalBusiness|CivicStructure", kind):
            row: dict[str, str] = {}
            _properties(node, row, 0)
            if row:
                rows.append(row)
    if rows:
        yield RowList(source="microdata", rows=rows, groups=[()] * len(rows))


def _properties(node: LexborNode, row: dict[str, str], depth: int) -> None:
    child = node.child
    while child is not None and depth < 40:
        if child.tag not in (None, "-text", "-comment"):
            attributes = child.attributes
            name = attributes.get("itemprop") or attributes.get("property")
            scoped = "itemscope" in attributes or "typeof" in attributes
            if name and not scoped:
                row.setdefault(name.split()[0].rpartition(":")[2], _property_value(child, attributes))
            if not (scoped and name is None):
                _properties(child, row, depth + 1)
        child = child.next


def _property_value(node: LexborNode, attributes: Mapping[str, str | None]) -> str:
    for name in ("content", "href", "src", "datetime"):
        if attributes.get(name):
            return attributes[name] or ""
    return node.text(separator=" ").strip()


def island_values(tree: LexborHTMLParser) -> Iterator[tuple[str, Any]]:
    """Values that the page carries for its scripts: JSON blocks, literals in scripts, `data-` attributes."""
    for script in tree.css("script"):
        attributes = script.attributes
        kind = attributes.get("type") or ""
        if attributes.get("src") or kind == "application/ld+json" or "template" in kind:
            continue
        text = script.text()
        if len(text) < 60 or ("{" not in text and "[" not in text):
            continue
        if "json" in kind:
            try:
                value = json.loads(_without_escapes(text) if "&q;" in text else text, strict=False)
            except ValueError:
                pass
            else:
                yield attributes.get("id") or "json", unfolded(value) if is_flat(value) else value
                continue
        for value in values_in_script(text):
            yield "script", value
    yield from _attribute_values(tree)


def _without_escapes(text: str) -> str:
    """The state of an Angular application, which escapes quotes and brackets in a way of its own."""
    for escaped, plain in (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&")):
        text = text.replace(escaped, plain)
    return text


def _attribute_values(tree: LexborHTMLParser) -> Iterator[tuple[str, Any]]:
    """JSON in `data-` attributes; values of many elements with one attribute make one list."""
    single: dict[str, list[Any]] = defaultdict(list)
    if tree.body is None:
        return
    for node in tree.body.traverse():
        for name, text in node.attributes.items():
            if (
                text
                and len(text) > 30
                and (name.startswith(("data-", ":", "v-")) or name in ("markers", "locations", "props"))
                and text.lstrip()[:1] in ("[", "{")
            ):
                try:
                    value = json.loads(text, strict=False)
                except ValueError:
                    continue
                if isinstance(value, dict):
                    single[name].append(value)
                else:
                    yield name, value
    for name, values in single.items():
        yield name, values if len(values) > 1 else values[0]
