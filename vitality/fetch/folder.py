"""A folder of stored files that answers as the site it was captured from would: fetching without a network.

How files stand for URLs:

1. The folder is one host; its name is the host's unless the caller says otherwise. A `hosts.json` beside the
   folder may give the host a base URL, aliases, and `special` answers (status, headers, content type); its other
   hosts answer too where their folders exist. Any other host is unreachable.
2. A path with a query is first the file `PATH@QUERY`, then `PATH`.
3. A name `a/b` is the file `a/b`, `a/b/index.html` or `a/b.html`, in this order; else the answer is 404.
4. `special` maps a path, with or without its query, to what differs from an ordinary 200 answer.

robots.txt is honoured as on the live web; delays are not waited for.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit, urlunsplit

from anyio import to_thread

from vitality.errors import (
    AccessDenied,
    AddressForbidden,
    BadContent,
    BrowserUnavailable,
    HostWait,
    NotFound,
    RobotsDisallowed,
    ServerFailed,
    Unreachable,
    Unreadable,
)
from vitality.fetch.decoding import decode
from vitality.fetch.port import Accept
from vitality.fetch.robots import RobotsRules
from vitality.records import ContentHash, Page

ROBOTS_TOKEN = "VitalityBot"  # noqa: S105 - a product token of RFC 9309, no secret
_HTML = "text/html; charset=utf-8"
_TYPES = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".kml": "application/vnd.google-earth.kml+xml",
}
_READABLE = ("html", "json", "xml", "pdf", "text/plain", "kml")
_PAGE_ENDINGS = ("", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp", ".cfm", ".shtml")
_MAX_REDIRECTS = 10
_MAX_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHost:
    """One host of a stored web: its folder, and what of it is not an ordinary answer."""

    name: str
    folder: Path
    base_url: str
    special: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def file_for(self, path: str, query: str) -> tuple[Path | None, bool]:
        """The file that stands for a path and query, and whether it was found without regard to the query."""
        name = unquote(path).strip("/")
        if query:
            found = self._file(f"{name}@{query}")
            if found is not None:
                return found, False
        return self._file(name), True

    def special_for(self, path: str, query: str, *, by_path: bool) -> Mapping[str, Any]:
        """What differs from an ordinary answer; `by_path` when the query chose no file of its own."""
        exact = f"{path}?{query}" if query else path
        found = self.special.get(exact) or self.special.get(unquote(exact))
        if found is None and query and by_path:
            found = self.special.get(path) or self.special.get(unquote(path))
        return found or {}

    def url_of(self, file: Path) -> str:
        """The shortest address that leads to a stored file."""
        name = file.relative_to(self.folder).as_posix()
        if name == "index.html" or name.endswith("/index.html"):
            name = name.removesuffix("index.html")
        path, mark, query = name.partition("@")
        return urljoin(self.base_url, quote(path)) + (f"?{query.removesuffix('.html')}" if mark else "")

    def _file(self, name: str) -> Path | None:
        for candidate in (name, f"{name}/index.html", f"{name}.html"):
            path = (self.folder / candidate.strip("/")).resolve()
            if path.is_relative_to(self.folder) and path.is_file():
                return path
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the stored host says to one request."""

    status: int
    headers: Mapping[str, str]
    content_type: str
    body: bytes


