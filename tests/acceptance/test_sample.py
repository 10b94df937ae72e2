"""What the whole line finds on the sample web is what stands there, as its author wrote it down."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.crew import Crew

pytestmark = pytest.mark.acceptance

EXPECTED: dict[str, Any] = json.loads(Path(__file__).with_name("sample_web_expected.json").read_text("utf-8"))


async def rows(crew: Crew, sql: str) -> list[dict[str, Any]]:
    """The rows of a query."""
    async with crew.database() as connection:
        return [dict(row) for row in await connection.fetch(sql)]


async def test_one_process_finds_what_stands_in_the_sample_web(crew: Crew) -> None:
    """Dioceses, directories, parishes and the states of their sites are exactly those; every time has its evidence."""
    worker = crew.start("all", "--until-idle")
    assert await crew.ended(worker, 120) == 0, crew.log_of(worker)

    fields = ("name", "address", "city", "state", "zip", "website")
    found = await rows(crew, f"SELECT {', '.join(fields)} FROM diocese")
    assert sorted(found, key=lambda row: row["name"]) == sorted(EXPECTED["dioceses"], key=lambda row: row["name"])

    directories = {row["url"] for row in await rows(crew, "SELECT url FROM directory WHERE state = 'found'")}
    assert directories == {each["url"] for each in EXPECTED["directories"].values()}

    parishes = await rows(crew, "SELECT name, city FROM parish WHERE status = 'active' AND missing_since IS NULL")
    wanted = [(p["name"], p["city"]) for each in EXPECTED["directories"].values() for p in each["parishes"]]
    assert sorted((row["name"], row["city"]) for row in parishes) == sorted(wanted)

    states = {row["host"]: row["state"] for row in await rows(crew, "SELECT host, state FROM site")}
    assert {host for host, state in states.items() if state == "blocked"} == set(EXPECTED["blocked"])
    assert {host for host, state in states.items() if state == "failed"} == set(EXPECTED["failed"])

    evidence = await rows(
        crew,
        "SELECT t.evidence, coalesce(p.text, p.body) AS stored"
        " FROM service_time t LEFT JOIN stored_page p ON p.hash = t.evidence ->> 'content_hash'",
    )
    assert evidence
    for row in evidence:
        said = json.loads(row["evidence"])
        assert row["stored"], f"the page is kept: {said['url']}"
        assert zlib.decompress(row["stored"]).decode()[said["start"] : said["end"]] == said["quote"]


async def test_no_time_is_published_that_is_not_in_the_sample_web(crew: Crew) -> None:
    """Of the Masses and confessions of the standing schedules none is invented, and nearly all are found."""
    worker = crew.start("all", "--until-idle")
    assert await crew.ended(worker, 120) == 0, crew.log_of(worker)
    found = {
        (row["host"], row["service"], day, f"{row['starts']:%H:%M}")
        for row in await rows(
            crew,
            "SELECT s.host, t.service, t.days, t.starts FROM service_time t JOIN site s ON s.id = t.site_id"
            " WHERE t.ended_at IS NULL AND t.status = 'active' AND t.kind = 'regular' AND t.starts IS NOT NULL"
            " AND t.service IN ('mass', 'confession')",
        )
        for day in row["days"]
    }
    wanted = {
        (host, time["service"], day, time["start"])
        for host, times in EXPECTED["service_times"].items()
        for time in times
        if time["service"] in ("mass", "confession") and time["start"]
        for day in time["days"]
    }
    assert found - wanted == set()
    assert len(found & wanted) >= 0.95 * len(wanted)
