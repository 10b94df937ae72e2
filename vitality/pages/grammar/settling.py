"""Fills in the minutes of drafts, list by list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vitality.pages.grammar.draft import Context, Draft, feast_of
from vitality.pages.grammar.elements import Clock
from vitality.pages.grammar.halves import settle


def settle_drafts(drafts: list[Draft], context: Context) -> None:
    """Fills in the minutes of the drafts, list by list."""
    lists: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        lists.setdefault(
            (draft.days, draft.dates, draft.named.service if draft.named else "", draft.place or ""),
            [],
        ).append(draft)
    for members in lists.values():
        clocks: list[Clock] = []
        for draft in members:
            clocks += [c for c in (_anchor_or_clock(draft), draft.until) if c is not None]
        if context.clock24:
            clocks = [replace(c, around=False) if not c.half else c for c in clocks]
        first = members[0]
        service = first.named.service if first.named else ""
        settled = iter(
            settle(
                clocks,
                service,
                first.days,
                vigil=first.vigil or feast_of(first.feast) == "christmas_eve",
                hint=first.half,
            )
        )
        for draft in members:
            _fill(draft, settled)


def _anchor_or_clock(draft: Draft) -> Clock | None:
    return draft.relative.clock if draft.relative is not None else draft.clock


def _fill(draft: Draft, source: Iterator[tuple[int, bool]]) -> None:
    guessed = False
    if _anchor_or_clock(draft) is not None:
        draft.minutes, guess = next(source)
        guessed = guess
    if draft.until is not None:
        draft.until_minutes, guess = next(source)
        guessed = guessed or guess
    if guessed and "ampm" not in draft.inferred:
        draft.inferred.append("ampm")
