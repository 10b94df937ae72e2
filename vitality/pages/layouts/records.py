"""The rows that a division of the page gives: for each its name, its lines, its links and the headings over it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from vitality.pages.layouts.divisions import Hypothesis, Segment
from vitality.pages.layouts.entry import Entry
from vitality.pages.layouts.flow import Flow
from vitality.pages.layouts.groups import is_excluded
from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.layouts.signals import Signals, name_of_line
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city


def entries_of(flow: Flow, signals: Signals, hypothesis: Hypothesis) -> list[Entry]:
    """The rows that a hypothesis gives, each with its name chosen by the look that names have in most rows."""
    look = _look_of_names(flow, signals, hypothesis)
    heads = [_head(flow, signals, segment, look) for segment in hypothesis.segments]
    named = [segment for segment, head in zip(hypothesis.segments, heads, strict=True) if head is not None]
    groups = dict(zip(named, _groups(flow, named), strict=True))
    rows = []
    for position, ((start, end), head) in enumerate(zip(hypothesis.segments, heads, strict=True)):
        if head is None:
            continue
        point = flow.boxes[hypothesis.boxes[position]].point if hypothesis.by_box else _point_between(flow, start, end)
        rows.append(_row(flow, (start, end), head, groups[start, end], point))
    return rows


def _look_of_names(flow: Flow, signals: Signals, hypothesis: Hypothesis) -> tuple[int, bool, bool, bool] | None:
    """The style that most rows' names share: (shape, bold, link, marked as name)."""
    votes: Counter[tuple[int, bool, bool, bool]] = Counter()
    for start, end in hypothesis.segments:
        seen = set()
        for index in range(start, min(end, start + 6)):
            key = _look(flow, index)
            if key not in seen:
                seen.add(key)
                value = signals.names[index]
                order = 0.02 * (index - start)
                votes[key] += (
                    0 if not value and end - start == 1 else int(100 * (value - (0.35 if not value else 0) - order))
                )
                if key[3] or flow.rank[index]:
                    votes[key] += 8 if value else 0
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] > 0 else None


def _look(flow: Flow, index: int) -> tuple[int, bool, bool, bool]:
    first = flow.lines[index][0]
    return (*flow.style(index), first.label is Label.NAME)


def _head(flow: Flow, signals: Signals, segment: Segment, look: tuple[int, bool, bool, bool] | None) -> int | None:
    start, end = segment
    if look is not None:
        for index in range(start, min(end, start + 8)):
            if _look(flow, index) == look and flow.texts[index] and not _is_label(flow.texts[index]):
                return index
        if (
            end - start == 1
            and signals.facts[end] == signals.facts[start]
            and (flow.rank[start] or flow.lines[start][0].bold)
        ):
            return None
    first = range(start, min(end, start + 4))
    return next(
        (index for least in (0.7, 0.01) for index in first if signals.names[index] >= least),
        None,
    )


def _is_label(text: str) -> bool:
    return text.endswith(":") and label_of(text) not in (None, Label.NAME)


def _row(flow: Flow, segment: Segment, head: int, groups: tuple[str, ...], point: tuple[float, float] | None) -> Entry:
    start, end = segment
    name, rest = name_of_line(flow.lines[head])
    name = _without_town(name, flow.texts[start:end]) or name
    links = tuple(piece.href for piece in flow.lines[head] if piece.href)
    headings = (index for index in range(start, head) if flow.rank[index] or flow.lines[index][0].bold)
    above = tuple(flow.texts[index] for index in headings if is_excluded(flow.texts[index]))
    lines = [
        line
        for index in range(start, end)
        if index != head and flow.texts[index] != name
        for line in (flow.lines[index],)
    ]
    if rest and any(piece.text.strip(" ,:;|()–—-") or piece.href for piece in rest):
        lines.insert(0, rest)
    return Entry(name=name, lines=tuple(lines), links=links, groups=(*groups, *above), point=point)


_TOWN_BESIDE = (
    re.compile(r"(?P<town>[^–—:|,()]{2,40}?)\s*(?:\s[–—-]\s|[–—:|,])\s*(?P<name>.{4,})"),
    re.compile(r"(?P<name>.{4,}?)\s*(?:\s[–—-]\s|[–—:|,(])\s*(?P<town>[^–—:|,()]{2,40})\)?"),
)


def _without_town(name: str, texts: Sequence[str]) -> str | None:
    """The name alone, where the row's title is its town and name and the name stands in a line of its own as well."""
    for shape in _TOWN_BESIDE:
        found = shape.fullmatch(name)
        if found and found["name"] in texts and is_city(found["town"]) and _is_sooner_a_name(found["name"]):
            return found["name"]
    return None


def _is_sooner_a_name(text: str) -> bool:
    return name_evidence(text) >= 0.7 or (name_evidence(text) > 0 and not is_city(text))


def _point_between(flow: Flow, start: int, end: int) -> tuple[float, float] | None:
    index = flow.box[start]
    while index >= 0 and flow.boxes[index].start >= start and flow.boxes[index].end <= end:
        if flow.boxes[index].point is not None:
            return flow.boxes[index].point
        index = flow.boxes[index].parent
    return next(
        (flow.boxes[flow.box[line]].point for line in range(start, end) if flow.boxes[flow.box[line]].point), None
    )


def _groups(flow: Flow, segments: Sequence[Segment]) -> list[tuple[str, ...]]:
    """For each row the headings over it: short lines between rows, by rank, each until one of equal rank."""
    groups: list[tuple[str, ...]] = []
    stack: list[tuple[int, str]] = []
    previous = 0
    for start, end in segments:
        for index in range(max(previous, start - 400), start):
            _push(stack, flow, index)
        groups.append(tuple(text for _, text in stack))
        previous = end
    return groups


def _push(stack: list[tuple[int, str]], flow: Flow, index: int) -> None:
    text = flow.texts[index]
    rank = flow.rank[index] or (8 if flow.lines[index][0].bold else 9)
    if not text or len(text) > 80 or (rank == 9 and (len(text) > 45 or re.search(r"\d{3}|[.!?]$", text))):
        if rank < 9:
            del stack[next((i for i, each in enumerate(stack) if each[0] >= rank), len(stack)) :]
        return
    while stack and stack[-1][0] >= rank:
        stack.pop()
    stack.append((rank, text))
