"""Brings together what stands apart in the markup: day labels beside a column of times, and names below times."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vitality.pages.document import Document, Line, Role
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.reduction import elements_of
from vitality.pages.source_map import Text
from vitality.pages.tables import HAS_TIME

_LONGEST: Final = 70
_MOST: Final = 12


def pair_up(document: Document, lines: list[Line]) -> list[Line]:
    """The lines with parallel columns paired and with the names of services moved up to their times."""
    timed = [len(line.text) < _LONGEST and bool(HAS_TIME.search(line.text)) for line in lines]
    found: list[Line] = []
    at = 0
    while at < len(lines):
        if at + 1 < len(lines) and timed[at] and _named_below(document, lines, timed, at):
            found.append(_joined(lines[at], lines[at + 1]))
            at += 2
            continue
        if timed[at] and found and not timed[at - 1]:
            columns = _columns(document, lines, timed, at)
            if columns:
                del found[-len(columns) :]
                found += [replace(time, heads=(label,)) for label, time in columns]
                at += len(columns)
                continue
        found.append(lines[at])
        at += 1
    return found


def _elements(line: Line) -> list[Element]:
    return elements_of(line.text)


def _parent(document: Document, line: Line) -> int:
    return line.box if line.continued else document.boxes[line.box].parent


def _columns(document: Document, lines: list[Line], timed: list[bool], at: int) -> list[tuple[Line, Line]]:
    """Two to twelve lines of times from `at` on in one box, and as many day labels in the box before."""
    parent, end = _parent(document, lines[at]), at
    while end < len(lines) and end - at <= _MOST and timed[end] and _parent(document, lines[end]) == parent:
        end += 1
    count = end - at
    if not 2 <= count <= _MOST or at < count:
        return []
    labels, times = lines[at - count : at], lines[at:end]
    if (
        any(timed[at - count : at])
        or len({_parent(document, line) for line in labels}) > 1
        or _parent(document, labels[0]) == parent
    ):
        return []
    if any(line.role is Role.HEADING or line.heads or len(line.text) > _LONGEST for line in labels):
        return []
    if not all(any(e.kind == "day" for e in _elements(line)) for line in labels):
        return []
    return (
        [] if any(e.kind == "day" for line in times for e in _elements(line)) else list(zip(labels, times, strict=True))
    )


def _named_below(document: Document, lines: list[Line], timed: list[bool], at: int) -> bool:
    """Whether a bare time is followed, in the same card, by the name of its service."""
    here, below = lines[at], lines[at + 1]
    if timed[at + 1] or len(here.text) > _LONGEST // 2 or len(below.text) > _LONGEST:
        return False
    if here.heads or here.record or Role.HEADING in (here.role, below.role) or below.text.rstrip().endswith(":"):
        return False
    if below.text.rstrip().endswith((".", "?", "!")):
        return False  # a sentence is no name
    parent = document.boxes[here.box].parent
    if parent != document.boxes[below.box].parent or here.box == below.box:
        return False
    if here.continued or (at + 2 < len(lines) and lines[at + 2].continued):
        return False  # either is one of the lines of a paragraph, which has its own beginning
    if at + 2 < len(lines) and document.boxes[lines[at + 2].box].parent == parent and timed[at + 2]:
        return False
    if any(e.kind == "service" for e in _elements(here)):
        return False
    names = _elements(below)
    if any(e.kind in ("day", "date", "no") for e in names):
        return False  # "Monday: no Mass" is the next statement
    return any(e.kind == "service" and e.named and e.named.service for e in names)


def _joined(first: Line, second: Line) -> Line:
    words = Text()
    words.join(first.words, "")
    words.join(second.words, " - ")
    return replace(first, words=words)
