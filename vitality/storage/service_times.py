"""Service times of a site, with their history.

A reading of a site replaces its schedule: what it shows again is verified, what is new begins, what it no longer
shows ends. Nothing is deleted, and a reading that failed, or that found no times at all, changes nothing: old times
then only grow old, and `last_verified` says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Final, Literal

import asyncpg

from vitality.records import Evidence, RelativeTime, ServiceTime
from vitality.storage.database import Connection
from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("service_times.sql"))
Outcome = Literal["read", "empty", "blocked", "failed"]
NOT_IDENTITY: Final = frozenset(
    ("evidence", "confidence", "extractor", "notes", "inferred", "first_seen", "last_seen", "last_verified")
)
"""Fields that may change while it is still the same service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChanges:
    """What a reading changed."""

    added: int
    verified: int
    ended: int


def identity(one: ServiceTime) -> str:
    """The same for two readings of the same service: a hash of all that a church-goer would act on."""
    said = one.model_dump(mode="json", exclude=set(NOT_IDENTITY))
    for name in ("days", "dates", "language", "except_"):
        said[name] = sorted(said[name])
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


async def save(
    connection: Connection, site_id: int, times: Sequence[ServiceTime], *, today: date, complete: bool = True
) -> TimeChanges:
    """Replaces a site's schedule by a reading of it.

    Times that the reading does not show end only if it is `complete` and shows any time at all.
    """
    await connection.execute(SQL["lock_site"], site_id)
    rows = await connection.fetch(SQL["current_identities"], site_id)
    known = {row["identity"] for row in rows}
    found = {identity(one): one for one in times}
    same = [(site_id, key, today, *_evidence(one)) for key, one in found.items() if key in known]
    new = [(site_id, key, today, *_evidence(one), *_facts(one)) for key, one in found.items() if key not in known]
    await connection.executemany(SQL["verify"], same)
    await connection.executemany(SQL["begin"], new)
    gone = sorted(known - found.keys()) if complete and found else []
    await connection.execute(SQL["end"], site_id, gone)
    return TimeChanges(added=len(new), verified=len(same), ended=len(gone))


async def note_reading(
    connection: Connection,
    site_id: int,
    outcome: Outcome,
    *,
    reason: str | None = None,
    requests: int = 0,
    pages: Sequence[str] = (),
    changes: TimeChanges | None = None,
) -> None:
    """Keeps how a visit of a site ended, and that as the site's state."""
    done = changes or TimeChanges(added=0, verified=0, ended=0)
    why = None if reason is None else reason.replace("\x00", "�")
    values = (outcome, why, requests, list(pages), done.added + done.verified, done.added, done.ended)
    await connection.execute(SQL["note_reading"], site_id, *values)
    await connection.execute(SQL["note_state"], site_id, outcome, why)


async def of_site(connection: Connection, site_id: int, *, history: bool = False) -> list[ServiceTime]:
    """The current times of a site, by id; with `history` the ended ones too."""
    return [stored_time(row) for row in await connection.fetch(SQL["of_site"], site_id, history)]


def _evidence(one: ServiceTime) -> tuple[object, ...]:
    evidence = one.evidence.model_dump(mode="json")
    return evidence, one.confidence, one.extractor, one.notes, list(one.inferred)


def _facts(one: ServiceTime) -> tuple[object, ...]:
    return (
        one.service.value,
        list(one.days),
        list(one.dates),
        one.kind,
        time.fromisoformat(one.start) if one.start else None,
        time.fromisoformat(one.end) if one.end else None,
        one.start_rel.model_dump(mode="json") if one.start_rel else None,
        one.end_rel.model_dump(mode="json") if one.end_rel else None,
        one.subtype.value if one.subtype else None,
        list(one.language),
        one.rite,
        one.location,
        one.season,
        list(one.except_),
        one.by_appointment,
        one.status.value,
    )


def stored_time(row: asyncpg.Record) -> ServiceTime:
    """A row of `service_time` as the record that was read."""
    same = ("service", "days", "dates", "kind", "subtype", "language", "rite", "location", "season", "by_appointment")
    history = ("status", "notes", "inferred", "extractor", "first_seen", "last_seen", "last_verified")
    return ServiceTime(
        **{name: row[name] for name in (*same, *history)},
        start=f"{row['starts']:%H:%M}" if row["starts"] is not None else None,
        end=f"{row['ends']:%H:%M}" if row["ends"] is not None else None,
        start_rel=RelativeTime(**row["start_rel"]) if row["start_rel"] else None,
        end_rel=RelativeTime(**row["end_rel"]) if row["end_rel"] else None,
        except_=row["except_on"],
        evidence=Evidence(**row["evidence"]),
        confidence=round(row["confidence"], 4),
    )
