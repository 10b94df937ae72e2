"""Parishes close, merge, vanish from their lists and come back: recorded in Postgres, and nobody is sent to a locked door."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from vitality.pages.identity import identify, mergers
from vitality.records import Diocese, Evidence, Parish, ParishStatus, ServiceTime
from vitality.reports import source
from vitality.reports.exports import ExportKind, export
from vitality.storage import dioceses, parishes, service_times, status
from vitality.storage.database import Connection, Database
from vitality.storage.parishes import ParishChanges, StoredParish

pytestmark = pytest.mark.integration

DIRECTORY = "http://diocese.example.org/parishes"
DAY = date(2026, 11, 1)
TOWNS = ("Alton", "Beloit", "Carlow", "Dover", "Elgin", "Fargo", "Galway", "Hilo", "Ithaca", "Joplin")


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """A database with one diocese."""
    database = Database(dsn)
    try:
        async with database.connection() as connection:
            await dioceses.save_list(connection, [Diocese(name="Troy")], "http://conference.example.org/")
            yield connection
    finally:
        await database.close()


def mary(town: str, **facts: object) -> Parish:
    stated = {"name": "St. Mary", "city": town, "state": "OH", "directory_url": DIRECTORY, "status": "active"}
    return Parish.model_validate(stated | facts)


ALL = tuple(mary(town, website=f"http://{town.lower()}.example.org") for town in TOWNS)


async def reading(connection: Connection, found: Sequence[Parish], *, complete: bool = True) -> ParishChanges:
    """One reading of the directory, as the extraction role keeps it."""
    diocese = int(await connection.fetchval("SELECT id FROM diocese"))
    known = {each.identity: each.parish for each in await parishes.of_diocese(connection, diocese)}
    named = identify(known, found)
    return await parishes.save(connection, diocese, named, today=DAY, complete=complete, heirs=mergers(known, named))


async def stored(connection: Connection) -> dict[str | None, StoredParish]:
    """All parishes by town."""
    diocese = int(await connection.fetchval("SELECT id FROM diocese"))
    return {each.parish.city: each for each in await parishes.of_diocese(connection, diocese)}


async def a_mass(connection: Connection, changes: ParishChanges) -> None:
    """A Sunday Mass on every site."""
    for site in changes.sites:
        evidence = Evidence(url=site.url, content_hash="sha256:" + "0" * 64, quote="Sunday 9 AM", start=0, end=11)
        mass = ServiceTime(
            service="mass", days=("SU",), start="09:00", evidence=evidence, confidence=0.9, extractor="t"
        )
        await service_times.save(connection, site.id, [mass], today=DAY)


async def test_a_merger_is_recorded_with_its_heir_and_its_day(connection: Connection) -> None:
    """The second reading says merged: status, heir and day are kept, and no other fact is lost."""
    await reading(connection, ALL)
    assert (await stored(connection))["Alton"].status_since is None
    merged = mary("Alton", status=ParishStatus.MERGED, merged_into="Holy Family")
    await reading(connection, [merged, *ALL[1:]])
    alton = (await stored(connection))["Alton"]
    assert (alton.parish.status, alton.parish.merged_into) == (ParishStatus.MERGED, "Holy Family")
    assert alton.parish.website == "http://alton.example.org"
    assert alton.status_since is not None
    await reading(connection, [mary("Alton", status=ParishStatus.MERGED), *ALL[1:]])
    again = (await stored(connection))["Alton"]
    assert (again.parish.merged_into, again.status_since) == ("Holy Family", alton.status_since)


async def test_two_readings_show_a_merger(connection: Connection) -> None:
    """Two parishes left the list and a new one says that it was made of them: merged, with heir, day and source."""
    old = [
        Parish(name="St. Ann", city="Alton", state="OH", phone="419-555-0101"),
        Parish(name="St. Leo", city="Beloit", state="OH"),
    ]
    await reading(connection, [*old, *ALL[2:]])
    heir = Parish(name="Holy Family", city="Alton", alternate_names=("St. Ann", "St. Leo"), directory_url=DIRECTORY)
    changes = await reading(connection, [heir, *ALL[2:]])
    assert (changes.added, changes.missing) == (1, 0)
    rows = await connection.fetch("SELECT * FROM parish WHERE name IN ('St. Ann', 'St. Leo') ORDER BY name")
    assert [(row["status"], row["merged_into"]) for row in rows] == [("merged", "Holy Family")] * 2
    assert all(row["status_since"] and row["sources"]["merged_into"]["url"] == DIRECTORY for row in rows)
    assert rows[0]["phone"] == "419-555-0101"


async def test_an_incomplete_reading_merges_nobody(connection: Connection) -> None:
    """A parish that a partial list lacks may stand on its other pages."""
    await reading(connection, ALL)
    heir = Parish(name="Holy Family", city="Alton", alternate_names=("St. Mary",), directory_url=DIRECTORY)
    await reading(connection, [heir], complete=False)
    assert await connection.fetchval("SELECT count(*) FROM parish WHERE status <> 'active'") == 0


async def test_one_former_name_at_one_place_is_a_new_name(connection: Connection) -> None:
    """The parish goes on under its identity, and its old name is remembered."""
    await reading(connection, ALL)
    renamed = mary("Alton", name="Holy Family (formerly St. Mary)", alternate_names=("St. Mary",))
    changes = await reading(connection, [renamed, *ALL[1:]])
    assert (changes.added, changes.missing) == (0, 0)
    alton = (await stored(connection))["Alton"].parish
    assert (alton.status, alton.alternate_names) == (ParishStatus.ACTIVE, ("St. Mary",))


async def test_a_closed_parish_that_leaves_the_list_stays_closed(connection: Connection) -> None:
    """It is no missing parish: why it is gone is known."""
    await reading(connection, [mary("Alton", status=ParishStatus.CLOSED), *ALL[1:]])
    assert (await reading(connection, ALL[1:])).missing == 0
    alton = (await stored(connection))["Alton"]
    assert (alton.parish.status, alton.missing) == (ParishStatus.CLOSED, False)


async def test_a_parish_that_opens_again_has_no_heir(connection: Connection) -> None:
    """Listed as active again, it is merged into nothing, since the day of that reading."""
    await reading(connection, [mary("Alton", status=ParishStatus.MERGED, merged_into="Holy Family"), *ALL[1:]])
    before = (await stored(connection))["Alton"].status_since
    await reading(connection, ALL)
    alton = (await stored(connection))["Alton"]
    assert (alton.parish.status, alton.parish.merged_into) == (ParishStatus.ACTIVE, None)
    assert alton.status_since != before


async def test_a_list_that_lost_half_is_believed_only_when_it_is_repeated(connection: Connection) -> None:
    """A page that we read badly after a new design makes nobody vanish; a reorganised diocese does, in the end."""
    await reading(connection, ALL)
    seen = (await stored(connection))["Joplin"].last_seen
    assert [(await reading(connection, ALL[:5])).missing for _ in range(4)] == [0, 0, 5, 0]
    joplin = (await stored(connection))["Joplin"]
    assert (joplin.missing, joplin.last_seen) == (True, seen)
    await reading(connection, ALL)
    assert not (await stored(connection))["Joplin"].missing


async def test_a_reading_between_starts_the_count_again(connection: Connection) -> None:
    """Two short lists, a whole one, two short lists: nobody is missing."""
    await reading(connection, ALL)
    for found in (ALL[:5], ALL[:5], ALL, ALL[:5], ALL[:5]):
        assert (await reading(connection, found)).missing == 0


async def test_the_sites_of_closed_and_missing_parishes_are_not_read(connection: Connection) -> None:
    """No work is made of them, and who asks whom a site speaks for gets nobody."""
    first = await reading(connection, ALL)
    sites = {site.host.partition(".")[0]: site.id for site in first.sites}
    changes = await reading(connection, [mary("Alton", status="closed", website=ALL[0].website), *ALL[2:]])
    assert {site.host.partition(".")[0] for site in changes.sites} == {town.lower() for town in TOWNS[2:]}
    assert await parishes.of_site(connection, sites["alton"]) == []
    assert await parishes.of_site(connection, sites["beloit"]) == []
    assert len(await parishes.of_site(connection, sites["carlow"])) == 1


async def test_what_a_parish_site_adds_does_not_bring_it_back(connection: Connection) -> None:
    """Only its directory says that a parish is listed."""
    await reading(connection, ALL)
    await reading(connection, ALL[1:])
    before = (await stored(connection))["Alton"]
    facts = Parish(name="St. Mary", email="a@example.org", sources={"email": "http://alton.example.org/"})
    await parishes.fill(connection, before.id, facts, today=DAY)
    after = (await stored(connection))["Alton"]
    assert (after.parish.email, after.missing, after.last_seen) == ("a@example.org", True, before.last_seen)


async def test_masses_of_closed_and_missing_parishes_are_not_published(connection: Connection, tmp_path: Path) -> None:
    """In every format: no calendar, no point, no event, and no row that claims to be current."""
    await a_mass(connection, await reading(connection, ALL[:3]))
    await reading(connection, [mary("Alton", status="closed"), ALL[2]])
    kinds = [ExportKind.CSV, ExportKind.JSONL, ExportKind.ICAL, ExportKind.JSONLD]
    made_at = await connection.fetchval("SELECT now()")
    tables, lines, calendars, linked = await export(kinds, source.entries(connection), tmp_path, made_at=made_at)
    with tables.files[1].open(encoding="utf-8", newline="") as file:
        assert {row["city"]: row["current"] for row in csv.DictReader(file)} == {
            "Alton": "false",
            "Beloit": "false",
            "Carlow": "true",
        }
    times = [json.loads(line) for line in lines.files[1].read_text().splitlines()]
    assert sum(row["current"] for row in times) == 1
    (calendar,) = (Calendar.from_ical(file.read_bytes()) for file in calendars.files)
    (event,) = calendar.walk("VEVENT")
    assert (str(event["LOCATION"]), event["DTSTART"].params["TZID"]) == ("St. Mary, Carlow, OH", "America/New_York")
    assert len(json.loads(linked.files[0].read_text())["@graph"]) == 1
    await connection.execute("UPDATE service_time SET service = 'confession'")
    old_view = 'SELECT p."City" FROM "ParishData" d JOIN "Parishes" p ON p.id = d.parish_id'
    assert [row["City"] for row in await connection.fetch(old_view)] == ["Carlow"]
    data = await source.report_data(connection)
    assert [row.times for row in data.verified] == [row.times for row in data.counts] == [1]
    assert len(data.oldest) == 1
    totals = await status.totals(connection)
    assert (totals.parishes, totals.service_times, totals.masses, totals.confessions) == (1, 1, 0, 1)


async def test_what_follows_from_a_zip_code_is_stored_apart(connection: Connection) -> None:
    """A point and a clock for maps and calendars; the printed facts and their sources know nothing of them.

    A row that an older program wrote has its clock from the report itself.
    """
    evansville = mary("Evansville", state="IN", zip="47710")
    await reading(connection, [evansville, mary("Toledo", state="OH", zip="46402")])
    found = await stored(connection)
    derived = found["Evansville"].derived
    assert (derived.timezone, derived.latitude) == ("America/Chicago", 38.0086)
    assert found["Evansville"].parish.latitude is None
    assert "latitude" not in found["Evansville"].parish.sources
    assert found["Toledo"].derived.doubts == ("the ZIP code 46402 lies in IN, not in OH",)
    assert (found["Toledo"].parish.state, found["Toledo"].parish.zip) == ("OH", "46402")
    zones = {"Evansville": "America/Chicago", "Toledo": "America/New_York"}
    assert {each.row.parish.city: each.row.timezone async for each in source.entries(connection)} == zones
    await connection.execute("UPDATE parish SET derived = '{}'")
    assert {each.row.parish.city: each.row.timezone async for each in source.entries(connection)} == zones
