"""What is found and kept: dioceses, directories, parishes, service times and pages, against real Postgres."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from vitality.records import (
    CapturedJson,
    ContentHash,
    Diocese,
    Directory,
    Evidence,
    Host,
    Outcome,
    Page,
    Parish,
    ParishKind,
    ParishStatus,
    RelativeTime,
    RequestRow,
    Service,
    ServiceTime,
    StoredPage,
)
from vitality.storage import dioceses, parishes, service_times
from vitality.storage.database import Connection, Database
from vitality.storage.pages import Pages
from vitality.storage.queries import load

pytestmark = pytest.mark.integration

LIST = "http://conference.org/dioceses"
DAY1, DAY2, DAY3 = date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    async with database.connection() as connection:
        yield connection


def listed(*names: str) -> list[Diocese]:
    return [Diocese(name=name, website=f"http://www.{name.lower()}.org", state="MO") for name in names]


async def a_diocese(connection: Connection) -> int:
    return (await dioceses.save_list(connection, listed("Joplin"), LIST)).ids["Joplin"]


# ------------------------------------------------------------------ dioceses


async def test_a_list_is_kept_and_read_again(connection: Connection) -> None:
    """Every listed diocese gets an id that stays; nothing changes at a second reading."""
    first = await dioceses.save_list(connection, listed("Joplin", "Salina"), LIST)
    again = await dioceses.save_list(connection, listed("Joplin", "Salina"), LIST)
    assert set(first.added) == {"Joplin", "Salina"}
    assert again == dioceses.ListChanges(ids=first.ids, added=(), renamed={}, removed=())
    stored = await dioceses.get(connection, first.ids["Joplin"])
    assert stored is not None
    assert stored.diocese == listed("Joplin")[0]


async def test_a_renamed_diocese_keeps_its_id(connection: Connection) -> None:
    """A new name at the old web site is the same diocese; the old name is remembered."""
    first = await dioceses.save_list(connection, listed("Joplin", "Salina"), LIST)
    renamed = [Diocese(name="Joplin-Carthage", website="https://joplin.org/"), *listed("Salina")]
    changes = await dioceses.save_list(connection, renamed, LIST)
    assert changes.renamed == {"Joplin": "Joplin-Carthage"}
    assert changes.ids["Joplin-Carthage"] == first.ids["Joplin"]
    stored = await dioceses.get(connection, first.ids["Joplin"])
    assert stored is not None
    assert stored.former_names == ("Joplin",)
    assert stored.diocese.state == "MO"


async def test_a_diocese_that_left_the_list_is_removed_but_not_by_a_broken_list(connection: Connection) -> None:
    """One that is gone is marked; a list that lost most of its rows removes nobody."""
    await dioceses.save_list(connection, listed("A", "B", "C", "D", "E", "F"), LIST)
    assert (await dioceses.save_list(connection, listed("A"), LIST)).removed == ()
    assert (await dioceses.save_list(connection, listed("A", "B", "C", "D", "E"), LIST)).removed == ("F",)
    assert [each.diocese.name for each in await dioceses.everyone(connection)] == ["A", "B", "C", "D", "E"]


def test_a_web_site_that_two_share_renames_nobody() -> None:
    """Only what identifies exactly one diocese on either side makes a rename."""
    known = [Diocese(name="Old One", website="http://x.org"), Diocese(name="Old Two", website="http://x.org")]
    new = [Diocese(name="New", website="http://x.org")]
    found = dioceses.match(known, new)
    assert (found.renamed, found.added, found.gone) == ({}, ("New",), ("Old One", "Old Two"))


async def test_a_directory_once_found_stays_known_through_failures(connection: Connection) -> None:
    """A failed look changes the state and the reason, not the last directory known."""
    diocese = await a_diocese(connection)
    found = Directory(url="http://joplin.org/parishes", layout="table", parishes=40)
    await dioceses.save_directory(connection, diocese, found, evidence={"tried": []})
    await dioceses.save_no_directory(connection, diocese, "blocked", "403", evidence={"status": 403})
    stored = await dioceses.get(connection, diocese)
    assert stored is not None
    assert (stored.directory, stored.directory_state, stored.reason) == (found, "blocked", "403")


async def test_an_override_wins_over_any_finder(connection: Connection) -> None:
    """What a person named is not changed by a search, until the person takes it back."""
    diocese = await a_diocese(connection)
    assert await dioceses.override(connection, diocese, "http://joplin.org/by-hand", "looked myself")
    found = Directory(url="http://joplin.org/parishes", layout="table", parishes=40)
    await dioceses.save_directory(connection, diocese, found, evidence={})
    stored = await dioceses.get(connection, diocese)
    assert stored is not None
    assert stored.directory == Directory(url="http://joplin.org/by-hand", layout="override")
    await dioceses.override(connection, diocese, None)
    stored = await dioceses.get(connection, diocese)
    assert stored is not None
    assert stored.directory == found
    assert not await dioceses.override(connection, 999, "http://nowhere.org")


# ------------------------------------------------------------------ parishes


def parish(name: str, **facts: object) -> Parish:
    return Parish(name=name, directory_url="http://joplin.org/parishes", **facts)  # type: ignore[arg-type]


async def test_a_parish_is_kept_with_the_source_of_each_field(connection: Connection) -> None:
    """Each stated field names the page that states it and the day; fields not stated have none."""
    diocese = await a_diocese(connection)
    one = parish(
        "St. Mary",
        city="Joplin",
        phone="417-555-0100",
        kind=ParishKind.MISSION,
        languages=("en", "es"),
        latitude=37.1,
        sources={"phone": "http://joplin.org/parishes/st-mary"},
        page_hashes={"http://joplin.org/parishes/st-mary": "sha256:1"},
    )
    await parishes.save(connection, diocese, [("mary|joplin", one)], today=DAY1, complete=True)
    (stored,) = await parishes.of_diocese(connection, diocese)
    assert stored.parish.model_dump(exclude={"sources", "diocese"}) == one.model_dump(exclude={"sources", "diocese"})
    assert stored.parish.sources["phone"] == "http://joplin.org/parishes/st-mary"
    assert stored.parish.sources["city"] == "http://joplin.org/parishes"
    assert stored.seen["city"] == DAY1
    assert "zip" not in stored.seen
    kept = await connection.fetchval("SELECT sources FROM parish")
    assert (kept["phone"]["content_hash"], kept["city"].get("content_hash")) == ("sha256:1", None)


async def test_a_reading_overwrites_nothing_with_nothing(connection: Connection) -> None:
    """What a later reading no longer states keeps its value, source and day."""
    diocese = await a_diocese(connection)
    full = parish("St. Mary", city="Joplin", phone="1", kind=ParishKind.MISSION, merged_into="St. Ann")
    await parishes.save(connection, diocese, [("mary", full)], today=DAY1, complete=True)
    await parishes.save(connection, diocese, [("mary", parish("Saint Mary", phone="2"))], today=DAY2, complete=True)
    (stored,) = await parishes.of_diocese(connection, diocese)
    assert (stored.parish.name, stored.parish.city, stored.parish.phone) == ("Saint Mary", "Joplin", "2")
    assert (stored.parish.kind, stored.parish.merged_into) == (ParishKind.MISSION, "St. Ann")
    assert (stored.seen["city"], stored.seen["phone"]) == (DAY1, DAY2)


async def test_only_a_complete_reading_says_that_a_parish_is_missing(connection: Connection) -> None:
    """A partial or an empty reading leaves the others alone; one that comes back is no longer missing."""
    diocese = await a_diocese(connection)
    both = [("a", parish("A")), ("b", parish("B"))]
    await parishes.save(connection, diocese, both, today=DAY1, complete=True)
    assert (await parishes.save(connection, diocese, both[:1], today=DAY2, complete=False)).missing == 0
    assert (await parishes.save(connection, diocese, [], today=DAY2, complete=True)).missing == 0
    changes = await parishes.save(connection, diocese, both[:1], today=DAY2, complete=True)
    assert (changes.added, changes.updated, changes.missing) == (0, 1, 1)
    assert [one.missing for one in await parishes.of_diocese(connection, diocese)] == [False, True]
    await parishes.save(connection, diocese, both, today=DAY3, complete=True)
    assert [one.missing for one in await parishes.of_diocese(connection, diocese)] == [False, False]


async def test_one_site_may_serve_several_parishes(connection: Connection) -> None:
    """Different spellings of one address are one site; what is no web address is none."""
    diocese = await a_diocese(connection)
    found = [
        ("a", parish("A", website="http://www.cluster.org")),
        ("b", parish("B", website="https://Cluster.org/")),
        ("c", parish("C", website="https://shared.com/c")),
        ("d", parish("D", website="none")),
        ("e", parish("E", status=ParishStatus.CLOSED)),
    ]
    changes = await parishes.save(connection, diocese, found, today=DAY1, complete=True)
    assert sorted(site.host for site in changes.sites) == ["cluster.org", "shared.com"]
    cluster = next(site for site in changes.sites if site.host == "cluster.org")
    assert [one.parish.name for one in await parishes.of_site(connection, cluster.id)] == ["A", "B"]
    moved = [("a", parish("A", website="http://new.org"))]
    await parishes.save(connection, diocese, moved, today=DAY2, complete=False)
    assert [one.parish.name for one in await parishes.of_site(connection, cluster.id)] == ["B"]


async def test_a_site_fills_gaps_and_replaces_nothing(connection: Connection) -> None:
    """What no directory stated comes from the parish's own site, with its source; the rest stays."""
    diocese = await a_diocese(connection)
    await parishes.save(connection, diocese, [("a", parish("A", city="Joplin"))], today=DAY1, complete=True)
    (stored,) = await parishes.of_diocese(connection, diocese)
    page = "http://a.org/contact"
    facts = Parish(name="A of A", city="Elsewhere", zip="64801", email="x@a.org", sources={"zip": page, "city": page})
    await parishes.fill(connection, stored.id, facts, today=DAY2)
    (after,) = await parishes.of_diocese(connection, diocese)
    assert (after.parish.name, after.parish.city, after.parish.zip, after.parish.email) == (
        "A",
        "Joplin",
        "64801",
        None,
    )
    assert (after.parish.sources["zip"], after.seen["zip"], after.seen["city"]) == (page, DAY2, DAY1)


