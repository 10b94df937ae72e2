"""Renders every overlay and holds the result against the Kubernetes schemas (`just manifests-check`).

Needs `kubectl` or `kustomize` on PATH. Exit code 1 when something does not render or does not fit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MANIFESTS = Path(__file__).parent
VALIDATOR = ("uv", "tool", "run", "--quiet", "--python-preference", "only-system", "kubernetes-validate==1.37.0")


def renderer() -> tuple[str, ...]:
    """The command that renders a folder; exits with a sentence where there is none."""
    if shutil.which("kubectl"):
        return ("kubectl", "kustomize")
    if shutil.which("kustomize"):
        return ("kustomize", "build")
    sys.exit("manifests-check: needs kubectl or kustomize on PATH")


def fits(overlay: Path, command: tuple[str, ...], folder: Path) -> bool:
    """Whether one overlay renders and is valid, strictly (no unknown fields)."""
    rendered = subprocess.run([*command, str(overlay)], capture_output=True, text=True, check=False)  # noqa: S603
    if rendered.returncode:
        sys.stderr.write(f"{overlay.name}: does not render\n{rendered.stderr}")
        return False
    file = folder / f"{overlay.name}.yaml"
    file.write_text(rendered.stdout, encoding="utf-8")
    return subprocess.run([*VALIDATOR, "--strict", str(file)], check=False).returncode == 0  # noqa: S603


def main() -> None:
    """Checks all overlays and says how many fit."""
    overlays = sorted(p for p in (MANIFESTS / "overlays").iterdir() if p.is_dir())
    command = renderer()
    with tempfile.TemporaryDirectory() as folder:
        good = [overlay.name for overlay in overlays if fits(overlay, command, Path(folder))]
    sys.stdout.write(f"manifests-check: {len(good)} of {len(overlays)} overlays render and fit\n")
    sys.exit(len(good) < len(overlays))


if __name__ == "__main__":
    main()
