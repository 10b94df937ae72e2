"""Ended children that nobody waits for, as the first process of a container gets them."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import psutil
import pytest

from vitality.fetch.orphans import reap


def _child(executable: str) -> int:
    """A child that ends at once and that nobody waits for; its pid, once it has ended."""
    pid = os.spawnv(os.P_NOWAIT, executable, [executable, "0"])  # noqa: S606
    deadline = time.monotonic() + 10
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return pid


@pytest.fixture
def chromium(tmp_path: Path) -> str:
    """A program whose processes are named like Chromium's."""
    return str(shutil.copy(shutil.which("sleep") or "/bin/sleep", tmp_path / "chromium-headless-shell"))


def test_ended_helpers_of_chromium_are_taken_notice_of(chromium: str) -> None:
    """A zombie named like Chromium goes; a second look finds none."""
    pid = _child(chromium)
    assert reap() == 1
    assert not psutil.pid_exists(pid)
    assert reap() == 0


def test_other_children_are_left_to_those_who_wait_for_them(chromium: str) -> None:
    """What somebody else will ask for keeps its exit status, and what still runs goes on."""
    other = _child(shutil.which("sleep") or "/bin/sleep")
    running = os.spawnv(os.P_NOWAIT, chromium, [chromium, "60"])  # noqa: S606
    assert reap() == 0
    assert os.waitpid(other, 0) == (other, 0)
    psutil.Process(running).kill()
    os.waitpid(running, 0)
