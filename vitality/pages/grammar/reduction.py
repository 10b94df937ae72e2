"""Turns the tokens of a line into elements: what is a time and what a mere number is decided here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vitality.pages.grammar.days import is_day, is_joint, read_date, read_days
from vitality.pages.grammar.elements import Clock, Element, Relative
from vitality.pages.grammar.tokens import Token
from vitality.pages.grammar.vocabulary import FEASTS, NUMBER_WORDS, Named, fold

_BREAKS: Final = {";": 2, "|": 2, "•": 2, "/": 2, ",": 1, "&": 1, "+": 1}
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
    }
)
_PLACE_SMALL: Final = frozenset({"of", "the", "de", "la", "del", "las", "los", "and", "in"})
_PLACE_STARTS: Final = frozenset(
    {
        "st",
        "saint",
        "saints",
        "sts",
        "our",
        "holy",
        "sacred",
        "san",
        "santa",
        "santo",
        "nuestra",
        "blessed",
        "immaculate",
        "christ",
        "queen",
        "ss",
        "mary",
        "good",
    }
)
_KEPT: Final = {
    "no": "no",
    "except": "except",
    "appointment": "appointment",
    "past": "past",
    "am": "half",
    "pm": "half",
    "perpetual": "perpetual",
    "language": "language",
    "other": "other",
    "only": "only",
    "announced": "announced",
    "alternate": "alternate",
    "followed": "followed",
    "replaced": "replaced",
    "theday": "theday",
}


def reduce_tokens(tokens: list[Token], text: str) -> list[Element]:
    """The elements of a line in order, with breaks between statements and list members."""
    return _Reduction(tokens, text).run()


_HALF_HOURS: Final = frozenset({"half", "an", "media", "una", "pół", "pol", "one"})


class _Reduction:
    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens, self.text = tokens, text
        self.found: list[Element] = []
        self.paren = 0
        self.depth: list[int] = []

    def run(self) -> list[Element]:
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        return self.found

    def _add(self, element: Element) -> None:
        element.paren = self.depth[-1] if self.depth else 0
        self.found.append(element)

    def _step(self, at: int) -> int:
        for read in _READERS.get(self.tokens[at].kind, ()):
            after = read(self, at)
            if after:
                if self.found and self.found[-1].kind != "break":
                    self._break_after(after - 1)
                return after
        return self._rest(at)

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def _text(self, at: int) -> str:
        return self.tokens[at].text if at < len(self.tokens) else ""

    # times

    def _clock(self, at: int) -> Clock | None:
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

    def _past_half(self, at: int) -> int:
        if at < len(self.tokens) and self.tokens[at].kind in ("time", "number", "numeral"):
            after = self._spoken_half(at + 1, self.tokens[at])[1]
            return after + 1 if self._kind(after) == "oclock" else after
        return at

    def _is_time(self, at: int) -> bool:
        kind = self._kind(at)
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
        if self._clock(at) is None or read_date(self.tokens, at) is not None:
            return self._plain_24(at)
        if token.kind == "number" and len(token.text) == 4:
            return any(t.kind == "day" for t in self.tokens)
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if after is not None and after.kind == "oclock":
            return True
        if token.kind == "numeral":
            return after is not None and after.kind in ("am", "pm")
        if self._text(at - 1 if at else len(self.tokens)) in ("#", "$", "No.", "'"):
            return False
        return self._leads_to_time(at) or self._follows_time(at)

    def _plain_24(self, at: int) -> bool:
        """ "17-17:40": an hour of a 24-hour clock before a time of the same."""
        token = self.tokens[at]
        return (
            13 <= token.hour <= 23
            and self._kind(at + 1) == "dash"
            and self._kind(at + 2) == "time"
            and self.tokens[at + 2].hour >= token.hour
        )

    def _leads_to_time(self, at: int) -> bool:
        step = at + 1
        while step < len(self.tokens) and (is_joint(self.tokens[step]) or self.tokens[step].kind in ("dash", "to")):
            step += 1
        if step == at + 1:
            return False
        if self._kind(step) == "time":
            return True
        ok = self._kind(step) == "number" and 1 <= self.tokens[step].hour <= 12 and len(self._text(step)) < 3
        return ok and (self._leads_to_time(step) or (self._kind(step + 1) == "oclock") or self._after_day(at))

    def _after_day(self, at: int) -> bool:
        step = at - 1
        while step >= 0 and (self._text(step) in (":", ",", "@") or self._kind(step) in ("at", "from", "each")):
            step -= 1
        return step >= 0 and self._kind(step) == "day" and is_day(self.tokens, step)

    def _follows_time(self, at: int) -> bool:
        last = self.found[-1] if self.found else None
        if last is not None and last.kind == "break" and last.weight == 1 and len(self.found) > 1:
            last = self.found[-2]
        joined = at > 0 and (is_joint(self.tokens[at - 1]) or self.tokens[at - 1].kind in ("dash", "to"))
        following = self._kind(at + 1)
        return (
            joined
            and last is not None
            and last.kind == "time"
            and last.clock is not None
            and following not in ("word", "month", "ordinal")
        )

    def _time(self, at: int) -> int:
        if not self._is_time(at):
            return 0
        clock = self._clock(at)
        if clock is None:
            return 0
        after = self._past_half(at + 1 - 1)
        element = Element(
            "time",
            self.tokens[at].start,
            self.tokens[after - 1].end if after > at else self.tokens[at].end,
            clock=clock,
            scanned=self.tokens[at].scanned,
        )
        after = max(after, at + 1)
        step = after + (self._kind(after) in ("dash", "to"))
        if step > after and self._kind(step) == "to":
            step += 1
        while step > after and self._kind(step) == "each":
            step += 1
        if step > after and self._ends_range(step, clock):
            element.until = self._clock(step)
            after = max(self._past_half(step), step + 1)
            element.end = self.tokens[after - 1].end
        elif step > after and self._kind(step) == "day" and self._is_time(step + 1 + (self._kind(step + 1) == "at")):
            last = step + 1 + (self._kind(step + 1) == "at")
            element.until = self._clock(last)
            after = max(self._past_half(last), last + 1)
            element.end = self.tokens[after - 1].end
        elif self._only_ends(at):
            self._close_last(element)
            element = Element("word", element.start, element.end)
        if self._text(at - 1 if at else len(self.tokens)) == "~":
            element.flags = ("approximate",)
        self._add(element)
        return after

    def _only_ends(self, at: int) -> bool:
        """Whether the words before a time say that something ends then."""
        step = at - 1
        while step >= 0 and self._kind(step) in ("at", "each"):
            step -= 1
        word = fold(self._text(step)) if step >= 0 else ""
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

    def _close_last(self, ending: Element) -> None:
        """Gives "noon Thursday to midnight" its end."""
        marks = [e for e in self.found[-3:] if e.kind in ("day", "time", "break")]
        if len(marks) >= 2 and marks[-1].kind == "day" and marks[-2].kind == "time" and marks[-2].until is None:
            marks[-2].until = ending.clock

    def _ends_range(self, at: int, start: Clock) -> bool:
        if self._kind(at) == "time":
            return not (start.half and self._text(at - 1) == "-" and self._dash_is_loose(at))
        if self._kind(at) == "number" and len(self._text(at)) <= 2:
            return self._clock(at) is not None and read_date(self.tokens, at) is None
        return False

    def _dash_is_loose(self, at: int) -> bool:
        """A dash after a bracket ("4:30 pm (English) - 6:30 pm") parts two times."""
        return self.tokens[at - 2].text == ")" if at >= 2 else False

    # relative times

    def _relative(self, at: int) -> int:
        kind = self._kind(at)
        offset, start = None, at
        duration = self._duration(at) if kind not in ("before", "after", "during", "between") else None
        if duration is not None:
            offset, at = duration
            kind = self._kind(at)
            if kind not in ("before", "after"):
                return 0
        if kind == "between":
            return self._between(at)
        if kind not in ("before", "after", "during"):
            return 0
        return self._anchored(start, at, kind, offset)

    def _duration(self, at: int) -> tuple[int, int] | None:
        if self._kind(at) == "word" and self._text(at).lower() not in _HALF_HOURS:
            return None
        words = [fold(token.text.rstrip(".")) for token in self.tokens[at : at + 4]]
        if not words:
            return None
        joined = " ".join(words)
        for phrase, minutes in (
            ("half an hour", 30),
            ("half hour", 30),
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
        number = self.tokens[at].hour if self._kind(at) == "number" else NUMBER_WORDS.get(words[0], 0)
        if number and len(words) > 1 and words[1] in ("minutes", "minute", "mins", "min", "minutos", "minut", "phut"):
            return number, at + 2
        return None

    def _anchored(self, start: int, at: int, kind: str, offset: int | None) -> int:
        clocks: list[Clock] = []
        days: Element | None = None
        step, anchor, flags = at + 1, "", ""
        while step < min(len(self.tokens), at + 12) and not anchor:
            token = self.tokens[step]
            if (
                self._is_time(step)
                or (token.kind == "number" and self._clock(step) is not None and kind != "during")
                or (token.kind == "number" and self._kind(step + 1) in ("and", "oclock"))
            ):
                clock = self._clock(step)
                if clock is not None:
                    clocks.append(clock)
                step = max(self._past_half(step), step + 1)
                continue
            if token.kind == "day" and is_day(self.tokens, step):
                found = read_days(self.tokens, step)
                if found:
                    days, step = found
                    continue
            if token.kind == "service" and token.code and not token.text.lower().startswith("exposed"):
                anchor = token.code if token.code in _ANCHORS else ""
                if not anchor:
                    break
                if (
                    token.meaning
                    and token.meaning.named
                    and token.meaning.named.subtype == "daily"
                    and "weekday" in token.text.lower()
                    and days is None
                ):
                    days = Element("day", token.start, token.end, days=("MO", "TU", "WE", "TH", "FR"))
                if token.meaning and token.meaning.named and token.meaning.named.subtype == "sunday" and days is None:
                    days = Element("day", token.start, token.end, days=("SU",))
                flags = "vigil" if "igil" in token.text else flags
                step += 1
                break
            if token.kind in (
                "each",
                "language",
                "am",
                "pm",
                "and",
                "at",
                "oclock",
                "from",
                "season",
                "half",
                "on",
                "other",
            ) or fold(token.text) in ("our", "both", "of", "s"):
                step += 1
                continue
            break
        if not anchor or (kind == "during" and anchor != "mass"):
            return self._bare_relative(start, at, kind, offset)
        if (
            not clocks
            and self._kind(step) in ("at", "from")
            and self._is_time(step + (2 if self._kind(step + 1) == "each" else 1))
        ):
            place = step + (2 if self._kind(step + 1) == "each" else 1)
            clock = self._clock(place)
            clocks = [clock] if clock else []
            step = max(self._past_half(place), place + 1)
        step, days = self._weekend_of(step, days)
        trailing = self._duration(step) if offset is None else None
        if trailing:
            offset, step = trailing
        if days is not None:
            self._add(days)
        self._add_relative(start, step, kind, offset, anchor, clocks)
        return self._relative_end(step)

    def _relative_end(self, at: int) -> int:
        """Takes in "until 7 p.m." behind a relative start."""
        after = at + (self._text(at) == "," and self._kind(at + 1) == "to")
        if self._kind(after) in ("to", "dash") and self._is_time(after + 1) and self.found[-1].relative is not None:
            self.found[-1].until = self._clock(after + 1)
            return max(self._past_half(after + 1), after + 2)
        return at

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
                self._add(Element("time", low, high, clock=clock, flags=("during",)))
            if not clocks:
                self._add(Element("word", low, high))
            return
        sign = -1 if kind == "before" else 1
        minutes = sign * offset if offset is not None else (None if kind == "before" else 0)
        for clock in clocks or [None]:  # type: ignore[list-item]  # None stands for "the Mass, no time said"
            element = Element(
                "time", low, high, relative=Relative(anchor, "start" if kind == "before" else "end", minutes, clock)
            )
            self._add(element)

    def _bare_relative(self, start: int, at: int, kind: str, offset: int | None) -> int:
        if kind == "during":
            return 0
        if self._is_time(at + 1) and kind == "after":
            self._add(Element("word", self.tokens[start].start, self.tokens[at + 1].end))
            return at + 2
        if kind == "before" and self._is_time(at + 1):
            self._add(Element("word", self.tokens[start].start, self.tokens[at + 1].end))
            return at + 2
        if offset is None and fold(self.tokens[at].text) in (
            "after",
            "afterwards",
            "afterward",
            "immediately following",
        ):
            self._add(Element("afterwards", self.tokens[start].start, self.tokens[at].end))
        return at + 1

    def _between(self, at: int) -> int:
        times = [
            step for step in range(at + 1, min(len(self.tokens), at + 6)) if self._kind(step) in ("time", "number")
        ]
        services = [
            step
            for step in range(at + 1, min(len(self.tokens), at + 9))
            if self._kind(step) == "service" and self.tokens[step].code
        ]
        times = [step for step in times if not services or step < services[0] or services[0] > at + 4]
        if services and (not times or services[0] > times[-1]) and services[0] - (times[-1] if times else at) <= 3:
            self._add(Element("word", self.tokens[at].start, self.tokens[services[0]].end))
            return services[0] + 1
        if len(times) == 2:
            first, last = (self._clock(step) for step in times)
            if first and last:
                end = max(self._past_half(times[1]), times[1] + 1)
                self._add(Element("time", self.tokens[at].start, self.tokens[end - 1].end, clock=first, until=last))
                return end
        return 0

    # days and dates

    def _dates(self, at: int) -> int:
        step = at
        weekday = read_days(self.tokens, at)
        if weekday and self._kind(at) != "feast":
            step = weekday[1] + (self._text(weekday[1]) == ",")
        if step >= len(self.tokens) or self._kind(step) not in (
            "month",
            "number",
            "ordinal",
            "slashed",
            "iso",
            "feast",
            "day",
        ):
            return 0
        if self._kind(step) == "feast" and step != at:
            return 0
        found = read_date(self.tokens, step)
        if found is None:
            return self._months(at) if step == at else 0
        element, after = found
        if weekday and len(weekday[0].days) != 1:
            return 0
        return self._date_range(at, element, after, weekday)

    def _date_range(self, at: int, element: Element, after: int, weekday: tuple[Element, int] | None) -> int:
        element.start = self.tokens[at].start
        if weekday:
            element.code = element.code or "weekday:" + weekday[0].days[0]
        step = after + 1
        if self._kind(after) in ("to", "dash") and step < len(self.tokens):
            second = read_days(self.tokens, step)
            if second:
                step = second[1] + (self._text(second[1]) == ",")
            last = (
                read_date(self.tokens, step)
                if step < len(self.tokens)
                and self._kind(step)
                in (
                    ("month", "number", "slashed", "iso", "feast")
                    if self._kind(after) == "to"
                    else ("month", "number", "slashed", "iso")
                )
                else None
            )
            if last is not None:
                first_day, last_day = element.dates[0], last[0].dates[-1]
                self._add(
                    Element(
                        "season",
                        element.start,
                        last[0].end,
                        code=f"{first_day[-5:] if first_day[-5:-3].isdigit() else first_day}..{last_day[-5:] if last_day[-5:-3].isdigit() else last_day}",
                    )
                )
                return last[1]
        previous = fold(self._text(at - 1).rstrip(".")) if at else ""
        if (
            previous in ("on", "the")
            and at > 1
            and fold(self._text(at - 2)) in ("returns", "resumes", "begins", "starts", "resume")
        ):
            previous = "from"
        if (
            previous
            in (
                "from",
                "starting",
                "beginning",
                "effective",
                "until",
                "till",
                "through",
                "to",
                "desde",
                "hasta",
                "begins",
                "of",
                "up to",
            )
            and element.code not in FEASTS
        ):
            self._add(Element("validity", element.start, element.end, dates=element.dates))
            return after
        after = self._more_dates(element, after)
        self._add(element)
        return after

    def _more_dates(self, element: Element, after: int) -> int:
        """Takes in the further dates of a list ("Feb. 20, Feb. 27")."""
        if element.code in FEASTS:
            return after
        while after + 1 < len(self.tokens) and is_joint(self.tokens[after]):
            step = after + 1
            weekday = read_days(self.tokens, step)
            if weekday:
                step = weekday[1] + (self._text(weekday[1]) == ",")
            last = read_date(self.tokens, step) if self._kind(step) in ("month", "slashed", "iso", "day") else None
            if last is None:
                break
            element.dates += last[0].dates
            element.end, after = last[0].end, last[1]
        return after

    def _months(self, at: int) -> int:
        if self._kind(at) != "month":
            return 0
        low = self.tokens[at].hour
        joint = self._kind(at + 1) in ("to", "dash")
        if joint and self._kind(at + 2) == "month":
            code, end = f"{low:02d}-01..{_month_end(self.tokens[at + 2].hour)}", at + 3
        elif at + 2 < len(self.tokens) and is_joint(self.tokens[at + 1]) and self._kind(at + 2) == "month":
            high = self.tokens[at + 2].hour
            code = (
                f"{low:02d}-01..{_month_end(high)}"
                if high == low + 1
                else f"{low:02d}-01..{_month_end(low)},{high:02d}-01..{_month_end(high)}"
            )
            end = at + 3
        elif (len(self._text(at)) > 3 and self._text(at) not in ("Mar.", "Mar")) or (
            self._text(at) == "May" and fold(self._text(at - 1 if at else len(self.tokens))) in ("in", "of", "during")
        ):
            code, end = f"{low:02d}-01..{_month_end(low)}", at + 1
        else:
            return 0
        self._add(Element("season", self.tokens[at].start, self.tokens[end - 1].end, code=code))
        return end

    def _day(self, at: int) -> int:
        if self._kind(at) not in ("day", "ordinal", "each"):
            return 0
        found = read_days(self.tokens, at)
        if found is None:
            return self._loose_ordinals(at)
        element, after = found
        if self._kind(after) in ("before", "after") and after + 1 < len(self.tokens):
            nth = read_days(self.tokens, after + 1)
            if nth and nth[0].days[0][0].isdigit():
                element = Element(
                    "day",
                    element.start,
                    nth[0].end,
                    days=tuple(day + ("-1" if self._kind(after) == "before" else "+1") for day in nth[0].days),
                )
                after = nth[1]
        self._add(element)
        if "mass" in self.text[element.start : element.end].lower():
            self._add(Element("service", element.start, element.end, named=Named("mass")))
        return after

    def _loose_ordinals(self, at: int) -> int:
        """Ordinals without their weekday: "(1st, 3rd, 5th)" behind "Sunday"."""
        if self._kind(at) != "ordinal":
            return 0
        numbers, step = [], at
        while step < len(self.tokens) and (self._kind(step) == "ordinal" or (numbers and is_joint(self.tokens[step]))):
            numbers += [self.tokens[step].hour] if self._kind(step) == "ordinal" else []
            step += 1
        if self._text(step) in (")", "", ";") and all(-1 <= number <= 5 for number in numbers):
            self._add(Element("nth", self.tokens[at].start, self.tokens[step - 1].end, days=tuple(map(str, numbers))))
            return step
        return 0

    # the rest

    def _rest(self, at: int) -> int:
        token = self.tokens[at]
        if token.text in ("(", "[", "{"):
            self.paren += 1
            self.depth.append(self.paren)
            self._add(Element("open", token.start, token.end))
            return self._place(at) or at + 1
        if token.text in (")", "]", "}"):
            self._add(Element("close", token.start, token.end))
            if self.depth:
                self.depth.pop()
            return at + 1
        if token.kind == "service":
            self._service(token)
            return self._sentence_end(at)
        if token.kind == "season":
            self._add(Element("season", token.start, token.end, code=token.code))
        elif token.kind in _KEPT:
            self._add(
                Element(
                    _KEPT[token.kind],
                    token.start,
                    token.end,
                    code=token.code,
                    half=token.kind[0] if token.kind in ("am", "pm") else "",
                )
            )
        elif token.kind == "at" or token.text in ("@", "~") or token.kind == "dash":
            after = self._place(at)
            if after:
                return after
        elif token.kind == "and" or token.text in _BREAKS:
            spaced = token.text != "/" or self.text[max(0, token.start - 1) : token.start].isspace()
            self._add(Element("break", token.start, token.end, weight=_BREAKS.get(token.text, 1) if spaced else 1))
        elif token.text in ("†", "✝", "✞", "+") and self.found and self.found[-1].kind == "time":
            self._add(Element("service", token.start, token.end, named=Named("mass")))
        elif token.text in (".", "!", "?"):
            self._add(Element("break", token.start, token.end, weight=3))
        elif fold(token.text) in ("while", "but", "mientras") and not (self.found and self.found[-1].kind == "except"):
            self._add(Element("break", token.start, token.end, weight=2))
        else:
            self._add(Element("word", token.start, token.end, code=token.text if token.kind == "word" else ""))
        return self._sentence_end(at)

    def _sentence_end(self, at: int) -> int:
        self._break_after(at)
        return at + 1

    def _break_after(self, at: int) -> None:
        """Puts a break behind a token that ends a sentence."""
        token = self.tokens[at]
        following = self._text(at + 1)
        if not token.text.endswith(".") or not (following[:1].isupper() or following[:1].isdigit()):
            return
        dotted = token.text[-3:-2] == "." or token.text[-4:-2] in (". ", ".\u00a0")
        if token.kind == "time" and dotted:
            ends = self._kind(at + 1) in ("word", "each") and following in (
                "The",
                "On",
                "In",
                "There",
                "At",
                "This",
                "We",
                "A",
                "It",
                "Our",
                "Please",
                "For",
                "All",
                "Los",
                "El",
                "La",
                "Las",
                "En",
            )
        elif token.kind == "time":
            ends = True
        else:
            ends = len(token.text) > (6 if token.kind in ("month", "day", "feast") else 4)
        if ends:
            self._add(Element("break", token.end - 1, token.end, weight=3))

    def _service(self, token: Token) -> None:
        named = token.meaning.named if token.meaning else None
        if token.text.lower() == "mass" and self._text_after(token).startswith(("achusetts",)):
            return
        self._add(Element("service", token.start, token.end, named=named, scanned=token.scanned))

    def _text_after(self, token: Token) -> str:
        return self.text[token.end : token.end + 12]

    def _place(self, at: int) -> int:
        """A place name behind "at", "@", a dash or a bracket, as an element."""
        opener = self.tokens[at]
        step = at + 1
        if self._kind(step) in ("each", "on"):
            step += 1
        first = step
        while step < len(self.tokens) and self._in_place(step, first):
            step += 1
        while step > first and (fold(self._text(step - 1)) in _PLACE_SMALL or self._text(step - 1) in ("/", "'", ",")):
            step -= 1
        if step == first:
            return 0
        words = [fold(self._text(i).rstrip(".")) for i in range(first, step)]
        named = any(self._kind(i) == "church" for i in range(first, step)) or words[0] in _PLACE_STARTS
        free = (opener.kind == "at" and opener.text.lower() in ("at", "en", "in")) or opener.text == "@"
        if not named and not (free and opener.text.lower() in ("at", "@") and self._text(first)[:1].isupper()):
            return 0
        name = self.text[self.tokens[first].start : self.tokens[step - 1].end].strip(" .,")
        self._add(Element("place", self.tokens[first].start, self.tokens[step - 1].end, code=name))
        return step

    def _in_place(self, at: int, first: int) -> bool:
        token = self.tokens[at]
        if token.kind in ("time", "number", "dash", "junk", "mark") and token.text not in ("'", "/"):
            return False
        if token.text == "/" and not (self._text(at + 1)[:1].isupper() and token.start == self.tokens[at - 1].end):
            return False
        if token.kind == "church":
            return True
        if self.text[self.tokens[at - 1].end : token.start].count("\n"):
            return False
        if token.kind in ("language", "month", "season", "no", "past") or (
            token.kind == "service" and token.text.lower() in ("mass", "masses", "confession", "confessions")
        ):
            return False
        if (
            token.kind == "day"
            and not (at > first and self._text(at - 1).rstrip(".") == "St")
            and is_day(self.tokens, at)
        ):
            return False
        return (
            token.text[:1].isupper()
            or token.text in ("'", "/")
            or (fold(token.text) in _PLACE_SMALL and at > first)
            or (at == first and fold(token.text) in ("gym", "lower", "main", "upper", "side"))
        )


_READERS: Final[dict[str, tuple[Callable[[_Reduction, int], int], ...]]] = {
    "word": (_Reduction._relative,),
    "numeral": (_Reduction._relative, _Reduction._time),
    "number": (_Reduction._relative, _Reduction._time, _Reduction._dates, _Reduction._day),
    "time": (_Reduction._time,),
    **dict.fromkeys(("before", "after", "during", "between"), (_Reduction._relative,)),
    **dict.fromkeys(
        ("day", "ordinal", "each", "month", "iso", "slashed", "feast"), (_Reduction._dates, _Reduction._day)
    ),
}
"""Which readers are worth asking, by the kind of the token at hand."""


def _month_end(month: int) -> str:
    return f"{month:02d}-{(31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]}" if month != 2 else "02-28"
