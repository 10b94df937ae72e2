"""Prints made-up schedules as parishes print them: in many wordings of days and hours, and in many layouts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WEEK: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS: Final = {
    ("en", False): ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("en", True): ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("es", False): ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"),
    ("es", True): ("Lun", "Mar", "Mié", "Jue", "Vie", "Sáb", "Dom"),
}
_NUMBERS: Final = {
    "en": {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "-1": "Last"},
    "es": {"1": "Primer", "2": "Segundo", "3": "Tercer", "4": "Cuarto", "-1": "Último"},
}
SERVICES: Final = {
    "mass": {"en": "Mass", "es": "Misa"},
    "confession": {"en": "Confessions", "es": "Confesiones"},
    "adoration": {"en": "Adoration", "es": "Adoración"},
    "rosary": {"en": "Rosary", "es": "Rosario"},
}
SEASONS: Final = {"summer": {"en": "Summer", "es": "Verano"}, "winter": {"en": "Winter", "es": "Invierno"}}
CHURCHES: Final = ("St. Aldate Church", "Holy Cross Church", "Our Lady of Hope Chapel")
DAY_STYLES: Final = ("full", "short", "stopped", "plural", "upper")
"""How days are told: Monday, Mon, Mon., Mondays, MONDAY."""
JOINTS: Final = (", ", " & ", " and ")
"""What stands between the hours of a list; the last is translated."""
CLOCKS: Final = ("halves", "dotted", "compact", "last", "none", "24")
"""How hours are told: 8:00 AM, 8:00 a.m., 8am, a half for the last of a list only, no half at all, 08:00."""

Hour = int | tuple[int, int]
"""A start, or a start and an end, in minutes after midnight."""
Table = dict[str, tuple[Hour, ...]]
"""Day (SU, or 1FR for the first Friday) to hours."""
Schedule = dict[str, Table]
"""Service to its table."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How days and hours are worded."""

    language: str = "en"
    style: str = "full"
    ranges: bool = False
    clock: str = "halves"
    noon: bool = False
    joint: str = ", "
    hours_first: bool = False

    def service(self, code: str) -> str:
        """A service's name."""
        name = SERVICES[code][self.language]
        return name.upper() if self.style == "upper" else name

    def day(self, code: str) -> str:
        """A day of the week, or the nth of the month."""
        number = _NUMBERS[self.language].get(code[:-2], "")
        short = self.style in ("short", "stopped") and not number
        name = _DAYS[self.language, short][WEEK.index(code[-2:])]
        if self.style == "stopped" and short:
            return f"{name}."
        if self.style == "plural" and not number:
            return name if name.endswith("s") else f"{name}s"
        return f"{number} {name}".strip().upper() if self.style == "upper" else f"{number} {name}".strip()

    def days(self, codes: tuple[str, ...]) -> str:
        """A run of days."""
        return self.day(codes[0]) if len(codes) == 1 else f"{self.day(codes[0])}{self._to()}{self.day(codes[-1])}"

    def _to(self) -> str:
        return {"en": " to ", "es": " a "}[self.language] if self.style in ("full", "plural") else "-"

    def hours(self, times: tuple[Hour, ...]) -> str:
        """A list of hours, in the order of the day."""
        flat = [minutes for each in times for minutes in (each if isinstance(each, tuple) else (each,))]
        clear = all(_inherits(earlier, later) for earlier, later in itertools.pairwise(flat))
        bare = set(flat[:-1]) if self.clock == "last" and clear else set()
        joint = " y " if self.joint == " and " and self.language == "es" else self.joint
        return joint.join(self._span(each, bare) for each in times)

    def _span(self, hour: Hour, bare: set[int]) -> str:
        if isinstance(hour, int):
            return self._hour(hour, bare=hour in bare)
        return "-".join(self._hour(each, bare=each in bare) for each in hour)

    def _hour(self, minutes: int, *, bare: bool) -> str:
        if self.clock == "24":
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        if minutes == 720 and self.noon and not bare:
            return {"en": "12:00 noon", "es": "12:00 mediodía"}[self.language]
        hour, half = (minutes // 60 - 1) % 12 + 1, "a" if minutes < 720 else "p"
        if bare or self.clock == "none":
            return f"{hour}:{minutes % 60:02d}"
        if self.clock == "compact":
            return f"{hour}:{minutes % 60:02d}{half}m" if minutes % 60 else f"{hour}{half}m"
        return f"{hour}:{minutes % 60:02d} " + (f"{half}.m." if self.clock == "dotted" else f"{half.upper()}M")

    def rows(self, table: Table) -> list[tuple[str, str]]:
        """Days and hours of a service, days of the same hours in one row where they follow each other."""
        rows: list[tuple[tuple[str, ...], tuple[Hour, ...]]] = []
        for code, times in table.items():
            last = rows[-1] if rows else None
            if last and self.ranges and last[1] == times and _next(last[0][-1]) == code:
                rows[-1] = ((*last[0], code), times)
            else:
                rows.append(((code,), times))
        return [(self.days(codes), self.hours(times)) for codes, times in rows]

    def lines(self, table: Table, mark: str) -> list[str]:
        """The rows of a service as text, days before hours with a mark between, or behind them."""
        return [f"{hours} {days}" if self.hours_first else f"{days}{mark}{hours}" for days, hours in self.rows(table)]


def _next(code: str) -> str:
    at = WEEK.index(code) if code in WEEK else len(WEEK)
    return WEEK[at + 1] if at + 1 < len(WEEK) else ""


def _inherits(earlier: int, later: int) -> bool:
    """Whether an hour without a half is the one meant when the hour behind it has one."""
    same = earlier % 720 + (720 if later >= 720 else 0)
    return same == earlier or same > later


Layout = Callable[[Schedule, Wording], str]


def as_list(schedule: Schedule, wording: Wording) -> str:
    """A heading for each service, an item for each row."""
    return "".join(
        f"<h2>{wording.service(service)}</h2><ul>"
        + "".join(f"<li>{line}</li>" for line in wording.lines(table, ": "))
        + "</ul>"
        for service, table in schedule.items()
    )


def as_nested_list(schedule: Schedule, wording: Wording) -> str:
    """A list of services, each with a list of rows."""
    return (
        "<ul>"
        + "".join(
            f"<li>{wording.service(service)}<ul>"
            + "".join(f"<li>{line}</li>" for line in wording.lines(table, " "))
            + "</ul></li>"
            for service, table in schedule.items()
        )
        + "</ul>"
    )


def as_breaks(schedule: Schedule, wording: Wording) -> str:
    """A paragraph for each service, lines parted by breaks."""
    return "".join(
        f"<p><b>{wording.service(service)}</b><br>" + "<br>".join(wording.lines(table, " ")) + "</p>"
        for service, table in schedule.items()
    )


def as_definitions(schedule: Schedule, wording: Wording) -> str:
    """A definition list for each service."""
    return "".join(
        f"<h3>{wording.service(service)}</h3><dl>"
        + "".join(f"<dt>{days}</dt><dd>{hours}</dd>" for days, hours in wording.rows(table))
        + "</dl>"
        for service, table in schedule.items()
    )


def as_one_line(schedule: Schedule, wording: Wording) -> str:
    """A paragraph for each service, its rows in one line."""
    return "".join(
        f"<p>{wording.service(service)}: " + "; ".join(wording.lines(table, " ")) + "</p>"
        for service, table in schedule.items()
    )


def as_cards(schedule: Schedule, wording: Wording) -> str:
    """A card for each service, days and hours in spans."""
    return "".join(
        f'<div class="card"><div class="card-header"><h4>{wording.service(service)}</h4></div><div class="card-body">'
        + "".join(
            f'<div class="row"><span class="day">{days}</span><span class="time">{hours}</span></div>'
            for days, hours in wording.rows(table)
        )
        + "</div></div>"
        for service, table in schedule.items()
    )


def as_accordion(schedule: Schedule, wording: Wording) -> str:
    """A folded panel for each service."""
    return "".join(
        f"<details><summary>{wording.service(service)}</summary>"
        + "".join(f"<p>{line}</p>" for line in wording.lines(table, ": "))
        + "</details>"
        for service, table in schedule.items()
    )


def as_footer(schedule: Schedule, wording: Wording) -> str:
    """The page's footer, between an address and a line of copyright."""
    body = "".join(
        f"<div><strong>{wording.service(service)}</strong><br>" + "<br>".join(wording.lines(table, ": ")) + "</div>"
        for service, table in schedule.items()
    )
    return f"<p>Welcome.</p><footer><div>12 Hill Road<br>Troy, OH 45373</div>{body}<p>&copy; St. Aldate</p></footer>"


def _used(schedule: Schedule) -> list[str]:
    """The days of all services, in the order of the week."""
    days = {day for table in schedule.values() for day in table}
    return sorted(days, key=lambda code: (WEEK.index(code[-2:]), code))


def as_table(schedule: Schedule, wording: Wording) -> str:
    """A row for each day, a column for each service."""
    head = "".join(f"<th>{wording.service(service)}</th>" for service in schedule)
    rows = "".join(
        f"<tr><td>{wording.day(day)}</td>"
        + "".join(f"<td>{wording.hours(table.get(day, ()))}</td>" for table in schedule.values())
        + "</tr>"
        for day in _used(schedule)
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def as_transposed(schedule: Schedule, wording: Wording) -> str:
    """A row for each service, a column for each day."""
    head = "".join(f"<th>{wording.day(day)}</th>" for day in _used(schedule))
    rows = "".join(
        f"<tr><td>{wording.service(service)}</td>"
        + "".join(f"<td>{wording.hours(table.get(day, ()))}</td>" for day in _used(schedule))
        + "</tr>"
        for service, table in schedule.items()
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def as_spanned_rows(schedule: Schedule, wording: Wording) -> str:
    """A table of rows, the service in a cell that spans its rows."""
    rows = ""
    for service, table in schedule.items():
        lines = wording.rows(table)
        for number, (days, hours) in enumerate(lines):
            first = f'<td rowspan="{len(lines)}">{wording.service(service)}</td>' if not number else ""
            rows += f"<tr>{first}<td>{days}</td><td>{hours}</td></tr>"
    return f"<table>{rows}</table>"


def as_bars(schedule: Schedule, wording: Wording) -> str:
    """Lines of preformatted text with upright bars between the columns."""
    lines = [
        f"{wording.service(service)} | {days} | {hours}"
        for service, table in schedule.items()
        for days, hours in wording.rows(table)
    ]
    return "<pre>" + "\n".join(lines) + "</pre>"


def as_day_first(schedule: Schedule, wording: Wording) -> str:
    """A heading for each day, an item for each service."""
    return "".join(
        f"<h3>{wording.day(day)}</h3><ul>"
        + "".join(
            f"<li>{wording.service(service)}: {wording.hours(table[day])}</li>"
            for service, table in schedule.items()
            if day in table
        )
        + "</ul>"
        for day in _used(schedule)
    )


def by_season(schedules: dict[str, Schedule], wording: Wording) -> str:
    """A heading for each service, a smaller one for each season, an item for each row; season to schedule."""
    services = list(next(iter(schedules.values())))
    return "".join(
        f"<h2>{wording.service(service)}</h2>"
        + "".join(
            f"<h3>{SEASONS[season][wording.language]}</h3><ul>"
            + "".join(f"<li>{line}</li>" for line in wording.lines(schedule[service], ": "))
            + "</ul>"
            for season, schedule in schedules.items()
        )
        for service in services
    )


def by_church(tables: dict[str, Table], wording: Wording) -> str:
    """A table of Masses with a row for each day and a column for each church; church to table."""
    head = "".join(f"<th>{church}</th>" for church in tables)
    rows = "".join(
        f"<tr><th>{wording.day(day)}</th>"
        + "".join(f"<td>{wording.hours(table.get(day, ()))}</td>" for table in tables.values())
        + "</tr>"
        for day in _used(tables)
    )
    return (
        f"<h2>{wording.service('mass')}</h2><table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def by_church_headings(tables: dict[str, Table], wording: Wording) -> str:
    """A heading for each church, a list of its Masses below; church to table."""
    return "".join(
        f"<h2>{church}</h2><h3>{wording.service('mass')}</h3><ul>"
        + "".join(f"<li>{line}</li>" for line in wording.lines(table, ": "))
        + "</ul>"
        for church, table in tables.items()
    )


def as_json_ld(schedule: Schedule, wording: Wording) -> str:
    """Data for search engines, one event with its schedule for each hour (schema.org/Event)."""
    names = _DAYS["en", False]
    events = [
        {
            "@type": "Event",
            "name": wording.service(service),
            "eventSchedule": {
                "@type": "Schedule",
                "byDay": f"https://schema.org/{names[WEEK.index(day)]}",
                "startTime": f"{start // 60:02d}:{start % 60:02d}",
                **({"endTime": f"{end // 60:02d}:{end % 60:02d}"} if end else {}),
            },
        }
        for service, table in schedule.items()
        for day, times in table.items()
        if day in WEEK
        for start, end in (each if isinstance(each, tuple) else (each, 0) for each in times)
    ]
    data = json.dumps({"@context": "https://schema.org", "@graph": events}, ensure_ascii=False)
    return f'<script type="application/ld+json">{data}</script>'


LAYOUTS: Final[tuple[Layout, ...]] = (
    as_list,
    as_nested_list,
    as_breaks,
    as_definitions,
    as_one_line,
    as_cards,
    as_accordion,
    as_footer,
    as_table,
    as_transposed,
    as_spanned_rows,
    as_bars,
    as_day_first,
)
