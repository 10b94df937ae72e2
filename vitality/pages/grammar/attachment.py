"""Which service and day goes with a time of one statement: by segment first, then by the direction of the statement."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.elements import Element

_COMPANIONS: Final = frozenset({"adoration", "rosary", "benediction", "holy_hour", "novena", "chaplet"})
"""Services that parishes print in a bracket behind a Mass that they go along with."""


def _only_accompanies(inner: Element, outer: Element) -> bool:
    """Whether a service in a bracket goes along with the one outside: "Mass 9 AM (with adoration)"."""
    if inner.named is None or outer.named is None or not outer.named.service:
        return False
    if inner.named.service == "confession":
        return outer.named.service != "confession"
    return inner.named.service in _COMPANIONS and outer.named.service in ("mass", "divine_liturgy")


class Attachment:
    """The elements of one statement in segments, and its times."""

    elements: list[Element]
    times: list[Element]
    segments: dict[int, int]
    named_above: bool = False
    """What stands above the statement names a service for it."""

    def _segments(self) -> dict[int, int]:
        segment, found = 0, {}
        for element in self.elements:
            if element.kind == "break" and not (element.paren and element.paren != self.elements[0].paren):
                segment += 1
            found[id(element)] = segment
        return found

    def _all(self, *kinds: str) -> list[Element]:
        return [e for e in self.elements if e.kind in kinds]

    def _attached(self, time: Element, kinds: tuple[str, ...]) -> Element | None:
        """The element of a kind that goes with a time: by segment first, then by the direction of the statement."""
        marks = [e for e in self.elements if e.kind in kinds]
        if kinds == ("service",):
            marks, beside = self._out_of_brackets(time, marks)
            if beside is not None:
                return beside
            marks = [e for e in marks if not self._of_another(time, e)]
        if not marks:
            return None
        if kinds == ("service",) and len(marks) == len(self.times) > 1 and self._by_turns(marks):
            return marks[self.times.index(time)]
        limited = self._limited(time, marks) if kinds[0] == "day" else None
        if limited is not None:
            return limited
        if len(marks) > 1 and marks[0].start < self.times[0].start and self.times[-1].start > marks[-1].start:
            return [e for e in marks if e.start < time.start][-1]
        if (
            len(marks) > 1
            and marks[0].start > self.times[0].start
            and self.times[-1].start < marks[-1].start
            and kinds[0] == "day"
        ):
            return next(e for e in marks if e.start > time.start)
        segment = self.segments[id(time)]
        own = [e for e in marks if self.segments.get(id(e), -1) == segment]
        if own:
            return self._within(time, own, segment)
        return self._across(time, marks, segment)

    def _by_turns(self, marks: list[Element]) -> bool:
        """Whether each time has its mark behind it, before the next time: "a las 19, la Misa y a las 23, la Hora Santa"."""
        ends = [time.start for time in self.times[1:]] + [1 << 30]
        return all(time.end <= mark.start < end for time, mark, end in zip(self.times, marks, ends, strict=True))

    def _of_another(self, time: Element, mark: Element) -> bool:
        """Whether what is no service belongs to an earlier hour of a list: the carols of "9:15 - Carols 9:45 - St. Luke"."""
        if mark.named is None or mark.named.service or not self.named_above or mark.start > time.start:
            return False
        first = next((e for e in self.elements if e.kind in ("time", "service")), None)
        return first is not None and first.kind == "time" and first.start < mark.start

    def _out_of_brackets(self, time: Element, marks: list[Element]) -> tuple[list[Element], Element | None]:
        """Services without those in brackets behind a time, which are of that time alone: "7:30, 8:30 (Mass), 9:30"."""
        inner = [e for e in marks if e.paren and e.paren != time.paren and any(t.start < e.start for t in self.times)]
        if not inner:
            return marks, None
        following = next((t.start for t in self.times if t.start > time.start), 1 << 30)
        own = next((e for e in inner if time.start < e.start < following), None)
        outer = [e for e in marks if e not in inner]
        if own is not None and len(self.times) == 1 and any(_only_accompanies(own, e) for e in outer):
            return outer, None
        return (outer, own) if outer or self.named_above else (marks, None)

    def _limited(self, time: Element, marks: list[Element]) -> Element | None:
        """A bracket behind the time that keeps it to some weeks: "8:30 (1st Friday only)"."""
        following = next((t.start for t in self.times if t.start > time.start), 1 << 30)
        nth = [e for e in marks if e.paren and time.start < e.start < following and e.days and e.days[0][0] in "-12345"]
        return nth[0] if nth else None

    def _within(self, time: Element, own: list[Element], segment: int) -> Element | None:
        mates = [t for t in self.times if self.segments[id(t)] == segment]
        before = [e for e in own if e.start <= time.start]
        after = [e for e in own if e.start > time.start]
        if mates[0].start < own[0].start and after:
            following = next((t for t in mates if t.start > time.start), None)
            if following is None or after[0].start < following.start or not self._filled(time, following):
                return after[0]
            return (
                None
                if own[0].kind == "service" and (not before or not (before[-1].named and before[-1].named.service))
                else (before[-1] if before else after[0])
            )
        return before[-1] if before else after[0]

    def _filled(self, time: Element, following: Element) -> bool:
        """Whether something is said between two times, so that they are no list."""
        return any(
            e.kind in ("place", "language", "open", "word") and time.end <= e.start < following.start
            for e in self.elements
        )

    def _across(self, time: Element, marks: list[Element], segment: int) -> Element | None:
        before = [e for e in marks if self.segments[id(e)] < segment]
        after = [e for e in marks if self.segments[id(e)] > segment]
        if len(self.times) == 1:
            return before[-1] if before else after[0]
        if time.relative is not None and not before:
            return after[0]
        if before and self._leads(before[-1]):
            return before[-1]
        if after and not self._leads(after[0]) and self._has_time(after[0]):
            return after[0]
        return before[-1] if before else None

    def _has_time(self, mark: Element) -> bool:
        return any(self.segments[id(t)] == self.segments[id(mark)] for t in self.times)

    def _leads(self, mark: Element) -> bool:
        """Whether the mark stands before the times of its segment (or has none there)."""
        mates = [t for t in self.times if self.segments[id(t)] == self.segments[id(mark)]]
        return not mates or mark.start <= mates[0].start
