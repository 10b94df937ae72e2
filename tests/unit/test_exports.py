"""Every export is parsed back by a reader that is not ours, and says what the rows say, no more."""

import csv
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

from tests.unit.report_rows import (
    ALL_TIMES,
    CHRISTMAS,
    EASTER_OFF,
    FIRST_FRIDAY,
    HOLY_DAY,
    MADE_AT,
    SUNDAY,
    entry,
    parish,
    service_time,
    stream,
)  # fmt: skip
from vitality.errors import FolderUnusable
from vitality.records import ParishStatus
from vitality.reports.exports import ExportKind, ExportSummary, export
from vitality.reports.rows import ParishEntry, TimeRow
from vitality.storage.derived import Derived


async def run(kind: ExportKind, folder: Path, *entries: ParishEntry) -> ExportSummary:
    (summary,) = await export([kind], stream(entries), folder, made_at=MADE_AT)
    return summary


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def calendar_of(folder: Path, one: ParishEntry) -> list[Event]:
    summary = await run(ExportKind.ICAL, folder, one)
    (file,) = summary.files
    return [event for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT") if isinstance(event, Event)]


# ---- tables


async def test_csv_holds_every_row_with_its_evidence(tmp_path: Path) -> None:
    """Superseded and ended times stay in the table, with a column that says that they do not hold."""
    summary = await run(ExportKind.CSV, tmp_path, entry(*ALL_TIMES))
    parishes, times = map(table_of, summary.files)
    assert [path.name for path in summary.files] == ["parishes.csv", "service_times.csv"]
    assert summary.rows == 1 + len(ALL_TIMES)
    assert parishes[0]["evidence_url"] == "https://diocese.example.org/parishes"
    assert parishes[0]["last_verified"] == "2026-11-19"
    assert json.loads(parishes[0]["sources"])["street"]["last_seen"] == "2026-11-19"
    assert {row["service_time_id"]: row["current"] for row in times} == {
        "1": "true", "2": "true", "3": "true", "4": "true", "5": "false", "6": "false", "7": "true", "8": "true",
    }  # fmt: skip
    assert times[0] | {"start": "09:00", "end": "10:00", "days": "SU", "last_verified": "2026-11-20"} == times[0]
    assert times[0]["evidence_quote"] == "Sunday 9:00 AM"
    assert times[2]["start"] == ""
    assert json.loads(times[2]["start_rel"])["anchor_time"] == "16:30"
    assert all(row["evidence_url"] and row["evidence_quote"] and row["evidence_hash"] for row in times)


async def test_csv_quotes_what_a_page_may_print(tmp_path: Path) -> None:
    """Commas, quotation marks and line ends of a quote come back as they stood."""
    words = 'Sat "vigil",\n 4:30'
    row = TimeRow(id=1, time=service_time(quote=words, days=["SA"], start="16:30"))
    summary = await run(ExportKind.CSV, tmp_path, entry(row, of=parish(name='<script>"x",</script>')))
    parishes, times = map(table_of, summary.files)
    assert (times[0]["evidence_quote"], parishes[0]["name"]) == (words, '<script>"x",</script>')


async def test_parquet_has_types(tmp_path: Path) -> None:
    """Days are lists, times are times, dates are dates, and what is not stated is null."""
    summary = await run(ExportKind.PARQUET, tmp_path, entry(*ALL_TIMES))
    table = pq.read_table(summary.files[1])
    rows = table.to_pylist()
    assert table.schema.field("start").type == pa.time32("ms")
    assert table.schema.field("last_verified").type == pa.date32()
    assert (rows[0]["days"], rows[0]["start"], rows[0]["last_verified"]) == (["SU"], time(9), date(2026, 11, 20))
    assert (rows[2]["start"], rows[2]["start_rel"]["edge"]) == (None, "start")
    assert [row["current"] for row in rows] == [True, True, True, True, False, False, True, True]
    assert rows[6]["except"] == ["2027-03-28", "2027-03-29"]
    assert pq.read_table(summary.files[0]).to_pylist()[0]["latitude"] is None


async def test_parquet_without_rows_is_still_a_table(tmp_path: Path) -> None:
    """An empty database gives empty tables with the same columns."""
    summary = await run(ExportKind.PARQUET, tmp_path)
    assert [pq.read_table(path).num_rows for path in summary.files] == [0, 0]


async def test_json_lines_are_the_records_of_the_design(tmp_path: Path) -> None:
    """Each line is a record with the names of docs/exports.md, its evidence and its history."""
    summary = await run(ExportKind.JSONL, tmp_path, entry(*ALL_TIMES))
    (church,), times = ([json.loads(line) for line in path.read_text().splitlines()] for path in summary.files)
    assert (church["record"], church["name"], church["evidence"]["url"]) == (
        "parish",
        "St. Mary",
        church["directory_url"],
    )
    assert times[6]["except"] == ["2027-03-28", "2027-03-29"]
    assert times[4]["status"] == "superseded"
    assert (times[5]["current"], times[5]["ended"]) == (False, "2026-11-10")
    assert times[0]["evidence"]["quote"] == "Sunday 9:00 AM"


# ---- maps and linked data


async def test_geojson_shows_only_printed_coordinates(tmp_path: Path) -> None:
    """A parish without coordinates is left out and counted; longitude comes first (RFC 7946, section 3.1.1)."""
    placed = entry(*ALL_TIMES, of=parish(latitude=42.1, longitude=-72.6))
    summary = await run(ExportKind.GEOJSON, tmp_path, placed, entry(number=2))
    document = json.loads(summary.files[0].read_text())
    (feature,) = document["features"]
    assert document["type"] == "FeatureCollection"
    assert feature["geometry"] == {"type": "Point", "coordinates": [-72.6, 42.1]}
    times = feature["properties"]["service_times"]
    assert [item["evidence"]["quote"] for item in times if item.get("start") in {"08:00", "07:00"}] == []
    assert all(item["evidence"]["last_verified"] == "2026-11-20" for item in times)
    assert summary.left_out == {
        "parish: no coordinates printed": 1,
        "service time: no longer shown": 1,
        "service time: superseded": 1,
    }


async def test_json_documents_without_rows_are_valid(tmp_path: Path) -> None:
    """An empty array is written as one."""
    geo, linked = await export([ExportKind.GEOJSON, ExportKind.JSONLD], stream([]), tmp_path, made_at=MADE_AT)
    assert json.loads(geo.files[0].read_text())["features"] == []
    assert json.loads(linked.files[0].read_text()) == {"@context": "https://schema.org", "@graph": []}


async def test_json_ld_says_churches_and_schedules(tmp_path: Path) -> None:
    """A weekly Mass is an Event on a Schedule, an excepted Sunday an exceptDate, a nth Friday in RFC 5545 words."""
    summary = await run(ExportKind.JSONLD, tmp_path, entry(*ALL_TIMES), entry(number=2))
    church, bare = json.loads(summary.files[0].read_text())["@graph"]
    events = {event["@id"].rpartition(":")[2]: event for event in church["event"]}
    assert church["@type"] == "CatholicChurch"
    assert church["address"]["postalCode"] == "01103"
    assert sorted(events) == ["1", "2", "3", "7", "8"]
    assert events["1"]["eventSchedule"] == [
        {
            "@type": "Schedule", "startTime": "09:00", "endTime": "10:00", "repeatFrequency": "P1W",
            "byDay": ["https://schema.org/Sunday"],
        }
    ]  # fmt: skip
    assert events["2"]["eventSchedule"][0]["byDay"] == ["1FR"]
    assert "startTime" not in events["3"]["eventSchedule"][0]
    assert events["7"]["eventSchedule"][0]["exceptDate"] == ["2027-03-28"]
    assert events["8"]["eventSchedule"][0]["startDate"] == "2026-12-24"
    assert events["1"]["subjectOf"]["text"] == "Sunday 9:00 AM"
    assert "event" not in bare
    assert summary.left_out["service time: holy days"] == 1


# ---- calendars


async def test_calendar_rules_start_on_a_day_that_they_name(tmp_path: Path) -> None:
    """DTSTART is the first day of the rule since the time was first seen, in floating time."""
    events = await calendar_of(tmp_path, entry(*ALL_TIMES))
    sunday, friday, spanish, christmas = events
    assert sunday["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=SU"
    assert (sunday.decoded("DTSTART"), sunday.decoded("DTEND")) == (datetime(2026, 11, 1, 9), datetime(2026, 11, 1, 10))  # noqa: DTZ001 - floating
    assert friday["RRULE"].to_ical() == b"FREQ=MONTHLY;BYDAY=1FR"
    assert friday.decoded("DTEND") == datetime(2026, 11, 7, 7)  # noqa: DTZ001 - floating, past midnight
    assert spanish["SUMMARY"] == "Mass (Spanish) – St. Mary"
    assert christmas.decoded("DTSTART") == datetime(2026, 12, 24, 22)  # noqa: DTZ001 - floating
    assert "RRULE" not in christmas


async def test_calendar_excepts_only_days_of_the_rule(tmp_path: Path) -> None:
    """An excepted Monday of a Sunday Mass is no EXDATE; the excepted Sunday is, at the hour of the Mass."""
    (event,) = await calendar_of(tmp_path, entry(EASTER_OFF))
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=event.decoded("DTSTART"))
    (skipped,) = [value.dt for value in event["EXDATE"].dts]
    assert skipped == datetime(2027, 3, 28, 11)  # noqa: DTZ001 - floating
    assert skipped in rule


async def test_calendar_leaves_out_and_counts_what_it_cannot_say(tmp_path: Path) -> None:
    """No start, no fixed day, or no longer true: not in the calendar, but in the count."""
    summary = await run(ExportKind.ICAL, tmp_path, entry(*ALL_TIMES))
    assert summary.rows == 4
    assert summary.left_out == {
        "service time: holy days": 1,
        "service time: no longer shown": 1,
        "service time: no start stated": 1,
        "service time: superseded": 1,
    }


@pytest.mark.parametrize("status", [ParishStatus.CLOSED, ParishStatus.MERGED])
@pytest.mark.parametrize("kind", [ExportKind.ICAL, ExportKind.GEOJSON, ExportKind.JSONLD])
async def test_a_closed_parish_invites_nobody(kind: ExportKind, status: ParishStatus, tmp_path: Path) -> None:
    """Calendars, maps and linked data show no parish that is closed or merged."""
    closed = entry(SUNDAY, of=parish(status=status, latitude=1.0, longitude=1.0))
    summary = await run(kind, tmp_path, closed)
    assert (summary.rows, summary.left_out) == (0, {"parish: closed or merged": 1})


async def test_a_parish_that_its_directory_dropped_invites_nobody(tmp_path: Path) -> None:
    """A parish that is missing from its directory is counted, not shown."""
    summary = await run(ExportKind.ICAL, tmp_path, entry(SUNDAY, missing_since=date(2026, 11, 1)))
    assert (summary.rows, summary.left_out) == (0, {"parish: no longer in its directory": 1})


async def test_by_appointment_is_not_a_date_in_a_calendar(tmp_path: Path) -> None:
    """A confession by appointment has nobody waiting in the church."""
    row = TimeRow(id=1, time=service_time("confession", days=["SA"], start="15:00", by_appointment=True))
    summary = await run(ExportKind.ICAL, tmp_path, entry(row))
    assert summary.left_out == {"parish: no time that a calendar can show": 1, "service time: by appointment": 1}


async def test_a_known_zone_is_named_and_defined(tmp_path: Path) -> None:
    """With a time zone, DTSTART has its TZID and the calendar a VTIMEZONE (RFC 5545, section 3.2.19)."""
    summary = await run(ExportKind.ICAL, tmp_path, entry(SUNDAY, derived=Derived(timezone="America/New_York")))
    text = summary.files[0].read_text()
    assert "DTSTART;TZID=America/New_York:20261101T090000" in text
    assert [zone["TZID"] for zone in Calendar.from_ical(text).walk("VTIMEZONE")] == ["America/New_York"]


async def test_summer_time_is_the_zones_and_not_ours(tmp_path: Path) -> None:
    """Nine o'clock stays nine o'clock all year: in the Navajo Nation the clock changes, in the rest of Arizona it does not."""
    hours = {}
    for zone in ("America/Denver", "America/Phoenix"):
        (event,) = await calendar_of(tmp_path, entry(SUNDAY, derived=Derived(timezone=zone)))
        start = event.decoded("DTSTART")
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
        around = [rule.after(datetime(2027, month, 1, tzinfo=start.tzinfo)) for month in (1, 7)]
        hours[zone] = [(day.hour, day.astimezone(UTC).hour) for day in around if day]
    assert hours == {"America/Denver": [(9, 16), (9, 15)], "America/Phoenix": [(9, 16), (9, 16)]}


async def test_tables_tell_derived_values_apart(tmp_path: Path) -> None:
    """What follows from the ZIP code stands in columns of its own, never in those of printed values."""
    known = entry(SUNDAY, derived=Derived(latitude=42.1, longitude=-72.6, timezone="America/New_York"))
    summary = await run(ExportKind.CSV, tmp_path, known)
    (row,) = table_of(summary.files[0])
    assert (row["latitude"], row["zip_latitude"], row["timezone"]) == ("", "42.1", "America/New_York")


@pytest.mark.parametrize("gone", [{"of": parish(status=ParishStatus.CLOSED)}, {"missing_since": date(2026, 11, 1)}])
async def test_no_table_calls_the_times_of_a_closed_parish_current(gone: dict[str, Any], tmp_path: Path) -> None:
    """The rows stay as history; nobody who filters by `current` is sent to a locked door."""
    tables, lines = await export(
        [ExportKind.CSV, ExportKind.JSONL], stream([entry(SUNDAY, **gone)]), tmp_path, made_at=MADE_AT
    )
    (row,) = table_of(tables.files[1])
    assert row["current"] == "false"
    assert json.loads(lines.files[1].read_text())["current"] is False


async def test_coordinates_in_doubt_are_on_no_map(tmp_path: Path) -> None:
    """Printed coordinates that lie far from the printed ZIP code are counted, not shown."""
    astray = entry(of=parish(latitude=42.1, longitude=72.6), derived=Derived(doubts=("the coordinates lie far off",)))
    summary = await run(ExportKind.GEOJSON, tmp_path, astray)
    assert (summary.rows, summary.left_out) == (0, {"parish: coordinates far from its ZIP code": 1})


async def test_a_shared_site_does_not_say_at_which_church(tmp_path: Path) -> None:
    """When one site serves two parishes, an event without a named church has no place."""
    shared = TimeRow(id=1, time=SUNDAY.time, shared_with=("St. Joseph",))
    (event,) = await calendar_of(tmp_path, entry(shared))
    assert "LOCATION" not in event
    assert "St. Joseph" in event["DESCRIPTION"]


async def test_calendar_events_carry_their_evidence(tmp_path: Path) -> None:
    """Quote, address, hash and day of the last verification stand in each event; hostile characters are harmless."""
    quote = "Sunday 9,\r\nBEGIN:VALARM\x07; \\ 10"
    row = TimeRow(id=1, time=service_time(quote=quote, days=["SU"], start="09:00"))
    (event,) = await calendar_of(tmp_path, entry(row))
    assert event["URL"] == "https://st-mary.example.org/times"
    assert event["X-VITALITY-CONTENT-HASH"] == "sha256:" + "a" * 64
    assert event["X-VITALITY-LAST-VERIFIED"] == "2026-11-20"
    assert "BEGIN:VALARM" in event["DESCRIPTION"]
    assert event.subcomponents == []


async def test_calendar_lines_follow_the_rfc(tmp_path: Path) -> None:
    """Lines end in CRLF and are folded at 75 octets; every event has a UID of its own and a stamp in UTC."""
    summary = await run(ExportKind.ICAL, tmp_path, entry(*ALL_TIMES, of=parish(name="Ś" * 90)))
    body = summary.files[0].read_bytes()
    lines = body.split(b"\r\n")
    assert body.count(b"\n") == body.count(b"\r\n") == len(lines) - 1
    assert max(map(len, lines)) <= 75
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) == 4
    assert b"DTSTAMP:20261125T120000Z" in body


