"""Taking over the earlier system's database: counts explained to the row, and nothing done twice."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import yaml

from vitality.app.legacy import Summary, take_over
from vitality.errors import SchemaMissing
from vitality.pages.identity import identify
from vitality.records import Diocese, Parish
from vitality.storage import dioceses, parishes
from vitality.storage.database import Database
from vitality.storage.legacy import UNDATED, parse_time, read_old
from vitality.storage.schema import migrate

pytestmark = pytest.mark.integration

LIST = "http://conference.example.org/dioceses"
OLD = Path(__file__).with_name("legacy_fixture.sql").read_text("utf-8")
MANIFESTS = Path(__file__).parents[2] / "manifests"
TABLES = ("Dioceses", "DiocesesParishDirectory", "DioceseParishDirectoryOverride", "Parishes", "ParishData")


@pytest.fixture
async def old_dsn(empty_dsn: str) -> str:
    """A database in the earlier system's form."""
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute(OLD)
    await connection.close()
    return empty_dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


async def _run(database: Database, old_dsn: str) -> Summary:
    return await take_over(database, await read_old(old_dsn), source=LIST)


async def _contents(database: Database) -> dict[str, str]:
    """What every table of ours holds, with the transactions that wrote it, as one digest a table."""
    digests = {}
    async with database.connection() as conn:
        for row in await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"):
            lines = await conn.fetch(f'SELECT xmin::text || t::text AS line FROM "{row["tablename"]}" t ORDER BY 1')
            digests[row["tablename"]] = hashlib.sha256(repr([each["line"] for each in lines]).encode()).hexdigest()
    return digests


async def test_every_row_is_accounted_for(database: Database, old_dsn: str) -> None:
    """Each old row is taken, joined or refused, with its reason, and the counts add up to the rows."""
    summary = await _run(database, old_dsn)
    assert summary.of("Dioceses") == {
        ("taken", ""): 3,
        ("joined", "the same name"): 1,
        ("refused", "no id or no name"): 1,
    }
    assert summary.of("DiocesesParishDirectory") == {
        ("taken", ""): 2,
        ("joined", "the same diocese"): 1,
        ("refused", "no such diocese was taken"): 1,
        ("refused", "names no address"): 1,
    }
    assert summary.of("DioceseParishDirectoryOverride") == {
        ("taken", ""): 1,
        ("joined", "the same"): 1,
        ("refused", "another override stands"): 1,
        ("refused", "names no web address"): 1,
    }
    assert summary.of("Parishes") == {
        ("taken", ""): 6,
        ("joined", "the same name and town"): 2,
        ("refused", "contradicts the parish of the same name and town"): 1,
        ("refused", "no place, and several parishes of this name"): 1,
        ("refused", "no id or no name"): 1,
        ("refused", "no such diocese was taken"): 1,
    }
    assert summary.of("ParishData") == {
        ("taken", ""): 4,
        ("joined", "the same words from the same page"): 1,
        ("refused", "says nothing"): 1,
        ("refused", "no such parish was taken"): 2,
    }
    assert ("Parishes", "id 5", "no place, and several parishes of this name") in summary.refused
    assert len(summary.refused) == sum(n for (_, end, _), n in summary.counts.items() if end == "refused")
    connection = await asyncpg.connect(old_dsn)
    for table in TABLES:
        assert sum(summary.of(table).values()) == await connection.fetchval(f'SELECT count(*) FROM "{table}"')
    await connection.close()


async def test_a_second_run_changes_nothing(database: Database, old_dsn: str) -> None:
    """Not one row is written again, and what was taken counts as known."""
    first = await _run(database, old_dsn)
    before = await _contents(database)
    again = await _run(database, old_dsn)
    assert await _contents(database) == before
    for table in TABLES:
        ends = {end for end, _ in again.of(table)}
        assert ends <= {"known", "refused", "joined"}
        assert sum(again.of(table).values()) == sum(first.of(table).values())
        refused = {key: n for key, n in first.of(table).items() if key[0] == "refused"}
        assert {key: n for key, n in again.of(table).items() if key[0] == "refused"} == refused


