"""The layout `records`: rows of any repeated markup, missions below their mother parish, several lists in one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from vitality.pages.layouts.divisions import MAX_READ, Hypothesis, hypotheses, nested
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.entry import Entry, Line, line_text
from vitality.pages.layouts.flow import Flow
from vitality.pages.layouts.records import entries_of
from vitality.pages.layouts.signals import Signals
from vitality.pages.parish_names import name_evidence

_WORTH_READING = 0.4
"""Divisions that promise less than this share of the best are not read in full."""


def read(document: Document) -> Iterator[Candidate]:
    """The most promising divisions of the page, each as one candidate; then two lists of a page together."""
    if not document.is_markup or not any(document.signals.names):
        return
    flow, signals = document.flow, document.signals
    promising = hypotheses(flow, signals)
    for hypothesis in promising[:MAX_READ]:
        if hypothesis.promise < _WORTH_READING * promising[0].promise:
            return
        entries = _with_missions(flow, signals, hypothesis, promising)
        yield Candidate(layout="text" if hypothesis.name == "names" else "records", entries=tuple(entries))
        partner = _partner(flow, signals, hypothesis, promising[:40]) if _is_sound(entries) else None
        if partner is not None:
            yield Candidate(layout="records", entries=(*entries, *entries_of(flow, signals, partner)))


def _partner(flow: Flow, signals: Signals, chosen: Hypothesis, others: list[Hypothesis]) -> Hypothesis | None:
    """The most promising division of the rest of the page that shares no line with the chosen one and holds parishes."""
    least = min(0.5, 0.7 * _stated(signals, chosen))
    for other in others:
        if other is chosen or len(other.segments) < 2 or not 0.03 * chosen.promise <= other.promise <= chosen.promise:
            continue
        beside = _stated(signals, other) >= least and _apart(chosen.segments, other.segments)
        if beside and _is_sound(entries_of(flow, signals, other)):
            return other
    return None


def _stated(signals: Signals, hypothesis: Hypothesis) -> float:
    """The share of rows with an address, a number or another fact in print."""
    return sum(signals.facts[end] > signals.facts[start] for start, end in hypothesis.segments) / len(
        hypothesis.segments
    )


def _is_sound(rows: list[Entry]) -> bool:
    """Whether most rows are named like parishes and say something more."""
    named = sum(name_evidence(row.name) >= 0.7 and bool(row.lines or row.links) for row in rows)
    return named >= 2 and named >= 0.7 * len(rows)


def _apart(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> bool:
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i][1] <= right[j][0]:
            i += 1
        elif right[j][1] <= left[i][0]:
            j += 1
        else:
            return False
    return True


def _with_missions(flow: Flow, signals: Signals, hypothesis: Hypothesis, others: list[Hypothesis]) -> list[Entry]:
    """The rows, and the rows of a list within them as missions of their own."""
    inner = nested(signals, hypothesis, others[:60])
    entries = entries_of(flow, signals, hypothesis)
    if inner is None:
        return entries
    missions: dict[int, list[Entry]] = defaultdict(list)
    taken = {id(flow.lines[index]) for start, end in inner.segments for index in range(start, end)}
    owner = {id(line): position for position, entry in enumerate(entries) for line in entry.lines}
    for mission, (start, _) in zip(entries_of(flow, signals, inner), inner.segments, strict=False):
        missions[owner.get(id(flow.lines[start]), -1)].append(mission)
    rows: list[Entry] = []
    for position, entry in enumerate(entries):
        mine = missions[position]
        kept = tuple(line for line in entry.lines if id(line) not in taken and not _announces(line))
        rows.append(replace(entry, lines=kept) if mine else entry)
        rows.extend(replace(mission, mother=entry.name, groups=entry.groups) for mission in mine)
    return rows


def _announces(line: Line) -> bool:
    """Whether a line only heads the missions ("Missions:")."""
    return line_text(line).rstrip(":").lower() in (
        "mission",
        "missions",
        "chapel",
        "chapels",
        "stations",
    ) and not name_evidence(line_text(line))
