"""Dates whose month stands behind the last of them: "lunes 3, martes 4 y miércoles 5 de abril"."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.days import is_joint, read_date, read_days, valid
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.tokens import Token
from vitality.pages.grammar.vocabulary import WEEK

_LONGEST_ASIDE: Final = 5
"""Tokens of what may stand between marks behind a number: "3 -Lunes Santo-", "3 (Lunes Santo)"."""

_TWO_WEEKS: Final = 14


def read_chain(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    """The dates of a chain that begins at `at` with a weekday and a number, and where it ends.

    None where the last has no month, or where there is no chain.
    """
    numbers: list[int] = []
    step, weekday = at, ""
    while step < len(tokens):
        found = read_days(tokens, step)
        if found is None or len(found[0].days) != 1 or found[0].days[0] not in WEEK or found[0].flags:
            return None
        weekday, step = weekday or found[0].days[0], found[1]
        if step >= len(tokens) or tokens[step].kind != "number" or not 1 <= tokens[step].hour <= 31:
            return None
        last = read_date(tokens, step)
        if last is not None:
            return _whole(tokens[at], numbers, last, weekday) if numbers else None
        numbers.append(tokens[step].hour)
        if len(numbers) == 1 and step + 1 < len(tokens) and tokens[step + 1].kind in ("to", "dash"):
            stretch = _from_to(tokens, at, numbers[0], step + 2, weekday)
            if stretch is not None:
                return stretch
        step = _past_joint(tokens, _past_aside(tokens, step + 1))
    return None


def _from_to(tokens: list[Token], at: int, first: int, step: int, weekday: str) -> tuple[Element, int] | None:
    """The days of "lunes 9 al viernes 13 de marzo", within one month and less than two weeks."""
    found = read_days(tokens, step)
    if found is None or found[1] >= len(tokens) or tokens[found[1]].kind != "number":
        return None
    last = read_date(tokens, found[1])
    count = int(last[0].dates[0][-2:]) - first + 1 if last is not None else 0
    if last is None or len(last[0].dates) != 1 or not 1 < count < _TWO_WEEKS:
        return None
    month = last[0].dates[0][:-2]
    dates = tuple(f"{month}{first + day:02d}" for day in range(count))
    return Element("date", tokens[at].start, last[0].end, dates=dates, code="weekday:" + weekday), last[1]


def _past_aside(tokens: list[Token], at: int) -> int:
    """Passes over words between two dashes or in brackets."""
    if at >= len(tokens) or not (tokens[at].kind == "dash" or tokens[at].text == "("):
        return at
    closing = [
        step
        for step in range(at + 1, min(len(tokens), at + 1 + _LONGEST_ASIDE))
        if tokens[step].kind == tokens[at].kind and tokens[step].text in ("-", "–", "—", ")")
    ]
    return closing[0] + 1 if closing else at


def _past_joint(tokens: list[Token], at: int) -> int:
    """Passes over the comma, the "and" or both between two members; the end where there is none."""
    step = at
    while step < len(tokens) and step - at < 2 and is_joint(tokens[step]):
        step += 1
    return step if step > at else len(tokens)


def _whole(first: Token, numbers: list[int], last: tuple[Element, int], weekday: str) -> tuple[Element, int] | None:
    """The chain's dates: each in the month of the one behind it, or in the month before where its number is higher."""
    element, after = last
    dates, following = [element.dates[0]], int(element.dates[0][-2:])
    for number in reversed(numbers):
        *year, month, _day = dates[0].split("-")
        low = int(month) - (number > following)
        if not valid(low or 12, number):
            return None
        years = [f"{int(each) - (low == 0):04d}" for each in year]
        dates.insert(0, "-".join([*years, f"{low or 12:02d}", f"{number:02d}"]))
        following = number
    dates += element.dates[1:]
    return Element("date", first.start, element.end, dates=tuple(dates), code="weekday:" + weekday), after