async def test_prose_becomes_notes_and_never_times(database: Database, old_dsn: str) -> None:
    """Facts are kept word for word, broken JSON too; there are no service times."""
    await _run(database, old_dsn)
    async with database.connection() as conn:
        assert await conn.fetchval("SELECT count(*) FROM service_time") == 0
        notes = [row["text"] for row in await conn.fetch("SELECT text FROM legacy_note WHERE kind <> 'Status'")]
        assert '{"schedule": "Sat 3-4pm", "x":' in notes
        status = await conn.fetch(
            "SELECT p.name, n.text FROM legacy_note n JOIN parish p ON p.id = n.parish_id WHERE n.kind = 'Status'"
        )
    assert [tuple(row) for row in status] == [("Holy Family", "see website")]


async def test_columns_of_other_types_are_read_as_they_print(database: Database, old_dsn: str) -> None:
    """Facts kept as JSON, times and numbers with types of their own, and a table without its primary key."""
    connection = await asyncpg.connect(old_dsn)
    await connection.execute("""
        DELETE FROM "ParishData";
        ALTER TABLE "ParishData" ALTER fact_value TYPE jsonb USING to_jsonb(fact_value), ALTER confidence_score TYPE numeric(5, 2) USING 0.5;
        INSERT INTO "ParishData" VALUES (1, 'AdorationSchedule', '{"days": ["Fri"], "all day": true}', NULL, 80, 'model');
        ALTER TABLE "Dioceses" ALTER extracted_at TYPE timestamptz USING '2025-03-01 08:00+00';
        ALTER TABLE "Parishes" DROP CONSTRAINT "Parishes_pkey";
        INSERT INTO "Parishes" (id, "Name", "City", diocese_id) VALUES (50, 'St. Ann', 'Gypsum', 1), (50, 'St. Leo', 'Gypsum', 1);
    """)
    await connection.close()
    summary = await _run(database, old_dsn)
    assert summary.of("Parishes")["refused", "several rows have this id"] == 2
    async with database.connection() as conn:
        note = await conn.fetchrow("SELECT text, confidence FROM legacy_note WHERE method = 'model'")
        assert await conn.fetchval("SELECT DISTINCT last_seen FROM diocese") == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert note is not None
    assert tuple(note) == ('{"days": ["Fri"], "all day": true}', "80.00")


async def test_namesakes_in_one_town_keep_their_rows(database: Database, old_dsn: str) -> None:
    """Where our readings know two parishes of one name in one town, an old row belongs to the one at its street."""
    day = datetime(2026, 11, 1, tzinfo=UTC).date()
    two = [
        Parish(name="St. Mary", street="230 Main St", city="Salina"),
        Parish(name="St. Mary", street="9 Elm St", city="Salina"),
    ]
    async with database.transaction() as conn:
        listed = [Diocese(name="Diocese of Salina", website="http://salina.example.org")]
        diocese_id = (await dioceses.save_list(conn, listed, LIST)).ids["Diocese of Salina"]
        await parishes.save(conn, diocese_id, identify({}, two), today=day, complete=True)
    summary = await _run(database, old_dsn)
    assert ("refused", "contradicts the parish of the same name and town") not in summary.of("Parishes")
    async with database.connection() as conn:
        street = await conn.fetchval(
            "SELECT p.street FROM legacy_note n JOIN parish p ON p.id = n.parish_id WHERE n.text = 'Tuesdays'"
        )
    assert street == "9 Elm St", "the fact of old row 3"


async def test_nothing_is_invented(database: Database, old_dsn: str) -> None:
    """Impossible positions, the diocese's own site and unreadable times are not taken for facts."""
    await _run(database, old_dsn)
    async with database.connection() as conn:
        rows = {(row["name"], row["city"]): row for row in await conn.fetch("SELECT * FROM parish")}
        directories = await conn.fetch("SELECT state, url, override_url FROM directory")
    mary, family = rows["St. Mary", "Salina"], rows["Holy Family", "Hays"]
    assert (mary["latitude"], mary["phone"], mary["status"]) == (38.84, "785-555-0101", "active")
    assert mary["last_seen"] == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert mary["sources"]["street"] == {"url": "legacy:Parishes/1", "last_seen": "2025-03-04"}
    assert (family["latitude"], family["website"], family["last_seen"]) == (None, None, UNDATED)
    assert rows["St. Rose", "Salina"]["status"] == "closed"
    assert {row["url"] for row in directories} == {None}
    assert [row["override_url"] for row in directories if row["override_url"]] == [
        "https://salina.example.org/parishes"
    ]


