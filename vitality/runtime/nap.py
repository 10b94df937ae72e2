"""A sleep that others can cut short."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio


class Nap:
    """One sleeper's nap; a poke while it is awake makes its next nap end at once, so that none is missed."""

    def __init__(self) -> None:
        self._scope: anyio.CancelScope | None = None
        self._poked = False

    def poke(self) -> None:
        """Wakes the sleeper, now or at the beginning of its next nap."""
        self._poked = True
        if self._scope is not None:
            self._scope.cancel()

    async def take(self, seconds: float, sleep: Callable[[float], Awaitable[object]] = anyio.sleep) -> None:
        """Sleeps by calling `sleep(seconds)`, until it returns or somebody pokes."""
        if not self._poked:
            try:
                with anyio.CancelScope() as self._scope:
                    await sleep(seconds)
            finally:
                self._scope = None
        self._poked = False
