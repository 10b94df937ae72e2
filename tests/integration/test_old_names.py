"""Old monitoring queries on our database: the views that bear the earlier system's names."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from vitality.app.legacy import take_over
from vitality.storage.database import Database
from vitality.storage.legacy import read_old

pytestmark = pytest.mark.integration

OLD = Path(__file__).with_name("legacy_fixture.sql").read_text("utf-8")
QUERIES = {
    "dioceses": 'SELECT count(*) FROM "Dioceses" WHERE "Website" IS NOT NULL',
    "found": """SELECT found, count(*) FROM "DiocesesParishDirectory" GROUP BY found""",
    "blocked": """SELECT d."Name" FROM "Dioceses" d JOIN "DiocesesParishDirectory" p ON p.diocese_id = d.id WHERE p.is_blocked""",
    "overrides": 'SELECT count(*) FROM "DioceseParishDirectoryOverride"',
    "by diocese": """SELECT d."Name", count(p.id) FROM "Dioceses" d LEFT JOIN "Parishes" p ON p.diocese_id = d.id GROUP BY 1 ORDER BY 1""",
    "located": 'SELECT count(*) FROM "Parishes" WHERE latitude IS NOT NULL AND "Street Address" IS NOT NULL',
    "facts": """SELECT fact_type, count(DISTINCT parish_id) FROM "ParishData" GROUP BY fact_type ORDER BY 1""",
    "sure": 'SELECT count(*) FROM "ParishData" WHERE confidence_score >= 0.9',
    "fresh": """SELECT count(*) FROM "Parishes" WHERE extracted_at::timestamp > now() - interval '1 day'""",
    "alive": "SELECT worker_id, pod_name, worker_type, assigned_dioceses FROM pipeline_workers WHERE status = 'active' AND last_heartbeat > now() - interval '2 minutes'",
    "busy": "SELECT worker_id, count(*) FROM diocese_work_assignments WHERE status = 'processing' GROUP BY 1",
    "stuck": "SELECT id, diocese_id FROM diocese_work_assignments WHERE status = 'processing' AND assigned_at < now() - interval '1 hour'",
}
"""What dashboards and scripts ask of the earlier system."""


async def test_each_old_query_is_answered(dsn: str, empty_dsn: str) -> None:
    """After an import each query that watched the old tables runs on the views and counts what is here."""
    old = await asyncpg.connect(empty_dsn)
    await old.execute(OLD)
    await old.close()
    database = Database(dsn)
    await take_over(database, await read_old(empty_dsn), source="http://conference.example.org/dioceses")
    async with database.connection() as conn:
        answers = {name: await conn.fetch(sql) for name, sql in QUERIES.items()}
    await database.close()
    assert answers["dioceses"][0][0] == 2
    assert {row["found"]: row["count"] for row in answers["found"]} == {"Not Found": 2}
    assert [row["Name"] for row in answers["blocked"]] == ["Diocese of Joplin"]
    assert answers["overrides"][0][0] == 1
    assert sum(row["count"] for row in answers["by diocese"]) == 6
    assert answers["located"][0][0] == 1
    assert answers["facts"] == [], "facts without evidence are not shown as facts"
    assert answers["fresh"][0][0] == 0, "what was taken over keeps the day on which it was seen"


async def test_a_service_time_stands_for_each_parish_of_its_site(dsn: str) -> None:
    """Confession and adoration that hold now are shown in the page's words; Masses and what has ended are not."""
    database = Database(dsn)
    async with database.connection() as conn:
        await conn.execute(SITE)
        rows = await conn.fetch('SELECT * FROM "ParishData" ORDER BY fact_type, parish_id')
    await database.close()
    assert [(row["fact_type"], row["parish_id"], row["fact_value"]) for row in rows] == [
        ("AdorationSchedule", 1, "First Friday 9 to 5"),
        ("AdorationSchedule", 2, "First Friday 9 to 5"),
        ("ReconciliationSchedule", 1, "Saturdays 3 to 4"),
        ("ReconciliationSchedule", 2, "Saturdays 3 to 4"),
    ]
    assert {(row["fact_source_url"], float(row["confidence_score"])) for row in rows} == {("http://a.org/t", 0.9)}


SITE = """
INSERT INTO diocese (id, name, source) OVERRIDING SYSTEM VALUE VALUES (1, 'Diocese of Salina', 'x');
INSERT INTO parish (id, diocese_id, identity, name, kind, status) OVERRIDING SYSTEM VALUE VALUES
    (1, 1, 'a', 'A', 'parish', 'active'), (2, 1, 'b', 'B', 'parish', 'active');
INSERT INTO site (id, key, url, host) OVERRIDING SYSTEM VALUE VALUES (1, 'a.org', 'http://a.org', 'a.org');
INSERT INTO parish_site (parish_id, site_id) VALUES (1, 1), (2, 1);
INSERT INTO service_time (site_id, identity, service, kind, status, evidence, confidence, extractor, first_seen, last_seen, last_verified, ended_at)
SELECT 1, service || quote, service, 'regular', status, jsonb_build_object('quote', quote, 'content_hash', 'h', 'url', 'http://a.org/t'), 0.9, 'x',
       current_date, current_date, current_date, ended
FROM (VALUES ('confession', 'Saturdays 3 to 4', 'active', NULL::timestamptz), ('adoration', 'First Friday 9 to 5', 'active', NULL),
             ('confession', 'Fridays at 7', 'active', now()), ('confession', 'Mondays at 7', 'suspended', NULL), ('mass', 'Sunday 8', 'active', NULL))
     AS t (service, quote, status, ended);
"""
