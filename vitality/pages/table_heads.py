"""What the header of a row or column says of the hours under it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vitality.pages.dom import squeeze
from vitality.pages.grammar.draft import Context
from vitality.pages.grammar.reduction import elements_of
from vitality.pages.grammar.statement import read_statements
from vitality.pages.grammar.vocabulary import WEEK, fold

_ALSO_CHURCHES: Final = frozenset(
    {"all_saints", "assumption", "immaculate_conception", "epiphany", "ascension", "corpus_christi", "annunciation"}
)
"""Feasts that churches are named for."""


def under_head(text: str, context: Context, own_days: bool) -> Context:
    """What holds under a table's header; beside weekdays a feast there is the name of a church: "All Saints, Castle"."""
    elements = elements_of(text)
    weekly = own_days or any(day[-2:] in WEEK for day in context.days)
    church = weekly and {e.code for e in elements if e.kind == "date"} <= _ALSO_CHURCHES
    if not church or all(e.kind != "date" for e in elements):
        known = context.days
        _none, context = read_statements(elements, context)
        if known and set(known) < set(context.days):
            context = replace(context, days=known)  # of the row before, under the same "WEEKEND"
    named = all(e.kind in ("word", "break") or (church and e.kind == "date") for e in elements)
    if not context.place and named and _place_like(text):
        return replace(context, place=squeeze(text))
    return context


def _place_like(text: str) -> bool:
    words = fold(text).split()
    return 0 < len(words) < 6 and not any(word.isdigit() for word in words)
