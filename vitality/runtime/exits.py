"""How the process ends: its exit codes, and the end at once that leaves no child behind."""

from __future__ import annotations

import os
from collections.abc import Collection
from enum import IntEnum
from typing import NoReturn

import psutil

from vitality.errors import RestartsExhausted, SettingsError
from vitality.runtime.attempt import leaves


class ExitCode(IntEnum):
    """What the process tells its parent; a second signal gives 128 + its number (130, 143)."""

    CLEAN = 0
    """Done, or drained after a signal."""
    FAILURE = 1
    USAGE = 2
    """A setting or argument is missing or wrong: restarting will not help."""
    RESTARTS_EXHAUSTED = 3
    """Children failed more often than the supervisor may restart them."""


def exit_code_of(error: Exception) -> ExitCode:
    """The exit code for the error that ended the program."""
    kinds = leaves(error)
    if any(isinstance(leaf, SettingsError) for leaf in kinds):
        return ExitCode.USAGE
    if any(isinstance(leaf, RestartsExhausted) for leaf in kinds):
        return ExitCode.RESTARTS_EXHAUSTED
    return ExitCode.FAILURE


def exit_now(code: int, *, spared: Collection[int] = ()) -> NoReturn:
    """Kills the descendants of this process and exits without any clean-up.

    `spared` are process ids that are left alone with all their descendants: an embedded Postgres that other
    workers share.
    """
    for child in _descendants(psutil.Process(), spared):
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    os._exit(code)


def _descendants(process: psutil.Process, spared: Collection[int]) -> list[psutil.Process]:
    """Children before their own children: one that could start another goes first."""
    try:
        children = [child for child in process.children() if child.pid not in spared]
    except psutil.NoSuchProcess:
        return []
    return children + [grandchild for child in children for grandchild in _descendants(child, spared)]
