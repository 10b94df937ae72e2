"""Service times of a site: what its last reading showed, and the history of what it showed before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Literal

from vitality.records import ServiceTime, TimeStatus
from vitality.storage import queries
from vitality.storage.database import Connection

SQL = queries.load(Path(__file__).with_name("findings.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChanges:
    """What a reading of a site changed."""

    found: int
    added: int
    ended: int
    superseded: int


def identity(item: ServiceTime) -> str:
    """What makes two readings speak of one service: all that says which, when and where, not the words for it."""
    parts = [
        item.service,
        item.kind,
        sorted(item.days),
        sorted(item.dates),
        item.start,
        item.start_rel.model_dump() if item.start_rel else None,
        item.end_rel.model_dump() if item.end_rel and not item.start else None,
        sorted(item.language),
        item.location,
        item.season,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


async def save(conn: Connection, site_id: int, items: Sequence[ServiceTime], *, today: date) -> TimeChanges:
    """Keeps a reading that succeeded: new rows begin, seen ones are confirmed, the others end and stay as history."""
    by_identity: dict[str, ServiceTime] = {}
    for item in items:
        by_identity.setdefault(identity(item), item)
    current = await conn.fetch(SQL["current_times"], site_id)
    gone = sorted(row["id"] for row in current if row["identity"] not in by_identity)
    await conn.execute(SQL["end_times"], gone)
    added = 0
    for key in sorted(by_identity):
        added += await conn.fetchval(SQL["save_time"], site_id, key, *_values(by_identity[key], today))
    superseded = sum(item.status is TimeStatus.SUPERSEDED for item in by_identity.values())
    return TimeChanges(found=len(by_identity), added=added, ended=len(gone), superseded=superseded)


def _values(item: ServiceTime, today: date) -> list[object]:
    return [
        item.service,
        list(item.days),
        list(item.dates),
        item.kind,
        time.fromisoformat(item.start) if item.start else None,
        time.fromisoformat(item.end) if item.end else None,
        item.start_rel.model_dump(mode="json") if item.start_rel else None,
        item.end_rel.model_dump(mode="json") if item.end_rel else None,
        item.subtype,
        list(item.language),
        item.rite,
        item.location,
        item.season,
        list(item.except_),
        item.by_appointment,
        item.status,
        item.notes,
        list(item.inferred),
        item.evidence.model_dump(mode="json"),
        item.confidence,
        item.extractor,
        today,
    ]


async def note_reading(
    conn: Connection,
    site_id: int,
    outcome: Literal["read", "empty", "blocked", "failed"],
    *,
    reason: str | None = None,
    requests: int = 0,
    pages: Sequence[str] = (),
    changes: TimeChanges | None = None,
) -> None:
    """Logs one reading of a site; a reading that failed changes no service time."""
    found, added, superseded = (changes.found, changes.added, changes.superseded) if changes else (0, 0, 0)
    await conn.execute(SQL["note_reading"], site_id, outcome, reason, requests, list(pages), found, added, superseded)
    await conn.execute(SQL["update_site"], site_id, outcome, reason)
