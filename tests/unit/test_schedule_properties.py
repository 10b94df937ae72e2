"""Schedules printed in many styles are read back exactly; junk never breaks the reader; quotes are literal."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from vitality.pages.grammar.vocabulary import MEANINGS
from vitality.pages.schedule import ScheduleReading, read_schedule
from vitality.records import ContentHash, Page

ENGLISH = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
SPANISH = {
    "MO": "Lunes",
    "TU": "Martes",
    "WE": "Miércoles",
    "TH": "Jueves",
    "FR": "Viernes",
    "SA": "Sábado",
    "SU": "Domingo",
}
SERVICES = {
    "mass": ("Mass", "Misa"),
    "confession": ("Confessions", "Confesiones"),
    "adoration": ("Adoration", "Adoración"),
    "rosary": ("Rosary", "Rosario"),
}

Schedule = dict[str, dict[str, tuple[int, ...]]]
"""Service to day to the times, in minutes after midnight."""


def page_of(text: str) -> Page:
    return Page(url="https://parish.example.org/mass-times", text=text, content_hash=ContentHash("sha256:" + "0" * 64))


def clock(minutes: int, *, spanish: bool) -> str:
    half = "am" if minutes < 720 else "pm"
    hour = (minutes // 60 - 1) % 12 + 1
    return f"{hour}:{minutes % 60:02d} {half[0]}.m." if spanish else f"{hour}:{minutes % 60:02d} {half.upper()}"


def times_of(times: tuple[int, ...], *, spanish: bool) -> str:
    return ", ".join(clock(each, spanish=spanish) for each in times)


def as_list(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    parts = []
    for service, table in schedule.items():
        parts.append(f"<h2>{SERVICES[service][spanish]}</h2><ul>")
        parts += [f"<li>{days[day]}: {times_of(times, spanish=spanish)}</li>" for day, times in table.items()]
        parts.append("</ul>")
    return "".join(parts)


def as_breaks(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    parts = []
    for service, table in schedule.items():
        lines = [f"{days[day]} {times_of(times, spanish=spanish)}" for day, times in table.items()]
        parts.append(f"<p><b>{SERVICES[service][spanish]}</b><br>{'<br>'.join(lines)}</p>")
    return "".join(parts)


def as_definitions(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    parts = []
    for service, table in schedule.items():
        rows = "".join(
            f"<dt>{days[day]}</dt><dd>{times_of(times, spanish=spanish)}</dd>" for day, times in table.items()
        )
        parts.append(f"<h3>{SERVICES[service][spanish]}</h3><dl>{rows}</dl>")
    return "".join(parts)


def as_table(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    head = "".join(f"<th>{SERVICES[service][spanish]}</th>" for service in schedule)
    used = [day for day in days if any(day in table for table in schedule.values())]
    rows = "".join(
        f"<tr><td>{days[day]}</td>"
        + "".join(f"<td>{times_of(table.get(day, ()), spanish=spanish)}</td>" for table in schedule.values())
        + "</tr>"
        for day in used
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def as_transposed(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    used = [day for day in days if any(day in table for table in schedule.values())]
    head = "".join(f"<th>{days[day]}</th>" for day in used)
    rows = "".join(
        f"<tr><td>{SERVICES[service][spanish]}</td>"
        + "".join(f"<td>{times_of(table.get(day, ()), spanish=spanish)}</td>" for day in used)
        + "</tr>"
        for service, table in schedule.items()
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def as_one_line(schedule: Schedule, days: dict[str, str], *, spanish: bool) -> str:
    parts = []
    for service, table in schedule.items():
        parts.append(
            f"<p>{SERVICES[service][spanish]}: "
            + "; ".join(f"{days[day]} {times_of(times, spanish=spanish)}" for day, times in table.items())
            + "</p>"
        )
    return "".join(parts)


STYLES = (as_list, as_breaks, as_definitions, as_table, as_transposed, as_one_line)
times = st.lists(st.integers(5 * 12, 22 * 12).map(lambda five: five * 5), min_size=1, max_size=3, unique=True).map(
    lambda each: tuple(sorted(each))
)
schedules = st.dictionaries(
    st.sampled_from(sorted(SERVICES)),
    st.dictionaries(st.sampled_from(sorted(ENGLISH)), times, min_size=1, max_size=5),
    min_size=1,
    max_size=3,
)


def atoms(reading: ScheduleReading) -> set[tuple[str, str, str | None]]:
    return {(time.service.value, day, time.start) for time in reading.times for day in time.days}


def expected(schedule: Schedule) -> set[tuple[str, str, str | None]]:
    return {
        (service, day, f"{each // 60:02d}:{each % 60:02d}")
        for service, table in schedule.items()
        for day, hours in table.items()
        for each in hours
    }


@settings(max_examples=120, deadline=None)
@given(schedules, st.sampled_from(STYLES), st.booleans())
def test_a_printed_schedule_is_read_back(schedule: Schedule, style: object, spanish: bool) -> None:
    """Whatever the style and language, the same services, days and times come back, and no others."""
    ordered = {service: {day: table[day] for day in ENGLISH if day in table} for service, table in schedule.items()}
    body = style(ordered, SPANISH if spanish else ENGLISH, spanish=spanish)  # type: ignore[operator]  # one of STYLES
    reading = read_schedule(page_of(f"<html><body><h1>Parish</h1>{body}</body></html>"))
    assert atoms(reading) == expected(schedule)


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