# ------------------------------------------------------------------ service times


def mass(start: str, **facts: object) -> ServiceTime:
    values = {
        "service": Service.MASS,
        "days": ("SU",),
        "start": start,
        "confidence": 0.9,
        "extractor": "test",
        "evidence": Evidence(
            url="http://a.org/", content_hash=ContentHash("sha256:" + "0" * 64), quote=f"Sunday {start}", start=0, end=9
        ),
    }
    return ServiceTime(**{**values, **facts})  # type: ignore[arg-type]


async def a_site(connection: Connection) -> int:
    diocese = await a_diocese(connection)
    found = [("a", parish("A", website="http://a.org"))]
    return (await parishes.save(connection, diocese, found, today=DAY1, complete=True)).sites[0].id


async def test_a_service_time_comes_back_as_it_was_read(connection: Connection) -> None:
    """Every field of the record survives storage."""
    site = await a_site(connection)
    one = mass(
        "08:00",
        end="09:00",
        language=("es",),
        rite="Byzantine",
        location="Chapel",
        season="summer",
        notes="n",
        except_=("2026-12-25",),
        by_appointment=True,
        inferred=("end",),
        subtype="sunday",
        end_rel=RelativeTime(anchor="mass", anchor_time="08:00", offset_min=-30),
    )
    await service_times.save(connection, site, [one], today=DAY1)
    (stored,) = await service_times.of_site(connection, site)
    history = {"first_seen": DAY1, "last_seen": DAY1, "last_verified": DAY1}
    assert stored == one.model_copy(update=history)


