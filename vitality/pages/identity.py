"""Which parish is which: a parish is known by its folded name and its place, not by its name or web site alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    for name in ("languages", "alternate_names"):
        if not getattr(parish, name) and getattr(other, name):
            missing[name] = getattr(other, name)
    sources = {name: other.sources[name] for name in missing if name in other.sources}
    if not missing:
        return parish
    hashes = {url: other.page_hashes[url] for url in sources.values() if url in other.page_hashes}
    told = {"sources": {**parish.sources, **sources}, "page_hashes": {**parish.page_hashes, **hashes}}
    return parish.model_copy(update={**missing, **told})


def _contradicts(parish: Parish, other: Parish) -> bool:
    cities = parish.city and other.city and city_key(parish.city) != city_key(other.city)
    codes = parish.zip and other.zip and parish.zip[:5] != other.zip[:5]
    return bool(cities or codes)


def distinct(parishes: Iterable[Parish]) -> tuple[Parish, ...]:
    """The parishes of one reading, each once, in the order of their first mention; who is who is the same in any order.

    A row that could be several of the others, and that nothing tells apart, is a mention of one of them and adds nothing.
    """
    rows = list(parishes)
    kept: dict[int, Parish] = {}
    first: dict[int, int] = {}
    by_name: dict[str, list[int]] = defaultdict(list)
    for position in sorted(range(len(rows)), key=lambda each: (_vagueness(rows[each]), each)):
        parish, name = rows[position], fold_name(rows[position].name)
        alike = [index for index in by_name[name] if same_parish(kept[index], parish)]
        fitting = _told_apart(kept, alike, parish) if len(alike) > 1 else alike
        if len(fitting) == 1:
            kept[fitting[0]] = filled(kept[fitting[0]], parish)
            first[fitting[0]] = min(first[fitting[0]], position)
        elif not fitting:
            by_name[name].append(position)
            kept[position], first[position] = parish, position
    return tuple(kept[index] for index in sorted(kept, key=lambda each: first[each]))


def _vagueness(parish: Parish) -> int:
    """0 for a row with town and street, 3 for a name alone: the plainest rows are looked at first."""
    return 3 if _bare(parish) else 2 - bool(parish.city) - bool(parish.street)


def _told_apart(known: Mapping[int, Parish] | Sequence[Parish], alike: Sequence[int], parish: Parish) -> list[int]:
    """Which of several that could be the parish share a number or an address with it; else those that nothing contradicts."""
    traits = ("phone", "detail_url", "website")
    shared = [index for index in alike if any(_agree(known[index], parish, name) for name in traits)]
    return (
        shared if len(shared) == 1 else [index for index in alike if _agree(known[index], parish, "phone") is not False]
    )


def _agree(left: Parish, right: Parish, name: str) -> bool | None:
    """Whether both have the same value; None when one of them has none."""
    one, other = getattr(left, name), getattr(right, name)
    if not one or not other:
        return None
    return _digits(one) == _digits(other) if name == "phone" else bool(one == other)


def identify(stored: Mapping[str, Parish], found: Sequence[Parish]) -> tuple[tuple[str, Parish], ...]:
    """Each parish of a reading with the identity under which it is stored: its old one, or a new one that is free.

    An identity once given stays with its parish, whoever else of its name turns up in its town later. A row that
    could be several stored parishes, and that has no place or says that it is closed, is nobody's and left out.
    """
    reading = distinct(found)
    identities, existing = list(stored), list(stored.values())
    reading = tuple(parish for parish in reading if not _is_anybodys(parish, existing))
    partners = _partners(existing, reading)
    named = {position: identities[index] for index, position in partners.items()}
    taken = set(stored)
    for position, (key, parish) in enumerate(zip(keys_of(reading), reading, strict=True)):
        if position not in named:
            named[position] = _free(f"{key.name}|{key.place}", parish, taken)
            taken.add(named[position])
    return tuple((named[position], parish) for position, parish in enumerate(reading))


def mergers(stored: Mapping[str, Parish], read: Iterable[tuple[str, Parish]]) -> dict[str, str]:
    """Which stored parishes a reading shows as merged, by identity, with the name of their heir.

    The reading lists them no longer, and one of those that it lists says that it was made of them.
    """
    pairs = list(read)
    listed = {identity for identity, _ in pairs}
    gone = {key: old for key, old in stored.items() if key not in listed and old.status is ParishStatus.ACTIVE}
    by_name: dict[str, list[str]] = defaultdict(list)
    for identity, old in gone.items():
        by_name[fold_name(old.name)].append(identity)
    heirs: dict[str, str] = {}
    for _, heir in pairs:
        for name in heir.alternate_names if heir.status is ParishStatus.ACTIVE else ():
            named = by_name[fold_name(name)]
            near = [each for each in named if _in_one_town(gone[each], heir)] or named
            if len(near) == 1:
                heirs[near[0]] = heir.name
    return heirs


def _in_one_town(left: Parish, right: Parish) -> bool:
    return bool(left.city and right.city) and city_key(left.city or "") == city_key(right.city or "")


def _is_anybodys(parish: Parish, existing: Sequence[Parish]) -> bool:
    if not _bare(parish) and parish.status is ParishStatus.ACTIVE:
        return False
    alike = [index for index, old in enumerate(existing) if same_parish(old, parish)]
    return len(alike) > 1 and len(_told_apart(existing, alike, parish)) > 1


def _free(identity: str, parish: Parish, taken: Collection[str]) -> str:
    """The identity itself, or told apart by what else is known of the parish; a number only where nothing is."""
    told = [identity, *(f"{identity}/{more}" for more in (_street(parish), _digits(parish.phone)) if more)]
    numbered = (f"{identity}/{number}" for number in count(2))
    return next(each for each in chain(told, numbered) if each not in taken)


def _partners(existing: Sequence[Parish], reading: Sequence[Parish]) -> dict[int, int]:
    """Which stored parish (by index) each read one (by position) is, each at most once: the surest pairs first."""
    pairing = _Pairing(existing, reading)
    pairing.by_name_and_place()
    pairing.moved()
    pairing.renamed()
    return pairing.partners


@dataclass(slots=True)
class _Pairing:
    """Pairs of stored and read parishes; `partners` maps indexes of the former to positions of the latter."""

    existing: Sequence[Parish]
    reading: Sequence[Parish]
    partners: dict[int, int] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _paired: set[int] = field(default_factory=set)

    def by_name_and_place(self) -> None:
        """One name, and nothing that contradicts; the rows that say most choose first."""
        for index, old in enumerate(self.existing):
            self._by_name[fold_name(old.name)].append(index)
        for position in sorted(range(len(self.reading)), key=lambda each: -_facts(self.reading[each])):
            parish = self.reading[position]
            named = [index for index in self._by_name[fold_name(parish.name)] if index not in self.partners]
            alike = [index for index in named if same_parish(self.existing[index], parish)]
            exact = [index for index in alike if parish_key(self.existing[index]) == parish_key(parish)]
            choice = [each for each in _told_apart(self.existing, alike, parish) if each in exact] or exact or alike
            if choice:
                self._pair(choice[0], position)

    def moved(self) -> None:
        """One name in one town that only one on either side has left, or one name with one telephone number."""
        self._pair_unique(_town, lambda old, new: not _are_two(old, new))
        self._pair_unique(_number_of_name, lambda _, new: self._is_unique(_number_of_name(new)))

    def renamed(self) -> None:
        """Another name on the same page of the directory, or one that says what it was before, at the same place."""
        self._pair_unique(lambda parish: parish.detail_url, _is_one_place)
        for position, parish in enumerate(self.reading):
            if position not in self._paired and len(parish.alternate_names) == 1:
                named = self._by_name[fold_name(parish.alternate_names[0])]
                old = [i for i in named if i not in self.partners and _is_one_place(self.existing[i], parish)]
                if len(old) == 1:
                    self._pair(old[0], position)

    def _pair_unique(self, trait: Callable[[Parish], Hashable | None], fits: Callable[[Parish, Parish], bool]) -> None:
        old = [index for index in range(len(self.existing)) if index not in self.partners]
        new = [position for position in range(len(self.reading)) if position not in self._paired]
        counts = [
            Counter(trait(rows[each]) for each in left) for rows, left in ((self.existing, old), (self.reading, new))
        ]
        by_trait = {trait(self.reading[position]): position for position in new}
        for index in old:
            key = trait(self.existing[index])
            if key is not None and counts[0][key] == counts[1][key] == 1:
                position = by_trait[key]
                if fits(self.existing[index], self.reading[position]):
                    self._pair(index, position)

    def _is_unique(self, number: Hashable | None) -> bool:
        """Whether nobody else, paired or not, has the name with this number: clusters share an office."""
        return all(
            [_number_of_name(each) for each in rows].count(number) == 1 for rows in (self.existing, self.reading)
        )

    def _pair(self, index: int, position: int) -> None:
        self.partners[index] = position
        self._paired.add(position)


def _town(parish: Parish) -> Hashable | None:
    return (fold_name(parish.name), city_key(parish.city)) if parish.city else None


def _number_of_name(parish: Parish) -> Hashable | None:
    digits = _digits(parish.phone)
    return (fold_name(parish.name), digits) if len(digits) == 10 else None


def _are_two(old: Parish, new: Parish) -> bool:
    """Whether street and number both differ: then a new parish took the place of an old one."""
    return bool(old.street and new.street) and _agree(old, new, "phone") is False


def _is_one_place(old: Parish, new: Parish) -> bool:
    return (
        _in_one_town(old, new) or bool(_agree(old, new, "phone")) or bool(_street(old) and _street(old) == _street(new))
    )


def _facts(parish: Parish) -> int:
    return sum(getattr(parish, name) is not None for name in ("city", "street", "phone", "detail_url", "website"))
