"""A document as lines of text within nested boxes: what the readers of repeated rows, tables and blocks work on.

Every block element is a box with the span of lines it holds and the path of tags and classes that leads to it.
Rows of a list are boxes of one path, or stretches of lines that begin with a line of one style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import decoded_email
from vitality.pages.layouts.entry import Line, Piece, line_text
from vitality.pages.layouts.labels import Label, class_label

_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "input", "nav", "footer", "head", "object", "video", "audio", "canvas", "datalist", "-comment", "-doctype"))  # fmt: skip
_SKIPPED_ROLES = frozenset(("navigation", "contentinfo", "search", "banner"))
_INLINE = frozenset(("a", "span", "b", "strong", "em", "i", "u", "font", "small", "abbr", "label", "sup", "sub", "time", "cite", "code", "mark", "big", "tt", "s", "del", "ins", "bdi", "bdo", "data", "q", "img", "wbr", "acronym", "o:p", "st1:place", "st1:city", "st1:state", "nobr", "center-inline"))  # fmt: skip
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "summary", "caption", "legend"))
_RANKS: Mapping[str, int] = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 7, "caption": 7, "legend": 7, "button": 7, "dt": 7, "th": 7}  # fmt: skip
_LATITUDES = ("data-lat", "data-latitude", "data-map-lat", "data-marker-lat", "lat", "data-geo-lat")
_LONGITUDES = (
    "data-lng",
    "data-longitude",
    "data-lon",
    "data-long",
    "data-map-lng",
    "data-marker-lng",
    "lng",
    "data-geo-lng",
)
_VARYING = re.compile(r"[\d_]+|-[0-9a-f]{6,}")
_STATE_CLASS = re.compile(
    r"^(?:odd|even|first|last|active|current|open|show|hide|hidden|in|collapsed|expanded|selected|alt|alternate|visible|clearfix|striped|is-\w+)$|"
    r"(?:first|last|odd|even|active)$|^(?:post|node|row|item|entry|tag|category|deanery|city|county|region|letter|status|type|term|has|filter|mix|isotope|col|order|delay)-",
    re.IGNORECASE,
)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_MANY_FOOTERS = 5
"""As many footers belong to the cards of a list; only the last one is the page's."""
_NUMBERING = re.compile(r"\s*\(?\d{1,3}[.)]\s+(?=[^\W\d_])")
"""The number before an item of a list: part of no name, street or town."""
_MAX_DEPTH = 120
MAX_LINES = 120_000


@dataclass(slots=True)
class Box:
    """A block element: lines `start` to `end` (exclusive), its path with classes, and its path of tags alone."""

    tag: str
    path: int
    shape: int
    start: int
    parent: int
    end: int = 0
    point: tuple[float, float] | None = None
    column: int = 0
    rowspan: int = 1
    colspan: int = 1
    anchors: tuple[str, ...] = ()


@dataclass(slots=True)
class Flow:
    """The lines of a document with the box each stands in (`box`), and its rank as a heading (0: none)."""

    lines: list[Line] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    box: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    blank_before: list[bool] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def style(self, index: int) -> tuple[int, bool, bool]:
        """How a line looks: the shape of its box, whether it begins bold, whether it begins with a link."""
        first = self.lines[index][0]
        return self.boxes[self.box[index]].shape, first.bold, first.href is not None


def flow_of(html: str | LexborHTMLParser) -> Flow:
    """Lays a document, or a fragment of one, out in lines; menus and footers are left out."""
    tree = LexborHTMLParser(html) if isinstance(html, str) else html
    footers = [each.mem_id for each in tree.css("footer")]
    walker = _Walker(frozenset(footers[:-1]) if len(footers) >= _MANY_FOOTERS else frozenset())
    if tree.body is not None:
        walker.enter(tree.body, "body")
    walker.end_line()
    return walker.flow


