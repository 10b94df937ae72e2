"""The headings of a page by their place in its source: which of them a text stands under."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from vitality.pages.dom import squeeze
from vitality.pages.schedule import ReadLine

_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^>]{0,500}>(?P<text>(?:(?!<h[1-6]).){1,300}?)</h[1-6]\s*>", re.IGNORECASE | re.DOTALL
)
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the range of the source to the next one, and the headings above it, the nearest first."""

    name: str
    start: int
    end: int
    above: tuple[str, ...] = ()


def timed_sections(lines: Sequence[ReadLine], html: str) -> Iterator[tuple[Section, tuple[int, ...]]]:
    """Every section with the indexes of the times that stand in it, by the lines that state them."""
    timed = sorted(((line.start, line.times) for line in lines if line.times), key=lambda each: each[0])
    starts = [start for start, _ in timed]
    for each in sections(html) if timed else ():
        inside = timed[bisect_left(starts, each.start) : bisect_left(starts, each.end)]
        yield each, tuple(number for _, numbers in inside for number in numbers)


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
