"""From the database to files: what was stored comes out, with its evidence, and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from vitality.records import Diocese, Directory, Evidence, Parish, ServiceTime
from vitality.reports import source
from vitality.reports.exports import ExportKind, export
from vitality.reports.report import write_report
from vitality.storage import dioceses, parishes, service_times
from vitality.storage.database import Connection, Database

pytestmark = pytest.mark.integration

LIST = "http://conference.example.org/dioceses"
DIRECTORY = "http://diocese.example.org/parishes"
DAY1, DAY2 = date(2026, 11, 1), date(2026, 11, 8)


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """A database with two dioceses, three parishes, and two readings of one shared site."""
    database = Database(dsn)
    try:
        async with database.connection() as connection:
            await _fill(connection)
            yield connection
    finally:
        await database.close()


async def _fill(connection: Connection) -> None:
    listed = [Diocese(name="Joplin", state="MO", website="http://diocese.example.org"), Diocese(name="Salina")]
    ids = (await dioceses.save_list(connection, listed, LIST)).ids
    await dioceses.save_directory(
        connection, ids["Joplin"], Directory(url=DIRECTORY, layout="table", parishes=3), evidence={}
    )
    await dioceses.save_no_directory(connection, ids["Salina"], "not_found", "it has no web site", evidence={})
    found = [
        ("mary", _parish("St. Mary", latitude=37.1, longitude=-94.5, website="http://cluster.example.org")),
        ("ann", _parish("St. Ann", website="http://cluster.example.org/")),
        ("paul", _parish("St. Paul", website="http://paul.example.org")),
    ]
    sites = (await parishes.save(connection, ids["Joplin"], found, today=DAY1, complete=True)).sites
    by_host = {site.host: site.id for site in sites}
    await _read(connection, by_host["cluster.example.org"])
    await service_times.note_reading(
        connection, by_host["paul.example.org"], "blocked", reason="robots.txt disallows /"
    )


async def _read(connection: Connection, site: int) -> None:
    first = [_time("Sunday 8:00 AM", start="08:00"), _time("Sunday 10:00 AM", start="10:00", location="St. Ann Church")]
    await service_times.save(connection, site, first, today=DAY1)
    changes = await service_times.save(connection, site, first[1:], today=DAY2)
    await service_times.note_reading(connection, site, "read", changes=changes)


def _parish(name: str, **facts: object) -> Parish:
    return Parish.model_validate({"name": name, "city": "Joplin", "state": "MO", "directory_url": DIRECTORY} | facts)


def _time(quote: str, **facts: object) -> ServiceTime:
    evidence = Evidence(
        url="http://cluster.example.org/mass", content_hash="sha256:" + "0" * 64, quote=quote, start=0, end=9
    )
    stated = {"service": "mass", "days": ["SU"], "evidence": evidence, "confidence": 0.9, "extractor": "hand"}
    return ServiceTime.model_validate(stated | facts)


async def test_what_was_stored_comes_out(connection: Connection, tmp_path: Path) -> None:
    """Tables keep an ended time as history; a calendar shows only what holds, and no place that no page names."""
    made_at = await connection.fetchval("SELECT now()")
    kinds = [ExportKind.CSV, ExportKind.ICAL, ExportKind.GEOJSON]
    tables, calendars, places = await export(kinds, source.entries(connection), tmp_path, made_at=made_at)
    with tables.files[1].open(encoding="utf-8", newline="") as file:
        times = list(csv.DictReader(file))
    assert sorted((row["parish"], row["start"], row["current"]) for row in times) == [
        ("St. Ann", "08:00", "false"), ("St. Ann", "10:00", "true"), ("St. Mary", "08:00", "false"), ("St. Mary", "10:00", "true"),
    ]  # fmt: skip
    assert {row["last_verified"] for row in times if row["current"] == "true"} == {"2026-11-08"}
    assert {row["shared_with"] for row in times if row["parish"] == "St. Mary"} == {"St. Ann"}
    assert {row["evidence_quote"] for row in times} == {"Sunday 8:00 AM", "Sunday 10:00 AM"}
    events = [event for file in calendars.files for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")]
    assert {str(event["LOCATION"]) for event in events} == {"St. Ann Church"}
    (feature,) = json.loads(places.files[0].read_text())["features"]
    assert (feature["properties"]["name"], feature["properties"]["evidence"]["url"]) == ("St. Mary", DIRECTORY)


async def test_the_report_shows_the_state_of_the_database(connection: Connection, tmp_path: Path) -> None:
    """Coverage, failures and parishes come from the rows, and a second report names the first."""
    data = await source.report_data(connection)
    files = await write_report(data, source.entries(connection), tmp_path / "report")
    joplin, salina = data.dioceses
    assert (joplin.parishes, joplin.sites_read, joplin.sites_blocked, joplin.sunday_mass_known) == (3, 2, 1, 2)
    assert (salina.directory, salina.reason) == ("not_found", "it has no web site")
    assert [(row.host, row.reason) for row in data.failures if row.kind == "blocked"] == [
        ("paul.example.org", "robots.txt disallows /")
    ]
    assert [(row.service, row.status, row.times) for row in data.counts] == [("mass", "active", 1)]
    assert sum(file.parts[0] == "parish" for file in files) == 3
    await source.note_report(
        connection, await source.fingerprint(connection), "report", [str(file) for file in files], {}
    )
    assert (await source.report_data(connection)).since is not None
    assert await source.last_fingerprint(connection) == await source.fingerprint(connection)
