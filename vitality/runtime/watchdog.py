"""Ends the process when its event loop is stuck, where nothing inside the loop could notice any more."""

from __future__ import annotations

import faulthandler
import sys
from typing import TextIO

import anyio

from vitality.runtime.child import Pulse


class Watchdog:
    """An actor that winds up an alarm outside the event loop again and again.

    When the loop does not come round within `limit_seconds` (a reader caught in an endless regular expression,
    say), the interpreter writes the stacks of all threads to the stream and exits with code 1: the lease runs out,
    the attempt is counted, and the work is buried in the end. The alarm is one per process.
    """

    def __init__(self, limit_seconds: float, stream: TextIO | None = None) -> None:
        self._limit_seconds = limit_seconds
        self._stream = sys.stderr if stream is None else stream

    async def run(self, pulse: Pulse) -> None:
        """Winds up until cancelled."""
        pulse.started()
        try:
            while not pulse.stopping:
                pulse.beat()
                faulthandler.dump_traceback_later(self._limit_seconds, exit=True, file=self._stream)
                await anyio.sleep(self._limit_seconds / 4)
        finally:
            faulthandler.cancel_dump_traceback_later()
