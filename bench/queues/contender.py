"""What is asked of every queue in the comparison."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """A queue: how its tables are filled, one worker that drains them, and one that waits for single pieces."""

    name: str
    fill: Callable[[str, int], Awaitable[None]]
    """(dsn, pieces): tables made anew, with so many pieces due now."""
    drain: Callable[[str, int], Awaitable[int]]
    """(dsn, batch): works until nothing is due; returns how many pieces this worker did."""
    put: Callable[[str], Awaitable[Callable[[], Awaitable[None]]]] | None = None
    """(dsn): what enters one piece that is due at once, for the measure of pick-up."""
    take: Callable[[str, Callable[[], None]], Awaitable[None]] | None = None
    """(dsn, picked): works for ever and calls `picked` for each piece as soon as it is claimed."""
