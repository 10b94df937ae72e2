"""Parishes with the source of each field, and the sites that speak for them.

Who is who is decided by the caller (`pages.identity`); here a parish is a diocese and an identity. A reading never
overwrites a value with nothing, and never deletes a parish: one that a complete reading no longer shows is marked
as missing, one that it shows as closed or merged keeps all that was known of it and the day since when.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg

from vitality.records import Host, Parish, ParishId, ParishStatus
from vitality.storage.database import Connection
from vitality.storage.derived import Derived, derive
from vitality.storage.queries import load
from vitality.storage.site_key import SiteAddress, site_address

SQL: Final = load(Path(__file__).with_name("parishes.sql"))
FACTS: Final = tuple(name for name in Parish.model_fields if name not in ("diocese", "sources", "page_hashes"))
"""The columns of a parish, as the record names them."""
NO_SOURCE: Final = ("directory_url", "detail_url")
FEW: Final = 3
SMALL_SHARE: Final = 0.2
"""A complete list that leaves out more than both a few and this part of the parishes may be a page that we no longer
understand."""
MISSED_IN_SHORT_LISTS: Final = 3
"""So many complete readings in a row must leave a parish out before a list that is so short is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParish:
    """A parish as it is kept; `parish.sources` maps fields to addresses, `seen` fields to days."""

    id: ParishId
    identity: str
    parish: Parish
    derived: Derived
    seen: Mapping[str, date]
    missing: bool
    last_seen: datetime
    """When its directory last listed it."""
    status_since: datetime | None
    """The first reading that gave the status; None for one that was always active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishSite:
    """A web site that one or more parishes name as theirs."""

    id: int
    url: str
    host: Host


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishChanges:
    """What a reading of a directory changed; `sites` are those that it names for active parishes."""

    added: int
    updated: int
    missing: int
    sites: tuple[ParishSite, ...]


def joined(old: Parish | None, new: Parish) -> Parish:
    """The new reading over the old one; what the new one does not state is kept from the old.

    A former name becomes an alternate one; a parish that is listed as active again is merged into nothing.
    """
    if old is None:
        return new
    stated = {name: getattr(new, name) for name in _stated(new)}
    stated["alternate_names"] = _alternates(old, new)
    if "status" in stated and new.status is ParishStatus.ACTIVE:
        stated["merged_into"] = None
    return old.model_copy(update={**stated, "diocese": new.diocese or old.diocese})


def _alternates(old: Parish, new: Parish) -> tuple[str, ...]:
    names = dict.fromkeys((*old.alternate_names, *new.alternate_names, old.name))
    return tuple(name for name in names if _letters(name) != _letters(new.name))


def _letters(name: str) -> str:
    return re.sub(r"\W", "", name.casefold())


def provenance(old: Mapping[str, Any], new: Parish, today: date) -> dict[str, Any]:
    """For each field that the reading states: the page that states it and the day; the others keep theirs."""
    page = new.directory_url or new.detail_url or ""
    said = {name: new.sources.get(name, page) for name in _stated(new) if name not in NO_SOURCE}
    return {**old, **{name: _source(new, url, today) for name, url in said.items()}}


def _source(parish: Parish, url: str, today: date) -> dict[str, str]:
    known = {"content_hash": parish.page_hashes[url]} if url in parish.page_hashes else {}
    return {"url": url, "last_seen": today.isoformat(), **known}


def _stated(parish: Parish) -> list[str]:
    """The fields to which the reading gave a value; a default is no statement."""
    return [name for name in FACTS if name in parish.model_fields_set and getattr(parish, name) not in (None, ())]


async def of_diocese(connection: Connection, diocese_id: int) -> list[StoredParish]:
    """All parishes of a diocese, missing and closed ones too, by identity."""
    return [_stored(row) for row in await connection.fetch(SQL["of_diocese"], diocese_id)]


async def of_site(connection: Connection, site_id: int) -> list[StoredParish]:
    """The parishes that a site speaks for, by id: those that are active and in their directory."""
    return [_stored(row) for row in await connection.fetch(SQL["of_site"], site_id)]


async def save(
    connection: Connection,
    diocese_id: int,
    found: Sequence[tuple[str, Parish]],
    *,
    today: date,
    complete: bool,
    heirs: Mapping[str, str] | None = None,
) -> ParishChanges:
    """Keeps a reading of a diocese's directory, given as identities and parishes; the last of two equals counts.

    Only a complete reading says that a parish is missing from it, and one that lists far less than before says so
    only when it is repeated. `heirs` names by identity those of which the reading shows that another parish was made
    of them, and that one; a partial list shows no such thing. A parish that names another site than before is no longer spoken for by the old one.
    """
    rows = {row["identity"]: row for row in await connection.fetch(SQL["of_diocese"], diocese_id)}
    wanted = dict(sorted(found))
    ids: dict[str, int] = {}
    active: set[int] = set()
    for identity, parish in wanted.items():
        old = rows.get(identity)
        merged = joined(None if old is None else _stored(old).parish, parish)
        sources = provenance({} if old is None else old["sources"], parish, today)
        ids[identity] = await connection.fetchval(SQL["save"], diocese_id, identity, sources, *_values(merged))
        active |= {ids[identity]} if merged.status is ParishStatus.ACTIVE else set()
    for identity, heir in sorted((heirs or {}).items()) if complete else ():
        await connection.execute(SQL["merge"], diocese_id, identity, heir, _merger(wanted, heir, today))
    missing = await _mark_missing(connection, diocese_id, list(rows.values()), wanted) if complete and wanted else 0
    websites = {ids[identity]: parish.website for identity, parish in wanted.items()}
    sites = await _save_sites(connection, websites, active)
    added = len(ids.keys() - rows.keys())
    return ParishChanges(added=added, updated=len(ids) - added, missing=missing, sites=sites)


def _merger(wanted: Mapping[str, Parish], heir: str, today: date) -> dict[str, dict[str, str]]:
    """Where the merger stands: on the page that names the heir."""
    parish = next(each for each in wanted.values() if each.name == heir)
    url = parish.sources.get("name", parish.directory_url or "")
    return {"merged_into": _source(parish, url, today)}


async def _mark_missing(
    connection: Connection, diocese_id: int, rows: Sequence[asyncpg.Record], wanted: Mapping[str, Parish]
) -> int:
    """Notes that a complete reading left parishes out; returns how many are missing since now."""
    listed = {row["identity"] for row in rows if row["status"] == ParishStatus.ACTIVE and row["missing_since"] is None}
    gone = [row["identity"] for row in rows if row["identity"] not in wanted]
    short = len(listed & set(gone)) > max(FEW, SMALL_SHARE * len(listed))
    marked = await connection.fetch(SQL["mark_missing"], diocese_id, gone, MISSED_IN_SHORT_LISTS if short else 1)
    return sum(row["newly"] for row in marked)


async def fill(connection: Connection, parish_id: int, facts: Parish, *, today: date) -> None:
    """Adds what the parish's own site states, with its source, where no directory stated anything; replaces nothing."""
    row = await connection.fetchrow(SQL["get"], parish_id)
    if row is None:
        return
    old = _stored(row).parish
    new = {name: getattr(facts, name) for name in _stated(facts) if name in facts.sources}
    new = {name: value for name, value in new.items() if getattr(old, name) in (None, ())}
    seen = {name: _source(facts, facts.sources[name], today) for name in new}
    merged = old.model_copy(update=new)
    await connection.execute(SQL["fill"], parish_id, {**row["sources"], **seen}, *_values(merged))


