"""How Python's collector of cyclic garbage is set for programs that read pages."""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 20, 100)
"""Objects before a collection of the young, and so many of these before one of the older.

A page makes some ten thousand objects that live as long as its reading and hold no cycles: with the usual 700 the
collector walks through them again and again, a tenth of the whole time.
"""


def settle() -> None:
    """Takes what was imported out of all collections, and collects seldom from here on; call it once at the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
