"""Builds the image from a clean tree (`just image`), and makes a base image where none can be pulled (`--make-base`).

The tree is the last commit, not the folder: what is not committed is not in the image. Buildah, podman or docker
builds. The machine's own pip settings and certificates are lent to the build as secrets, and stay out of the image.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAG = "vitality:pipeline-local"
LOCAL_BASE = "localhost/vitality-base:bookworm"
"""The base that `--make-base` makes: Debian bookworm with its own Python 3.11."""
SECRETS = {
    "pip.conf": ("PIP_CONFIG_FILE", "/etc/pip.conf"),
    "ca.crt": ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
}
"""Secret of the Containerfile: the variable that names the machine's file, and where it lies otherwise."""
OPTIONS = {
    "buildah": ("build", "--format", "docker", "--layers", "--isolation", "chroot", "--network", "host"),
    "podman": ("build", "--format", "docker", "--layers", "--isolation", "chroot", "--network", "host"),
    "docker": ("build",),
}
"""The format `docker` keeps HEALTHCHECK; chroot and the host's network work where a build may not make namespaces."""
PACKAGES = "ca-certificates,python3,python3-venv,python-is-python3"
UNUSED = ("var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man", "usr/share/locale")


def run(command: Sequence[str], **more: object) -> subprocess.CompletedProcess[str]:
    """A command whose failure ends the program with what it wrote."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]  # noqa: S603
    if done.returncode:
        sys.exit(f"image: {command[0]} {command[1]} failed\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done  # type: ignore[no-any-return]


def builder() -> str:
    """The first builder on PATH; exits with a sentence where there is none."""
    found = next((name for name in OPTIONS if shutil.which(name)), None)
    if found is None:
        sys.exit("image: needs buildah, podman or docker on PATH")
    return found


def secrets() -> list[str]:
    """The options that lend the machine's pip settings and certificates to the build, as far as it has them."""
    files = {name: Path(os.environ.get(variable) or path) for name, (variable, path) in SECRETS.items()}
    return [f"--secret=id={name},src={file}" for name, file in files.items() if file.is_file()]


def revision() -> str:
    """The commit that is built."""
    return run(["git", "-C", str(ROOT), "rev-parse", "HEAD"]).stdout.strip()


def version(tree: Path) -> str:
    """The program's version, as its pyproject.toml has it."""
    return str(tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def clean_tree(folder: Path) -> None:
    """Writes the last commit into `folder`."""
    archive = folder.with_suffix(".tar")
    folder.mkdir()
    run(["git", "-C", str(ROOT), "archive", "--output", str(archive), "HEAD"])
    run(["tar", "--extract", "--file", str(archive), "--directory", str(folder)])
    archive.unlink()


def build(tag: str = TAG, base: str | None = None) -> None:
    """Builds the last commit; `base` stands in for the Containerfile's base image."""
    name = builder()
    with tempfile.TemporaryDirectory(prefix="vitality-image-") as scratch:
        tree = Path(scratch) / "tree"
        clean_tree(tree)
        facts = {"REVISION": revision(), "VERSION": version(tree)} | ({"BASE": base} if base else {})
        arguments = [f"--build-arg={key}={value}" for key, value in facts.items()]
        file = ["--file", str(tree / "Containerfile"), "--tag", tag, str(tree)]
        run([name, *OPTIONS[name], *arguments, *secrets(), *file], env=os.environ | {"DOCKER_BUILDKIT": "1"})


def has_image(name: str) -> bool:
    """Whether the builder's own store has an image of that name."""
    return subprocess.run([builder(), "inspect", name], capture_output=True, check=False).returncode == 0  # noqa: S603


def add_updates(sources: Path) -> None:
    """Adds the suites of updates and of security fixes to the release that debootstrap wrote down."""
    release = sources.read_text("utf-8").strip()
    updates = release.replace(" bookworm ", " bookworm-updates ")
    security = release.replace("/debian bookworm ", "/debian-security bookworm-security ")
    sources.write_text(f"{release}\n{updates}\n{security}\n", encoding="utf-8")


def make_base() -> None:
    """Makes `LOCAL_BASE` with debootstrap out of Debian's packages; needs root."""
    if shutil.which("debootstrap") is None or shutil.which("buildah") is None:
        sys.exit("image: --make-base needs debootstrap and buildah on PATH")
    with tempfile.TemporaryDirectory(prefix="vitality-base-") as scratch:
        root = Path(scratch) / "root"
        run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root)])
        add_updates(root / "etc/apt/sources.list")
        for name in UNUSED:
            shutil.rmtree(root / name)
            (root / name).mkdir()
        container = run(["buildah", "from", "scratch"]).stdout.strip()
        run(["buildah", "add", "--quiet", container, str(root), "/"])
        run(["buildah", "commit", "--quiet", "--rm", container, LOCAL_BASE])


def main() -> None:
    """Builds as the arguments say."""
    parser = argparse.ArgumentParser(prog="just image", description="Build the container image from the last commit.")
    parser.add_argument("tag", nargs="?", default=TAG)
    parser.add_argument("--base", help="an image in place of the Containerfile's base, best by digest")
    parser.add_argument("--make-base", action="store_true", help=f"make {LOCAL_BASE} with debootstrap and build on it")
    wanted = parser.parse_args()
    if wanted.make_base:
        make_base()
    build(wanted.tag, LOCAL_BASE if wanted.make_base else wanted.base)
    sys.stdout.write(f"image: {wanted.tag} of {revision()[:12]}\n")


if __name__ == "__main__":
    main()
