"""Which parish is which: a parish is known by its folded name and its place, not by its name or web site alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from vitality.pages.parish_names import fold_name
from vitality.pages.places import city_key
from vitality.records import Parish, ParishStatus


class ParishKey(NamedTuple):
    """The part of a parish's identity within its diocese."""

    name: str
    """Folded: no case, accents, "Saint" spelled one way, without "Parish", "Church" and the like."""
    place: str
    """Folded city or, without one, the street, the telephone number or the detail page's path."""


def parish_key(parish: Parish) -> ParishKey:
    """The key under which a parish is stored within its diocese; the same in any order of reading."""
    return ParishKey(fold_name(parish.name) or parish.name.lower(), _place(parish))


def _place(parish: Parish) -> str:
    if parish.city:
        return city_key(parish.city)
    return _street(parish) or _digits(parish.phone) or (urlsplit(parish.detail_url).path if parish.detail_url else "")


def _street(parish: Parish) -> str:
    return re.sub(r"[^a-z0-9]+", " ", (parish.street or "").lower()).strip()


def _digits(text: str | None) -> str:
    return re.sub(r"\D", "", text or "")[-10:]


def keys_of(parishes: Sequence[Parish]) -> tuple[ParishKey, ...]:
    """The keys of all parishes of one diocese; two of one name in one town are told apart by their streets."""
    keys = [parish_key(parish) for parish in parishes]
    counts = Counter(keys)
    told = [
        ParishKey(key.name, f"{key.place}/{_street(parish) or _digits(parish.phone)}".rstrip("/"))
        if counts[key] > 1 and not _first(parish, key, parishes, keys)
        else key
        for parish, key in zip(parishes, keys, strict=True)
    ]
    return tuple(told)


def _first(parish: Parish, key: ParishKey, parishes: Sequence[Parish], keys: Sequence[ParishKey]) -> bool:
    """Whether a parish comes first, by its street, among those of its key: it keeps the plain key."""
    rivals = [other for other, other_key in zip(parishes, keys, strict=True) if other_key == key]
    return parish is min(rivals, key=lambda other: (_street(other), _digits(other.phone)))


def same_parish(left: Parish, right: Parish) -> bool:
    """Whether two rows are one parish: one name, and no place, street or number that contradicts."""
    if fold_name(left.name) != fold_name(right.name):
        return False
    if left.city and right.city:
        if city_key(left.city) != city_key(right.city):
            return False
        return not (left.street and right.street and _number(left) != _number(right))
    pairs = (
        (_street(left), _street(right)),
        (_digits(left.phone), _digits(right.phone)),
        (left.detail_url or "", right.detail_url or ""),
        (left.website or "", right.website or ""),
    )
    shared = [one == other for one, other in pairs if one and other]
    return all(shared) and (bool(shared) or _bare(left) or _bare(right))


def _number(parish: Parish) -> str:
    found = re.search(r"\d+", parish.street or "")
    return found[0] if found else _street(parish)


def _bare(parish: Parish) -> bool:
    return not (parish.city or parish.street or parish.phone or parish.detail_url or parish.website)


_JOINED = ("rite", "street", "city", "state", "zip", "phone", "email", "website", "pastor", "deanery", "mailing_address", "mother_parish", "merged_into", "diocese", "directory_url", "detail_url")  # fmt: skip


def filled(parish: Parish, other: Parish) -> Parish:
    """The parish with the fields it lacks taken from another reading of it, and where each of them stands.

    An address is taken whole or not at all, so that a street never meets another address's town.
    """
    missing: dict[str, Any] = {
        name: getattr(other, name)
        for name in _JOINED
        if getattr(parish, name) is None and getattr(other, name) is not None
    }
    if _contradicts(parish, other):
        for name in ("street", "city", "state", "zip"):
            missing.pop(name, None)
    if parish.latitude is None and other.latitude is not None:
        missing |= {"latitude": other.latitude, "longitude": other.longitude}
    if not parish.languages and other.languages:
        missing["languages"] = other.languages
    sources = {name: other.sources[name] for name in missing if name in other.sources}
    return parish.model_copy(update={**missing, "sources": {**parish.sources, **sources}}) if missing else parish


def _contradicts(parish: Parish, other: Parish) -> bool:
    cities = parish.city and other.city and city_key(parish.city) != city_key(other.city)
    codes = parish.zip and other.zip and parish.zip[:5] != other.zip[:5]
    return bool(cities or codes)


