"""Times of day and their ranges: which numbers are times, and what half of the day the words say."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.cursor import Cursor
from vitality.pages.grammar.days import is_day, is_joint, read_date
from vitality.pages.grammar.elements import Clock, Element
from vitality.pages.grammar.tokens import Token
from vitality.pages.grammar.vocabulary import fold

_UNTIL: Final = frozenset({"until", "till", "til", "hasta"})
_MOVING: Final = frozenset(
    {"move", "moves", "moved", "moving", "change", "changes", "changed", "changing", "shift", "shifts"}
)
"""Words after which "from 9:45 to 9:15" names an old hour and a new one."""
_OPENING: Final = frozenset({"opens", "open", "reopens", "unlocked", "abre", "abren"})
_LASTING: Final = frozenset({"extended", "extends", "continues", "lasts", "open", "exposed"})
"""Words after which "to 5:15" says when something ends."""

_ENDS: Final = frozenset({"ends", "end", "ending", "concludes", "concluding", "closes", "closing", "until", "till"})
"""Words before the date and hour at which something is over."""


class ClockReader(Cursor):
    """Reads times; `read_...` methods return the index behind what they took, or 0."""

    def clock_at(self, at: int) -> Clock | None:
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is None:
            return None
        if token.kind == "time":
            shows_24 = not token.half and (
                token.hour >= 13 or token.style.endswith("0") or token.style == "h" or token.hour == 0
            )
            half, _after = self._spoken_half(at + 1, token)
            return Clock(token.hour, token.minute, token.half or half, not shows_24)
        if (
            token.kind == "number"
            and len(token.text) == 4
            and token.hour < 2400
            and token.hour % 100 < 60
            and (token.text[0] == "0" or self._military())
        ):
            return Clock(token.hour // 100, token.hour % 100, "", False)
        if token.kind == "number" and self._plain_24(at):
            return Clock(token.hour, 0, "", False)
        if token.kind in ("number", "numeral") and 1 <= token.hour <= 12 and len(token.text) < 6:
            half, _after = self._spoken_half(at + 1, token)
            return Clock(token.hour, 0, half)
        return None

    def _military(self) -> bool:
        return any(token.kind == "number" and len(token.text) == 4 and token.text[0] == "0" for token in self.tokens)

    def _spoken_half(self, at: int, token: Token) -> tuple[str, int]:
        """`a` or `p` from words right after a time ("7 de la tarde", "12:00 Noon"), and where they end."""
        if token.half:
            return token.half, at
        following = self.tokens[at] if at < len(self.tokens) else None
        if following is None:
            return "", at
        if following.kind == "oclock":
            half, after = self._spoken_half(at + 1, token)
            return half, after
        if (
            following.kind == "from"
            and at + 1 < len(self.tokens)
            and self.tokens[at + 1].kind == "time"
            and token.hour == 12
        ):
            return self._spoken_half(at + 1, token)
        if following.kind in ("am", "pm"):
            return following.kind[0], at + 1
        if token.hour == 12 and following.kind == "time" and following.style in ("noon", "midnight"):
            return following.half, at + 1
        return "", at

    def past_half(self, at: int) -> int:
        if at < len(self.tokens) and self.tokens[at].kind in ("time", "number", "numeral"):
            after = self._spoken_half(at + 1, self.tokens[at])[1]
            return after + 1 if self.kind_at(after) == "oclock" else after
        return at

    def is_time(self, at: int) -> bool:
        kind = self.kind_at(at)
        if kind == "time":
            token = self.tokens[at]
            return token.style not in ("dot", "h") or bool(token.half) or self._dotted_is_time(token)
        if kind in ("number", "numeral"):
            return self._number_is_time(at)
        return False

    def _dotted_is_time(self, token: Token) -> bool:
        return token.hour >= 1 and any(t.kind in ("day", "service") for t in self.tokens)

    def _number_is_time(self, at: int) -> bool:
        token = self.tokens[at]
        if self.clock_at(at) is None or read_date(self.tokens, at) is not None:
            return self._plain_24(at)
        if token.kind == "number" and len(token.text) == 4:
            return any(t.kind == "day" for t in self.tokens)
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if after is not None and after.kind == "oclock":
            return True
        if token.kind == "numeral":
            return after is not None and after.kind in ("am", "pm")
        if self.text_at(at - 1 if at else len(self.tokens)) in ("#", "$", "No.", "'"):
            return False
        return self._leads_to_time(at) or self._follows_time(at) or self._stands_alone(at)

    def _plain_24(self, at: int) -> bool:
        """Such as "17-17:40" or "15 horas": an hour of a 24-hour clock before a time of the same, or called an hour."""
        token = self.tokens[at]
        return (
            13 <= token.hour <= 23
            and token.kind == "number"
            and (
                self.kind_at(at + 1) == "oclock"
                or self._a_las(at)
                or (
                    self.kind_at(at + 1) == "dash"
                    and self.kind_at(at + 2) == "time"
                    and self.tokens[at + 2].hour >= token.hour
                )
            )
        )

    def _a_las(self, at: int) -> bool:
        """Whether a number before a service, or before the end of its member, is an hour by "a las": "a las 19 misa"."""
        if at < 2 or self.kind_at(at - 2) != "to" or fold(self.text_at(at - 1)) != "las":
            return False
        counted = fold(self.text_at(at + 1)) == "estaciones"
        return not counted and (self.kind_at(at + 1) in ("service", "") or self.text_at(at + 1) in (",", ";", "."))

    def _stands_alone(self, at: int) -> bool:
        """The 7 of "evenings at 7", "a las 7 de la mañana"."""
        if self.kind_at(at + 1) in ("am", "pm") and self.text_at(at + 1).lower().startswith(
            ("de la", "in the", "por la")
        ):
            return True
        if self._a_las(at):
            return True
        before = [token.kind for token in self.tokens[max(0, at - 2) : at]]
        if before[-1:] != ["at"] and before != ["to", "each"] and not self._listed(at):
            return False
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return (
            following is None
            or following.kind in ("am", "pm", "and", "dash")
            or following.text in (",", ";", ".", ")", "|")
        )

    def _listed(self, at: int) -> bool:
        """The 5 of "Sat Vigil 5; Sun 9:30": an hour among hours behind its day."""
        step = at - 2 if self.kind_at(at - 1) == "service" and at > 1 else at - 1
        named = step >= 0 and self.kind_at(step) == "day" and is_day(self.tokens, step)
        return named and self.text_at(at + 1) in (";", "") and any(token.kind == "time" for token in self.tokens)

    def _leads_to_time(self, at: int) -> bool:
        step = at + 1
        while step < len(self.tokens) and (is_joint(self.tokens[step]) or self.tokens[step].kind in ("dash", "to")):
            step += 1
        if step == at + 1:
            return False
        if self.kind_at(step) == "time":
            return True
        ok = self.kind_at(step) == "number" and 1 <= self.tokens[step].hour <= 12 and len(self.text_at(step)) < 3
        return ok and (self._leads_to_time(step) or (self.kind_at(step + 1) == "oclock") or self._after_day(at))

    def _after_day(self, at: int) -> bool:
        step = at - 1
        passed = ("at", "from", "each", "am", "pm")
        while step >= 0 and (self.text_at(step) in (":", ",", "@") or self.kind_at(step) in passed):
            step -= 1
        return step >= 0 and self.kind_at(step) == "day" and is_day(self.tokens, step)

    def _follows_time(self, at: int) -> bool:
        last = self.found[-1] if self.found else None
        if last is not None and last.kind == "break" and last.weight == 1 and len(self.found) > 1:
            last = self.found[-2]
        joined = at > 0 and (is_joint(self.tokens[at - 1]) or self.tokens[at - 1].kind in ("dash", "to"))
        following = self.kind_at(at + 1)
        return (
            joined
            and last is not None
            and last.kind == "time"
            and last.clock is not None
            and following not in ("word", "month", "ordinal")
        )

    def read_time(self, at: int) -> int:
        if not self.is_time(at):
            return 0
        clock = self.clock_at(at)
        if clock is None:
            return 0
        after = self.past_half(at + 1 - 1)
        element = Element(
            "time",
            self.tokens[at].start,
            self.tokens[after - 1].end if after > at else self.tokens[at].end,
            clock=clock,
            scanned=self.tokens[at].scanned,
        )
        after = max(after, at + 1)
        step = after + (self.kind_at(after) in ("dash", "to"))
        if step > after and self.kind_at(step) == "to":
            step += 1
        while step > after and self.kind_at(step) == "each":
            step += 1
        if step > after and self._ends_range(step, clock) and not self._in_row(at, step):
            element.until = self.clock_at(step)
            after = max(self.past_half(step), step + 1)
            element.end = self.tokens[after - 1].end
            if self.kind_at(at - 1) == "from" and self._moves(at - 1):
                element.clock, element.until = element.until, None
        elif step > after and self.kind_at(step) == "day" and self.is_time(self._past_day(step)):
            last = self._past_day(step)
            element.until = self.clock_at(last)
            after = max(self.past_half(last), last + 1)
            element.end = self.tokens[after - 1].end
        elif self._ends_last(at):
            self._before_the_word()[-2].until = clock
            return after
        elif self._opens(at):
            element = Element("word", element.start, element.end)
        elif self._only_ends(at):
            self._close_last(element)
            element = Element("word", element.start, element.end, code="until", clock=clock)
        if self.text_at(at - 1 if at else len(self.tokens)) == "~":
            element.flags = ("approximate",)
        self.add(element)
        return after

    def _moves(self, at: int) -> bool:
        """Whether "from" tells what a change leaves: "change our Saturday evening Mass time from 5:30 to 4:00"."""
        return any(
            fold(token.text) in _MOVING and not any(t.kind == "time" or t.text == "." for t in self.tokens[step:at])
            for step, token in enumerate(self.tokens[max(0, at - 8) : at], max(0, at - 8))
        )

    def _past_day(self, at: int) -> int:
        """Behind the day of an end on another day: "until Thursday, 6:30 AM", "until Thursday at 6"."""
        step = at + 1 + (self.text_at(at + 1) == ",")
        return step + (self.kind_at(step) == "at")

    def _in_row(self, at: int, second: int) -> bool:
        """Whether dashes part hours of a list: "10:30 - 12:30 - 13:30"."""
        behind = max(self.past_half(second), second + 1)
        bare = self.kind_at(behind + 1) == "number" and 0 < self.tokens[behind + 1].hour < 13
        if self.kind_at(behind) == "dash" and (bare or self.is_time(behind + 1)):
            return True
        marks = self._before_the_word()
        return self.kind_at(at - 1) == "dash" and bool(marks) and marks[-1].kind == "time" and marks[-1].until is None

    def _ends_last(self, at: int) -> bool:
        """Whether a time is the end of "noon Thursday to midnight", whose day stands between."""
        marks = self._before_the_word()
        if self.kind_at(at - 1) != "to" or len(marks) < 2:
            return False
        day, time = marks[-1], marks[-2]
        return day.kind == "day" and time.kind == "time" and time.until is None and time.clock is not None

    def _before_the_word(self) -> list[Element]:
        """The last elements found, without the "to" that stands behind them."""
        return [element for element in self.found[-3:] if element.kind != "word" or element.code]

    def _opens(self, at: int) -> bool:
        """Whether a church or its doors open then: "the Cathedral opens at 7:30am"; a chapel of adoration counts."""
        step = at - 1
        while step >= 0 and self.kind_at(step) in ("at", "each"):
            step -= 1
        if step < 0 or step == at - 1 or fold(self.text_at(step)) not in _OPENING:
            return False
        return not any(e.kind == "service" and e.named and e.named.service == "adoration" for e in self.found)

    def _only_ends(self, at: int) -> bool:
        """Whether the words before a time say that something ends then."""
        step = at - 1
        while step >= 0 and self.kind_at(step) in ("at", "each"):
            step -= 1
        dated = self._before_date(step) if self.kind_at(step) in ("number", "ordinal", "month") else step
        if dated < step and fold(self.text_at(dated)) in _ENDS:
            self._until_date(at)
            return True
        if step > 0 and self.kind_at(step) in ("day", "feast"):
            back = step - 2 if self.kind_at(step - 1) == "each" and step > 1 else step - 1
            step = back if fold(self.text_at(back)) in _UNTIL else step
        word = fold(self.text_at(step)) if step >= 0 else ""
        if word == "to" and step > 0 and fold(self.text_at(step - 1)) in _LASTING:
            return True
        return word in (
            "until",
            "till",
            "til",
            "hasta",
            "closes",
            "close",
            "ends",
            "end",
            "concludes",
            "closing",
            "ending",
            "through",
            "up to",
            "thru",
        )

    def _before_date(self, at: int) -> int:
        """The token before a date with its month that ends at `at`, or `at`."""
        step = at
        while step > 0 and (
            self.kind_at(step) in ("number", "ordinal", "month", "day", "on") or self.text_at(step) == ","
        ):
            step -= 1
        return step if any(token.kind == "month" for token in self.tokens[step : at + 1]) else at

    def _until_date(self, at: int) -> None:
        """Gives the last time the end that stands behind a later date: "begins Friday, March 13 at 9 and ends Saturday, March 14 at 8"."""
        last = next((e for e in reversed(self.found) if e.kind == "time"), None)
        if last is not None and last.until is None and last.clock is not None:
            last.until = self.clock_at(at)

    def _close_last(self, ending: Element) -> None:
        """Gives "noon Thursday to midnight" its end."""
        if self.depth and len(self.found) > 1 and self.found[-1].kind in ("open", "word"):
            earlier = [e for e in self.found[-4:] if e.kind not in ("open", "word")]
            if earlier and earlier[-1].kind == "time" and earlier[-1].until is None and not earlier[-1].paren:
                earlier[-1].until = ending.clock
                return
        marks = [e for e in self.found[-3:] if e.kind in ("day", "time", "break")]
        if len(marks) >= 2 and marks[-1].kind == "day" and marks[-2].kind == "time" and marks[-2].until is None:
            marks[-2].until = ending.clock

    def _ends_range(self, at: int, start: Clock) -> bool:
        if self.kind_at(at) == "time":
            return not (start.half and self.text_at(at - 1) == "-" and self._dash_is_loose(at))
        if self.kind_at(at) == "number" and len(self.text_at(at)) <= 2:
            return self.clock_at(at) is not None and read_date(self.tokens, at) is None
        return False

    def _dash_is_loose(self, at: int) -> bool:
        """A dash after a bracket ("4:30 pm (English) - 6:30 pm") parts two times."""
        return self.tokens[at - 2].text == ")" if at >= 2 else False
