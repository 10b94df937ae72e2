"""Services that come with another of a statement, go on beside it, or follow it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vitality.pages.grammar.draft import Draft
from vitality.pages.grammar.elements import Element, Relative
from vitality.pages.grammar.hours import Hours

AFTER_MASS: Final = frozenset({"rosary", "novena", "benediction", "adoration", "devotion_other", "chaplet"})
"""Services that, named beside a Mass, follow it."""
KEPT_UP: Final = frozenset({"adoration", "holy_hour"})
"""Services that go on until another ends them."""
_WITH: Final = frozenset({"with", "con"})
_UNTIL: Final = frozenset(
    {
        "",
        "close",
        "closes",
        "closing",
        "end",
        "ends",
        "ending",
        "conclude",
        "concludes",
        "concluding",
        "finishing",
        "until",
    }
)
"""Words before the service that ends adoration; "until" itself is a word without a code."""


class Companions(Hours):
    """The services of a statement beside each other."""

    def _set_apart(self) -> None:
        """Such as "8:00 with Adoration" under the heading of Masses: the second service follows the Mass."""
        if self.context.named is None:
            return
        self._keep_own_times()
        if self.context.named.service not in ("mass", "divine_liturgy"):
            self._drop_companions()
            return
        joined = False
        for before, element in zip(self.elements, self.elements[1:], strict=False):
            if element.kind == "service" and element.paren and before.code.lower() in ("with", "con"):
                element.kind = "with" if element.named and element.named.service in AFTER_MASS else "word"
        for at, element in enumerate(self.elements):
            if (
                element.kind == "service"
                and at
                and self.times_before(at)
                and not any(e.kind in ("time", "service") and e.named is None for e in self.elements[at + 1 :])
            ):
                joined = joined or self.elements[at - 1].code.lower() in ("with", "con")
                if joined and element.named and element.named.service in AFTER_MASS:
                    element.kind = "with"

    def _keep_own_times(self) -> None:
        """Of "9 am until Benediction at 5 pm" under the heading of adoration the first hour is that of adoration."""
        outer = self.context.named
        at = next((n for n, e in enumerate(self.elements) if e.kind == "service"), 0)
        if outer is None or not outer.service or not at or not self._comes_with(at):
            return
        first = next(e for e in self.elements if e.kind == "time")
        if any(e.kind == "time" for e in self.elements[at + 1 :]):
            own = Element("service", first.start, first.start, named=outer)
            self.elements.insert(self.elements.index(first), own)
        elif outer.service in KEPT_UP:
            for element in self.elements[at:]:
                element.kind = "word" if element.kind == "service" else element.kind

    def _comes_with(self, at: int) -> bool:
        """Whether the service at `at`, behind the hours of the one above, only comes with it or ends it."""
        outer, inner = self.context.named, self.elements[at].named
        before = self.elements[at - 1]
        if outer is None or inner is None or not inner.service or inner.service == outer.service:
            return False
        if not self.times_before(at) or before.kind != "word":
            return False
        return before.code.lower() in (_WITH | _UNTIL if outer.service in KEPT_UP else _WITH)

    def _drop_companions(self) -> None:
        """The Benediction of "Fridays 2 PM and 7 PM (with Benediction)" does not take the times for itself."""
        for before, element in zip(self.elements, self.elements[1:], strict=False):
            if element.kind == "service" and element.paren and before.code.lower() in ("with", "con"):
                element.kind = "word"

    def times_before(self, at: int) -> bool:
        """Whether a time stands before the element at `at`, and no service."""
        kinds = [e.kind for e in self.elements[:at]]
        return "time" in kinds and "service" not in kinds

    def _alongside(self, drafts: list[Draft]) -> list[Draft]:
        """What goes on at the same hours: the adoration of "confessions during Adoration from 9 to 10"."""
        found = []
        for mark in self._all("alongside"):
            time = next((t for t in self.times if t.start > mark.start), None)
            between = [e for e in self.elements if time and mark.start < e.start < time.start]
            if time is None or mark.named is None or any(e.kind not in ("word", "open") for e in between):
                continue
            found += [
                replace(draft, named=mark.named, inferred=list(draft.inferred))
                for draft in drafts
                if draft.at == (time.start, time.end)
            ]
        return found

    def followers(self, drafts: list[Draft]) -> list[Draft]:
        """Services said to come right after another ("followed by Benediction"), without a time of their own."""
        signs = self._all("followed", "afterwards", "with")
        services = [
            e
            for e in self._all("with" if signs and signs[0].kind == "with" else "service")
            if e.named and e.named.service
        ]
        timed = [draft for draft in drafts if (draft.clock or draft.relative) and draft.named and draft.named.service]
        if not signs or not services or not timed or self.context.cancelled:
            return []
        last = timed[-1]
        found = []
        for mark in (
            services if signs[0].kind == "with" else services[-1:] if signs[0].kind == "afterwards" else services[:1]
        ):
            named = mark.named
            if (
                (self.times and signs[0].kind == "followed")
                or named is None
                or last.named is None
                or named.service == last.named.service
            ):
                continue
            anchor = Relative(last.named.service, "end", 0, last.clock)
            draft = Draft(
                named,
                last.days,
                last.dates,
                mark.start,
                mark.end,
                (mark.start, mark.end),
                relative=anchor,
                place=last.place,
                season=last.season,
                feast=last.feast,
            )
            draft.minutes = last.minutes
            ending = next(
                (e.clock for e in self.elements if e.code == "until" and e.clock and e.start > mark.start), None
            )
            if ending is not None:
                draft.until, draft.until_minutes = ending, ending.minutes("p")
            found.append(draft)
        return found
