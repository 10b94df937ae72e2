"""Reads service times from one page: `read_schedule(page)` is pure and never raises on odd markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from vitality.pages.blocks import read_blocks
from vitality.pages.church_leads import lead_church, several_churches
from vitality.pages.document import Document, Line, Role
from vitality.pages.dom import squeeze
from vitality.pages.grammar.draft import Context, Draft
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.reduction import elements_of
from vitality.pages.grammar.statement import read_statements
from vitality.pages.grammar.vocabulary import WEEK, Named
from vitality.pages.schedule_anchors import with_anchor_hours
from vitality.pages.schedule_context import Labels
from vitality.pages.schedule_data import not_repeated, times_in_data
from vitality.pages.schedule_items import item_of, with_year
from vitality.pages.schedule_labels import is_label
from vitality.pages.schedule_lines import may_matter, may_tell, may_time
from vitality.pages.schedule_pairs import pair_up
from vitality.pages.source_map import Text
from vitality.pages.table_heads import under_head
from vitality.pages.tables import arrange
from vitality.records import Page, ServiceTime

EXTRACTOR = "schedule/1"

_DEDICATED: Final = re.compile(
    r"mass|misa|confes|reconcil|ador|schedul|horario|liturg|worship|services|times", re.IGNORECASE
)
_TRANSIENT: Final = re.compile(
    r"this week|bulletin|news|christmas|holy week|easter|lent\b|advent|announce|event|calendar|boletin|noticias|navidad|semana santa|blog|archive",
    re.IGNORECASE,
)
# Each begins with one literal digit that looks back for itself, so that a page is searched ten times as fast.
_UNNAMED: Final = re.compile(
    r"\s*(?:weekends?|weekdays?|holy days?|fin(?:es)? de semana|entre semana)\s*[:\u2013-]", re.IGNORECASE
)
_DAY_OF_MONTH: Final = re.compile(r"\d(?:st|nd|rd|th) (?:day )?of (?:each|every) month", re.IGNORECASE)
"""A day that no weekday of a label above says anything about."""
_CONFESSES: Final = re.compile(r"\b(?:confessions?|reconciliation|penance|confesi[oó]n|confesiones)\b", re.IGNORECASE)
_CLOCK_24: Final = re.compile(r"1(?<!\w1)[3-9][:.h][0-5]\d\b"), re.compile(r"2(?<!\w2)[0-3][:.h][0-5]\d\b")
_HALVES: Final = re.compile(r"\d\s?[ap]\.?\s?m\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A line with times that gave no service time, and why; offsets count characters of `page.text`."""

    text: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line of the page as the reader saw it: where it stands, what it is, and which times came from it."""

    text: str
    start: int
    end: int
    role: str
    """heading, term, item, cell or text."""
    times: tuple[int, ...] = ()
    """Indexes into `ScheduleReading.times`."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleReading:
    """What one page says about services, with what the merging of a site needs to weigh it."""

    times: tuple[ServiceTime, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    title: str = ""
    heading: str = ""
    dedicated: bool = False
    """Title, first heading or address say that the page is about service times."""
    transient: bool = False
    """The page is about one week, a holiday, or news; it must not overwrite the standing schedule."""
    page_date: date | None = None
    year: int | None = None
    """The year the page speaks of, where it says so."""


def read_schedule(page: Page) -> ScheduleReading:
    """The service times of one page with their evidence, and what was passed over."""
    return _Reader(page, read_blocks(page.text)).read()


class _Reader:
    """One pass over the lines of a page with the labels that hold so far."""

    def __init__(self, page: Page, document: Document) -> None:
        self.page, self.document = page, document
        self.labels = Labels(document)
        self.times: list[ServiceTime] = []
        self.passed: list[PassedOver] = []
        self.lines: list[ReadLine] = []
        self.year = _year_of_page(document)
        self.years: list[tuple[int, int]] = []
        self.announced: tuple[int, ...] = ()
        self.confesses: bool | None = None
        self.several = False

    def read(self) -> ScheduleReading:
        lines = pair_up(self.document, arrange(self.document))
        whole = self.page.text
        base = Context(clock24=any(each.search(whole) for each in _CLOCK_24) and not _HALVES.search(whole))
        self.labels.start(base, self._title())
        self.several = several_churches(lines)
        for line in lines:
            self._line(line)
        self.times = with_anchor_hours(self.times)
        self.times += not_repeated(times_in_data(self.page, self.document.data, EXTRACTOR), self.times)
        title, heading = squeeze(self.document.title.text), _first_heading(lines)
        about = f"{title} {heading} {self.page.url.rsplit('/', 1)[-1]}"
        return ScheduleReading(
            times=tuple(self.times),
            passed_over=tuple(self.passed),
            lines=tuple(self.lines),
            title=title,
            heading=heading,
            dedicated=bool(_DEDICATED.search(about)),
            transient=bool(_TRANSIENT.search(f"{heading} {self.page.url.rsplit('/', 1)[-1]}")),
            page_date=_date_of(self.document),
            year=_year_of(self.document),
        )

    def _title(self) -> list[Element]:
        title = self.document.title.text
        return elements_of(title) if may_tell(title) else []

    def _year(self) -> int | None:
        """The year of the nearest heading above that names one, else that of the page."""
        return self.years[-1][1] if self.years else self.year

    def _under(self, line: Line) -> None:
        """Keeps the years of the headings that hold: "Holy Week 2024" says nothing about "This Week" after it."""
        if line.level:
            self.years = [each for each in self.years if each[0] < line.level]
            self.years += [(line.level, int(found[0])) for found in (_YEAR.search(line.text),) if found]

    def _line(self, line: Line) -> None:
        self._under(line)
        if not may_matter(line.text):
            self.labels.plain(line)
            return
        elements = elements_of(line.text)
        if self._date_list(elements):
            return
        kinds = {e.kind for e in elements}
        if line.role is Role.HEADING and "time" in kinds:
            self.labels.label(line, [e for e in elements if e.kind in ("service", "day", "language", "word")])
        if is_label(line, elements):
            self.labels.label(line, elements)
            self._note(line, (), "label")
            return
        if not may_time(line.text):
            self.labels.sentence(line, elements)
            return
        context = self._context(line, elements)
        if kinds.isdisjoint(("time", "perpetual")):
            self.labels.sentence(line, elements)
        drafts, after = read_statements(elements, context)
        self.labels.follow(line, after)
        self._emit(line, drafts)

    def _date_list(self, elements: list[Element]) -> bool:
        """Gives "Fridays at 6:30pm:" the dates of the line below it."""
        told, self.announced = self.announced, ()
        if not told:
            return False
        dates = [e for e in elements if e.kind == "date"]
        if len(dates) != 1 or any(e.kind in ("time", "service", "day") for e in elements):
            return False
        days = tuple(with_year(day, "", self._year()) for day in dates[0].dates)
        for number in told:
            self.times[number] = self.times[number].model_copy(update={"days": (), "dates": days, "kind": "dated"})
        return True

    def _context(self, line: Line, elements: list[Element]) -> Context:
        told = any(e.relative is not None and e.relative.clock is None for e in elements)
        own_days = any(e.kind in ("day", "date") or (told and e.kind == "service") for e in elements)
        end = next((at for at, e in enumerate(elements) if e.kind == "break" and e.weight > 2), len(elements))
        named = any(e.kind == "service" for e in elements[:end])
        other = not named and any(e.kind == "word" and e.code[:1].isupper() and len(e.code) > 3 for e in elements)
        context = self.labels.context(line, own_days=own_days, other=other)
        if context.named is None and not named and _UNNAMED.match(line.text) and not any(e.until for e in elements):
            context = replace(context, named=Named("mass", weak=True)) if self._confesses() else context
        context = self._at_church(line, context)
        if _DAY_OF_MONTH.search(line.text):
            context = replace(context, days=(), dates=(), feast="")
        for head in line.heads:
            context = under_head(head.text, context, own_days)
        return context

    def _at_church(self, line: Line, context: Context) -> Context:
        """Of a line that begins with a church, among lines of other churches: there, and its bare weekend is of Masses."""
        church = lead_church(line.text) if self.several else None
        if church is None:
            return context
        bare = context.named is None and self._confesses()
        return replace(context, place=church, named=Named("mass", weak=True) if bare else context.named)

    def _confesses(self) -> bool:
        """Whether the page tells of confessions, so that its bare weekends and weekdays are those of Masses."""
        if self.confesses is None:  # once: a long page may have many such lines
            self.confesses = bool(_CONFESSES.search(self.page.text))
        return self.confesses

    def _emit(self, line: Line, drafts: list[Draft]) -> None:
        numbers, reasons = [], []
        for draft in drafts:
            self._days_of_anchor(draft)
            item = item_of(draft, line, self.page, self._year(), self.labels.evidence(line), EXTRACTOR)
            if isinstance(item, str):
                reasons.append(item)
            else:
                numbers.append(len(self.times))
                self.times.append(item)
        if reasons:
            start, end = _range(line.words)
            self.passed.append(
                PassedOver(text=squeeze(line.text), start=start, end=end, reason="; ".join(dict.fromkeys(reasons)))
            )
        if line.text.rstrip().endswith(":"):
            self.announced = tuple(numbers)
        self._note(line, tuple(numbers), "; ".join(dict.fromkeys(reasons)))

    def _days_of_anchor(self, draft: Draft) -> None:
        """Such as "Before every Mass" without a day means the days of the Masses that the page has named so far."""
        if draft.relative is None:
            return
        services = {item.service.value for item in self.times if item.kind == "regular"}
        if draft.relative.anchor == "mass" and "divine_liturgy" in services and "mass" not in services:
            draft.relative = replace(draft.relative, anchor="divine_liturgy")
        if draft.days or draft.dates or draft.relative.clock is not None:
            return
        named = {
            day
            for item in self.times
            if item.service == draft.relative.anchor and item.kind == "regular"
            for day in item.days
        }
        draft.days = tuple(
            sorted(named, key=lambda day: (day[-2:] not in WEEK, WEEK.index(day[-2:]) if day[-2:] in WEEK else 0, day))
        )
        draft.inferred.append("days")

    def _note(self, line: Line, numbers: tuple[int, ...], why: str) -> None:
        start, end = _range(line.words)
        self.lines.append(
            ReadLine(text=squeeze(line.text), start=start, end=end, role=line.role.value, times=numbers, why=why)
        )


def _range(words: Text) -> tuple[int, int]:
    return words.source_start(0), words.source_end(len(words.text))


def _first_heading(lines: list[Line]) -> str:
    return next((squeeze(line.text) for line in lines if line.role is Role.HEADING), "")


_YEAR: Final = re.compile(r"\b20[0-4]\d\b")


def _year_of(document: Document) -> int | None:
    headings = " ".join(line.text for line in document.lines if line.role is Role.HEADING)
    match = _YEAR.search(document.title.text) or _YEAR.search(headings)
    if match:
        return int(match[0])
    stated = _date_of(document)
    return stated.year if stated else None


def _year_of_page(document: Document) -> int | None:
    """The year that holds for a whole page: of its title or first great heading, else of its last change."""
    great = next((line.text for line in document.lines if line.role is Role.HEADING and line.level == 1), "")
    match = _YEAR.search(document.title.text) or _YEAR.search(great)
    stated = _date_of(document)
    return int(match[0]) if match else stated.year if stated else None


def _date_of(document: Document) -> date | None:
    for name in (
        "article:modified_time",
        "article:published_time",
        "date",
        "datemodified",
        "datepublished",
        "og:updated_time",
        "last-modified",
    ):
        match = re.match(r"(20\d\d)-(\d\d)-(\d\d)", document.meta.get(name, ""))
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None
