"""GeoJSON (RFC 7946): one Point a parish, for those whose coordinates a page prints; none is geocoded or guessed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from vitality.reports.array_file import ArrayFile
from vitality.reports.columns import name_source
from vitality.reports.rows import ParishEntry, TimeRow
from vitality.reports.words import address
from vitality.reports.writer import Writer, evidence_json

_TIME_FIELDS = (
    "service", "subtype", "kind", "days", "dates", "start", "end", "start_rel", "end_rel", "language", "rite", "location",
    "season", "except", "by_appointment", "notes", "inferred", "confidence",
)  # fmt: skip


class GeoJsonWriter(Writer):
    """Writes active parishes with their current times as properties."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        super().__init__(folder, made_at)
        self._file = ArrayFile(folder / "parishes.geojson", {"type": "FeatureCollection"}, "features")

    def add(self, entry: ParishEntry) -> None:
        parish = entry.row.parish
        if not self.is_open(entry):
            return
        if parish.latitude is None or parish.longitude is None:
            self.left_out["parish: no coordinates printed"] += 1
            return
        if entry.row.derived.misplaced:
            self.left_out["parish: coordinates far from its ZIP code"] += 1
            return
        point = {"type": "Point", "coordinates": [parish.longitude, parish.latitude]}
        times = [_time(row) for row in self.current(entry)]
        properties = _properties(entry) | {"service_times": times}
        self._file.add({"type": "Feature", "id": entry.row.id, "geometry": point, "properties": properties})
        self.rows += 1

    def close(self) -> None:
        self._file.close()


def _properties(entry: ParishEntry) -> dict[str, object]:
    row, name = entry.row, name_source(entry)
    place = row.sources.get("latitude") or name
    verified = (place and place.last_seen) or row.last_seen
    return {
        "name": row.parish.name,
        "kind": row.parish.kind,
        "diocese": row.diocese,
        "address": address(row.parish) or None,
        "phone": row.parish.phone,
        "website": row.parish.website,
        "evidence": {
            "url": place.url if place else None,
            "quote": place.quote if place else None,
            "content_hash": place.content_hash if place else None,
            "last_verified": verified.isoformat() if verified else None,
        },
    }


def _time(row: TimeRow) -> dict[str, object]:
    fields = row.time.as_json()
    stated = {name: fields[name] for name in _TIME_FIELDS if fields[name] not in (None, [], False)}
    shared = {"shared_with": list(row.shared_with)} if row.shared_with else {}
    return stated | shared | {"evidence": evidence_json(row)}
