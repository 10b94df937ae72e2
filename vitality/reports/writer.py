"""What every export format has in common: entries in, files and counts out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from vitality.records import ParishStatus
from vitality.reports.rows import ParishEntry, TimeRow


class Writer(ABC):
    """Writes one format into a folder, parish by parish, holding no more than a batch in memory.

    `rows` counts the records written, `left_out` those that the format cannot carry, by reason. `made_at` is the
    only time a writer knows, so that the same rows give the same bytes.
    """

    def __init__(self, folder: Path, made_at: datetime) -> None:
        self.folder = folder
        self.made_at = made_at
        self.rows = 0
        self.left_out: Counter[str] = Counter()

    @abstractmethod
    def add(self, entry: ParishEntry) -> None:
        """Write one parish and its times."""

    def close(self) -> None:  # noqa: B027 - a format without an end has nothing to do
        """Write what closes the files, and close them."""

    def is_open(self, entry: ParishEntry) -> bool:
        """Whether a format for visitors may show the parish; if not, it is counted as left out."""
        reason = None
        if entry.row.parish.status is not ParishStatus.ACTIVE:
            reason = "parish: closed or merged"
        elif entry.row.missing_since is not None:
            reason = "parish: no longer in its directory"
        if reason:
            self.left_out[reason] += 1
        return reason is None

    def current(self, entry: ParishEntry) -> Iterator[TimeRow]:
        """The times that someone may rely on; the others are counted as left out."""
        for row in entry.times:
            if row.current:
                yield row
            else:
                self.left_out["service time: " + ("no longer shown" if row.ended else row.time.status)] += 1


def dump(value: object) -> str:
    """Compact JSON (RFC 8259): NaN is an error, not a word that other parsers refuse."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def evidence_json(row: TimeRow) -> dict[str, Any]:
    """Where a time stands, in short."""
    found = row.time.evidence
    verified = row.time.last_verified
    return {
        "url": found.url,
        "quote": found.quote,
        "content_hash": found.content_hash,
        "last_verified": verified.isoformat() if verified else None,
    }
