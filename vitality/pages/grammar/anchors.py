"""Times given by another service: "20 minutes before each Mass", "after the 8:00 until noon"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from vitality.pages.grammar.clocks import ClockReader
from vitality.pages.grammar.days import is_day, is_joint, read_days
from vitality.pages.grammar.elements import Clock, Element, Relative
from vitality.pages.grammar.tokens import Token
from vitality.pages.grammar.vocabulary import NUMBER_WORDS, WORKDAYS, fold

_ANCHORS: Final = frozenset(
    {
        "mass",
        "divine_liturgy",
        "holy_hour",
        "vespers",
        "novena",
        "adoration",
        "rosary",
        "stations",
        "communion_service",
        "liturgy_of_hours",
        "orthros_matins",
    }
)
_BETWEEN: Final = frozenset(
    {"each", "language", "am", "pm", "and", "at", "oclock", "from", "season", "half", "on", "other"}
)
"""Kinds of tokens that may stand between "before" and its service."""

HALF_HOURS: Final = frozenset({"half", "an", "media", "una", "pół", "pol", "one", "½", "1/2"})
"""Words that may begin a length of time."""
_MINUTES: Final = frozenset({"minutes", "minute", "mins", "min", "minutos", "minut", "phut"})
_HOURS: Final = frozenset({"hour", "hours", "hr", "hrs", "hora", "horas"})
_HALVES: Final = frozenset({"½", "1/2", fold("½")})


_AFTERWARDS: Final = frozenset(
    {
        "after",
        "following",
        "afterwards",
        "afterward",
        "immediately following",
        "immediately after",
        "right after",
        "directly after",
        "directly following",
        "shortly after",
        "soon after",
        "will follow",
        "to follow",
        "will immediately follow",
    }
)
"""Words that, without a service behind them, say that one comes after what was said before."""


@dataclass(slots=True)
class _Anchor:
    """The service that a relative time leans on, as far as it has been read; `step` is the next token."""

    step: int
    service: str = ""
    clocks: list[Clock] = field(default_factory=list)
    days: Element | None = None


class AnchorReader(ClockReader):
    """Reads relative times."""

    def read_relative(self, at: int) -> int:
        kind = self.kind_at(at)
        offset, start = None, at
        duration = self.duration(at) if kind not in ("before", "after", "during", "between") else None
        if duration is not None:
            offset, at = duration
            kind = self.kind_at(at)
            if kind not in ("before", "after"):
                return 0
        if kind == "between":
            return self._between(at)
        if kind not in ("before", "after", "during"):
            return 0
        if self._ends_sentence(at):
            return self._bare_relative(start, at, kind, offset)
        return self._anchored(start, at, kind, offset)

    def _ends_sentence(self, at: int) -> bool:
        """Whether "afterwards." or "beforehand." closes its sentence, so that what follows is no anchor."""
        return self.text_at(at).endswith(".") and self.text_at(at + 1)[:1].isupper()

    def duration(self, at: int) -> tuple[int, int] | None:
        kind = self.kind_at(at)
        if kind == "word" and self.text_at(at).lower() not in HALF_HOURS:
            return None
        if kind == "number" and fold(self.text_at(at + 1).rstrip(".")) not in _MINUTES | _HOURS:
            return None
        words = [fold(token.text.rstrip(".")) for token in self.tokens[at : at + 4]]
        if not words:
            return None
        if words[0] in _HALVES:
            words[0] = "half"
        joined = " ".join(words)
        for phrase, minutes in (
            ("half an hour", 30),
            ("half hour", 30),
            ("half hr", 30),
            ("half - hour", 30),
            ("one half - hour", 30),
            ("a half - hour", 30),
            ("one half hour", 30),
            ("an hour", 60),
            ("one hour", 60),
            ("media hora", 30),
            ("una hora", 60),
            ("poł godziny", 30),
            ("pol godziny", 30),
        ):
            if joined.startswith(phrase):
                return minutes, at + len(phrase.split())
        if (
            len(words) > 3
            and words[1] == "-"
            and words[0] in NUMBER_WORDS
            and words[2] in NUMBER_WORDS
            and words[3].startswith("minut")
        ):
            return NUMBER_WORDS[words[0]] + NUMBER_WORDS[words[2]], at + 4
        number = self.tokens[at].hour if self.kind_at(at) == "number" else NUMBER_WORDS.get(words[0], 0)
        if number and len(words) > 1 and words[1] in _MINUTES:
            return number, at + 2
        if number and len(words) > 1 and words[1] in _HOURS:
            return number * 60, at + 2
        return None

    def _anchored(self, start: int, at: int, kind: str, offset: int | None) -> int:
        anchor = self._anchor(at, kind)
        if kind == "during" and anchor.service not in ("", "mass"):
            return self._alongside(at, anchor)
        if not anchor.service:
            return self._bare_relative(start, at, kind, offset)
        alone = offset is None and kind == "before" and not anchor.clocks and self._any_of_them(at, anchor)
        if alone and self.kind_at(anchor.step) == "at" and self.is_time(anchor.step + 1):
            if anchor.days is not None:
                self.add(anchor.days)
            self.add(Element("word", self.tokens[start].start, self.tokens[anchor.step - 1].end))
            return anchor.step
        self._hour_behind(anchor)
        if offset is not None and kind != "during":
            self._day_and_hour_behind(anchor)
        anchor.step, anchor.days = self._weekend_of(anchor.step, anchor.days)
        trailing = self.duration(anchor.step) if offset is None else None
        if trailing:
            offset, anchor.step = trailing
        if anchor.days is not None:
            self.add(anchor.days)
        self._add_relative(start, anchor.step, kind, offset, anchor.service, anchor.clocks)
        return self._relative_end(self._more_anchors(anchor, kind, offset))

    def _any_of_them(self, at: int, anchor: _Anchor) -> bool:
        """Whether "before weekday Masses" means no one Mass, so that the hour behind it is that of the service itself."""
        words = {fold(self.text_at(step)) for step in range(at + 1, anchor.step)}
        return bool(
            words & {"masses", "misas", "liturgies", "weekday mass", "weekday masses", "daily mass", "daily masses"}
        )

    def _alongside(self, at: int, anchor: _Anchor) -> int:
        """Takes "during Adoration" behind a named service as what goes on beside it."""
        if not self._served() and not any(element.kind == "time" for element in self.found):
            return 0
        token = self.tokens[anchor.step - 1]
        named = token.meaning.named if token.meaning else None
        self.add(Element("alongside", self.tokens[at].start, token.end, named=named))
        return anchor.step

    def _more_anchors(self, anchor: _Anchor, kind: str, offset: int | None) -> int:
        """Takes in the second of "after weekday Mass and First Saturday Mass"."""
        step = anchor.step
        if kind == "during" or not (step < len(self.tokens) and is_joint(self.tokens[step])):
            return step
        found = read_days(self.tokens, step + 1)
        last = found[1] if found else step + 1
        if found is None and self.kind_at(last) in ("am", "pm"):
            last += 1
        if last == step + 1 and self.kind_at(last) == "service":
            return step
        if self.kind_at(last) != "service" or self.tokens[last].code != anchor.service:
            return step
        if self.kind_at(last + 1) in ("at", "time", "from"):
            return step
        self.add(Element("break", self.tokens[step].start, self.tokens[step].end, weight=1))
        if found is not None:
            self.add(found[0])
        self._add_relative(step + 1, last + 1, kind, offset, anchor.service, [])
        return last + 1

    def _anchor(self, at: int, kind: str) -> _Anchor:
        """What stands between "before" and the service that it speaks of."""
        anchor = _Anchor(at + 1)
        while anchor.step < min(len(self.tokens), at + 12) and not anchor.service:
            if not (self._anchor_hour(anchor, kind) or self._anchor_day(anchor) or self._anchor_word(anchor)):
                break
        return anchor

    def _anchor_hour(self, anchor: _Anchor, kind: str) -> bool:
        step = anchor.step
        bare = self.kind_at(step) == "number" and (kind != "during" or self.kind_at(step + 1) in ("and", "oclock"))
        if not self.is_time(step) and not bare:
            return False
        clock = self.clock_at(step)
        if clock is None:
            return False
        anchor.clocks.append(clock)
        anchor.step = max(self.past_half(step), step + 1)
        return True

    def _anchor_day(self, anchor: _Anchor) -> bool:
        if not is_day(self.tokens, anchor.step):
            return False
        found = read_days(self.tokens, anchor.step)
        if found is not None:
            anchor.days, anchor.step = found
        return found is not None

    def _anchor_word(self, anchor: _Anchor) -> bool:
        token = self.tokens[anchor.step]
        if token.kind == "service":
            if token.code not in _ANCHORS or token.text.lower().startswith("exposed"):
                return False
            anchor.service = token.code
            anchor.days = anchor.days or _days_in_name(token)
        elif token.kind not in _BETWEEN and fold(token.text) not in ("our", "both", "of", "s"):
            following = self.tokens[anchor.step + 1] if anchor.step + 1 < len(self.tokens) else None
            plain = token.kind == "word" and token.text.islower()
            if not plain or following is None or following.kind != "service" or following.code not in _ANCHORS:
                return False
        anchor.step += 1
        return True

    def _hour_behind(self, anchor: _Anchor) -> None:
        """Takes in "Mass at 8:30", "Misa de las 6:30"."""
        if anchor.clocks or (
            self.kind_at(anchor.step) != "at" and self.text_at(anchor.step).lower() not in ("de", "del")
        ):
            return
        place = anchor.step + (2 if self.kind_at(anchor.step + 1) == "each" else 1)
        clock = self.clock_at(place) if self.is_time(place) else None
        if clock is not None:
            anchor.clocks = [clock]
            anchor.step = max(self.past_half(place), place + 1)

    def _day_and_hour_behind(self, anchor: _Anchor) -> None:
        """Takes in the one day and hour of "half an hour before Mass on Saturday at 5 PM"; a stretch is none of a Mass."""
        if anchor.clocks or anchor.days is not None:
            return
        step = anchor.step + (self.kind_at(anchor.step) == "on")
        found = read_days(self.tokens, step) if is_day(self.tokens, step) else None
        if found is None or len(found[0].days) != 1:
            return
        place = found[1] + (self.kind_at(found[1]) == "at")
        clock = self.clock_at(place) if self.kind_at(place) == "time" else None
        behind = max(self.past_half(place), place + 1)
        if clock is None or self.kind_at(behind) in ("to", "dash"):
            return
        anchor.clocks, anchor.days, anchor.step = [clock], found[0], behind

    def _relative_end(self, at: int) -> int:
        """Takes in "until 7 p.m." behind a relative start."""
        after = at + (self.text_at(at) == "," and self.kind_at(at + 1) == "to")
        if self.kind_at(after) not in ("to", "dash") or not self.found or self.found[-1].relative is None:
            return at
        step = after + 1
        if is_day(self.tokens, step):
            step += 2 if self.kind_at(step + 1) == "at" else 1
        if not self.is_time(step):
            return at
        self.found[-1].until = self.clock_at(step)
        return max(self.past_half(step), step + 1)

    def _weekend_of(self, step: int, days: Element | None) -> tuple[int, Element | None]:
        words = [fold(token.text) for token in self.tokens[step : step + 4]]
        if words[:1] == ["of"] and days is None:
            place = step + 1 + (words[1:2] == ["the"])
            found = read_days(self.tokens, place) if place < len(self.tokens) else None
            if found:
                return found[1], found[0]
        return step, days

    def _add_relative(
        self, start: int, end: int, kind: str, offset: int | None, anchor: str, clocks: list[Clock]
    ) -> None:
        low, high = self.tokens[start].start, self.tokens[end - 1].end
        if kind == "during" and anchor != "mass":
            return
        if kind == "during":
            for clock in clocks:
                self.add(Element("time", low, high, clock=clock, flags=("during",)))
            if not clocks:
                self.add(Element("word", low, high))
            return
        sign = -1 if kind == "before" else 1
        minutes = sign * offset if offset is not None else (None if kind == "before" else 0)
        for clock in clocks or [None]:  # type: ignore[list-item]  # None stands for "the Mass, no time said"
            element = Element(
                "time", low, high, relative=Relative(anchor, "start" if kind == "before" else "end", minutes, clock)
            )
            self.add(element)

    def _bare_relative(self, start: int, at: int, kind: str, offset: int | None) -> int:
        if kind == "during":
            return 0
        step = at + 2 if self.kind_at(at + 1) == "each" else at + 1
        if offset is not None and self.is_time(step):
            clock = self.clock_at(step)
            end = max(self.past_half(step), step + 1)
            self._add_relative(start, end, kind, offset, "mass", [clock] if clock else [])
            return end
        if offset is not None and self._of_these(at + 1):
            self._add_relative(start, at + 1, kind, offset, "mass", [])
            return at + 4
        if self.is_time(at + 1) and kind == "after":
            self.add(Element("word", self.tokens[start].start, self.tokens[at + 1].end))
            return at + 2
        if kind == "before" and self.is_time(at + 1):
            self.add(Element("word", self.tokens[start].start, self.tokens[at + 1].end))
            return at + 2
        word = fold(self.tokens[at].text.rstrip("."))
        if offset is None and word in _AFTERWARDS:
            self.add(Element("afterwards", self.tokens[start].start, self.tokens[at].end))
        elif offset is not None and self._closes(at, word):
            self._add_relative(start, at + 1, kind, offset, "mass", [])
        return at + 1

    def _of_these(self, at: int) -> bool:
        """Whether "each of these" stands for the services that were said before."""
        words = [fold(self.text_at(step).rstrip(".")) for step in (at, at + 1, at + 2)]
        return words[0] in ("each", "both", "all") and words[1] == "of" and words[2] in ("these", "them", "those")

    def _closes(self, at: int, word: str) -> bool:
        """Whether "half an hour before" names no service because the one it means was said before."""
        return (
            self._ends_sentence(at) or at + 1 >= len(self.tokens) or word in ("beforehand", "afterwards", "afterward")
        )

    def _between(self, at: int) -> int:
        times = [
            step for step in range(at + 1, min(len(self.tokens), at + 6)) if self.kind_at(step) in ("time", "number")
        ]
        services = [
            step
            for step in range(at + 1, min(len(self.tokens), at + 9))
            if self.kind_at(step) == "service" and self.tokens[step].code
        ]
        times = [step for step in times if not services or step < services[0] or services[0] > at + 4]
        if services and (not times or services[0] > times[-1]) and services[0] - (times[-1] if times else at) <= 3:
            self.add(Element("word", self.tokens[at].start, self.tokens[services[0]].end))
            return services[0] + 1
        if len(times) == 2:
            first, last = (self.clock_at(step) for step in times)
            if first and last:
                end = max(self.past_half(times[1]), times[1] + 1)
                self.add(Element("time", self.tokens[at].start, self.tokens[end - 1].end, clock=first, until=last))
                return end
        return 0


def _days_in_name(token: Token) -> Element | None:
    """The days in a name such as "weekday Mass"."""
    named = token.meaning.named if token.meaning else None
    if named is not None and named.subtype == "daily" and "weekday" in token.text.lower():
        return Element("day", token.start, token.end, days=WORKDAYS)
    if named is not None and named.subtype == "sunday":
        return Element("day", token.start, token.end, days=("SU",))
    return None
