"""Day sets, nth weekdays and dates out of tokens."""

from __future__ import annotations

import re
from typing import Final

from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.tokens import Token
from vitality.pages.grammar.vocabulary import FEASTS, WEEK, fold

_JOINTS: Final = frozenset({",", "&", "/", "+"})
_MONTH_LENGTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EVERY: Final = frozenset({"each", "every", "all", "cada", "todos", "todos los"})
_NOT_DAYS_BEFORE: Final = frozenset({"valley", "chapel", "prairie", "city", "lakes", "ridge", "mission", "devil"})


def is_joint(token: Token) -> bool:
    """Whether the token only joins members of a list."""
    return token.kind == "and" or token.text in _JOINTS


def is_day(tokens: list[Token], at: int) -> bool:
    """Whether the token at `at` names a day here; "Sun Valley", "St. Sat" and a lone "M" do not."""
    if at >= len(tokens) or tokens[at].kind != "day":
        return False
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and fold(following.text.rstrip(".")) in _NOT_DAYS_BEFORE and following.text[:1].isupper():
        return False
    if at and tokens[at - 1].text in ("St.", "St"):
        return False
    bare = token.text.rstrip(".")
    if bare == "HD":
        return True
    if bare == "We" and following is not None and following.text.isalpha() and following.text.islower():
        return False  # "Tuesday. We will have": a sentence
    if len(bare) > 2 and not (
        bare.lower() in ("mar", "dom", "sex") and bare != bare.upper() and not token.text.istitle()
    ):
        return not (fold(bare) == "mar" and following is not None and following.kind in ("number", "ordinal"))
    return (
        bare[:1].isupper()
        and (bare not in ("We", "S", "I") or _beside_day_or_time(tokens, at))
        and _beside_day_or_time(tokens, at)
    )


def _beside_day_or_time(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1 : at + 3]
    before = tokens[max(0, at - 2) : at]
    if after and after[0].kind in ("time", "number") and tokens[at].text[0].isupper():
        return True
    linked = (
        [t for t in after if t.kind == "day"]
        if after and (after[0].kind in ("day", "dash", "to") or is_joint(after[0]))
        else []
    )
    linked += (
        [t for t in before if t.kind == "day"]
        if before and (before[-1].kind in ("day", "dash", "to") or is_joint(before[-1]))
        else []
    )
    return bool(linked) or (len(after) > 1 and after[0].text == ":" and after[1].kind == "time")


