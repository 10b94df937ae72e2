"""Cuts the elements of a line into clauses and reads them in turn, each in the context that the last one left."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

from vitality.pages.grammar.afterthoughts import look_back
from vitality.pages.grammar.clause import Clause
from vitality.pages.grammar.draft import Context, Draft, weekday_of
from vitality.pages.grammar.elements import MERE_WORDS, Element
from vitality.pages.grammar.feasts import each_day
from vitality.pages.grammar.vocabulary import FEASTS, WEEK

_LONGEST: Final = 160
"""Elements of a clause beyond which it is no statement but a run of text, whose reading would take quadratic time."""
_QUALIFYING: Final = MERE_WORDS | {"past", "no", "half", "only", "except", "announced", "alternate", "replaced"}
"""Kinds of elements that only qualify what else a clause states; alone they say nothing."""
_ELSE: Final = frozenset({"or", "o", "u"})
"""Words that begin a bracket with another hour for the same: "8.00pm (or 8.30pm if still light)"."""


def read_statements(elements: list[Element], context: Context) -> tuple[list[Draft], Context]:
    """The drafts of a line, and the context as it stands behind it (for a continuation line)."""
    drafts: list[Draft] = []
    previous: list[Element] = []
    outer: list[Element] = []
    above = (context.dates[0], context.feast) if context.dates else None
    if context.carried or context.above != above:
        context = replace(context, carried=False, above=above)
    before = context
    dated: dict[str, str] = {}
    stretch: dict[str, str] = {}
    occasion: tuple[str, str] | None = None
    for clause in _clauses(elements):
        if len(clause) > _LONGEST:
            continue
        services = [e for e in previous if e.kind == "service" and e.named is not None] if clause[0].paren else []
        if services and services[-1].start > clause[0].start:
            earlier = [e for e in services if e.start < clause[0].start]
            context = replace(context, named=earlier[-1].named if earlier else before.named)
        if clause[0].paren:
            context = _day_before_bracket(context, clause, outer)
        else:
            outer = clause
        before, previous = context, clause
        if {e.kind for e in clause} <= _QUALIFYING or (clause[0].paren and clause[0].code.lower() in _ELSE):
            continue
        reading = Clause(clause, context, len(drafts))
        found, context = reading.read()
        served = {draft.named for draft in drafts if draft.dates}
        _date_by_weekday([draft for draft in found if draft.named in served or _is_extra(draft)], dated)
        _date_by_stretch(found, stretch)
        _beside_occasion(found, occasion)
        occasion = _occasion(clause) or occasion
        dated |= _weekdays(clause)
        stretch |= _stretch(clause)
        if clause[0].paren and before.named is not None:
            context = replace(context, named=before.named)
        if clause[0].kind == "followed":
            context = replace(context, named=before.named)
        found += reading.followers(drafts + found)
        drafts = look_back(reading, drafts, found)
    return drafts, context


def _day_before_bracket(context: Context, clause: list[Element], outer: list[Element]) -> Context:
    """The context with the day that stands before a bracket, where another day follows it: "Saturday (3 pm) and Sunday (8 am)"."""
    days = [e for e in outer if e.kind in ("day", "date") and not e.paren]
    earlier = [e for e in days if e.start < clause[0].start]
    if not earlier or len(days) < 2 or any(e.kind in ("day", "date") for e in clause):
        return context
    day = earlier[-1]
    return replace(context, days=day.days, dates=day.dates, feast=day.code if day.dates else "")


def _weekdays(clause: list[Element]) -> dict[str, str]:
    """The dates that a statement prints with their weekday."""
    dates = [e for e in clause if e.kind == "date" and len(e.dates) == 1]
    return {weekday: e.dates[0] for e in dates if (weekday := weekday_of(e.code))}


def _is_extra(draft: Draft) -> bool:
    """Whether a service is none of those whose standing hours a line of news may add at its end."""
    return draft.named is not None and draft.named.service not in ("mass", "divine_liturgy", "")


def _date_by_weekday(found: list[Draft], dated: dict[str, str]) -> None:
    """Gives "from 2 PM on Saturday" the date that the line printed with that Saturday before."""
    for draft in found if dated else ():
        if len(draft.days) == 1 and draft.days[0] in dated and not draft.dates and not draft.recurring:
            weekday = draft.days[0]
            draft.days, draft.dates, draft.feast = (), (dated[weekday],), f"weekday:{weekday}"


def _stretch(clause: list[Element]) -> dict[str, str]:
    """The dates by weekday of "begins on Monday, November 3rd and continues to November 5th": less than a week."""
    for first, last in itertools.pairwise([e for e in clause if e.kind in ("date", "validity")]):
        weekday = weekday_of(first.code)
        days = each_day(f"{first.dates[0][-5:]}..{last.dates[-1][-5:]}") if weekday else ()
        if last.kind == "validity" and 1 < len(days) <= len(WEEK):
            shift = WEEK.index(weekday)
            return {WEEK[(shift + at) % len(WEEK)]: day for at, day in enumerate(days)}
    return {}


def _date_by_stretch(found: list[Draft], stretch: dict[str, str]) -> None:
    """Gives "Monday, Tuesday and Wednesday" the dates of the days that the line has told from the first to the last."""
    for draft in found if stretch else ():
        if draft.days and not draft.dates and not draft.recurring and all(day in stretch for day in draft.days):
            weekday = draft.days[0]
            draft.dates = tuple(stretch[day] for day in draft.days)
            draft.days, draft.feast = (), f"weekday:{weekday}"


def _occasion(clause: list[Element]) -> tuple[str, str] | None:
    """The date, other than that of its times, which a sentence names as a feast or holy day: "Thursday, May 14, is a holy day"."""
    dates = [e for e in clause if e.kind == "date" and e.dates[0][-2:].isdigit()]
    if len(dates) != 1:
        return None
    named = any(e.code.split()[:1] and e.code.split()[0] in FEASTS for e in clause if e.kind == "date")
    holy = named or any(e.kind == "day" and e.days in (("HD",), ("HDV",)) for e in clause)
    if not holy:
        return None
    first = next((e.start for e in clause if e.kind == "time"), None)
    between = first is None or any(
        e.kind == "day" and set(e.days) <= set(WEEK) and dates[0].end <= e.start < first for e in clause
    )
    return (dates[0].dates[0], dates[0].code) if between else None


def _beside_occasion(found: list[Draft], occasion: tuple[str, str] | None) -> None:
    """Lets "Vigil Wednesday 6 pm; Thursday 7 am" be the days beside the feast that the line has told."""
    for draft in found if occasion else ():
        if draft.days and not draft.dates and not draft.recurring and len(draft.days) == 1 and draft.days[0] in WEEK:
            draft.near, draft.beside = occasion, True


def _clauses(elements: list[Element]) -> list[list[Element]]:
    """Splits at strong breaks, and sets brackets that hold a time of their own apart."""
    timed = {
        e.paren for e in elements if e.paren and (e.kind == "perpetual" or (e.kind == "time" and e.clock is not None))
    }
    outer: list[list[Element]] = [[]]
    inner: list[list[Element]] = []
    for element in elements:
        if element.paren in timed and element.kind != "open":
            if (
                not inner
                or not inner[-1]
                or inner[-1][0].paren != element.paren
                or (element.kind == "break" and element.weight > 1)
            ):
                inner.append([])
            inner[-1].append(element)
        elif element.kind == "break" and element.weight >= 2 and not element.paren:
            outer += [*inner, [element] if element.code == "but" else []]
            inner = []
        elif element.kind == "followed":
            outer += [*inner, [element]]
            inner = []
        else:
            outer[-1].append(element)
    return [clause for clause in [*outer, *inner] if clause]
