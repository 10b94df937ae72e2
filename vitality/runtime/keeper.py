"""Keeps one child alive: runs it, judges how a life ended, waits, and runs it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import anyio

from vitality.runtime.attempt import attempt
from vitality.runtime.child import ChildSpec, Pulse


class Cause(StrEnum):
    """How a life ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    HUNG = "hung"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one life; `error` is set when it failed."""

    cause: Cause
    lived: float
    error: Exception | None = None


Judge = Callable[[ChildSpec, Ending, int], float | None]
"""Of a child, how its life ended and how many failures in a row that makes: the seconds until its restart, or None."""


class Keeper:
    """The life after life of one child."""

    def __init__(self, spec: ChildSpec, judge: Judge, *, long_life: float) -> None:
        self.spec = spec
        self.pulse: Pulse | None = None
        """Of the life that is being lived; None between lives and after the last."""
        self.begun = False
        """Whether its first life was ordered: what has not begun need not be stopped."""
        self.settled = anyio.Event()
        """Set when the child was ready for the first time, or will never be."""
        self.gone = anyio.Event()
        self._judge = judge
        self._long_life = long_life
        self._scope = anyio.CancelScope(shield=True)
        self._stop_asked = anyio.Event()

    async def keep(self) -> None:
        """Lives until the child needs no restart or is stopped; shielded: only the supervisor ends it, in order."""
        try:
            with self._scope:
                await self._lives()
        finally:
            self.gone.set()
            self.settled.set()

    async def _lives(self) -> None:
        failures = 0
        while not self._stop_asked.is_set():
            ending = await self._live()
            failures = 1 if ending.lived >= self._long_life else failures + 1
            delay = self._judge(self.spec, ending, failures)
            if delay is None:
                return
            with anyio.move_on_after(delay):
                await self._stop_asked.wait()

    async def _live(self) -> Ending:
        begun = anyio.current_time()
        with anyio.CancelScope() as scope:
            self.pulse = self._new_pulse(scope)
            try:
                error = await attempt(self.spec.run(self.pulse))
            finally:
                self.pulse = None
            if error is not None:
                return Ending(Cause.FAILED, anyio.current_time() - begun, error)
        return Ending(self._cause(scope), anyio.current_time() - begun)

    def _cause(self, scope: anyio.CancelScope) -> Cause:
        if self._stop_asked.is_set():
            return Cause.STOPPED
        return Cause.HUNG if scope.cancel_called else Cause.COMPLETED

    def _new_pulse(self, scope: anyio.CancelScope) -> Pulse:
        spec = self.spec
        return Pulse(
            scope, start_seconds=spec.start_seconds, beat_seconds=spec.beat_seconds, on_started=self.settled.set
        )

    async def stop(self, cleanup_seconds: float) -> bool:
        """Asks the child to end, waits, cancels it, waits again; whether it is gone."""
        self._stop_asked.set()
        if self.pulse is not None:
            self.pulse.ask_to_stop()
        with anyio.move_on_after(self.spec.shutdown_seconds):
            await self.gone.wait()
        self._scope.cancel()
        with anyio.move_on_after(cleanup_seconds):
            await self.gone.wait()
        return self.gone.is_set()
