"""What else a statement says of a time: its language, its place, its season, its weeks of the month."""

from __future__ import annotations

import itertools
from typing import Final

from vitality.pages.grammar.attachment import Attachment
from vitality.pages.grammar.draft import Draft
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.vocabulary import BILINGUAL, WEEK

_AT: Final = range(len(" at "), len(" a las ") + 1)
"""Characters between a language and the hour that it is said to be "at"."""


class Qualities(Attachment):
    """Finds what is said beside a time."""

    def _nth(self, draft: Draft, time: Element) -> None:
        nth = [e for e in self._all("nth") if e.start > time.start]
        if nth and len(draft.days) == 1 and draft.days[0] in WEEK and len(self._all("place")) < 2:
            draft.days = tuple(number + draft.days[0] for number in nth[0].days)

    def _language(self, time: Element) -> tuple[str, ...]:
        marks = self._all("language")
        if not marks:
            return ()
        spoken = self._spoken_at(time, marks)
        if spoken is not None:
            return languages([spoken])
        following = [t for t in self.times if t.start > time.start]
        limit = following[0].start if following else 1 << 30
        own = [e for e in marks if time.start < e.start < limit and not self._parted(time, e)]
        if own:
            return languages(own)
        leading = [e for e in marks if e.start < self.times[0].start]
        if leading:
            before = [e for e in leading if e.start < time.start]
            return languages(before)
        grouped = [e for e in marks if e.start > time.start]
        if grouped and following and self._paired(time, following[0]):
            before = [e for e in marks if e.start < time.start]
            if before or grouped[0].code == "en":
                return languages(grouped[:1]) if before else ("en",)
        return ()

    def _spoken_at(self, time: Element, marks: list[Element]) -> Element | None:
        """The language of "and in Spanish at 2:10 pm", behind hours of another."""
        before = [e for e in marks if e.end < time.start and not e.paren]
        if not before or not any(t.start < before[-1].start for t in self.times):
            return None
        between = [e for e in self.elements if before[-1].end <= e.start < time.start]
        said = time.start - before[-1].end in _AT and all(e.kind == "word" and not e.code for e in between)
        return before[-1] if said else None

    def _paired(self, time: Element, following: Element) -> bool:
        """Whether two times are joined by "and" alone."""
        return any(
            e.kind == "break" and e.code in ("&", "and", "y") and time.end <= e.start < following.start
            for e in self.elements
        )

    def _parted(self, time: Element, mark: Element) -> bool:
        """Whether a comma and more words lie between a time and a language."""
        return (
            any(e.kind == "break" and e.weight == 1 and time.end <= e.start < mark.start for e in self.elements)
            and mark.paren == 0
            and self.segments[id(mark)] - self.segments[id(time)] > 1
        )

    def _following(self, time: Element, kind: str) -> Element | None:
        """The place of a time: said right behind it, or once for all."""
        marks = self._all(kind)
        following = next((t for t in self.times if t.start > time.start), None)
        own = [e for e in marks if e.start > time.start and (following is None or e.start < following.start)]
        before = [e for e in marks if e.start < time.start]
        if marks and marks[0].start < self.times[0].start:
            return before[-1]
        if own:
            return own[0]
        return marks[-1] if marks and (len(marks) == 1 or all(e.start > self.times[-1].start for e in marks)) else None

    def _season(self, time: Element) -> str | None:
        marks = self._all("season")
        brackets = sum(bool(e.paren) for e in marks)
        own = [e for e in marks if self._holds(time, e, alone=brackets < 2)]
        codes: list[str] = []
        for mark in own:
            if mark.code not in codes:
                codes.append(mark.code)
        return ",".join(codes) or None

    def _holds(self, time: Element, mark: Element, *, alone: bool) -> bool:
        """Whether a season is one of this time; `alone`: no other bracket of the statement holds a season."""
        later = [t for t in self.times if time.start < t.start < mark.start]
        if mark.paren:
            listed = any(self._paired(one, two) for one, two in itertools.pairwise([time, *later]))
            return mark.start > time.start and ((alone and not listed) or not later)
        marks = [e for e in self._all("season") if not e.paren]
        if len(marks) == len(self.times) > 1 and self.times[0].start < marks[0].start < self.times[1].start:
            return mark.start > time.start and not later
        days = [e for e in self._all("day") if not e.paren]
        led = any(e.start < time.start for e in days)
        return not (later and led and any(later[0].start < e.start < mark.start for e in days))


def languages(marks: list[Element]) -> tuple[str, ...]:
    """BCP 47 codes of languages in the order of their first naming; sign language is none of them."""
    codes: list[str] = []
    for mark in marks:
        codes += [mark.code] if mark.code not in codes and mark.code != "ase" else []
    named = tuple(code for code in codes if code != BILINGUAL)
    return named if len(named) > 1 else tuple(codes)
