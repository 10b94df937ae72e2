"""The cache of a GraphQL client, in which objects name one another by reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any


def with_references(value: Any) -> Any:
    """A cache of a GraphQL client with `{"__ref": "Address:1"}` replaced by what it refers to."""
    for _ in range(_CACHE_DEPTH):
        if not isinstance(value, dict):
            return value
        for key, inner in value.items():
            if isinstance(inner, dict) and _is_a_cache(inner):
                return {**value, key: _by_kind(inner)}
        if _is_a_cache(value):
            return _by_kind(value)
        value = (
            next((each for key, each in value.items() if key in _WRAPPERS and isinstance(each, dict)), None) or value
        )
    return value


_CACHE_DEPTH = 5
_MAX_REFERENCES = 3
_WRAPPERS = ("props", "pageProps", "data", "state")


def _is_a_cache(value: Mapping[str, Any]) -> bool:
    return any(":" in key and isinstance(each, dict) and "__typename" in each for key, each in value.items())


def _by_kind(cache: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for name, each in cache.items():
        found[name.partition(":")[0]].append(_referred(each, cache, 0))
    return found


def _referred(value: Any, cache: Mapping[str, Any], depth: int) -> Any:
    if isinstance(value, list):
        return [_referred(each, cache, depth) for each in value]
    if not isinstance(value, dict):
        return value
    target = value.get("__ref")
    if isinstance(target, str) and depth < _MAX_REFERENCES:
        return _referred(cache.get(target), cache, depth + 1)
    return {key: _referred(each, cache, depth) for key, each in value.items() if key != "__typename"}
