"""Brings together what stands apart in the markup: day labels beside a column of times, and names below times."""

from __future__ import annotations

from dataclasses import replace

from vitality.pages.blocks import Document, Line, Role
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.reduction import reduce_tokens
from vitality.pages.grammar.tokens import tokenize
from vitality.pages.source_map import Text
from vitality.pages.tables import HAS_TIME

_LONGEST: int = 70


def pair_up(document: Document, lines: list[Line]) -> list[Line]:
    """The lines with parallel columns paired and with the names of services moved up to their times."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        columns = _columns(document, lines, at)
        if columns:
            found += [replace(time, heads=(label,)) for label, time in columns]
            at += 2 * len(columns)
        elif _named_below(document, lines, at):
            found.append(_joined(lines[at], lines[at + 1]))
            at += 2
        else:
            found.append(lines[at])
            at += 1
    return found


def _elements(line: Line) -> list[Element]:
    return reduce_tokens(tokenize(line.text), line.text)


def _column(document: Document, lines: list[Line], at: int, *, timed: bool) -> int:
    """How many lines from `at` on stand in sibling boxes and do (or do not) hold times."""
    end = at
    parent = _parent(document, lines[at]) if at < len(lines) else -1
    while (
        end < len(lines)
        and end - at < 12
        and _parent(document, lines[end]) == parent
        and bool(HAS_TIME.search(lines[end].text)) == timed
        and len(lines[end].text) < _LONGEST
    ):
        end += 1
    return end - at


def _parent(document: Document, line: Line) -> int:
    return line.box if line.continued else document.boxes[line.box].parent


def _columns(document: Document, lines: list[Line], at: int) -> list[tuple[Line, Line]]:
    """Two to twelve day labels in one box, and as many lines of times in the next."""
    if lines[at].heads or HAS_TIME.search(lines[at].text) or len(lines[at].text) > _LONGEST:
        return []
    count = _column(document, lines, at, timed=False)
    if count < 2 or at + 2 * count > len(lines) or _column(document, lines, at + count, timed=True) != count:
        return []
    labels, times = lines[at : at + count], lines[at + count : at + 2 * count]
    if _parent(document, labels[0]) == _parent(document, times[0]) or any(line.role is Role.HEADING for line in labels):
        return []
    if not all(any(e.kind == "day" for e in _elements(line)) for line in labels):
        return []
    return (
        [] if any(e.kind == "day" for line in times for e in _elements(line)) else list(zip(labels, times, strict=True))
    )


def _named_below(document: Document, lines: list[Line], at: int) -> bool:
    """Whether a bare time is followed, in the same card, by the name of its service."""
    if (
        at + 1 >= len(lines)
        or not HAS_TIME.search(lines[at].text)
        or len(lines[at].text) > 40
        or HAS_TIME.search(lines[at + 1].text)
        or len(lines[at + 1].text) > _LONGEST
    ):
        return False
    here, below = lines[at], lines[at + 1]
    if here.heads or here.record or Role.HEADING in (here.role, below.role) or below.text.rstrip().endswith(":"):
        return False
    if document.boxes[here.box].parent != document.boxes[below.box].parent or here.box == below.box:
        return False
    if (
        at + 2 < len(lines)
        and document.boxes[lines[at + 2].box].parent == document.boxes[here.box].parent
        and HAS_TIME.search(lines[at + 2].text)
    ):
        return False
    if any(e.kind == "service" for e in _elements(here)):
        return False
    return any(e.kind == "service" and e.named and e.named.service for e in _elements(below))


def _joined(first: Line, second: Line) -> Line:
    words = Text()
    words.join(first.words, "")
    words.join(second.words, " - ")
    return replace(first, words=words)
