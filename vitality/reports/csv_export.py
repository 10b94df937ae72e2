"""CSV (RFC 4180, UTF-8): `parishes.csv` and `service_times.csv`, joined by `parish_id`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from vitality.reports.columns import as_text, parish_row, time_rows
from vitality.reports.rows import ParishEntry
from vitality.reports.schema import PARISH_COLUMNS, TIME_COLUMNS
from vitality.reports.writer import Writer


class Table:
    """One CSV file with a fixed heading. Cells are literal: a quote from a page is never changed to please a spreadsheet."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.DictWriter(self._file, list(columns))
        self._rows.writeheader()

    def add(self, row: Mapping[str, object]) -> None:
        self._rows.writerow({column: as_text(value) for column, value in row.items()})

    def close(self) -> None:
        self._file.close()


class CsvWriter(Writer):
    """Writes every parish and every service time, superseded ones with their status."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        super().__init__(folder, made_at)
        self._parishes = Table(folder / "parishes.csv", PARISH_COLUMNS)
        self._times = Table(folder / "service_times.csv", TIME_COLUMNS)

    def add(self, entry: ParishEntry) -> None:
        self._parishes.add(parish_row(entry))
        for row in time_rows(entry):
            self._times.add(row)
        self.rows += 1 + len(entry.times)

    def close(self) -> None:
        self._parishes.close()
        self._times.close()
