"""A child of the supervisor as data, and the thread by which a running child and its supervisor hold each other.

A child is an async function of its `Pulse`. It calls `started()` when it is ready to be relied upon, `beat()` at
least every `beat_seconds` from then on, and returns soon after `stopping` is true.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import anyio


class Restart(StrEnum):
    """Which endings of a child call for a restart (the words are Erlang/OTP's)."""

    PERMANENT = "permanent"
    """Every ending."""
    TRANSIENT = "transient"
    """A failure; a clean completion is what it was for."""
    TEMPORARY = "temporary"
    """None."""


class Pulse:
    """One life of a child: it tells that it is ready and alive, and is told to stop.

    A life that falls silent past its limit is cancelled: each beat moves the deadline of its cancel scope.
    """

    def __init__(
        self,
        scope: anyio.CancelScope | None = None,
        *,
        start_seconds: float = inf,
        beat_seconds: float | None = None,
        on_started: Callable[[], object] | None = None,
    ) -> None:
        self._scope = anyio.CancelScope() if scope is None else scope
        self._beat_seconds = beat_seconds
        self._on_started = on_started
        self._stop_callbacks: list[Callable[[], object]] = []
        self.ready = False
        self.stopping = False
        self.last_beat = anyio.current_time()
        self._scope.deadline = self.last_beat + start_seconds

    def started(self) -> None:
        """The child can be relied upon: whatever comes after it may start."""
        self.ready = True
        self.beat()
        if self._on_started is not None:
            self._on_started()

    def beat(self) -> None:
        """The child is alive."""
        self.last_beat = anyio.current_time()
        if self.ready and not self.stopping:
            self._scope.deadline = inf if self._beat_seconds is None else self.last_beat + self._beat_seconds

    def on_stop(self, callback: Callable[[], object]) -> None:
        """Has the callback called, once, when the child is asked to stop."""
        self._stop_callbacks.append(callback)

    def ask_to_stop(self) -> None:
        """Asks the child to end by itself; from here on only the supervisor's patience limits it."""
        if not self.stopping:
            self.stopping = True
            self._scope.deadline = inf
            for callback in self._stop_callbacks:
                callback()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """What the supervisor knows of a child; all times in seconds.

    `shutdown_seconds` is how long the child may take after it was asked to stop before it is cancelled; at 0 it
    is cancelled at once. `beat_seconds` is the longest silence after it started; None: it is not watched.
    """

    name: str
    run: Callable[[Pulse], Awaitable[object]]
    restart: Restart = Restart.PERMANENT
    shutdown_seconds: float = 0.0
    start_seconds: float = 60.0
    beat_seconds: float | None = None