# ---- all of them


async def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Two exports of one state are equal, file by file."""
    everything = [entry(*ALL_TIMES, of=parish(latitude=42.1, longitude=-72.6)), entry(SUNDAY, number=2)]
    first = await export(list(ExportKind), stream(everything), tmp_path / "a", made_at=MADE_AT)
    second = await export(list(ExportKind), stream(everything), tmp_path / "b", made_at=MADE_AT)
    assert sum(len(summary.files) for summary in first) == 10
    for one, other in zip(first, second, strict=True):
        assert [path.read_bytes() for path in one.files] == [path.read_bytes() for path in other.files]
        assert (one.rows, one.left_out) == (other.rows, other.left_out)


async def test_an_export_that_fails_leaves_the_last_one(tmp_path: Path) -> None:
    """When the rows stop with an error, the folder holds what it held, and no trace of the attempt."""

    async def broken() -> AsyncIterator[ParishEntry]:
        yield entry(HOLY_DAY)
        raise ConnectionError("the database went away")

    summary = await run(ExportKind.CSV, tmp_path, entry(FIRST_FRIDAY))
    before = [path.read_bytes() for path in summary.files]
    with pytest.raises(ConnectionError):
        await export([ExportKind.CSV], broken(), tmp_path, made_at=MADE_AT)
    assert [path.read_bytes() for path in summary.files] == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".csv.lock", "csv"]


async def test_files_of_an_older_export_do_not_stay(tmp_path: Path) -> None:
    """A parish that is gone has no calendar left in the folder."""
    await run(ExportKind.ICAL, tmp_path, entry(SUNDAY), entry(CHRISTMAS, number=2))
    summary = await run(ExportKind.ICAL, tmp_path, entry(CHRISTMAS, number=2))
    assert (
        [path.name for path in (tmp_path / "ical").rglob("*.ics")]
        == [path.name for path in summary.files]
        == ["st-mary-2.ics"]
    )


async def test_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder with files that we did not make is refused, and they stay."""
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "thesis.txt").write_text("mine")
    with pytest.raises(FolderUnusable, match="did not make"):
        await run(ExportKind.CSV, tmp_path, entry(SUNDAY))
    assert (tmp_path / "csv" / "thesis.txt").read_text() == "mine"
