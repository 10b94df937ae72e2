"""When a host that fails is left alone, and for how long: a state machine over values.

    closed ──failure──▶ open until an instant ──instant passes──▶ closed, failures remembered
      ▲                                                             │
      └──────────────────────────success────────────────────────────┘

The wait doubles with each failure in a row and is drawn evenly from its upper half, so that hosts that failed
together do not come back together. A server's own Retry-After is never undercut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Bounds of the wait: `first` after one failure, doubling up to `longest`."""

    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=6)

    def wait(self, failures: int, chance: float) -> timedelta:
        """The wait after `failures` in a row (from 1); `chance` is drawn evenly from [0, 1)."""
        full = min(self.first * (1 << min(failures - 1, 20)), self.longest)
        return full * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A host's failures in a row, and the instant before which it must not be asked."""

    failures: int = 0
    open_until: datetime | None = None
    reason: str | None = None

    def closed_until(self, now: datetime) -> datetime | None:
        """The instant to come back at; None if the host may be asked now."""
        return self.open_until if self.open_until is not None and self.open_until > now else None


HEALTHY = Circuit()


def after_failure(
    circuit: Circuit,
    now: datetime,
    reason: str,
    *,
    retry_after: timedelta | None = None,
    backoff: Backoff | None = None,
    chance: float = 0.0,
) -> Circuit:
    """The circuit after one more failure; a later opening that already stands is kept."""
    failures = circuit.failures + 1
    wait = (backoff or Backoff()).wait(failures, chance)
    until = now + max(wait, retry_after or timedelta(0))
    return Circuit(failures=failures, open_until=max(until, circuit.open_until or until), reason=reason)


def after_success(circuit: Circuit, now: datetime) -> Circuit:
    """The circuit after an answer: healthy, but an opening that another request caused still runs."""
    return HEALTHY if circuit.closed_until(now) is None else circuit
