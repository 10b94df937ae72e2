"""Where the rows of the report and of the exports come from: queries on the database, turned into typed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vitality.records import Evidence, Parish, RelativeTime, ServiceTime
from vitality.reports.rows import (
    ChangeRow,
    CountRow,
    DioceseRow,
    DirectoryState,
    FactSource,
    FailureRow,
    OldestRow,
    ParishEntry,
    ParishRow,
    ReportData,
    SiteRow,
    SiteState,
    TimeRow,
    VerifiedRow,
)
from vitality.storage import queries
from vitality.storage.database import Connection, Database
from vitality.storage.derived import Derived, derive

SQL = queries.load(Path(__file__).with_name("source.sql"))
Row = Mapping[str, Any]
PARISH_COLUMNS = tuple(name for name in Parish.model_fields if name not in ("diocese", "sources", "page_hashes"))


@asynccontextmanager
async def one_state(database: Database) -> AsyncIterator[Connection]:
    """A connection whose queries all see the database as it was at the first of them."""
    async with database.transaction() as conn:
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Between two reads stands the writing of files, which may take longer than other transactions may idle.
        await conn.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        yield conn


async def fingerprint(conn: Connection) -> str:
    """Changes when anything that a report shows has changed."""
    return str(await conn.fetchval(SQL["fingerprint"]))


async def last_fingerprint(conn: Connection) -> str | None:
    """The fingerprint of the last report; None when there was none."""
    row = await conn.fetchrow(SQL["last_report"])
    return None if row is None else str(row["fingerprint"])


async def note_report(
    conn: Connection, mark: str, folder: str, files: Sequence[str], counts: Mapping[str, int]
) -> None:
    """Keeps that a report was made from the state named by `mark`."""
    await conn.execute(SQL["note_report"], mark, folder, list(files), dict(counts))


async def report_data(conn: Connection) -> ReportData:
    """All of a report but its parishes; call it in one transaction with `entries` for one state of the database."""
    last = await conn.fetchrow(SQL["last_report"])
    since: datetime | None = last["made_at"] if last else None
    changes = await conn.fetch(SQL["changes"], since) if since else []
    return ReportData(
        made_at=await conn.fetchval("SELECT now()"),
        database_state=f"fingerprint {await fingerprint(conn)}",
        since=since,
        dioceses=tuple(_diocese(_map(row)) for row in await conn.fetch(SQL["dioceses"])),
        verified=tuple(VerifiedRow(**_map(row)) for row in await conn.fetch(SQL["verified"])),
        oldest=tuple(_oldest(_map(row)) for row in await conn.fetch(SQL["oldest"])),
        failures=tuple(FailureRow(**_map(row)) for row in await conn.fetch(SQL["failures"])),
        counts=tuple(CountRow(**_map(row)) for row in await conn.fetch(SQL["counts"])),
        changes=tuple(ChangeRow(**_map(row)) for row in changes),
    )


def _map(row: Any) -> dict[str, Any]:
    return dict(row)


def _diocese(row: Row) -> DioceseRow:
    return DioceseRow(
        id=row["id"],
        name=row["name"],
        city=row["city"],
        state=row["state"],
        website=row["website"],
        source_url=row["source"],
        directory=DirectoryState(row["directory"] or "pending"),
        directory_url=row["directory_url"],
        layout=row["layout"],
        reason=row["reason"],
        checked_at=row["checked_at"],
        parishes=row["parishes"],
        sites_known=row["known"],
        sites_read=row["read"],
        sites_blocked=row["blocked"],
        sites_failed=row["failed"],
        sunday_mass_known=row["sunday"],
        service_times=int(row["times"]),
    )


def _oldest(row: Row) -> OldestRow:
    return OldestRow(
        parish_id=row["id"],
        parish=row["name"],
        diocese=row["diocese"],
        last_verified=row["last_verified"],
        times=row["times"],
    )


async def entries(conn: Connection) -> AsyncIterator[ParishEntry]:
    """Every parish with its sites and service times, in the order of ids, read 500 at a time."""
    after = 0
    while batch := [_map(row) for row in await conn.fetch(SQL["parishes"], after)]:
        after = batch[-1]["id"]
        sites = defaultdict(list)
        for row in await conn.fetch(SQL["sites"], [each["id"] for each in batch]):
            sites[row["parish_id"]].append(_map(row))
        times = defaultdict(list)
        site_ids = sorted({site["id"] for of_parish in sites.values() for site in of_parish})
        for row in await conn.fetch(SQL["times"], site_ids):
            times[row["site_id"]].append(_map(row))
        for each in batch:
            yield _entry(each, sites[each["id"]], times)


def _entry(row: Row, sites: Sequence[Row], times: Mapping[int, Sequence[Row]]) -> ParishEntry:
    rows = [
        TimeRow(
            id=time["id"],
            time=service_time(time),
            shared_with=tuple(site["others"] or ()),
            ended=time["ended_at"].date() if time["ended_at"] else None,
        )
        for site in sites
        for time in times.get(site["id"], ())
    ]
    return ParishEntry(row=_parish(row, sites), times=tuple(rows))


def _parish(row: Row, sites: Sequence[Row]) -> ParishRow:
    sources = {
        name: FactSource(
            url=source["url"],
            last_seen=date.fromisoformat(source["last_seen"]),
            content_hash=source.get("content_hash"),
        )
        for name, source in row["sources"].items()
    }
    parish = Parish(**{name: row[name] for name in PARISH_COLUMNS}, diocese=row["diocese_name"])
    return ParishRow(
        id=row["id"],
        diocese_id=row["diocese_id"],
        diocese=row["diocese_name"],
        parish=parish,
        sources=sources,
        sites=tuple(
            SiteRow(url=s["url"], state=SiteState(s["state"]), reason=s["reason"], last_read_at=s["last_read_at"])
            for s in sites
        ),
        derived=Derived(**row["derived"]) if row["derived"] else derive(parish),
        status_since=row["status_since"].date() if row["status_since"] else None,
        last_seen=row["last_seen"].date(),
        missing_since=row["missing_since"].date() if row["missing_since"] else None,
    )


def service_time(row: Row) -> ServiceTime:
    """A stored row as the record that was read."""
    return ServiceTime(
        service=row["service"],
        days=row["days"],
        dates=row["dates"],
        kind=row["kind"],
        start=f"{row['starts']:%H:%M}" if row["starts"] else None,
        end=f"{row['ends']:%H:%M}" if row["ends"] else None,
        start_rel=RelativeTime(**row["start_rel"]) if row["start_rel"] else None,
        end_rel=RelativeTime(**row["end_rel"]) if row["end_rel"] else None,
        subtype=row["subtype"],
        language=row["language"],
        rite=row["rite"],
        location=row["location"],
        season=row["season"],
        except_=row["except_on"],
        by_appointment=row["by_appointment"],
        status=row["status"],
        notes=row["notes"],
        inferred=row["inferred"],
        evidence=Evidence(**row["evidence"]),
        confidence=round(row["confidence"], 4),
        extractor=row["extractor"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        last_verified=row["last_verified"],
    )
