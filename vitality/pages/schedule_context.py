"""What headings and labels say about the lines below them: a stack that boxes and later labels cut back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from vitality.pages.document import Document, Line, Role, ancestors
from vitality.pages.grammar.draft import Context, weekday_of
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.statement import read_statements
from vitality.pages.grammar.vocabulary import FEASTS, WEEK, Named, fold
from vitality.pages.schedule_labels import LONGEST_LABEL, slots_of

_LONGEST_LIST: Final = 5
"""Days beyond which a sentence before its hours speaks of every day: "our daily schedule"."""
_OTHER_CHURCH: Final = re.compile(
    r"\s*(?:missions?|chapels?|stations?|outstations?|capillas?|misi[oó]n)(?: church(?:es)?)?\s*[:\u2013-]\s*\S",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\b(?:held|heard|available|offered|celebrated|takes? place|as follows|schedules?|times|hours)\b", re.IGNORECASE
)
"""Words by which a sentence tells what the hours below it are of."""
_OPEN: Final = re.compile(r"\b(?:(?:is|are|be) open|opening|office|cent(?:er|re)|closed)\b", re.IGNORECASE)
_MASSES: Final = re.compile(
    r"\b(?:daily|weekday|holy day|school|morning) mass(?:es)?\b|\bmisas? diarias?\b", re.IGNORECASE
)
_WEEKEND: Final = re.compile(
    r"(?:weekends?|weekend schedule|sundays?|when|join us|saturdays? (?:&|and) sundays?|(?:the )?lord's day|sunday schedule|fin de semana|domingos?)\s*:?",
    re.IGNORECASE,
)
_MORNING: Final = re.compile(r"\s*\d{1,2}(?::\d\d)?\s*a\.?m\b", re.IGNORECASE)
"""A line that begins with an hour of the morning is none of the vigil above it: below "Sunday" it is Sunday's."""
_POSTED: Final = re.compile(r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? 20\d\d")
"""A page's heading that is a date alone says when it was written, not when something is."""
_SECTIONS: Final = frozenset(
    {
        "section",
        "article",
        "aside",
        "nav",
        "footer",
        "header",
        "details",
        "li",
        "td",
        "th",
        "table",
        "dl",
        "ul",
        "ol",
        "tr",
    }
)


_MOST: Final = 64
_FENCES: Final = frozenset({"footer", "aside", "nav"})
"""Parts of a page that headings outside say nothing about."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A date that a sentence told for the hours below it, and the box around it."""

    dates: tuple[str, ...]
    feast: str
    box: int
    occasion: bool
    """The sentence names a feast or a holy day: the weekdays below it are those beside the date."""


@dataclass(slots=True)
class _Entry:
    """One label in force: where it stands, how deep, and which slots it fills."""

    line: Line
    depth: int
    slots: dict[str, object]
    box: int
    label: bool = True
    used: bool = False
    """Hours stand right below it, before any other label."""


class Labels:
    """The labels in force while a page is read from top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.entries: list[_Entry] = []
        self.base = Context()
        self.continued: Context | None = None
        self.continued_box = -1
        self.told: _Told | None = None
        self.rows = False
        """The line before began with its hour, as in a list of hours that each name what is then."""
        self.masses = False
        """A heading or a label of the page names Masses: a bare "Weekend" beside it means theirs."""

    def start(self, base: Context, title: list[Element]) -> None:
        """Begins a page: what its title says holds until a heading says otherwise."""
        self.base = base
        short = (each for each in self.document.lines if each.level or each.bold)
        self.masses = any(len(each.text) < LONGEST_LABEL and _MASSES.search(each.text) for each in short)
        _drafts, context = read_statements(title, base)
        if context.named and context.named.service and not context.named.weak:
            self.base = replace(base, named=context.named)

    def label(self, line: Line, elements: list[Element]) -> None:
        """Takes in a label or heading line."""
        slots = slots_of(line, elements)
        depth = line.level or (8 if line.role is Role.TERM or line.bold else 9)
        if self._same_day(slots):
            for name in ("days", "dates", "feast"):
                slots.pop(name, None)
        if len(line.text) > LONGEST_LABEL and len(slots.get("days") or ()) > _LONGEST_LIST:  # type: ignore[arg-type]  # days are a tuple
            slots = {name: value for name, value in slots.items() if name not in ("days", "dates", "feast")}
        if line.level == 1 and _POSTED.fullmatch(line.text.strip()):
            slots = {}
        if "place" in slots and (line.level == 1 or _same_name(str(slots["place"]), self.document.title.text)):
            del slots["place"]
        box = self._outer(line)
        self._leave(line.box)
        self._other_church(line, slots)
        if self.told is not None and (line.level or slots.get("days")):
            slots = _beside(self.told, slots)
            self.told = self.told if slots.get("dates") else None
        if "named" not in slots and self.masses and _WEEKEND.fullmatch(line.text.strip()):
            slots["named"] = Named("mass", weak=True)
        self._holy_days(line, depth, slots)
        self._end_siblings(line, depth, slots)
        if line.level:
            self._cut(depth, slots)
        elif slots:
            self._replace(slots, line, depth)
        elif line.text.strip().endswith(":") or line.bold or line.role is Role.TERM:
            slots = self._unknown(line)
            self._replace(slots, line, depth)
        if slots:
            self.entries.append(_Entry(line, depth, slots, box))
            del self.entries[:-_MOST]
        self.continued = None

    def _other_church(self, line: Line, slots: dict[str, object]) -> None:
        """A label such as "Mission: St. Kevin" begins the hours of another church, which are not those of the confessions above."""
        if "named" in slots or not _OTHER_CHURCH.match(line.text):
            return
        named = [entry.slots["named"] for entry in self.entries if "named" in entry.slots]
        if named and isinstance(named[-1], Named) and named[-1].service not in ("", "mass", "divine_liturgy"):
            slots["named"] = Named("")

    def _holy_days(self, line: Line, depth: int, slots: dict[str, object]) -> None:
        """The label "Holy Days" beside the label "Confession", not under it, is that of the Masses of those days."""
        if depth < 8 or "named" in slots or slots.get("days") != ("HD",):
            return
        beside = [e.slots["named"] for e in self.entries if "named" in e.slots and _style(e.line) == _style(line)]
        if beside and isinstance(beside[-1], Named) and beside[-1].service not in ("", "mass", "divine_liturgy"):
            slots["named"] = Named("mass", weak=True)

    def _end_siblings(self, line: Line, depth: int, slots: dict[str, object]) -> None:
        """A label that stands beside "Summer" or "Sunday", with hours of their own below them, is not within them."""
        if depth < 8 or not ({"named", "days", "season", "dates"} & set(slots)):
            return
        for entry in self.entries:
            if entry.used and entry.label and entry.depth == depth and _style(entry.line) == _style(line):
                over = {"season"} if entry.slots.get("dates") else {"season", "days", "dates", "feast"}
                entry.slots = {name: value for name, value in entry.slots.items() if name not in over}

    def _same_day(self, slots: dict[str, object]) -> bool:
        """Whether a label names the weekday of the date above it, and no other: "Reconciliation Monday"."""
        dated = [entry.slots for entry in self.entries if entry.slots.get("dates")]
        if not dated or slots.get("dates") or not slots.get("days"):
            return False
        return slots["days"] == (weekday_of(str(dated[-1].get("feast", ""))),)

    def _unknown(self, line: Line) -> dict[str, object]:
        """A label without known words among labels of its kind that name services names another activity."""
        siblings = [
            e
            for e in self.entries
            if e.label and e.depth >= 8 and "named" in e.slots and _style(e.line) == _style(line)
        ]
        return {"named": Named("")} if siblings else {}

    def _cut(self, depth: int, slots: dict[str, object]) -> None:
        dropped = [entry for entry in self.entries if entry.depth >= depth]
        self.entries = [entry for entry in self.entries if entry.depth < depth]
        if not slots and any(e.depth == depth and _names_service(e) for e in dropped):
            slots["named"] = Named("")

    def _replace(self, slots: dict[str, object], line: Line, depth: int) -> None:
        """Lets a label take the place of those that said the same, or of what lay below them."""
        for at, entry in enumerate(self.entries):
            if entry.depth < 8 or not (set(entry.slots) & set(slots) or entry.depth > depth):
                continue
            goes_on = (
                bool(entry.slots.get("dates")) and self.continued is None
            )  # no hours since: it says more of the day
            same = _style(entry.line) == _style(line) and not goes_on
            if set(entry.slots) <= set(slots) or same or entry.depth > depth:
                del self.entries[at:]
                return
            entry.slots = {name: value for name, value in entry.slots.items() if name not in slots}

    def _outer(self, line: Line) -> int:
        """The box a label speaks for: where it stands alone in its own, the one around that."""
        box = line.box
        if (
            line.level
            or line.role in (Role.TERM, Role.CELL)
            or self.document.boxes[box].tag
            in ("p", "div", "span", "b", "center", "header", "h1", "h2", "h3", "h4", "h5", "h6")
            or self._before_its_list(line)
        ):
            box = self.document.boxes[box].parent
        return box

    def _before_its_list(self, line: Line) -> bool:
        """An item such as "Sunday" that is closed before the list of its hours begins, as many editors write it."""
        boxes, following = self.document.boxes, line.box + 1
        return (
            boxes[line.box].tag == "li"
            and following < len(boxes)
            and boxes[following].tag in ("ul", "ol")
            and boxes[following].parent == boxes[line.box].parent
        )

    def _leave(self, box: int) -> None:
        """Drops labels of sections that the reading has left."""
        around = set(ancestors(self.document, box))
        self.entries = [entry for entry in self.entries if entry.box in around or not self._closed(entry, around)]

    def _closed(self, entry: _Entry, around: set[int]) -> bool:
        for box in ancestors(self.document, entry.box):
            if box in around:
                return False
            if self.document.boxes[box].tag in _SECTIONS:
                return True
        return False

    def plain(self, line: Line) -> None:
        """Takes in a line that says nothing of services."""
        if line.level or (
            len(line.text) < LONGEST_LABEL and (line.bold or line.text.rstrip().endswith(":") or line.role is Role.TERM)
        ):
            self.label(line, [])

    def sentence(self, line: Line, elements: list[Element]) -> None:
        """Takes in running text without a time: it may name the service for the lines of its paragraph."""
        if "suspend" in line.text.lower() and any(e.kind == "no" for e in elements):
            self.entries.append(_Entry(line, 9, {"cancelled": True}, self._outer(line), label=False))
        named = [e for e in elements if e.kind == "service" and e.named and e.named.service and not e.named.weak]
        told = len(line.text) < LONGEST_LABEL and _TOLD.search(line.text)
        if not named and told and _OPEN.search(line.text):
            self.entries.append(_Entry(line, 9, {"named": Named("")}, self._outer(line), label=False))
        self._tell(line, elements)
        if len({e.named.service for e in named if e.named}) == 1 and (told or not self.context(line).named):
            self.entries.append(_Entry(line, 9, {"named": named[0].named}, self._outer(line), label=False))

    def _tell(self, line: Line, elements: list[Element]) -> None:
        """Remembers the day that a sentence speaks of, such as "Monday, April 21, is a holiday"."""
        dates = [e for e in elements if e.kind == "date" and len(e.dates) == 1 and weekday_of(e.code)]
        if dates and not any(e.kind in ("past", "no", "time") for e in elements):
            feast = any(e.code in FEASTS or "HD" in e.days for e in elements)
            self.told = _Told(dates[-1].dates, dates[-1].code, self._outer(line), feast)

    def _continues(self, line: Line) -> bool:
        """Whether a line goes on from the one before: by a line break, as the next item, cell or row."""
        if line.continued:
            return True
        return self.continued_box == self._group(line) and (
            line.role in (Role.ITEM, Role.CELL) or self.document.boxes[line.box].tag not in ("p", "main", "body")
        )

    def context(self, line: Line, *, own_days: bool = True, other: bool = False) -> Context:
        """What holds for a line; `own_days`: it states days itself, so the heading's service holds again;
        `other`: it names something of its own that is no known service.
        """
        self._leave(line.box)
        fence = next((box for box in ancestors(self.document, line.box) if self.document.boxes[box].tag in _FENCES), 0)
        slots: dict[str, object] = {}
        for entry in self.entries:
            if not fence or fence in ancestors(self.document, entry.line.box):
                slots.update(entry.slots)
        context = replace(self.base, **slots) if slots else self.base  # type: ignore[arg-type]  # slots are its fields
        kept = self.continued
        if kept is not None and self.rows and line.text[:1].isdigit() and (other or kept.named == Named("")):
            kept = replace(kept, named=None)
        if kept is not None and self._continues(line):
            morning = kept.days == ("SA",) and context.days == ("SU",) and _MORNING.match(line.text)
            if not own_days and not morning and (kept.dates or (kept.days and not context.dates)):
                context = replace(context, days=kept.days, dates=kept.dates, feast=kept.feast)
            if (
                kept.named is not None
                and not (other and own_days)
                and (context.named is None or not context.named.service or not own_days)
            ):
                context = replace(context, named=kept.named)
            if kept.season and not context.season:
                context = replace(context, season=kept.season)
        told = self.told
        if told is not None and not own_days and not context.days and told.box in ancestors(self.document, line.box):
            context = replace(context, dates=told.dates, feast=told.feast)
        return context

    def _group(self, line: Line) -> int:
        return self.document.boxes[line.box].parent

    def follow(self, line: Line, after: Context) -> None:
        """Remembers what a line said, for a continuation line below it."""
        self.rows = line.text[:1].isdigit()
        if self.entries and self.entries[-1].label:
            self.entries[-1].used = True
        self.continued, self.continued_box = after, self._group(line)

    def evidence(self, line: Line) -> list[Line]:
        """The labels that the reading of a line may lean on, innermost last."""
        return [entry.line for entry in self.entries if entry.slots][-4:] + list(line.heads)


def _names_service(entry: _Entry) -> bool:
    named = entry.slots.get("named")
    return isinstance(named, Named) and bool(named.service)


def _same_name(place: str, title: str) -> bool:
    """Whether a heading only repeats the parish's own name from the title."""
    return fold(place) in fold(title)


def _style(line: Line) -> tuple[Role, bool, bool]:
    return line.role, line.bold, line.text.rstrip().endswith(":")


def _beside(told: _Told, slots: dict[str, object]) -> dict[str, object]:
    """A label's slots with the date of its weekday, where a feast's sentence above told the date of another: within three days."""
    days, weekday = slots.get("days"), weekday_of(told.feast)
    if not told.occasion or not isinstance(days, tuple) or len(days) != 1 or days[0] not in WEEK or weekday not in WEEK:
        return slots
    shift = (WEEK.index(days[0]) - WEEK.index(weekday) + 3) % 7 - 3
    year = "" if len(told.dates[0]) == 10 else "2023-"
    try:
        day = date.fromisoformat(year + told.dates[0]) + timedelta(days=shift)
    except ValueError:
        return slots
    return {**slots, "days": (), "dates": (day.isoformat()[len(year) :],), "feast": f"weekday:{days[0]}"}
