"""The visible lines of a page as a reader sees them: one for each block or forced break, with its part of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vitality.pages.dom import squeeze

Region = Literal["header", "main", "footer"]

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "select", "textarea", "iframe", "object"}
)
_HEADER = frozenset({"header", "nav"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One line of visible words and where in the page it stands."""

    text: str
    region: Region = "main"


def text_lines(tree: LexborHTMLParser) -> tuple[TextLine, ...]:
    """The lines of a document in its order; empty ones are left out."""
    if tree.body is None:
        return ()
    pieces: list[tuple[str, Region]] = []
    _collect(tree.body, "main", pieces)
    found: list[TextLine] = []
    words: list[str] = []
    region: Region = "main"
    for text, where in (*pieces, ("\n", region)):
        if text == "\n":
            line = squeeze("".join(words))
            found += [TextLine(text=line, region=region)] if line else []
            words = []
        else:
            words.append(text)
            region = where
    return tuple(found)


def _collect(root: LexborNode, region: Region, pieces: list[tuple[str, Region]]) -> None:
    """Walks without recursion: pages nest thousands deep by mistake or malice."""
    stack: list[tuple[LexborNode | None, Region]] = [(root, region)]
    while stack:
        node, region = stack.pop()
        if node is None:
            pieces.append(("\n", region))
        elif node.is_text_node:
            pieces.append((node.text_content or "", region))
        elif node.tag not in _UNSEEN:
            region = _region(node, region)
            children = list(node.iter(include_text=True))
            if node.tag not in _INLINE:
                pieces.append(("\n", region))
                stack.append((None, region))
            stack.extend((child, region) for child in reversed(children))


def _region(node: LexborNode, region: Region) -> Region:
    attributes = node.attributes
    if node.tag == "footer" or "footer" in f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower():
        return "footer"
    return "header" if node.tag in _HEADER else region
