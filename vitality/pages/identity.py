"""Which parish is which: a parish is known by its folded name and its place, not by its name or web site alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vitality.records import Parish


class ParishKey(NamedTuple):
    """The part of a parish's identity within its diocese."""

    name: str
    """Folded: no case, accents, "Saint" spelled one way, without "Parish", "Church" and the like."""
    place: str
    """Folded city or, without one, the street, the telephone number or the detail page's path."""


def parish_key(parish: Parish) -> ParishKey:
    """The key under which a parish is stored within its diocese; the same in any order of reading."""
    raise NotImplementedError


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
    """Joins a reading of a diocese with what is known of it."""
    raise NotImplementedError