def read_days(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    """The day set that begins at `at`, with its ordinals, lists and ranges, and where it ends."""
    days: list[str] = []
    end = at
    while True:
        found = _member(tokens, end)
        if found is None:
            break
        member, after = found
        days += [day for day in member if day not in days]
        end = after
        step = end
        while (
            step < len(tokens)
            and step - end < 2
            and (is_joint(tokens[step]) or (step > end and tokens[step].kind in ("each", "on")))
        ):
            step += 1
        if step == end and (step >= len(tokens) or len(tokens[step].text) > 3 or len(tokens[end - 1].text) > 3):
            break
        if _member(tokens, step) is None:
            break
        end = step
    if not days:
        return None
    element = Element("day", tokens[at].start, tokens[end - 1].end, days=tuple(days))
    if end == at + 1 and tokens[at].code == "set" and len(tokens[at].text) > 4:
        element.code = "set"
    element.scanned = any(token.scanned for token in tokens[at:end])
    if any(_recurs(token) for token in tokens[at:end]):
        element.flags = ("recurring",)
    return element, end


def _recurs(token: Token) -> bool:
    """Whether a word says that a day comes again and again: "Saturdays", "every Saturday"."""
    word = fold(token.text)
    return (token.kind == "day" and word.endswith(("days", "sabados", "domingos"))) or word in _EVERY


def _member(tokens: list[Token], at: int) -> tuple[list[str], int] | None:
    ordinals, step = _ordinal_list(tokens, at)
    if not is_day(tokens, step):
        return None
    token = tokens[step]
    days = list(token.days)
    after = step + 1
    if ordinals and all(day in WEEK for day in days):
        days += _saturdays_too(tokens, after) if days == ["FR"] else []
        after += 2 * (len(days) - len(token.days))
        return [f"{number}{day}" for number in ordinals for day in days], _past_month(tokens, after)
    after = _same_day(tokens, after, days)
    if (
        len(days) == 1
        and days[0] in WEEK
        and after + 1 < len(tokens)
        and tokens[after].kind in ("dash", "to")
        and is_day(tokens, after + 1)
        and len(tokens[after + 1].days) == 1
        and tokens[after + 1].days[0] in WEEK
    ):
        chain = _chain(tokens, after)
        if len(chain) > 1:
            return [*days, *chain], after + 2 * len(chain)
        days = _range(days[0], tokens[after + 1].days[0])
        after += 2
    return days, after


def _saturdays_too(tokens: list[Token], at: int) -> list[str]:
    """The Saturdays of "First Fridays & Saturdays", which are first ones as well."""
    joined = at + 1 < len(tokens) and is_joint(tokens[at]) and tokens[at].text != ","
    plural = (
        joined and fold(tokens[at + 1].text) in ("saturdays", "sabados") and fold(tokens[at - 1].text).endswith("s")
    )
    return ["SA"] if plural else []


def _chain(tokens: list[Token], at: int) -> list[str]:
    """The days behind dashes from `at` on: the TH and FR of "Tu-Th-F", which is a list."""
    found: list[str] = []
    while (
        at + 1 < len(tokens) and tokens[at].kind == "dash" and is_day(tokens, at + 1) and len(tokens[at + 1].days) == 1
    ):
        found += tokens[at + 1].days
        at += 2
    return found


def _ordinal_list(tokens: list[Token], at: int) -> tuple[list[int], int]:
    numbers: list[int] = []
    step = at
    while step < len(tokens):
        token = tokens[step]
        if token.kind == "each" and not numbers:
            step += 1
        elif token.kind == "ordinal" and token.hour <= 5:
            numbers.append(token.hour)
            step += 1
        elif numbers and (is_joint(token) or token.kind == "each"):
            step += 1
        else:
            break
    return (numbers, step) if numbers else ([], at)


def _past_month(tokens: list[Token], at: int) -> int:
    return at + 1 if at < len(tokens) and tokens[at].kind == "monthly" else at


def _same_day(tokens: list[Token], at: int, days: list[str]) -> int:
    """Passes over the same day in another language ("Sunday / Domingo")."""
    while (
        at + 1 < len(tokens)
        and tokens[at].text == "/"
        and tokens[at + 1].kind == "day"
        and list(tokens[at + 1].days) == days
    ):
        at += 2
    return at


def _range(first: str, last: str) -> list[str]:
    low, high = WEEK.index(first), WEEK.index(last)
    return [WEEK[(low + step) % 7] for step in range((high - low) % 7 + 1)]


def _iso(year: int | None, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"{month:02d}-{day:02d}"


def valid(month: int, day: int) -> bool:
    """Whether a month has such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= _MONTH_LENGTH[month - 1]


def read_date(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    """A date or list of dates of one month that begins at `at`, and where it ends."""
    token = tokens[at]
    if token.kind == "iso":
        return Element("date", token.start, token.end, dates=(token.text,)), at + 1
    if token.kind == "slashed":
        return _slashed(token), at + 1
    if token.kind == "feast":
        fixed = FEASTS[token.code][1]
        named = Element("date", token.start, token.end, dates=(fixed or token.code,), code=token.code)
        named.flags = ("day itself",) if {"day", "dia", "morning"} & set(fold(token.text).split()) else ()
        return named, at + 1
    if token.kind == "month" or (token.kind == "day" and fold(token.text.rstrip(".")) == "mar"):
        return _month_first(tokens, at)
    if token.kind in ("number", "ordinal") and 1 <= token.hour <= 31:
        return _day_first(tokens, at) or _stretch(tokens, at)
    return None


def _stretch(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    """The dates of "3 al 11 de diciembre", whose month stands behind the last."""
    if at + 2 >= len(tokens) or fold(tokens[at + 1].text) not in ("al", "a") or tokens[at + 2].kind != "number":
        return None
    last = _day_first(tokens, at + 2) if 1 <= tokens[at + 2].hour <= 31 else None
    if last is None or len(last[0].dates) != 1 or tokens[at].hour >= tokens[at + 2].hour:
        return None
    month = last[0].dates[0][:-2]
    dates = tuple(f"{month}{day:02d}" for day in range(tokens[at].hour, tokens[at + 2].hour + 1))
    return Element("date", tokens[at].start, last[0].end, dates=dates), last[1]


def _slashed(token: Token) -> Element:
    parts = [int(part) for part in token.text.split("/")]
    year = (parts[2] if parts[2] > 99 else 2000 + parts[2]) if len(parts) > 2 else None
    return Element("date", token.start, token.end, dates=(_iso(year, parts[0], parts[1]),))


def _month_first(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    month = tokens[at].hour if tokens[at].kind == "month" else 3
    numbers, end = [], at + 1
    while end < len(tokens) and tokens[end].kind in ("number", "ordinal") and valid(month, tokens[end].hour):
        numbers.append(tokens[end].hour)
        end += 1
        if (
            end + 1 < len(tokens)
            and tokens[end].kind == "dash"
            and tokens[end + 1].kind in ("number", "ordinal")
            and valid(month, tokens[end + 1].hour)
            and tokens[end + 1].hour > numbers[-1]
        ):
            numbers += range(numbers[-1] + 1, tokens[end + 1].hour + 1)
            end += 2
        if (
            end + 1 < len(tokens)
            and is_joint(tokens[end])
            and tokens[end + 1].kind in ("number", "ordinal")
            and valid(month, tokens[end + 1].hour)
            and not _time_like(tokens, end + 1)
        ):
            end += 1
        else:
            break
    if not numbers:
        return None
    year, end = _year(tokens, end)
    return Element(
        "date", tokens[at].start, tokens[end - 1].end, dates=tuple(_iso(year, month, day) for day in numbers)
    ), end


def _time_like(tokens: list[Token], at: int) -> bool:
    if tokens[at].hour > 12 and at + 2 < len(tokens) and tokens[at + 2].hour <= 12:
        return False  # "Dec. 5, 12 and 19, 4:10 p.m.": no hour of such a clock
    return at + 1 < len(tokens) and (
        tokens[at + 1].kind in ("time", "oclock")
        or (is_joint(tokens[at + 1]) and at + 2 < len(tokens) and tokens[at + 2].kind == "time")
    )


def _year(tokens: list[Token], at: int) -> tuple[int | None, int]:
    step = at + 1 if at < len(tokens) and (tokens[at].text == "," or tokens[at].kind == "from") else at
    if step < len(tokens) and tokens[step].kind == "number" and re.fullmatch(r"(?:19|20)\d\d", tokens[step].text):
        return tokens[step].hour, step + 1
    return None, at


def _day_first(tokens: list[Token], at: int) -> tuple[Element, int] | None:
    step = at + 1
    if step < len(tokens) and fold(tokens[step].text) in ("de", "of"):
        step += 1
    if step >= len(tokens) or tokens[step].kind != "month" or not valid(tokens[step].hour, tokens[at].hour):
        return None
    year, end = _year(tokens, step + 1)
    return Element(
        "date", tokens[at].start, tokens[end - 1].end, dates=(_iso(year, tokens[step].hour, tokens[at].hour),)
    ), end
