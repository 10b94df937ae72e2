"""What every reader asks of a parsed HTML document: its text, its links, its data islands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_DEPTH = 3000
_SURELY_SHALLOW = 50_000
"""Characters below which a document cannot be nested deep enough to matter."""
# Elements that only their end tag closes; the others (p, li, td, img) nest no deeper by being left open.
_TAG = re.compile(
    r"<(/?)(?:div|span|font|b|i|u|em|strong|small|big|a|center|blockquote|ul|ol|dl|table|section|article|main|aside|header|footer|nav|form"
    r"|fieldset|figure|details|h[1-6]|q|s|tt|code|sub|sup|label|button|svg|g|math|object)\b",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[\s\u00a0\u200b\u200e\u200f\ufeff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: absolute URL without fragment, and the words it shows."""

    url: str
    text: str
    rel: str = ""


def parse(html: str) -> LexborHTMLParser:
    """Parses a document as a browser would (WHATWG HTML); never raises on malformed markup.

    The parser's time grows with the square of the nesting: what lies deeper than any honest page nests is left out.
    """
    return LexborHTMLParser(html if len(html) < _SURELY_SHALLOW else html[: _too_deep_at(html)])


def _too_deep_at(html: str) -> int:
    """The offset from which elements are nested beyond `_MAX_DEPTH`; the length of the document when they never are."""
    depth = 0
    for tag in _TAG.finditer(html):
        depth = max(0, depth + (-1 if tag.group(1) else 1))
        if depth > _MAX_DEPTH:
            return tag.start()
    return len(html)


def squeeze(text: str | None) -> str:
    """Runs of white space, no-break and zero-width spaces become one space; ends are trimmed."""
    if not text or text.isascii():
        return " ".join((text or "").split())
    return _SPACE.sub(" ", text).strip()


def text_of(node: LexborNode | None, separator: str = " ") -> str:
    """The visible words below a node, squeezed; empty for None."""
    return squeeze(node.text(separator=separator)) if node is not None else ""


def base_url(tree: LexborHTMLParser, page_url: str) -> str:
    """The address that relative links of the page count from (`<base href>`, else the page's own)."""
    base = tree.css_first("base[href]")
    return absolute(page_url, base.attributes.get("href")) or page_url if base is not None else page_url


def absolute(page_url: str, href: str | None) -> str | None:
    """An http(s) address without fragment, or None for anything else (mailto, javascript, malformed)."""
    if not href:
        return None
    try:
        url = urldefrag(urljoin(page_url, href.strip())).url
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def links(tree: LexborHTMLParser, page_url: str) -> Iterator[Link]:
    """The links of a document in its order, repeated ones included."""
    base = base_url(tree, page_url)
    for node in tree.css("a[href], area[href]"):
        url = absolute(base, node.attributes.get("href"))
        if url is not None:
            words = text_of(node) or squeeze(node.attributes.get("title") or node.attributes.get("aria-label"))
            yield Link(url=url, text=words, rel=node.attributes.get("rel") or "")


def json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD blocks, `@graph` and lists unrolled; broken blocks are passed over."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            yield from _objects(json.loads(script.text(), strict=False))
        except ValueError:
            continue


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph", []))