async def test_everything_is_due(database: Database, old_dsn: str) -> None:
    """Each diocese with a site is searched, each override is read, a site that two parishes share is read once, that of a closed
    parish is not.
    """
    await _run(database, old_dsn)
    async with database.connection() as conn:
        due = await conn.fetch(
            "SELECT kind, count(*) AS n FROM work WHERE due_at <= clock_timestamp() GROUP BY 1 ORDER BY 1"
        )
        shared = await conn.fetchval(
            "SELECT count(*) FROM parish_site l JOIN site s ON s.id = l.site_id WHERE s.key = 'cluster.example.org'"
        )
    assert [tuple(row) for row in due] == [("extract_parishes", 1), ("find_directory", 2), ("read_schedule", 1)]
    assert shared == 2


async def test_our_own_readings_win(database: Database, old_dsn: str) -> None:
    """A diocese and a parish that are here keep what was read; the old facts become their notes."""
    mine = Parish(
        name="Saint Mary", city="Salina", phone="785-555-9999", directory_url="https://salina.example.org/list"
    )
    async with database.transaction() as conn:
        listed = [Diocese(name="Diocese of Salina", website="http://salina.example.org")]
        diocese_id = (await dioceses.save_list(conn, listed, LIST)).ids["Diocese of Salina"]
        day = datetime(2026, 11, 1, tzinfo=UTC).date()
        await parishes.save(conn, diocese_id, [("saint mary|salina", mine)], today=day, complete=True)
    summary = await _run(database, old_dsn)
    assert summary.of("Dioceses")["known", ""] == 2
    assert summary.of("Parishes")["known", ""] == 1
    async with database.connection() as conn:
        row = await conn.fetchrow("SELECT phone, street FROM parish WHERE identity = 'saint mary|salina'")
        notes = await conn.fetchval(
            "SELECT count(*) FROM legacy_note n JOIN parish p ON p.id = n.parish_id WHERE p.identity = 'saint mary|salina'"
        )
    assert row is not None
    assert tuple(row) == ("785-555-9999", None)
    assert notes > 0


async def test_a_schema_beside_the_old_tables_serves(old_dsn: str) -> None:
    """Old and new live in one database, each in its own schema, and the old tables stay as they were."""
    connection = await asyncpg.connect(old_dsn)
    await connection.execute("CREATE SCHEMA vitality")
    ours = f"{old_dsn}{'&' if '?' in old_dsn else '?'}search_path=vitality"
    await migrate(ours)
    database = Database(ours)
    summary = await _run(database, old_dsn)
    assert summary.of("Parishes")["taken", ""] == 6
    assert await connection.fetchval("SELECT count(*) FROM vitality.parish") == 6
    assert await connection.fetchval("SELECT count(*) FROM public.pipeline_workers") == 1
    await database.close()
    await connection.close()


async def test_a_database_of_another_kind_is_refused(dsn: str) -> None:
    """A database without the old tables, such as our own with its views of their names, is not taken for an empty one."""
    with pytest.raises(SchemaMissing, match="Dioceses, DiocesesParishDirectory"):
        await read_old(dsn)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-04 05:06:07", datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2025-03-04T05:06:07+00:00", datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("03/04/2025", datetime(2025, 3, 4, tzinfo=UTC)),
        ("last Tuesday", None),
        (None, None),
    ],
)
def test_times_kept_as_text(text: str | None, time: datetime | None) -> None:
    """ISO and American times are read; others are no time."""
    assert parse_time(text) == time


@pytest.mark.parametrize("role", ["extraction", "schedule"])
async def test_the_scalers_query_counts_hosts_that_wait(database: Database, role: str) -> None:
    """The query of the ScaledObject runs on our schema and counts each waiting host once."""
    kind = {"extraction": "extract_parishes", "schedule": "read_schedule"}[role]
    file = MANIFESTS / "components" / "keda" / f"{role}-scaledobject.yaml"
    query = yaml.safe_load(file.read_text("utf-8"))["spec"]["triggers"][0]["metadata"]["query"]
    async with database.connection() as conn:
        assert await conn.fetchval(query) == 0
        rows = [("1", "a.org", 0), ("2", "a.org", 0), ("3", "b.org", 0), ("4", "c.org", 9)]
        for subject, host, hours in rows:
            await conn.execute(
                "INSERT INTO work (kind, subject, host, due_at) VALUES ($1, $2, $3, now() + make_interval(hours => $4))",
                kind, subject, host, hours,
            )  # fmt: skip
        assert await conn.fetchval(query) == 2