def distinct(parishes: Iterable[Parish]) -> tuple[Parish, ...]:
    """The parishes of one reading, each once, in the order of their first mention."""
    kept: list[Parish] = []
    by_name: dict[str, list[int]] = defaultdict(list)
    for parish in parishes:
        name = fold_name(parish.name)
        index = next((index for index in by_name[name] if same_parish(kept[index], parish)), None)
        if index is None:
            by_name[name].append(len(kept))
            kept.append(parish)
        else:
            kept[index] = filled(kept[index], parish)
    return tuple(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a reading means for what is stored."""

    parishes: tuple[Parish, ...]
    """All parishes, old and new, each once; fields never overwritten with nothing."""
    added: tuple[ParishKey, ...] = ()
    updated: tuple[ParishKey, ...] = ()
    missing: tuple[ParishKey, ...] = ()
    """Stored, active, and not in this reading: to be looked at, not deleted."""
    closed: tuple[ParishKey, ...] = ()
    """Active before, closed or merged by this reading."""


def resolve(existing: Sequence[Parish], found: Sequence[Parish]) -> Resolution:
    """Joins a reading of a diocese with what is known of it; the newer value of a field wins over the older."""
    reading = distinct(found)
    partners = _partners(existing, reading)
    joined = [
        _updated(old, reading[partners[index]]) if index in partners else old for index, old in enumerate(existing)
    ]
    new = [parish for position, parish in enumerate(reading) if position not in set(partners.values())]
    everything = (*joined, *new)
    keys = keys_of(everything)
    old_keys = keys[: len(existing)]
    changed = [index for index in partners if joined[index] != existing[index]]
    return Resolution(
        parishes=everything,
        added=keys[len(existing) :],
        updated=tuple(old_keys[index] for index in changed),
        missing=tuple(
            old_keys[i] for i, old in enumerate(existing) if i not in partners and old.status is ParishStatus.ACTIVE
        ),
        closed=tuple(
            old_keys[index]
            for index in changed
            if existing[index].status is ParishStatus.ACTIVE and joined[index].status is not ParishStatus.ACTIVE
        ),
    )


def identify(stored: Mapping[str, Parish], found: Sequence[Parish]) -> tuple[tuple[str, Parish], ...]:
    """Each parish of a reading with the identity under which it is stored: its old one, or a new one that is free.

    An identity once given stays with its parish, whoever else of its name turns up in its town later.
    """
    reading = distinct(found)
    identities = list(stored)
    partners = _partners(list(stored.values()), reading)
    named = {position: identities[index] for index, position in partners.items()}
    taken = set(stored)
    for position, (key, parish) in enumerate(zip(keys_of(reading), reading, strict=True)):
        if position not in named:
            named[position] = _free(f"{key.name}|{key.place}", parish, taken)
            taken.add(named[position])
    return tuple((named[position], parish) for position, parish in enumerate(reading))


def _free(identity: str, parish: Parish, taken: Collection[str]) -> str:
    """The identity itself, or told apart by what else is known of the parish; a number only where nothing is."""
    told = [identity, *(f"{identity}/{more}" for more in (_street(parish), _digits(parish.phone)) if more)]
    numbered = (f"{identity}/{number}" for number in count(2))
    return next(each for each in chain(told, numbered) if each not in taken)


def _partners(existing: Sequence[Parish], reading: Sequence[Parish]) -> dict[int, int]:
    """Which stored parish (by index) each read one is: by the detail page, else by name and place, each at most once."""
    taken: set[int] = set()
    partners: dict[int, int] = {}
    by_name: dict[str, list[int]] = defaultdict(list)
    by_detail = {old.detail_url: index for index, old in enumerate(existing) if old.detail_url}
    for index, old in enumerate(existing):
        by_name[fold_name(old.name)].append(index)
    order = sorted(range(len(reading)), key=lambda position: -_facts(reading[position]))
    for position in order:
        parish = reading[position]
        named = [index for index in by_name[fold_name(parish.name)] if index not in taken]
        exact = [index for index in named if parish_key(existing[index]) == parish_key(parish)]
        alike = [index for index in named if same_parish(existing[index], parish)]
        linked = by_detail.get(parish.detail_url or "", -1)
        choice = (
            [index for index in alike if index in exact]
            or alike
            or ([linked] if linked >= 0 and linked not in taken else [])
        )
        if choice:
            partners[choice[0]] = position
            taken.add(choice[0])
    return partners


def _facts(parish: Parish) -> int:
    return sum(getattr(parish, name) is not None for name in ("city", "street", "phone", "detail_url", "website"))


def _updated(old: Parish, new: Parish) -> Parish:
    """The stored parish with what the reading states; a former name is kept as an alternate one."""
    stated = {name: value for name in Parish.model_fields if (value := getattr(new, name)) not in (None, (), {})}
    stated["sources"] = {**old.sources, **new.sources}
    names = dict.fromkeys((*old.alternate_names, *new.alternate_names, *((old.name,) if old.name != new.name else ())))
    names.pop(new.name, None)
    stated["alternate_names"] = tuple(names)
    if new.status is ParishStatus.ACTIVE:
        stated["merged_into"] = None
    return old.model_copy(update=stated)
