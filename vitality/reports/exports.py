"""The exports that an analyst takes away: one pass over the parishes writes any number of formats."""

from __future__ import annotations

from collections.abc import AsyncIterable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from anyio import to_thread

from vitality.reports.batches import batches
from vitality.reports.csv_export import CsvWriter
from vitality.reports.folder import MARK, replaced_folder
from vitality.reports.geojson_export import GeoJsonWriter
from vitality.reports.ical_export import IcalWriter
from vitality.reports.jsonl_export import JsonLinesWriter
from vitality.reports.jsonld_export import JsonLdWriter
from vitality.reports.parquet_export import ParquetWriter
from vitality.reports.rows import ParishEntry
from vitality.reports.writer import Writer


class ExportKind(StrEnum):
    """The formats; the value is the name of the folder of each."""

    CSV = "csv"
    PARQUET = "parquet"
    GEOJSON = "geojson"
    ICAL = "ical"
    JSONLD = "jsonld"
    JSONL = "jsonl"


FORMATS: tuple[str, ...] = tuple(kind.value for kind in ExportKind)

WRITERS: Mapping[ExportKind, type[Writer]] = {
    ExportKind.CSV: CsvWriter,
    ExportKind.PARQUET: ParquetWriter,
    ExportKind.GEOJSON: GeoJsonWriter,
    ExportKind.ICAL: IcalWriter,
    ExportKind.JSONLD: JsonLdWriter,
    ExportKind.JSONL: JsonLinesWriter,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What an export made: its files, how many records they hold, and how many it left out, by reason."""

    kind: ExportKind
    files: tuple[Path, ...]
    rows: int
    left_out: Mapping[str, int]


async def export(
    kinds: Collection[ExportKind], entries: AsyncIterable[ParishEntry], folder: Path, *, made_at: datetime
) -> tuple[ExportSummary, ...]:
    """Write each kind into `folder/<kind>`, which is replaced as a whole when all of it is written.

    `made_at` (aware) is the database's time of the read; the same entries and time give the same bytes.
    Raises FolderUnusable; after any error the folders are as they were.
    """
    with ExitStack() as stack:
        writers = {kind: _open(stack, kind, folder, made_at) for kind in dict.fromkeys(kinds)}
        async for batch in batches(entries):
            await to_thread.run_sync(_add_all, tuple(writers.values()), batch)
        return await to_thread.run_sync(_finish, stack, writers, folder)


def _open(stack: ExitStack, kind: ExportKind, folder: Path, made_at: datetime) -> Writer:
    writer = WRITERS[kind](stack.enter_context(replaced_folder(folder / kind)), made_at)
    stack.callback(writer.close)
    return writer


def _add_all(writers: Sequence[Writer], entries: Sequence[ParishEntry]) -> None:
    for entry in entries:
        for writer in writers:
            writer.add(entry)


def _finish(stack: ExitStack, writers: Mapping[ExportKind, Writer], folder: Path) -> tuple[ExportSummary, ...]:
    stack.close()
    return tuple(_summary(kind, writer, folder / kind) for kind, writer in writers.items())


def _summary(kind: ExportKind, writer: Writer, folder: Path) -> ExportSummary:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MARK)
    left_out = dict(sorted(writer.left_out.items()))
    return ExportSummary(kind=kind, files=tuple(files), rows=writer.rows, left_out=left_out)
