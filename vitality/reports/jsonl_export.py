"""JSON Lines: `parishes.jsonl` and `service_times.jsonl`, as `vitality read` prints them (docs/exports.md)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from vitality.reports.columns import derived_fields, name_source, sources_json
from vitality.reports.rows import ParishEntry, TimeRow
from vitality.reports.writer import Writer, dump


class JsonLinesWriter(Writer):
    """Writes every parish and every service time, superseded ones with their status."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        super().__init__(folder, made_at)
        self._parishes = (folder / "parishes.jsonl").open("w", encoding="utf-8")
        self._times = (folder / "service_times.jsonl").open("w", encoding="utf-8")

    def add(self, entry: ParishEntry) -> None:
        self._parishes.write(dump(_parish(entry)) + "\n")
        for row in entry.times:
            self._times.write(dump(_time(entry, row)) + "\n")
        self.rows += 1 + len(entry.times)

    def close(self) -> None:
        self._parishes.close()
        self._times.close()


def _parish(entry: ParishEntry) -> dict[str, object]:
    row, name = entry.row, name_source(entry)
    seen = (name and name.last_seen) or row.last_seen
    evidence = {"url": name.url, "quote": name.quote, "content_hash": name.content_hash} if name else None
    return {
        "record": "parish",
        "parish_id": row.id,
        **row.parish.model_dump(mode="json"),
        "diocese": row.diocese,
        "sources": sources_json(entry),
        "sites": [{"url": site.url, "state": site.state, "reason": site.reason} for site in row.sites],
        "derived": derived_fields(row),
        "status_since": row.status_since.isoformat() if row.status_since else None,
        "missing_since": row.missing_since.isoformat() if row.missing_since else None,
        "evidence": evidence,
        "last_verified": seen.isoformat() if seen else None,
    }


def _time(entry: ParishEntry, row: TimeRow) -> dict[str, object]:
    return {
        "record": "service_time",
        "service_time_id": row.id,
        "parish_id": entry.row.id,
        "parish": entry.row.parish.name,
        "diocese": entry.row.diocese,
        "shared_with": list(row.shared_with),
        "current": entry.holds(row),
        "ended": row.ended.isoformat() if row.ended else None,
        **row.time.as_json(),
    }
