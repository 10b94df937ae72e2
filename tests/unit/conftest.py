"""A clock that jumps: unit tests never sleep.

A test marked `@pytest.mark.asyncio(loop_factories=["jumping"])` runs on an event loop whose time stands still while
anything can run, and jumps to the next timer when nothing can. Sleeps, deadlines and time-outs of the real code keep
their order and their length by `anyio.current_time()`, and take no time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping

import pytest


class JumpingSelector(selectors.DefaultSelector):
    """Never waits: where the loop would, it moves the clock instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("deadlock: nothing is running and no timer is set, so nothing will ever happen")
        self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on the jumping selector's time."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def pass_time(self, seconds: float) -> None:
        """Lets time pass in which nothing ran at all, as when the whole process is stopped."""
        self._jumping.now += seconds


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The jumping loop where the test's mark asks for it, else asyncio's own."""
    mark = item.get_closest_marker("asyncio")
    if mark is not None and "jumping" in mark.kwargs.get("loop_factories", ()):
        return {"jumping": JumpingLoop}
    return {"real": asyncio.new_event_loop}
