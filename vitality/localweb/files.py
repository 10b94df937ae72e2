"""How files stand for URLs: a folder of hosts, and `hosts.json` for what differs from an ordinary answer.

1. A host is a folder. `hosts.json`, where there is one, lists the hosts; else every folder is one.
2. A host named in another's `aliases` answers 301 to the same path there. Any other host does not exist.
3. A path with a query is first the file `PATH@QUERY` (the query as sent), then `PATH`.
4. A name `a/b` is the file `a/b`, `a/b/index.html` or `a/b.html`, in this order; else the answer is 404.
5. `special` maps a path, with its query if it has one, to `status`, `headers`, `content_type`, `delay_ms`. The
   entry of a path without query holds as well when step 3 fell back to that path, and needs no file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from vitality.errors import Unreadable

HTML = "text/html; charset=utf-8"
_TYPES = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".css": "text/css",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ics": "text/calendar",
    ".csv": "text/csv",
}


class Special(BaseModel):
    """What differs from an ordinary 200 answer at one path."""

    model_config = ConfigDict(frozen=True)

    status: int = 200
    headers: dict[str, str] = {}
    content_type: str | None = None
    delay_ms: int = 0


class HostEntry(BaseModel):
    """One host of `hosts.json`; fields that do not bear on serving are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    base_url: str | None = None
    aliases: tuple[str, ...] = ()
    special: dict[str, Special] = {}


class UnknownHost(LookupError):
    """No such host in the folder: for a client it does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer: `file` is None where there is nothing to send but the status."""

    status: int
    file: Path | None = None
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: timedelta = timedelta(0)


class HostFolder:
    """A folder of hosts, read once; `resolve` is a pure look-up but for the existence of files."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.hosts = _entries(self.root)
        self._aliases = {alias: name for name, entry in self.hosts.items() for alias in entry.aliases}

    def resolve(self, host: str, path: str, query: str) -> Reply:
        """The reply to a path (percent-encoded, with its leading slash) and query; raises `UnknownHost`."""
        name = host.lower()
        if name in self._aliases:
            return self._to_the_real_name(self._aliases[name], path, query)
        if name not in self.hosts:
            raise UnknownHost(host)
        file, special = self._look_up(name, path, query)
        return _reply(file, special)

    def _to_the_real_name(self, name: str, path: str, query: str) -> Reply:
        location = f"http://{name}{path}" + (f"?{query}" if query else "")
        return Reply(status=301, headers={"Location": location})

    def _look_up(self, host: str, path: str, query: str) -> tuple[Path | None, Special | None]:
        special = self.hosts[host].special
        plain = unquote(path)
        if query:
            file = self._file(host, f"{plain}@{query}")
            own = special.get(f"{path}?{query}") or special.get(f"{plain}?{query}")
            if file is not None or own is not None:
                return file or self._file(host, plain), own
        return self._file(host, plain), special.get(path) or special.get(plain)

    def _file(self, host: str, name: str) -> Path | None:
        folder = self.root / host
        stem = name.strip("/")
        for candidate in (stem, str(PurePosixPath(stem) / "index.html"), f"{stem}.html"):
            if candidate and _is_file_within(folder, candidate):
                return folder / candidate
        return None


def _is_file_within(folder: Path, name: str) -> bool:
    try:
        file = (folder / name).resolve()
        return file.is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):  # a name too long or with a null byte stands for no file
        return False


def _entries(root: Path) -> dict[str, HostEntry]:
    listing = root / "hosts.json"
    if not listing.exists():
        return {folder.name.lower(): HostEntry() for folder in root.iterdir() if folder.is_dir()}
    try:
        entries = TypeAdapter(dict[str, HostEntry]).validate_python(json.loads(listing.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise Unreadable(f"{listing}: {error}") from error
    return {name.lower(): entry for name, entry in entries.items()}


def _reply(file: Path | None, special: Special | None) -> Reply:
    if file is None and special is None:
        return Reply(status=404)
    chosen = special or Special()
    status = 404 if file is None and chosen.status == 200 else chosen.status
    return Reply(
        status=status,
        file=file,
        content_type=chosen.content_type or _type_of(file),
        headers=chosen.headers,
        delay=timedelta(milliseconds=chosen.delay_ms),
    )


def _type_of(file: Path | None) -> str:
    return HTML if file is None else _TYPES.get(file.suffix.lower(), HTML)
