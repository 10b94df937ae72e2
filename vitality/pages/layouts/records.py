"""Repeated rows of any markup, found by structure: boxes of one path, or stretches that begin with one style of line.

Each way to divide the page is a hypothesis. A cheap look at all of them (names in front, one address each) picks
a few; those are read in full, and the one that yields the most parishes with the most facts wins.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vitality.pages.address import has_state_and_zip, is_street, looks_like_street, place_line
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import email_of, phone_of
from vitality.pages.layouts.entry import Entry, Line, Piece, line_text
from vitality.pages.layouts.flow import Flow
from vitality.pages.layouts.groups import is_excluded, is_section
from vitality.pages.layouts.labels import Label, label_of, names_a_fact
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city

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


@dataclass(slots=True)
class Signals:
    """What each line says by itself: how much it looks like a name, and running counts of address lines and facts."""

    names: list[float]
    places: list[int]
    facts: list[int]


_BORDER = re.compile(
    r"\s+[–—-]{1,2}\s+|\s*[|•·;]\s*|\s*:\s+|,\s+|\t|\s{3,}|\s+(?=\(?\d{3}\)?[\s.-]+\d{3}[\s.-]\d{4})|\s+\((?=[^()]*\d{3}[^()]*\))|\.\s+(?=\d+\s)"
)


def name_of_line(line: Line) -> tuple[str, Line]:
    """The name that a line begins with, and what follows it in the line."""
    first = line[0]
    if first.bold or first.href is not None or first.label is Label.NAME:
        before_town = _before_town(line)
        size = before_town or _leading(line)
        name = line_text(line[:size])
        rest = line[size:]
        parted = bool(rest) and (
            before_town or first.label is Label.NAME or re.match(r"[\s,:;|(•·–—-]|$", rest[0].text)
        )
        if name and parted and not _is_place_before(name, rest):
            return name.strip(" :,-–—|"), rest
    apart = _name_apart(line)
    if apart is not None:
        return apart
    text = line_text(line)
    for found in _BORDER.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if _is_town_of(before, after):
            continue
        if re.search(r"[A-Za-z]{3}", before) and _begins_with_a_fact(after):
            return before.strip(), _cut(line, found.end())
    return text, ()


def _name_apart(line: Line) -> tuple[str, Line] | None:
    """The name that is an element of its own in a line of elements without dividers (`<span>name</span> <span>street</span>`)."""
    pieces = [piece for piece in line if piece.text.strip()]
    if len(pieces) < 3 or re.search(r"[,;:|•·–—-]\s*$", pieces[0].text) or not name_evidence(squeeze(pieces[0].text)):
        return None
    rest = [each for piece in pieces[1:] for each in (piece, Piece(", "))][:-1]
    if not looks_like_street(squeeze(pieces[1].text)) and place_line(line_text(tuple(rest))) is None:
        return None
    return squeeze(pieces[0].text), tuple(rest)


def _is_place_before(lead: str, rest: Line) -> bool:
    """Whether the marked beginning of a line is a town and the name follows it ("**Athens** – St. Aldate, …")."""
    following = re.match(r"\s*[–—:-]\s*(?P<name>[^,;|]+)", line_text(rest))
    return (
        following is not None
        and name_evidence(lead) < 0.7 <= name_evidence(following["name"].strip())
        and is_city(lead)
    )


def _is_town_of(before: str, after: str) -> bool:
    """Whether a town stands before a name ("Lee: St. Mary, Mother of God") that is called like a town itself."""
    name = re.split(r"[,;|(]", after)[0].strip()
    return name_evidence(before) < 0.7 <= name_evidence(name) and is_city(before) and is_city(name)


def _begins_with_a_fact(text: str) -> bool:
    """Whether a text begins with a street, a place, a number or an address on the web."""
    pieces = [piece for piece in _BORDER.split(text) if piece]
    if not pieces:
        return False
    first, two = pieces[0], ", ".join(pieces[:2])
    street = is_street(first) and (bool(re.search(r"\d", first)) or name_evidence(first) < 0.7)
    if street or place_line(first) or place_line(two) or phone_of(first) or email_of(first):
        return True
    return bool(re.match(r"(?i)c/o\b|www\.|https?:", first)) or (
        len(pieces) > 1 and is_city(first) and not _states_place(pieces[1:])
    )


def _states_place(pieces: Sequence[str]) -> bool:
    """Whether a street or a place is still to come: then a town's name before it belongs to the parish's name."""
    pairs = (", ".join(pieces[index : index + 2]) for index in range(len(pieces)))
    return any(is_street(piece) or place_line(piece) for piece in (*pieces, *pairs))


def _leading(line: Line) -> int:
    """How many pieces at the start of a line share the look of the first."""
    first = line[0]
    size = 1
    while (
        size < len(line)
        and line[size].bold == first.bold
        and line[size].href == first.href
        and line[size].label == first.label
    ):
        size += 1
    return size


def _before_town(line: Line) -> int:
    """How many pieces the name has where the town is an element of its own behind it in the same link; 0 elsewhere."""
    words = [squeeze(piece.text) for piece in line]
    for index in range(1, len(line)):
        if words[index] and is_city(words[index].strip("() ,")):
            name = squeeze(" ".join(words[:index]))
            return index if name_evidence(name) >= 0.7 and not re.search(r"(?i)\b(?:of|the|and|at|&)$", name) else 0
    return 0


def _cut(line: Line, position: int) -> Line:
    """What a line holds from a position of its squeezed text on; links keep their pieces."""
    if len(line) == 1 and line[0].href is None:
        return (Piece(line_text(line)[position:], None),)
    rest = line_text(line)[position:]
    linked = tuple(Piece("", None, piece.href) for piece in line if piece.href)
    return (Piece(rest, None), *linked)


def signals_of(flow: Flow) -> Signals:
    """Looks at each line once."""
    names, places, facts = [], [0], [0]
    for line, text in zip(flow.lines, flow.texts, strict=True):
        place = has_state_and_zip(text) or place_line(text) is not None
        fact = place or phone_of(text) is not None or email_of(text) is not None or is_street(text)
        names.append(_name_signal(line, text, place=place, fact=fact))
        places.append(places[-1] + has_state_and_zip(text))
        facts.append(facts[-1] + fact)
    return Signals(names, places, facts)


def _name_signal(line: Line, text: str, *, place: bool, fact: bool) -> float:
    if _is_labelled(text) or is_section(text):
        return 0.0
    if not fact:
        whole = name_evidence(text)
        if whole:
            return whole
    marked = len(line) > 1 and (line[0].bold or line[0].href is not None or line[0].label is Label.NAME)
    if place and not marked and place_line(text) is not None:
        return 0.0
    return name_evidence(name_of_line(line)[0])


def _is_labelled(text: str) -> bool:
    """Whether a line begins with the label of something else than a name ("Rectory: …", "Administrator: …")."""
    label, colon, _ = text.partition(":")
    return bool(colon) and len(label) < 40 and names_a_fact(label)


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


# -- rows of a hypothesis --------------------------------------------------------------------------------


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
