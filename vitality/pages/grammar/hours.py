"""Which of a statement's times count, and which only explain, close or end another."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.draft import Context
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.qualities import Qualities
from vitality.pages.grammar.vocabulary import fold

_LASTING: Final = frozenset({"confession", "adoration", "holy_hour"})
"""Services that have an end as often as not."""
_LONGEST_STRETCH: Final = 12 * 60
_ENDING: Final = frozenset(
    [
        "close",
        "closes",
        "closing",
        "closed",
        "end",
        "ends",
        "ending",
        "ended",
        "conclude",
        "concludes",
        "concluding",
        "concluded",
        "termina",
        "concluye",
    ]
)
"""Words that say, before a service and its time, that something ends with it."""


class Hours(Qualities):
    """The times of a statement beside each other."""

    context: Context

    def _join_ends(self) -> None:
        """Two hours side by side under a service that lasts are its beginning and end: "Confession 12:00 PM 1:00 PM"."""
        named = next((e.named for e in self.elements if e.kind == "service"), self.context.named)
        if named is None or named.service not in _LASTING or len(self.times) < 2:
            return
        kept: list[Element] = []
        for time in self.times:
            last = kept[-1] if kept else None
            if last is not None and _runs_on(last, time, self.elements):
                last.until = time.clock
                continue
            kept.append(time)
        self.times = kept

    def _of_the_end(self, time: Element, day: Element) -> bool:
        """Whether a day tells when something ends that began on the day said before: "concluding at 9 AM on Saturday"."""
        if not (self.context.days or self.context.dates) or day.start < time.start or day.paren:
            return False
        later = [t for t in self.times if time.start < t.start < day.start]
        return len(later) == 1 and later[0].start in self.closing_times()

    def _beside(self, time: Element) -> bool:
        """Whether a relative time only explains a printed one ("705am (after 630am Mass)")."""
        relative = time.relative
        clocks = [t for t in self.times if t.clock is not None]
        if relative is None or not clocks:
            return False
        if self._then_said(time, clocks):
            return True
        if self._on_its_own(time, clocks):
            return False
        if relative.offset is None or (relative.clock is None and not relative.offset):
            return True
        return any(t.start < time.start and self.segments[id(t)] == self.segments[id(time)] for t in clocks)

    def _on_its_own(self, time: Element, clocks: list[Element]) -> bool:
        """Whether a relative time is one more: of a service of its own, or joined by "and" to those printed."""
        segment = self.segments[id(time)]
        mates = [e for e in self.elements if self.segments.get(id(e)) == segment]
        served = any(e.kind == "service" and e.named and e.named.service for e in mates)
        if served and not any(clock in mates for clock in clocks):
            return True
        at = next((n for n, e in enumerate(self.elements) if e is time), 0)
        behind = [e for e in self.elements[at + 1 : at + 4] if e.kind != "word" or e.code]
        joined = [e.code for e in behind if e.kind == "break"][:2]
        follows = next((e.kind for e in behind if e.kind != "break"), "")
        return follows == "time" and any(code in ("and", "&", "y") for code in joined)

    def _then_said(self, time: Element, clocks: list[Element]) -> bool:
        """Whether the hour itself follows: "after the 10:30 Mass, at about 11:40"."""
        for clock in clocks:
            if clock.start > time.start:
                between = [e for e in self.elements if time.end <= e.start < clock.start]
                return len(between) < 4 and not any(
                    e.kind in ("service", "day", "date")
                    or (e.kind == "break" and e.weight == 1 and e.end - e.start > 1)
                    for e in between
                )
        return False

    def closing_times(self) -> list[int]:
        """Where the times stand at which something is said to end: "closes with Benediction at 5:20"."""
        found, closing = [], False
        for element in self.elements:
            if element.kind == "word" and fold(element.code) in _ENDING:
                closing = True
            elif element.kind == "time":
                found += [element.start] if closing else []
                closing = False
            elif element.kind in ("day", "date", "break"):
                closing = False
        return found


def _runs_on(first: Element, second: Element, elements: list[Element]) -> bool:
    """Whether a time follows another without anything between, later on the same day, both with their half printed."""
    if first.clock is None or second.clock is None or first.until or second.until or first.relative or second.relative:
        return False
    if not first.clock.half or not second.clock.half or any(first.end <= e.start < second.start for e in elements):
        return False
    return 0 < second.clock.minutes() - first.clock.minutes() <= _LONGEST_STRETCH
