"""HTML's elements as far as the lines of a page depend on them, as data."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
"""Element to level."""
_PARTS: Final = (
    "address article aside body center details dialog div fieldset footer form header hgroup main nav section"
)
_TEXTS: Final = "blockquote caption figcaption figure hr html legend noscript option p pre summary"
_LISTS: Final = "dd dir dl dt li menu ol ul"
_TABLES: Final = "table tbody td tfoot th thead tr"
BLOCKS: Final = frozenset(f"{_PARTS} {_TEXTS} {_LISTS} {_TABLES}".split()) | HEADINGS.keys()
"""Elements that begin a line of their own."""
BOLD: Final = frozenset({"b", "strong", "u"})
"""Elements that make words stand out."""
WORD_BREAKING: Final = frozenset({"span", "a", "button", "label", "time", "img", "input", "small", "tt", "code"})
"""Elements within a line at whose edges a word ends."""
VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "base", "source", "area", "embed"})
"""Elements without content."""
TERMS: Final = frozenset({"dt", "summary", "legend", "caption", "figcaption"})
"""Elements that name what follows them."""
CELLS: Final = frozenset({"td", "th"})
CELL_EDGES: Final = frozenset({"table", "tr", "td", "th", "tbody", "thead", "tfoot", "body", "html"})
"""Elements whose end tags count inside a cell that they do not stand in."""
ENDED_BY_SIBLING: Final = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "option": (frozenset({"option"}), frozenset({"table", "div"})),
}
"""Element to the open siblings that it ends, and the elements beyond which none is looked for (HTML, optional tags)."""
