"""The report and the exports, read from the database and written as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vitality.reports import source
from vitality.reports.exports import ExportKind, export
from vitality.reports.report import write_report
from vitality.roles.reporting import Made
from vitality.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made, in sentences for a person."""

    files: tuple[Path, ...]
    lines: tuple[str, ...]


async def render_exports(conn: Connection, folder: Path, formats: Sequence[str]) -> Exported:
    """Writes the named formats; `conn` is in a transaction, so that all show one state."""
    kinds = [ExportKind(each) for each in formats]
    made_at = await conn.fetchval("SELECT now()")
    summaries = await export(kinds, source.entries(conn), folder, made_at=made_at)
    lines = []
    for each in summaries:
        left_out = "; ".join(f"{count} left out: {reason}" for reason, count in each.left_out.items())
        lines.append(
            f"{each.kind.value}: {each.rows} records in {len(each.files)} files{'; ' if left_out else ''}{left_out}"
        )
    return Exported(tuple(file for each in summaries for file in each.files), tuple(lines))


async def render_report(conn: Connection, folder: Path) -> Made:
    """Writes the report's pages and tables; `conn` is in a transaction, so that all show one state."""
    data = await source.report_data(conn)
    files = await write_report(data, source.entries(conn), folder)
    return Made(
        files=tuple(str(file) for file in files),
        counts={
            "dioceses": len(data.dioceses),
            "parishes": sum(each.parishes for each in data.dioceses),
            "service_times": sum(each.service_times for each in data.dioceses),
        },
    )