async def test_a_reading_verifies_begins_and_ends(connection: Connection) -> None:
    """The same service is verified, a new one begins, one that is gone ends, and nothing is deleted."""
    site = await a_site(connection)
    await service_times.save(connection, site, [mass("08:00"), mass("10:00")], today=DAY1)
    moved = [mass("08:00", confidence=0.5, notes="in the hall"), mass("10:30")]
    changes = await service_times.save(connection, site, moved, today=DAY2)
    assert changes == service_times.TimeChanges(added=1, verified=1, ended=1)
    now = {one.start: one for one in await service_times.of_site(connection, site)}
    assert set(now) == {"08:00", "10:30"}
    assert (now["08:00"].first_seen, now["08:00"].last_verified, now["08:00"].notes) == (DAY1, DAY2, "in the hall")
    assert now["10:30"].first_seen == DAY2
    assert len(await service_times.of_site(connection, site, history=True)) == 3
    back = await service_times.save(connection, site, [mass("08:00"), mass("10:00")], today=DAY3)
    assert (back.added, back.ended) == (1, 1)
    assert len(await service_times.of_site(connection, site, history=True)) == 4


async def test_a_reading_without_times_or_with_pages_missing_ends_nothing(connection: Connection) -> None:
    """An empty or partial reading is no statement that the services ended; they grow old instead."""
    site = await a_site(connection)
    await service_times.save(connection, site, [mass("08:00")], today=DAY1)
    await service_times.save(connection, site, [], today=DAY2)
    await service_times.save(connection, site, [mass("12:00")], today=DAY2, complete=False)
    await service_times.note_reading(connection, site, "failed", reason="DNS")
    times = {one.start: one.last_verified for one in await service_times.of_site(connection, site)}
    assert times == {"08:00": DAY1, "12:00": DAY2}