class _Walker:
    """Walks a document once, in its order."""

    def __init__(self, kept_footers: frozenset[int] = frozenset()) -> None:
        self.flow = Flow()
        self._kept_footers = kept_footers
        self._pieces: list[Piece] = []
        self._stack: list[int] = []
        self._ids: dict[tuple[int, str], int] = {}
        self._breaks = 0
        self._rank = 0
        self._after_element = False
        self._kept_lines = 0

    def enter(
        self,
        node: LexborNode,
        tag: str,
        href: str | None = None,
        label: Label | None = None,
        *,
        bold: bool = False,
        depth: int = 0,
    ) -> None:
        attributes = node.attributes
        self._open(tag, attributes)
        own_rank = _RANKS.get(tag, 0) if tag != "th" else 0
        outer_rank, self._rank = self._rank, own_rank or self._rank
        named = class_label(_classes(attributes))
        if named is None and tag == "address":
            named = Label.ADDRESS
        keeps_lines = tag == "pre" or bool(_KEEPS_LINES.search(attributes.get("style") or ""))
        self._kept_lines += keeps_lines
        self.children(node, href, named or label, bold=bold or tag in _BOLD, depth=depth)
        self._kept_lines -= keeps_lines
        self.end_line()
        self._close()
        self._rank = outer_rank

    def children(self, node: LexborNode, href: str | None, label: Label | None, *, bold: bool, depth: int) -> None:
        """Walks what a node holds; `href`, `label` and `bold` are what holds of all text in it."""
        child = node.child
        tiles = _are_tiles(node)
        while child is not None:
            tag = child.tag or ""
            if tiles:
                self.end_line()
            if tag == "-text":
                self._text(child.text_content or "", href, label, bold=bold)
            elif tag == "br":
                self._break()
            elif (
                (tag in _SKIPPED and not (tag == "footer" and child.mem_id in self._kept_footers))
                or (tag not in _INLINE and _is_skipped(child, tag))
                or (tag == "label" and "for" in child.attributes)
            ):
                pass
            elif depth >= _MAX_DEPTH:
                self._text(child.text(deep=True), href, label, bold=bold)
            elif tag in _INLINE:
                self._inline(child, tag, href, label, bold=bold, depth=depth + 1)
            else:
                self.end_line()
                if len(self.flow.lines) < MAX_LINES:
                    self.enter(child, tag, href, label, bold=bold, depth=depth + 1)
            child = child.next

    def _inline(
        self, node: LexborNode, tag: str, href: str | None, label: Label | None, *, bold: bool, depth: int
    ) -> None:
        attributes = node.attributes
        protected = attributes.get("data-cfemail")
        if protected and (address := decoded_email(protected)):
            self._text(address, f"mailto:{address}", Label.EMAIL, bold=bold)
            return
        named = (
            class_label(_classes(attributes))
            if tag != "a" or attributes.get("class") or attributes.get("itemprop")
            else None
        )
        apart = named is Label.NAME and label is not Label.NAME
        if apart:
            self.end_line()
        elif self._after_element and self._pieces and not self._pieces[-1].text.endswith(" "):
            self._pieces.append(Piece(" "))
        if tag == "a":
            link = attributes.get("href")
            self._open("a", attributes)
            self.children(node, link or href, named or label, bold=bold, depth=depth)
            if link and node.child is None:
                self._pieces.append(Piece("", None, link))
            self._close()
        else:
            self._point(attributes)
            self.children(node, href, named or label, bold=bold or tag in _BOLD, depth=depth)
        self._after_element = True
        if apart:
            self.end_line()

    # -- boxes and lines ---------------------------------------------------------------------------------

    def _open(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        flow = self.flow
        parent = self._stack[-1] if self._stack else -1
        start = len(flow.lines) + (1 if self._pieces and tag == "a" else 0)
        step, column = tag, 0
        if tag in ("td", "th") and parent >= 0:
            column = flow.boxes[parent].column
            flow.boxes[parent].column += 1
            step = f"td{column}"
        kind = _kind(tag if tag != "th" else "td", _classes_only(attributes))
        path = self._id(flow.boxes[parent].path if parent >= 0 else -1, f"{step}.{kind}")
        shape = self._id(flow.boxes[parent].shape if parent >= 0 else -1, "td" if tag == "th" else tag)
        box = Box(tag, path, shape, start, parent)
        box.column = 0 if tag not in ("td", "th") else column
        if tag in ("td", "th"):
            box.rowspan, box.colspan = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._stack.append(len(flow.boxes))
        flow.boxes.append(box)
        self._point(attributes)

    def _close(self) -> None:
        flow = self.flow
        box = flow.boxes[self._stack.pop()]
        box.end = len(flow.lines) + (1 if self._pieces and box.tag == "a" else 0)
        if box.tag == "a":
            box.start = min(box.start, max(box.end - 1, 0))
        if box.parent >= 0 and box.point is not None and flow.boxes[box.parent].point is None:
            flow.boxes[box.parent].point = box.point

    def _point(self, attributes: Mapping[str, str | None]) -> None:
        latitude = next((attributes[name] for name in _LATITUDES if attributes.get(name)), None)
        longitude = next((attributes[name] for name in _LONGITUDES if attributes.get(name)), None)
        if latitude and longitude and self._stack:
            point = _degrees(latitude, longitude)
            if point is not None:
                self.flow.boxes[self._stack[-1]].point = point

    def _id(self, parent: int, step: str) -> int:
        return self._ids.setdefault((parent, step), len(self._ids))

    def _text(self, text: str, href: str | None, label: Label | None, *, bold: bool) -> None:
        if not self._kept_lines or "\n" not in text:
            self._words(text, href, label, bold=bold)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._break()
            self._words(re.sub(r"(?<=\S)\s{3,}(?=\S)", " | ", line), href, label, bold=bold)

    def _words(self, text: str, href: str | None, label: Label | None, *, bold: bool) -> None:
        words = _spaced(text)
        if not words or (words == " " and not self._pieces):
            if words:
                self._after_element = False
            return
        self._after_element = False
        self._pieces.append(Piece(words, label, href, bold))

    def _break(self) -> None:
        if self._pieces and any(piece.text.strip() for piece in self._pieces):
            self.end_line()
        self._breaks += 1

    def end_line(self) -> None:
        """Ends the line that is being collected, if it has any words or links."""
        pieces = self._pieces
        self._pieces = []
        self._after_element = False
        while pieces and not pieces[0].text.strip() and pieces[0].href is None:
            pieces.pop(0)
        while pieces and not pieces[-1].text.strip() and pieces[-1].href is None:
            pieces.pop()
        if pieces and (numbering := _NUMBERING.match(pieces[0].text)):
            pieces[0] = replace(pieces[0], text=pieces[0].text[numbering.end() :])
        line = tuple(pieces)
        words = line_text(line)
        if not line or (not words and not any(piece.href for piece in line)):
            return
        flow = self.flow
        flow.lines.append(line)
        flow.texts.append(words)
        flow.box.append(self._stack[-1] if self._stack else 0)
        flow.rank.append(self._rank)
        flow.blank_before.append(self._breaks >= 2)
        self._breaks = 0


def _are_tiles(node: LexborNode) -> bool:
    """Whether an element holds nothing but links side by side, each a row of its own."""
    count = 0
    child = node.child
    while child is not None:
        if child.tag == "a":
            count += len((child.text() or "").strip()) > _SHORT_LINK
        elif child.tag not in ("-text", "-comment", "br") or (child.text_content or "").strip():
            return False
        child = child.next
    return count >= _FEWEST_TILES


_FEWEST_TILES, _SHORT_LINK = 5, 4


def _is_skipped(node: LexborNode, tag: str) -> bool:
    attributes = node.attributes
    if attributes.get("role") in _SKIPPED_ROLES:
        return True
    if tag == "header":
        return node.css_first("nav") is not None
    return bool(
        re.search(
            r"(?:^|\s)cookie|(?:^|\s)(?:site-)?footer(?:\s|$)|(?:^|\s)mobile-menu(?:\s|$)", _classes_only(attributes)
        )
    )


def _span(value: str | None) -> int:
    return max(1, min(int(value), 500)) if value and value.isdigit() else 1


def _degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        point = float(latitude), float(longitude)
    except ValueError:
        return None
    return point if point[0] and point[1] and abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def _classes_only(attributes: Mapping[str, str | None]) -> str:
    return attributes.get("class") or ""


def _classes(attributes: Mapping[str, str | None]) -> str:
    itemprop, label = (
        attributes.get("itemprop"),
        attributes.get("data-label") or attributes.get("data-title") or attributes.get("data-field"),
    )
    return f"{itemprop or ''} {label.replace(' ', '-') if label else ''} {_classes_only(attributes)}".strip()


@lru_cache(maxsize=8192)
def _kind(tag: str, classes: str) -> str:
    """An element's tag and those of its classes that tell its kind, not its number or state."""
    names = (_VARYING.sub("", name) for name in classes.split()[:8] if not _STATE_CLASS.search(name))
    return f"{tag}.{'.'.join(sorted(set(names)))}"


@lru_cache(maxsize=32768)
def _spaced(text: str) -> str:
    words = squeeze(text)
    if not words:
        return " " if text else ""
    return f"{' ' if text[:1].isspace() or text[:1] == chr(160) else ''}{words}{' ' if text[-1:].isspace() or text[-1:] == chr(160) else ''}"
