"""Payloads of server-rendered applications that store each value once and refer to it by number (Nuxt 3, SvelteKit)."""

from __future__ import annotations

from typing import Any

_WRAPPERS = frozenset(("ShallowReactive", "Reactive", "ShallowRef", "Ref", "EmptyShallowRef", "EmptyRef", "Set"))
_MAX_DEPTH = 40


def is_flat(value: Any) -> bool:
    """Whether a JSON value is such a payload: a list whose first entry refers to others by their place in the list."""
    if not isinstance(value, list) or len(value) < 4:
        return False
    head = value[0]
    if isinstance(head, list):
        return len(head) == 2 and head[0] in _WRAPPERS and _refers(head[1], value)
    return isinstance(head, dict) and bool(head) and all(_refers(each, value) for each in head.values())


def unfolded(values: list[Any]) -> Any:
    """The value that the payload stands for; what refers to itself, or nests too deep, is None there."""
    return _Unfolding(values).value(0, 0)


def _refers(index: Any, values: list[Any]) -> bool:
    return isinstance(index, int) and not isinstance(index, bool) and -6 <= index < len(values)


class _Unfolding:
    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._known: dict[int, Any] = {}

    def value(self, index: Any, depth: int) -> Any:
        if not _refers(index, self._values) or index < 0 or depth > _MAX_DEPTH:
            return None
        if index not in self._known:
            self._known[index] = None
            self._known[index] = self._built(self._values[index], depth + 1)
        return self._known[index]

    def _built(self, raw: Any, depth: int) -> Any:
        if isinstance(raw, dict):
            return {key: self.value(inner, depth) for key, inner in raw.items()}
        if isinstance(raw, list):
            if raw and isinstance(raw[0], str):
                return self.value(raw[1], depth) if raw[0] in _WRAPPERS and len(raw) > 1 else None
            return [self.value(inner, depth) for inner in raw]
        return raw
