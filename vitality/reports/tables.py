"""The figures of a report as CSV files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from vitality.reports.csv_export import Table
from vitality.reports.rows import (
    ChangeRow,
    CountRow,
    DioceseRow,
    FailureRow,
    OldestRow,
    ReportData,
    VerifiedRow,
)  # fmt: skip

TABLES = ("coverage.csv", "freshness.csv", "oldest.csv", "failures.csv", "counts.csv", "changes.csv")


def write_tables(folder: Path, data: ReportData) -> None:
    """Write each of `TABLES`, also those without rows: an empty table says that there is nothing."""
    _write(folder / "coverage.csv", DioceseRow, data.dioceses)
    _write(folder / "freshness.csv", VerifiedRow, data.verified)
    _write(folder / "oldest.csv", OldestRow, data.oldest)
    _write(folder / "failures.csv", FailureRow, data.failures)
    _write(folder / "counts.csv", CountRow, data.counts)
    _write(folder / "changes.csv", ChangeRow, data.changes)


def _write(path: Path, row_type: type, rows: Iterable[Any]) -> None:
    table = Table(path, (each.name for each in fields(row_type)))
    for row in rows:
        table.add(asdict(row))
    table.close()
