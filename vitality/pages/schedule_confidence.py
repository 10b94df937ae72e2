"""How often readings of a kind are right: a share for what is printed plainly, and a factor for each thing that makes it harder.

The shares were counted on labelled lines and pages and on excerpts of parish pages kept apart from them (1,500 times;
November 2026): of the plain ones 98 of 100 were right, of those told by another service 88, in long sentences 95, of
other devotions than Mass, confession and adoration 93, with a half of the day by custom 93. `bench/score.py sites`
prints the same table for whole sites.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vitality.pages.document import Line, Role
from vitality.pages.grammar.draft import Draft

_PLAIN: Final = 0.97
_LONG: Final = 160
_VERY_LONG: Final = 400
"""Characters of a line from which it is running text, and a whole article's paragraph."""
_MAIN: Final = frozenset({"mass", "divine_liturgy", "confession", "adoration"})

_HARDER: Final[tuple[tuple[float, Callable[[Draft, Line], bool]], ...]] = (
    (0.90, lambda draft, _line: draft.relative is not None),
    (0.94, lambda _draft, line: len(line.text) > _VERY_LONG),
    (0.97, lambda _draft, line: _LONG < len(line.text) <= _VERY_LONG),
    (0.96, lambda draft, _line: draft.named is None or draft.named.service not in _MAIN),
    (0.95, lambda draft, _line: "ampm" in draft.inferred),
    (0.95, lambda draft, _line: bool({"days", "start"} & set(draft.inferred))),
    (0.92, lambda draft, _line: "ocr" in draft.inferred),
    (0.98, lambda draft, _line: draft.named is not None and draft.named.weak),
    (0.83, lambda _draft, line: line.role is Role.HEADING),
)
"""What makes a time harder to read, with the factor by which such times are right less often."""


def confidence_of(draft: Draft, line: Line) -> float:
    """The share of times of this kind that are right, from 0 to 1."""
    share = _PLAIN
    for factor, holds in _HARDER:
        if holds(draft, line):
            share *= factor
    return round(share, 2)
