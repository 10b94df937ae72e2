"""Names and Arrow types of the columns of `columns.py`, in the order of the files."""

from __future__ import annotations

import pyarrow as pa

_TEXT, _TEXTS, _DAY = pa.string(), pa.list_(pa.string()), pa.date32()
_RELATIVE = pa.struct(
    [("anchor", _TEXT), ("anchor_time", _TEXT), ("edge", _TEXT), ("offset_min", pa.int32())],
)

PARISH_SCHEMA = pa.schema(
    [
        pa.field("parish_id", pa.int64(), nullable=False),
        ("diocese", _TEXT), ("name", _TEXT), ("alternate_names", _TEXTS), ("kind", _TEXT), ("status", _TEXT),
        ("merged_into", _TEXT), ("rite", _TEXT), ("street", _TEXT), ("city", _TEXT), ("state", _TEXT), ("zip", _TEXT),
        ("latitude", pa.float64()), ("longitude", pa.float64()), ("phone", _TEXT), ("email", _TEXT), ("website", _TEXT),
        ("pastor", _TEXT), ("deanery", _TEXT), ("mailing_address", _TEXT), ("mother_parish", _TEXT),
        ("languages", _TEXTS), ("directory_url", _TEXT), ("detail_url", _TEXT), ("sites", _TEXTS),
        ("site_states", _TEXTS), ("timezone", _TEXT), ("zip_state", _TEXT), ("zip_latitude", pa.float64()),
        ("zip_longitude", pa.float64()), ("doubts", _TEXTS), ("status_since", _DAY), ("missing_since", _DAY), ("evidence_url", _TEXT), ("evidence_quote", _TEXT),
        ("evidence_hash", _TEXT), ("last_verified", _DAY), ("sources", _TEXT),
    ]
)  # fmt: skip
TIME_SCHEMA = pa.schema(
    [
        pa.field("service_time_id", pa.int64(), nullable=False),
        pa.field("parish_id", pa.int64(), nullable=False),
        ("diocese", _TEXT), ("parish", _TEXT), ("city", _TEXT), ("state", _TEXT), ("parish_status", _TEXT),
        pa.field("current", pa.bool_(), nullable=False),
        ("service", _TEXT), ("subtype", _TEXT), ("kind", _TEXT), ("days", _TEXTS), ("dates", _TEXTS),
        ("start", pa.time32("ms")), ("end", pa.time32("ms")), ("start_rel", _RELATIVE), ("end_rel", _RELATIVE),
        ("language", _TEXTS), ("rite", _TEXT), ("location", _TEXT), ("season", _TEXT), ("except", _TEXTS),
        ("by_appointment", pa.bool_()), ("status", _TEXT), ("ended", _DAY), ("notes", _TEXT), ("inferred", _TEXTS),
        ("shared_with", _TEXTS), ("evidence_url", _TEXT), ("evidence_quote", _TEXT), ("evidence_hash", _TEXT),
        ("evidence_start", pa.int64()), ("evidence_end", pa.int64()), ("confidence", pa.float64()),
        ("first_seen", _DAY), ("last_seen", _DAY), ("last_verified", _DAY), ("extractor", _TEXT),
    ]
)  # fmt: skip
PARISH_COLUMNS: tuple[str, ...] = tuple(PARISH_SCHEMA.names)
TIME_COLUMNS: tuple[str, ...] = tuple(TIME_SCHEMA.names)
