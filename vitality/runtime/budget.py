"""How much memory this worker may use, and how many pieces of work at a time fit into it.

All here is arithmetic; `memory` reads the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from vitality.errors import SettingsError

_V1_UNLIMITED = 1 << 60
"""cgroup v1 writes "no limit" as the largest multiple of a page, about 2**63."""


class Pressure(StrEnum):
    """What the memory in use asks of the pools."""

    OK = "ok"
    NEAR = "near"
    """Claim nothing new."""
    OVER = "over"
    """Give the newest work back, and recycle the browser."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes this worker may use; the marks are fractions of it."""

    total: int
    near_mark: float = 0.8
    over_mark: float = 0.92

    def pressure(self, used: int) -> Pressure:
        """What this many bytes in use ask for."""
        if used >= self.total * self.over_mark:
            return Pressure.OVER
        return Pressure.NEAR if used >= self.total * self.near_mark else Pressure.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a pool costs: bytes once (a browser, say), bytes a slot, and how many slots a CPU can serve."""

    base: int
    slot: int
    slots_per_cpu: float
    at_most: int = 64

    def cap(self, cpus: float) -> int:
        """The slots that the CPUs can serve, at least one."""
        return max(1, min(self.at_most, int(self.slots_per_cpu * cpus)))


def slots(budget: Budget, process: int, costs: Mapping[str, Cost], cpus: float) -> dict[str, int]:
    """How many slots each pool gets so that all of them full stay below the near mark.

    `process` is what the process costs without any pool, in bytes. Every pool gets one slot, then one more each
    in turn while they fit. Raises SettingsError where not even one slot each fits.
    """
    room = int(budget.total * budget.near_mark) - process - sum(cost.base + cost.slot for cost in costs.values())
    if room < 0:
        need = ceil((budget.total * budget.near_mark - room) / budget.near_mark / (1 << 20))
        names = " and ".join(costs)
        raise SettingsError(f"MEMORY_BUDGET is {budget.total >> 20}Mi, but one slot of {names} takes {need}Mi")
    sizes = dict.fromkeys(costs, 1)
    while True:
        grown = False
        for name, cost in costs.items():
            if sizes[name] < cost.cap(cpus) and cost.slot <= room:
                sizes[name] += 1
                room -= cost.slot
                grown = True
        if not grown:
            return sizes


def parse_limit(text: str) -> int | None:
    """Bytes from `memory.max` (cgroup v2) or `memory.limit_in_bytes` (v1); None where there is no limit."""
    word = text.strip()
    if word == "max" or int(word) >= _V1_UNLIMITED:
        return None
    return int(word)


def parse_cpu_max(text: str) -> float | None:
    """CPUs from `cpu.max` (cgroup v2), quota and period in microseconds; None where there is no limit."""
    quota, period = text.split()
    return None if quota == "max" else int(quota) / int(period)


def parse_membership(text: str) -> dict[str, str]:
    """The path of this process by controller, from `/proc/self/cgroup`; the key of cgroup v2 is empty (cgroups(7))."""
    paths: dict[str, str] = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        paths |= dict.fromkeys(controllers.split(","), path)
    return paths
