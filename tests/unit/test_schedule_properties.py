"""Schedules printed in many styles are read back exactly; junk never breaks the reader; quotes are literal."""

from __future__ import annotations

import string
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.schedule_printer import (
    CHURCHES,
    CLOCKS,
    DAY_STYLES,
    JOINTS,
    LAYOUTS,
    SERVICES,
    WEEK,
    Hour,
    Layout,
    Schedule,
    Table,
    Wording,
    as_json_ld,
    by_church,
    by_church_headings,
    by_season,
)
from vitality.pages.grammar.vocabulary import MEANINGS
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.records import ContentHash, Page

Atom = tuple[str | None, ...]
"""Service, day, start and end of one time, and what else a test asks for."""

starts = st.lists(st.integers(5 * 12, 22 * 12).map(lambda five: five * 5), min_size=1, max_size=3, unique=True)
days = st.sampled_from([*WEEK, "1SU", "1FR", "2SA", "3WE", "-1TH"])


def page_of(text: str) -> Page:
    return Page(url="https://parish.example.org/mass-times", text=text, content_hash=ContentHash("sha256:" + "0" * 64))


@st.composite
def wordings(draw: st.DrawFn) -> Wording:
    """Every way of telling days and hours that the printer knows."""
    return Wording(
        language=draw(st.sampled_from(["en", "es"])),
        style=draw(st.sampled_from(DAY_STYLES)),
        ranges=draw(st.booleans()),
        clock=draw(st.sampled_from(CLOCKS)),
        noon=draw(st.booleans()),
        joint=draw(st.sampled_from(JOINTS)),
        hours_first=draw(st.booleans()),
    )


def ended(times: tuple[int, ...]) -> tuple[Hour, ...]:
    """The hours with an end for each where there is room before the next."""
    ends = (*times[1:], 23 * 60)
    return tuple((start, min(end - 5, start + 60)) if end - start > 10 else start for start, end in zip(times, ends, strict=True))  # fmt: skip


