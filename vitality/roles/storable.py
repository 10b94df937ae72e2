"""Texts that Postgres takes: escapes in JSON can hold what no stored text may."""

from __future__ import annotations

import re
from typing import TypeVar

from vitality.records import Record

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, and halves of surrogate pairs."""

R = TypeVar("R", bound=Record)


def storable(record: R) -> R:
    """The record with U+FFFD for every character that cannot be stored; which fields were given stays known."""
    given = {name: getattr(record, name) for name in record.model_fields_set}
    changed = {name: fit for name, value in given.items() if (fit := _fit(value)) != value}
    return record.model_copy(update=changed) if changed else record


def _fit(value: object) -> object:
    match value:
        case str() if _UNSTORABLE.search(value):
            return _UNSTORABLE.sub("�", str(value))
        case tuple():
            return tuple(_fit(each) for each in value)
        case dict():
            return {_fit(key): _fit(each) for key, each in value.items()}
        case Record():
            return storable(value)
        case _:
            return value
