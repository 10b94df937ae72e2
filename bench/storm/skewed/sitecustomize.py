"""Shifts the wall clock of a Python process by STORM_CLOCK_OFFSET seconds; only the storm puts this on the path.

Python imports a module of this name at start. The monotonic clock is left alone, as it is by a wrong date.
"""

import asyncio
import ctypes
import datetime
import gc
import os
import signal
import sys
import time

OFFSET = float(os.environ.get("STORM_CLOCK_OFFSET", "0"))

if OFFSET:
    _time, _time_ns = time.time, time.time_ns
    time.time = lambda: _time() + OFFSET
    time.time_ns = lambda: _time_ns() + int(OFFSET * 1e9)

    def _now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    def _utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    # datetime is built in: its own dictionary can only be reached behind its back.
    _names = gc.get_referents(datetime.datetime.__dict__)[0]
    _names["now"], _names["utcnow"] = classmethod(_now), classmethod(_utcnow)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))


def _tell(_number, _frame):
    """SIGUSR1: what every task waits for, on stderr; for whoever wants to know why work hangs."""
    for task in [each for each in gc.get_objects() if isinstance(each, asyncio.Task) and not each.done()]:
        print("--- task", task.get_name(), file=sys.stderr)
        awaited = task.get_coro()
        while awaited is not None:
            frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
            if frame is not None:
                print(f"  {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}", file=sys.stderr)
            else:
                print(f"  {awaited!r}", file=sys.stderr)
            awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    sys.stderr.flush()


if "STORM_CLOCK_OFFSET" in os.environ:
    signal.signal(signal.SIGUSR1, _tell)
