"""Parishes with the provenance of each field, and the web sites that they name as their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from vitality.records import Parish, ParishId
from vitality.storage import queries
from vitality.storage.database import Connection

SQL = queries.load(Path(__file__).with_name("findings.sql"))
COLUMNS = tuple(name for name in Parish.model_fields if name not in ("diocese", "sources"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParish:
    """A parish with its id and the identity under which its diocese knows it."""

    id: ParishId
    diocese_id: int
    identity: str
    parish: Parish


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishSite:
    """A web site that parishes name as their own."""

    id: int
    url: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishChanges:
    """What a reading of a directory changed."""

    added: int
    seen: int
    missing: int
    sites: tuple[ParishSite, ...]


async def of_diocese(conn: Connection, diocese_id: int) -> list[StoredParish]:
    """Every parish stored for a diocese, closed ones included."""
    return [_stored(row) for row in await conn.fetch(SQL["parishes_of_diocese"], diocese_id)]


async def of_site(conn: Connection, site_id: int) -> list[StoredParish]:
    """The parishes that name a site as their own."""
    return [_stored(row) for row in await conn.fetch(SQL["parishes_of_site"], site_id)]


def _stored(row: asyncpg.Record) -> StoredParish:
    values = {name: row[name] for name in COLUMNS}
    sources = {name: source["url"] for name, source in row["sources"].items()}
    return StoredParish(
        id=ParishId(row["id"]),
        diocese_id=row["diocese_id"],
        identity=row["identity"],
        parish=Parish(**values, sources=sources),
    )


async def save(
    conn: Connection, diocese_id: int, parishes: Sequence[tuple[str, Parish]], *, today: date, complete: bool
) -> ParishChanges:
    """Keeps a reading of a diocese's directory: (identity, parish) pairs, each identity once.

    A `complete` reading marks the parishes it does not name as missing; nothing is deleted.
    """
    seen: list[int] = []
    sites: dict[int, ParishSite] = {}
    added = 0
    known = await _known_sites(conn, [parish.website for _, parish in parishes if parish.website])
    for identity, parish in parishes:
        row = await conn.fetchrow(SQL["save_parish"], diocese_id, identity, *_values(parish, today))
        assert row is not None  # noqa: S101 - INSERT … RETURNING gives a row
        seen.append(row["id"])
        added += row["added"]
        if parish.website and (site := await _site(conn, parish.website, known)):
            await conn.execute(SQL["link_site"], row["id"], site.id)
            sites[site.id] = site
    missing = await conn.execute(SQL["miss_parishes"], diocese_id, seen) if complete and seen else "UPDATE 0"
    return ParishChanges(
        added=added, seen=len(seen), missing=int(missing.rpartition(" ")[2]), sites=tuple(sites.values())
    )


def _values(parish: Parish, today: date) -> list[object]:
    values: list[object] = [_column(getattr(parish, name)) for name in COLUMNS]
    sources = {name: {"url": url, "last_seen": today.isoformat()} for name, url in parish.sources.items()}
    return [*values, sources]


def _column(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def site_key(url: str) -> tuple[str, str] | None:
    """Host without `www.` and path without a final slash: two spellings of one site have one key."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.lower().rpartition("@")[2]
    except ValueError:
        return None
    return (host.removeprefix("www."), parts.path.rstrip("/")) if host else None


async def _known_sites(conn: Connection, urls: Sequence[str]) -> dict[tuple[str, str], ParishSite]:
    bare = {key[0] for url in urls if (key := site_key(url))}
    hosts = sorted(bare | {f"www.{host}" for host in bare})
    rows = await conn.fetch(SQL["sites_of_hosts"], hosts)
    sites = (ParishSite(id=row["id"], url=row["url"], host=row["host"]) for row in rows)
    return {key: site for site in sites if (key := site_key(site.url))}


async def _site(conn: Connection, url: str, known: dict[tuple[str, str], ParishSite]) -> ParishSite | None:
    key = site_key(url)
    if key is None:
        return None
    if key not in known:
        host = urlsplit(url.strip()).netloc.lower().rpartition("@")[2]
        site_id = await conn.fetchval(SQL["save_site"], url.strip(), host)
        known[key] = ParishSite(id=site_id, url=url.strip(), host=host)
    return known[key]


async def fill(conn: Connection, parish_id: ParishId, facts: Parish, *, today: date) -> None:
    """Gives a parish what its own site states and no directory did; nothing known is changed."""
    names = ("street", "zip", "phone", "email", "pastor")
    sources = {
        name: {"url": facts.sources[name], "last_seen": today.isoformat()}
        for name in names
        if getattr(facts, name) is not None and name in facts.sources
    }
    await conn.execute(
        SQL["fill_parish"], parish_id, facts.street, facts.zip, facts.phone, facts.email, facts.pastor, sources
    )
