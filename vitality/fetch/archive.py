"""Kept pages: what is stored of an answer, and the WARC that stored pages and the ledger are written to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import BinaryIO

from pydantic import TypeAdapter
from warcio.warcwriter import WARCWriter

from vitality import __version__
from vitality.fetch.decoding import decode
from vitality.records import CapturedJson, ContentHash, Page, RequestRow, StoredPage

_LEDGER_TYPE = "application/json"


def content_hash(body: bytes) -> ContentHash:
    """`sha256:` and 64 hex digits of the bytes."""
    return ContentHash("sha256:" + hashlib.sha256(body).hexdigest())


def stored_page(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    content_type: str,
    status: int,
    requested_url: str,
    fetched_at: datetime,
) -> StoredPage:
    """What is kept of an answer: the page, and the validators to ask with the next time."""
    last_modified = headers.get("last-modified")
    page = Page(
        url=url,
        text=decode(body, headers.get("content-type")).replace(
            "\x00", "\ufffd"
        ),  # as HTML parsers do; Postgres has none
        content_hash=content_hash(body),
        body=body,
        content_type=content_type,
        status=status,
        requested_url=requested_url,
        last_modified=http_date(last_modified),
        fetched_at=fetched_at,
    )
    return StoredPage(page=page, etag=headers.get("etag"), last_modified=last_modified)


def rendered_page(page: Page, url: str, html: str, *, captured: tuple[CapturedJson, ...], at: datetime) -> StoredPage:
    """What is kept of a page drawn by the browser: the document it became, in UTF-8; it has no validators."""
    body = html.encode("utf-8", errors="replace")
    drawn = replace(
        page,
        url=url,
        text=body.decode("utf-8"),
        body=body,
        content_hash=content_hash(body),
        content_type="text/html",
        fetched_at=at,
        rendered=True,
        captured=captured,
    )
    return StoredPage(page=drawn)


def http_date(header: str | None) -> datetime | None:
    """The instant of an HTTP date (RFC 9110 section 5.6.7); None if there is none that can be read."""
    try:
        at = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def write_warc(out: BinaryIO, pages: Iterable[StoredPage], requests: Iterable[RequestRow] = ()) -> int:
    """Writes a gzipped WARC/1.1 of pages as `resource` records and of ledger rows as `metadata`; returns how many.

    Resource records and not responses (ISO 28500:2017 section 6.7): headers are not kept, and a body is kept
    after content decoding. A row of the ledger refers to its URL.
    """
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("vitality.warc.gz", {"software": f"vitality/{__version__}"}))
    count = 0
    for stored in pages:
        writer.write_record(_page_record(writer, stored))
        count += 1
    for row in requests:
        writer.write_record(_ledger_record(writer, row))
        count += 1
    return count


def _page_record(writer: WARCWriter, stored: StoredPage) -> object:
    page = stored.page
    headers = {"WARC-Date": _warc_date(page.fetched_at), "Vitality-Content-Hash": page.content_hash}
    if page.rendered:
        headers["Vitality-Rendered"] = "true"
    if stored.etag:
        headers["Vitality-ETag"] = stored.etag
    return writer.create_warc_record(
        page.url,
        "resource",
        payload=BytesIO(page.body),
        length=len(page.body),  # without it the writer spools to a file that it never closes
        warc_content_type=page.content_type,
        warc_headers_dict=headers,
    )


def _ledger_record(writer: WARCWriter, row: RequestRow) -> object:
    body = TypeAdapter(RequestRow).dump_json(row)
    return writer.create_warc_record(
        row.url,
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=_LEDGER_TYPE,
        warc_headers_dict={"WARC-Date": _warc_date(row.started_at)},
    )


def _warc_date(at: datetime | None) -> str:
    return (at or datetime.fromtimestamp(0, UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
