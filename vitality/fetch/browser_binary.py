"""Where Chromium is, and how to start it: with its sandbox, or openly without.

A Chromium is looked for in this order: the operator's setting; `chromium-headless-shell` or `chromium` on PATH;
the one that playwright installed; one that npm's `@sparticuz/chromium` unpacked.

Chromium's sandbox needs user namespaces and refuses to run as root. As root it is started within a user
namespace of its own, in which it is a plain user; files it writes still belong to root.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("chromium-headless-shell", "headless-shell", "chromium", "chromium-browser", "google-chrome")
_UNPACKED_BY_NPM = "chromium"
_UNSHARE = ("--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlan:
    """One way to start Chromium; `how` tells a person what it is."""

    executable: Path
    sandbox: bool
    how: str
    in_namespace: bool = False


def find(setting: Path | None, playwrights_own: Path | None) -> Path | None:
    """The Chromium to use, None where there is none; a setting is taken at its word."""
    return setting or next(_candidates(playwrights_own), None)


def _candidates(playwrights_own: Path | None) -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    if playwrights_own is not None and playwrights_own.is_file():
        yield playwrights_own
    unpacked = Path(tempfile.gettempdir()) / _UNPACKED_BY_NPM
    if _is_ours(unpacked):
        yield unpacked


def _is_ours(path: Path) -> bool:
    """A file in a folder open to everybody is run only if nobody else can have written it."""
    try:
        status = path.lstat()
    except OSError:
        return False
    ours = status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return ours and stat.S_ISREG(status.st_mode) and bool(status.st_mode & stat.S_IXUSR)


def plans(executable: Path, *, root: bool, unshare: str | None) -> tuple[LaunchPlan, ...]:
    """Ways to start it, the best first; `unshare` is the path of util-linux's tool, None where it is missing."""
    bare = LaunchPlan(executable=executable, sandbox=False, how="without sandbox")
    if not root:
        return (LaunchPlan(executable=executable, sandbox=True, how="sandboxed"), bare)
    if unshare is None:
        return (bare,)
    how = "sandboxed, in a user namespace of its own"
    return (LaunchPlan(executable=executable, sandbox=True, how=how, in_namespace=True), bare)


def wrapper(plan: LaunchPlan, folder: Path, unshare: str) -> Path:
    """Writes the script that starts Chromium in a user namespace; returns its path."""
    script = folder / "chromium"
    command = shlex.join([unshare, *_UNSHARE, "--", str(plan.executable)])
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return script
