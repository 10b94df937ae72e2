"""The ledger: every request, answered or refused, becomes a row that someone can audit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import anyio

from vitality.errors import FetchError
from vitality.fetch.http import Answer
from vitality.fetch.port import PageStore
from vitality.fetch.verdict import outcome_of
from vitality.records import ContentHash, Host, Outcome, RequestRow

_LAST_WORD = 1.0
"""Seconds that a cancelled request may take to be recorded."""

Clock = Callable[[], datetime]
Observe = Callable[[RequestRow], None]


def utc_now() -> datetime:
    """The wall clock as an aware instant."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Entry:
    """A row in the making; what is known of a request so far."""

    outcome: Outcome = Outcome.FETCHED
    status: int | None = None
    bytes_on_wire: int = 0
    content_hash: ContentHash | None = None
    reason: str | None = None
    sent: bool = False
    """Whether the host was asked; one that was is recorded even if nobody waits for the answer."""

    def note(self, answer: Answer) -> None:
        """Takes status and size of an answer."""
        self.status = answer.status
        self.bytes_on_wire = answer.wire_bytes


class Ledger:
    """Writes rows to the page store, and shows each to `observe`."""

    def __init__(self, pages: PageStore, *, observe: Observe | None = None, clock: Clock = utc_now) -> None:
        self._pages = pages
        self._observe = observe
        self._clock = clock

    @asynccontextmanager
    async def entry(self, url: str, *, by_browser: bool = False) -> AsyncIterator[Entry]:
        """One request: its row is written when the context ends, by a `FetchError` too."""
        entry, started_at = Entry(), self._clock()
        try:
            yield entry
        except anyio.get_cancelled_exc_class():
            if entry.sent:
                entry.outcome, entry.reason = Outcome.UNREACHABLE, "given up by us"
                with anyio.move_on_after(_LAST_WORD, shield=True):
                    await self._write(url, entry, started_at, by_browser=by_browser)
            raise
        except FetchError as error:
            entry.outcome, entry.reason = outcome_of(error), error.reason
            entry.status = error.status if entry.status is None else entry.status
            await self._write(url, entry, started_at, by_browser=by_browser)
            raise
        await self._write(url, entry, started_at, by_browser=by_browser)

    async def _write(self, url: str, entry: Entry, started_at: datetime, *, by_browser: bool) -> None:
        row = RequestRow(
            url=url,
            host=_host(url),
            started_at=started_at,
            duration=max(self._clock() - started_at, started_at - started_at),
            outcome=entry.outcome,
            status=entry.status,
            bytes_on_wire=entry.bytes_on_wire,
            content_hash=entry.content_hash,
            reason=entry.reason,
            by_browser=by_browser,
        )
        await self._pages.record(row)
        if self._observe is not None:
            self._observe(row)


def _host(url: str) -> Host:
    try:
        return Host(urlsplit(url).netloc.rpartition("@")[2].lower())
    except ValueError:  # a refused URL need not be one
        return Host("")
