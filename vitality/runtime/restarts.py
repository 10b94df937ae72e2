"""How often, and after what delay, a child that failed is started again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """At most `intensity` restarts within `period` seconds, over all children; then the supervisor gives up.

    Delays double from `first_delay` to `longest_delay` seconds with each failure in a row of the same child. A
    life of at least `period` seconds ends the row.
    """

    intensity: int = 5
    period: float = 60.0
    first_delay: float = 0.5
    longest_delay: float = 30.0

    def delay(self, failures: int, random: Callable[[], float]) -> float:
        """Seconds to wait before the restart after so many failures in a row; `random` gives [0, 1).

        The lower half is fixed and the upper random, so that no restart is at once and workers drift apart.
        """
        whole = min(self.longest_delay, self.first_delay * 2.0 ** min(failures - 1, 60))
        return whole * (1 + random()) / 2


class RestartBudget:
    """Counts restarts within a sliding period."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._times: deque[float] = deque()

    def spend(self, now: float) -> bool:
        """Notes a restart at this moment; whether the budget allows it."""
        self._times.append(now)
        while self._times[0] <= now - self._policy.period:
            self._times.popleft()
        return len(self._times) <= self._policy.intensity
