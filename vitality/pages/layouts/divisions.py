"""Repeated rows of any markup, found by structure: boxes of one path, or stretches that begin with one style of line.

Each way to divide the page is a hypothesis. A cheap look at all of them (names in front, one address each) picks
a few; those are read in full, and the one that yields the most parishes with the most facts wins.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vitality.pages.address import looks_like_street
from vitality.pages.layouts.flow import Flow
from vitality.pages.layouts.signals import Signals

Segment = tuple[int, int]
MAX_READ = 6
_MAX_ROW_LINES = 60


@dataclass(slots=True)
class Hypothesis:
    """One way to divide the page into rows; `by_box` when each row is an element of its own."""

    name: str
    segments: list[Segment]
    by_box: bool
    boxes: list[int] = field(default_factory=list)
    promise: float = 0.0


def hypotheses(flow: Flow, signals: Signals) -> list[Hypothesis]:
    """All ways to divide the page that promise anything, best first."""
    found: dict[tuple[Segment, ...], Hypothesis] = {}
    for hypothesis in (
        *_by_box(flow),
        *_by_style(flow, signals),
        *_by_class(flow, signals),
        *_by_blank(flow, signals),
        *_by_line(flow, signals),
        *_by_name(flow, signals),
    ):
        if not hypothesis.segments:
            continue
        hypothesis.promise = _promise(hypothesis, signals)
        key = tuple(hypothesis.segments)
        if hypothesis.promise > 0 and key not in found:
            found[key] = hypothesis
    return sorted(found.values(), key=lambda each: -each.promise)


def _promise(hypothesis: Hypothesis, signals: Signals) -> float:
    total = 0.0
    for start, end in hypothesis.segments:
        name = max(signals.names[start : min(end, start + 4)], default=0.0)
        if end - start > _MAX_ROW_LINES:
            continue
        places = signals.places[end] - signals.places[start]
        facts = signals.facts[end] - signals.facts[start]
        strong = sum(1 for value in signals.names[start:end] if value >= 0.7) if end - start < 30 else 9
        crowd = 0.15 if places > 2 or strong > 6 else 1.0
        total += name * (1 + 0.5 * min(facts, 3)) * crowd
    return total


def _by_box(flow: Flow) -> Iterator[Hypothesis]:
    """Elements of one path; once with classes and columns, once by tags alone."""
    for which in ("path", "shape"):
        groups: dict[int, list[int]] = defaultdict(list)
        for index, box in enumerate(flow.boxes):
            if box.end > box.start:
                groups[box.path if which == "path" else box.shape].append(index)
        for key, members in groups.items():
            segments = [(flow.boxes[index].start, flow.boxes[index].end) for index in members]
            if all(left[1] <= right[0] for left, right in pairwise(segments)):
                yield Hypothesis(f"{which}{key}", segments, by_box=True, boxes=members)


def _by_style(flow: Flow, signals: Signals) -> Iterator[Hypothesis]:
    """Lines of one look, each the head of what follows it."""
    heads: dict[tuple[int, bool, bool], list[int]] = defaultdict(list)
    for index in range(len(flow.lines)):
        heads[flow.style(index)].append(index)
    for style, lines in heads.items():
        if (
            len(lines) >= 2
            and (style[1] or style[2] or flow.rank[lines[0]])
            and any(signals.names[index] > 0 for index in lines)
        ):
            yield Hypothesis(f"style{style}", _stretches(flow, lines), by_box=False)


def _by_class(flow: Flow, signals: Signals) -> Iterator[Hypothesis]:
    """Lines of elements of one path that mostly hold names, each the head of what follows it."""
    heads: dict[int, list[int]] = defaultdict(list)
    for index, box in enumerate(flow.box):
        heads[flow.boxes[box].path].append(index)
    for path, lines in heads.items():
        named = sum(signals.names[index] >= 0.7 for index in lines)
        if len(lines) >= 2 and named >= 0.6 * len(lines) and all(signals.names[index] for index in lines):
            yield Hypothesis(f"class{path}", _stretches(flow, lines), by_box=False)


def _by_name(flow: Flow, signals: Signals) -> Iterator[Hypothesis]:
    """Lines that look like names, whatever their markup, unless a name stands right above."""
    heads = [
        index
        for index, value in enumerate(signals.names)
        if value >= 0.7 and not looks_like_street(flow.texts[index]) and not (index and signals.names[index - 1] >= 0.7)
    ]
    if len(heads) >= 2:
        yield Hypothesis("names", _stretches(flow, heads), by_box=False)


def _by_blank(flow: Flow, signals: Signals) -> Iterator[Hypothesis]:
    """Blocks that empty lines hold apart within one element; a block without a name belongs to the one above it."""
    if not any(flow.blank_before):
        return
    segments: list[Segment] = []
    start = 0
    for index in range(1, len(flow.lines) + 1):
        if index == len(flow.lines) or flow.blank_before[index] or flow.box[index] != flow.box[index - 1]:
            same_box = bool(segments) and flow.box[segments[-1][0]] == flow.box[start] and segments[-1][1] == start
            if same_box and not signals.names[start]:
                segments[-1] = (segments[-1][0], index)
            else:
                segments.append((start, index))
            start = index
    yield Hypothesis("blank", [each for each in segments if each[1] - each[0] >= 2], by_box=False)


def _by_line(flow: Flow, signals: Signals) -> Iterator[Hypothesis]:
    """Single lines of elements of one path, each with a name and most with a fact."""
    named = [index for index in range(len(flow.lines)) if signals.names[index]]
    path = [flow.boxes[box].path for box in flow.box]
    stated = Counter(path[index] for index in named if signals.facts[index + 1] > signals.facts[index])
    likely = Counter(path[index] for index in named if signals.names[index] >= 0.7)
    rows = {each for each, count in stated.items() if count >= 3 and count >= 0.7 * likely[each]}
    chosen = [
        (index, index + 1)
        for index in named
        if flow.box[index] in rows and (signals.names[index] >= 0.7 or signals.facts[index + 1] > signals.facts[index])
    ]
    if len(chosen) >= 3:
        yield Hypothesis("lines", chosen, by_box=False)


def _stretches(flow: Flow, heads: Sequence[int]) -> list[Segment]:
    """From each head to the next one, to a heading that ranks no lower, or to the end of the element around both."""
    segments = []
    for position, start in enumerate(heads):
        following = heads[position + 1] if position + 1 < len(heads) else len(flow.lines)
        neighbour = following if position + 1 < len(heads) else heads[position - 1]
        limit = (
            flow.boxes[_common(flow, flow.box[start], flow.box[neighbour])].end
            if neighbour < len(flow.lines)
            else following
        )
        end = min(following, limit)
        own = flow.rank[start] or 8
        for index in range(start + 1, min(end, start + _MAX_ROW_LINES)):
            if 0 < flow.rank[index] <= own and (flow.rank[index] < own or flow.box[index] != flow.box[start]):
                end = index
                break
        segments.append((start, min(end, start + _MAX_ROW_LINES)))
    return segments


def _common(flow: Flow, left: int, right: int) -> int:
    """The innermost box that holds two boxes."""
    chain = set()
    while left >= 0:
        chain.add(left)
        left = flow.boxes[left].parent
    while right >= 0 and right not in chain:
        right = flow.boxes[right].parent
    return max(right, 0)


def nested(signals: Signals, chosen: Hypothesis, others: Iterable[Hypothesis]) -> Hypothesis | None:
    """A hypothesis whose rows all lie within rows of the chosen one, a name in front: missions below their mother parish."""
    for other in others:
        named = other.by_box and other is not chosen and all(signals.names[start] >= 0.7 for start, _ in other.segments)
        if named and _within(other.segments, chosen.segments):
            return other
    return None


def _within(inner: Sequence[Segment], outer: Sequence[Segment]) -> bool:
    """Whether every inner segment lies in an outer one, behind its first line; both are in order."""
    position = 0
    for start, end in inner:
        while position < len(outer) and outer[position][1] < end:
            position += 1
        if position == len(outer) or not (outer[position][0] < start and end <= outer[position][1]):
            return False
    return bool(inner)
