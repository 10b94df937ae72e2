"""Fetched pages by content, and the ledger of requests.

A body is stored once whatever its addresses; a version row says which body an address showed, and when it last
did. Text that is not simply the body read as UTF-8 (another charset, a PDF) is kept beside it, so that offsets of
evidence hold for ever.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg

from vitality.records import CapturedJson, ContentHash, Host, Outcome, Page, RequestRow, StoredPage
from vitality.storage.database import Database
from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("pages.sql"))
LEVEL = 6


class Pages:
    """Implements `fetch.port.PageStore` on Postgres; every call raises `DatabaseUnavailable` when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, url: str) -> StoredPage | None:
        """What the address showed last when asked without a browser; its validators belong to that answer."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["newest"], url)
        return None if row is None else await asyncio.to_thread(_stored, row)

    async def by_hash(self, content_hash: ContentHash) -> StoredPage | None:
        """The stored page that evidence points to, at the address where it was seen last."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL["by_hash"], content_hash)
        return None if row is None else await asyncio.to_thread(_stored, row)

    async def keep(self, stored: StoredPage) -> None:
        """Keeps a page, or notes that a page that is known was seen again."""
        page = stored.page
        body, text = await asyncio.to_thread(_compressed, page)
        async with self._database.transaction() as connection:
            await connection.execute(SQL["keep_body"], page.content_hash, body, text, len(page.body))
            await connection.execute(
                SQL["keep_version"],
                page.requested_url or page.url,
                page.content_hash,
                page.rendered,
                page.url,
                page.content_type,
                page.status,
                stored.etag,
                stored.last_modified,
                page.last_modified,
                [asdict(one) for one in page.captured],
                page.fetched_at or datetime.now(UTC),
            )

    async def record(self, row: RequestRow) -> None:
        """Writes one row of the ledger."""
        async with self._database.connection() as connection:
            await connection.execute(
                SQL["record"],
                row.started_at,
                row.host,
                row.url.replace("\x00", "%00"),
                row.outcome.value,
                row.status,
                max(0, round(row.duration.total_seconds() * 1000)),
                row.bytes_on_wire,
                row.content_hash,
                None if row.reason is None else row.reason.replace("\x00", "�"),
                row.by_browser,
            )

    async def all(self, *, host: Host | None = None) -> AsyncIterator[StoredPage]:
        """Every stored version, for an archive; of one host if named. Holds a connection meanwhile."""
        async with self._database.transaction() as connection:
            async for row in connection.cursor(SQL["all_pages"], f"%://{host}/%" if host else None, prefetch=20):
                yield _stored(row)

    async def requests(self, *, host: Host | None = None) -> AsyncIterator[RequestRow]:
        """The ledger in the order of time; of one host if named. Holds a connection meanwhile."""
        async with self._database.transaction() as connection:
            async for row in connection.cursor(SQL["all_requests"], host, prefetch=500):
                yield RequestRow(**{**dict(row), "outcome": Outcome(row["outcome"]), "host": Host(row["host"])})


def _compressed(page: Page) -> tuple[bytes, bytes | None]:
    text = page.text.encode("utf-8", "surrogatepass")
    return zlib.compress(page.body, LEVEL), None if text == page.body else zlib.compress(text, LEVEL)


def _stored(row: asyncpg.Record) -> StoredPage:
    body = zlib.decompress(row["body"])
    text = body if row["text"] is None else zlib.decompress(row["text"])
    page = Page(
        url=row["final_url"],
        text=text.decode("utf-8", "surrogatepass"),
        content_hash=ContentHash(row["hash"]),
        body=body,
        content_type=row["content_type"],
        status=row["status"],
        requested_url=row["url"],
        last_modified=row["modified_at"],
        fetched_at=row["fetched_at"],
        rendered=row["rendered"],
        captured=tuple(CapturedJson(**one) for one in row["captured"]),
    )
    return StoredPage(page=page, etag=row["etag"], last_modified=row["last_modified"])
