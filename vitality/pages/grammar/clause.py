"""Reads one clause: which service and day each of its times goes with, and what else is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vitality.pages.grammar.companions import AFTER_MASS, KEPT_UP, Companions
from vitality.pages.grammar.draft import Context, Draft, feast_of, weekday_of
from vitality.pages.grammar.elements import Element, Relative
from vitality.pages.grammar.feasts import (
    each_day,
    early_vigil,
    is_holy_day,
    kept_by_mass,
    of_holy_day,
    settle_feast,
    vigil_of_sunday,
)
from vitality.pages.grammar.naming import blend, in_context, not_after_itself, two_named
from vitality.pages.grammar.pruning import pruned
from vitality.pages.grammar.qualities import languages
from vitality.pages.grammar.settling import settle_drafts
from vitality.pages.grammar.vocabulary import BILINGUAL, Named

_USUAL: Final = frozenset({"usual", "regular", "normal"})
"""Words that tell a vigil of Sunday from that of the feast above: "the usual Vigil Mass at 5 pm"."""


class Clause(Companions):
    """One statement: its elements in segments, and what is known before it."""

    def __init__(self, elements: list[Element], context: Context, group: int) -> None:
        self.elements = pruned(_months_filled_in(elements, context.dates), context)
        self.context = context
        self.named_above = context.named is not None
        self.group = group
        self._set_apart()
        self.times = [e for e in self.elements if e.kind == "time" or e.kind == "perpetual"]
        self.segments = self._segments()
        self.dated = any(e.kind in ("date", "validity") for e in self.elements)
        self.vigils = [(e.start, e.end) for e in self._all("service") if e.named and e.named.subtype == "vigil"]

    def read(self) -> tuple[list[Draft], Context]:
        self._merge_services()
        after = self._context_after()
        self.times = [time for time in self.times if not self._beside(time)]
        self._join_ends()
        drafts = [draft for time in self.times for draft in self._drafts(time)]
        drafts += self._alongside(drafts)
        drafts += self._appointments(after)
        settle_drafts(drafts, self.context)
        return drafts, after

    def _merge_services(self) -> None:
        """Services in a row without a time between ("Stations & Benediction") share their times."""
        last: Element | None = None
        merged: list[Element] = []
        services = [e for e in self.elements if e.kind in ("service", "time")]
        for at, element in enumerate(self.elements):
            if element.kind == "service" and last is not None and element.named and last.named:
                following = next((e.kind for e in self.elements[at + 1 :] if e.kind in ("time", "service")), "")
                both = bool(element.named.service) and bool(last.named.service)
                if both and not (following == "time" and services[0].kind == "time"):
                    if element.named.service == "penance_service" and last.named.service == "confession":
                        last.named = element.named
                    elif element.named.service == last.named.service or last.named.weak:
                        last.named = blend(last.named, element.named)
                    elif last.named.service == "mass" and "ashes" in (element.named.notes or ""):
                        pass
                    elif element.named.weak or (element.named.subtype == "vigil" and last.named.service == "mass"):
                        last.named = blend(element.named, last.named)
                    elif last.named.service == "benediction" and element.named.service in KEPT_UP:
                        last.named, last.more = element.named, (*last.more, last.named)
                    else:
                        last.more += (element.named,)
                    continue
            if element.kind == "service":
                last = element
            elif element.kind == "time" or (
                element.kind == "word"
                and last is not None
                and element.code
                and element.code.lower() not in ("of", "the", "for", "holy", "with")
            ):
                last = None
            merged.append(element)
        self.elements = merged

    def _context_after(self) -> Context:
        context = self.context
        services = self._all("service")
        services = [e for e in services if not e.paren or e.paren == self.elements[0].paren] or services
        strong = [e for e in services if e.named and e.named.service and not (e.named.weak and context.named)]
        chosen = strong[-1] if strong else (services[-1] if services else None)
        if chosen is not None and chosen.named is not None:
            weak_vigil = chosen.named.subtype in ("vigil", "daily", "sunday") and chosen.named.service == "mass"
            named = replace(chosen.named, subtype=None) if weak_vigil else chosen.named
            if context.named and context.named.service == "divine_liturgy" and named.service == "mass":
                named = context.named
            context = replace(context, named=named)
        days = [e for e in self._all("day", "date") if not e.paren or not self.times]
        days = [e for e in days if e.kind == "date"] or days
        if days and (self.times or not self._all("no") or not services):
            chosen_day = days[0] if not self.times and days[0].days and len(days[-1].dates) == 0 else days[-1]
            context = replace(
                context,
                days=chosen_day.days,
                dates=chosen_day.dates,
                feast=chosen_day.code if chosen_day.dates else "",
                carried=bool(self.times),
            )
        if not self.times:
            context = self._label(context)
        else:
            seasons = [e for e in self._all("season") if not e.paren and e.start < self.times[0].start]
            if seasons:
                context = replace(context, season=seasons[0].code)
        return context

    def _label(self, context: Context) -> Context:
        places, spoken, seasons = self._all("place"), self._all("language"), self._all("season")
        if places:
            context = replace(context, place=places[-1].code)
        if spoken:
            context = replace(context, language=languages([spoken[0]]))
        if seasons:
            context = replace(context, season=seasons[0].code)
        return context

    def _drafts(self, time: Element) -> list[Draft]:
        service = self._attached(time, ("service",))
        day = self._attached(time, ("day", "date"))
        if day is not None and self._of_the_end(time, day):
            day = None
        named = service.named if service is not None else self.context.named
        if (
            service is not None
            and named is not None
            and named.weak
            and self.context.named is not None
            and named.service != "mass"
        ):
            named = self.context.named
        if named is not None and self.context.named is not None:
            named = in_context(named, self.context.named)
        draft = self._draft(time, named, day)
        if named is not None and named.service == "mass" and named.weak and feast_of(draft.feast) == "good_friday":
            draft.named = Named("devotion_other", notes="Passion of the Lord")
        if draft.named is None and (draft.days in (("HD",), ("HDV",)) or self._mass_of_feast(draft)):
            draft.named = Named("mass")
            draft.inferred.append("service")
        not_after_itself(draft)
        drafts = [draft]
        drafts += [self._copy(draft, more) for more in (service.more if service is not None else ())]
        return self._by_place(drafts) if len(self.times) == 1 else drafts

    def _mass_of_feast(self, draft: Draft) -> bool:
        """Whether bare hours stand under a feast that people keep by going to Mass: "Christmas Day: 8:00 and 10:30"."""
        return kept_by_mass(draft, self.context) and not any(
            e.kind in ("service", "no") or (e.kind == "word" and len(e.code) > 3) for e in self.elements
        )

    def _copy(self, draft: Draft, named: Named) -> Draft:
        if (
            draft.named
            and draft.clock
            and draft.named.service in ("mass", "divine_liturgy")
            and named.service in AFTER_MASS
        ):
            anchor = Relative(draft.named.service, "end", 0, draft.clock)
            return replace(draft, named=named, relative=anchor, clock=None, until=None, inferred=["start_rel"])
        return replace(draft, named=named, inferred=list(draft.inferred))

    def _draft(self, time: Element, named: Named | None, day: Element | None) -> Draft:
        context = self.context
        days = day.days if day is not None else context.days
        if not days and named is not None and named.subtype == "sunday" and not (day or context.dates):
            days = ("SU",)
        if not days and named is not None and named.days and not (day or context.dates or time.relative):
            days = named.days
        dates = day.dates if day is not None else context.dates
        if (
            day is None
            and context.carried
            and time.relative is not None
            and time.relative.clock is None
            and self._all("service")
        ):
            days, dates = (), ()
        draft = Draft(
            named,
            days,
            dates,
            self._first(time, day),
            max(time.end, day.end if day else 0),
            (time.start, time.end),
            time.clock,
            time.until,
            time.relative,
        )
        draft.feast = day.code if day is not None and day.dates else "" if day is not None else context.feast
        one = day is not None and 0 < len(day.days) < 3 and "recurring" not in day.flags
        if one and day is not None:
            occasion = self._date_of_occasion(day) if self.dated else None
            draft.near, draft.beside = occasion or context.above, occasion is not None
        draft.recurring = day is not None and "recurring" in day.flags
        draft.group = self.group
        draft.appointment = context.appointment
        if any(e.kind == "phone" and e.start < time.start for e in self.elements) and not self._all("service"):
            draft.reason = "hours beside a telephone number"
        draft.cancelled = context.cancelled or bool(self._all("no"))
        draft.perpetual = time.kind == "perpetual"
        draft.inferred = ["ocr"] if time.scanned else []
        self._modify(draft, time)
        if not draft.days and not draft.dates and draft.relative is None:
            draft.dates = each_day(self._season(time))
        vigil = bool(self.vigils) and self._called_vigil(time)
        if vigil and context.dates and any(e.code.lower() in _USUAL for e in self._all("word")):
            draft.reason = "the usual vigil, which is told elsewhere"
        if vigil and early_vigil(draft):
            draft.named = Named("liturgy_of_hours")
        if vigil and vigil_of_sunday(draft):
            draft.days = ("SA",)
            draft.inferred.append("days")
        said = self._holy_day_said(time) if self.dated else None
        if said is not None:
            of_holy_day(draft, said, vigil=vigil)
        settle_feast(draft, context, own_date=day is not None)
        return draft

    def _date_of_occasion(self, day: Element) -> tuple[str, str] | None:
        """The date before a colon, beside whose weekdays those behind it are: "Sunday, November 1: Saturday 4 pm, Sunday 8 am"."""
        before = [e for e in self.elements if e.start < day.start]
        dates = [e for e in before if e.kind == "date" and len(e.dates) == 1 and e.dates[0][-2:].isdigit()]
        weekend = next((e for e in before if e.kind == "validity" and "weekend" in e.flags), None)
        if weekend is not None and not dates:
            return weekend.dates[0], weekend.code
        behind = [e for e in before if dates and e.start >= dates[-1].end]
        told = any((e.code == ":" and weekday_of(dates[-1].code)) or {"HD", "HDV"} & set(e.days) for e in behind)
        timed = (
            any(e.kind == "time" and e.start < day.start and e.end < dates[-1].start for e in before) if dates else True
        )
        return (dates[-1].dates[0], dates[-1].code) if told and not timed else None

    def _holy_day_said(self, time: Element) -> Element | None:
        """The printed date of a named holy day before a time of the same statement."""
        dates = [e for e in self.elements if e.kind == "date" and e.start < time.start]
        one = len(dates) == 1 and len(dates[0].dates) == 1 and is_holy_day(dates[0])
        return dates[0] if one else None

    def _called_vigil(self, time: Element) -> bool:
        """Whether "Vigil" stands right beside a time, or beside the one that "and" joins it to."""
        marks = [e for e in self.elements if e.kind in ("time", "break")]
        for start, end in self.vigils:
            low, high = (end, time.start) if end <= time.start else (time.end, start)
            if not any(low <= e.start < high for e in marks):
                return True
        earlier = [t for t in self.times if t.start < time.start]
        return bool(earlier) and self._paired(earlier[-1], time) and self._called_vigil(earlier[-1])

    def _first(self, time: Element, day: Element | None) -> int:
        return min(time.start, day.start) if day is not None else time.start

    def _modify(self, draft: Draft, time: Element) -> None:
        context = self.context
        spoken = self._language(time) or (draft.named.language if draft.named else ()) or context.language
        draft.language = two_named(draft, spoken) if BILINGUAL in spoken else spoken
        place = self._following(time, "place")
        draft.place = place.code if place else context.place
        draft.season = self._season(time) or context.season
        draft.vigil = bool(draft.named and draft.named.subtype == "vigil") or any(
            "vigil" in e.code.lower() for e in self._all("word")
        )
        halves = self._all("half")
        draft.half = halves[0].half if halves else context.half
        self._nth(draft, time)
        excluded = [
            day
            for e in self._all("excluded")
            if self._excepts(e, time)
            for day in (*e.days, *e.dates, *((e.code,) if e.code and ":" not in e.code else ()))
        ]
        draft.except_ = tuple(dict.fromkeys(excluded))
        draft.days = tuple(day for day in draft.days if day not in excluded) or draft.days
        if self._all("other") and context.days and context.days[0][:1].isdigit():
            draft.except_ += context.days
        if any(not self._explained(time, e) for e in self._all("past")):
            draft.reason = "speaks of the past"

    def _explained(self, time: Element, mark: Element) -> bool:
        """Whether a colon parts a time from words of the past that only explain: "6 PM: Vespers was the prayer of ..."."""
        return any(e.code == ":" and time.end <= e.start < mark.start for e in self.elements)

    def _excepts(self, mark: Element, time: Element) -> bool:
        """Whether an exception is one of this time: one in a bracket amid a list is of the time before it alone."""
        amid = mark.paren and mark.paren != time.paren and any(t.start > mark.start for t in self.times)
        before = [t for t in self.times if t.start < mark.start]
        return not amid or not before or before[-1] is time

    def _by_place(self, drafts: list[Draft]) -> list[Draft]:
        """One time at several churches, each with its weeks or months: a draft for each."""
        places = self._all("place")
        quals = self._all("nth", "season")
        if len(places) < 2 or len(quals) != len(places):
            return drafts
        found = []
        for place, qual in zip(places, quals, strict=True):
            for draft in drafts:
                days = tuple(n + d for n in qual.days for d in draft.days) if qual.kind == "nth" else draft.days
                found.append(
                    replace(
                        draft,
                        place=place.code,
                        days=days,
                        season=qual.code or draft.season,
                        inferred=list(draft.inferred),
                    )
                )
        return found

    def _appointments(self, context: Context) -> list[Draft]:
        marks = self._all("appointment")
        named = context.named if context.named and context.named.service else self.context.named
        if not marks or named is None or named.service != "confession" or self._all("no"):
            return []
        mark = marks[0]
        draft = Draft(named, (), (), mark.start, mark.end, (mark.start, mark.end), appointment=True)
        draft.place = None
        return [draft]


def _months_filled_in(elements: list[Element], known: tuple[str, ...]) -> list[Element]:
    """Gives the month named before to days that are told by number alone; without one they are weekdays."""
    filled = []
    for element in elements:
        mark = _in_month(element, known) if element.kind == "date" and element.dates[0].startswith("-") else element
        if mark.kind == "date":
            known = mark.dates
        filled.append(mark)
    return filled


def _in_month(element: Element, known: tuple[str, ...]) -> Element:
    month = known[-1][:-3] if known and known[-1][-2:].isdigit() else ""
    if month:
        return replace(element, dates=tuple(month + day for day in element.dates))
    return replace(element, kind="day", dates=(), days=(weekday_of(element.code),), code="")