def customary(service: str, day: str, times: tuple[int, ...]) -> tuple[int, ...]:
    """Hours that custom tells without a half of the day: confessions, adoration and vigils after noon, others before."""
    late = service in ("confession", "adoration") or (service == "mass" and day.endswith("SA"))
    low, width = (15 * 60, 14) if late else (8 * 60, 14)
    return tuple(sorted({low + each // 5 % width * 15 for each in times[:2]}))


@st.composite
def tables(draw: st.DrawFn, service: str, clock: str) -> Table:
    """Days to hours; few different lists of hours, so that runs of days have the same."""
    pool = [tuple(sorted(draw(starts))) for _ in range(2)]
    chosen = draw(st.lists(days, min_size=1, max_size=6, unique=True))
    with_ends = service in ("confession", "adoration") and clock != "none" and draw(st.booleans())
    table: Table = {}
    for day in sorted(chosen, key=lambda code: (len(code), WEEK.index(code[-2:]))):
        times = draw(st.sampled_from(pool))
        times = customary(service, day, times) if clock == "none" else times
        table[day] = ended(times) if with_ends else times
    return table


@st.composite
def schedules(draw: st.DrawFn, clock: str) -> Schedule:
    """One to three services with their tables."""
    services = draw(st.lists(st.sampled_from(sorted(SERVICES)), min_size=1, max_size=3, unique=True))
    return {service: draw(tables(service, clock)) for service in services}


def read(body: str) -> ScheduleReading:
    return read_schedule(page_of(f"<html><body><h1>Parish</h1>{body}</body></html>"))


def wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def atoms(reading: ScheduleReading, *more: str) -> set[Atom]:
    return {
        (time.service.value, day, time.start, time.end, *(getattr(time, name) for name in more))
        for time in reading.times
        for day in time.days
    }


def expected(schedule: Schedule, *more: str) -> set[Atom]:
    return {
        (service, day, wall(each), None, *more)
        if isinstance(each, int)
        else (service, day, wall(each[0]), wall(each[1]), *more)
        for service, table in schedule.items()
        for day, hours in table.items()
        for each in hours
    }


@settings(max_examples=250, deadline=None)
@given(st.data(), wordings(), st.sampled_from(LAYOUTS))
def test_a_printed_schedule_is_read_back(data: st.DataObject, wording: Wording, layout: Layout) -> None:
    """Whatever the layout and wording, the same services, days and hours come back, and no others."""
    schedule = data.draw(schedules(wording.clock))
    assert atoms(read(layout(schedule, wording))) == expected(schedule)


@settings(max_examples=60, deadline=None)
@given(st.data(), wordings())
def test_schedules_of_two_seasons_stay_apart(data: st.DataObject, wording: Wording) -> None:
    """Hours under "Summer" and under "Winter" are of that season each."""
    summer = data.draw(schedules(wording.clock))
    winter = {service: data.draw(tables(service, wording.clock)) for service in summer}
    reading = read(by_season({"summer": summer, "winter": winter}, wording))
    assert atoms(reading, "season") == expected(summer, "summer") | expected(winter, "winter")


@settings(max_examples=60, deadline=None)
@given(st.data(), wordings(), st.sampled_from([by_church, by_church_headings]))
def test_the_masses_of_two_churches_stay_apart(
    data: st.DataObject, wording: Wording, layout: Callable[[dict[str, Table], Wording], str]
) -> None:
    """Each church has its own Masses, in columns or under headings."""
    by_name = {church: data.draw(tables("mass", wording.clock)) for church in CHURCHES[:2]}
    wanted = [expected({"mass": table}, church) for church, table in by_name.items()]
    assert atoms(read(layout(by_name, wording)), "location") == set.union(*wanted)


@settings(max_examples=60, deadline=None)
@given(st.data(), wordings())
def test_data_for_search_engines_is_read_back(data: st.DataObject, wording: Wording) -> None:
    """Events with a schedule in JSON-LD give their days and hours."""
    schedule = data.draw(schedules("halves"))
    weekly = {
        service: {day: hours for day, hours in table.items() if day in WEEK} for service, table in schedule.items()
    }
    assert atoms(read(as_json_ld(weekly, wording))) == expected(weekly)


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<li>",
        "<br>",
        "<h2>",
        "</h2>",
        "<b>",
        "Mass",
        "Sunday",
        "8:00",
        "am",
        "&nbsp;",
        "&amp;",
        "1st",
        "(",
        ")",
        "no",
        "until",
        "before Mass",
        "-",
        "|",
        "<!--",
        "-->",
        "<a '",
        '"',
        "<script>",
        "Dec. 8",
        "12:00 noon",
        "except",
    ]
)


WORDS = st.sampled_from(sorted(MEANINGS))
HOURS = st.sampled_from(
    ["8", "8:30", "9 am", "12:10 pm", "7 p.m.", "17:30", "noon", "10-11 am", "0730", "5 o'clock", "3-4"]
)
MARKS = st.sampled_from([",", ";", "(", ")", "&", "and", "/", "-", ".", ":", "\n", "|", "until", "to"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(WORDS, HOURS, MARKS), max_size=30).map(" ".join))
def test_any_order_of_known_words_is_read(text: str) -> None:
    """Sentences of nothing but known words, in any order, are read without an error and with literal quotes."""
    page = page_of(f"<p>{text}</p>")
    for time in read_schedule(page).times:
        assert page.text[time.evidence.start : time.evidence.end] == time.evidence.quote


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(string.printable, max_size=6)), max_size=60).map(" ".join))
def test_junk_never_breaks_the_reader(text: str) -> None:
    """Any text is read without an error, and each time found is proved by a literal quote."""
    page = page_of(text)
    for time in read_schedule(page).times:
        evidence = time.evidence
        assert evidence.quote
        assert page.text[evidence.start : evidence.end] == evidence.quote
        for span in evidence.context:
            assert page.text[span.start : span.end] == span.quote
