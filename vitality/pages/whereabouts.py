"""At which church a page says that its services are, where the statement of a time does not say it itself.

1. Tabs that are churches, each with its panel.
2. Headings that only a list of places explains: one after the other, with a Mass on the same day under several.
3. The line below a time: "Location: …", a name with its street, or a place that the page names elsewhere.

What the reader took for a place but is none is dropped first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from vitality.pages.address import looks_like_street
from vitality.pages.dom import squeeze
from vitality.pages.grammar.reduction import reduce_tokens
from vitality.pages.grammar.tokens import tokenize
from vitality.pages.links import fold
from vitality.pages.schedule import ReadLine, ScheduleReading
from vitality.pages.sections import timed_sections
from vitality.records import Service, ServiceTime

_ICONS = re.compile(r"^[^\w(]+|[\s:–—-]+$")
_ROLE_OF_PLACE = re.compile(r"^(?:main|mother|principal) (?:parish|church)\s*[:–—-]\s*(?=\w)", re.IGNORECASE)
_NO_PLACE = re.compile(
    r"\b(?:schedules?|times?|hours|regular|special|normal|ordinary|online|person|live ?stream\w*|zoom|virtual|traditional|contemporary|weekly|new"
    r"|current|updated?|welcome|join|us|info\w*|important|notice|notes?|news|upcoming|events?|statement|feast|day|week|office|history|staff|about"
    r"|contact|services|visit(?:ors?|ing|s)?|worship|arriv\w+|parking|expect|what|when|how|your?|first|faqs?|(?<!holy )family|youth|children|music|choir|ministr\w+|sacraments?|prayers?|devotions?|groups?|outstations|churches|parishes|missions|locations?"
    r"|horarios?|actividades|avisos|noticias|eventos|celebra\w+|from|with|more|please|click|our parish|obligation|activities|programs?|gatherings?|liturgy|matins|orthros|vespers|qurbana)\b"
    r"|^(?:the |this |our )?(?:parish|church|iglesia|parroquia|address)$"
)
_SEVERAL = re.compile(r"\b(church|chapel|parish|capilla|iglesia)\b.*\b\1\b")
"""Churches in one line: a menu of them."""
_LABELLED = re.compile(
    r"^(?:location|where|place|venue|held (?:at|in)|lugar|d[oó]nde|ubicaci[oó]n)\s*[:–—-]\s*(?P<place>[^,;|\d]{3,60})",
    re.IGNORECASE,
)
_TAB = re.compile(
    r"<(?:a|button|li|div|label)\b[^>]{0,300}?(?:data-(?:bs-)?(?:tab|target|toggle-target)|aria-controls|href)=[\"']#?(?P<id>[\w-]{2,60})[\"'][^>]{0,300}>(?P<text>[^<]{3,60})<",
    re.IGNORECASE,
)
_ID = re.compile(r"<(?:div|section|article|ul|table)\b[^>]{0,300}?\bid=[\"'](?P<id>[\w-]{2,80})[\"']", re.IGNORECASE)
_PANEL_ENDS = re.compile(r"<(?:/?section|footer|h1|h2)\b", re.IGNORECASE)
_MASS = (Service.MASS, Service.DIVINE_LITURGY)
_LONGEST = 60
_PANELS = 60
"""Panels of one page that are looked at: a parish has fewer churches."""

Places = dict[int, str]
"""Index of a service time in the reading, to the place where it is held."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and the times between it and the next one."""

    name: str
    times: tuple[int, ...]


def placed(reading: ScheduleReading, html: str) -> ScheduleReading:
    """The reading of a page, its times held where headings, tabs and neighbouring lines say; `html` is the page."""
    if not reading.times:
        return reading
    times = [_checked(time) for time in reading.times]
    for find in (_by_tabs(html), _by_headings(html), _by_lines):
        found = find(replace(reading, times=tuple(times)))
        times = [_at(time, found.get(index)) for index, time in enumerate(times)]
    return replace(reading, times=tuple(times))


def is_place(text: str) -> bool:
    """Whether a short text can be the name of a place: nothing in it tells a day, a service or a kind of page."""
    folded = fold(text)
    short = 0 < len(folded.split()) <= 9 and 3 < len(text) <= _LONGEST
    return short and not _NO_PLACE.search(folded) and not re.search(r"[\d!?@=]", text) and text[:1].isupper()


