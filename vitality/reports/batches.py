"""A stream of parishes cut into batches that are written on a thread, while the event loop goes on."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Sequence

from vitality.reports.rows import ParishEntry

BATCH = 100


async def batches(entries: AsyncIterable[ParishEntry], size: int = BATCH) -> AsyncIterator[Sequence[ParishEntry]]:
    """The entries, `size` at a time."""
    batch: list[ParishEntry] = []
    async for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
