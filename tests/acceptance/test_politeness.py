"""Politeness as the sites see it: several processes, one killed, and the gaps in the sites' own log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

POLITENESS = Path(__file__).parent.parent.parent / "bench" / "politeness.py"


@pytest.mark.timeout(200)
def test_no_gap_is_short_and_no_host_is_asked_by_two_at_once() -> None:
    """Four processes on 30 hosts with a delay of a second, one of them killed."""
    command = [sys.executable, str(POLITENESS), "--hosts", "30", "--seconds", "12", "--kills", "1"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        told, _ = process.communicate(timeout=190)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, told
    assert re.search(r"short gaps +0\noverlaps +0\n", told), told
    reached = re.search(r"killed process's lease +([\d.]+)", told)
    assert reached is not None, told
    assert float(reached[1]) > 0.5, "the hosts stand idle; the rate itself is measured by the command"
