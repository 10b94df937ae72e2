"""Parishes with the source of each field, and the sites that speak for them.

Who is who is decided by the caller (`pages.identity`); here a parish is a diocese and an identity. A reading never
overwrites a value with nothing, and never deletes a parish: one that a complete reading no longer shows is marked
as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import asyncpg

from vitality.records import Host, Parish, ParishId
from vitality.storage.database import Connection
from vitality.storage.queries import load
from vitality.storage.site_key import SiteAddress, site_address

SQL: Final = load(Path(__file__).with_name("parishes.sql"))
FACTS: Final = tuple(name for name in Parish.model_fields if name not in ("diocese", "sources"))
"""The columns of a parish, as the record names them."""
NO_SOURCE: Final = ("directory_url", "detail_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParish:
    """A parish as it is kept; `parish.sources` maps fields to addresses, `seen` fields to days."""

    id: ParishId
    identity: str
    parish: Parish
    seen: Mapping[str, date]
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishSite:
    """A web site that one or more parishes name as theirs."""

    id: int
    url: str
    host: Host


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishChanges:
    """What a reading of a directory changed; `sites` are all sites that it names."""

    added: int
    updated: int
    missing: int
    sites: tuple[ParishSite, ...]


def joined(old: Parish | None, new: Parish) -> Parish:
    """The new reading over the old one; what the new one does not state is kept from the old."""
    if old is None:
        return new
    stated = {name: getattr(new, name) for name in _stated(new)}
    return old.model_copy(update={**stated, "diocese": new.diocese or old.diocese})


def provenance(old: Mapping[str, Any], new: Parish, today: date) -> dict[str, Any]:
    """For each field that the reading states: the page that states it and the day; the others keep theirs."""
    page = new.directory_url or new.detail_url or ""
    said = {name: new.sources.get(name, page) for name in _stated(new) if name not in NO_SOURCE}
    return {**old, **{name: {"url": url, "last_seen": today.isoformat()} for name, url in said.items()}}


def _stated(parish: Parish) -> list[str]:
    """The fields to which the reading gave a value; a default is no statement."""
    return [name for name in FACTS if name in parish.model_fields_set and getattr(parish, name) not in (None, ())]


async def of_diocese(connection: Connection, diocese_id: int) -> list[StoredParish]:
    """All parishes of a diocese, missing and closed ones too, by identity."""
    return [_stored(row) for row in await connection.fetch(SQL["of_diocese"], diocese_id)]


async def of_site(connection: Connection, site_id: int) -> list[StoredParish]:
    """The parishes that a site speaks for, by id."""
    return [_stored(row) for row in await connection.fetch(SQL["of_site"], site_id)]


async def save(
    connection: Connection,
    diocese_id: int,
    found: Sequence[tuple[str, Parish]],
    *,
    today: date,
    complete: bool,
) -> ParishChanges:
    """Keeps a reading of a diocese's directory, given as identities and parishes; the last of two equals counts.

    Only a complete reading says that a parish is missing from it. A parish that names another site than before
    is no longer spoken for by the old one.
    """
    rows = {row["identity"]: row for row in await connection.fetch(SQL["of_diocese"], diocese_id)}
    wanted = dict(sorted(found))
    ids: dict[str, int] = {}
    for identity, parish in wanted.items():
        old = rows.get(identity)
        merged = joined(None if old is None else _stored(old).parish, parish)
        sources = provenance({} if old is None else old["sources"], parish, today)
        ids[identity] = await connection.fetchval(SQL["save"], diocese_id, identity, sources, *_values(merged))
    gone = [identity for identity in rows if identity not in wanted] if complete and wanted else []
    missing = await connection.fetch(SQL["mark_missing"], diocese_id, gone)
    sites = await _save_sites(connection, {ids[identity]: parish.website for identity, parish in wanted.items()})
    added = len(ids.keys() - rows.keys())
    return ParishChanges(added=added, updated=len(ids) - added, missing=len(missing), sites=sites)


async def fill(connection: Connection, parish_id: int, facts: Parish, *, today: date) -> None:
    """Adds what the parish's own site states, with its source, where no directory stated anything; replaces nothing."""
    row = await connection.fetchrow(SQL["get"], parish_id)
    if row is None:
        return
    old = _stored(row).parish
    new = {name: getattr(facts, name) for name in _stated(facts) if name in facts.sources}
    new = {name: value for name, value in new.items() if getattr(old, name) in (None, ())}
    seen = {name: {"url": facts.sources[name], "last_seen": today.isoformat()} for name in new}
    merged = old.model_copy(update=new)
    await connection.execute(
        SQL["save"], row["diocese_id"], row["identity"], {**row["sources"], **seen}, *_values(merged)
    )


async def _save_sites(connection: Connection, websites: Mapping[int, str | None]) -> tuple[ParishSite, ...]:
    addresses = {parish: site for parish, text in websites.items() if (site := site_address(text)) is not None}
    sites: dict[str, ParishSite] = {}
    for key, site in sorted({site.key: site for site in addresses.values()}.items()):
        sites[key] = await _save_site(connection, site)
    parish_ids = list(addresses)
    site_ids = [sites[addresses[parish].key].id for parish in parish_ids]
    await connection.execute(SQL["unlink_old_sites"], parish_ids, site_ids)
    await connection.execute(SQL["link_sites"], parish_ids, site_ids)
    return tuple(sites.values())


async def _save_site(connection: Connection, site: SiteAddress) -> ParishSite:
    row = await connection.fetchrow(SQL["save_site"], site.key, site.url, site.host)
    if row is None:
        raise LookupError(site.key)
    return ParishSite(id=row["id"], url=row["url"], host=Host(row["host"]))


def _values(parish: Parish) -> list[object]:
    return [_plain(getattr(parish, name)) for name in FACTS]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str(value).replace("\x00", "�")
    return list(value) if isinstance(value, tuple) else value


def _stored(row: asyncpg.Record) -> StoredParish:
    sources: dict[str, dict[str, str]] = row["sources"]
    facts = {name: row[name] for name in FACTS}
    return StoredParish(
        id=ParishId(row["id"]),
        identity=row["identity"],
        parish=Parish(**facts, diocese=row["diocese"], sources={name: each["url"] for name, each in sources.items()}),
        seen={name: date.fromisoformat(each["last_seen"]) for name, each in sources.items()},
        missing=row["missing_since"] is not None,
    )