async def _save_sites(
    connection: Connection, websites: Mapping[int, str | None], active: Collection[int]
) -> tuple[ParishSite, ...]:
    """Notes which site speaks for which parish; returns the sites of the active ones."""
    addresses = {parish: site for parish, text in websites.items() if (site := site_address(text)) is not None}
    sites: dict[str, ParishSite] = {}
    for key, site in sorted({site.key: site for site in addresses.values()}.items()):
        sites[key] = await _save_site(connection, site)
    parish_ids = list(addresses)
    site_ids = [sites[addresses[parish].key].id for parish in parish_ids]
    await connection.execute(SQL["unlink_old_sites"], parish_ids, site_ids)
    await connection.execute(SQL["link_sites"], parish_ids, site_ids)
    wanted = {site.key for parish, site in addresses.items() if parish in active}
    return tuple(site for key, site in sites.items() if key in wanted)


async def _save_site(connection: Connection, site: SiteAddress) -> ParishSite:
    row = None
    while row is None:  # another made it between the two looks of one statement: the next one sees it
        row = await connection.fetchrow(SQL["save_site"], site.key, site.url, site.host)
    return ParishSite(id=row["id"], url=row["url"], host=Host(row["host"]))


def _values(parish: Parish) -> list[object]:
    return [derive(parish).stored(), *(_plain(getattr(parish, name)) for name in FACTS)]


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
        derived=Derived(**row["derived"]),
        missing=row["missing_since"] is not None,
        last_seen=row["last_seen"],
        status_since=row["status_since"],
    )
