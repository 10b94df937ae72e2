"""Which media types a caller can read."""

from __future__ import annotations

from vitality.fetch.port import Accept

ACCEPT_HEADERS = {
    Accept.PAGE: "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,application/pdf;q=0.8,*/*;q=0.5",
    Accept.JSON: "application/json,*/*;q=0.5",
}
_READABLE = {
    "text/html",
    "application/xhtml+xml",
    "application/json",
    "application/javascript",
    "application/x-javascript",
    "text/javascript",
    "text/json",
    "text/xml",
    "application/xml",
    "application/pdf",
    "application/x-pdf",
    "text/plain",
    "text/csv",
    "text/calendar",
}
_UNNAMED = {
    "",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
    "application/unknown",
    "unknown/unknown",
    "*/*",
}
_READABLE_BEGINNINGS = (b"<", b"{", b"[", b"%PDF-")
_BOM = b"\xef\xbb\xbf"


def media_type(content_type: str | None) -> str:
    """The type of a Content-Type header in lower case without its parameters; empty if there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_readable(content_type: str | None, accept: Accept) -> bool:
    """Whether an answer of this type is worth its body; one without a type is, its beginning decides."""
    kind = media_type(content_type)
    known = kind in _READABLE or kind in _UNNAMED or kind.endswith(("+xml", "+json"))
    return known if accept is Accept.PAGE else not kind.startswith(("image/", "audio/", "video/", "font/"))


def sniff(content_type: str | None, body: bytes) -> str | None:
    """The media type to go by: the header's, else what the beginning shows; None if it shows nothing readable."""
    kind = media_type(content_type)
    if kind not in _UNNAMED:
        return kind
    start = body[:1024].removeprefix(_BOM).lstrip()
    if not start.startswith(_READABLE_BEGINNINGS):
        return None if kind or b"\x00" in start else "text/plain"
    return {b"%": "application/pdf", b"<": "text/html"}.get(start[:1], "application/json")
