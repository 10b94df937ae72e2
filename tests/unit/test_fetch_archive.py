"""Stored pages leave as WARC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from vitality.fetch.archive import content_hash, stored_page, write_warc
from vitality.records import Host, Outcome, RequestRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_pages_and_ledger_are_read_back() -> None:
    """A standard reader finds each page's bytes, type, date and hash, and each request."""
    body = "<p>Müsa</p>".encode("cp1252")
    headers = {"content-type": "text/html; charset=windows-1252", "etag": '"x"'}
    stored = stored_page(
        "http://a.org/",
        body,
        headers,
        content_type="text/html",
        status=200,
        requested_url="http://a.org",
        fetched_at=NOW,
    )
    row = RequestRow(
        url="http://a.org/no",
        host=Host("a.org"),
        started_at=NOW,
        duration=timedelta(0),
        outcome=Outcome.ROBOTS_DISALLOWED,
    )
    out = BytesIO()
    assert write_warc(out, [stored], [row]) == 2
    out.seek(0)
    found = {
        record.rec_type: (
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers,
            record.content_stream().read(),
        )
        for record in ArchiveIterator(out)
    }
    uri, warc, content = found["resource"]
    assert (uri, content) == ("http://a.org/", body)
    assert warc.get_header("WARC-Date") == "2026-03-01T12:00:00Z"
    assert warc.get_header("Vitality-Content-Hash") == content_hash(body) == stored.page.content_hash
    assert warc.get_header("Content-Type") == "text/html"
    assert found["metadata"][0] == "http://a.org/no"
    assert b'"outcome":"robots_disallowed"' in found["metadata"][2]
    assert set(found) == {"warcinfo", "resource", "metadata"}
