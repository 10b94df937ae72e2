"""Parquet with typed columns: `parishes.parquet` and `service_times.parquet`, joined by `parish_id`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vitality.reports.columns import parish_row, time_rows
from vitality.reports.rows import ParishEntry
from vitality.reports.schema import PARISH_SCHEMA, TIME_SCHEMA
from vitality.reports.writer import Writer

ROW_GROUP = 10_000
"""Rows held in memory and written together."""


class Table:
    """One Parquet file, written in row groups."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[Mapping[str, object]] = []

    def add(self, row: Mapping[str, object]) -> None:
        self._waiting.append(row)
        if len(self._waiting) >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting.clear()


class ParquetWriter(Writer):
    """Writes every parish and every service time, superseded ones with their status."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        super().__init__(folder, made_at)
        self._parishes = Table(folder / "parishes.parquet", PARISH_SCHEMA)
        self._times = Table(folder / "service_times.parquet", TIME_SCHEMA)

    def add(self, entry: ParishEntry) -> None:
        self._parishes.add(parish_row(entry))
        for row in time_rows(entry):
            self._times.add(row)
        self.rows += 1 + len(entry.times)

    def close(self) -> None:
        self._parishes.close()
        self._times.close()
