"""A folder that is replaced as a whole: readers see the old one or the new one, never half of either."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vitality.errors import FolderUnusable

MARK = ".made-by-vitality"
"""A file that says that the folder is ours to replace."""


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to write into; it takes the place of `target` when the block ends well.

    The swap is two renames: for that moment `target` is absent. After an error, or a crash, `target` is as before (a crash
    between the renames is mended by the next writer). Raises FolderUnusable if `target` is in use by another writer
    or holds files that are not ours: nobody loses a home directory to a slip in an option.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _only_writer(target):
        new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
        _mend(target, new, old)
        _refuse_foreign(target)
        new.mkdir()
        try:
            (new / MARK).touch()
            yield new
            _swap(target, new, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _only_writer(target: Path) -> Iterator[None]:
    """The lock dies with its process, so a killed writer blocks nobody."""
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderUnusable(f"another process is writing {target}") from None
        yield


def _mend(target: Path, new: Path, old: Path) -> None:
    """Clear away what a killed writer left."""
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (new, old):
        if leftover.exists():
            shutil.rmtree(leftover)


def _refuse_foreign(target: Path) -> None:
    if target.is_dir() and (target / MARK).exists():
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderUnusable(f"{target} holds files that this program did not make; name another folder")


def _swap(target: Path, new: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    try:
        new.replace(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    if old.exists():
        shutil.rmtree(old)