class FolderFetcher:
    """A `Fetcher` over a folder that is one site; see the module's text for how files stand for URLs.

    `host` defaults to the folder's name, `robots_token` is the product token that robots.txt is asked with.
    `requests` counts the pages and redirects asked for. Raises `Unreadable` when the folder is none or its
    `hosts.json` is broken.
    """

    def __init__(
        self,
        root: Path,
        host: str | None = None,
        *,
        robots_token: str = ROBOTS_TOKEN,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._root = root.resolve()
        if not self._root.is_dir():
            raise Unreadable(f"{root} is not a folder")
        self._listed = _read_hosts(self._root.parent)
        self._aliases = {a.lower(): name for name, entry in self._listed.items() for a in entry.get("aliases", ())}
        self._host = self._stored_host(host or self._root.name, self._root)
        self._robots: dict[str, RobotsRules] = {}
        self._token = robots_token
        self._clock = clock
        self.requests = 0

    @property
    def home_url(self) -> str:
        """The address of the site's home page."""
        return self._host.base_url

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        """The stored page for a URL, after redirects; raises the `FetchError` that the live web would give."""
        return await to_thread.run_sync(self._get, url, accept)

    async def render(self, url: str) -> Page:
        """Raises `BrowserUnavailable`: a stored site has no scripts to run against a server."""
        raise BrowserUnavailable(f"stored files are read without a browser: {url}")

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the site's robots.txt names; raises `Unreachable` for a foreign host."""
        host = self._host_of(host_url)
        rules = await to_thread.run_sync(self._rules, host)
        return tuple(dict.fromkeys(urljoin(host.base_url, each) for each in rules.sitemaps))

    async def stored_pages(self) -> tuple[str, ...]:
        """URLs of all stored HTML pages of the site, linked or not, the home page first."""
        return await to_thread.run_sync(lambda: tuple(self._stored_pages()))

    def path_of(self, url: str) -> str:
        """The path within the folder of the file that stands for a URL; the URL itself when there is none."""
        parts = urlsplit(url)
        file, _ = self._host.file_for(parts.path, parts.query)
        if file is None or self._host.name != self._canonical(parts.netloc):
            return url
        return file.relative_to(self._host.folder).as_posix()

    def _stored_pages(self) -> Iterator[str]:
        folder = self._host.folder
        files = [f for f in folder.rglob("*") if f.is_file() and _is_page(f)]
        for file in sorted(files, key=lambda f: (f != folder / "index.html", f.as_posix())):
            yield self._host.url_of(file)

    def _get(self, url: str, accept: Accept) -> Page:
        asked = url = urldefrag(url).url
        for _ in range(_MAX_REDIRECTS):
            host = self._host_of(url)
            self._ask_robots(host, url)
            self.requests += 1
            answer = _answer(host, url)
            if not 300 <= answer.status < 400:
                return self._page(asked, url, answer, accept)
            url = urldefrag(urljoin(url, answer.headers.get("location", ""))).url
        raise BadContent(asked, "redirects for ever")

    def _page(self, asked: str, url: str, answer: _Answer, accept: Accept) -> Page:
        if not 200 <= answer.status < 300:
            self._raise_for(url, answer)
        media_type = answer.content_type.partition(";")[0].strip().lower()
        if accept is Accept.PAGE and not any(word in media_type for word in _READABLE):
            raise BadContent(url, f"media type {media_type}", status=answer.status)
        return page_of(url, answer.body, answer.content_type, requested_url=asked, headers=answer.headers)

    def _raise_for(self, url: str, answer: _Answer) -> NoReturn:
        status = answer.status
        if status in (429, 503):
            until = self._clock() + _retry_after(answer.headers.get("retry-after"))
            raise HostWait(url, f"status {status}", until=until, status=status)
        if status in (401, 402, 403, 451):
            raise AccessDenied(url, f"status {status}", status=status)
        if 400 <= status < 500:
            raise NotFound(url, f"status {status}", status=status)
        raise ServerFailed(url, f"status {status}", status=status)

    def _host_of(self, url: str) -> StoredHost:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise AddressForbidden(url, "not an HTTP address")
        name = self._canonical(parts.netloc)
        if name == self._host.name:
            return self._host
        folder = self._root.parent / name
        if name not in self._listed or not folder.is_dir():
            raise Unreachable(url, "no such host is stored")
        return self._stored_host(name, folder)

    def _canonical(self, netloc: str) -> str:
        name = netloc.rpartition("@")[2].lower().removesuffix(":80").removesuffix(":443")
        return self._aliases.get(name, name)

    def _stored_host(self, name: str, folder: Path) -> StoredHost:
        entry = self._listed.get(name, {})
        base_url = entry.get("base_url") or f"http://{quote(name)}/"
        return StoredHost(name=name.lower(), folder=folder, base_url=base_url, special=entry.get("special") or {})

    def _ask_robots(self, host: StoredHost, url: str) -> None:
        if urlsplit(url).path != "/robots.txt" and not self._rules(host).allows(url):
            raise RobotsDisallowed(url, "robots.txt disallows it")

    def _rules(self, host: StoredHost) -> RobotsRules:
        if host.name not in self._robots:
            self._robots[host.name] = RobotsRules(_robots_text(host), self._token)
        return self._robots[host.name]


def page_of(
    url: str,
    body: bytes,
    content_type: str = _HTML,
    *,
    requested_url: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Page:
    """The page that bytes make, decoded; `content_type` is the header as sent, `headers` have names in lower case."""
    return Page(
        url=url,
        requested_url=requested_url,
        text=decode(body, content_type),
        body=body,
        content_hash=ContentHash("sha256:" + hashlib.sha256(body).hexdigest()),
        content_type=content_type.partition(";")[0].strip().lower(),
        last_modified=_http_date((headers or {}).get("last-modified")),
    )


def page_of_file(file: Path) -> Page:
    """A single stored file as a page; it answers as part of its site where a `hosts.json` above it names one.

    Raises `Unreadable` when there is no such file or it is empty.
    """
    if not file.is_file():
        raise Unreadable(f"no such file: {file}")
    body = file.read_bytes()
    if not body.strip():
        raise Unreadable(f"the file is empty: {file}")
    host = _host_around(file.resolve())
    url = host.url_of(file.resolve())
    parts = urlsplit(url)
    special = host.special_for(parts.path, parts.query, by_path=False)
    return page_of(url, body, special.get("content_type") or _content_type(file), requested_url=url)


def _host_around(file: Path) -> StoredHost:
    for folder in file.parents:
        if (folder.parent / "hosts.json").is_file() and folder.name in (listed := _read_hosts(folder.parent)):
            entry = listed[folder.name]
            return StoredHost(
                name=folder.name, folder=folder, base_url=entry["base_url"], special=entry.get("special") or {}
            )
    return StoredHost(
        name=file.parent.name, folder=file.parent, base_url=f"http://{quote(file.parent.name or 'file')}/"
    )


def _read_hosts(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "hosts.json"
    if not file.is_file():
        return {}
    try:
        listed = json.loads(file.read_bytes())
    except ValueError as error:
        raise Unreadable(f"{file} is not JSON: {error}") from error
    if not isinstance(listed, dict):
        raise Unreadable(f"{file} is not an object of hosts")
    return {str(name).lower(): entry for name, entry in listed.items() if isinstance(entry, dict)}


def _answer(host: StoredHost, url: str) -> _Answer:
    parts = urlsplit(url)
    file, by_path = host.file_for(parts.path, parts.query)
    special = host.special_for(parts.path or "/", parts.query, by_path=by_path)
    status = int(special.get("status", 200 if file is not None else 404))
    content_type = special.get("content_type") or (_content_type(file) if file is not None else _HTML)
    headers = {str(k).lower(): str(v) for k, v in (special.get("headers") or {}).items()}
    body = file.read_bytes() if file is not None else b""
    return _Answer(status=status, headers=headers, content_type=content_type, body=body)


def _robots_text(host: StoredHost) -> str:
    """The rules of a host: none where robots.txt is missing or refused, everything closed where it fails (RFC 9309)."""
    answer = _answer(host, urlunsplit(("http", host.name, "/robots.txt", "", "")))
    if answer.status >= 500:
        return "User-agent: *\nDisallow: /"
    return decode(answer.body, "text/plain; charset=utf-8") if answer.status < 300 else ""


def _is_page(file: Path) -> bool:
    name = file.name.partition("@")[0]
    return Path(name).suffix.lower() in _PAGE_ENDINGS and not name.startswith(".")


def _content_type(file: Path) -> str:
    ending = Path(file.name.partition("@")[0]).suffix.lower()
    if ending in _PAGE_ENDINGS:
        return _HTML
    return _TYPES.get(ending) or mimetypes.guess_type(f"x{ending}")[0] or _HTML


def _retry_after(header: str | None) -> timedelta:
    """The wait that the server asks for in seconds; a minute when it does not say, a day at most."""
    seconds = int(header) if header and header.strip().isdigit() else 60
    return min(timedelta(seconds=seconds), _MAX_WAIT)


def _http_date(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