async def test_the_last_visit_is_the_state_of_the_site(connection: Connection) -> None:
    """A blocked site keeps when it was last read."""
    site = await a_site(connection)
    await service_times.note_reading(connection, site, "read", requests=3, pages=["http://a.org/"])
    await service_times.note_reading(connection, site, "blocked", reason="robots.txt")
    row = await connection.fetchrow("SELECT state, reason, last_read_at IS NOT NULL AS was_read FROM site")
    assert row is not None
    assert tuple(row) == ("blocked", "robots.txt", True)
    assert await connection.fetchval("SELECT count(*) FROM site_reading") == 2


# ------------------------------------------------------------------ pages


def page(body: bytes, text: str, **facts: object) -> Page:
    content_hash = ContentHash("sha256:" + hashlib.sha256(body).hexdigest())
    return Page(url="http://a.org/", text=text, body=body, content_hash=content_hash, **facts)  # type: ignore[arg-type]


async def test_pages_come_back_whole_in_any_charset(database: Database) -> None:
    """Text and bytes survive, also where the text is not the body read as UTF-8."""
    pages = Pages(database)
    cases = [page(b"\xc3\xa9\x00", "é\x00"), page(b"\xe9", "é"), page(b"%PDF", "Mass \ud800")]
    for n, one in enumerate(cases):
        at = datetime(2026, 11, 1 + n, tzinfo=UTC)
        stored = StoredPage(page=page(one.body, one.text, fetched_at=at, requested_url="http://a.org/x"), etag=f'"{n}"')
        await pages.keep(stored)
        assert await pages.newest("http://a.org/x") == stored
        assert await pages.by_hash(one.content_hash) == stored


async def test_the_newest_is_what_was_seen_last_without_a_browser(database: Database) -> None:
    """A page that returns to an older content is that content; a drawn page never answers a conditional request."""
    pages, at = Pages(database), datetime(2026, 11, 1, tzinfo=UTC)
    for n, body in enumerate((b"a", b"b", b"a")):
        await pages.keep(StoredPage(page=page(body, body.decode(), fetched_at=at + timedelta(days=n))))
    drawn = page(
        b"c", "c", fetched_at=at + timedelta(days=9), rendered=True, captured=(CapturedJson(url="u", text="{}"),)
    )
    await pages.keep(StoredPage(page=drawn))
    newest = await pages.newest("http://a.org/")
    assert newest is not None
    assert (newest.page.body, newest.page.fetched_at) == (b"a", at + timedelta(days=2))
    kept = await pages.by_hash(drawn.content_hash)
    assert kept is not None
    assert kept.page.captured == drawn.captured
    assert len([one async for one in pages.all(host=Host("a.org"))]) == 3
    assert await pages.newest("http://a.org/other") is None


async def test_every_request_is_a_row(database: Database) -> None:
    """The ledger gives back what was written, of any day."""
    pages = Pages(database)
    row = RequestRow(
        url="http://a.org/",
        host=Host("a.org"),
        started_at=datetime(2020, 2, 2, tzinfo=UTC),
        duration=timedelta(milliseconds=120),
        outcome=Outcome.ROBOTS_DISALLOWED,
        reason="robots.txt disallows",
    )
    await pages.record(row)
    assert [one async for one in pages.requests()] == [row]
    assert [one async for one in pages.requests(host=Host("b.org"))] == []


def test_a_query_without_its_sentence_is_refused(tmp_path: object) -> None:
    """One query is one name and one sentence."""
    from pathlib import Path

    path = Path(str(tmp_path)) / "q.sql"
    path.write_text("-- name: a\n-- Does a thing.\nSELECT 1;\n\n-- name: b\nSELECT 2;\n")
    with pytest.raises(ValueError, match="one sentence"):
        load(path)
    path.write_text("-- name: a\n-- Does a thing.\nSELECT 1;\n")
    assert load(path) == {"a": "SELECT 1"}


async def test_an_error_of_the_caller_is_not_taken_for_the_database_s(database: Database) -> None:
    """A disk or a pipe that fails while a connection is held does not look like Postgres being away."""
    with pytest.raises(BrokenPipeError):
        async with database.connection():
            raise BrokenPipeError
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT 1") == 1
