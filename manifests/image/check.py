"""Runs the image as Kubernetes would, on this machine, and prints what each role did and used (`just image-check`).

Each role's container has what its deployment gives it: memory and CPU limit, user, read-only root, mounts, no
capabilities; around them stand a Postgres and the sample web on loopback. Exit code 1 when a role does not do its
work, answer its probes, stay within its memory or drain; where the machine cannot do this, one line says why.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from manifests.image import build
from manifests.image.container import limits_hold
from manifests.image.pod import pod
from manifests.image.trial import ROLES, SAMPLE, WORK_S, Seen, check


def missing(base: str | None = None) -> str | None:
    """Why the image cannot be built and run here; None when it can. `base` is the image to build on."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [name for name in ("git", "buildah", "podman", "runc") if shutil.which(name) is None]
    if absent:
        return f"needs {', '.join(absent)} on PATH"
    if not Path("/sys/fs/cgroup/memory").is_dir() and not Path("/sys/fs/cgroup/cgroup.controllers").is_file():
        return "needs the memory controller of cgroups"
    if not build.has_image(base or build.LOCAL_BASE):
        return f"needs the base image {base or build.LOCAL_BASE} (`just image --make-base`)"
    return None


def table(seen: Mapping[str, Seen]) -> str:
    """What was seen, a line a role."""
    lines = [f"{'role':<12}{'limit':>9}{'peak':>9}{'share':>7}{'rows':>6}{'drain':>8}{'exit':>6}  faults"]
    for role, each in seen.items():
        limit = pod(role).memory
        figures = f"{limit / 2**20:>6.0f}Mi{each.peak / 2**20:>7.0f}Mi{each.peak / limit:>7.0%}{each.rows:>6}"
        lines.append(f"{role:<12}{figures}{each.drained:>7.1f}s{each.code:>6}  {'; '.join(each.faults) or 'none'}")
    return "\n".join(lines)


def main() -> None:
    """Builds, runs and prints the table."""
    parser = argparse.ArgumentParser(prog="just image-check", description="Run the image under each role's limits.")
    parser.add_argument("--image", help="an image to run; without it the last commit is built")
    parser.add_argument("--base", help=f"what to build on; {build.LOCAL_BASE} unless named")
    parser.add_argument("--legacy", action="store_true", help="run the one deployment with all roles in place of four")
    parser.add_argument("--web", type=Path, default=SAMPLE, help="a folder of hosts; the project's sample unless named")
    parser.add_argument("--within", type=float, default=WORK_S, help="seconds that the work may take (%(default)s)")
    wanted = parser.parse_args()
    if reason := missing(wanted.image or wanted.base):
        sys.exit(f"image-check: not run: {reason}")
    if wanted.image is None:
        build.build(build.TAG, wanted.base or build.LOCAL_BASE)
    image = wanted.image or build.TAG
    if fault := limits_hold(image):
        sys.exit(f"image-check: {fault}")
    seen = asyncio.run(check(image, ("all",) if wanted.legacy else ROLES, wanted.web, wanted.within))
    sys.stdout.write(table(seen) + "\n")
    sys.exit(any(each.faults for each in seen.values()))


if __name__ == "__main__":
    main()
