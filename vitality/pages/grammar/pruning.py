"""Takes out of a clause what must not count: exceptions, denials in brackets, sets and feasts said more exactly."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

from vitality.pages.grammar.draft import Context, feast_of
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.feasts import day_before
from vitality.pages.grammar.vocabulary import FEASTS

_ENDINGS: Final = frozenset({"reposed", "reposition", "repose"})
"""Words behind which a clause tells when adoration ends."""
_NOW: Final = frozenset({"now", "move", "moves", "shift", "shifts", "change", "changes"})
_PRINTED: Final = "printed"
"""Flag of a date that is printed beside its feast."""
_MUSIC: Final = frozenset({"choir", "coro"})
_ZONES: Final = frozenset(["ET", "CT", "MT", "PT", "EST", "CST", "MST", "PST", "EDT", "CDT", "MDT", "PDT"])
_MOVING: Final = frozenset(
    [
        "change",
        "changes",
        "changed",
        "changing",
        "move",
        "moves",
        "moved",
        "moving",
        "shift",
        "shifts",
        "shifting",
        "return",
    ]
)
"""Words after which "the 9:30 Mass to 10:30" names an old hour and a new one."""

_SUBJECTS: Final = frozenset({"day", "date", "time", "theday", "theeve", "except", "no"})
"""Kinds of elements that the rules of pruning are about; a clause without any is not looked at by them."""


def pruned(elements: list[Element], context: Context) -> list[Element]:
    """The elements of a clause that count."""
    ending = next((at for at, e in enumerate(elements) if e.code.lower() in _ENDINGS), len(elements))
    elements = [e for e in elements[:ending] if not (e.paren and e.paren != elements[0].paren and _is_decoy(e))]
    elements = [e for at, e in enumerate(elements) if not (_is_decoy(e) and _brings(elements, at))]
    if _SUBJECTS.isdisjoint([e.kind for e in elements]):
        return elements
    elements = _without_former(elements)
    said = _explicit(_without_denials(_moved(_one_zone(_no_holy_day(_aside(_whose_vigil(_exclude(elements))))))))
    counted = _specific(_without_adjective(_no_other_service(said)), context)
    return [e for e in counted if not _said_above(e, context)]


def _said_above(element: Element, context: Context) -> bool:
    """Whether a feast only repeats the date above it: "Christmas Vigil Mass 4 pm" under "December 24"."""
    if element.kind != "date" or element.code not in FEASTS or not context.dates or _PRINTED in element.flags:
        return False
    if element.dates[0] not in (element.code, FEASTS[element.code][1]):
        return False
    fixed, above = FEASTS[element.code][1], context.dates[0][-5:]
    if feast_of(context.feast) == element.code or not fixed or context.feast == element.code:
        return feast_of(context.feast) == element.code
    return above == fixed or (above == day_before(fixed) and not element.flags and not context.carried)


def _whose_vigil(elements: list[Element]) -> list[Element]:
    """Leaves out the Sunday of "Saturday 5:30 pm (Sunday Vigil)"."""
    vigils = {e.paren for e in elements if e.paren and e.named is not None and e.named.subtype == "vigil"}
    outer = any(e.kind == "day" and e.days == ("SA",) and e.paren not in vigils for e in elements)
    if not vigils or not outer:
        return elements
    return [e for e in elements if not (e.kind == "day" and e.paren in vigils and e.days == ("SU",))]


def _aside(elements: list[Element]) -> list[Element]:
    """Leaves out days in a bracket without a time that only add to the days or date outside: "Monday-Friday (Wednesday in Church)"."""
    inner = {e.paren for e in elements if e.paren and e.kind == "day"}
    if not inner:
        return elements
    inner -= {e.paren for e in elements if e.kind in ("time", "except", "no", "nth", "only", "service")}
    outer = [e for e in elements if e.kind in ("day", "date") and not e.paren]

    def adds(element: Element) -> bool:
        if element.kind != "day" or element.paren not in inner:
            return False
        before = [e for e in outer if e.start < element.start]
        wider = any(set(element.days) < set(e.days) and not _is_set(e) for e in before)
        return wider or (element.days == ("HD",) and any(e.kind == "date" for e in before))

    told = [e.days for e in elements if e.kind == "day" and e.paren in inner]
    sets = [e for e in outer if e.kind == "day" and _is_set(e) and any(set(days) < set(e.days) for days in told)]
    return [e for e in elements if not adds(e) and e not in sets]


def _one_zone(elements: list[Element]) -> list[Element]:
    """Leaves out the second hour of "9:00 am CT / 10:00 am ET", which is the same in another zone."""
    zones = [
        at
        for at in range(1, len(elements))
        if elements[at - 1].kind == "time"
        and elements[at].kind in ("word", "break")
        and elements[at].code.upper() in _ZONES
    ]
    if len(zones) != 2 or elements[zones[0]].code == elements[zones[1]].code:
        return elements
    if any(e.kind not in ("break", "word") for e in elements[zones[0] : zones[1] - 1]):
        return elements
    return elements[: zones[1] - 1] + elements[zones[1] :]


def _no_holy_day(elements: list[Element]) -> list[Element]:
    """Leaves out the holy day of "Ash Wednesday is not a holy day of obligation"."""
    if not any(e.kind == "no" for e in elements):
        return elements
    kept = []
    for at, element in enumerate(elements):
        before = [e.kind for e in elements[max(0, at - 3) : at]]
        denied = "no" in before and set(before[before.index("no") + 1 :]) <= {"word"}
        if not (element.kind == "day" and element.days == ("HD",) and denied):
            kept.append(element)
    return kept


def _moved(elements: list[Element]) -> list[Element]:
    """Leaves out the old hour of "we change our Sunday 9:30 Mass to 10:30"."""
    for at, element in enumerate(elements):
        if element.kind == "time" and _now_at_another(elements, at):
            return elements[:at] + elements[at + 1 :]
        if element.kind != "word" or element.code.lower() not in _MOVING:
            continue
        times = [n for n in range(at + 1, len(elements)) if elements[n].kind == "time"][:2]
        if len(times) < 2:
            continue
        between = elements[times[0] + 1 : times[1]]
        if any(e.kind == "service" for e in between) and all(e.kind in ("service", "word") for e in between):
            return elements[: times[0]] + elements[times[0] + 1 :]
    return elements


def _without_former(elements: list[Element]) -> list[Element]:
    """Leaves out the hour behind "instead of": "at 9 am instead of the 7:30 am Mass"."""
    mark = next((at for at, e in enumerate(elements) if e.kind == "replaced" and e.code == "former"), -1)
    if mark < 0 or not (elements[0].paren or any(e.kind == "time" for e in elements[:mark])):
        return elements
    times = [at for at in range(mark + 1, len(elements)) if elements[at].kind == "time"]
    parted = any(e.kind == "break" for e in elements[mark : times[0]]) if times else True
    return elements if parted else elements[: times[0]] + elements[times[0] + 1 :]


def _now_at_another(elements: list[Element], at: int) -> bool:
    """Whether an hour is the old one of "the 9:45 Mass will now start at 9:15"."""
    following = next((n for n in range(at + 1, len(elements)) if elements[n].kind == "time"), 0)
    between = elements[at + 1 : following] if following else []
    moved = any(e.kind == "word" and e.code.lower() in _NOW for e in between)
    return (
        moved
        and any(e.kind == "service" for e in between)
        and all(e.kind in ("service", "word", "day") for e in between)
    )


def _without_denials(elements: list[Element]) -> list[Element]:
    """Leaves out brackets without a time that deny something: "(no longer Monday)"."""
    if any(e.kind == "no" and not e.paren for e in elements):
        return elements
    denied = {e.paren for e in elements if e.kind == "no" and e.paren}
    inside = denied - ({e.paren for e in elements if e.kind == "time"} if denied else set())
    return [e for e in elements if e.paren not in inside or not e.paren]


def _explicit(elements: list[Element]) -> list[Element]:
    """Leaves out a feast beside its printed date."""
    marks = [e for e in elements if e.kind in ("date", "time")]
    dropped = set()
    for at, mark in enumerate(marks):
        if mark.kind == "date" and mark.code in FEASTS:
            beside = marks[max(0, at - 1) : at] + marks[at + 1 : at + 2]
            if sum(m.kind == "time" for m in marks) == 1:
                beside = marks
            for other in beside:
                if other.kind == "date" and other.code not in FEASTS:
                    dropped.add(id(mark))
                    other.paren = mark.paren
                    other.flags += (_PRINTED,)
                    other.code = f"{mark.code} {other.code}".strip()
    return [e for e in elements if id(e) not in dropped]


def _specific(elements: list[Element], context: Context) -> list[Element]:
    """Leaves out "weekday" and "weekend" beside named days; "on the day" is the holy day that the context speaks of."""
    holy = bool({"HD", "HDV"} & {*context.days, *(day for e in elements for day in e.days)})
    for element, after in itertools.pairwise(elements):
        if holy and element.code.lower() == "eve" and after.kind == "time":
            element.kind, element.code = "theeve", ""
    for element in elements:
        if element.kind in ("theday", "theeve") and holy:
            element.kind, element.days = "day", ("HD",) if element.kind == "theday" else ("HDV",)
    named = [e for e in elements if e.kind == "day" and e.code in ("", "set") and not e.paren]
    last_time = max((e.start for e in elements if e.kind == "time"), default=-1)
    if (
        len(named) > 1
        and _is_set(named[0])
        and not _is_set(named[-1])
        and last_time < named[-1].start
        and _inside(named)
    ):
        return [e for e in elements if e.kind != "day" or not _is_set(e)]
    if len(named) == 2 and last_time < named[1].start and _weeks_of(named[0], named[1]):
        return [e for e in elements if e is not named[0]]
    return elements


def _weeks_of(day: Element, weeks: Element) -> bool:
    """Whether later days are weeks of the day before: "Sunday Mass at 1 pm on the 2nd and 4th Sundays"."""
    return len(day.days) == 1 and all(len(each) > 2 and each[-2:] == day.days[0] for each in weeks.days)


def _without_adjective(elements: list[Element]) -> list[Element]:
    """Leaves out the day of "Sunday Masses: 5 pm Saturday, Sunday 8 am": it only says what kind of Masses they are."""
    kinds = [e.kind for e in elements]
    if kinds[:2] != ["day", "service"] or elements[0].days != ("SU",) or "time" not in kinds:
        return elements
    at = kinds.index("time")
    behind = next((e for e in elements[at + 1 :] if e.kind != "word" or e.code), None)
    told = any(e.kind == "word" and e.code == ":" for e in elements[1:at])
    return elements[1:] if told and behind is not None and behind.kind == "day" else elements


def _inside(named: list[Element]) -> bool:
    """Whether all days that are named beside a set belong to it."""
    return {day[-2:] for element in named[1:] for day in element.days} <= set(named[0].days)


def _is_set(element: Element) -> bool:
    return element.code == "set"


def _no_other_service(elements: list[Element]) -> list[Element]:
    """Leaves out "no Mass" where another service is said to take its place at the time."""
    kinds = [e.kind for e in elements]
    services = [at for at, kind in enumerate(kinds) if kind == "service"]
    for at in range(1, len(elements) - 1):
        if kinds[at] == "no" and kinds[at + 1] == "service" and services and services[0] < at:
            return elements[:at] + elements[at + 2 :]
    return elements


def _exclude(elements: list[Element]) -> list[Element]:
    """Marks what follows "except" as excluded, up to the next time or break."""
    excluding = False
    found: list[Element] = []
    other = _other_hour(elements)
    for at, element in enumerate(elements):
        if element.kind == "except" and other:
            found.append(replace(element, kind="word"))
            continue
        if element.kind == "except" and _closes(elements, at):
            _exclude_back(found)
        elif element.kind == "except":
            excluding = True
        elif excluding and element.code.lower() in ("when", "cuando"):
            excluding = False
            found += [
                replace(e, kind="date" if e.dates else "day")
                for e in found[-3:]
                if e.kind == "excluded" and (e.days or e.dates)
            ]
        elif (excluding and element.kind == "close") or (element.kind == "break" and element.weight > 1):
            excluding = False
        if element.kind == "time" and found and found[-1].kind == "break":
            excluding = False
        found.append(_excluded(element) if excluding else element)
    return found


def _other_hour(elements: list[Element]) -> bool:
    """Whether a bracket gives the excepted day its own hour: "(except Wednesday: 5:35 PM)"."""
    if not elements[0].paren:
        return False
    kinds = [e.kind for e in elements if e.kind not in ("open", "close", "word") or e.code == ":"]
    return kinds in (["except", "day", "word", "time"], ["except", "day", "time"])


def _closes(elements: list[Element], at: int) -> bool:
    """Whether "excepted" stands behind what it excepts: "(holidays excepted)", "July excepted, from 8:30"."""
    following = elements[at + 1] if at + 1 < len(elements) else None
    ends = following is None or following.kind in ("close", "break")
    return ends and at > 0 and elements[at - 1].kind in ("day", "date", "season")


def _exclude_back(found: list[Element]) -> None:
    for at in range(len(found) - 1, -1, -1):
        if found[at].kind in ("open", "time") or (found[at].kind == "break" and at < len(found) - 1):
            return
        found[at] = _excluded(found[at])


def _brings(elements: list[Element], at: int) -> bool:
    """Whether what is no service only comes with one: the choir of "10:00 with Children's Choir, 12:00"."""
    words = [e.code.lower() for e in elements[max(0, at - 3) : at]]
    kinds = [e.kind for e in elements[max(0, at - 3) : at]]
    for word, kind in zip(reversed(words), reversed(kinds), strict=True):
        if kind == "time" and elements[at].code in _MUSIC:
            return True
        if kind != "word":
            return False
        if word in ("with", "con"):
            return any(e.kind == "time" for e in elements[:at])
    return False


def _is_decoy(element: Element) -> bool:
    return element.kind == "service" and element.named is not None and not element.named.service


def _excluded(element: Element) -> Element:
    if element.kind in ("day", "date", "season"):
        return replace(element, kind="excluded")
    return replace(element, kind="word") if element.kind == "time" else element
