"""Parishes and service times as flat rows, for the formats that are tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from vitality.reports.rows import FactSource, ParishEntry, ParishRow, TimeRow
from vitality.reports.writer import dump

PARISH_FIELDS = (
    "name", "alternate_names", "kind", "status", "merged_into", "rite", "street", "city", "state", "zip", "latitude",
    "longitude", "phone", "email", "website", "pastor", "deanery", "mailing_address", "mother_parish", "languages",
    "directory_url", "detail_url",
)  # fmt: skip
TIME_FIELDS = (
    "service", "subtype", "kind", "days", "dates", "language", "rite", "location", "season", "by_appointment", "status",
    "notes", "inferred", "confidence", "extractor", "first_seen", "last_seen", "last_verified",
)  # fmt: skip


def parish_row(entry: ParishEntry) -> dict[str, Any]:
    """The parish; its evidence is where its name stands, `sources` (JSON) says where each field stands."""
    row, name = entry.row, name_source(entry)
    fields = {field: getattr(row.parish, field) for field in PARISH_FIELDS}
    sites = {"sites": [site.url for site in row.sites], "site_states": [site.state.value for site in row.sites]}
    return {
        "parish_id": row.id,
        "diocese": row.diocese,
        **{key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()},
        **sites,
        **derived_fields(row),
        "status_since": row.status_since,
        "missing_since": row.missing_since,
        "evidence_url": name.url if name else None,
        "evidence_quote": name.quote if name else None,
        "evidence_hash": name.content_hash if name else None,
        "last_verified": (name and name.last_seen) or row.last_seen,
        "sources": dump(sources_json(entry)),
    }


def derived_fields(row: ParishRow) -> dict[str, Any]:
    """What no page prints, under names that say so; `doubts` are contradictions between printed values."""
    return {
        "timezone": row.timezone,
        "zip_state": row.derived.state,
        "zip_latitude": row.derived.latitude,
        "zip_longitude": row.derived.longitude,
        "doubts": list(row.derived.doubts),
    }


def name_source(entry: ParishEntry) -> FactSource | None:
    """Where the parish is named: the source of its name, else the directory or detail page it was read from."""
    parish = entry.row.parish
    if found := entry.row.sources.get("name"):
        return found
    url = parish.directory_url or parish.detail_url
    return FactSource(url=url, last_seen=entry.row.last_seen) if url else None


def sources_json(entry: ParishEntry) -> dict[str, dict[str, str | None]]:
    """Field name to the page that states it."""
    return {
        name: {
            "url": source.url,
            "last_seen": source.last_seen.isoformat() if source.last_seen else None,
            "content_hash": source.content_hash,
            "quote": source.quote,
        }
        for name, source in sorted(entry.row.sources.items())
    }


def time_rows(entry: ParishEntry) -> Iterator[dict[str, Any]]:
    """The service times, one row each, superseded and ended ones too: `status` and `ended` say so,
    `current` sums it up: of a parish that is closed or no longer listed none is.
    """
    for row in entry.times:
        yield _place(entry) | _time(entry, row) | _evidence(row)


def _place(entry: ParishEntry) -> dict[str, Any]:
    parish = entry.row.parish
    return {
        "parish_id": entry.row.id,
        "diocese": entry.row.diocese,
        "parish": parish.name,
        "city": parish.city,
        "state": parish.state,
        "parish_status": parish.status.value,
    }


def _time(entry: ParishEntry, row: TimeRow) -> dict[str, Any]:
    item = row.time
    fields = {field: getattr(item, field) for field in TIME_FIELDS}
    return {
        "service_time_id": row.id,
        "current": entry.holds(row),
        "ended": row.ended,
        **{key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()},
        "start": time.fromisoformat(item.start) if item.start else None,
        "end": time.fromisoformat(item.end) if item.end else None,
        "start_rel": item.start_rel and item.start_rel.model_dump(),
        "end_rel": item.end_rel and item.end_rel.model_dump(),
        "except": list(item.except_),
        "shared_with": list(row.shared_with),
    }


def _evidence(row: TimeRow) -> dict[str, Any]:
    found = row.time.evidence
    return {
        "evidence_url": found.url,
        "evidence_quote": found.quote,
        "evidence_hash": found.content_hash,
        "evidence_start": found.start,
        "evidence_end": found.end,
    }


def as_text(value: object) -> str:
    """A cell as text: lists joined with `; `, times `HH:MM`, dates ISO, absent values empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return dump(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
