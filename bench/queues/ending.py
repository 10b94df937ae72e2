"""A benchmark that is asked to end stops its server first."""

from __future__ import annotations

import multiprocessing
import signal
import sys


def end_on_sigterm() -> None:
    """SIGTERM raises SystemExit once; what comes after it cannot break the clean-up."""

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in multiprocessing.active_children():
            child.kill()
        sys.exit(143)

    signal.signal(signal.SIGTERM, end)
