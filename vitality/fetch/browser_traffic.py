"""What a page in the browser may load: its own site's scripts and data, and a short list of what sites share.

Pictures, fonts, media, frames of others and trackers are never asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

import tldextract

_registrable = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
"""Splits host names by the Public Suffix List that the library brings along; asks no network."""

_SCRIPT_HOSTS = frozenset(
    {
        "ajax.aspnetcdn.com",
        "ajax.googleapis.com",
        "assets.squarespace.com",
        "cdn.datatables.net",
        "cdn.jsdelivr.net",
        "cdnjs.cloudflare.com",
        "code.jquery.com",
        "js.arcgis.com",
        "maxcdn.bootstrapcdn.com",
        "static.parastorage.com",
        "static1.squarespace.com",
        "stackpath.bootstrapcdn.com",
        "unpkg.com",
    }
)
_DATA_SITES = frozenset({"arcgis.com", "ecatholic.com", "parastorage.com", "wixapis.com"})
_METHODS = frozenset({"GET", "HEAD", "POST"})
_NEVER_SENT = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "cookie",
        "host",
        "proxy-connection",
        "transfer-encoding",
        "user-agent",
    }
)
_NEVER_GIVEN = frozenset({"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"})


class Treatment(StrEnum):
    """What becomes of one request of a page."""

    DOCUMENT = "document"
    """The page itself goes elsewhere: fetched as any page is."""
    LOAD = "load"
    EMPTY = "empty"
    """Answered with nothing, so that what waits for it goes on."""
    BLOCK = "block"


def treatment(*, kind: str, method: str, url: str, page_url: str, main_frame: bool) -> Treatment:
    """How to treat a request; `kind` is playwright's resource type, `main_frame` true for the page's own document."""
    if urlsplit(url).scheme not in ("http", "https"):
        return Treatment.BLOCK
    if kind == "document" and main_frame:
        return Treatment.DOCUMENT if method == "GET" else Treatment.BLOCK
    if kind == "stylesheet":
        return Treatment.EMPTY
    if method not in _METHODS or not _is_wanted(kind, url, page_url):
        return Treatment.BLOCK
    return Treatment.LOAD


def _is_wanted(kind: str, url: str, page_url: str) -> bool:
    if kind == "script":
        return same_site(url, page_url) or (urlsplit(url).hostname or "") in _SCRIPT_HOSTS
    if is_data(kind):
        return same_site(url, page_url) or site(url) in _DATA_SITES
    return kind == "document" and same_site(url, page_url)


def is_data(kind: str) -> bool:
    """Whether a page's script asked for it as data: such requests heed robots.txt as pages do."""
    return kind in ("xhr", "fetch")


def site(url: str) -> str:
    """The registrable domain of a URL's host, the host itself where it has none."""
    host = (urlsplit(url).hostname or "").lower()
    return _registrable(host).top_domain_under_public_suffix or host


def same_site(url: str, other: str) -> bool:
    """Whether two URLs lie in one registrable domain."""
    return site(url) == site(other)


def headers_to_send(headers: Mapping[str, str], *, url: str, page_url: str, kind: str) -> dict[str, str]:
    """The browser's request headers less those that our client sets itself; cookies are not carried."""
    sent = {name: value for name, value in headers.items() if name.lower() not in _NEVER_SENT}
    if is_data(kind) and _origin(url) != _origin(page_url):
        sent.setdefault("origin", _origin(page_url))
    return sent


def headers_to_give(headers: Mapping[str, str]) -> dict[str, str]:
    """The server's headers less those that no longer hold for a decoded body."""
    return {name: value for name, value in headers.items() if name.lower() not in _NEVER_GIVEN}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
