"""Ended processes of Chromium that nobody waits for.

In a container we are the first process, so that processes whose parent has gone become our children. One that ends
stays in the kernel's table until its parent asks for its exit status (wait(2)); Chromium's helpers would fill it.
"""

from __future__ import annotations

import os

import psutil

NAMES = ("chrom", "headless")
"""How names of Chromium's processes begin; what we start ourselves, its driver, has other names and is waited for."""


def reap() -> int:
    """Takes notice of Chromium's ended processes that were left to us; returns how many."""
    count = 0
    for child in psutil.Process().children():
        try:
            if child.status() == psutil.STATUS_ZOMBIE and child.name().startswith(NAMES):
                count += os.waitpid(child.pid, os.WNOHANG)[0] == child.pid
        except (psutil.Error, ChildProcessError):
            continue  # somebody took notice of it meanwhile
    return count
