"""When two addresses mean the same parish site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """A site's address as it is asked for, the host that is asked, and the key by which one site is one."""

    url: str
    host: str
    key: str


def site_address(website: str | None) -> SiteAddress | None:
    """The site behind a parish's `website` field; None where the field names no web address.

    Scheme, "www.", the case of the host, a default port, a final slash and a fragment make no difference; the
    path and the query do (parishes with a page on a shared host).
    """
    text = (website or "").strip()
    if not text:
        return None
    text = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(text)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not name or "." not in name or "@" in parts.netloc or " " in parts.netloc:
        return None
    host = name if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"
    path = parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return SiteAddress(
        url=f"{parts.scheme}://{host}{parts.path or '/'}{query}",
        host=host,
        key=f"{host.removeprefix('www.')}{path}{query}",
    )