def _checked(time: ServiceTime) -> ServiceTime:
    if time.location is None:
        return time
    folded = fold(time.location)
    none = _NO_PLACE.search(folded) or _SEVERAL.search(folded)
    return time.model_copy(update={"location": None if none else _ROLE_OF_PLACE.sub("", time.location)})


def _at(time: ServiceTime, place: str | None) -> ServiceTime:
    return time if place is None or time.location else time.model_copy(update={"location": place})


def _by_tabs(html: str) -> Callable[[ScheduleReading], Places]:
    def find(reading: ScheduleReading) -> Places:
        panels = list(_panels(html))
        return {
            number: name
            for line in reading.lines
            for number in line.times
            for begin, end, name in panels
            if begin <= line.start < end
        }

    return find


def _panels(html: str) -> Iterator[tuple[int, int, str]]:
    """Begin, end and name of the panels of tabs that are all places; a panel ends with the next, or its section."""
    tabs = {m["id"].lower(): squeeze(m["text"]) for m in _TAB.finditer(html)}
    if not any(is_place(name) for name in tabs.values()):
        return
    found = [(m.start(), name) for m in _ID.finditer(html) if (name := _tab_of(m["id"].lower(), tabs)) is not None]
    if len({name for _, name in found}) < 2 or not all(_unknown(name) for _, name in found):
        return
    for (begin, name), following in zip(found[:_PANELS], [*(b for b, _ in found[1:]), len(html)], strict=False):
        end = _PANEL_ENDS.search(html, begin + 1)
        yield begin, min(following, end.start() if end else following), name


def _tab_of(panel: str, tabs: dict[str, str]) -> str | None:
    """The name of the tab that opens a panel: its own id, or the id with one more word as scripts build them."""
    return tabs.get(panel) or tabs.get(panel.rpartition("-")[0]) or tabs.get(panel.partition("-")[2])


def _by_headings(html: str) -> Callable[[ScheduleReading], Places]:
    def find(reading: ScheduleReading) -> Places:
        found: Places = {}
        timed = [each for each in _sections(reading.lines, html) if each.times]
        for is_candidate, run in groupby(timed, key=lambda each: _unknown(each.name)):
            group = list(run)
            if is_candidate and _only_places_explain(group, reading.times):
                found.update((number, each.name) for each in group for number in each.times)
        return found

    return find


def _sections(lines: Sequence[ReadLine], html: str) -> Iterator[_Section]:
    """The headings of the page, those without a word of schedules as well, each with its times."""
    for each, inside in timed_sections(lines, html):
        yield _Section(_ROLE_OF_PLACE.sub("", _ICONS.sub("", each.name)), inside)


def _unknown(name: str) -> bool:
    """Whether a heading is a possible place in which the grammar knows no word."""
    return is_place(name) and all(each.kind == "word" for each in reduce_tokens(tokenize(name), name))


def _only_places_explain(group: Sequence[_Section], times: Sequence[ServiceTime]) -> bool:
    """Several headings with Mass on the same day, or one of them already read as a church."""
    if len({each.name for each in group}) < 2:
        return False
    days = ({day for n in each.times if times[n].service in _MASS for day in times[n].days} for each in group)
    shared = Counter(day for each in days for day in each)
    return max(shared.values(), default=0) > 1 or any(
        times[n].location == each.name for each in group for n in each.times
    )


def _by_lines(reading: ScheduleReading) -> Places:
    known = {fold(time.location): time.location for time in reading.times if time.location}
    found: Places = {}
    for index, line in enumerate(reading.lines):
        if line.times and (place := _below(reading, index, known)) is not None:
            found.update((number, place) for number in line.times)
    return found


def _below(reading: ScheduleReading, index: int, known: dict[str, str]) -> str | None:
    """The place that the lines below a time name, before the next time or heading."""
    after = reading.lines[index + 1 : index + 4]
    for offset, line in enumerate(after[:2]):
        if line.times or line.role == "heading":
            return None
        labelled = _LABELLED.match(line.text)
        if labelled is not None:
            return squeeze(labelled["place"])
        if fold(line.text) in known:
            return known[fold(line.text)]
        street = after[offset + 1].text if offset + 1 < len(after) else ""
        if offset == 0 and is_place(line.text) and looks_like_street(street):
            return None if fold(line.text) in fold(reading.title) else squeeze(line.text)
    return None
