"""Memory: what the budget is, what fits into it, and what happens when it runs short."""

from __future__ import annotations

import io
from pathlib import Path

import anyio
import pytest

from vitality.errors import SettingsError
from vitality.runtime.budget import Budget, Cost, Pressure, parse_cpu_max, parse_limit, parse_membership, slots
from vitality.runtime.child import Pulse
from vitality.runtime.memory import (
    MemoryWatch,
    budget_from,
    cpu_count,
    memory_in_use,
    memory_limit,
    total_memory,
)
from vitality.telemetry.logs import make_log

MI = 2**20
HTTP = Cost(base=50 * MI, slot=20 * MI, slots_per_cpu=8)
BROWSER = Cost(base=400 * MI, slot=100 * MI, slots_per_cpu=2)


def write(root: Path, path: str, text: str) -> None:
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("used", "pressure"),
    [
        (0, Pressure.OK),
        (799, Pressure.OK),
        (800, Pressure.NEAR),
        (919, Pressure.NEAR),
        (920, Pressure.OVER),
        (2000, Pressure.OVER),
    ],
)
def test_pressure(used: int, pressure: Pressure) -> None:
    """Near at four fifths, over a little below the limit itself."""
    assert Budget(1000).pressure(used) is pressure


def test_slots_fill_the_room_below_the_near_mark() -> None:
    """1 GiB: 819 MiB below the mark, 150 for the process and 50 for the pool leave 30 slots of 20."""
    assert slots(Budget(1024 * MI), 150 * MI, {"a": HTTP}, cpus=64) == {"a": 30}


def test_cpus_cap_the_slots() -> None:
    """Half a CPU still gets one."""
    assert slots(Budget(64 * 1024 * MI), 0, {"a": HTTP}, cpus=2) == {"a": 16}
    assert slots(Budget(64 * 1024 * MI), 0, {"b": BROWSER}, cpus=0.2) == {"b": 1}


def test_pools_share_the_room_in_turn() -> None:
    """Each grows by one while it fits; a pool at its cap leaves the rest to others."""
    sizes = slots(Budget(2048 * MI), 150 * MI, {"a": HTTP, "b": BROWSER}, cpus=2)
    used = 150 + 50 + 400 + 20 * sizes["a"] + 100 * sizes["b"]
    assert sizes == {"a": 16, "b": 4}
    assert used <= 2048 * 0.8


def test_a_budget_that_holds_not_even_one_slot_each_is_refused_with_the_need() -> None:
    """The sentence names a budget that would do."""
    with pytest.raises(SettingsError, match=r"MEMORY_BUDGET is 256Mi, but one slot of b takes 813Mi") as caught:
        slots(Budget(256 * MI), 150 * MI, {"b": BROWSER}, cpus=2)
    need = int(str(caught.value).rsplit(" ", 1)[1].removesuffix("Mi"))
    assert slots(Budget(need * MI), 150 * MI, {"b": BROWSER}, cpus=2) == {"b": 1}


@pytest.mark.parametrize(
    ("text", "limit"), [("max\n", None), ("2147483648\n", 2**31), ("9223372036854771712\n", None), ("536870912", 2**29)]
)
def test_memory_limits_of_both_cgroup_versions(text: str, limit: int | None) -> None:
    """`max` and the huge number of version 1 mean no limit."""
    assert parse_limit(text) == limit


def test_cpu_quota() -> None:
    """Quota over period; `max` means no limit."""
    assert parse_cpu_max("150000 100000\n") == 1.5
    assert parse_cpu_max("max 100000\n") is None


def test_membership_of_both_versions() -> None:
    """Controllers that share a hierarchy share its path; a path may hold colons."""
    assert parse_membership("4:memory:/a:b\n2:cpu,cpuacct:/c\n0::/d\n") == {
        "memory": "/a:b", "cpu": "/c", "cpuacct": "/c", "": "/d",
    }  # fmt: skip


def test_the_least_limit_on_the_way_up_holds(tmp_path: Path) -> None:
    """A pod's limit binds its containers."""
    write(tmp_path, "/proc/self/cgroup", "0::/pod/container\n")
    write(tmp_path, "/sys/fs/cgroup/pod/container/memory.max", "max\n")
    write(tmp_path, "/sys/fs/cgroup/pod/memory.max", "1000000\n")
    write(tmp_path, "/sys/fs/cgroup/pod/container/cpu.max", "10000 100000\n")
    assert memory_limit(tmp_path) == 1000000
    assert cpu_count(tmp_path) == 0.1
    assert budget_from(None, tmp_path) == Budget(1000000)
    assert budget_from(5000, tmp_path) == Budget(5000)


def test_version_1_in_a_container_that_sees_the_hosts_path(tmp_path: Path) -> None:
    """Only the root of the mount exists there, and it is the container's."""
    write(tmp_path, "/proc/self/cgroup", "4:memory:/docker/abc\n0::/\n")
    write(tmp_path, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n")
    assert memory_limit(tmp_path) == 2000000


def test_without_any_limit_half_the_machine_is_the_budget(tmp_path: Path) -> None:
    """Nor does the absence of `/proc` stop anybody."""
    write(tmp_path, "/proc/self/cgroup", "0::/\n")
    assert memory_limit(tmp_path) is None
    assert memory_limit(tmp_path / "nothing") is None
    assert budget_from(None, tmp_path) == Budget(total_memory() // 2)


def test_memory_in_use_is_that_of_this_process_at_least() -> None:
    """Some tens of megabytes: an interpreter, and less than the machine has."""
    assert 10 * MI < memory_in_use() < total_memory()


class Sheddable:
    """A pool that counts how often it was asked to give up work."""

    def __init__(self, items: int) -> None:
        self.items = items

    def shed(self) -> bool:
        if self.items == 0:
            return False
        self.items -= 1
        return True


def _watch(used: list[int], recycled: list[float]) -> MemoryWatch:
    async def recycle() -> None:
        recycled.append(anyio.current_time())

    log = make_log(level="error", form="json", stream=io.StringIO())
    return MemoryWatch(Budget(1000), log=log, recycle=recycle, read=lambda: used[0], recycle_seconds=30)


async def test_over_the_budget_one_piece_of_work_goes_at_each_look_from_the_last_pool() -> None:
    """Near the budget nothing is given up yet."""
    used, first, last = [850], Sheddable(2), Sheddable(1)
    watch = _watch(used, [])
    watch.add(first)
    watch.add(last)
    await watch.look()
    assert (watch.pressure, first.items, last.items) == (Pressure.NEAR, 2, 1)
    used[0] = 950
    await watch.look()
    assert (watch.pressure, first.items, last.items) == (Pressure.OVER, 2, 0)
    await watch.look()
    assert (first.items, last.items) == (1, 0)
    used[0] = 100
    await watch.look()
    assert (watch.pressure, first.items) == (Pressure.OK, 1)


async def test_the_browser_is_recycled_once_and_not_again_at_once() -> None:
    """A fresh browser gets its time."""
    recycled: list[float] = []
    watch = _watch([2000], recycled)
    await watch.look()
    await watch.look()
    assert len(recycled) == 1


async def test_the_watch_is_ready_after_its_first_look() -> None:
    """No pool starts on a pressure that nobody measured."""
    watch, pulse = _watch([950], []), Pulse()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch.run, pulse)
        with anyio.fail_after(5):
            while not pulse.ready:
                await anyio.sleep(0)
        tasks.cancel_scope.cancel()
    assert watch.used == 950
