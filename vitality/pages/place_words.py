"""Whether two names of places can be one: "St. Rose" and "St. Rose of Lima Church"."""

from __future__ import annotations

from vitality.pages.links import fold


def agree(a: str | None, b: str | None) -> bool:
    """Two places that can be one: one is not stated, or one's words contain the other's."""
    if not a or not b:
        return True
    one, other = place_words(a), place_words(b)
    return one <= other or other <= one


def place_words(text: str) -> frozenset[str]:
    """The words that tell a place from others, in the singular, without "church", "parish" and the like."""
    words = fold(text).replace("saint", "st").split()
    return frozenset(
        w.removesuffix("s") for w in words if w not in {"the", "of", "at", "church", "catholic", "parish", "in", "s"}
    )
