"""The headings of a page by their place in its source: which of them a text stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from vitality.pages.dom import squeeze

_HEADING = re.compile(r"<h(?P<level>[1-6])\b[^>]{0,500}>(?P<text>.{1,300}?)</h[1-6]\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the range of the source to the next one, and the headings above it, the nearest first."""

    name: str
    start: int
    end: int
    above: tuple[str, ...] = ()


def sections(html: str) -> Iterator[Section]:
    """Every heading of the page in its order; what stands before the first is in none."""
    heads = [(m.start(), int(m["level"]), _text(m["text"])) for m in _HEADING.finditer(html)]
    ends = [start for start, _, _ in heads][1:] + [len(html)] * bool(heads)
    stack: list[tuple[int, str]] = []
    for (start, level, name), end in zip(heads, ends, strict=True):
        stack = [each for each in stack if each[0] < level]
        yield Section(name, start, end, tuple(text for _, text in reversed(stack)))
        stack.append((level, name))


def _text(markup: str) -> str:
    return squeeze(unescape(_MARKUP.sub(" ", markup)))
