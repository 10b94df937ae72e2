"""Faults that a test can order from the local web: what broken and hostile servers do."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """Another status, with `headers`."""
    DROP = "drop"
    """The connection is closed before any answer."""
    CUT = "cut"
    """The body ends before its announced length."""
    SLOW = "slow"
    """The body comes in pieces of 64 bytes, `pause` seconds apart."""
    SILENT = "silent"
    """Nothing is answered for `pause` seconds."""
    ENDLESS = "endless"
    """The body never ends."""
    GARBAGE = "garbage"
    """The answer is no HTTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault; `pause` is in seconds."""

    kind: FaultKind
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.05


class FaultPlan:
    """Faults in waiting, by host and path; `*` stands for every path of the host."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], deque[Fault]] = {}

    def add(self, host: str, path: str, *faults: Fault, times: int = 1) -> None:
        """Orders `faults`, one for each of the next requests, the whole row `times` times over."""
        self._waiting.setdefault((host, path), deque()).extend(faults * times)

    def next(self, host: str, path: str) -> Fault | None:
        """Takes the fault that the next request of this path meets."""
        for key in ((host, path), (host, "*")):
            if self._waiting.get(key):
                return self._waiting[key].popleft()
        return None
