"""Signals, exit codes and the watchdog on a real process."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import psutil
import pytest

pytestmark = pytest.mark.integration

PROGRAM = """
import sys, subprocess, time
import anyio
from vitality.runtime.child import ChildSpec
from vitality.runtime.exits import exit_code_of
from vitality.runtime.restarts import RestartPolicy
from vitality.runtime.signals import watch_signals
from vitality.runtime.supervisor import Supervisor
from vitality.runtime.watchdog import Watchdog
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

async def draining(pulse):
    pulse.started()
    asked = anyio.Event()
    pulse.on_stop(asked.set)
    print("ready", flush=True)
    await asked.wait()
    print("draining", flush=True)
    await anyio.sleep(DRAIN)
    print("drained", flush=True)

async def stuck(pulse):
    pulse.started()
    print("ready", flush=True)
    time.sleep(60)

async def main():
    log = make_log(level="info", form="json")
    children = CHILDREN
    it = Supervisor(children, log=log, metrics=Metrics(version="1"), policy=POLICY)
    async with anyio.create_task_group() as tasks:
        await tasks.start(lambda task_status: watch_signals(it.stop, log=log, task_status=task_status))
        await it.run()
        tasks.cancel_scope.cancel()

try:
    anyio.run(main)
except Exception as error:
    sys.exit(exit_code_of(error))
"""


@contextmanager
def program(children: str, drain: float = 0.0, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """The program above with these children; killed at the end if it still lives."""
    text = PROGRAM.replace("CHILDREN", children).replace("DRAIN", str(drain)).replace("POLICY", "None")
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(before) + text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


POOL = '[ChildSpec(name="pool", run=draining, shutdown_seconds=30)]'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_drains_and_exits_with_0(number: signal.Signals) -> None:
    """What was running ends in its time."""
    with program(POOL, drain=0.2) as process:
        assert _line(process.stdout) == "ready"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out.split()) == (0, ["draining", "drained"])
    assert f'"signal": "{number.name}"' in err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_second_signal_exits_at_once_and_kills_the_children(number: signal.Signals, code: int) -> None:
    """Neither the drain nor a child process keeps it."""
    before = "import subprocess\nchild = subprocess.Popen(['sleep', '300'])\nprint(child.pid, flush=True)\n"
    with program(POOL, drain=300, before=before) as process:
        child = psutil.Process(int(_line(process.stdout)))
        assert _line(process.stdout) == "ready"
        process.send_signal(signal.SIGTERM)
        assert _line(process.stdout) == "draining"
        process.send_signal(number)
        assert process.wait(timeout=10) == code
        _wait_until_gone(child)


def _wait_until_gone(process: psutil.Process) -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
    pytest.fail("the child process lives on")


def test_exhausted_restarts_exit_with_3() -> None:
    """A child that always fails ends the process with its own code."""
    children = '[ChildSpec(name="pool", run=lambda pulse: anyio.Path("/nowhere/at/all").read_text())]'
    text = PROGRAM.replace("CHILDREN", children).replace("POLICY", "RestartPolicy(intensity=2, first_delay=0.01)")
    ended = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 3
    assert ended.stderr.count("No such file") >= 3


def test_the_watchdog_ends_a_process_whose_event_loop_is_stuck() -> None:
    """With the stack of the guilty function on stderr, and exit code 1."""
    children = '[ChildSpec(name="watchdog", run=Watchdog(1.0).run), ChildSpec(name="stuck", run=stuck)]'
    with program(children) as process:
        assert _line(process.stdout) == "ready"
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "in stuck" in err
