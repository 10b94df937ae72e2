"""SIGTERM and SIGINT as a task: the first asks for the end, the second ends at once."""

from __future__ import annotations

import signal
from collections.abc import Callable

import anyio
from anyio.abc import TaskStatus

from vitality.runtime.exits import exit_now
from vitality.telemetry.logs import Log


async def watch_signals(
    on_first: Callable[[], object],
    *,
    log: Log,
    on_second: Callable[[int], object] = exit_now,
    task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Calls `on_first` at the first signal and `on_second` with 128 + the number of each later one; ends by cancellation.

    128 + n is what a shell reports of a process that died of signal n: 130 for SIGINT, 143 for SIGTERM.
    """
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as received:
        task_status.started()
        first = await anext(received)
        log.warning("stopping", signal=signal.Signals(first).name)
        on_first()
        async for number in received:
            log.error("stopping at once", signal=signal.Signals(number).name)
            on_second(128 + number)
