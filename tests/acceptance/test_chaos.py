"""The chaos command in its short form: the same faults, fewer of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

CHAOS = Path(__file__).parent.parent.parent / "bench" / "chaos.py"


@pytest.mark.timeout(280)
def test_nothing_is_broken_by_a_short_storm() -> None:
    """Workers killed, stopped and cut off, Postgres restarted and killed: all is done, found and kept as without."""
    command = [sys.executable, str(CHAOS), "--seed", "7", "--minutes", "1.5", "--faults", "30", "--slack", "3"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        told, _ = process.communicate(timeout=270)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, told
    assert "chaos: nothing is broken" in told
