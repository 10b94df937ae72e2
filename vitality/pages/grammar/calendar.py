"""Day sets, dates, their ranges, and months as seasons."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.anchors import AnchorReader
from vitality.pages.grammar.date_chains import read_chain
from vitality.pages.grammar.days import is_joint, read_date, read_days
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.vocabulary import FEASTS, WEEK, Named, fold

_ALSO_STARTS: Final = frozenset({"beginning", "starting", "begins", "begin", "start", "starts", "from"})
"""Words before a date that, with an hour behind it, tell when an event begins: "beginning May 23 at 6 p.m."."""

_DATED: Final = frozenset({"month", "slashed", "iso", "day", "number", "ordinal"})
"""Kinds of tokens with which a further date of a list may begin."""

_WEEK_LONG: Final = 7
"""Days of a stretch beyond which a weekday comes in it more than once."""

_IN_HONOR: Final = frozenset({"of", "for", "in", "honor", "preparation", "de", "la", "a", "en"})
"""Words between "novena" and the feast it is kept for."""

_SINCE: Final = frozenset({"resume", "resumes", "resuming", "returns", "return", "until", "till", "through", "to"})
"""Words before "the weekend of" by which it bounds a longer time."""


class CalendarReader(AnchorReader):
    """Reads what says when in the week or year."""

    def read_dates(self, at: int) -> int:
        step = at
        weekday = read_days(self.tokens, at)
        if weekday and self.kind_at(weekday[1]) == "number":
            chain = read_chain(self.tokens, at)
            if chain is not None:
                return self._with_further(*chain)
        if weekday and self.kind_at(at) != "feast":
            step = weekday[1] + (self.text_at(weekday[1]) == ",")
        if step >= len(self.tokens) or self.kind_at(step) not in (
            "month",
            "number",
            "ordinal",
            "slashed",
            "iso",
            "feast",
            "day",
        ):
            return 0
        if self.kind_at(step) == "feast" and (
            step != at or self._title_of_mary(at) or self._bare_easter(at) or self._of_novena(at)
        ):
            return 0
        found = read_date(self.tokens, step) or (self._numbered_day(step, weekday[0]) if weekday else None)
        if found is None:
            return self._months(at) if step == at else 0
        element, after = found
        if weekday and len(weekday[0].days) != 1:
            return self._span(at, element, after, weekday[0])
        return self._date_range(at, element, after, weekday)

    def _with_further(self, element: Element, after: int) -> int:
        """Adds the dates of a list with those that go on behind it."""
        after = self._more_dates(element, after)
        self.add(element)
        return after

    def _bare_easter(self, at: int) -> bool:
        """Whether "Easter" stands without its hours behind it, so that it may be the season."""
        if fold(self.text_at(at)) != "easter":
            return False
        step = at + 1 + (self.text_at(at + 1) == ":" or self.kind_at(at + 1) == "dash")
        return not (self.kind_at(step) == "time" or (self.kind_at(step) == "number" and self.tokens[step].hour < 13))

    def _title_of_mary(self, at: int) -> bool:
        """Whether the words of a feast only call upon Mary: "Moleben to the Mother of God"."""
        words = [fold(token.text) for token in self.tokens[max(0, at - 2) : at]]
        return fold(self.text_at(at)) == "mother of god" and words[-2:] in (
            ["to", "the"],
            ["of", "the"],
            ["our", "lady"],
        )

    def _of_novena(self, at: int) -> bool:
        """Whether a feast only tells which novena: "Novena to the Immaculate Conception", "Pentecost Novena"."""
        step = at - 1
        while step > 0 and (self.kind_at(step) in ("to", "each", "from") or fold(self.text_at(step)) in _IN_HONOR):
            step -= 1
        before = step >= 0 and step < at - 1 and self.kind_at(step) == "service" and self.tokens[step].code == "novena"
        return before or (self.kind_at(at + 1) == "service" and self.tokens[at + 1].code == "novena")

    def _span(self, at: int, element: Element, after: int, weekdays: Element) -> int:
        """Takes "Monday-Wednesday 4/3-4/5" as its three dates."""
        last = (
            read_date(self.tokens, after + 1)
            if self.kind_at(after) in ("to", "dash") and after + 1 < len(self.tokens)
            else None
        )
        if last is None or len(element.dates) != 1 or element.dates[0][:-2] != last[0].dates[0][:-2]:
            return 0
        low, high = int(element.dates[0][-2:]), int(last[0].dates[0][-2:])
        if high - low + 1 != len(weekdays.days):
            return 0
        month = element.dates[0][:-2]
        dates = tuple(f"{month}{day:02d}" for day in range(low, high + 1))
        code = "weekday:" + weekdays.days[0]
        self.add(Element("date", self.tokens[at].start, last[0].end, dates=dates, code=code))
        return last[1]

    def _numbered_day(self, at: int, weekday: Element) -> tuple[Element, int] | None:
        """The day of a month that was named before: the 29 of "Sunday 29: 9:30 am"; its date is "-29"."""
        token = self.tokens[at]
        single = len(weekday.days) == 1 and weekday.days[0] in WEEK and not weekday.flags
        if not single or token.kind not in ("number", "ordinal") or not 1 <= token.hour <= 31:
            return None
        leads = self.text_at(at + 1) in (":", ",") or self.kind_at(at + 1) == "dash"
        if not leads or not any(self.kind_at(at + ahead) in ("time", "service", "number") for ahead in (2, 3)):
            return None
        if token.kind == "number" and token.hour < 13 and self.text_at(at + 1) != ":":
            return None
        return Element("date", token.start, token.end, dates=(f"-{token.hour:02d}",)), at + 1

    def _date_range(self, at: int, element: Element, after: int, weekday: tuple[Element, int] | None) -> int:
        element.start = self.tokens[at].start
        if weekday and "recurring" in weekday[0].flags and len(element.dates) > _WEEK_LONG and _unbroken(element.dates):
            code = f"{element.dates[0][-5:]}..{element.dates[-1][-5:]}"
            self.add(weekday[0])
            self.add(Element("season", element.start, element.end, code=code))
            return after
        if weekday:
            element.code = element.code or "weekday:" + weekday[0].days[0]
        step = after + 1
        beside = self.kind_at(after) == "dash" and element.code in FEASTS
        if self.kind_at(after) in ("to", "dash") and not beside and step < len(self.tokens):
            second = read_days(self.tokens, step)
            if second:
                step = second[1] + (self.text_at(second[1]) == ",")
            last = (
                read_date(self.tokens, step)
                if step < len(self.tokens) and (self.kind_at(step) != "feast" or self.kind_at(after) == "to")
                else None
            )
            if last is not None:
                if weekday and "recurring" in weekday[0].flags:
                    self.add(weekday[0])
                first_day, last_day = element.dates[0], last[0].dates[-1]
                self.add(
                    Element(
                        "season",
                        element.start,
                        last[0].end,
                        code=f"{first_day[-5:] if first_day[-5:-3].isdigit() else first_day}..{last_day[-5:] if last_day[-5:-3].isdigit() else last_day}",
                    )
                )
                return last[1]
        previous = fold(self.text_at(at - 1).rstrip(".")) if at else ""
        if (
            previous in ("on", "the", "this", "next")
            and at > 1
            and fold(self.text_at(at - 2))
            in ("returns", "resumes", "begins", "starts", "resume", "starting", "beginning", "effective")
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
                "resume",
                "resumes",
                "resuming",
                "returns",
                "return",
                "begin",
                "start",
                "starts",
            )
            and element.code not in FEASTS
            and not (previous in _ALSO_STARTS and self._hour_follows(after))
        ):
            self.add(Element("validity", element.start, element.end, dates=element.dates))
            if self._one_weekend(at, element):
                self.found[-1].flags, self.found[-1].code = ("weekend",), "weekday:SA"
            return after
        if self.kind_at(after) == "dash" and fold(self.text_at(after + 1)) in ("until", "till", "hasta"):
            self.add(Element("validity", element.start, element.end, dates=element.dates))
            return after
        if element.code in FEASTS and self._bounds(at):
            self.add(Element("validity", element.start, element.end, dates=element.dates))
            return after
        return self._with_further(element, after)

    def _one_weekend(self, at: int, element: Element) -> bool:
        """Whether two dates behind "the weekend of" are those of one weekend, and not the first of many."""
        if fold(self.text_at(at - 2)) != "weekend" or len(element.dates) != 2 or not _unbroken(element.dates):
            return False
        return not any(
            token.kind == "from" or fold(token.text) in _SINCE for token in self.tokens[max(0, at - 5) : at - 2]
        )

    def _hour_follows(self, at: int) -> bool:
        """Whether "at 6 p.m." or ", after the 11:00 Mass" stands behind a date."""
        step = at + (self.text_at(at) == ",")
        return (self.kind_at(step) == "at" and self.is_time(step + 1)) or self.kind_at(step) == "after"

    def _bounds(self, at: int) -> bool:
        """Whether a feast only says until when something goes on: "until the Feast of Corpus Christi"."""
        words = [fold(token.text) for token in self.tokens[max(0, at - 4) : at]]
        while words and words[-1] in ("of", "feast", "solemnity", "the", "la", "fiesta", "de", "all", "sunday"):
            words.pop()
        return bool(words) and words[-1] in ("until", "till", "til", "hasta", "since")

    def _more_dates(self, element: Element, after: int) -> int:
        """Takes in the further dates of a list ("Feb. 20, Feb. 27")."""
        if element.code in FEASTS:
            return after
        while after + 1 < len(self.tokens) and is_joint(self.tokens[after]):
            step = after + 1
            if is_joint(self.tokens[step]):
                step += 1
            weekday = read_days(self.tokens, step) if step < len(self.tokens) else None
            if weekday:
                step = weekday[1] + (self.text_at(weekday[1]) == ",")
            last = read_date(self.tokens, step) if self.kind_at(step) in _DATED else None
            if last is None:
                break
            element.dates += last[0].dates
            element.end, after = last[0].end, last[1]
        return after

    def _months(self, at: int) -> int:
        if self.kind_at(at) != "month":
            return 0
        low = self.tokens[at].hour
        joint = self.kind_at(at + 1) in ("to", "dash")
        if joint and self.kind_at(at + 2) == "month":
            code, end = f"{low:02d}-01..{_month_end(self.tokens[at + 2].hour)}", at + 3
        elif at + 2 < len(self.tokens) and is_joint(self.tokens[at + 1]) and self.kind_at(at + 2) in ("month", "and"):
            months, end = self._listed_months(at)
            if len(months) < 2:
                return 0
            code = ",".join(f"{first:02d}-01..{_month_end(last)}" for first, last in _runs(months))
        elif (len(self.text_at(at)) > 3 and self.text_at(at) not in ("Mar.", "Mar")) or (
            self.text_at(at) == "May"
            and fold(self.text_at(at - 1 if at else len(self.tokens))) in ("in", "of", "during")
        ):
            code, end = f"{low:02d}-01..{_month_end(low)}", at + 1
        else:
            return 0
        self.add(Element("season", self.tokens[at].start, self.tokens[end - 1].end, code=code))
        return end

    def _listed_months(self, at: int) -> tuple[list[int], int]:
        """The months of "June, July and August", and where they end."""
        months, step = [self.tokens[at].hour], at + 1
        while step < len(self.tokens) and is_joint(self.tokens[step]):
            month = step + 1 + (step + 1 < len(self.tokens) and is_joint(self.tokens[step + 1]))
            if self.kind_at(month) != "month" or self.kind_at(month + 1) in ("number", "ordinal"):
                break
            months.append(self.tokens[month].hour)
            step = month + 1
        return months, step

    def read_day(self, at: int) -> int:
        if self.kind_at(at) not in ("day", "ordinal", "each"):
            return 0
        found = read_days(self.tokens, at)
        if found is None:
            return self._loose_ordinals(at)
        element, after = self._first_only(at, *found)
        if self.kind_at(after) in ("before", "after") and after + 1 < len(self.tokens):
            nth = read_days(self.tokens, after + 1)
            if nth and nth[0].days[0][0].isdigit():
                element = Element(
                    "day",
                    element.start,
                    nth[0].end,
                    days=tuple(day + ("-1" if self.kind_at(after) == "before" else "+1") for day in nth[0].days),
                )
                after = nth[1]
        self._of_holy_week(at, element, after)
        if element.days[0][0].isdigit() and self._eve_of(at) and all(day[0].isdigit() for day in element.days):
            element.days = tuple(day + "-1" for day in element.days)
        self.add(element)
        if "mass" in self.text[element.start : element.end].lower():
            self.add(Element("service", element.start, element.end, named=Named("mass")))
        return after

    def _of_holy_week(self, at: int, element: Element, after: int) -> None:
        """Adds the season of "Martes Santo" and "Holy Tuesday", which come once in the year."""
        if element.days[0] not in WEEK[:3]:
            return
        named = fold(self.text_at(after)) == "santo" or (at and fold(self.text_at(at - 1)) == "holy")
        if named and len(element.days) == 1 and not element.flags:
            self.add(Element("season", element.start, element.end, code="holy_week"))

    def _eve_of(self, at: int) -> bool:
        """Whether "the eve of" stands before a day."""
        words = [fold(token.text) for token in self.tokens[max(0, at - 3) : at]]
        return "eve" in words[-3:-1] and words[words.index("eve") + 1 :] in (["of"], ["of", "the"])

    def _first_only(self, at: int, element: Element, after: int) -> tuple[Element, int]:
        """The first days of "5 pm Saturday, Sunday 8 am", "8 am Monday-Friday, Saturday 9 am": the last has its own hour."""
        commas = [step for step in range(at, after) if self.tokens[step].text == "," and self.text_at(step - 1) != ","]
        if len(commas) != 1 or not self.found or self.found[-1].kind != "time":
            return element, after
        behind = after + (self.text_at(after) == ",")
        first = read_days(self.tokens[: commas[0]], at) if self.is_time(behind) else None
        if first is None or not (element.days == ("SA", "SU") or len(first[0].days) > 1):
            return element, after
        return first

    def _loose_ordinals(self, at: int) -> int:
        """Ordinals without their weekday: "(1st, 3rd, 5th)" behind "Sunday"."""
        if self.kind_at(at) != "ordinal":
            return 0
        numbers: list[int] = []
        step = at
        while step < len(self.tokens) and (
            self.kind_at(step) == "ordinal" or (numbers and is_joint(self.tokens[step]))
        ):
            numbers += [self.tokens[step].hour] if self.kind_at(step) == "ordinal" else []
            step += 1
        if self.text_at(step) in (")", "", ";") and all(-1 <= number <= 5 for number in numbers):
            self.add(Element("nth", self.tokens[at].start, self.tokens[step - 1].end, days=tuple(map(str, numbers))))
            return step
        return 0


def _unbroken(dates: tuple[str, ...]) -> bool:
    """Whether dates of one month follow each other day by day: "Dec. 3-17"."""
    return int(dates[-1][-2:]) - int(dates[0][-2:]) + 1 == len(dates)


def _month_end(month: int) -> str:
    return f"{month:02d}-{(31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]}" if month != 2 else "02-28"


def _runs(months: list[int]) -> list[tuple[int, int]]:
    """The months as runs of neighbours."""
    runs: list[tuple[int, int]] = []
    for month in months:
        if runs and month == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs
